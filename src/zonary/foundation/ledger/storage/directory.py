"""A log published in a directory of this machine."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path

from zonary.foundation.ledger.errors import LostRaceError
from zonary.foundation.ledger.layout import sync_directory
from zonary.foundation.ledger.storage.protocol import CHECKPOINT, Step, no_step, require_readable_size
from zonary.proof.tlog.tiles import MissingResource

_LOCK = ".publish.lock"
_PUBLIC_FILE = 0o644
_SYNCED_TOGETHER = 128
"""Objects staged, and files open, at one time."""
_SYNCED_AT_ONCE = 16
_PUBLIC_DIRECTORY = 0o755


class DirectoryStore:
    """A directory that any static web server can serve.

    A crash leaves at worst a file named ``.….new``; no reader asks for one, and the next write of the same object
    takes its place.
    """

    def __init__(self, directory: Path, step: Step = no_step) -> None:
        self._directory = directory
        self._step = step

    def __repr__(self) -> str:
        return f"DirectoryStore({str(self._directory)!r})"

    @property
    def is_fenced(self) -> bool:
        """The comparison and the replacement happen under one lock of the directory."""
        return True

    def read(self, path: str) -> bytes:
        try:
            with open(self._directory / path, "rb") as file:
                require_readable_size(path, os.fstat(file.fileno()).st_size)
                return file.read()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise MissingResource(path) from None

    def write(self, objects: Iterable[tuple[str, bytes]]) -> None:
        changed: set[Path] = set()
        remaining = iter(objects)
        while some := list(islice(remaining, _SYNCED_TOGETHER)):
            targets = [(self._directory / path, data) for path, data in some]
            for target, _ in targets:
                self._make_directory(target.parent, changed)
            self._write(targets)
            changed.update(target.parent for target, _ in targets)
        # Renames reach the disk with their directory. Until then a power cut may lose the names, but nothing refers
        # to them yet: the checkpoint is written afterwards.
        for directory in sorted(changed):
            sync_directory(directory)
            self._step("directory synced")

    def replace_checkpoint(self, expected: bytes | None, new: bytes) -> None:
        changed: set[Path] = set()
        self._make_directory(self._directory, changed)
        with self._locked():
            try:
                current: bytes | None = self.read(CHECKPOINT)
            except MissingResource:
                current = None
            if current != expected:
                raise LostRaceError(
                    "Another process replaced the checkpoint in {directory}. Only one server may use it.",
                    directory=str(self._directory),
                )
            self._write([(self._directory / CHECKPOINT, new)])
            for directory in (*sorted(changed), self._directory):
                sync_directory(directory)
        self._step("checkpoint synced")

    def paths(self, under: str, after: str = "") -> Iterator[str]:
        try:
            entries = [(f"{under}/{e.name}", e.is_dir()) for e in os.scandir(self._directory / under)]
        except (FileNotFoundError, NotADirectoryError):
            return
        # In the order of the whole paths: a folder sorts as its name with the slash that follows it.
        for path, is_directory in sorted(entries, key=lambda entry: f"{entry[0]}/" if entry[1] else entry[0]):
            if is_directory:
                # A folder all of whose paths sort before ``after`` is not looked into.
                if f"{path}/" > after or after.startswith(f"{path}/"):
                    yield from self.paths(path, after)
            elif path > after and not path.rpartition("/")[2].startswith("."):
                yield path

    def remove(self, paths: Iterable[str]) -> None:
        folders: set[Path] = set()
        for path in paths:
            target = self._directory / path
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                target.unlink()
                self._step("object removed")
            folders.add(target.parent)
        for folder in folders:
            self._remove_if_empty(folder)

    def _remove_if_empty(self, folder: Path) -> None:
        """Remove ``folder`` unless an object is in it; what a crash left half written does not count."""
        try:
            names = os.listdir(folder)
        except (FileNotFoundError, NotADirectoryError):
            return
        if folder == self._directory or not all(name.startswith(".") and name.endswith(".new") for name in names):
            return
        for name in names:
            (folder / name).unlink()
        folder.rmdir()
        self._step("folder removed")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        descriptor = os.open(self._directory / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _make_directory(self, directory: Path, changed: set[Path]) -> None:
        if directory.is_dir():
            return
        self._make_directory(directory.parent, changed)
        directory.mkdir(exist_ok=True)
        # Said outright: the server's umask is for its keys, and another user's web server is to read these.
        directory.chmod(_PUBLIC_DIRECTORY)
        changed.add(directory.parent)
        self._step("directory made")

    def _write(self, targets: list[tuple[Path, bytes]]) -> None:
        """Stage all, have the disk take them together, then give them their names."""
        staged = [(target.with_name(f".{target.name}.new"), target, data) for target, data in targets]
        with ExitStack() as opened:
            descriptors = []
            for new, _, data in staged:
                descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PUBLIC_FILE)
                file = opened.enter_context(open(descriptor, "wb", buffering=0))
                os.fchmod(descriptor, _PUBLIC_FILE)
                view = memoryview(data)
                while view:
                    view = view[file.write(view) :]
                self._step("object written")
                descriptors.append(descriptor)
            _sync(descriptors)
        self._step("objects synced")
        for new, target, _ in staged:
            new.replace(target)
            self._step("object renamed")


def _sync(descriptors: list[int]) -> None:
    """Have all on disk. Asked for at the same time, file systems with a journal write it once for many."""
    if len(descriptors) <= 2:
        for descriptor in descriptors:
            os.fsync(descriptor)
        return
    with ThreadPoolExecutor(min(_SYNCED_AT_ONCE, len(descriptors)), "sync") as threads:
        for _ in threads.map(os.fsync, descriptors):
            pass
