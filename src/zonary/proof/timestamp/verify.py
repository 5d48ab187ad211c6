"""Whether to believe a timestamp token: RFC 3161 §2.2 and §2.4.2, RFC 5816, RFC 5280.

Importing this module is cheap; certificates are read with :mod:`cryptography.x509`, which is loaded by the
first call.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from zonary.proof.digests import Digests
from zonary.proof.errors import MalformedError, UnsupportedError, VerificationError
from zonary.proof.timestamp.algorithms import ImprintAlgorithm, digest_of
from zonary.proof.timestamp.token import MAX_CERTIFICATES, TimestampToken

if TYPE_CHECKING:
    from cryptography import x509

    from zonary.proof.timestamp.certificates import Certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedTimestamp:
    """What a believed token establishes: the digest existed at ``gen_time``, give or take ``accuracy``.

    :ivar gen_time: aware, UTC.
    :ivar accuracy: ``None`` when the authority does not state one.
    :ivar policy: dotted object identifier.
    :ivar authority: subject of the signing certificate, RFC 4514 text.
    :ivar development: the authority calls itself one that nobody should rely on.
    :ivar chain: DER certificates from the authority's own up to the trusted root.
    """

    algorithm: ImprintAlgorithm
    imprint: bytes
    gen_time: datetime
    accuracy: timedelta | None
    policy: str
    serial: int
    authority: str
    development: bool
    chain: tuple[bytes, ...] = field(repr=False)


def verify_token(
    token: TimestampToken,
    *,
    roots: Iterable[bytes | x509.Certificate],
    digest: bytes | Digests | None = None,
    data: bytes | None = None,
    certificates: Iterable[bytes | x509.Certificate] = (),
    at: datetime | None = None,
    policy: str | None = None,
    nonce: int | None = None,
    signer_name: str | None = None,
) -> VerifiedTimestamp:
    """Check everything about ``token``: what was stamped, who signed it, and whether they may.

    :param roots: trusted certificates, the only thing believed without proof.
    :param digest: the imprint expected, made with ``token.algorithm``, or both digests to choose from; or
    :param data: the stamped bytes themselves.
    :param certificates: further certificates, trusted for nothing, for tokens that do not carry their own.
    :param at: aware time at which the chain must be valid, by default the token's own ``gen_time``, at
        which the authority's certificate must be valid in any case.
    :param policy: dotted object identifier the token must bear.
    :param nonce: number the token must repeat.
    :param signer_name: RFC 4514 subject the signing certificate must have, e.g. ``"CN=TSA,O=Example"``.
    :raises UntrustedError: when all of it holds, but no root has issued the authority's certificate.
    :raises VerificationError: when something does not hold.
    :raises UnsupportedError: for algorithms unknown to this version, or SM2 where this machine has none.
    :raises MalformedError: when a certificate or attribute cannot be read.
    """
    from zonary.proof.timestamp.certificates import Certificate
    from zonary.proof.timestamp.chain import find_chain

    _check_imprint(token, digest, data)
    _check_terms(token, policy, nonce)
    trusted = [Certificate.load(each) for each in roots]
    carried = _readable(token.certificates)
    others = [*carried, *map(Certificate.load, certificates)]
    # A token that carries certificates carries its signer's: other verifiers look nowhere else, and a damaged one is
    # not to be mended from elsewhere in silence.
    signer = _check_signer(token, carried if token.certificates else [*others, *trusted], signer_name)
    at = at or token.gen_time
    signer.check_time(token.gen_time)
    signer.check_time(at)
    chain = find_chain(signer, others=others, roots=trusted, at=at)
    return _verdict(token, chain)


def _check_signer(token: TimestampToken, certificates: Sequence[Certificate], signer_name: str | None) -> Certificate:
    """The certificate that signed ``token``, its signature and its own right to sign checked."""
    from zonary.proof.timestamp.cms import check_signature, signature_algorithm
    from zonary.proof.timestamp.signer import check_name, find_signer

    signature_algorithm(token.signer)
    signer = find_signer(token.signer, certificates)
    check_signature(token.signer, token.content, signer.public_key(), content_type=token.content_type)
    signer.check_extensions()
    signer.check_timestamping()
    check_name(signer, token.tsa, signer_name)
    return signer


def _verdict(token: TimestampToken, chain: Sequence[Certificate]) -> VerifiedTimestamp:
    return VerifiedTimestamp(
        algorithm=token.algorithm,
        imprint=token.imprint,
        gen_time=token.gen_time,
        accuracy=token.accuracy,
        policy=token.policy,
        serial=token.serial,
        authority=chain[0].name,
        development=any(each.is_development for each in chain),
        chain=tuple(each.der for each in chain),
    )


def _check_imprint(token: TimestampToken, digest: bytes | Digests | None, data: bytes | None) -> None:
    if (digest is None) == (data is None):
        raise TypeError("give either digest or data")
    if data is not None:
        digest = digest_of(token.algorithm, data)
    elif isinstance(digest, Digests):
        if token.algorithm not in ("sha256", "sm3"):
            raise VerificationError(
                "The timestamp is over a {algorithm} digest, which is not among the digests known of the data.",
                algorithm=token.algorithm,
            )
        digest = digest.sha256 if token.algorithm == "sha256" else digest.sm3
    if digest is None or not hmac.compare_digest(token.imprint, digest):
        raise VerificationError("The timestamp is for other data: its imprint is not the expected digest.")


def _check_terms(token: TimestampToken, policy: str | None, nonce: int | None) -> None:
    if policy is not None and token.policy != policy:
        raise VerificationError(
            "The timestamp was issued under policy {found}, not {expected}.",
            found=token.policy,
            expected=policy,
        )
    if nonce is not None and token.nonce != nonce:
        raise VerificationError("The timestamp does not repeat the nonce of the request.")
    if token.critical_extensions:
        raise UnsupportedError(
            "The timestamp has the critical extension {oid}, which this version does not understand.",
            oid=token.critical_extensions[0],
        )


def _readable(certificates: Iterable[bytes]) -> list[Certificate]:
    """What can be read of the certificates in a token; nobody vouches for the rest, and nothing needs it."""
    from zonary.proof.timestamp.certificates import Certificate

    found = []
    for der in certificates:
        try:
            found.append(Certificate.load(der))
        except MalformedError:
            continue
    return found[:MAX_CERTIFICATES]
