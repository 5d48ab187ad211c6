"""Object identifiers: digests a timestamp may carry or use, and signature algorithms.

Sources: RFC 5754 (SHA-2), GM/T 0006 (SM3, SM2), RFC 8017 (RSA), RFC 5758 (ECDSA), RFC 8419 (Ed25519).
"""

from __future__ import annotations

import hashlib
from typing import Final, Literal

from cryptography.hazmat import asn1
from cryptography.hazmat.bindings._rust import ObjectIdentifier  # cryptography.x509 has it too, for 50 ms more
from cryptography.hazmat.primitives import hashes

from zonary.proof.errors import MalformedError
from zonary.proof.timestamp.der import ASN1_NULL, SEQUENCE, tlv

ImprintAlgorithm = Literal["sha256", "sha384", "sha512", "sm3"]
"""Digest algorithms a message imprint may have, by their :mod:`hashlib` names."""

DIGEST_OIDS: Final[dict[ImprintAlgorithm, str]] = {
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
    "sm3": "1.2.156.10197.1.401",
}
DIGEST_NAMES: Final[dict[str, ImprintAlgorithm]] = {dotted: name for name, dotted in DIGEST_OIDS.items()} | {
    "1.2.156.10197.1.401.1": "sm3"  # "SM3 without a key" (GM/T 0006), which some write
}
DIGEST_SIZES: Final[dict[ImprintAlgorithm, int]] = {"sha256": 32, "sha384": 48, "sha512": 64, "sm3": 32}
SIGNATURE_HASHES: Final[dict[ImprintAlgorithm, hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
"""What RSA and ECDSA signatures are made over; SM3 goes with SM2 only."""

WEAK_DIGEST_OIDS: Final = frozenset({"1.3.14.3.2.26", "1.2.840.113549.2.5", "1.2.840.113549.2.4", "1.2.840.113549.2.2"})
"""SHA-1, MD5, MD4, MD2: known, and refused."""

SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
GM_SIGNED_DATA: Final = "1.2.156.10197.6.1.4.2.2"
"""SignedData of GM/T 0010: the same structure, signed with SM2."""
GM_DATA: Final = "1.2.156.10197.6.1.4.2.1"
"""Plain data of GM/T 0010. It has no type of its own for timestamp information, so that some write this one."""
TST_INFO: Final = "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
SIGNING_CERTIFICATE: Final = "1.2.840.113549.1.9.16.2.12"
SIGNING_CERTIFICATE_V2: Final = "1.2.840.113549.1.9.16.2.47"

RSA_ENCRYPTION: Final = "1.2.840.113549.1.1.1"
RSA_PSS: Final = "1.2.840.113549.1.1.10"
MGF1: Final = "1.2.840.113549.1.1.8"
ED25519: Final = "1.3.101.112"
EC_PUBLIC_KEY: Final = "1.2.840.10045.2.1"
RSA_WITH: Final[dict[str, ImprintAlgorithm]] = {
    "1.2.840.113549.1.1.11": "sha256",
    "1.2.840.113549.1.1.12": "sha384",
    "1.2.840.113549.1.1.13": "sha512",
}
ECDSA_WITH: Final[dict[str, ImprintAlgorithm]] = {
    "1.2.840.10045.4.3.2": "sha256",
    "1.2.840.10045.4.3.3": "sha384",
    "1.2.840.10045.4.3.4": "sha512",
}
SM2_WITH_SM3: Final = "1.2.156.10197.1.501"
SM2_SIGNATURES: Final = frozenset({"1.2.156.10197.1.301", "1.2.156.10197.1.301.1", SM2_WITH_SM3})
"""How signers name it: SM2 as a curve, as a signature, and combined with SM3 (GM/T 0006, GM/T 0010)."""
WEAK_SIGNATURE_OIDS: Final = frozenset(
    {"1.2.840.113549.1.1.4", "1.2.840.113549.1.1.5", "1.2.840.10045.4.1", "1.2.840.10040.4.3"}
)
"""MD5 or SHA-1 with RSA, SHA-1 with ECDSA, SHA-1 with DSA."""


def oid(dotted: str) -> bytes:
    """The DER OBJECT IDENTIFIER for ``dotted``.

    :raises MalformedError: unless it is an object identifier in dotted notation.
    """
    try:
        return asn1.encode_der(ObjectIdentifier(dotted))
    except ValueError as error:
        raise MalformedError('"{text}" is not an object identifier such as 1.2.3.4.', text=dotted) from error


def digest_identifier(name: ImprintAlgorithm) -> bytes:
    """The DER AlgorithmIdentifier of a digest, with the NULL parameters most software writes."""
    return tlv(SEQUENCE, oid(DIGEST_OIDS[name]), ASN1_NULL)


def digest_of(name: ImprintAlgorithm, data: bytes) -> bytes:
    """The digest of ``data``; SM3 comes from the OpenSSL behind :mod:`hashlib`."""
    known = _DIRECT.get(name)
    return known(data).digest() if known else hashlib.new(name, data).digest()


_DIRECT = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
"""Without the search by name: an authority asks thousands of times a second."""
