"""What has been hashed so far, on disk, so that an interrupted seal does not hash it again.

The journal is a run of frames, one for some files that were finished together. A frame that was cut short, or damaged,
ends it: what follows is hashed again.
"""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path
from types import TracebackType

from zonary.cli.sealing.hashing import RECORD, STAMP, Hashed, stamp_of

_HEADER = b"zonary-journal/1\n"
_FRAME = struct.Struct("<III")
"""Files, bytes of their paths (each ends in NUL), CRC-32 of records and paths."""


class Journal:
    """The journal at ``path``, opened to add to it.

    :ivar known: path -> record of what it holds already.
    """

    def __init__(self, path: Path) -> None:
        self.known, length = read_journal(path)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._file = os.fdopen(descriptor, "r+b")
        self._file.truncate(length)
        self._file.seek(length)
        if not length:
            self._file.write(_HEADER)

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, hashed: Hashed) -> None:
        """Note finished files; what is noted survives the process at once, and the machine after :meth:`sync`."""
        if not hashed.found:
            return
        paths = b"\0".join([found.path for found in hashed.found]) + b"\0"
        body = hashed.records + paths
        self._file.write(_FRAME.pack(len(hashed.found), len(paths), zlib.crc32(body)) + body)
        self._file.flush()

    def sync(self) -> None:
        """Make all of it durable."""
        self._file.flush()
        os.fsync(self._file.fileno())


def read_journal(path: Path) -> tuple[dict[bytes, bytes], int]:
    """Path -> record, and how many bytes of the journal are sound; nothing and 0 when there is none."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}, 0
    if not data.startswith(_HEADER):
        return {}, 0
    known: dict[bytes, bytes] = {}
    position = len(_HEADER)
    while position + _FRAME.size <= len(data):
        files, paths_size, checksum = _FRAME.unpack_from(data, position)
        start = position + _FRAME.size
        middle, end = start + files * RECORD.size, start + files * RECORD.size + paths_size
        if end > len(data) or zlib.crc32(data[start:end]) != checksum:
            break
        paths = data[middle:end].split(b"\0")[:-1]
        records = (data[i : i + RECORD.size] for i in range(start, middle, RECORD.size))
        known.update(zip(paths, records, strict=True))
        position = end
    return known, position


def first_changed(known: dict[bytes, bytes]) -> bytes | None:
    """A file in ``known`` that is no longer as it was hashed, by its size, time and inode; None when all are."""
    for path, record in known.items():
        try:
            same = stamp_of(os.lstat(path)) == record[: STAMP.size]
        except OSError:
            same = False
        if not same:
            return path
    return None
