"""X.509 certificates of timestamp authorities: reading them, and what one certificate alone must say.

:mod:`cryptography.x509` does the parsing. It parses lazily and answers in half a dozen exception types;
everything here turns those into the project's one error root. It knows no SM2: those keys are read from the bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, NameOID

from zonary.proof.errors import Error, MalformedError, UnsupportedError, VerificationError
from zonary.proof.sm2 import SM2PublicKey, is_sm2_spki
from zonary.proof.timestamp import structures
from zonary.proof.timestamp.der import decode, raw

T = TypeVar("T")

MAX_CERTIFICATE_BYTES: Final = 16384
MIN_RSA_BITS: Final = 2048
MAX_RSA_BITS: Final = 16384
DEVELOPMENT_NOTICE: Final = "DEVELOPMENT AUTHORITY - NOT A TRUSTED TIMESTAMP AUTHORITY"
"""Organisational unit in the subject of every certificate that must not be relied upon."""

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | SM2PublicKey
STRONG_CURVES: Final = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)

_UNDERSTOOD_EXTENSIONS = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        # Any policy is acceptable here, so the policy extensions restrict nothing.
        ExtensionOID.CERTIFICATE_POLICIES,
        ExtensionOID.POLICY_MAPPINGS,
        ExtensionOID.POLICY_CONSTRAINTS,
        ExtensionOID.INHIBIT_ANY_POLICY,
    }
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate with the exact bytes of its names.

    :ivar der: the whole certificate; two certificates are equal when these are.
    :ivar issuer: DER Name, as it stands in the certificate.
    :ivar subject: likewise.
    :ivar spki: DER SubjectPublicKeyInfo, likewise.
    """

    der: bytes = field(repr=False)
    serial: int
    issuer: bytes = field(repr=False, compare=False)
    subject: bytes = field(repr=False, compare=False)
    spki: bytes = field(repr=False, compare=False)
    parsed: x509.Certificate = field(compare=False)

    @classmethod
    def load(cls, source: bytes | x509.Certificate) -> Certificate:
        """From DER, or from a certificate :mod:`cryptography` has read.

        :raises MalformedError: when it is not a certificate, or longer than ``MAX_CERTIFICATE_BYTES``.
        """
        if isinstance(source, bytes) and len(source) > MAX_CERTIFICATE_BYTES:
            raise MalformedError(
                "A certificate may have at most {limit} bytes; this one has {size}.",
                limit=MAX_CERTIFICATE_BYTES,
                size=len(source),
            )
        certificate = _read(lambda: x509.load_der_x509_certificate(source)) if isinstance(source, bytes) else source
        names = decode(structures.TBSCertificate, certificate.tbs_certificate_bytes)
        return cls(
            der=_read(lambda: _der(certificate)),
            serial=names.serial,
            issuer=raw(names.issuer),
            subject=raw(names.subject),
            spki=raw(names.public_key),
            parsed=certificate,
        )

    @property
    def name(self) -> str:
        """The subject as RFC 4514 text, with unprintable characters replaced: fit to be shown."""
        text = _read(lambda: self.parsed.subject.rfc4514_string())
        return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)

    @property
    def is_self_issued(self) -> bool:
        return self.issuer == self.subject

    @property
    def is_development(self) -> bool:
        """Whether subject or issuer says that nobody should rely on it."""
        names = (_read(lambda: self.parsed.subject), _read(lambda: self.parsed.issuer))
        units = (unit for name in names for unit in name.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME))
        return any(unit.value == DEVELOPMENT_NOTICE for unit in units)

    def public_key(self) -> PublicKey:
        """:raises UnsupportedError: for algorithms that are not used here, and SM2 where this machine has none.
        :raises VerificationError: for keys that are too weak.
        """
        if is_sm2_spki(self.spki):
            return SM2PublicKey.from_spki(self.spki)
        key = _read(lambda: self.parsed.public_key())
        if isinstance(key, rsa.RSAPublicKey):
            if not MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS:
                raise VerificationError(
                    "The RSA key of {name} has {bits} bits; at least {limit} are needed.",
                    name=self.name,
                    bits=key.key_size,
                    limit=MIN_RSA_BITS,
                )
            return key
        if isinstance(key, ed25519.Ed25519PublicKey):
            return key
        if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, STRONG_CURVES):
            return key
        raise UnsupportedError("The key of {name} is of a kind that this version cannot verify.", name=self.name)

    @property
    def signature_oid(self) -> str:
        """The object identifier of the algorithm the issuer signed with."""
        return _read(lambda: self.parsed.signature_algorithm_oid).dotted_string

    def extension(self, kind: type[T]) -> T | None:
        """The extension's value, or ``None`` when the certificate does not have it."""
        extensions = _read(lambda: self.parsed.extensions)
        return next((each.value for each in extensions if isinstance(each.value, kind)), None)

    def check_time(self, at: datetime) -> None:
        """:raises VerificationError: unless the certificate was valid at ``at``."""
        begin, end = _read(lambda: (self.parsed.not_valid_before_utc, self.parsed.not_valid_after_utc))
        if at < begin:
            raise VerificationError(
                "The certificate of {name} was not valid yet at {at}: it begins at {begin}.",
                name=self.name,
                at=at.isoformat(),
                begin=begin.isoformat(),
            )
        if at > end:
            raise VerificationError(
                "The certificate of {name} was no longer valid at {at}: it expired at {end}.",
                name=self.name,
                at=at.isoformat(),
                end=end.isoformat(),
            )

    def check_extensions(self) -> None:
        """Refuse critical extensions that are not understood, and name constraints, which are not evaluated.

        :raises VerificationError: naming the first one.
        """
        for extension in _read(lambda: self.parsed.extensions):
            if extension.oid == ExtensionOID.NAME_CONSTRAINTS or (
                extension.critical and extension.oid not in _UNDERSTOOD_EXTENSIONS
            ):
                raise VerificationError(
                    "The certificate of {name} has the extension {oid}, which this version does not understand.",
                    name=self.name,
                    oid=extension.oid.dotted_string,
                )

    def check_timestamping(self) -> None:
        """What RFC 3161 §2.3 asks of an authority's certificate: critical, and for timestamping alone.

        :raises VerificationError: naming what is missing.
        """
        usages = [e for e in _read(lambda: self.parsed.extensions) if e.oid == ExtensionOID.EXTENDED_KEY_USAGE]
        if not usages or list(usages[0].value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
            raise VerificationError("The certificate of {name} is not one for timestamping only.", name=self.name)
        if not usages[0].critical:
            raise VerificationError(
                "The certificate of {name} does not mark its timestamping purpose as critical.",
                name=self.name,
            )
        usage = self.extension(x509.KeyUsage)
        if usage is not None and not _signs_data_only(usage):
            raise VerificationError("The key of {name} is not one for signing data only.", name=self.name)


def _signs_data_only(usage: x509.KeyUsage) -> bool:
    others = (
        usage.key_encipherment,
        usage.data_encipherment,
        usage.key_agreement,
        usage.key_cert_sign,
        usage.crl_sign,
    )
    return (usage.digital_signature or usage.content_commitment) and not any(others)


def _der(certificate: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)


def _read(read: Callable[[], T]) -> T:
    """The result of ``read``, its exceptions put under the project's error root.

    :mod:`cryptography` raises ValueError and TypeError, its own classes derived from Exception alone
    (duplicate extensions, unknown versions), and KeyError or AttributeError for a few odd names.
    """
    try:
        return read()
    except Error:
        raise
    except UnsupportedAlgorithm as error:
        raise UnsupportedError("A certificate uses an algorithm that this version cannot verify.") from error
    except Exception as error:
        raise MalformedError("A certificate cannot be read.") from error
