"""How an authority's key signs: algorithm identifiers and one function, settled once per key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from zonary.proof.errors import UnsupportedError
from zonary.proof.sm2 import SM2PrivateKey
from zonary.proof.timestamp.algorithms import (
    ECDSA_WITH,
    ED25519,
    GM_SIGNED_DATA,
    RSA_WITH,
    SIGNATURE_HASHES,
    SIGNED_DATA,
    SM2_WITH_SM3,
    ImprintAlgorithm,
    digest_identifier,
    digest_of,
    oid,
)
from zonary.proof.timestamp.der import ASN1_NULL, SEQUENCE, tlv

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | SM2PrivateKey

_CURVES: dict[str, ImprintAlgorithm] = {"secp256r1": "sha256", "secp384r1": "sha384", "secp521r1": "sha512"}


@dataclass(frozen=True, slots=True)
class SigningMethod:
    """:ivar digest_identifier: DER AlgorithmIdentifier of the digest in ``messageDigest``.
    :ivar signature_identifier: DER AlgorithmIdentifier of the signature.
    :ivar content_type: what the signed data is called around it: CMS's name, or for SM2 that of GM/T 0010.
    :ivar reference_digest: what the signing certificate is named by.
    """

    digest_name: ImprintAlgorithm
    digest_identifier: bytes
    signature_identifier: bytes
    sign: Callable[[bytes], bytes]
    content_type: str = SIGNED_DATA
    reference_digest: ImprintAlgorithm = "sha256"

    def digest(self, data: bytes) -> bytes:
        return digest_of(self.digest_name, data)


def signing_method(key: PrivateKey) -> SigningMethod:
    """The usual method for a key: ECDSA with the digest of the curve's size, RSA with SHA-256, Ed25519, SM2 with SM3.

    :raises UnsupportedError: for another kind of key.
    """
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        name = _CURVES[key.curve.name]
        scheme = ec.ECDSA(SIGNATURE_HASHES[name])
        identifier = tlv(SEQUENCE, oid(_oid_for(ECDSA_WITH, name)))
        ec_key = key
        return SigningMethod(name, digest_identifier(name), identifier, lambda data: ec_key.sign(data, scheme))
    if isinstance(key, rsa.RSAPrivateKey):
        rsa_key, pkcs1, sha256 = key, padding.PKCS1v15(), SIGNATURE_HASHES["sha256"]
        identifier = tlv(SEQUENCE, oid(_oid_for(RSA_WITH, "sha256")), ASN1_NULL)
        return SigningMethod(
            "sha256", digest_identifier("sha256"), identifier, lambda data: rsa_key.sign(data, pkcs1, sha256)
        )
    if isinstance(key, ed25519.Ed25519PrivateKey):
        # RFC 8419 §3: SHA-512 for the message digest, and no parameters.
        return SigningMethod("sha512", digest_identifier("sha512"), tlv(SEQUENCE, oid(ED25519)), key.sign)
    if isinstance(key, SM2PrivateKey):
        identifier = tlv(SEQUENCE, oid(SM2_WITH_SM3))
        return SigningMethod("sm3", digest_identifier("sm3"), identifier, key.sign, GM_SIGNED_DATA, "sm3")
    raise UnsupportedError("A timestamp authority needs an EC (P-256, P-384, P-521), RSA, Ed25519 or SM2 key.")


def _oid_for(table: dict[str, ImprintAlgorithm], name: ImprintAlgorithm) -> str:
    return next(dotted for dotted, digest in table.items() if digest == name)
