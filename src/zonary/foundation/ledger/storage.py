"""Where tiles and checkpoints are published: a directory here, an object store by the same protocol."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from zonary.foundation.ledger.errors import LostRaceError
from zonary.foundation.ledger.layout import sync_directory
from zonary.proof.tlog.tiles import MissingResource

CHECKPOINT = "checkpoint"
_LOCK = ".publish.lock"
_PUBLIC_FILE = 0o644
_PUBLIC_DIRECTORY = 0o755

Step = Callable[[str], None]
"""Told the name of each step before the next begins. Tests crash here; nothing else depends on it."""


def no_step(_name: str) -> None:
    """Goes on."""


class TileStore(Protocol):
    """What the publisher needs. Objects are written once under their path; only the checkpoint is ever replaced."""

    def read(self, path: str) -> bytes:
        """:raises MissingResource: when there is no such object."""
        ...

    def write(self, objects: Iterable[tuple[str, bytes]]) -> None:
        """Write all, each whole or not at all; durable, names included, on return."""
        ...

    def replace_checkpoint(self, expected: bytes | None, new: bytes) -> None:
        """Put ``new`` in the place of ``expected``; durable on return.

        :raises LostRaceError: when the checkpoint is no longer ``expected``.
        """
        ...


class DirectoryStore:
    """A directory that any static web server can serve.

    A crash leaves at worst a file named ``.….new``; no reader asks for one, and the next write of the same object
    takes its place.
    """

    def __init__(self, directory: Path, step: Step = no_step) -> None:
        self._directory = directory
        self._step = step

    def read(self, path: str) -> bytes:
        try:
            with open(self._directory / path, "rb") as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise MissingResource(path) from None

    def write(self, objects: Iterable[tuple[str, bytes]]) -> None:
        changed: set[Path] = set()
        for path, data in objects:
            target = self._directory / path
            self._make_directory(target.parent, changed)
            self._write(target, data)
            changed.add(target.parent)
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
            self._write(self._directory / CHECKPOINT, new)
            for directory in (*sorted(changed), self._directory):
                sync_directory(directory)
        self._step("checkpoint synced")

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
        directory.mkdir(mode=_PUBLIC_DIRECTORY, exist_ok=True)
        changed.add(directory.parent)
        self._step("directory made")

    def _write(self, target: Path, data: bytes) -> None:
        staged = target.with_name(f".{target.name}.new")
        descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PUBLIC_FILE)
        with open(descriptor, "wb", buffering=0) as file:
            view = memoryview(data)
            while view:
                view = view[file.write(view) :]
            self._step("object written")
            os.fsync(descriptor)
        self._step("object synced")
        staged.replace(target)
        self._step("object renamed")
