"""A signer of certificates nobody should rely on, so that everything works before one from a licensed CA is installed.

Its X.509 certificates say so in subject and issuer, as those of the development timestamp authority do.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cryptography import x509

from zonary.proof.timestamp.development import (
    CLOCK_SKEW,
    ROOT_LIFETIME,
    SIGNER_LIFETIME,
    KeyStore,
    certificate_pem,
    development_name,
    key_usage,
    wanted_certificate,
)
from zonary.proof.timestamp.issuing import Extensions

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
    extensions: Extensions = [
        (x509.BasicConstraints(ca=True, path_length=0), True),
        (key_usage(signs_data=False), True),
    ]
    public = root_key.public_key()
    root = wanted_certificate(root_name, root_name, (public, public), (begin, begin + ROOT_LIFETIME), extensions)
    key, key_stored = keys.make()
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(crl_address)], None, None, None)
    extensions = [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (key_usage(signs_data=True, commits=True), True),
        (x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), False),
        (x509.CRLDistributionPoints([point]), False),
    ]
    subject, publics = development_name(name, DEVELOPMENT_SIGNER), (key.public_key(), public)
    signer = wanted_certificate(subject, root_name, publics, (begin, begin + SIGNER_LIFETIME), extensions)
    return root_key_stored, certificate_pem(root, root_key), key_stored, certificate_pem(signer, root_key)
