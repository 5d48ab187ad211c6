"""An authority nobody should rely on, so that everything works before a real one is configured.

Its certificates say so in subject and issuer, and every verdict repeats it: see
:attr:`zonary.proof.timestamp.verify.VerifiedTimestamp.development`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from zonary.proof.errors import MalformedError
from zonary.proof.sm2 import SM2PrivateKey, SM2PublicKey
from zonary.proof.timestamp.authority import DEFAULT_ACCURACY, DEFAULT_POLICY, Authority
from zonary.proof.timestamp.certificates import DEVELOPMENT_NOTICE, PublicKey
from zonary.proof.timestamp.issuing import (
    Extensions,
    Wanted,
    authority_key_identifier,
    certificate_of,
    key_identifier,
    revocation_list_of,
)
from zonary.proof.timestamp.signing import PrivateKey

ROOT_LIFETIME: Final = timedelta(days=20 * 365 + 5)
SIGNER_LIFETIME: Final = timedelta(days=5 * 365 + 1)
CRL_LIFETIME: Final = timedelta(days=7)
CLOCK_SKEW: Final = timedelta(minutes=5)
"""Certificates begin this much before they are made, for verifiers whose clocks are behind."""
MAX_NAME_BYTES: Final = 56
"""In UTF-8. A commonName has room for 64 (RFC 5280 A.1), and the root's has " root" behind it."""

IssuingKey = ec.EllipticCurvePrivateKey | SM2PrivateKey


@dataclass(frozen=True, slots=True)
class KeyStore:
    """Where the keys of an authority are made and kept.

    :ivar make: a fresh EC P-256 or SM2 key, and what is stored of it.
    :ivar read: the key of which that was stored.
    """

    make: Callable[[], tuple[IssuingKey, bytes]]
    read: Callable[[bytes], PrivateKey]


@dataclass(frozen=True, slots=True)
class DevelopmentAuthority:
    """Two keys and their certificates, as PEM; EC P-256 or SM2 (:data:`SM2_KEYS`) in unencrypted PKCS #8, or whatever
    ``keys`` stores of a key.

    :ivar root_pem: self-signed, 20 years.
    :ivar signer_pem: issued by the root, 5 years, for timestamping only.
    """

    root_key_pem: bytes = field(repr=False)
    root_pem: bytes
    signer_key_pem: bytes = field(repr=False)
    signer_pem: bytes
    keys: KeyStore = field(default_factory=lambda: PEM_KEYS, repr=False, compare=False)

    @property
    def ca_pem(self) -> bytes:
        """What ``openssl ts -verify -CAfile`` wants: the root, then the authority's certificate."""
        return self.root_pem + self.signer_pem

    def authority(self) -> Authority:
        """:raises MalformedError: when a stored key or certificate cannot be read."""
        return load_authority(self.signer_key_pem, self.signer_pem + self.root_pem, keys=self.keys)

    def crl(self, now: datetime, *, revoked: Sequence[int] = ()) -> bytes:
        """A DER certificate revocation list signed by the root, good for a week.

        :param revoked: serial numbers of revoked certificates.
        """
        return revocation_list(self.root_key_pem, self.root_pem, now, revoked=revoked, keys=self.keys)


def create_development_authority(name: str, now: datetime, *, keys: KeyStore | None = None) -> DevelopmentAuthority:
    """Fresh keys and certificates for an authority called ``name``.

    :param name: common name, at most ``MAX_NAME_BYTES``.
    :param now: aware; the certificates begin a few minutes earlier.
    :param keys: None: EC in PEM; :data:`SM2_KEYS`: SM2 in PEM, and tokens as GM/T 0010 has them.
    :raises MalformedError: for an empty or too long name.
    :raises UnsupportedError: for SM2 where this machine has none.
    """
    if not 0 < len(name.encode()) <= MAX_NAME_BYTES or not name.isprintable():
        raise MalformedError(
            "The authority's name must have 1 to {limit} bytes of printable UTF-8.", limit=MAX_NAME_BYTES
        )
    keys = keys or PEM_KEYS
    _root_key, root_key_pem = keys.make()
    root_pem = issue_root(root_key_pem, name, now, keys=keys)
    issued = issue_signer(root_key_pem, root_pem, name, now, keys=keys)
    return DevelopmentAuthority(root_key_pem, root_pem, *issued, keys)


def issue_root(root_key_pem: bytes, name: str, now: datetime, *, keys: KeyStore | None = None) -> bytes:
    """The self-signed certificate, as PEM, of the key that is to be the root of the authority called ``name``.

    :param now: aware; the certificate begins a few minutes earlier.
    :raises MalformedError: when the key cannot be read, or signs no certificates.
    """
    root_key = (keys or PEM_KEYS).read(root_key_pem)
    if not isinstance(root_key, IssuingKey):
        raise MalformedError("The authority's root cannot issue certificates any more.")
    begin = now.replace(microsecond=0) - CLOCK_SKEW
    root_name = development_name(f"{name} root")
    extensions = [(x509.BasicConstraints(ca=True, path_length=0), True), (key_usage(signs_data=False), True)]
    public = root_key.public_key()
    wanted = wanted_certificate(root_name, root_name, (public, public), (begin, begin + ROOT_LIFETIME), extensions)
    return certificate_pem(wanted, root_key)


def issue_signer(
    root_key_pem: bytes, root_pem: bytes, name: str, now: datetime, *, keys: KeyStore | None = None
) -> tuple[bytes, bytes]:
    """A fresh key for the authority called ``name`` and its certificate from an existing root, both as PEM.

    :param now: aware; the certificate begins a few minutes earlier, and ends no later than the root's.
    :raises MalformedError: when the root cannot be read, is not one of ours, or has run out.
    """
    keys = keys or PEM_KEYS
    root_key, root = keys.read(root_key_pem), load_certificates(root_pem)[0]
    begin = now.replace(microsecond=0) - CLOCK_SKEW
    lifetime = min(SIGNER_LIFETIME, root.not_valid_after_utc - begin)
    if not isinstance(root_key, IssuingKey) or lifetime <= CLOCK_SKEW:
        raise MalformedError("The authority's root cannot issue certificates any more.")
    key, key_pem = keys.make()
    extensions = [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (key_usage(signs_data=True), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True),
    ]
    publics = (key.public_key(), root_key.public_key())
    wanted = wanted_certificate(development_name(name), root.subject, publics, (begin, begin + lifetime), extensions)
    return key_pem, certificate_pem(wanted, root_key)


def load_authority(
    key_pem: bytes,
    chain_pem: bytes,
    *,
    policy: str = DEFAULT_POLICY,
    accuracy: timedelta = DEFAULT_ACCURACY,
    keys: KeyStore | None = None,
) -> Authority:
    """An authority from its key and its certificate chain, the authority's own certificate first.

    :raises MalformedError: when something cannot be read, or does not belong together.
    :raises VerificationError: when the certificate is not one for timestamping.
    """
    key = (keys or PEM_KEYS).read(key_pem)
    certificates = load_certificates(chain_pem)
    return Authority(key, certificates[0], certificates[1:], policy=policy, accuracy=accuracy)


def load_private_key(pem: bytes) -> PrivateKey:
    """:raises MalformedError: unless it is an unencrypted EC, RSA, Ed25519 or SM2 private key in PEM.
    :raises UnsupportedError: for a key of another curve where this machine has no SM2.
    """
    try:
        key = load_pem_private_key(pem, password=None)
    except UnsupportedAlgorithm:
        return SM2PrivateKey.from_pem(pem)
    except (ValueError, TypeError) as error:
        raise MalformedError("The authority's private key is not unencrypted PEM that can be read.") from error
    if not isinstance(key, PrivateKey):
        raise MalformedError("The authority's private key is neither EC nor RSA nor Ed25519 nor SM2.")
    return key


def load_certificates(pem: bytes) -> list[x509.Certificate]:
    """:raises MalformedError: unless there is at least one PEM certificate, and all can be read."""
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise MalformedError("The certificates are not PEM that can be read.") from error


def revocation_list(
    root_key_pem: bytes,
    root_pem: bytes,
    now: datetime,
    *,
    revoked: Sequence[int] = (),
    keys: KeyStore | None = None,
) -> bytes:
    """A DER CRL signed by a root, numbered by the second it was made in (RFC 5280 §5).

    :param now: aware; the list is good until a week later.
    :param revoked: serial numbers, revoked as of ``now``.
    :raises MalformedError: when key or certificate cannot be read.
    """
    key, root = (keys or PEM_KEYS).read(root_key_pem), load_certificates(root_pem)[0]
    now = now.replace(microsecond=0)
    extensions = [(x509.CRLNumber(int(now.timestamp())), False), (authority_key_identifier(key.public_key()), False)]
    if isinstance(key, SM2PrivateKey):
        return revocation_list_of(root.subject, key, (now, now + CRL_LIFETIME), revoked, extensions)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.subject)
        .last_update(now)
        .next_update(now + CRL_LIFETIME)
    )
    for value, critical in extensions:
        builder = builder.add_extension(value, critical)
    for serial in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now).build()
        builder = builder.add_revoked_certificate(entry)
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(key, algorithm).public_bytes(Encoding.DER)


def development_name(common_name: str, notice: str = DEVELOPMENT_NOTICE) -> x509.Name:
    """A name that says what it is."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, notice),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def wanted_certificate(
    subject: x509.Name,
    issuer: x509.Name,
    keys: tuple[PublicKey, PublicKey],
    span: tuple[datetime, datetime],
    extensions: Extensions,
) -> Wanted:
    """With what both certificates have in common; ``keys`` are the subject's and the issuer's."""
    key, issuer_key = keys
    common: Extensions = [
        (x509.SubjectKeyIdentifier(key_identifier(key)), False),
        (authority_key_identifier(issuer_key), False),
    ]
    return Wanted(
        subject=subject, issuer=issuer, key=key, begin=span[0], end=span[1], extensions=[*common, *extensions]
    )


def certificate_pem(wanted: Wanted, issuer_key: IssuingKey) -> bytes:
    """The certificate in PEM, written by :mod:`cryptography` unless there is SM2 in it."""
    if isinstance(issuer_key, SM2PrivateKey) or isinstance(wanted.key, SM2PublicKey):
        der = certificate_of(wanted, issuer_key)
        return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)
    builder = (
        x509.CertificateBuilder()
        .subject_name(wanted.subject)
        .issuer_name(wanted.issuer)
        .public_key(wanted.key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(wanted.begin)
        .not_valid_after(wanted.end)
    )
    for value, critical in wanted.extensions:
        builder = builder.add_extension(value, critical)
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(Encoding.PEM)


def key_usage(*, signs_data: bool, commits: bool = False) -> x509.KeyUsage:
    """For signing data, or else for signing certificates and revocation lists.

    :param commits: what is signed is a document somebody stands for.
    """
    return x509.KeyUsage(
        digital_signature=signs_data,
        content_commitment=commits,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs_data,
        crl_sign=not signs_data,
        encipher_only=False,
        decipher_only=False,
    )


def _make_pem() -> tuple[IssuingKey, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    return key, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _make_sm2_pem() -> tuple[IssuingKey, bytes]:
    key = SM2PrivateKey.generate()
    return key, key.pem()


PEM_KEYS: Final[KeyStore] = KeyStore(make=_make_pem, read=load_private_key)
"""In PEM, for files that only their owner can read."""
SM2_KEYS: Final[KeyStore] = KeyStore(make=_make_sm2_pem, read=load_private_key)
"""The same with SM2 keys: authority, certificates and revocation list are then all of SM2 and SM3."""
