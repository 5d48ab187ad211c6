"""Hashing large files by threads.

:mod:`hashlib` lets go of the interpreter lock, so as many files at a time as there are processors, or one file by two
threads, go as fast as the hashes themselves.
"""

from __future__ import annotations

import hashlib
import os
import queue
import stat
import sys
import threading
from collections.abc import Callable, Iterator

from zonary.cli.sealing.hashing import FLAGS, Meter, changed, stamp_of
from zonary.cli.sealing.walk import Found, unreadable
from zonary.cli.sealing.workers import cores

_VERY_LARGE_BYTES = 8 * 1024 * 1024
"""From this size on it pays to hash one file by two threads."""
_BUFFER_BYTES = 1024 * 1024
_BUFFERS = 4
_SWITCH_SECONDS = 0.0005

_Result = tuple[Found, bytes]


def hash_large(
    files: list[tuple[int, Found]], meter: Meter, *, idle: Callable[[], None] | None = None
) -> Iterator[_Result]:
    """Each of ``files`` (size and where it is) with its record; the largest first, as they get finished.

    :param idle: called now and then, while the threads are busy.
    :raises SourceError: for a file that cannot be read, or that changed while it was read.
    """
    waiting: queue.SimpleQueue[Found | None] = queue.SimpleQueue()
    finished: queue.SimpleQueue[_Result | BaseException] = queue.SimpleQueue()
    stop = threading.Event()
    for _, found in sorted(files, reverse=True):
        waiting.put(found)
    lanes = [
        threading.Thread(target=_lane, args=(waiting, finished, meter, stop)) for _ in range(min(cores(), len(files)))
    ]
    for lane in lanes:
        waiting.put(None)
        lane.start()
    # Between two buffers a thread waits for whatever Python code runs just then; not for long, please.
    interval = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        left = len(files)
        while left:
            try:
                result = finished.get(timeout=0.1)
            except queue.Empty:
                meter.show()
                if idle is not None:
                    idle()
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
        sys.setswitchinterval(interval)


def _lane(
    waiting: queue.SimpleQueue[Found | None],
    finished: queue.SimpleQueue[_Result | BaseException],
    meter: Meter,
    stop: threading.Event,
) -> None:
    while (found := waiting.get()) is not None and not stop.is_set():
        try:
            finished.put((found, _hash_whole(found.path, meter, stop)))
        except OSError as error:
            finished.put(unreadable(found.path, error))
        except BaseException as error:
            finished.put(error)


def _hash_whole(path: bytes, meter: Meter, stop: threading.Event) -> bytes:
    descriptor = os.open(path, FLAGS)
    try:
        return hash_open(descriptor, path, meter, stop)
    finally:
        os.close(descriptor)


def hash_open(descriptor: int, path: bytes, meter: Meter, stop: threading.Event) -> bytes:
    """The record of the file open at ``descriptor``, read from its beginning; ``path`` is what an error calls it.

    :raises SourceError: when it is no file, or changed while it was read.
    """
    before = os.fstat(descriptor)
    if not stat.S_ISREG(before.st_mode):
        raise changed(path)  # it was a file when the folder was read
    hash_it = _hash_by_two if before.st_size >= _VERY_LARGE_BYTES else _hash_by_one
    digests, size = hash_it(_buffers(descriptor, before.st_size, meter, stop))
    after = os.fstat(descriptor)
    if not stop.is_set() and (size != before.st_size or stamp_of(after) != stamp_of(before)):
        raise changed(path)
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
