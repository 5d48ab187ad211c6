"""A timestamp authority: answers RFC 3161 requests with RFC 5816 tokens.

The response is laid down by concatenation around parts encoded once per authority, so that a token costs
one request decoded, two digests and one signature.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import floor
from typing import TYPE_CHECKING, Final

from cryptography.hazmat import asn1

from zonary.proof.errors import Error, MalformedError, UnsupportedError, VerificationError
from zonary.proof.timestamp.algorithms import (
    CONTENT_TYPE,
    MESSAGE_DIGEST,
    SIGNING_CERTIFICATE_V2,
    TST_INFO,
    ImprintAlgorithm,
    digest_identifier,
    digest_of,
    oid,
)
from zonary.proof.timestamp.certificates import Certificate
from zonary.proof.timestamp.der import (
    BIT_STRING,
    CONTEXT_0,
    GENERALIZED_TIME,
    OCTET_STRING,
    SEQUENCE,
    SET,
    UTF8_STRING,
    tlv,
)
from zonary.proof.timestamp.request import ImprintAlgorithmError, TimestampRequest
from zonary.proof.timestamp.signing import PrivateKey, SigningMethod, signing_method
from zonary.proof.timestamp.token import MAX_ACCURACY_SECONDS, TimestampToken

if TYPE_CHECKING:
    from cryptography import x509

DEFAULT_POLICY: Final = "2.25.331168306444772026366920196861595964599"
"""No promises about clock, keys or operator: the policy of an authority that was given none (UUID arc)."""
DEFAULT_ACCURACY: Final = timedelta(seconds=1)
SERIAL_BYTES: Final = 16

_BAD_ALGORITHM = 0
_BAD_REQUEST = 2
_BAD_DATA_FORMAT = 5
_TIME_NOT_AVAILABLE = 14
_UNACCEPTED_POLICY = 15
_UNACCEPTED_EXTENSION = 16

_GRANTED = tlv(SEQUENCE, b"\x02\x01\x00")
_REJECTION = b"\x02\x01\x02"
_VERSION_1 = b"\x02\x01\x01"
_VERSION_3 = b"\x02\x01\x03"
# A leading one keeps the number positive and its length constant, and leaves all 128 bits random.
_SERIAL_HEAD = bytes((0x02, SERIAL_BYTES + 1, 0x01))


class _Refusal(Exception):
    def __init__(self, failure: int, words: str) -> None:
        super().__init__(words)
        self.failure = failure


class Authority:
    """Issues tokens with one key. Keeps no state, so it may be shared between threads.

    :param key: RSA, EC (P-256, P-384, P-521), Ed25519 or SM2 private key.
    :param certificate: its certificate, DER or read by :mod:`cryptography`; critical, timestamping only.
    :param chain: certificates above it, sent along when a request asks for certificates; a self-signed
        root is left out, because a client must have that already.
    :param policy: dotted object identifier put into every token; requests for another one are refused.
    :param accuracy: how far the caller's clock may be off, whole milliseconds.
    :raises VerificationError: when the certificate is not one for timestamping.
    :raises MalformedError: when key and certificate do not belong together, or a parameter is out of range.
    """

    def __init__(
        self,
        key: PrivateKey,
        certificate: bytes | x509.Certificate,
        chain: Sequence[bytes | x509.Certificate] = (),
        *,
        policy: str = DEFAULT_POLICY,
        accuracy: timedelta = DEFAULT_ACCURACY,
    ) -> None:
        signer = Certificate.load(certificate)
        signer.check_timestamping()
        above = [each for each in map(Certificate.load, chain) if not each.is_self_issued and each != signer]
        if signer.public_key() != key.public_key():
            raise MalformedError("The authority's key is not the one in its certificate.")
        self._policy_der = oid(policy)
        self.policy: Final = policy
        self.certificate: Final = signer.der
        self._begin, self._end = signer.parsed.not_valid_before_utc, signer.parsed.not_valid_after_utc
        self._accuracy = _accuracy(accuracy)
        self._method = signing_method(key)
        self._certificates = tlv(CONTEXT_0, *sorted(each.der for each in (signer, *above)))
        self._signed_data = oid(self._method.content_type)
        self._signed_data_head = _VERSION_3 + tlv(SET, self._method.digest_identifier)
        self._content_head = oid(TST_INFO)
        self._signer_head = b"".join(
            (
                _VERSION_1,
                tlv(SEQUENCE, signer.issuer, asn1.encode_der(signer.serial)),
                self._method.digest_identifier,
            )
        )
        self._before_digest, self._after_digest = _around_digest(signer.der, self._method)

    def respond(self, request: bytes, now: datetime) -> bytes:
        """Answer a DER TimeStampReq with a DER TimeStampResp; a refusal is an answer too.

        :param now: aware; the only clock there is.
        """
        try:
            accepted = self._accept(request, now)
        except _Refusal as refusal:
            return _rejection(refusal.failure, str(refusal))
        return tlv(SEQUENCE, _GRANTED, self._token(accepted, now))

    def issue(self, algorithm: ImprintAlgorithm, digest: bytes, now: datetime) -> TimestampToken:
        """A token over ``digest`` for the authority's own operator, certificates included.

        :raises MalformedError: when the digest's length is not the algorithm's.
        :raises VerificationError: when the authority's certificate is not valid at ``now``.
        """
        request = TimestampRequest.new(algorithm, digest)
        if not self._is_valid(now):
            raise VerificationError("The timestamp authority's own certificate is not valid at this time.")
        return TimestampToken.parse(self._token(request, now))

    def _accept(self, data: bytes, now: datetime) -> TimestampRequest:
        try:
            request = TimestampRequest.parse(data)
        except ImprintAlgorithmError as error:
            raise _Refusal(_BAD_ALGORITHM, str(error)) from error
        except UnsupportedError as error:
            raise _Refusal(_BAD_REQUEST, str(error)) from error
        except Error as error:
            raise _Refusal(_BAD_DATA_FORMAT, str(error)) from error
        if request.policy is not None and request.policy != self.policy:
            raise _Refusal(_UNACCEPTED_POLICY, f"This authority issues under policy {self.policy} only.")
        if request.extensions:
            raise _Refusal(_UNACCEPTED_EXTENSION, "This authority knows no request extensions.")
        if not self._is_valid(now):
            raise _Refusal(_TIME_NOT_AVAILABLE, "The certificate of this authority is not valid at this time.")
        return request

    def _is_valid(self, now: datetime) -> bool:
        return self._begin <= now <= self._end

    def _token(self, request: TimestampRequest, now: datetime) -> bytes:
        content = tlv(
            SEQUENCE,
            _VERSION_1,
            self._policy_der,
            request.imprint,
            _SERIAL_HEAD,
            os.urandom(SERIAL_BYTES),
            _time(now),
            self._accuracy,
            b"" if request.nonce is None else asn1.encode_der(request.nonce),
        )
        attributes = b"".join((self._before_digest, self._method.digest(content), self._after_digest))
        signature = self._method.sign(tlv(SET, attributes))
        signer = tlv(
            SEQUENCE,
            self._signer_head,
            tlv(CONTEXT_0, attributes),
            self._method.signature_identifier,
            tlv(OCTET_STRING, signature),
        )
        signed = tlv(
            SEQUENCE,
            self._signed_data_head,
            tlv(SEQUENCE, self._content_head, tlv(CONTEXT_0, tlv(OCTET_STRING, content))),
            self._certificates if request.cert_request else b"",
            tlv(SET, signer),
        )
        return tlv(SEQUENCE, self._signed_data, tlv(CONTEXT_0, signed))


def time_not_available(words: str) -> bytes:
    """The answer, a DER TimeStampResp, of an authority that does not know what time it is (RFC 3161 §2.4.2).

    :param words: why, for whoever asked.
    """
    return _rejection(_TIME_NOT_AVAILABLE, words)


def _around_digest(der: bytes, method: SigningMethod) -> tuple[bytes, bytes]:
    """What stands before and after the message digest in the signed attributes.

    DER sorts the members of a set (X.690 §11.6). Their kinds differ before their values do, so that every digest
    stands at the same place.
    """
    size = len(method.digest(b""))
    digest = tlv(SEQUENCE, oid(MESSAGE_DIGEST), tlv(SET, tlv(OCTET_STRING, bytes(size))))
    content_type = tlv(SEQUENCE, oid(CONTENT_TYPE), tlv(SET, oid(TST_INFO)))
    attributes = sorted((content_type, digest, _signing_certificate(der, method.reference_digest)))
    before = b"".join(attributes[: attributes.index(digest) + 1])[:-size]
    return before, b"".join(attributes[attributes.index(digest) + 1 :])


def _signing_certificate(der: bytes, algorithm: ImprintAlgorithm) -> bytes:
    """ESSCertIDv2; SHA-256 is its default and not written. Issuer and serial stand in SignerInfo already."""
    named = b"" if algorithm == "sha256" else digest_identifier(algorithm)
    reference = tlv(SEQUENCE, named, tlv(OCTET_STRING, digest_of(algorithm, der)))
    value = tlv(SEQUENCE, tlv(SEQUENCE, reference))
    return tlv(SEQUENCE, oid(SIGNING_CERTIFICATE_V2), tlv(SET, value))


def _accuracy(accuracy: timedelta) -> bytes:
    seconds, millis = accuracy.days * 86400 + accuracy.seconds, accuracy.microseconds // 1000
    if not 0 <= seconds <= MAX_ACCURACY_SECONDS or accuracy <= timedelta(0) or accuracy.microseconds % 1000:
        raise MalformedError("The accuracy must be positive, at most a year, and in whole milliseconds.")
    parts = [asn1.encode_der(seconds)] if seconds else []
    if millis:
        parts.append(tlv(0x80, asn1.encode_der(millis)[2:]))
    return tlv(SEQUENCE, *parts)


def _time(now: datetime) -> bytes:
    """GeneralizedTime in UTC, cut to milliseconds, without the trailing zeros DER forbids."""
    millis = now.microsecond // 1000
    fraction = f".{millis:03}".rstrip("0") if millis else ""
    return tlv(GENERALIZED_TIME, _seconds(floor(now.timestamp())), fraction.encode("ascii"), b"Z")


@lru_cache(maxsize=4)
def _seconds(posix: int) -> bytes:
    """Thousands of tokens share one second."""
    return datetime.fromtimestamp(posix, UTC).strftime("%Y%m%d%H%M%S").encode("ascii")


def _rejection(failure: int, words: str) -> bytes:
    """A TimeStampResp with PKIStatus "rejection"."""
    size = failure // 8 + 1
    bits = bytearray(size)
    bits[-1] = 0x80 >> failure % 8
    info = tlv(
        SEQUENCE,
        _REJECTION,
        tlv(SEQUENCE, tlv(UTF8_STRING, words.encode())),
        tlv(BIT_STRING, bytes((7 - failure % 8,)), bytes(bits)),
    )
    return tlv(SEQUENCE, info)
