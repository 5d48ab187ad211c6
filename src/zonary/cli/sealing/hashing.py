"""SHA-256 and SM3 of every file, each file read once.

Small files go in chunks to worker processes; large ones are hashed here by threads, because :mod:`hashlib` lets go of
the interpreter lock, and SM3 and SHA-256 of one file run side by side over the same buffers. A file that changes while
it is read is an error: there would be no moment at which it had the digests found.
"""

from __future__ import annotations

import hashlib
import os
import queue
import stat
import struct
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count, islice
from typing import NamedTuple, Protocol

from zonary.cli.sealing.walk import Found, SourceError, printable, unreadable
from zonary.cli.sealing.workers import Workers, cores

LARGE_BYTES = 256 * 1024
"""From this size on a file is read in pieces and hashed by threads."""
CHUNK_FILES = 256
_CHUNKS_AHEAD = 1024
"""A quarter of a million files are known before their turn, at most."""
_CHUNKS_AT_ONCE = 8
_VERY_LARGE_BYTES = 8 * 1024 * 1024
"""From this size on it pays to hash one file by two threads."""
_BUFFER_BYTES = 1024 * 1024
_BUFFERS = 4
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)

STAMP = struct.Struct("<QqQ")
"""Size, modification time in nanoseconds, inode: while they stay the same, a file counts as unchanged."""
RECORD = struct.Struct("<QqQ32s32s")
"""The stamp, the SHA-256 and the SM3 of a file."""

_NEW_SM3 = hashlib.new("sm3")
"""Copied for every small file: new() would look the algorithm up each time, which takes longer than the copy."""

_Chunk = tuple[int, list[bytes]]
"""A number to know it by, and paths."""


class Meter(Protocol):
    """Who wants to know how far the hashing is. Called from several threads, and cheap."""

    def found(self, files: int) -> None:
        """``files`` more are to be hashed."""

    def large(self, size: int) -> None:
        """One of the files found has ``size`` bytes."""

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
) -> Iterator[Hashed]:
    """Hash ``files``, in no particular order.

    :param known: path -> record of an earlier, interrupted run; used where the file's stamp is still the same.
    :param walked: called once, with the number of files, when all are found; the workers are busy, so it may take a
        tenth of a second.
    :raises SourceError: for a file that cannot be read, or that changed while it was read.
    """
    pieces = _Pieces(files, meter, known or {}, walked)
    large: list[tuple[int, Found]] = []
    for (number, _), (records, too_large) in workers.run(_hash_chunk, pieces.cut(), idle=meter.show):
        hashed = Hashed(pieces.taken.pop(number), records)
        yield from pieces.from_before()
        if too_large:
            large += [(size, hashed.found[position]) for position, size in too_large.items()]
            for size in too_large.values():
                meter.large(size)
            hashed = _without(hashed, too_large)
        meter.done(len(hashed.found), sum(record[0] for record in RECORD.iter_unpack(hashed.records)))
        yield hashed
    yield from pieces.from_before()
    if large:
        yield from _hash_large(large, meter)


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
        walked: Callable[[int], None] | None,
    ) -> None:
        self._files = iter(files)
        self._meter = meter
        self._known = known
        self._walked = walked
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
                self._meter.walked()
                if self._walked is not None:
                    self._walked(self._count)

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


def _hash_chunk(chunk: _Chunk) -> tuple[bytes, dict[int, int]]:
    """Records of the files, and position -> size of those that are too large to be hashed here."""
    records: list[bytes] = []
    too_large: dict[int, int] = {}
    for position, path in enumerate(chunk[1]):
        try:
            record = _hash_small(path)
        except OSError as error:
            raise unreadable(path, error) from error
        if isinstance(record, int):
            too_large[position] = record
            record = bytes(RECORD.size)
        records.append(record)
    return b"".join(records), too_large


def _hash_small(path: bytes) -> bytes | int:
    """The record of the file, or its size when it is a large one. Five system calls a file."""
    descriptor = os.open(path, _FLAGS)
    try:
        before = _status(descriptor, path)
        size = before.st_size
        if size >= LARGE_BYTES:
            return size
        data = os.read(descriptor, size + 1)
        if len(data) != size:
            data = _read_on(descriptor, data, size)
        after = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    if len(data) != size or after.st_mtime_ns != before.st_mtime_ns or after.st_size != size:
        raise _changed(path)
    stamp = STAMP.pack(size, before.st_mtime_ns, before.st_ino)
    sm3 = _NEW_SM3.copy()
    sm3.update(data)
    return stamp + hashlib.sha256(data).digest() + sm3.digest()


def _status(descriptor: int, path: bytes) -> os.stat_result:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise _changed(path)  # it was a file when the folder was read
    return status


def _read_on(descriptor: int, data: bytes, size: int) -> bytes:
    """What is left after a short read, as network and user-space file systems give them."""
    while len(data) <= size and (more := os.read(descriptor, size + 1 - len(data))):
        data += more
    return data


def _changed(path: bytes) -> SourceError:
    return SourceError(
        "“{path}” changed while it was being read. Try again when nothing writes to it.", path=printable(path)
    )


# --- large files, by threads ------------------------------------------------------------------------------------------


def _hash_large(files: list[tuple[int, Found]], meter: Meter) -> Iterator[Hashed]:
    """Largest first, as many at a time as there are processors."""
    waiting: queue.SimpleQueue[Found | None] = queue.SimpleQueue()
    finished: queue.SimpleQueue[Hashed | BaseException] = queue.SimpleQueue()
    stop = threading.Event()
    for _, found in sorted(files, reverse=True):
        waiting.put(found)
    lanes = [
        threading.Thread(target=_lane, args=(waiting, finished, meter, stop))
        for _ in range(min(cores(), len(files)))
    ]
    for lane in lanes:
        waiting.put(None)
        lane.start()
    try:
        left = len(files)
        while left:
            try:
                result = finished.get(timeout=0.1)
            except queue.Empty:
                meter.show()
                continue
            if isinstance(result, BaseException):
                raise result
            meter.done(1, 0, large=True)
            left -= 1
            yield result
    finally:
        stop.set()
        for lane in lanes:
            lane.join()


def _lane(
    waiting: queue.SimpleQueue[Found | None],
    finished: queue.SimpleQueue[Hashed | BaseException],
    meter: Meter,
    stop: threading.Event,
) -> None:
    while (found := waiting.get()) is not None and not stop.is_set():
        try:
            finished.put(Hashed((found,), _hash_whole(found.path, meter, stop)))
        except OSError as error:
            finished.put(unreadable(found.path, error))
        except BaseException as error:
            finished.put(error)


def _hash_whole(path: bytes, meter: Meter, stop: threading.Event) -> bytes:
    descriptor = os.open(path, _FLAGS)
    try:
        before = _status(descriptor, path)
        hash_it = _hash_by_two if before.st_size >= _VERY_LARGE_BYTES else _hash_by_one
        digests, size = hash_it(_buffers(descriptor, before.st_size, meter, stop))
        after = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    if not stop.is_set() and (size != before.st_size or stamp_of(after) != stamp_of(before)):
        raise _changed(path)
    return stamp_of(before) + digests


def _buffers(descriptor: int, size: int, meter: Meter, stop: threading.Event) -> Iterator[memoryview]:
    """The file in pieces of at most ``_BUFFER_BYTES``, in a few buffers used in turn.

    A piece is overwritten when the ``_BUFFERS``-th after it is asked for. Ends soon after ``size`` bytes, so that a
    file that grows without end is seen to have changed.
    """
    buffers = [memoryview(bytearray(_BUFFER_BYTES)) for _ in range(_BUFFERS)]
    done = turn = 0
    while done <= size and not stop.is_set():
        count = os.readv(descriptor, [buffers[turn]])
        if not count:
            break
        yield buffers[turn][:count]
        done += count
        turn = (turn + 1) % _BUFFERS
        meter.hashed(count)


def _hash_by_one(pieces: Iterator[memoryview]) -> tuple[bytes, int]:
    sha256, sm3, size = hashlib.sha256(), hashlib.new("sm3"), 0
    for piece in pieces:
        sha256.update(piece)
        sm3.update(piece)
        size += len(piece)
    return sha256.digest() + sm3.digest(), size


def _hash_by_two(pieces: Iterator[memoryview]) -> tuple[bytes, int]:
    """SM3, by far the slower, has a thread to itself; reading and SHA-256 stay ahead of it."""
    sha256, sm3, size = hashlib.sha256(), hashlib.new("sm3"), 0
    # Besides the pieces in the queue one is being hashed and one is being read.
    handed: queue.Queue[memoryview | None] = queue.Queue(maxsize=_BUFFERS - 2)

    def follow() -> None:
        while (piece := handed.get()) is not None:
            sm3.update(piece)

    follower = threading.Thread(target=follow)
    follower.start()
    try:
        for piece in pieces:
            handed.put(piece)
            sha256.update(piece)
            size += len(piece)
    finally:
        handed.put(None)
        follower.join()
    return sha256.digest() + sm3.digest(), size
