"""Who can open a file: keys and passphrases, and how each wraps the key of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from zonary.common.age import bech32
from zonary.common.age.errors import AgeError
from zonary.common.age.stanzas import Stanza, from_base64, to_base64

FILE_KEY_BYTES: Final = 16
_WRAPPED_BYTES: Final = FILE_KEY_BYTES + 16
_X25519, _SCRYPT = "X25519", "scrypt"
_RECIPIENT, _IDENTITY = "age", "age-secret-key-"
_SALT_BYTES: Final = 16
WORK_FACTOR: Final = 18
"""Binary logarithm of scrypt's N: 256 MB of memory for a second, as age takes."""
MAX_WORK_FACTOR: Final = 20
"""A file made to cost more is refused: 1 GB is what opening one may take."""
LEAST_CHARACTERS: Final = 12


class Lock(Protocol):
    """Wraps the key of a file."""

    def wrap(self, file_key: bytes, randomness: bytes) -> Stanza:
        """:param randomness: 32 fresh random bytes."""
        ...


class Opener(Protocol):
    """Finds the key of a file."""

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """The key, or None when none of ``stanzas`` is for this opener.

        :raises AgeError: when a stanza is malformed, or asks for more than is given.
        """
        ...


@dataclass(frozen=True, slots=True)
class Recipient:
    """A public key, ``age1…``: whom a file is encrypted to."""

    public: bytes

    @classmethod
    def parse(cls, text: str) -> Recipient:
        """:raises AgeError: when it is none; a secret key is not repeated."""
        public = bech32.decode(_RECIPIENT, text.strip())
        if public is None or len(public) != 32:
            raise AgeError("This is no public key of age: one begins with age1 and has 62 characters.")
        return cls(public)

    def __str__(self) -> str:
        return bech32.encode(_RECIPIENT, self.public)

    def wrap(self, file_key: bytes, randomness: bytes) -> Stanza:
        once = X25519PrivateKey.from_private_bytes(randomness)
        share = once.public_key().public_bytes_raw()
        try:
            shared = once.exchange(X25519PublicKey.from_public_bytes(self.public))
        except ValueError:
            raise AgeError("This public key of age is one that everybody can open files for.") from None
        key = _derived(shared, share + self.public, b"age-encryption.org/v1/X25519")
        return Stanza(_X25519, (to_base64(share),), ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None))


@dataclass(frozen=True, slots=True)
class Identity:
    """A secret key, ``AGE-SECRET-KEY-1…``."""

    secret: bytes = field(repr=False)

    @classmethod
    def parse_file(cls, text: str) -> list[Identity]:
        """Every key in a file as ``age-keygen`` writes it: a line each, comments after ``#``.

        :raises AgeError: when a line is no key, or there is none; it is not repeated.
        """
        lines = [line.strip() for line in text.splitlines()]
        keys = [bech32.decode(_IDENTITY, line) for line in lines if line and not line.startswith("#")]
        if not keys or any(key is None or len(key) != 32 for key in keys):
            raise AgeError("This file holds no secret key of age: a line that begins with AGE-SECRET-KEY-1.")
        return [cls(key) for key in keys if key is not None]

    @property
    def recipient(self) -> Recipient:
        return Recipient(X25519PrivateKey.from_private_bytes(self.secret).public_key().public_bytes_raw())

    def encode(self) -> str:
        """The line of a key file."""
        return bech32.encode(_IDENTITY, self.secret).upper()

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        own = X25519PrivateKey.from_private_bytes(self.secret)
        public = own.public_key().public_bytes_raw()
        for stanza in stanzas:
            if stanza.kind != _X25519:
                continue
            share = from_base64(stanza.arguments[0], 32) if len(stanza.arguments) == 1 else None
            if share is None or len(stanza.body) != _WRAPPED_BYTES:
                raise AgeError("This is no file of age, or it is damaged in its first lines.")
            try:
                shared = own.exchange(X25519PublicKey.from_public_bytes(share))
                key = _derived(shared, share + public, b"age-encryption.org/v1/X25519")
                return ChaCha20Poly1305(key).decrypt(bytes(12), stanza.body, None)
            except (InvalidTag, ValueError):
                continue  # for somebody else
        return None


@dataclass(frozen=True, slots=True)
class Passphrase:
    """A passphrase, which both encrypts and opens; a file for one is for nobody else."""

    text: str = field(repr=False)
    work_factor: int = WORK_FACTOR

    @classmethod
    def parse_file(cls, text: str) -> Passphrase:
        """:raises AgeError: when the first line is too short to be one."""
        line = (text.splitlines() or [""])[0].strip()
        if len(line) < LEAST_CHARACTERS:
            raise AgeError("A passphrase needs {least} characters at least.", least=LEAST_CHARACTERS)
        return cls(line)

    def wrap(self, file_key: bytes, randomness: bytes) -> Stanza:
        salt = randomness[:_SALT_BYTES]
        body = ChaCha20Poly1305(self._key(salt, self.work_factor)).encrypt(bytes(12), file_key, None)
        return Stanza(_SCRYPT, (to_base64(salt), str(self.work_factor)), body)

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        if all(stanza.kind != _SCRYPT for stanza in stanzas):
            return None
        if len(stanzas) != 1 or len(stanzas[0].arguments) != 2 or len(stanzas[0].body) != _WRAPPED_BYTES:
            raise AgeError("This is no file of age, or it is damaged in its first lines.")
        encoded, factor = stanzas[0].arguments
        salt = from_base64(encoded, _SALT_BYTES)
        if salt is None or not (factor.isascii() and factor.isdigit() and len(factor) <= 2) or factor.startswith("0"):
            raise AgeError("This is no file of age, or it is damaged in its first lines.")
        if int(factor) > MAX_WORK_FACTOR:
            raise AgeError("Opening this file would take more memory than it may; it was not made by Zonary.")
        try:
            return ChaCha20Poly1305(self._key(salt, int(factor))).decrypt(bytes(12), stanzas[0].body, None)
        except InvalidTag:
            return None

    def _key(self, salt: bytes, factor: int) -> bytes:
        salted = b"age-encryption.org/v1/scrypt" + salt
        return Scrypt(salt=salted, length=32, n=1 << factor, r=8, p=1).derive(self.text.encode("utf-8"))


def _derived(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, info).derive(secret)
