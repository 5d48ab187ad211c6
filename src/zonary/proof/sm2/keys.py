"""SM2 signatures with SM3 (GB/T 32918.2), and their keys in the usual files (GM/T 0009, RFC 5958, RFC 5280).

A signature is over SM3 of Z and the message; Z stands for the signer: an identifier, the curve and the public key.
Unless two sides agreed on another identifier it is that of GM/T 0009.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import Final

from zonary.proof.errors import MalformedError, VerificationError
from zonary.proof.sm2.libcrypto import DIGEST_BYTES, MAX_SIGNATURE_BYTES, Handle

DEFAULT_IDENTIFIER: Final = b"1234567812345678"
"""GM/T 0009: what stands for the signer unless something else was agreed."""
MAX_IDENTIFIER_BYTES: Final = 8191
"""Z begins with its length in bits, as two bytes."""
POINT_BYTES: Final = 65
MAX_PEM_BYTES: Final = 4096

# SubjectPublicKeyInfo up to the point: id-ecPublicKey, the curve 1.2.156.10197.1.301, a BIT STRING of 66 bytes.
_SPKI_HEAD: Final = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
# a, b, xG, yG of GB/T 32918.5.
_CURVE: Final = bytes.fromhex(
    "fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc"
    "28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93"
    "32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7"
    "bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0"
)
_PEM: Final = re.compile(
    rb"-----BEGIN (EC PRIVATE KEY|PRIVATE KEY)-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END \1-----", re.ASCII
)


class SM2PublicKey:
    """A point of the SM2 curve; equal to another one with the same point."""

    __slots__ = ("_handle", "_z", "point")

    def __init__(self, point: bytes) -> None:
        """:param point: 65 bytes, uncompressed.

        :raises MalformedError: unless that is a point of the curve.
        :raises UnsupportedError: when this machine has no SM2.
        """
        if len(point) != POINT_BYTES or point[0] != 4:
            raise MalformedError("An SM2 public key is an uncompressed point of {size} bytes.", size=POINT_BYTES)
        self._handle: Final = Handle.from_public(_SPKI_HEAD + point)
        self._z: Final = _z(DEFAULT_IDENTIFIER, point)
        self.point: Final = point

    @classmethod
    def from_spki(cls, der: bytes) -> SM2PublicKey:
        """From a SubjectPublicKeyInfo with the curve by its name and the point uncompressed.

        :raises MalformedError: for anything else.
        """
        if not is_sm2_spki(der):
            raise MalformedError("This is not the public key of SM2 in the form that certificates have it.")
        return cls(der[len(_SPKI_HEAD) :])

    def spki(self) -> bytes:
        """DER SubjectPublicKeyInfo."""
        return _SPKI_HEAD + self.point

    def digest(self, message: bytes, identifier: bytes = DEFAULT_IDENTIFIER) -> bytes:
        """SM3 over Z and ``message``: what is signed."""
        z = self._z if identifier == DEFAULT_IDENTIFIER else _z(identifier, self.point)
        return hashlib.new("sm3", z + message).digest()

    def verify(self, signature: bytes, message: bytes, identifier: bytes = DEFAULT_IDENTIFIER) -> None:
        """:raises VerificationError: unless ``signature``, in DER, is by this key over ``message``."""
        self.verify_digest(signature, self.digest(message, identifier))

    def verify_digest(self, signature: bytes, digest: bytes) -> None:
        """The same where Z and the message are digested already.

        :raises VerificationError: unless ``signature``, in DER, is by this key over ``digest``.
        """
        if len(digest) != DIGEST_BYTES:
            raise MalformedError("An SM2 signature is over a digest of {size} bytes.", size=DIGEST_BYTES)
        if len(signature) > MAX_SIGNATURE_BYTES or not self._handle.verifies(signature, digest):
            raise VerificationError("The SM2 signature is not valid.")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SM2PublicKey) and other.point == self.point

    def __hash__(self) -> int:
        return hash(self.point)

    def __repr__(self) -> str:
        return f"SM2PublicKey({self.point.hex()})"


class SM2PrivateKey:
    """A key that signs. It lives in libcrypto's memory and is not shown by ``repr``."""

    __slots__ = ("_handle", "_public")

    def __init__(self, handle: Handle) -> None:
        self._handle: Final = handle
        self._public: Final = SM2PublicKey.from_spki(handle.public_der())

    @classmethod
    def generate(cls) -> SM2PrivateKey:
        """:raises UnsupportedError: when this machine has no SM2."""
        return cls(Handle.generate())

    @classmethod
    def from_pem(cls, pem: bytes) -> SM2PrivateKey:
        """From an unencrypted PKCS #8 or SEC 1 file; its public part is derived when it is not there.

        :raises MalformedError: for anything else, or a public part of another key.
        """
        found = _PEM.search(pem[:MAX_PEM_BYTES])
        try:
            der = base64.b64decode(b"".join(found[2].split()), validate=True) if found else b""
        except binascii.Error:
            der = b""
        if not der:
            raise MalformedError("The SM2 private key is not unencrypted PEM that can be read.")
        return cls(Handle.from_private(der))

    def pem(self) -> bytes:
        """PKCS #8, unencrypted: for files that only their owner can read."""
        text = base64.b64encode(self._handle.private_der())
        lines = [text[begin : begin + 64] for begin in range(0, len(text), 64)]
        return b"\n".join((b"-----BEGIN PRIVATE KEY-----", *lines, b"-----END PRIVATE KEY-----", b""))

    def public_key(self) -> SM2PublicKey:
        return self._public

    def sign(self, message: bytes, identifier: bytes = DEFAULT_IDENTIFIER) -> bytes:
        """A DER signature, another one each time."""
        return self._handle.sign(self._public.digest(message, identifier))


def is_sm2_spki(der: bytes) -> bool:
    """Whether a SubjectPublicKeyInfo is one of SM2, by its algorithm and length."""
    return der.startswith(_SPKI_HEAD) and len(der) == len(_SPKI_HEAD) + POINT_BYTES


def _z(identifier: bytes, point: bytes) -> bytes:
    if len(identifier) > MAX_IDENTIFIER_BYTES:
        raise MalformedError("An SM2 identifier has at most {limit} bytes.", limit=MAX_IDENTIFIER_BYTES)
    head = (8 * len(identifier)).to_bytes(2, "big")
    return hashlib.new("sm3", head + identifier + _CURVE + point[1:]).digest()
