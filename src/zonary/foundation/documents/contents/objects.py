"""Contents in an S3-compatible object store."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import obstore
from obstore import delete as delete_object

from zonary.foundation.documents.contents.protocol import PIECE_BYTES, content_path
from zonary.foundation.documents.errors import MissingContentError
from zonary.foundation.ledger.storage.faults import FAULTS, NOT_OURS, OtherBytesError, is_missing, refusal

if TYPE_CHECKING:
    from obstore.store import ObjectStore as Client

_FOLDER = "documents"
_PART_BYTES = 8 * 1024 * 1024
"""Of a large object in one request; stores allow 10,000 of them, so that 5 GB are far within."""
_PARTS_AT_ONCE = 4
_ATTEMPTS = 3
_PAUSE_SECONDS = 0.5
_READ_BYTES = 4 * PIECE_BYTES
_Result = TypeVar("_Result")


class ObjectContents:
    """The folder ``documents`` below a prefix of a bucket. The bucket must not publish it.

    :param client: an obstore client of the bucket and prefix.
    :param address: what messages call this store.
    """

    def __init__(self, client: Client, address: str) -> None:
        self._client = client
        self._address = address

    def __repr__(self) -> str:
        return f"ObjectContents({self._address!r})"

    def has(self, sha256: bytes, size: int) -> bool:
        return self._size(_path(sha256)) == size

    def put(self, sha256: bytes, size: int, staged: Path) -> None:
        path = _path(sha256)
        if self._size(path) == size:
            staged.unlink(missing_ok=True)
            return

        with staged.open("rb") as file:
            self._persist(path, lambda: self._store(path, file, size, sha256))
        staged.unlink()

    def read(self, sha256: bytes, start: int, size: int) -> Iterator[bytes]:
        path = _path(sha256)
        if self._size(path) is None:
            raise MissingContentError("The store does not have this content. Tell whoever runs the server.")
        return self._ranges(path, start, size)

    def remove(self, sha256: bytes) -> None:
        path = _path(sha256)

        def delete() -> None:
            try:
                delete_object(self._client, path)
            except FileNotFoundError as fault:
                if not is_missing(fault):
                    raise

        self._persist(path, delete)

    def _store(self, path: str, file: BinaryIO, size: int, sha256: bytes) -> None:
        file.seek(0)
        obstore.put(
            self._client,
            path,
            file,
            use_multipart=size > _PART_BYTES,
            chunk_size=_PART_BYTES,
            max_concurrency=_PARTS_AT_ONCE,
        )
        # Read back whole: of what stores say about an object none tells what they will give.
        found = hashlib.sha256()
        for piece in self._ranges(path, 0, size):
            found.update(piece)
        if found.digest() != sha256:
            raise OtherBytesError

    def _size(self, path: str) -> int | None:
        def look() -> int | None:
            try:
                # Not HEAD: to that a store cannot say whether the object is missing, or the whole bucket.
                return int(obstore.get(self._client, path, options={"range": (0, 1)}).meta["size"])
            except FileNotFoundError as fault:
                if is_missing(fault):
                    return None
                raise

        return self._persist(path, look)

    def _ranges(self, path: str, start: int, size: int) -> Iterator[bytes]:
        """In requests of a bounded size: each has to end within the client's time limit."""
        end = start + size
        for first in range(start, end, _READ_BYTES):
            length = min(_READ_BYTES, end - first)

            def get(first: int = first, length: int = length) -> bytes:
                return bytes(obstore.get_range(self._client, path, start=first, length=length))

            yield self._persist(path, get)

    def _persist(self, path: str, attempt: Callable[[], _Result]) -> _Result:
        for number in range(1, _ATTEMPTS + 1):
            try:
                return attempt()
            except (*FAULTS, OtherBytesError) as fault:
                if number == _ATTEMPTS or isinstance(fault, (*NOT_OURS, FileNotFoundError)):
                    raise refusal(self._address, path, fault) from None
            time.sleep(_PAUSE_SECONDS * number)
        raise AssertionError("unreachable")


def _path(sha256: bytes) -> str:
    return f"{_FOLDER}/{content_path(sha256)}"
