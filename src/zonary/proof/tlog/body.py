"""What a checkpoint says: the note text of C2SP tlog-checkpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from zonary.proof.errors import MalformedError
from zonary.proof.merkle import EMPTY_ROOTS, HASH_SIZE, MAX_TREE_SIZE
from zonary.proof.tlog.grammar import (
    MAX_NAME_BYTES,
    decode_base64,
    decode_decimal,
    decode_text,
    encode_base64,
    encode_text,
)

MAX_EXTENSIONS: Final = 64


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Size and root of a log at one moment: ``root`` is 32 bytes, extension lines are opaque."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        lines = (self.origin, *self.extensions)
        if not all(line and not any(c < " " for c in line) for line in lines):
            raise MalformedError("The lines of a checkpoint are not empty and have no control characters.")
        if len(encode_text(self.origin, "checkpoint's origin")) > MAX_NAME_BYTES:
            raise MalformedError("The origin of a checkpoint has at most {limit} bytes.", limit=MAX_NAME_BYTES)
        if len(self.extensions) > MAX_EXTENSIONS:
            raise MalformedError("A checkpoint has at most {limit} extension lines.", limit=MAX_EXTENSIONS)
        if not 0 <= self.size <= MAX_TREE_SIZE or len(self.root) != HASH_SIZE:
            raise MalformedError("A checkpoint has a size below 2^63 and a root of 32 bytes.")
        if self.size == 0 and self.root != EMPTY_ROOTS["sha256"]:
            raise MalformedError("The checkpoint of size 0 does not have the root of the empty tree.")

    @classmethod
    def parse(cls, text: bytes) -> Checkpoint:
        """The note text ``text``, without signatures.

        :raises MalformedError: when it is no checkpoint.
        """
        lines = decode_text(text, "checkpoint").split("\n")
        if len(lines) < 4 or lines.pop():
            raise MalformedError("A checkpoint has at least three lines, each ending in a newline.")
        origin, size, root, *extensions = lines
        return cls(
            origin,
            decode_decimal(size, "checkpoint's size"),
            decode_base64(root, "checkpoint's root"),
            tuple(extensions),
        )

    def encode(self) -> bytes:
        """The note text to be signed."""
        lines = (self.origin, str(self.size), encode_base64(self.root), *self.extensions)
        return encode_text("\n".join(lines) + "\n", "checkpoint")
