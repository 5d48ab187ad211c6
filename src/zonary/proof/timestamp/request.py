"""Time-stamp requests: RFC 3161 §2.4.1."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cryptography.hazmat import asn1

from zonary.proof.errors import MalformedError, UnsupportedError, VerificationError
from zonary.proof.timestamp import structures
from zonary.proof.timestamp.algorithms import (
    DIGEST_NAMES,
    DIGEST_SIZES,
    WEAK_DIGEST_OIDS,
    ImprintAlgorithm,
    digest_identifier,
    oid,
)
from zonary.proof.timestamp.der import OCTET_STRING, SEQUENCE, TRUE, decode, tlv

if TYPE_CHECKING:
    from zonary.proof.timestamp.token import TimestampToken

MAX_REQUEST_BYTES: Final = 4096
"""A request is about a hundred bytes; whatever is over this limit is not one."""
MAX_NONCE_BYTES: Final = 64
"""RFC 3161 suggests 8; some clients draw 16 or 20."""
NONCE_BYTES: Final = 8

_VERSION_1 = b"\x02\x01\x01"


class ImprintAlgorithmError(UnsupportedError):
    """The message imprint uses a digest algorithm that is unknown here, or known to be weak."""


def read_imprint(imprint: structures.MessageImprint) -> tuple[ImprintAlgorithm, bytes]:
    """The digest algorithm and the digest of a message imprint.

    :raises ImprintAlgorithmError: for an algorithm other than SHA-256, SHA-384, SHA-512 and SM3.
    :raises MalformedError: when the digest's length is not the algorithm's.
    """
    dotted = imprint.algorithm.oid.dotted_string
    name = DIGEST_NAMES.get(dotted)
    if name is None:
        if dotted in WEAK_DIGEST_OIDS:
            raise ImprintAlgorithmError(
                "The imprint uses a digest algorithm ({oid}) for which collisions are known;"
                " use SHA-256, SHA-512 or SM3.",
                oid=dotted,
            )
        raise ImprintAlgorithmError(
            "The imprint uses the digest algorithm {oid}, which this version does not know.", oid=dotted
        )
    check_digest_size(name, imprint.digest)
    return name, imprint.digest


def check_digest_size(algorithm: ImprintAlgorithm, digest: bytes) -> None:
    """:raises MalformedError: unless ``digest`` has the length of the algorithm's digests."""
    if len(digest) != DIGEST_SIZES.get(algorithm):
        raise MalformedError(
            "{size} bytes are not a digest of the algorithm {algorithm}.", size=len(digest), algorithm=algorithm
        )


def integer_size(value: int) -> int:
    """Bytes of the contents of a DER INTEGER."""
    return (value if value >= 0 else ~value).bit_length() // 8 + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TimestampRequest:
    """What a client asks an authority to sign.

    :ivar algorithm: digest algorithm of the imprint, by its :mod:`hashlib` name.
    :ivar digest: the imprint itself, 32, 48 or 64 bytes.
    :ivar nonce: must come back in the token; ``None`` when the client did not send one.
    :ivar policy: dotted object identifier of the policy asked for, or ``None`` for the authority's own.
    :ivar cert_request: whether the token is to carry the authority's certificate.
    :ivar extensions: object identifiers of request extensions, none of which is defined here.
    :ivar imprint: DER of the MessageImprint as it stands in the request, which the token must repeat.
    """

    algorithm: ImprintAlgorithm
    digest: bytes
    nonce: int | None
    policy: str | None
    cert_request: bool
    extensions: tuple[str, ...] = ()
    imprint: bytes = field(repr=False, compare=False)

    @classmethod
    def new(
        cls,
        algorithm: ImprintAlgorithm,
        digest: bytes,
        *,
        policy: str | None = None,
        cert_request: bool = True,
        nonce: int | None = None,
    ) -> TimestampRequest:
        """A request for ``digest``, with a random 64-bit nonce unless one is given.

        :raises MalformedError: when the digest's length is not the algorithm's, or ``policy`` is not an
            object identifier in dotted notation.
        """
        check_digest_size(algorithm, digest)
        if policy is not None:
            oid(policy)
        if nonce is None:
            nonce = int.from_bytes(os.urandom(NONCE_BYTES), "big")
        return cls(
            algorithm=algorithm,
            digest=digest,
            nonce=nonce,
            policy=policy,
            cert_request=cert_request,
            imprint=tlv(SEQUENCE, digest_identifier(algorithm), tlv(OCTET_STRING, digest)),
        )

    @classmethod
    def parse(cls, data: bytes) -> TimestampRequest:
        """Read a DER TimeStampReq.

        :raises ImprintAlgorithmError: for an unknown or weak digest algorithm.
        :raises UnsupportedError: for another version than 1.
        :raises MalformedError: for everything else that is not a request within the limits.
        """
        if len(data) > MAX_REQUEST_BYTES:
            raise MalformedError(
                "A timestamp request may have at most {limit} bytes; this one has {size}.",
                limit=MAX_REQUEST_BYTES,
                size=len(data),
            )
        request = decode(structures.TimeStampReq, data)
        if request.version != 1:
            raise UnsupportedError("Only timestamp requests of version 1 are understood.")
        nonce = request.nonce
        if nonce is not None and integer_size(nonce) > MAX_NONCE_BYTES:
            raise MalformedError("The nonce is longer than {limit} bytes.", limit=MAX_NONCE_BYTES)
        algorithm, digest = read_imprint(request.imprint)
        return cls(
            algorithm=algorithm,
            digest=digest,
            nonce=nonce,
            policy=None if request.policy is None else request.policy.dotted_string,
            cert_request=bool(request.cert_req),
            extensions=tuple(each.oid.dotted_string for each in request.extensions or ()),
            imprint=asn1.encode_der(request.imprint),
        )

    def encode(self) -> bytes:
        """The DER TimeStampReq. Extensions are not written: this class has no use for them."""
        return tlv(
            SEQUENCE,
            _VERSION_1,
            self.imprint,
            b"" if self.policy is None else oid(self.policy),
            b"" if self.nonce is None else asn1.encode_der(self.nonce),
            TRUE if self.cert_request else b"",
        )

    def check_answer(self, token: TimestampToken) -> None:
        """Check that ``token`` answers this request: same imprint, same nonce, the policy asked for.

        Says nothing about who signed it: that is :func:`~zonary.proof.timestamp.verify.verify_token`.

        :raises VerificationError: naming what differs.
        """
        if (token.algorithm, token.imprint) != (self.algorithm, self.digest):
            raise VerificationError("The authority answered with a timestamp for another digest.")
        if self.nonce is not None and token.nonce != self.nonce:
            raise VerificationError("The authority's answer does not repeat the nonce of the request.")
        if self.policy is not None and token.policy != self.policy:
            raise VerificationError(
                "The authority used policy {found} instead of the one asked for, {expected}.",
                found=token.policy,
                expected=self.policy,
            )
        if self.cert_request and not token.certificates:
            raise VerificationError("The authority left out its certificate, which the request asked for.")
