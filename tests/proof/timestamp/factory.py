"""Certificates and tokens with any single thing wrong about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from zonary.proof.errors import Error
from zonary.proof.sm2 import SM2PrivateKey
from zonary.proof.timestamp import algorithms, issuing
from zonary.proof.timestamp.algorithms import digest_identifier, digest_of, oid
from zonary.proof.timestamp.certificates import Certificate
from zonary.proof.timestamp.der import CONTEXT_0, OCTET_STRING, SEQUENCE, SET, tlv
from zonary.proof.timestamp.signing import PrivateKey, SigningMethod, signing_method
from zonary.proof.timestamp.token import TimestampToken
from zonary.proof.timestamp.verify import VerifiedTimestamp, verify_token

NOW = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
DATA = b"a file that is older than its timestamp\n"
YEAR = timedelta(days=365)
TIMESTAMPING = (ExtendedKeyUsageOID.TIME_STAMPING,)
UNKNOWN_OID = "1.2.3.4.5"


@cache
def key(kind: str = "P-256", number: int = 0) -> PrivateKey:
    """The same key for the same arguments; RSA keys take a while to make."""
    if kind == "SM2":
        return SM2PrivateKey.generate()
    if kind == "Ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if kind.startswith("RSA-"):
        return rsa.generate_private_key(65537, int(kind[4:]))
    curves = {"P-256": ec.SECP256R1, "P-384": ec.SECP384R1, "P-521": ec.SECP521R1, "P-224": ec.SECP224R1}
    return ec.generate_private_key(curves[kind]())


def name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Zonary tests"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def key_usage(*, signs_data: bool = False, signs_certificates: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs_data,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


@dataclass(frozen=True)
class Holder:
    """A key and its certificate."""

    key: PrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a certificate is to say; the defaults are those of an honest certificate."""

    common_name: str
    ca: bool = False
    path_length: int | None = None
    constraints: bool = True
    usage: x509.KeyUsage | None = None
    purposes: Sequence[x509.ObjectIdentifier] = ()
    purposes_critical: bool = True
    begin: datetime = NOW - YEAR
    end: datetime = NOW + YEAR
    extra: Sequence[tuple[x509.ExtensionType, bool]] = ()
    issuer_name: str | None = None
    hash_algorithm: hashes.HashAlgorithm | None = None


def certify(wanted: Wanted, holder_key: PrivateKey, issuer: Holder | None = None) -> Holder:
    """A certificate as ``wanted``, signed by ``issuer`` or by itself."""
    issuer_key = holder_key if issuer is None else issuer.key
    issuer_name = name(wanted.common_name) if issuer is None else issuer.certificate.subject
    if wanted.issuer_name is not None:
        issuer_name = name(wanted.issuer_name)
    usage = wanted.usage or key_usage(signs_data=not wanted.ca, signs_certificates=wanted.ca)
    extensions = [(x509.BasicConstraints(wanted.ca, wanted.path_length), True)] if wanted.constraints else []
    extensions.append((usage, True))
    if wanted.purposes:
        extensions.append((x509.ExtendedKeyUsage(wanted.purposes), wanted.purposes_critical))
    extensions.extend(wanted.extra)
    if SM2PrivateKey in (type(holder_key), type(issuer_key)):
        content = issuing.Wanted(
            subject=name(wanted.common_name),
            issuer=issuer_name,
            key=holder_key.public_key(),
            begin=wanted.begin,
            end=wanted.end,
            extensions=extensions,
        )
        return Holder(holder_key, x509.load_der_x509_certificate(issuing.certificate_of(content, issuer_key)))
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(wanted.common_name))
        .issuer_name(issuer_name)
        .public_key(holder_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(wanted.begin)
        .not_valid_after(wanted.end)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    algorithm = None if isinstance(issuer_key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return Holder(holder_key, builder.sign(issuer_key, wanted.hash_algorithm or algorithm))


def root(common_name: str = "Root", kind: str = "P-256", **changes: object) -> Holder:
    wanted = Wanted(**{"common_name": common_name, "ca": True, **changes})  # type: ignore[arg-type]
    return certify(wanted, key(kind, 1))


def intermediate(
    issuer: Holder, common_name: str = "Intermediate", number: int = 2, kind: str = "P-256", **changes: object
) -> Holder:
    wanted = Wanted(**{"common_name": common_name, "ca": True, **changes})  # type: ignore[arg-type]
    return certify(wanted, key(kind, number), issuer)


def authority(issuer: Holder, common_name: str = "TSA", kind: str = "P-256", **changes: object) -> Holder:
    values = {"common_name": common_name, "purposes": TIMESTAMPING, **changes}
    return certify(Wanted(**values), key(kind, 9), issuer)  # type: ignore[arg-type]


def tst_info(
    data: bytes = DATA,
    *,
    version: int = 1,
    policy: str = UNKNOWN_OID,
    algorithm: algorithms.ImprintAlgorithm = "sha256",
    imprint: bytes | None = None,
    serial: int = 7,
    time: bytes = b"20260102030405.678Z",
    rest: bytes = b"",
) -> bytes:
    """DER TSTInfo; ``rest`` is what follows the time."""
    digest = tlv(OCTET_STRING, digest_of(algorithm, data))
    return tlv(
        SEQUENCE,
        asn1.encode_der(version),
        oid(policy),
        tlv(SEQUENCE, digest_identifier(algorithm), digest) if imprint is None else imprint,
        asn1.encode_der(serial),
        tlv(0x18, time),
        rest,
    )


def attribute(dotted: str, *values: bytes) -> bytes:
    return tlv(SEQUENCE, oid(dotted), tlv(SET, *values))


def signing_certificate(certificate: bytes, *rest: bytes) -> bytes:
    """The attribute of RFC 5035 with SHA-256; ``rest`` may be an IssuerSerial."""
    reference = tlv(SEQUENCE, tlv(OCTET_STRING, digest_of("sha256", certificate)), *rest)
    return attribute(algorithms.SIGNING_CERTIFICATE_V2, tlv(SEQUENCE, tlv(SEQUENCE, reference)))


@dataclass(frozen=True, kw_only=True)
class Forgery:
    """A token in the making: everything may be replaced, and the signature is made over the result."""

    signer: Holder
    content: bytes
    content_type: str = algorithms.TST_INFO
    attributes: Callable[[list[bytes]], list[bytes]] = sorted
    method: SigningMethod | None = None
    certificates: Sequence[bytes] | None = None
    sid: bytes | None = None
    sign_with: PrivateKey | None = None
    reference: bytes | None = None
    outer_type: str = algorithms.SIGNED_DATA
    signers: int = 1
    digest_algorithm: bytes | None = None

    def token(self) -> bytes:
        """DER ContentInfo."""
        encapsulated = tlv(SEQUENCE, oid(self.content_type), tlv(CONTEXT_0, tlv(OCTET_STRING, self.content)))
        certificates = [self.signer.der] if self.certificates is None else self.certificates
        signed = tlv(
            SEQUENCE,
            b"\x02\x01\x03",
            tlv(SET, digest_identifier("sha256")),
            encapsulated,
            tlv(CONTEXT_0, *certificates) if certificates else b"",
            tlv(SET, *[self._signer_info()] * self.signers),
        )
        return tlv(SEQUENCE, oid(self.outer_type), tlv(CONTEXT_0, signed))

    def parsed(self) -> TimestampToken:
        return TimestampToken.parse(self.token())

    def _signer_info(self) -> bytes:
        method = self.method or signing_method(self.sign_with or self.signer.key)
        certificate = Certificate.load(self.signer.certificate)
        attributes = self.attributes(
            [
                attribute(algorithms.CONTENT_TYPE, oid(algorithms.TST_INFO)),
                attribute(algorithms.MESSAGE_DIGEST, tlv(OCTET_STRING, method.digest(self.content))),
                signing_certificate(self.signer.der) if self.reference is None else self.reference,
            ]
        )
        sid = tlv(SEQUENCE, certificate.issuer, asn1.encode_der(certificate.serial))
        return tlv(
            SEQUENCE,
            b"\x02\x01\x01",
            sid if self.sid is None else self.sid,
            method.digest_identifier if self.digest_algorithm is None else self.digest_algorithm,
            tlv(CONTEXT_0, *attributes),
            method.signature_identifier,
            tlv(OCTET_STRING, method.sign(tlv(SET, *attributes))),
        )


def forge(signer: Holder, content: bytes | None = None, **changes: object) -> TimestampToken:
    """A parsed token by ``signer`` over :data:`DATA`, honest but for ``changes`` (see :class:`Forgery`)."""
    return Forgery(signer=signer, content=content or tst_info(), **changes).parsed()  # type: ignore[arg-type]


def pss_identifier(digest: bytes, mask: bytes, salt: int = 32, trailer: bytes = b"") -> bytes:
    parameters = tlv(
        SEQUENCE,
        tlv(0xA0, digest) if digest else b"",
        tlv(0xA1, mask) if mask else b"",
        tlv(0xA2, asn1.encode_der(salt)),
        trailer,
    )
    return tlv(SEQUENCE, oid(algorithms.RSA_PSS), parameters)


SHA256 = digest_identifier("sha256")
MGF1_SHA256 = tlv(SEQUENCE, oid(algorithms.MGF1), SHA256)
PSS = pss_identifier(SHA256, MGF1_SHA256)


def pss_token(holder: Holder, identifier: bytes, salt: int = 32) -> TimestampToken:
    key = holder.key
    assert isinstance(key, rsa.RSAPrivateKey)
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), salt)
    signing = SigningMethod("sha256", SHA256, identifier, lambda data: key.sign(data, scheme, hashes.SHA256()))
    return forge(holder, method=signing)


def response(token: bytes) -> bytes:
    return tlv(SEQUENCE, b"\x30\x03\x02\x01\x00", token)


def verify(token: TimestampToken, root: Holder, **changes: object) -> VerifiedTimestamp:
    """The verdict on a token over :data:`DATA` by an authority under ``root``."""
    return verify_token(token, **{"data": DATA, "roots": [root.der], **changes})  # type: ignore[arg-type]


def refused(token: TimestampToken, root: Holder, **changes: object) -> Error:
    """The error a token is refused with, which must read as a sentence."""
    with pytest.raises(Error) as caught:
        verify(token, root, **changes)
    assert str(caught.value).endswith(".")
    return caught.value
