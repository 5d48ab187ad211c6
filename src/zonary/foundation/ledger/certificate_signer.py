"""What signs evidence certificates (存证证书): one for development, until another from a licensed CA is installed.

``keys/certificate.key`` and ``certificate.pem`` (the signer's certificate first, its root last) are what signs. Beside
them, while nothing else is installed, lies the development root that certified it and issues its revocation list. An
operator who installs another keeps the CA's revocation lists (DER) beside it as ``certificate-*.crl``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from zonary.foundation.ledger.errors import KeyMismatchError
from zonary.foundation.ledger.layout import DataDirectory, make_private_directory, write_durably
from zonary.foundation.ledger.module_timestamp_keys import AUTHORITY_KEYS, ModuleEcKey, is_module_timestamp_key
from zonary.proof.certificate.development import DEVELOPMENT_SIGNER, create_development_signer
from zonary.proof.timestamp.development import load_certificates, revocation_list
from zonary.proof.timestamp.signing import PrivateKey

SIGNER_NAME = "Zonary development certificate signer"
CRL_ADDRESS = "/certificates/crl.der"
_KEY, _CHAIN = "certificate.key", "certificate.pem"
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
    paths += [each for each in (data.certificate_revocations, data.revocation_list) if each.exists()]
    return tuple(path.read_bytes() for path in paths)
