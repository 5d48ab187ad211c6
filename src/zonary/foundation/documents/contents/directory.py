"""Contents in a directory of this machine."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

from zonary.foundation.documents.contents.protocol import PIECE_BYTES, content_path
from zonary.foundation.documents.errors import MissingContentError
from zonary.foundation.ledger.layout import PRIVATE_DIRECTORY, sync_directory

_READ_ONLY = 0o400


class DirectoryContents:
    """A directory that only the server's user may look into: unlike the log, nothing here is published.

    A crash leaves at worst a file ``.….new``, which nothing asks for.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def __repr__(self) -> str:
        return f"DirectoryContents({str(self._directory)!r})"

    def has(self, sha256: bytes, size: int) -> bool:
        try:
            return os.stat(self._directory / content_path(sha256)).st_size == size
        except (FileNotFoundError, NotADirectoryError):
            return False

    def put(self, sha256: bytes, size: int, staged: Path) -> None:
        if self.has(sha256, size):
            staged.unlink(missing_ok=True)
            return
        target = self._directory / content_path(sha256)
        for folder in (self._directory, target.parent.parent, target.parent):
            folder.mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)
        staged.chmod(_READ_ONLY)
        # What is there already has another size, so it is no content but the remains of some accident.
        _move(staged, target)
        for folder in (target.parent, target.parent.parent, self._directory):
            sync_directory(folder)

    def read(self, sha256: bytes, start: int, size: int) -> Iterator[bytes]:
        try:
            file = open(self._directory / content_path(sha256), "rb")  # noqa: SIM115 - closed by _pieces
        except (FileNotFoundError, NotADirectoryError):
            raise MissingContentError("The store does not have this content. Tell whoever runs the server.") from None
        # Opened now: removed while it is read, it is read to its end.
        return _pieces(file, start, size)

    def remove(self, sha256: bytes) -> None:
        target = self._directory / content_path(sha256)
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            target.unlink()
            sync_directory(target.parent)


def _move(staged: Path, target: Path) -> None:
    """Give ``staged`` its new name; where that is on another file system, copy it and remove it."""
    try:
        staged.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        new = target.with_name(f".{target.name}.{secrets.token_hex(8)}.new")
        with staged.open("rb") as source, new.open("xb") as copy:
            shutil.copyfileobj(source, copy, PIECE_BYTES)
            copy.flush()
            os.fsync(copy.fileno())
        new.chmod(_READ_ONLY)
        new.replace(target)
        staged.unlink()


def _pieces(file: BufferedReader, start: int, size: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        left = size
        while left > 0:
            piece = file.read(min(PIECE_BYTES, left))
            if not piece:
                raise OSError(errno.EIO, "a content ended before its size")
            left -= len(piece)
            yield piece
