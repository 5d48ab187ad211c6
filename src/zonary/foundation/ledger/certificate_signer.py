"""What signs evidence certificates (存证证书): one for development, until another from a licensed CA is installed.

``keys/certificate.key`` and ``certificate.pem`` (the signer's certificate first, its root last) are what signs. Beside
them, while nothing else is installed, lies the development root that certified it and issues its revocation list. An
operator who installs another keeps the CA's revocation lists (DER) beside it as ``certificate-*.crl``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from zonary.foundation.ledger.authority import OWN
from zonary.foundation.ledger.errors import KeyMismatchError
from zonary.foundation.ledger.layout import DataDirectory, make_private_directory, write_durably
from zonary.foundation.ledger.module_timestamp_keys import AUTHORITY_KEYS, ModuleEcKey, is_module_timestamp_key
from zonary.proof.certificate.development import DEVELOPMENT_SIGNER, create_development_signer
from zonary.proof.timestamp.development import MAX_NAME_BYTES, load_certificates, revocation_list
from zonary.proof.timestamp.signing import PrivateKey

SIGNER_NAME = "Zonary development certificate signer"
CRL_ADDRESS = "/certificates/crl.der"
_NEXT_KEY = "certificate-next.key"
_KEY, _CHAIN = "certificate.key", "certificate.pem"
_ASIDE = "certificate-set-aside.key"
_EARLIER = "certificate-earlier.pem"
_ROOT_KEY, _ROOT = "certificate-root.key", "certificate-root.pem"


@dataclass(frozen=True, slots=True)
class CertificateSigner:
    """A key, and the X.509 certificates that stand behind it, the signer's first and the root last."""

    key: PrivateKey = field(repr=False)
    chain: tuple[x509.Certificate, ...]

    @property
    def root_der(self) -> bytes:
        return self.chain[-1].public_bytes(Encoding.DER)

    @property
    def is_development(self) -> bool:
        return DEVELOPMENT_SIGNER in self.chain[0].subject.rfc4514_string()


def ensure_certificate_signer(data: DataDirectory, now: datetime, *, url: str) -> CertificateSigner:
    """What signs certificates here, made at first start.

    :param url: of the server, where the revocation list of the development root is served.
    :raises KeyMismatchError: when the key is missing, or does not belong to the certificate.
    """
    chain, key = data.keys / _CHAIN, data.keys / _KEY
    if not chain.exists():  # written last: before it is, nothing was signed
        if key.exists():  # of a start that was cut short, or whose certificate was lost: not destroyed in silence
            key.replace(data.keys / _ASIDE)
        made = create_development_signer(SIGNER_NAME, now, keys=AUTHORITY_KEYS, crl_address=url + CRL_ADDRESS)
        make_private_directory(data.keys)
        root_key, root, signer_key, certificate = made
        for name, content in ((_ROOT_KEY, root_key), (_ROOT, root), (_KEY, signer_key), (_CHAIN, certificate + root)):
            write_durably(data.keys / name, content)
    elif not key.exists():
        raise KeyMismatchError(
            "{path} is missing, so no certificate can be signed. Put it back from a backup; or move certificate.pem "
            "away, and a new development signer is made.",
            path=str(key),
        )
    signer = load_certificate_signer(data)
    stored = key.read_bytes()
    if is_module_timestamp_key(stored):
        ModuleEcKey.parse(stored).require_ready()
    return signer


def load_certificate_signer(data: DataDirectory) -> CertificateSigner:
    """The signer as it is stored.

    :raises Error: when key or certificates cannot be read.
    :raises KeyMismatchError: when the key is not that of the first certificate.
    """
    key = AUTHORITY_KEYS.read((data.keys / _KEY).read_bytes())
    chain = tuple(load_certificates((data.keys / _CHAIN).read_bytes()))
    if key.public_key() != chain[0].public_key():
        raise KeyMismatchError(
            "{path} is not the key of the first certificate in certificate.pem beside it. Put both back together.",
            path=str(data.keys / _KEY),
        )
    return CertificateSigner(key, chain)


def request_signer(data: DataDirectory, name: str) -> bytes:
    """A request (PKCS#10, PEM) to a certification authority for a signer called ``name``; its key is made here.

    Asked again before the answer is installed, the same key is meant.

    :raises KeyMismatchError: for an empty or too long name.
    """
    if not 0 < len(name.encode()) <= MAX_NAME_BYTES or not name.isprintable():
        raise KeyMismatchError(
            "The signer's name must have 1 to {limit} bytes of printable UTF-8.", limit=MAX_NAME_BYTES
        )
    place = data.keys / _NEXT_KEY
    if not place.exists():
        _made, stored = AUTHORITY_KEYS.make()
        write_durably(place, stored)
    key = cast(ec.EllipticCurvePrivateKey, AUTHORITY_KEYS.read(place.read_bytes()))  # made above, P-256
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return request.public_bytes(Encoding.PEM)


def install_signer(data: DataDirectory, chain_pem: bytes, revocations: Sequence[bytes], now: datetime) -> None:
    """Have what a certification authority answered to :func:`request_signer` sign from the next start on.

    A crash on the way leaves the signer before it, or a key and a certificate that the same command puts together. The
    development root stays: certificates it stands behind are checked by it still.

    :param chain_pem: the signer's certificate first, the authority's root last.
    :param revocations: its revocation lists, DER; the operator keeps them fresh by installing again.
    :raises KeyMismatchError: when they do not belong together, or do not hold now.
    """
    chain = load_certificates(chain_pem)
    _require_chain(chain, now)
    next_key, key = data.keys / _NEXT_KEY, data.keys / _KEY
    source = next_key if next_key.exists() else key
    if AUTHORITY_KEYS.read(source.read_bytes()).public_key() != chain[0].public_key():
        raise KeyMismatchError(
            "The first certificate is not about the key that was made for it here. Send the request that zonary keys "
            "request-certificate writes, and install its answer."
        )
    if not revocations:
        raise KeyMismatchError("Name the authority's revocation lists with --crl: without them nothing can be signed.")
    for each in revocations:
        try:
            x509.load_der_x509_crl(each)
        except ValueError as error:
            raise KeyMismatchError("A revocation list is not DER that can be read.") from error
    _remember_signer(data)
    for number, each in enumerate(revocations, start=1):
        write_durably(data.keys / f"certificate-{number}.crl", each)
    if source is next_key:
        stored = next_key.read_bytes()
        write_durably(data.keys / _CHAIN, b"".join(each.public_bytes(Encoding.PEM) for each in chain))
        write_durably(key, stored)
        next_key.unlink()
    else:
        write_durably(data.keys / _CHAIN, b"".join(each.public_bytes(Encoding.PEM) for each in chain))


def installed_signer(data: DataDirectory) -> tuple[x509.Certificate, x509.Certificate] | None:
    """The certificates of the signer and of its root, where it is none of ours for development."""
    path = data.keys / _CHAIN
    chain = load_certificates(path.read_bytes()) if path.exists() else []
    if not chain or DEVELOPMENT_SIGNER in chain[0].subject.rfc4514_string():
        return None
    return chain[0], chain[-1]


def certificate_roots(data: DataDirectory) -> tuple[bytes, ...]:
    """What the trust file names, in DER: the present signer's root, then the development root if that is another."""
    roots = [load_certificate_signer(data).root_der]
    before = data.keys / _ROOT
    if before.exists():
        roots.append(load_certificates(before.read_bytes())[0].public_bytes(Encoding.DER))
    return tuple(dict.fromkeys(roots))


def certificate_signers(data: DataDirectory) -> tuple[bytes, ...]:
    """Whose signatures the trust file names, in DER: the present signer, then those before it, for what they signed."""
    earlier = data.keys / _EARLIER
    before = load_certificates(earlier.read_bytes()) if earlier.exists() else []
    signers = (load_certificate_signer(data).chain[0], *before)
    return tuple(dict.fromkeys(each.public_bytes(Encoding.DER) for each in signers))


def _remember_signer(data: DataDirectory) -> None:
    """Before another takes its place; a crash between the two names it twice, which is once."""
    chain, earlier = data.keys / _CHAIN, data.keys / _EARLIER
    if chain.exists():
        present = load_certificates(chain.read_bytes())[0].public_bytes(Encoding.PEM)
        write_durably(earlier, present + (earlier.read_bytes() if earlier.exists() else b""))


def _require_chain(chain: Sequence[x509.Certificate], now: datetime) -> None:
    """:raises KeyMismatchError: unless each is issued by the next, the last by itself, and all hold now."""
    for issued, issuer in zip(chain, (*chain[1:], chain[-1]), strict=True):
        try:
            issued.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature) as error:
            raise KeyMismatchError(
                "The certificates are not a chain: give the signer's first, then each one's issuer, the root last."
            ) from error
        if not issued.not_valid_before_utc <= now <= issued.not_valid_after_utc:
            raise KeyMismatchError("A certificate of the chain does not hold now.")


@cache
def certificate_signer_of(data: DataDirectory) -> CertificateSigner:
    """:func:`load_certificate_signer`, once in a process."""
    return load_certificate_signer(data)


def renew_certificate_revocations(data: DataDirectory, now: datetime) -> None:
    """Write a fresh revocation list of the development root; with another signer installed there is none of ours."""
    root_key, root = data.keys / _ROOT_KEY, data.keys / _ROOT
    if root_key.exists() and root.exists():
        made = revocation_list(root_key.read_bytes(), root.read_bytes(), now, keys=AUTHORITY_KEYS)
        write_durably(data.certificate_revocations, made, mode=0o644)


def certificate_revocations(data: DataDirectory) -> tuple[bytes, ...]:
    """The revocation lists (DER) that belong into a certificate: ours or the CA's, and the timestamp authority's."""
    paths: list[Path] = sorted(data.keys.glob("certificate-*.crl"))
    paths += [each for each in (data.certificate_revocations, OWN.revocations(data)) if each.exists()]
    return tuple(path.read_bytes() for path in paths)
