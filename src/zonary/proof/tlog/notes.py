"""Signed notes: C2SP signed-note."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from zonary.proof.errors import Error, MalformedError, UnsupportedError, UntrustedError, VerificationError
from zonary.proof.signatures import verify_ed25519
from zonary.proof.tlog.cosignature import verify_cosignature
from zonary.proof.tlog.grammar import decode_base64, decode_text, is_key_name
from zonary.proof.tlog.keys import (
    ED25519,
    KEY_ID_SIZE,
    SM2,
    SM2_IDENTIFIER,
    NoteSignature,
    Signer,
    SigningKey,
    VerifierKey,
)

__all__ = [
    "MAX_NOTE_BYTES",
    "MAX_SIGNATURES",
    "Note",
    "NoteSignature",
    "OpenedNote",
    "Signer",
    "SigningKey",
    "VerifiedSignature",
    "VerifierKey",
    "open_note",
]

MAX_NOTE_BYTES: Final = 1024 * 1024
MAX_SIGNATURES: Final = 100
"""Most signatures on a note; C2SP demands at least 16."""


@dataclass(frozen=True, slots=True)
class Note:
    """Text, ending in a newline, and the signatures under it, verified or not."""

    text: bytes
    signatures: tuple[NoteSignature, ...]

    @classmethod
    def parse(cls, data: bytes) -> Note:
        """The signed note ``data``.

        :raises MalformedError: when it is none, or exceeds ``MAX_NOTE_BYTES`` or ``MAX_SIGNATURES``.
        """
        if len(data) > MAX_NOTE_BYTES:
            raise MalformedError("A signed note has at most {limit} bytes.", limit=MAX_NOTE_BYTES)
        text, separator, block = decode_text(data, "signed note").rpartition("\n\n")
        lines = block.split("\n")
        if not separator or len(lines) < 2 or lines.pop():
            raise MalformedError("A signed note is text, an empty line, and signature lines.")
        if len(lines) > MAX_SIGNATURES:
            raise MalformedError("A signed note has at most {limit} signatures.", limit=MAX_SIGNATURES)
        return cls((text + "\n").encode("utf-8"), tuple(_parse_signature(line) for line in lines))

    def encode(self) -> bytes:
        """The note as it is stored and sent; parsing it gives an equal value."""
        lines = "".join(signature.encode() for signature in self.signatures)
        return self.text + b"\n" + lines.encode("utf-8")


@dataclass(frozen=True, slots=True)
class VerifiedSignature:
    """A key whose signature on a note holds, and the POSIX time it carries, if its kind carries one."""

    key: VerifierKey
    timestamp: int | None


@dataclass(frozen=True, slots=True)
class OpenedNote:
    """A note that at least one known key signed; ``unknown`` counts the signatures that were not checked."""

    note: Note
    signatures: tuple[VerifiedSignature, ...]
    unknown: int

    @property
    def verified(self) -> tuple[VerifierKey, ...]:
        """The known keys that signed, each once."""
        return tuple(dict.fromkeys(signature.key for signature in self.signatures))


def open_note(data: bytes, keys: Iterable[VerifierKey]) -> OpenedNote:
    """Parse ``data`` and check the signatures of ``keys`` on it.

    Signatures by other keys are ignored, and those of ML-DSA-44 and SM2 where the machine does not have these.

    :raises MalformedError: when it is no signed note.
    :raises VerificationError: when a signature by one of ``keys`` does not hold.
    :raises UntrustedError: when none of ``keys`` signed it.
    :raises UnsupportedError: when the only signatures by ``keys`` cannot be checked by this installation.
    """
    note = Note.parse(data)
    known = {(key.name, key.key_id): key for key in keys}
    verified: list[VerifiedSignature] = []
    unsupported: UnsupportedError | None = None
    for line in note.signatures:
        key = known.get((line.name, line.key_id))
        if key is None:
            continue
        try:
            verified.append(VerifiedSignature(key, _verify_line(key, note.text, line.signature)))
        except UnsupportedError as error:
            unsupported = error
    if not verified:
        raise unsupported or UntrustedError("No trusted key has signed this note.")
    return OpenedNote(note, tuple(verified), len(note.signatures) - len(verified))


def _verify_line(key: VerifierKey, text: bytes, signature: bytes) -> int | None:
    try:
        if key.kind == SM2:
            _verify_sm2(key, text, signature)
            return None
        if key.kind != ED25519:
            return verify_cosignature(key, text, signature)
        verify_ed25519(key.public_key, signature, text)
    except UnsupportedError:
        raise
    except Error:
        raise VerificationError("The signature by {name} on this note is not valid.", name=key.name) from None
    return None


def _verify_sm2(key: VerifierKey, text: bytes, signature: bytes) -> None:
    from zonary.proof.sm2 import SM2PublicKey  # loads libcrypto, which few notes need

    SM2PublicKey(key.public_key.removeprefix(SM2_IDENTIFIER)).verify(signature, text)


def _parse_signature(line: str) -> NoteSignature:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if dash != "\N{EM DASH}" or not is_key_name(name):
        raise MalformedError("A signature line is an em dash, a key name and base64, with one space between.")
    data = decode_base64(encoded, "signature")
    if len(data) <= KEY_ID_SIZE:
        raise MalformedError("The signature by {name} is too short.", name=name)
    return NoteSignature(name, data[:KEY_ID_SIZE], data[KEY_ID_SIZE:])
