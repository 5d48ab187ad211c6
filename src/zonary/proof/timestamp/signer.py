"""Which certificate signed a token: RFC 5652 §5.3, RFC 5035 (ESSCertIDv2), RFC 2634 (ESSCertID).

The certificates in a token are an unsigned bag anyone can add to. The signer is the one that SignerInfo
identifies and whose digest stands in the signed attributes.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import Final, TypeVar

from cryptography import x509
from cryptography.hazmat import asn1

from zonary.proof.errors import MalformedError, UnsupportedError, VerificationError
from zonary.proof.timestamp import structures
from zonary.proof.timestamp.algorithms import (
    DIGEST_NAMES,
    DIGEST_OIDS,
    SIGNING_CERTIFICATE,
    SIGNING_CERTIFICATE_V2,
    digest_of,
)
from zonary.proof.timestamp.certificates import Certificate
from zonary.proof.timestamp.cms import attribute
from zonary.proof.timestamp.der import SEQUENCE, decode, raw, tlv

T = TypeVar("T")

_DIRECTORY_NAME: Final = 0xA4
"""``[4] EXPLICIT Name`` of GeneralName."""
MAX_REFERENCES: Final = 16
"""Certificates named by one signing-certificate attribute."""


def find_signer(signer: structures.SignerInfo, certificates: Sequence[Certificate]) -> Certificate:
    """The certificate of ``certificates`` that signed.

    :raises VerificationError: when it is not among them, or the signed attributes name another one.
    """
    identified = [each for each in certificates if _is_identified(signer, each)]
    if not identified:
        raise VerificationError(
            "The token does not carry the certificate it was signed with, and none was given: it cannot be checked."
        )
    named = [each for each in identified if _is_named(signer, each)]
    if not named:
        raise VerificationError("The token's signature names another signing certificate than the one it carries.")
    return named[0]


def _is_identified(signer: structures.SignerInfo, certificate: Certificate) -> bool:
    sid = signer.sid
    if isinstance(sid, structures.IssuerAndSerial):
        return sid.serial == certificate.serial and raw(sid.issuer) == certificate.issuer
    try:
        key_id = certificate.extension(x509.SubjectKeyIdentifier)
    except MalformedError:
        return False
    return key_id is not None and key_id.digest == sid


def _is_named(signer: structures.SignerInfo, certificate: Certificate) -> bool:
    """Whether each signing-certificate attribute, old and new, names ``certificate`` first.

    :raises VerificationError: when there is no such attribute; RFC 3161 §2.4.2 demands one.
    """
    old, new = attribute(signer, SIGNING_CERTIFICATE), attribute(signer, SIGNING_CERTIFICATE_V2)
    if old is None and new is None:
        raise VerificationError("The token's signature does not name the certificate it was made with.")
    return (old is None or _is_named_by_sha1(old, certificate)) and (new is None or _is_named_v2(new, certificate))


def _is_named_by_sha1(value: asn1.TLV, certificate: Certificate) -> bool:
    # The old attribute has SHA-1 built in. It only narrows down which certificate holds the key that
    # verified; finding a second certificate with the same SHA-1 is not what SHA-1 is weak at.
    reference = decode(structures.SigningCertificate, raw(value))
    first = _first(reference.certificates)
    digest = hashlib.sha1(certificate.der, usedforsecurity=False).digest()
    return hmac.compare_digest(first.digest, digest) and _has_serial(first.issuer_serial, certificate)


def _is_named_v2(value: asn1.TLV, certificate: Certificate) -> bool:
    reference = decode(structures.SigningCertificateV2, raw(value))
    first = _first(reference.certificates)
    dotted = DIGEST_OIDS["sha256"] if first.algorithm is None else first.algorithm.oid.dotted_string
    if dotted not in DIGEST_NAMES:
        raise UnsupportedError("The signing certificate is named by a digest ({oid}) unknown here.", oid=dotted)
    digest = digest_of(DIGEST_NAMES[dotted], certificate.der)
    return hmac.compare_digest(first.digest, digest) and _has_serial(first.issuer_serial, certificate)


def _first(references: list[T]) -> T:
    """The signer's reference comes first; the others name the certificates above it."""
    if not 1 <= len(references) <= MAX_REFERENCES:
        raise MalformedError("A signing certificate attribute names no certificate, or too many.")
    return references[0]


def _has_serial(reference: structures.IssuerSerial | None, certificate: Certificate) -> bool:
    if reference is None:
        return True
    issuer = tlv(_DIRECTORY_NAME, certificate.issuer)
    return reference.serial == certificate.serial and [raw(each) for each in reference.issuer] == [issuer]


def check_name(certificate: Certificate, tsa: bytes | None, signer_name: str | None) -> None:
    """Check the name the authority gives itself, and the one the verifier insists on.

    :param tsa: DER GeneralName from the token; only a directory name can be compared.
    :param signer_name: RFC 4514 text.
    :raises VerificationError: when a name is not that of ``certificate``.
    :raises MalformedError: when a name cannot be read.
    """
    if tsa is not None and tsa[0] == _DIRECTORY_NAME and tsa != tlv(_DIRECTORY_NAME, certificate.subject):
        claimed = decode(structures.DirectoryName, tlv(SEQUENCE, tsa)).name
        if _name_parts(claimed) != _name_parts(_read_name(certificate.subject)):
            raise VerificationError(
                "The token calls its authority by another name than its certificate, {name}.",
                name=certificate.name,
            )
    if signer_name is None:
        return
    try:
        expected = x509.Name.from_rfc4514_string(signer_name)
    except ValueError as error:
        raise MalformedError("The expected name of the authority is not RFC 4514 text.") from error
    if certificate.parsed.subject != expected:
        raise VerificationError(
            "The timestamp was signed by {name}, not by {expected}.",
            name=certificate.name,
            expected=signer_name,
        )


def _read_name(der: bytes) -> structures.Name:
    return decode(structures.DirectoryName, tlv(SEQUENCE, tlv(_DIRECTORY_NAME, der))).name


def _name_parts(name: structures.Name) -> list[list[tuple[str, bytes]]]:
    """A name without its string types: the same text may be a PrintableString here and UTF-8 there."""
    return [sorted((each.oid.dotted_string, bytes(each.value.data)) for each in part.as_list()) for part in name]
