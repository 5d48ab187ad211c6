"""A folder that is watched: which files have settled, and what is in them.

Nothing outside the folder is ever read: each part of a name is opened below the one before it, and none may be a
symbolic link. Only files are looked at; a link is no content, and an empty folder none either.
"""

from __future__ import annotations

import hashlib
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO

from zonary.cli.sealing.hashing import FLAGS, LARGE_BYTES, STAMP
from zonary.cli.sealing.large_files import hash_open
from zonary.cli.sealing.walk import SourceError, excluder, unreadable
from zonary.cli.watching.journal import Item, Journal, Stamp
from zonary.proof.errors import Error
from zonary.proof.manifest import MAX_NAME_BYTES

TEMPORARY = (
    ".git", ".svn", ".hg", ".DS_Store", "._*", "Thumbs.db", "desktop.ini", ".nfs*", ".fuse_hidden*", ".goutputstream-*",
    "*.tmp", "*.temp", "*.part", "*.partial", "*.filepart", "*.crdownload", "*.download",
    "*~", "~$*", ".~lock.*#", ".#*", "#*#", "*.sw[opx]", "*.kate-swp", "*.lck", "*.dwl", "*.dwl2", "*.ac$", "*.sv$",
)  # fmt: skip
"""What is passed over unless the user says otherwise: what systems, version control, downloads, editors, office and
drawing programs leave beside the files that are meant."""
_AT_ONCE = 500
"""Versions that are noted together."""
_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC

Tell = Callable[[Error], None]


class WatchedFolder:
    """The folder ``top``.

    :param settle: seconds for which a file must have stayed as it is.
    :param exclude: patterns of what is passed over, as in :func:`zonary.cli.sealing.walk.walk`.
    :param tell: hears of what cannot be read.
    """

    def __init__(
        self,
        top: Path,
        *,
        settle: float,
        exclude: tuple[str, ...],
        tell: Tell,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._top = os.fsencode(top)
        self._settle = settle
        self._excluded = excluder(exclude)
        self._tell = tell
        self._clock = clock
        self._wall_clock = wall_clock
        self._unsettled: dict[bytes, tuple[Stamp, float]] = {}
        """Name -> as it is, and since when it was seen to be so."""
        self._meter = _NoMeter()

    @property
    def unsettled(self) -> int:
        """How many files have yet to settle."""
        return len(self._unsettled)

    def look(self, journal: Journal) -> None:
        """Look at everything once, and note in ``journal`` what has settled.

        :raises SourceError: when the folder itself cannot be read.
        """
        os.close(self._open_folder(b""))  # one sentence, not silence, when it is gone or a disk was taken away
        passing: dict[bytes, tuple[Stamp, float]] = {}
        changed = ((n, s) for n, s in self._scan() if not journal.is_unchanged(n, s))
        ripe = (name for name, stamp in changed if self._is_ripe(name, stamp, passing))
        read = (item for name in ripe if (item := self._read(name, passing)) is not None)
        while batch := list(islice(read, _AT_ONCE)):
            journal.note_seen([item for item in batch if journal.has(item.identity)])
            journal.hold([item for item in batch if not journal.has(item.identity)])
        self._unsettled = passing

    def note_there(self, journal: Journal) -> None:
        """Note what is there now as something that is not to be sealed, as long as it stays as it is."""
        there = (Item(name, stamp, b"") for name, stamp in self._scan())
        while batch := list(islice(there, _AT_ONCE)):
            journal.note_there(batch)

    def hold_there(self, journal: Journal) -> None:
        """What is there at the beginning is looked at as whatever comes is; there is nothing to do before."""

    # --- what is there ------------------------------------------------------------------------------------------------

    def _scan(self) -> Iterator[tuple[bytes, Stamp]]:
        pending = [b""]
        while pending:
            folder = pending.pop()
            try:
                descriptor = self._open_folder(folder)
            except FileNotFoundError:
                continue  # gone since its name was read
            except (OSError, SourceError) as error:
                self._complain(folder, error)
                continue
            try:
                yield from self._scan_folder(descriptor, folder and folder + b"/", pending)
            except OSError as error:
                self._complain(folder, error)
            finally:
                os.close(descriptor)

    def _scan_folder(self, descriptor: int, prefix: bytes, pending: list[bytes]) -> Iterator[tuple[bytes, Stamp]]:
        with os.scandir(descriptor) as entries:
            for entry in entries:
                name = prefix + os.fsencode(entry.name)
                if self._excluded is not None and self._excluded(name):
                    continue
                try:
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(name)
                    elif entry.is_file(follow_symlinks=False):
                        yield name, _stamp(entry.stat(follow_symlinks=False))
                except FileNotFoundError:
                    continue

    def _is_ripe(self, name: bytes, stamp: Stamp, passing: dict[bytes, tuple[Stamp, float]]) -> bool:
        """Whether it has stayed so for long enough: as we saw, or as the system noted, whose time nobody sets back."""
        now = self._clock()
        before, since = self._unsettled.get(name, (None, now))
        if before != stamp:
            since = now
        changed = max(stamp[1], stamp[2]) / 1e9
        if now - since >= self._settle or changed + self._settle <= self._wall_clock():
            return True
        passing[name] = (stamp, since)
        return False

    # --- what is in it ------------------------------------------------------------------------------------------------

    def _read(self, name: bytes, passing: dict[bytes, tuple[Stamp, float]]) -> Item | None:
        """The version that is there; None when it is not to be had just now, and the next look will tell."""
        try:
            if len(name) > MAX_NAME_BYTES:
                raise SourceError("“{path}” is too long a name to be sealed.", path=os.fsdecode(name[:100]))
            descriptor = self._open(name)
            try:
                before = os.fstat(descriptor)
                record = self._record(descriptor, name, before)
                after = os.fstat(descriptor)
            finally:
                os.close(descriptor)
        except FileNotFoundError:
            return None
        except (OSError, SourceError) as error:
            self._complain(name, error)
            return None
        stamp = _stamp(before)
        if record is None or _stamp(after) != stamp:
            passing[name] = (_stamp(after), self._clock())
            return None
        return Item(name, stamp, record)

    def _record(self, descriptor: int, name: bytes, status: os.stat_result) -> bytes | None:
        if status.st_size >= LARGE_BYTES:
            try:
                return hash_open(descriptor, self._path(name), self._meter, threading.Event())[STAMP.size :]
            except SourceError:  # it changed meanwhile
                return None
        if not stat.S_ISREG(status.st_mode):
            return None
        data = b""
        while len(data) <= status.st_size and (more := os.read(descriptor, status.st_size + 1 - len(data))):
            data += more
        if len(data) != status.st_size:
            return None
        return hashlib.sha256(data).digest() + hashlib.new("sm3", data).digest()

    def _open(self, name: bytes) -> int:
        folder, _, last = name.rpartition(b"/")
        parent = self._open_folder(folder)
        try:
            return os.open(last, FLAGS, dir_fd=parent)
        finally:
            os.close(parent)

    def _open_folder(self, name: bytes) -> int:
        try:
            descriptor = os.open(self._top, _FOLDER_FLAGS)
        except OSError as error:
            raise unreadable(self._top, error) from error
        for part in name.split(b"/") if name else ():
            try:
                below = os.open(part, _FOLDER_FLAGS, dir_fd=descriptor)
            finally:
                os.close(descriptor)
            descriptor = below
        return descriptor

    def _path(self, name: bytes) -> bytes:
        return self._top + b"/" + name if name else self._top

    def _complain(self, name: bytes, error: OSError | SourceError) -> None:
        self._tell(error if isinstance(error, SourceError) else unreadable(self._path(name), error))


class _NoMeter:
    """Nobody looks on."""

    def found(self, files: int) -> None: ...
    def large(self, files: int, size: int) -> None: ...
    def hashed(self, size: int) -> None: ...
    def walked(self) -> None: ...
    def done(self, files: int, size: int, *, large: bool = False) -> None: ...
    def show(self) -> None: ...


def file_digests(file: IO[bytes]) -> bytes:
    """Both digests of an open file, as an item has them."""
    sha256, sm3 = hashlib.sha256(), hashlib.new("sm3")
    while piece := file.read(LARGE_BYTES):
        sha256.update(piece)
        sm3.update(piece)
    return sha256.digest() + sm3.digest()


def _stamp(status: os.stat_result) -> Stamp:
    return (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_dev)
