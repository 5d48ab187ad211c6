"""SHA-256 and SM3 of every file, each file read once.

Small files go in chunks to worker processes; large ones are hashed by threads (:mod:`zonary.cli.sealing.large_files`).
A file that changes while it is read is an error: there would be no moment at which it had the digests found.
"""

from __future__ import annotations

import hashlib
import os
import stat
import struct
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count, islice
from typing import NamedTuple, Protocol

from zonary.cli.sealing.walk import Found, SourceError, unreadable
from zonary.cli.sealing.workers import CLOSE_SECONDS, Workers
from zonary.proof.printable import printable

LARGE_BYTES = 256 * 1024
"""From this size on a file is read in pieces, and hashed by threads."""
CHUNK_FILES = 256
_CHUNKS_AHEAD = 1024
"""A quarter of a million files are known before their turn, at most."""
_CHUNKS_AT_ONCE = 2
FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)

STAMP = struct.Struct("<QqQ")
"""Size, modification time in nanoseconds, inode: while they stay the same, a file counts as unchanged."""
RECORD = struct.Struct("<QqQ32s32s")
"""The stamp, the SHA-256 and the SM3 of a file."""

_FIRST_READ_BYTES = 64 * 1024
_SETTLED_NS = 10 * 10**9
"""The system itself notes when a file was last changed (ctime), and no program can set that back. When it is so much
earlier than the opening of the file, nobody wrote to it while it was read; otherwise it is looked at before, too."""
_NO_RECORD = bytes(RECORD.size)
_Chunk = tuple[int, list[bytes]]
"""A number to know it by, and paths."""


class Meter(Protocol):
    """Who wants to know how far the hashing is. Called from several threads, and cheap."""

    def found(self, files: int) -> None:
        """``files`` more are to be hashed."""

    def large(self, files: int, size: int) -> None:
        """``files`` of those found are large ones, of ``size`` bytes together."""

    def hashed(self, size: int) -> None:
        """``size`` bytes of a large file were hashed."""

    def walked(self) -> None:
        """All there are have been found."""

    def done(self, files: int, size: int, *, large: bool = False) -> None:
        """``files`` are finished; they had ``size`` bytes not yet reported by :meth:`hashed`."""

    def show(self) -> None:
        """Something happened, or some time passed."""


class Hashed(NamedTuple):
    """Files and their records, ``RECORD_BYTES`` each, in the same order."""

    found: Sequence[Found]
    records: bytes


def hash_files(
    files: Iterable[Found],
    workers: Workers,
    meter: Meter,
    *,
    known: Mapping[bytes, bytes] | None = None,
    walked: Callable[[int], None] | None = None,
    idle: Callable[[], None] | None = None,
) -> Iterator[Hashed]:
    """Hash ``files``, in no particular order.

    :param known: path -> record of an earlier, interrupted run; used where the file's stamp is still the same.
    :param walked: called once, with the number of files, when all are found; the workers are busy, so it may take a
        tenth of a second.
    :param idle: called now and then while threads hash large files.
    :raises SourceError: for a file that cannot be read, or that changed while it was read.
    """

    def all_found(files: int) -> None:
        meter.walked()
        if walked is not None:
            walked(files)
        workers.ahead = CLOSE_SECONDS  # so that they end together

    pieces = _Pieces(files, meter, known or {}, all_found)
    large: list[tuple[int, Found]] = []
    for (number, _), (records, size, too_large) in workers.run(_hash_chunk, pieces.cut(), idle=meter.show):
        hashed = Hashed(pieces.taken.pop(number), records)
        yield from pieces.from_before()
        if too_large:
            large += [(each, hashed.found[position]) for position, each in too_large.items()]
            meter.large(len(too_large), sum(too_large.values()))
            hashed = _without(hashed, too_large)
        meter.done(len(hashed.found), size)
        yield hashed
    yield from pieces.from_before()
    if large:
        from zonary.cli.sealing.large_files import hash_large

        for found, record in hash_large(large, meter, idle=idle):
            yield Hashed((found,), record)


def _without(hashed: Hashed, positions: Collection[int]) -> Hashed:
    kept = [position for position in range(len(hashed.found)) if position not in positions]
    records = (hashed.records[i * RECORD.size : (i + 1) * RECORD.size] for i in kept)
    return Hashed([hashed.found[i] for i in kept], b"".join(records))


class _Pieces:
    """Cuts files into chunks, and takes out those that an earlier run has hashed.

    Runs ahead of the hashing, so that it is soon known how much there is to do.
    """

    def __init__(
        self,
        files: Iterable[Found],
        meter: Meter,
        known: Mapping[bytes, bytes],
        all_found: Callable[[int], None],
    ) -> None:
        self._files = iter(files)
        self._meter = meter
        self._known = known
        self._all_found = all_found
        self._more = True
        self._count = 0
        self._waiting: deque[list[Found]] = deque()
        self._before: list[Hashed] = []
        self.taken: dict[int, list[Found]] = {}
        """Chunks that are being hashed, by number."""

    def cut(self) -> Iterator[_Chunk]:
        for number in count():
            self._look_ahead()
            if not self._waiting:
                return
            self.taken[number] = self._waiting.popleft()
            yield number, [found.path for found in self.taken[number]]

    def _look_ahead(self) -> None:
        room = min(_CHUNKS_AHEAD - len(self._waiting), _CHUNKS_AT_ONCE)
        while self._more and (room > 0 or not self._waiting):
            room -= 1
            chunk = list(islice(self._files, CHUNK_FILES))
            self._more = len(chunk) == CHUNK_FILES
            self._count += len(chunk)
            self._meter.found(len(chunk))
            if self._known:
                chunk = [found for found in chunk if not self._take_known(found)]
            if chunk:
                self._waiting.append(chunk)
            if not self._more:
                self._all_found(self._count)

    def from_before(self) -> list[Hashed]:
        taken, self._before = self._before, []
        return taken

    def _take_known(self, found: Found) -> bool:
        record = self._known.get(found.path)
        if record is None:
            return False
        try:
            same = stamp_of(os.lstat(found.path)) == record[: STAMP.size]
        except OSError:
            return False  # whoever reads it next finds the words for it
        if same:
            self._before.append(Hashed((found,), record))
            self._meter.done(1, STAMP.unpack_from(record)[0])
        return same


def files_among(found: Iterable[Found], others: list[Found]) -> Iterator[Found]:
    """The files; what is no file is put into ``others``."""
    for one in found:
        if one.kind == "file":
            yield one
        else:
            others.append(one)


def stamp_of(status: os.stat_result) -> bytes:
    """The stamp of a file."""
    return STAMP.pack(status.st_size, status.st_mtime_ns, status.st_ino)


# --- small files, in a worker -----------------------------------------------------------------------------------------


def _hash_chunk(chunk: _Chunk) -> tuple[bytes, int, dict[int, int]]:
    """Records of the files, their bytes, and position -> size of those that are too large to be hashed here.

    Four system calls a file that is small and was not touched lately. This loop takes most of the time of sealing many
    small files.
    """
    records: list[bytes] = []
    total = 0
    too_large: dict[int, int] = {}
    new_sm3, new_sha256, pack = hashlib.new("sm3").copy, hashlib.sha256, STAMP.pack
    settled = time.time_ns() - _SETTLED_NS
    for position, path in enumerate(chunk[1]):
        try:
            descriptor = os.open(path, FLAGS)
            try:
                data = os.read(descriptor, _FIRST_READ_BYTES)
                status = os.fstat(descriptor)
                size = status.st_size
                if len(data) != size or status.st_ctime_ns > settled or not stat.S_ISREG(status.st_mode):
                    data, status = _read_carefully(descriptor, path)
                    size = status.st_size
            finally:
                os.close(descriptor)
        except OSError as error:
            raise unreadable(path, error) from error
        if size >= LARGE_BYTES:
            too_large[position] = size
            records.append(_NO_RECORD)
            continue
        # A copy of an empty SM3: new() looks the algorithm up each time, which takes longer.
        sm3 = new_sm3()
        sm3.update(data)
        total += size
        records += pack(size, status.st_mtime_ns, status.st_ino), new_sha256(data).digest(), sm3.digest()
    return b"".join(records), total, too_large


def _read_carefully(descriptor: int, path: bytes) -> tuple[bytes, os.stat_result]:
    """Content and status of a file that may be changing; no content, if it is a large one."""
    before = os.fstat(descriptor)
    if not stat.S_ISREG(before.st_mode):
        raise changed(path)  # it was a file when the folder was read
    size, data = before.st_size, b""
    if size >= LARGE_BYTES:
        return data, before
    while len(data) <= size and (more := os.pread(descriptor, size + 1 - len(data), len(data))):
        data += more  # network and user-space file systems may give less at a time than is asked for
    if len(data) != size or stamp_of(os.fstat(descriptor)) != stamp_of(before):
        raise changed(path)
    return data, before


def changed(path: bytes) -> SourceError:
    return SourceError(
        "“{path}” changed while it was being read. Try again when nothing writes to it.", path=printable(path)
    )
