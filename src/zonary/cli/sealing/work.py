"""The work directory of a seal, ``OUT.part`` beside the package it will become.

Owned by one ``zonary seal`` at a time (a lock says so) and by nobody else. It holds the manifest and the statement,
with all salts, before anything is registered, and then whatever the server gave, so that a seal interrupted anywhere
goes on where it was. A file in it has its final name only when it is whole. It goes when the package stands.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import glob
import json
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

from zonary.cli.durable import fsync_directory
from zonary.common import clock
from zonary.proof.errors import Error
from zonary.proof.printable import printable

_VERSION = "zonary-seal/1"
_LOCK = "lock"
_SETTINGS = "seal.json"
JOURNAL = "hashed.journal"
MANIFEST = "manifest.jsonl"
STATEMENT = "statement.json"


class WorkError(Error):
    """The work directory is in use, or is not that of this seal."""


class Work:
    """The work directory at ``path``, locked. Use :func:`open_work`."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock = lock

    def __enter__(self) -> Work:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._lock)

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    @property
    def is_prepared(self) -> bool:
        """Whether manifest and statement stand: from here on the seal is finished as it is, or put aside."""
        return (self / STATEMENT).exists()

    def read(self, name: str) -> bytes | None:
        """What was kept as ``name``; None when it was not."""
        try:
            return (self / name).read_bytes()
        except FileNotFoundError:
            return None

    def keep(self, name: str, data: bytes) -> bytes:
        """Keep ``data``, which could be had again; returns it."""
        with self.replacing(name) as file:
            file.write(data)
        self.publish(name)
        return data

    def replacing(self, name: str) -> IO[bytes]:
        """A new file that takes the name ``name`` when it is published."""
        return open(self._temporary(name), "wb")

    def publish(self, name: str) -> None:
        """Give the file written last for ``name`` that name."""
        self._temporary(name).replace(self / name)

    def sync(self) -> None:
        """Make the names of all files in it, and its own, durable."""
        fsync_directory(self.path)
        fsync_directory(self.path.parent)

    def remove(self) -> None:
        """Take the directory away; it is no longer needed."""
        # The statement goes last but one: while it stands, the directory can be recognised for what it is.
        names = [name for name in os.listdir(self.path) if name not in (STATEMENT, _LOCK)]
        for name in [*names, STATEMENT, _LOCK]:
            (self / name).unlink(missing_ok=True)
        self.path.rmdir()

    def _temporary(self, name: str) -> Path:
        return self / f".{name}.new"


def work_path(out: Path) -> Path:
    """Where the work directory for the package ``out`` is."""
    return out.with_name(f"{out.name}.part")


def parts_beside(out: Path) -> list[bytes]:
    """The work directory of ``out`` and those put aside by ``--restart``; no part of what is sealed."""
    return [os.fsencode(path) for path in out.parent.glob(f"{glob.escape(out.name)}.part*")]


def open_work(out: Path, paths: Sequence[bytes], exclude: Sequence[str], *, restart: bool) -> Work:
    """Make, or find again, the work directory for the seal of ``paths`` into ``out``.

    :param restart: put an existing one aside, renamed, and begin anew.
    :raises WorkError: when another seal is using it, or it belongs to a seal of something else.
    """
    path = work_path(out)
    settings: dict[str, object] = {
        "version": _VERSION,
        "paths": [os.fsdecode(one) for one in paths],
        "exclude": list(exclude),
    }
    if path.exists() and not path.is_dir():
        raise WorkError("{path} is in the way: it is not a folder. Choose another name with -o.", path=str(path))
    work = _lock_directory(path)
    try:
        if restart and (work / _SETTINGS).exists():
            _put_aside(work)
            os.close(work._lock)
            work = _lock_directory(path)
        _agree(work, settings)
    except BaseException:
        os.close(work._lock)
        raise
    return work


def _lock_directory(path: Path) -> Work:
    while True:
        path.mkdir(mode=0o700, exist_ok=True)
        if path.is_symlink() or path.lstat().st_uid != os.geteuid():
            # What somebody else prepared would be registered in our name.
            raise WorkError("{path} belongs to another user. Choose another name with -o.", path=str(path))
        try:
            lock = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except FileNotFoundError:
            continue  # removed under us by the seal that finished just now
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.ENOLCK, errno.ENOTSUP):  # a file system that has no locks is worked on without
                os.close(lock)
                raise WorkError(
                    "Another seal is writing {path} just now. Wait for it, or choose another name with -o.",
                    path=str(path),
                ) from error
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.stat(path / _LOCK), os.fstat(lock)):
                return Work(path, lock)
        os.close(lock)


def _put_aside(work: Work) -> None:
    stamp = clock.now().strftime("%Y%m%dT%H%M%S.%fZ")
    work.path.rename(work.path.with_name(f"{work.path.name}.{stamp}"))


def _agree(work: Work, settings: dict[str, object]) -> None:
    kept = work.read(_SETTINGS)
    if kept is None:
        if set(os.listdir(work.path)) - {_LOCK, f".{_SETTINGS}.new"}:
            (work / _LOCK).unlink()
            raise WorkError(
                "{path} is in the way: it holds something else. Choose another name with -o.", path=str(work.path)
            )
        work.keep(_SETTINGS, json.dumps(settings).encode("ascii"))
        return
    try:
        found = json.loads(kept)
        before = ", ".join(printable(os.fsencode(path)) for path in found["paths"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise WorkError(
            "{path} cannot be read. Type --restart to put it aside and begin anew.", path=str(work.path)
        ) from error
    if found != settings:
        raise WorkError(
            "{path} holds an unfinished seal of something else ({before}). Finish that first, choose another name "
            "with -o, or put it aside with --restart.",
            path=str(work.path),
            before=before,
        )
