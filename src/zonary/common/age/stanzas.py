"""The head of an encrypted file: for each who can open it a stanza, then what seals them."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from zonary.common.age.errors import AgeError

INTRODUCTION: Final = b"age-encryption.org/v1\n"
_LINE_CHARACTERS: Final = 64
MAX_LINE_BYTES: Final = 1024
MAX_LINES: Final = 256
_FIRST = re.compile(rb"-> ([!-~]+(?: [!-~]+)*)\n")
_BODY = re.compile(rb"[A-Za-z0-9+/]{0,64}\n")
_END = re.compile(rb"--- ([A-Za-z0-9+/]{43})\n")


@dataclass(frozen=True, slots=True)
class Stanza:
    """What one who can open the file needs."""

    kind: str
    arguments: tuple[str, ...]
    body: bytes

    def encode(self) -> bytes:
        text = to_base64(self.body)
        lines = [text[start : start + _LINE_CHARACTERS] for start in range(0, len(text), _LINE_CHARACTERS)]
        if len(text) % _LINE_CHARACTERS == 0:
            lines.append("")  # the last line is always the shorter one
        return "\n".join((" ".join(("->", self.kind, *self.arguments)), *lines, "")).encode("ascii")


def encode_head(stanzas: Iterable[Stanza], file_key: bytes) -> bytes:
    """The whole head, its last line included."""
    head = INTRODUCTION + b"".join(stanza.encode() for stanza in stanzas) + b"---"
    return head + b" " + to_base64(_seal(head, file_key)).encode("ascii") + b"\n"


@dataclass(frozen=True, slots=True)
class Head:
    """A head as it was read; ``sealed`` are the bytes that ``seal`` is over."""

    stanzas: tuple[Stanza, ...]
    sealed: bytes
    seal: bytes

    def require_whole(self, file_key: bytes) -> None:
        """:raises AgeError: when somebody changed it."""
        if not hmac.compare_digest(_seal(self.sealed, file_key), self.seal):
            raise AgeError("This is no file of age, or it is damaged in its first lines.")


def read_head(file: BinaryIO) -> Head:
    """The head at the beginning of ``file``, which is left where the payload begins.

    :raises AgeError: when there is none, or more of it than anything of ours has.
    """
    lines = [file.readline(MAX_LINE_BYTES)]
    stanzas: list[Stanza] = []
    words: list[str] | None = None
    body = b""
    if lines[0] != INTRODUCTION:
        raise _malformed()
    while len(lines) < MAX_LINES:
        line = file.readline(MAX_LINE_BYTES)
        lines.append(line)
        if words is not None:
            if not _BODY.fullmatch(line):
                raise _malformed()
            body += line[:-1]
            if len(line) <= _LINE_CHARACTERS:
                stanzas.append(Stanza(words[0], tuple(words[1:]), _decoded(body)))
                words, body = None, b""
        elif found := _FIRST.fullmatch(line):
            words = found[1].decode("ascii").split(" ")
        elif (end := _END.fullmatch(line)) and stanzas:
            return Head(tuple(stanzas), b"".join(lines[:-1]) + b"---", _decoded(end[1]))
        else:
            break
    raise _malformed()


def to_base64(data: bytes) -> str:
    """Without the equals signs at the end."""
    return base64.b64encode(data).decode("ascii").rstrip("=")


def from_base64(text: str, size: int) -> bytes | None:
    """The ``size`` bytes that ``text`` is the one way to write; None otherwise."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if len(data) == size and to_base64(data) == text else None


def _decoded(text: bytes) -> bytes:
    found = from_base64(text.decode("ascii"), len(text) * 3 // 4)
    if found is None:
        raise _malformed()
    return found


def _seal(head: bytes, file_key: bytes) -> bytes:
    return hmac.digest(HKDF(hashes.SHA256(), 32, None, b"header").derive(file_key), head, "sha256")


def _malformed() -> AgeError:
    return AgeError("This is no file of age, or it is damaged in its first lines.")
