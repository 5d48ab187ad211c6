"""Encrypting a stream."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import BinaryIO, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from zonary.common.age.keys import FILE_KEY_BYTES, Lock
from zonary.common.age.stanzas import encode_head

CHUNK_BYTES: Final = 64 * 1024
TAG_BYTES: Final = 16
NONCE_BYTES: Final = 16


class AgeWriter:
    """Encrypts what is written to it into ``file``. Not whole before :meth:`finish`: what ends before says so.

    :ivar file_key: opens this one file; for reading back what was written, and for nothing else.
    """

    def __init__(self, file: BinaryIO, locks: Sequence[Lock]) -> None:
        self.file_key = secrets.token_bytes(FILE_KEY_BYTES)
        self._file = file
        nonce = secrets.token_bytes(NONCE_BYTES)
        file.write(encode_head([lock.wrap(self.file_key, secrets.token_bytes(32)) for lock in locks], self.file_key))
        file.write(nonce)
        self._cipher = ChaCha20Poly1305(payload_key(self.file_key, nonce))
        self._number = 0
        self._waiting = bytearray()

    def write(self, data: bytes) -> None:
        self._waiting += data
        # The last chunk is marked, so one is kept back until there is more.
        while len(self._waiting) > CHUNK_BYTES:
            self._encrypt(bytes(self._waiting[:CHUNK_BYTES]), is_last=False)
            del self._waiting[:CHUNK_BYTES]

    def finish(self) -> None:
        """Write the last chunk."""
        self._encrypt(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _encrypt(self, chunk: bytes, *, is_last: bool) -> None:
        self._file.write(self._cipher.encrypt(chunk_nonce(self._number, is_last=is_last), chunk, None))
        self._number += 1


def payload_key(file_key: bytes, nonce: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, nonce, b"payload").derive(file_key)


def chunk_nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
