"""The archive: plain POSIX tar with regular files only, written and read as a stream in bounded memory.

Nothing in it is compressed, so it never unpacks to more than it has bytes. Python's own reader would follow
extensions whose size the archive says; this one reads blocks of 512 bytes and takes what it knows.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from zonary.config.backup.errors import BackupError

BLOCK: Final = 512
PIECE_BYTES: Final = 256 * 1024
_END: Final = bytes(2 * BLOCK)


class Sink(Protocol):
    def write(self, data: bytes, /) -> object: ...


class Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


class ArchiveWriter:
    """Writes one file after the other into ``sink``."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.files = 0

    def add(self, name: str, size: int, pieces: Iterable[bytes]) -> None:
        """:raises BackupError: when ``pieces`` are not ``size`` bytes together: the file changed under our hands."""
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._sink.write(member.tobuf(tarfile.GNU_FORMAT))
        left = size
        for piece in pieces:
            left -= len(piece)
            if left < 0:
                break
            self._sink.write(piece)
        if left:
            raise BackupError("{name} changed while it was read. Try again.", name=name)
        self._sink.write(bytes(-size % BLOCK))
        self.files += 1

    def finish(self) -> None:
        self._sink.write(_END)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive; ``pieces`` are its bytes, to be taken before the next file is asked for."""

    name: str
    size: int
    pieces: Iterator[bytes]

    def read(self) -> bytes:
        return b"".join(self.pieces)


def read_members(source: Source) -> Iterator[Member]:
    """Every file in the archive.

    :raises BackupError: where it is no archive of ours, or ends too early.
    """
    while True:
        block = source.read(BLOCK)
        if block == bytes(BLOCK):
            if source.read(BLOCK) != bytes(BLOCK) or source.read(1):
                raise _malformed()
            return
        member = _member(block)
        pieces = _pieces(source, member.size)
        yield Member(member.name, member.size, pieces)
        for _piece in pieces:  # what nobody took
            pass
        padding = -member.size % BLOCK
        if source.read(padding) != bytes(padding):
            raise _malformed()


def _member(block: bytes) -> tarfile.TarInfo:
    try:
        member = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
    except (tarfile.HeaderError, UnicodeError, ValueError):
        raise _malformed() from None
    if member.type != tarfile.REGTYPE or member.size < 0:
        raise _malformed()
    return member


def _pieces(source: Source, size: int) -> Iterator[bytes]:
    left = size
    while left:
        piece = source.read(min(PIECE_BYTES, left))
        if not piece:
            raise _malformed()
        left -= len(piece)
        yield piece


def _malformed() -> BackupError:
    return BackupError("What the file holds is no backup of Zonary.")
