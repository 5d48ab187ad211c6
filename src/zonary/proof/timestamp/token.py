"""Time-stamp responses and tokens, read but not believed: RFC 3161 §2.4.2, RFC 5652, RFC 5035.

:func:`zonary.proof.timestamp.verify.verify_token` decides whether a token is to be believed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography.hazmat import asn1

from zonary.proof.errors import MalformedError, UnsupportedError, VerificationError
from zonary.proof.timestamp import structures
from zonary.proof.timestamp.algorithms import GM_DATA, GM_SIGNED_DATA, SIGNED_DATA, TST_INFO, ImprintAlgorithm
from zonary.proof.timestamp.der import GENERALIZED_TIME, decode, raw
from zonary.proof.timestamp.request import MAX_NONCE_BYTES, integer_size, read_imprint

MAX_TOKEN_BYTES: Final = 65536
"""A token with a long chain of RSA-4096 certificates has about 10 KiB."""
MAX_CERTIFICATES: Final = 32
"""In one token."""
MAX_ATTRIBUTES: Final = 64
MAX_SERIAL_BYTES: Final = 64
"""RFC 3161 obliges a client to take 20."""
MAX_ACCURACY_SECONDS: Final = 366 * 24 * 3600
_MAX_WORDS: Final = 200

_TIME = re.compile(rb"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,12}))?Z")
_OBJECT_IDENTIFIER_TAG = 0x06

_CONTENT_TYPES = {SIGNED_DATA: (TST_INFO,), GM_SIGNED_DATA: (TST_INFO, GM_DATA)}
"""Kinds of signed data, and what timestamp information may be called inside. GM/T 0033 says that the structures are
those of RFC 3161; GM/T 0010 knows its own plain data only, and signers that take it by the letter write that."""

_STATUSES = {
    2: "rejection",
    3: "waiting",
    4: "revocation warning",
    5: "revocation notification",
}
_FAILURES = {
    0: "badAlg",
    2: "badRequest",
    5: "badDataFormat",
    14: "timeNotAvailable",
    15: "unacceptedPolicy",
    16: "unacceptedExtension",
    17: "addInfoNotAvailable",
    25: "systemFailure",
}


class RefusedError(VerificationError):
    """The authority answered, but with a refusal instead of a token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimestampToken:
    """A TimeStampToken: what it says, not whether it is true.

    :ivar der: the ContentInfo, without the response around it.
    :ivar algorithm: digest algorithm of the imprint.
    :ivar imprint: digest of the stamped data.
    :ivar gen_time: when the authority says it signed, aware and in UTC, cut to microseconds.
    :ivar accuracy: how far off ``gen_time`` may be, or ``None`` when not stated.
    :ivar policy: dotted object identifier.
    :ivar serial: unique per authority; some authorities issue negative ones.
    :ivar ordering: whether the authority promises that tokens are ordered by ``gen_time`` alone.
    :ivar tsa: DER GeneralName the authority gives itself, or ``None``; a hint, not an identity.
    :ivar critical_extensions: dotted object identifiers of critical TSTInfo extensions.
    :ivar certificates: DER certificates carried along; neither ordered nor trusted.
    :ivar content: DER TSTInfo, the bytes the signature covers through ``messageDigest``.
    :ivar content_type: what the signed data calls ``content``.
    :ivar signer: the one SignerInfo.
    """

    der: bytes = field(repr=False)
    algorithm: ImprintAlgorithm
    imprint: bytes
    gen_time: datetime
    accuracy: timedelta | None
    policy: str
    serial: int
    nonce: int | None
    ordering: bool
    tsa: bytes | None = field(repr=False)
    critical_extensions: tuple[str, ...]
    certificates: tuple[bytes, ...] = field(repr=False)
    content: bytes = field(repr=False)
    content_type: str = TST_INFO
    signer: structures.SignerInfo = field(repr=False, compare=False)

    @classmethod
    def parse(cls, data: bytes) -> TimestampToken:
        """Read a token (ContentInfo) or a whole TimeStampResp.

        :raises RefusedError: when a response carries a refusal, with the authority's own words.
        :raises UnsupportedError: for other versions or imprint algorithms.
        :raises MalformedError: for everything else that is not DER, or over a ``MAX_*`` limit.
        """
        if len(data) > MAX_TOKEN_BYTES:
            raise MalformedError(
                "A timestamp token may have at most {limit} bytes; this one has {size}.",
                limit=MAX_TOKEN_BYTES,
                size=len(data),
            )
        info = _content_info(data)
        content_type = info.content_type.dotted_string
        if content_type not in _CONTENT_TYPES:
            raise MalformedError(
                "A timestamp token must be CMS signed data; this is content of type {oid}.", oid=content_type
            )
        signed = decode(structures.SignedData, raw(info.content))
        return _read(asn1.encode_der(info), signed, _CONTENT_TYPES[content_type])


def _content_info(data: bytes) -> structures.ContentInfo:
    """The token in ``data``, which starts with an OBJECT IDENTIFIER unless a response is wrapped around it."""
    outer = decode(asn1.TLV, data, "TimeStampResp")
    if outer.data[:1] == bytes((_OBJECT_IDENTIFIER_TAG,)):
        return decode(structures.ContentInfo, data)
    response = decode(structures.TimeStampResp, data)
    if response.status.status not in (0, 1):
        raise _refusal(response.status)
    if response.token is None:
        raise MalformedError("The timestamp response says that it was granted, but holds no token.")
    return response.token


def _refusal(info: structures.PKIStatusInfo) -> RefusedError:
    status = _STATUSES.get(info.status, "unknown status")
    bits = b"" if info.failure is None else info.failure.as_bytes()[:4]
    failures = [name for bit, name in _FAILURES.items() if bits[bit // 8 : bit // 8 + 1] and _is_set(bits, bit)]
    if failures:
        status += ", " + ", ".join(failures)
    words = " ".join("".join(c if c.isprintable() else " " for c in " ".join(info.text or ())).split())
    if not words:
        return RefusedError("The timestamp authority refused ({status}).", status=status)
    return RefusedError("The timestamp authority refused ({status}): {words}", status=status, words=words[:_MAX_WORDS])


def _is_set(bits: bytes, position: int) -> bool:
    return bool(bits[position // 8] & (0x80 >> position % 8))


def _read(der: bytes, signed: structures.SignedData, content_types: tuple[str, ...]) -> TimestampToken:
    content, signer, certificates = _read_signed_data(signed, content_types)
    info = decode(structures.TSTInfo, content)
    if info.version != 1:
        raise UnsupportedError("Only timestamp tokens of version 1 are understood.")
    if integer_size(info.serial) > MAX_SERIAL_BYTES:
        raise MalformedError("The token's serial number is longer than {limit} bytes.", limit=MAX_SERIAL_BYTES)
    if info.nonce is not None and integer_size(info.nonce) > MAX_NONCE_BYTES:
        raise MalformedError("The nonce is longer than {limit} bytes.", limit=MAX_NONCE_BYTES)
    if info.tsa is not None and len(info.tsa) != 1:
        raise MalformedError("The token names its authority with {count} names instead of one.", count=len(info.tsa))
    algorithm, imprint = read_imprint(info.imprint)
    return TimestampToken(
        der=der,
        algorithm=algorithm,
        imprint=imprint,
        gen_time=_read_time(info.gen_time),
        accuracy=None if info.accuracy is None else _read_accuracy(info.accuracy),
        policy=info.policy.dotted_string,
        serial=info.serial,
        nonce=info.nonce,
        ordering=bool(info.ordering),
        tsa=None if info.tsa is None else raw(info.tsa[0]),
        critical_extensions=tuple(each.oid.dotted_string for each in info.extensions or () if each.critical),
        certificates=certificates,
        content=content,
        content_type=signed.content.content_type.dotted_string,
        signer=signer,
    )


def _read_signed_data(
    signed: structures.SignedData, content_types: tuple[str, ...]
) -> tuple[bytes, structures.SignerInfo, tuple[bytes, ...]]:
    if not 1 <= signed.version <= 5:
        raise UnsupportedError("The token's CMS signed data has a version that is not understood.")
    if signed.content.content_type.dotted_string not in content_types or signed.content.content is None:
        raise MalformedError("The signed data does not contain timestamp information (TSTInfo).")
    signers = signed.signers.as_list()
    if len(signers) != 1:
        raise MalformedError("A timestamp token has one signature; this one has {count}.", count=len(signers))
    if len(signers[0].signed_attributes or ()) > MAX_ATTRIBUTES:
        raise MalformedError("The token has more than {limit} signed attributes.", limit=MAX_ATTRIBUTES)
    certificates = signed.certificates or []
    if len(certificates) > MAX_CERTIFICATES:
        raise MalformedError("The token carries more than {limit} certificates.", limit=MAX_CERTIFICATES)
    # Other CertificateChoices (attribute certificates and the like) are tagged, and of no use here.
    plain = tuple(raw(each) for each in certificates if each.tag_bytes == b"0")
    return signed.content.content, signers[0], plain


def _read_time(element: asn1.TLV) -> datetime:
    """GeneralizedTime as RFC 3161 §2.4.2 narrows it; digits beyond the microsecond are cut off."""
    match = _TIME.fullmatch(bytes(element.data))
    if element.tag_bytes != bytes((GENERALIZED_TIME,)) or match is None:
        raise MalformedError("The token's time is not a UTC time of the form YYYYMMDDhhmmss.sssZ.")
    *parts, fraction = match.groups()
    year, month, day, hour, minute, second = map(int, parts)
    micros = int((fraction or b"0").ljust(6, b"0")[:6])
    try:
        return datetime(year, month, day, hour, minute, second, micros, tzinfo=UTC)
    except ValueError as error:
        raise MalformedError("The token's time is not a date that exists.") from error


def _read_accuracy(accuracy: structures.Accuracy) -> timedelta:
    seconds, millis, micros = accuracy.seconds or 0, accuracy.millis or 0, accuracy.micros or 0
    if not (0 <= seconds <= MAX_ACCURACY_SECONDS and 0 <= millis <= 999 and 0 <= micros <= 999):
        raise MalformedError("The token's accuracy is out of range.")
    return timedelta(seconds=seconds, milliseconds=millis, microseconds=micros)
