"""The pair of digests Zonary keeps at every level: SHA-256 (FIPS 180-4) and SM3 (GB/T 32905-2016)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal, Protocol

from zonary.proof.errors import MalformedError

HashName = Literal["sha256", "sm3"]
DIGEST_SIZE = 32
"""Bytes in either digest."""


class Hasher(Protocol):
    """What of :mod:`hashlib`'s objects is used here."""

    def update(self, data: bytes | bytearray | memoryview, /) -> None: ...
    def digest(self) -> bytes: ...


def hasher(name: HashName) -> Hasher:
    """A fresh hash object for ``name``."""
    return hashlib.sha256() if name == "sha256" else hashlib.new("sm3")


@dataclass(frozen=True, slots=True)
class Digests:
    """SHA-256 and SM3 of the same bytes, 32 bytes each."""

    sha256: bytes
    sm3: bytes

    @classmethod
    def from_hex(cls, sha256: str, sm3: str) -> Digests:
        """:raises MalformedError: unless both are 64 lower-case hexadecimal digits."""
        return cls(digest_from_hex(sha256, "SHA-256"), digest_from_hex(sm3, "SM3"))

    def hex(self) -> dict[str, str]:
        return {"sha256": self.sha256.hex(), "sm3": self.sm3.hex()}


def digests_of(data: bytes) -> Digests:
    """Both digests of ``data``."""
    return Digests(hashlib.sha256(data).digest(), hashlib.new("sm3", data).digest())


def digest_from_hex(text: object, name: str) -> bytes:
    """32 bytes from 64 lower-case hexadecimal digits.

    :raises MalformedError: for anything else; upper case is refused so that one digest has one spelling.
    """
    if isinstance(text, str) and len(text) == 2 * DIGEST_SIZE and text == text.lower() and text.isascii():
        try:
            digest = bytes.fromhex(text)
        except ValueError:
            digest = b""
        if len(digest) == DIGEST_SIZE:  # fromhex() skips white space, so the length is looked at again
            return digest
    raise MalformedError("A {name} digest must be 64 lower-case hexadecimal digits.", name=name)
