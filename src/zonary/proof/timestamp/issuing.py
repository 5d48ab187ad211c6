"""Certificates and revocation lists with SM2 in them, which :mod:`cryptography` reads but cannot write (RFC 5280).

Names and the contents of extensions are its own encodings; only the frame around them is laid down here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from zonary.proof.sm2 import SM2PublicKey
from zonary.proof.timestamp.algorithms import oid
from zonary.proof.timestamp.certificates import PublicKey
from zonary.proof.timestamp.der import BIT_STRING, CONTEXT_0, GENERALIZED_TIME, OCTET_STRING, SEQUENCE, TRUE, tlv
from zonary.proof.timestamp.signing import PrivateKey, signing_method

_UTC_TIME: Final = 0x17
_CONTEXT_3: Final = 0xA3
_FIRST_GENERALIZED_YEAR: Final = 2050
_KEY_IDENTIFIER_BYTES: Final = 20
_VERSION_2 = b"\x02\x01\x01"
_VERSION_3 = b"\x02\x01\x02"

Extensions = Sequence[tuple[x509.ExtensionType, bool]]
"""Each with whether it is critical."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a certificate is to say.

    :ivar begin: aware, whole seconds; ``end`` likewise.
    """

    subject: x509.Name
    issuer: x509.Name
    key: PublicKey
    begin: datetime
    end: datetime
    extensions: Extensions


def certificate_of(wanted: Wanted, issuer_key: PrivateKey) -> bytes:
    """The DER certificate, signed by any kind of key that authorities have."""
    algorithm = signing_method(issuer_key).signature_identifier
    tbs = tlv(
        SEQUENCE,
        tlv(CONTEXT_0, _VERSION_3),
        asn1.encode_der(x509.random_serial_number()),
        algorithm,
        wanted.issuer.public_bytes(),
        tlv(SEQUENCE, _time(wanted.begin), _time(wanted.end)),
        wanted.subject.public_bytes(),
        spki_of(wanted.key),
        tlv(_CONTEXT_3, _extensions(wanted.extensions)),
    )
    return _signed(tbs, issuer_key)


def revocation_list_of(
    issuer: x509.Name,
    issuer_key: PrivateKey,
    span: tuple[datetime, datetime],
    revoked: Sequence[int],
    extra: Extensions,
) -> bytes:
    """The DER CRL, version 2.

    :param span: when it is made, and when the next one is due.
    :param revoked: serial numbers, revoked as of the first of both times.
    """
    begin, end = map(_time, span)
    entries = [tlv(SEQUENCE, asn1.encode_der(serial), begin) for serial in revoked]
    tbs = tlv(
        SEQUENCE,
        _VERSION_2,
        signing_method(issuer_key).signature_identifier,
        issuer.public_bytes(),
        begin,
        end,
        tlv(SEQUENCE, *entries) if entries else b"",
        tlv(CONTEXT_0, _extensions(extra)),
    )
    return _signed(tbs, issuer_key)


def spki_of(key: PublicKey) -> bytes:
    """DER SubjectPublicKeyInfo."""
    if isinstance(key, SM2PublicKey):
        return key.spki()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def key_identifier(key: PublicKey) -> bytes:
    """20 bytes by which certificates name a key: RFC 7093 §2 method 1 for SM2, RFC 5280's for the others."""
    if isinstance(key, SM2PublicKey):
        return hashlib.sha256(key.point).digest()[:_KEY_IDENTIFIER_BYTES]
    return x509.SubjectKeyIdentifier.from_public_key(key).digest


def authority_key_identifier(key: PublicKey) -> x509.AuthorityKeyIdentifier:
    """The extension that names the key of an issuer."""
    return x509.AuthorityKeyIdentifier(key_identifier(key), None, None)


def _signed(tbs: bytes, key: PrivateKey) -> bytes:
    method = signing_method(key)
    return tlv(SEQUENCE, tbs, method.signature_identifier, tlv(BIT_STRING, b"\0", method.sign(tbs)))


def _extensions(extensions: Extensions) -> bytes:
    return tlv(
        SEQUENCE,
        *(
            tlv(
                SEQUENCE,
                oid(value.oid.dotted_string),
                TRUE if critical else b"",
                tlv(OCTET_STRING, value.public_bytes()),
            )
            for value, critical in extensions
        ),
    )


def _time(at: datetime) -> bytes:
    """UTCTime until 2049 and GeneralizedTime from then on (RFC 5280 §4.1.2.5)."""
    at = at.astimezone(UTC)
    if at.year < _FIRST_GENERALIZED_YEAR:
        return tlv(_UTC_TIME, at.strftime("%y%m%d%H%M%SZ").encode("ascii"))
    return tlv(GENERALIZED_TIME, at.strftime("%Y%m%d%H%M%SZ").encode("ascii"))
