"""Opening an encrypted stream."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from zonary.common.age.errors import AgeError
from zonary.common.age.keys import Opener
from zonary.common.age.stanzas import read_head
from zonary.common.age.writing import CHUNK_BYTES, NONCE_BYTES, TAG_BYTES, chunk_nonce, payload_key


class AgeReader:
    """Reads what was encrypted into ``file``; nothing of it is given out before it was authenticated.

    :param file_key: the key of this file, where it is known; else ``openers`` are asked.
    :raises AgeError: when it is no such file, or none of ``openers`` opens it.
    """

    def __init__(self, file: BinaryIO, openers: Iterable[Opener] = (), *, file_key: bytes | None = None) -> None:
        head = read_head(file)
        for opener in openers:
            file_key = file_key or opener.unwrap(head.stanzas)
        if file_key is None:
            raise AgeError("This key or passphrase does not open the file.")
        head.require_whole(file_key)
        nonce = file.read(NONCE_BYTES)
        self._file = file
        self._cipher = ChaCha20Poly1305(payload_key(file_key, nonce))
        self._number = 0
        self._next = file.read(CHUNK_BYTES + TAG_BYTES)
        self._ready = b""
        self._position = 0
        self._ended = False

    def read(self, size: int) -> bytes:
        """``size`` bytes, fewer at the end only.

        :raises AgeError: when the file is damaged, or ends before its end.
        """
        parts = []
        while size and (part := self._part(size)):
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _part(self, size: int) -> bytes:
        if self._position == len(self._ready):
            self._ready, self._position = self._chunk(), 0
        part = self._ready[self._position : self._position + size]
        self._position += len(part)
        return part

    def _chunk(self) -> bytes:
        if self._ended:
            return b""
        encrypted, self._next = self._next, self._file.read(CHUNK_BYTES + TAG_BYTES)
        self._ended = not self._next
        try:
            chunk = self._cipher.decrypt(chunk_nonce(self._number, is_last=self._ended), encrypted, None)
        except InvalidTag:
            raise AgeError(
                "The file is damaged, or not whole: its part {number} does not open.", number=self._number
            ) from None
        if not chunk and self._number:
            raise AgeError("The file is damaged, or not whole: its part {number} does not open.", number=self._number)
        self._number += 1
        return chunk
