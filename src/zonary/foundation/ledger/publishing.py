"""Showing the log: tiles and bundles first, the checkpoint last.

Everything written here is derived from what the database has committed, so this same function publishes a tick,
finishes what a crash interrupted, and repairs a store that lost its tiles. Run twice it writes the same bytes twice.

A crash while tiles are written leaves objects that no published checkpoint refers to; they are written again, with
the same content, at the next start. A crash before the checkpoint is replaced leaves the old checkpoint, whole, with
all its tiles. A crash after that leaves nothing to do.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice

from django.db import transaction

from zonary.foundation.ledger.errors import ForkError
from zonary.foundation.ledger.leadership import lost
from zonary.foundation.ledger.logs import Log, require_not_ahead, require_same_history
from zonary.foundation.ledger.models import LogState
from zonary.foundation.ledger.rollback import require_not_rolled_back
from zonary.foundation.ledger.second_tree import publish_second_tree
from zonary.foundation.ledger.storage import TileStore
from zonary.proof.errors import Error
from zonary.proof.merkle import leaf_hashes
from zonary.proof.tlog.checkpoint import Checkpoint
from zonary.proof.tlog.notes import Note
from zonary.proof.tlog.tiles import (
    TILE_WIDTH,
    MissingResource,
    encode_bundle,
    entries_path,
    extend_tiles,
    root_of_tiles,
)

CHUNK = TILE_WIDTH * TILE_WIDTH
"""Leaves written between two looks at the store: bounds memory when much is to be done at once."""

_log = logging.getLogger("zonary.ledger")


def publish(log: Log, *, starting: bool = False) -> int:
    """Bring what readers see up to what the database has committed.

    :param starting: compare with the checkpoint kept outside the data directory before showing another: to be asked
        for by whoever begins to lead the log.
    :returns: the size now published.
    :raises RolledBackError: when readers already saw more than the database has, or more was kept.
    :raises ForkError: when they saw something else, or the database contradicts itself.
    """
    published = log.published()
    state = log.state()
    require_not_ahead(published, state)
    kept = log.last_kept() if starting else None
    if kept is not None and kept.checkpoint.size > state.size:
        require_not_rolled_back(kept, state.size, bytes(state.root), log.store.read)
    log.step("publish begins")
    old = published.checkpoint if published else None
    size = old.size if old and _is_intact(log, old) else 0
    if old is None or size < state.size:
        _write_tiles(log, old, size, state)
        log.step("publish wrote the tiles")
    if kept is not None:
        # The tiles of the present size are there now, whatever the store had lost.
        require_not_rolled_back(kept, state.size, bytes(state.root), log.store.read)
    if old is None or old.size < state.size:
        # Under the store's lock and only if the checkpoint is still the one looked at above, which is smaller:
        # a larger checkpoint is never replaced.
        _replace_checkpoint(log, log.store, published.note if published else None, bytes(state.note))
    if log.kept is not None:
        log.kept.keep(bytes(state.note), force=starting)
    if log.second is not None:
        log.step("publish begins the second tree")
        replace = partial(_replace_checkpoint, log)
        publish_second_tree(log.second, log.source, state.generation, state.size, replace)
    log.step("publish ends")
    return state.size


def publish_ended(log: Log, generation: int, note: bytes) -> None:
    """Publish a log that has ended and of which nothing is published any more, from the database.

    :param note: its last signed checkpoint.
    :raises ForkError: when the database does not have all its leaves, or others.
    """
    last = Checkpoint.parse(Note.parse(note).text)
    state = LogState(name=log.name, generation=generation, origin=last.origin, size=last.size, root=last.root)
    _write_tiles(log, None, 0, state)
    log.store.replace_checkpoint(None, note)


def _replace_checkpoint(log: Log, store: TileStore, expected: bytes | None, note: bytes) -> None:
    if store.is_fenced:
        store.replace_checkpoint(expected, note)
        return
    # The store would let two write at once. Only whoever leads the log may, and only one holds its row.
    with transaction.atomic():
        state = log.locked_state()
        if state.epoch != log.epoch:
            raise lost(state.name)
        store.replace_checkpoint(expected, note)


def _is_intact(log: Log, published: Checkpoint) -> bool:
    """Whether the tiles at the right edge, on which the next ones build, are those of the published checkpoint."""
    try:
        root = root_of_tiles(published.size, log.store.read)
    except Error as error:
        reason = str(error)
    else:
        if root == published.root:
            return True
        reason = "the tiles lead to another root"
    _log.warning("%s: the published tiles are damaged (%s); writing them anew", published.origin, reason)
    return False


def _write_tiles(log: Log, old: Checkpoint | None, size: int, state: LogState) -> None:
    """Write all that the log at ``state`` has beyond ``size``, and check that it is what was signed."""
    while size < state.size:
        end = min(state.size, (size // CHUNK + 1) * CHUNK)
        if old and size < old.size <= end:
            # Writing anew from the beginning: what is about to be written has to be what was published.
            end = old.size
        objects = _objects(log, state.generation, size, end)
        log.store.write(_telling(log, objects) if old and size < old.size else objects)
        size = end
        if old and size == old.size:
            require_same_history(old, root_of_tiles(size, log.store.read))
    if root_of_tiles(state.size, log.store.read) != bytes(state.root):
        raise ForkError(
            "The leaves in the database do not lead to the checkpoint of “{origin}” at {size} that stands beside them. "
            "Restore the database from a backup that is not older than the published checkpoint.",
            origin=state.origin,
            size=state.size,
        )


def _telling(log: Log, objects: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """``objects``, each told of when it takes the place of other bytes than its own: readers may have seen those."""
    for path, data in objects:
        try:
            shown = log.store.read(path)
        except MissingResource:
            _log.warning("%s: wrote %s anew (%d bytes): it was missing", log.keys.origin, path, len(data))
        else:
            if shown != data:
                at = next((i for i, pair in enumerate(zip(shown, data, strict=False)) if pair[0] != pair[1]), None)
                at = min(len(shown), len(data)) if at is None else at
                message = "%s: wrote %s anew (%d bytes): what was published differed from byte %d on, sha256 %s"
                _log.warning(message, log.keys.origin, path, len(data), at, hashlib.sha256(shown).hexdigest())
        yield path, data


def _objects(log: Log, generation: int, start: int, end: int) -> Iterator[tuple[str, bytes]]:
    """Bundles and tiles of the leaves ``[start, end)``, each bundle and tile from its own beginning."""
    known = log.recent.get(start, end)
    hashes: list[bytes] = []
    leaves = log.source.leaves(start - start % TILE_WIDTH, end, generation)
    for index in range(start // TILE_WIDTH, -(-end // TILE_WIDTH)):
        bundle = list(islice(leaves, TILE_WIDTH))
        yield entries_path(index, len(bundle)), encode_bundle(bundle)
        if known is None:
            hashes += leaf_hashes(bundle[max(0, start - index * TILE_WIDTH) :])
    for tile, data in extend_tiles(start, hashes if known is None else known, log.store.read):
        yield tile.path, data
