"""Keys that sign notes, in the text forms of C2SP signed-note and Go's sumdb/note."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final, Protocol

from zonary.proof.errors import Error, MalformedError, Noun, UnsupportedError
from zonary.proof.signatures import ED25519_KEY_SIZE, MLDSA44_KEY_SIZE
from zonary.proof.tlog.grammar import (
    MAX_NAME_BYTES,
    decode_base64,
    encode_base64,
    encode_text,
    is_key_name,
)

ED25519: Final = 0x01
"""Ed25519 over the note text (C2SP signed-note)."""
ED25519_COSIGNATURE: Final = 0x04
"""Timestamped Ed25519 over a checkpoint (C2SP tlog-cosignature)."""
MLDSA44_COSIGNATURE: Final = 0x06
"""Timestamped ML-DSA-44 over a checkpoint or sub-tree (C2SP tlog-cosignature)."""
SM2: Final = 0xFF
"""A type without a byte of its own, as C2SP signed-note calls it: told by the longer identifier behind it."""
SM2_IDENTIFIER: Final = bytes.fromhex("06082a811ccf55018375")
"""SM2 with SM3 over the note text: the DER object identifier 1.2.156.10197.1.501. The point follows it in a key."""

SM2_POINT_SIZE: Final = 65

KEY_SIZES: Final = {
    ED25519: ED25519_KEY_SIZE,
    ED25519_COSIGNATURE: ED25519_KEY_SIZE,
    MLDSA44_COSIGNATURE: MLDSA44_KEY_SIZE,
    SM2: len(SM2_IDENTIFIER) + SM2_POINT_SIZE,
}
"""Bytes of the public key, by kind of signature."""
MAX_KEY_CHARACTERS: Final = 4096
KEY_ID_SIZE: Final = 4
SEED_SIZE: Final = 32
_SECRET_PREFIX: Final = "PRIVATE+KEY+"  # noqa: S105 - not a secret: how the text form of one begins


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: key name, 4-byte key id, and the signature behind it."""

    name: str
    key_id: bytes
    signature: bytes

    def encode(self) -> str:
        """The line with its newline."""
        return f"\N{EM DASH} {self.name} {encode_base64(self.key_id + self.signature)}\n"


class Signer(Protocol):
    """What can sign a checkpoint."""

    @property
    def verifier(self) -> VerifierKey: ...

    def sign(self, text: bytes, *, at: int = 0) -> NoteSignature:
        """Sign the note ``text``; ``at`` is the POSIX time in seconds, for signatures that carry one."""
        ...


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key by the name its owner signs with.

    ``kind`` is the signature type byte; ``public_key`` is what follows it in the vkey.
    """

    name: str
    key_id: bytes
    kind: int
    public_key: bytes

    @classmethod
    def of(cls, name: str, kind: int, public_key: bytes) -> VerifierKey:
        """The key with the id C2SP recommends: the first four bytes of SHA-256(name, newline, kind, key).

        :raises MalformedError: for a name no key can have, or a key of the wrong length.
        :raises UnsupportedError: for a kind of signature that is not known here.
        """
        if not is_key_name(name) or len(encode_text(name, "key name")) > MAX_NAME_BYTES:
            raise MalformedError(
                "A key name has 1 to {limit} bytes, without spaces, plus signs or control characters.",
                limit=MAX_NAME_BYTES,
            )
        if kind not in KEY_SIZES or (kind == SM2 and not public_key.startswith(SM2_IDENTIFIER)):
            raise UnsupportedError("The key {name} is of a kind not known here: {kind}.", name=name, kind=kind)
        if len(public_key) != KEY_SIZES[kind]:
            raise MalformedError(
                "The public key of {name} has {length} bytes where its kind has {size}.",
                name=name,
                length=len(public_key),
                size=KEY_SIZES[kind],
            )
        identified = name.encode() + b"\n" + bytes([kind]) + public_key
        return cls(name, hashlib.sha256(identified).digest()[:KEY_ID_SIZE], kind, public_key)

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """The vkey ``text``, ``name+hex(id)+base64(kind, key)``.

        :raises MalformedError: when it is none, or its id is not that of the key.
        :raises UnsupportedError: for a kind of signature that is not known here.
        """
        name, identifier, material = _split_key(text, "verifier key")
        key = cls.of(name, material[0], material[1:])
        _require_id(key, identifier)
        return key

    def encode(self) -> str:
        """The vkey: one line of text, without newline."""
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(bytes([self.kind]) + self.public_key)}"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key that signs notes. Its text form is that of Go's sumdb/note."""

    verifier: VerifierKey
    seed: bytes = field(repr=False)

    @classmethod
    def generate(cls, name: str) -> SigningKey:
        """A fresh key.

        :raises MalformedError: for a name no key can have.
        """
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return cls.from_seed(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> SigningKey:
        """The key made from 32 random bytes."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        public_key = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
        return cls(VerifierKey.of(name, ED25519, public_key), seed)

    @classmethod
    def parse(cls, text: str) -> SigningKey:
        """The skey ``text``, ``PRIVATE+KEY+name+hex(id)+base64(1, seed)``.

        :raises MalformedError: when it is none; the sentence never repeats the text.
        """
        name, identifier, seed = parse_secret(text, ED25519)
        key = cls.from_seed(name, seed)
        _require_id(key.verifier, identifier)
        return key

    def encode(self) -> str:
        """The skey: one line of text, without newline. Keep it secret."""
        return encode_secret(self.verifier, self.seed)

    def sign(self, text: bytes, *, at: int = 0) -> NoteSignature:
        """Sign the note ``text``; an Ed25519 note signature carries no time, ``at`` is not used."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text)
        return NoteSignature(self.verifier.name, self.verifier.key_id, signature)


def parse_secret(text: str, kind: int) -> tuple[str, str, bytes]:
    """Name, id in hexadecimal, and 32-byte seed of the skey ``text`` of ``kind``.

    :raises MalformedError: when it is none.
    """
    if not text.startswith(_SECRET_PREFIX):
        raise MalformedError("A signing key begins with PRIVATE+KEY+.")
    name, identifier, material = _split_key(text.removeprefix(_SECRET_PREFIX), "signing key")
    if material[0] != kind or len(material) != 1 + SEED_SIZE:
        raise MalformedError("The signing key of {name} is not of the expected kind.", name=name)
    return name, identifier, material[1:]


def encode_secret(verifier: VerifierKey, seed: bytes) -> str:
    """The skey with ``seed`` that ``verifier`` belongs to."""
    material = encode_base64(bytes([verifier.kind]) + seed)
    return f"{_SECRET_PREFIX}{verifier.name}+{verifier.key_id.hex()}+{material}"


def _split_key(text: str, what: str) -> tuple[str, str, bytes]:
    if len(text) > MAX_KEY_CHARACTERS:
        raise MalformedError("The {what} is longer than {limit} characters.", what=Noun(what), limit=MAX_KEY_CHARACTERS)
    # base64 may contain plus signs, names and ids may not
    name, _, rest = text.partition("+")
    identifier, separator, material = rest.partition("+")
    if not separator or len(identifier) != 2 * KEY_ID_SIZE:
        raise MalformedError("The {what} is not of the form name+id+base64.", what=Noun(what))
    return name, identifier, decode_base64(material, what)


def _require_id(key: VerifierKey, identifier: str) -> None:
    if identifier != key.key_id.hex():
        raise MalformedError("The key {name} does not have the id written in it.", name=key.name)


def require_time(at: int) -> None:
    """:raises Error: unless ``at`` is a POSIX time a cosignature can carry, 0 to 2^63-1 seconds."""
    if not 0 <= at < 2**63:
        raise Error("A signature cannot carry the time {at}.", at=at)
