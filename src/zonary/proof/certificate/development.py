"""A signer of certificates nobody should rely on, so that everything works before one from a licensed CA is installed.

Its X.509 certificates say so in subject and issuer, as those of the development timestamp authority do.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from zonary.proof.timestamp.development import (
    CLOCK_SKEW,
    ROOT_LIFETIME,
    SIGNER_LIFETIME,
    KeyStore,
    certificate_builder,
    development_name,
    key_usage,
)

DEVELOPMENT_SIGNER: Final = "DEVELOPMENT SIGNER - NOT FROM A LICENSED CA"
DOCUMENT_SIGNING: Final = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""id-kp-documentSigning (RFC 9336)."""


def create_development_signer(name: str, now: datetime, *, keys: KeyStore, crl_address: str) -> tuple[bytes, ...]:
    """Key and certificate of a root, then of the signer it certified: all four as they are stored.

    :param name: common name of the signer, at most 56 bytes.
    :param now: aware; the certificates begin a few minutes earlier.
    :param crl_address: where the root's revocation list is served.
    """
    begin = now.replace(microsecond=0) - CLOCK_SKEW
    root_key, root_key_stored = keys.make()
    root_name = development_name(f"{name} root", DEVELOPMENT_SIGNER)
    builder = certificate_builder(root_name, root_name, (root_key, root_key), begin, ROOT_LIFETIME)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(key_usage(signs_data=False), critical=True)
    root = builder.sign(root_key, hashes.SHA256())
    key, key_stored = keys.make()
    builder = certificate_builder(
        development_name(name, DEVELOPMENT_SIGNER), root_name, (key, root_key), begin, SIGNER_LIFETIME
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(key_usage(signs_data=True, commits=True), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False)
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(crl_address)], None, None, None)
    builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    signer = builder.sign(root_key, hashes.SHA256())
    pem = Encoding.PEM
    return root_key_stored, root.public_bytes(pem), key_stored, signer.public_bytes(pem)
