"""The one place where signatures are verified.

Public keys and signatures are bytes, so that callers need not know who computes. Every function returns None
or raises: MalformedError when the key or the signature cannot be one, VerificationError when the signature is
not by that key over that message, UnsupportedError when this installation cannot tell.

Ed25519 has one rule on every path, that of Go and OpenSSL: S below the group order, the cofactorless equation
with R compared as bytes (so a non-canonical R and a low-order residue are rejected), every other edge case
accepted.
"""

# The library is imported where it is used: reading a package's text must not wait for OpenSSL to be loaded.
from __future__ import annotations

from functools import cache
from typing import Final, Literal

from zonary.proof.errors import MalformedError, Noun, UnsupportedError, VerificationError

ED25519_KEY_SIZE: Final = 32
ED25519_SIGNATURE_SIZE: Final = 64
MLDSA44_KEY_SIZE: Final = 1312
MLDSA44_SIGNATURE_SIZE: Final = 2420
MAX_MLDSA_CONTEXT_BYTES: Final = 255
ECDSA_INTEGER_SIZE: Final = 32

Curve = Literal["P-256", "secp256k1"]
EcdsaEncoding = Literal["der", "p1363"]


def verify_ed25519(public_key: bytes, signature: bytes, message: bytes) -> None:
    """Check an Ed25519 signature (RFC 8032 §5.1.7): key 32 bytes, signature 64 bytes.

    :raises MalformedError: for a key or signature of another length.
    :raises VerificationError: when the signature is not by this key over ``message``.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    _require_size("Ed25519 public key", public_key, ED25519_KEY_SIZE)
    _require_size("Ed25519 signature", signature, ED25519_SIGNATURE_SIZE)
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except ValueError:
        raise MalformedError("The Ed25519 public key is not a point of the curve.") from None
    except InvalidSignature:
        raise _invalid("Ed25519") from None


def verify_ecdsa(
    curve: Curve,
    public_key: bytes,
    signature: bytes,
    message: bytes,
    *,
    encoding: EcdsaEncoding = "der",
) -> None:
    """Check an ECDSA signature over SHA-256 of ``message`` (FIPS 186-5).

    :param public_key: SEC 1 point, 65 bytes uncompressed or 33 compressed.
    :param signature: ``"der"``: SEQUENCE of two INTEGERs, strictly DER; ``"p1363"``: r and s, 32 bytes each.
    :raises MalformedError: for a key that is no point of the curve, or a signature of an impossible length.
    :raises VerificationError: when the signature is not by this key over ``message``.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256

    if encoding == "p1363":
        _require_size("ECDSA signature", signature, 2 * ECDSA_INTEGER_SIZE)
        r, s = signature[:ECDSA_INTEGER_SIZE], signature[ECDSA_INTEGER_SIZE:]
        signature = encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
    group = ec.SECP256R1() if curve == "P-256" else ec.SECP256K1()
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(group, public_key)
    except ValueError:
        raise MalformedError("The ECDSA public key is not a point of {curve}.", curve=curve) from None
    try:
        key.verify(signature, message, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        raise _invalid("ECDSA") from None


@cache
def mldsa_available() -> bool:
    """Whether this installation can sign and verify ML-DSA-44."""
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

        MLDSA44PrivateKey.from_seed_bytes(bytes(32))
    except (ImportError, UnsupportedAlgorithm):
        return False
    return True


def require_mldsa() -> None:
    """:raises UnsupportedError: unless :func:`mldsa_available`."""
    if not mldsa_available():
        raise UnsupportedError("The installed cryptography library has no ML-DSA-44; install a newer one.")


def verify_mldsa44(public_key: bytes, signature: bytes, message: bytes, context: bytes = b"") -> None:
    """Check an ML-DSA-44 signature (FIPS 204, pure): key 1312 bytes, signature 2420 bytes.

    :raises MalformedError: for a key or signature of another length, or a context above 255 bytes.
    :raises VerificationError: when the signature is not by this key over ``message`` in ``context``.
    :raises UnsupportedError: where :func:`mldsa_available` is false.
    """
    require_mldsa()
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

    _require_size("ML-DSA-44 public key", public_key, MLDSA44_KEY_SIZE)
    _require_size("ML-DSA-44 signature", signature, MLDSA44_SIGNATURE_SIZE)
    if len(context) > MAX_MLDSA_CONTEXT_BYTES:
        raise MalformedError("An ML-DSA context has at most {limit} bytes.", limit=MAX_MLDSA_CONTEXT_BYTES)
    try:
        MLDSA44PublicKey.from_public_bytes(public_key).verify(signature, message, context)
    except ValueError:
        raise MalformedError("The ML-DSA-44 public key is damaged.") from None
    except InvalidSignature:
        raise _invalid("ML-DSA-44") from None


def _require_size(what: str, value: bytes, size: int) -> None:
    if len(value) != size:
        raise MalformedError("An {what} has {size} bytes, not {length}.", what=Noun(what), size=size, length=len(value))


def _invalid(algorithm: str) -> VerificationError:
    return VerificationError("The {algorithm} signature is not valid.", algorithm=algorithm)
