"""A published log as it stood at one checkpoint, taken from where it is published while it grows.

The right edge is what goes away when the log grows (outgrown partial tiles), so it is read first, together with its
checkpoint, before the database is copied: the copy then has at least as many entries. Full tiles never change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from zonary.config.backup.errors import BackupError
from zonary.foundation.ledger.layout import log_folder
from zonary.foundation.ledger.proofs import store_of
from zonary.foundation.ledger.storage import CHECKPOINT, TileStore
from zonary.proof.errors import Error
from zonary.proof.tlog.checkpoint import Checkpoint
from zonary.proof.tlog.notes import Note
from zonary.proof.tlog.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    MissingResource,
    entries_path,
    partial_width,
    tile_path,
)

_ATTEMPTS: Final = 100


@dataclass(frozen=True, slots=True)
class PublishedLog:
    """Checkpoint and right edge of a log; ``folder`` is where it lies in a data directory."""

    folder: str
    size: int
    edge: tuple[tuple[str, bytes], ...]
    store: TileStore

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file of it, by its name in a data directory; the checkpoint last.

        :raises BackupError: when a tile is missing.
        """
        for path in _full_paths(self.size):
            try:
                yield f"{self.folder}/{path}", self.store.read(path)
            except MissingResource as error:
                raise _damaged(self.folder, error) from None
        for path, data in self.edge:
            yield f"{self.folder}/{path}", data


def published_log(name: str, generation: int) -> PublishedLog | None:
    """The log ``name`` as readers see it now, or None before it is published.

    :raises BackupError: when its right edge cannot be read.
    """
    store, folder = store_of(name, generation), log_folder(name, generation)
    error: Error | None = None
    for _attempt in range(_ATTEMPTS):
        try:
            note = store.read(CHECKPOINT)
        except MissingResource:
            return None
        try:
            size = Checkpoint.parse(Note.parse(note).text).size
            edge = [(path, store.read(path)) for path in _edge_paths(size)]
        except Error as fault:
            # Outgrown between one reading and the next: there is another checkpoint now, or there is a fault.
            error = fault
            if store.read(CHECKPOINT) == note:
                break
            continue
        return PublishedLog(folder, size, (*edge, (CHECKPOINT, note)), store)
    raise _damaged(folder, error or Error("{path} cannot be read.", path=folder))


def _damaged(folder: str, error: Error) -> BackupError:
    return BackupError(
        "The published log in {folder} is not whole: {reason} Move it away and restart the server, which writes it "
        "anew; then make the backup.",
        folder=folder,
        reason=error,
    )


def _edge_paths(size: int) -> list[str]:
    paths = [entries_path(size // TILE_WIDTH, width)] if (width := partial_width(0, size)) else []
    level = 0
    while size >> TILE_HEIGHT * level:
        if width := partial_width(level, size):
            paths.append(tile_path(level, size >> TILE_HEIGHT * (level + 1), width))
        level += 1
    return paths


def _full_paths(size: int) -> Iterator[str]:
    for index in range(size // TILE_WIDTH):
        yield entries_path(index)
    level = 0
    while count := size >> TILE_HEIGHT * (level + 1):
        for index in range(count):
            yield tile_path(level, index)
        level += 1
