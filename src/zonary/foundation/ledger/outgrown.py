"""Removing partial tiles and bundles once the full ones are published (C2SP tlog-tiles allows it from then on).

Readers who hold an older checkpoint and find a partial tile gone ask for the full one, as the specification tells
them. Nothing depends on the removal: a crash before it, or a store that refuses it, leaves garbage that every later
start finds again and removes.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from zonary.foundation.ledger.storage import TileStore
from zonary.proof.errors import MalformedError
from zonary.proof.tlog.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    TilePath,
    entries_path,
    parse_tile_path,
    partial_width,
    tile_path,
)

MAX_LOOKED_AT: Final = 1000
"""Paths listed by one piece of work: what an object store lists in one answer."""
MAX_QUEUED: Final = 1024
PAUSE_SECONDS: Final = 60.0
"""How long nothing is removed after the store failed to."""
_TILES = "tile"

_log = logging.getLogger("zonary.ledger")


def outgrown(old_size: int, new_size: int) -> Iterator[str]:
    """The full tiles and bundles of a log of ``new_size`` that it had as partial ones at ``old_size``.

    Beside each, in the folder of its name with ``.p``, may lie partial ones of any width up to that at ``old_size``.
    """
    level = 0
    while old_size >> TILE_HEIGHT * level:
        index = old_size >> TILE_HEIGHT * (level + 1)
        if partial_width(level, old_size) and index < new_size >> TILE_HEIGHT * (level + 1):
            if level == 0:
                yield entries_path(index)
            yield tile_path(level, index)
        level += 1


def is_outgrown(tile: TilePath, size: int) -> bool:
    """Whether ``tile`` is a partial one in whose place a log of ``size`` has a full one."""
    return tile.width < TILE_WIDTH and tile.index < size >> TILE_HEIGHT * ((tile.level or 0) + 1)


class Sweeper:
    """Removes what one log has outgrown, in small pieces, from the thread that publishes it.

    Two ways lead to what is to be removed. After each publication it is known which partial tiles became full; only
    their folders are listed. What a crash, a failed publication or an earlier release left behind is found by going
    once through all the paths of the store, some at a time.

    A partial tile is removed only when a published checkpoint covers the full one, and the store lists that.
    """

    def __init__(self, store: TileStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._size = 0
        self._queue: deque[str] = deque()
        self._cursor: str | None = ""
        """The last path looked at in going through all of them; None when that is done."""
        self._full = ""
        """The last full tile met on that way: its partial ones follow it at once."""
        self._rests_until = float("-inf")
        self._failing = False

    def published(self, size: int) -> None:
        """To be told after every publication, and once at start, how large the log is that readers now see."""
        # At start it is not known what grew; going through everything finds it.
        if 0 < self._size < size:
            self._queue.extend(outgrown(self._size, size))
        self._size = max(self._size, size)
        if len(self._queue) > MAX_QUEUED:
            self._queue.clear()
            self._cursor, self._full = "", ""

    def work(self) -> bool:
        """Do one piece: at most one listing and the removals from it.

        :returns: whether there is more to do now. Failures are told once, and the work is left for a while.
        """
        if self._clock() < self._rests_until or (self._cursor is None and not self._queue):
            return False
        try:
            if self._queue:
                self._remove_beside(self._queue[0])
                self._queue.popleft()
            else:
                self._go_on()
        except OSError as error:
            if not self._failing:
                _log.warning("outgrown partial tiles in %r are kept for now: %s", self._store, error)
            self._failing = True
            self._rests_until = self._clock() + PAUSE_SECONDS
            return False
        self._failing = False
        return bool(self._queue) or self._cursor is not None

    def _remove_beside(self, full: str) -> None:
        """Remove the partial tiles beside ``full``, of which there are at most 255."""
        folder, _, name = full.rpartition("/")
        # The last string before ``full`` and after whatever begins with the name before it.
        before = f"{folder}/{name[:-1]}{chr(ord(name[-1]) - 1)}~"
        paths = islice(self._store.paths(folder, before), TILE_WIDTH)
        if next(paths, None) == full:
            self._remove([path for path in paths if path.startswith(f"{full}.p/")])

    def _go_on(self) -> None:
        assert self._cursor is not None  # noqa: S101 - asked by work()
        looked_at = list(islice(self._store.paths(_TILES, self._cursor), MAX_LOOKED_AT))
        full, garbage = self._full, []
        for path in looked_at:
            if ".p/" not in path:
                full = path
            elif path.startswith(f"{full}.p/"):
                garbage.append(path)
        self._remove(garbage)
        # Only now: what could not be removed is looked at again.
        self._full = full
        self._cursor = looked_at[-1] if len(looked_at) == MAX_LOOKED_AT else None

    def _remove(self, paths: list[str]) -> None:
        garbage = [path for path in paths if self._is_outgrown(path)]
        if garbage:
            self._store.remove(garbage)

    def _is_outgrown(self, path: str) -> bool:
        try:
            return is_outgrown(parse_tile_path(path), self._size)
        except MalformedError:
            return False  # not ours
