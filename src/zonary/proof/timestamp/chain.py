"""From an authority's certificate to a trusted root: the part of RFC 5280 §6 that timestamps need.

``cryptography.x509.verification`` was tried first. With a custom extension policy it accepts the chains of
ordinary RSA and ECDSA authorities, and the tests use it as a second opinion on every chain accepted here.
It is not used because its profile is the web's: it refuses Ed25519 keys outright, cannot be taught SM2,
cannot tell "no root issued this" from "the issuer has expired", and words its reasons as free text that
names no certificate and cannot be translated.

Revocation is not looked at: that needs data from the time after the timestamp, which an offline check does
not have. Certificate policies are not evaluated, any is acceptable. Name constraints are not evaluated
either, so a certificate that has them is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.oid import ExtendedKeyUsageOID

from zonary.proof.errors import Error, MalformedError, UntrustedError, VerificationError
from zonary.proof.sm2 import SM2PublicKey, is_sm2_spki
from zonary.proof.timestamp import structures
from zonary.proof.timestamp.algorithms import SIGNATURE_HASHES, SM2_WITH_SM3, oid
from zonary.proof.timestamp.certificates import Certificate
from zonary.proof.timestamp.der import ASN1_NULL, decode, raw

MAX_CHAIN_DEPTH: Final = 8
"""Certificates in a chain, authority and root included."""
MAX_SIGNATURE_CHECKS: Final = 64
"""In one search, so that many certificates of the same name cannot make it long."""

_STRONG_HASHES = tuple(type(each) for each in SIGNATURE_HASHES.values())
_SM2_WITH_SM3 = oid(SM2_WITH_SM3)


def find_chain(
    signer: Certificate, *, others: Iterable[Certificate], roots: Sequence[Certificate], at: datetime
) -> tuple[Certificate, ...]:
    """The certificates from ``signer`` up to one of ``roots``, every one of them valid at ``at``.

    ``signer`` itself must have been checked before. It may be one of the roots.

    :param others: certificates that may stand in between; trusted for nothing.
    :raises UntrustedError: when nothing is wrong with the chain, but it does not lead to a root.
    :raises VerificationError: when the certificate that did issue another one had no right to do so, or
        was not valid at ``at``.
    """
    if signer in roots:
        return (signer,)
    candidates = [*roots, *(each for each in dict.fromkeys(others) if each not in roots)]
    search = _Search(candidates=candidates, roots=frozenset(roots), at=at)
    chain = search.extend((signer,))
    if chain is not None:
        return chain
    if search.reasons:
        raise search.reasons[0]
    raise UntrustedError(
        "The timestamp is consistent, but no trusted root has issued the certificate of {name}.",
        name=signer.name,
    )


@dataclass(slots=True)
class _Search:
    """A depth-first search; ``reasons`` says why genuine issuers were passed over, roots' reasons first."""

    candidates: list[Certificate]
    roots: frozenset[Certificate]
    at: datetime
    reasons: list[Error] = field(default_factory=list)
    checks: int = 0

    def extend(self, path: tuple[Certificate, ...]) -> tuple[Certificate, ...] | None:
        if len(path) >= MAX_CHAIN_DEPTH:
            self.reasons.append(
                VerificationError("The certificate chain is longer than {limit}.", limit=MAX_CHAIN_DEPTH)
            )
            return None
        for issuer in self._issuers(path):
            try:
                _check_issuer(issuer, path, self.at)
            except Error as error:
                self.reasons.append(error)
                continue
            if issuer in self.roots:
                return (*path, issuer)
            found = self.extend((*path, issuer))
            if found is not None:
                return found
        return None

    def _issuers(self, path: tuple[Certificate, ...]) -> Iterator[Certificate]:
        """Candidates that verifiably signed the last certificate of ``path``, roots first."""
        child = path[-1]
        for candidate in self.candidates:
            if candidate.subject != child.issuer or candidate in path:
                continue
            self.checks += 1
            if self.checks > MAX_SIGNATURE_CHECKS:
                raise VerificationError("Too many certificates bear the same name to find the right chain.")
            if _has_signed(candidate, child):
                yield candidate


def _has_signed(issuer: Certificate, child: Certificate) -> bool:
    if child.signature_oid == SM2_WITH_SM3:
        return _has_signed_with_sm2(issuer, child)
    try:
        child.parsed.verify_directly_issued_by(issuer.parsed)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def _has_signed_with_sm2(issuer: Certificate, child: Certificate) -> bool:
    """The same for SM2, with the identifier of GM/T 0009.

    :raises UnsupportedError: when this machine has no SM2.
    """
    if not is_sm2_spki(issuer.spki):
        return False
    outer = decode(structures.SignedCertificate, child.der)
    inner = decode(structures.TBSCertificate, raw(outer.tbs))
    algorithm = b"".join(map(raw, outer.algorithm))
    # RFC 5280 §4.1.1.2: both places name the same algorithm; it has no parameters, which some write as NULL.
    if algorithm not in (_SM2_WITH_SM3, _SM2_WITH_SM3 + ASN1_NULL) or bytes(inner.signature.data) != algorithm:
        return False
    try:
        SM2PublicKey.from_spki(issuer.spki).verify(outer.signature.as_bytes(), raw(outer.tbs))
    except (MalformedError, VerificationError):
        return False
    return True


def _check_issuer(issuer: Certificate, path: tuple[Certificate, ...], at: datetime) -> None:
    """Whether ``issuer`` was entitled to sign the last certificate of ``path``.

    :raises VerificationError: naming the first thing that is wrong.
    """
    child = path[-1]
    issuer.public_key()
    if not _is_strongly_signed(child):
        raise VerificationError(
            "The certificate of {name} is signed with a digest that is no longer safe.", name=child.name
        )
    issuer.check_time(at)
    issuer.check_extensions()
    constraints = issuer.extension(x509.BasicConstraints)
    if constraints is None or not constraints.ca:
        raise VerificationError("The certificate of {name} is not one of an authority (CA).", name=issuer.name)
    between = sum(not each.is_self_issued for each in path[1:])
    if constraints.path_length is not None and between > constraints.path_length:
        raise VerificationError(
            "The certificate of {name} allows a chain of {limit} authorities below it; there are {count}.",
            name=issuer.name,
            limit=constraints.path_length,
            count=between,
        )
    usage = issuer.extension(x509.KeyUsage)
    if usage is not None and not usage.key_cert_sign:
        raise VerificationError("The key of {name} may not sign certificates.", name=issuer.name)
    purposes = issuer.extension(x509.ExtendedKeyUsage)
    allowed = {ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
    if purposes is not None and allowed.isdisjoint(purposes):
        raise VerificationError("The authority {name} may not issue for timestamping.", name=issuer.name)


def _is_strongly_signed(certificate: Certificate) -> bool:
    if certificate.signature_oid == SM2_WITH_SM3:
        return True
    try:
        algorithm = certificate.parsed.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return False
    # Ed25519 hashes by itself, so there is no algorithm to name.
    return algorithm is None or isinstance(algorithm, _STRONG_HASHES)
