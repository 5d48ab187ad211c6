"""The second tree: the leaves of a log under a root in SM3, signed with SM2 (``specs/second-tree.md``).

It is derived from what the database has committed, after the log's own checkpoint is published, by steps in the same
order: tiles first, the checkpoint last. So a crash leaves what it leaves of the log: objects that no checkpoint refers
to, written again with the same content. It needs nothing of its own in the database; a log that is older than its
second tree is filled in from its first leaf. Losing the store loses nothing, losing the key ends this tree alone.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from zonary.foundation.ledger.errors import ForkError, KeyMismatchError
from zonary.foundation.ledger.keys import KeyPlace, LogKeys
from zonary.foundation.ledger.second_keys import SecondKeys, make_second_key, open_second_keys, stem_of_second
from zonary.foundation.ledger.sources import LeafSource
from zonary.foundation.ledger.storage import CHECKPOINT, TileStore
from zonary.proof import sm2
from zonary.proof.errors import Error
from zonary.proof.merkle import leaf_hashes
from zonary.proof.tlog.checkpoint import Checkpoint, SignedCheckpoint, open_checkpoint, sign_checkpoint
from zonary.proof.tlog.notes import Note
from zonary.proof.tlog.tiles import TILE_WIDTH, MissingResource, extend_tiles, root_of_tiles

FOLDER: Final = "sm3"
"""Below the place where the log is published."""
CHUNK: Final = TILE_WIDTH * TILE_WIDTH
"""Leaves between two looks at the store: bounds memory while an old log is filled in."""

_log = logging.getLogger("zonary.ledger")


class ReplaceCheckpoint(Protocol):
    """Puts a checkpoint in the place of the one expected, in a store, only by whoever leads the log."""

    def __call__(self, store: TileStore, expected: bytes | None, note: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class SecondTree:
    """Where it is published and what signs it, and did."""

    store: TileStore
    keys: SecondKeys = field(repr=False)

    @property
    def origin(self) -> str:
        return self.keys.verifiers[0].name

    def published(self) -> SignedCheckpoint | None:
        """The checkpoint readers see, or None before the first.

        :raises ForkError: when it is not one that its keys signed.
        """
        try:
            note = self.store.read(CHECKPOINT)
        except MissingResource:
            return None
        try:
            return open_checkpoint(note, self.keys.verifiers, self.origin)
        except Error as error:
            raise ForkError(
                "The published checkpoint of the second tree is not one of this log: {reason} If it does not belong "
                "here, move the folder “sm3” of the published log away and start again; it is then written anew.",
                reason=error,
            ) from error


def open_second_tree(directory: Path, stem: str, log: LogKeys, store: TileStore) -> SecondTree | None:
    """The second tree of ``log``; its key is made when there is none. None where the machine has no SM2.

    :raises KeyMismatchError: when a key cannot be read, or all are missing though the tree is published.
    """
    if not sm2.available():
        _log.warning("%s: this machine's OpenSSL has no SM2, so that no second tree is written", log.origin)
        return None
    keys = open_second_keys(directory, stem, log)
    if not keys.signers:
        try:
            store.read(CHECKPOINT)
        except MissingResource:
            make_second_key(directory, stem)
            keys = open_second_keys(directory, stem, log)
        else:
            place = KeyPlace(directory, stem_of_second(stem), max(1, len(keys.every)), "pem")
            raise KeyMismatchError(
                "The second tree of the log “{origin}” is published, but its key {key} is missing. Put it back from a "
                "backup; or, if it is lost, move the folder “sm3” of the published log away, and a new one is begun.",
                origin=log.origin,
                key=str(place.secret()),
            )
    return SecondTree(store, keys)


def publish_second_tree(
    tree: SecondTree, source: LeafSource, generation: int, size: int, replace: ReplaceCheckpoint
) -> None:
    """Bring the second tree up to ``size`` leaves, which the log's own checkpoint covers already.

    :raises ForkError: when readers saw more of it, or another history, than the database has.
    """
    published = tree.published()
    old = published.checkpoint if published else None
    if old and old.size > size:
        raise ForkError(
            "The second tree “{origin}” was published with {published} entries, but the log has only {size}: an older "
            "database was put back. Restore a newer one; nothing is signed until then.",
            origin=tree.origin,
            published=old.size,
            size=size,
        )
    done = old.size if old and _root(tree, old.size) == old.root else 0
    if old and done == size:
        return
    while done < size:
        end = min(size, (done // CHUNK + 1) * CHUNK)
        if old and done < old.size <= end:
            end = old.size  # written anew from the beginning: it has to be what was published
        _extend(tree.store, source, generation, done, end)
        done = end
        if old and done == old.size and _root(tree, done) != old.root:
            raise ForkError(
                "The second tree “{origin}” was published with another history than the database has at {size} "
                "entries. Restore the database it was published from; nothing is signed until then.",
                origin=tree.origin,
                size=done,
            )
    if size:
        root = root_of_tiles(size, tree.store.read, "sm3")
        note = sign_checkpoint(Checkpoint(tree.origin, size, root), tree.keys.signers, at=0)
        replace(tree.store, published.note if published else None, note)


def publish_ended_second_tree(store: TileStore, source: LeafSource, generation: int, note: bytes) -> None:
    """Publish one whose log has ended, and of which nothing is published any more, from the database.

    :param note: its last signed checkpoint.
    :raises ForkError: when the database does not have all its leaves, or others.
    """
    last = Checkpoint.parse(Note.parse(note).text)
    for begin in range(0, last.size, CHUNK):
        _extend(store, source, generation, begin, min(last.size, begin + CHUNK))
    if root_of_tiles(last.size, store.read, "sm3") != last.root:
        raise ForkError(
            "The second tree “{origin}” was published with another history than the database has at {size} entries. "
            "Restore the database it was published from; nothing is signed until then.",
            origin=last.origin,
            size=last.size,
        )
    store.replace_checkpoint(None, note)


def _extend(store: TileStore, source: LeafSource, generation: int, begin: int, end: int) -> None:
    hashes = leaf_hashes(source.leaves(begin, end, generation), "sm3")
    store.write((tile.path, data) for tile, data in extend_tiles(begin, hashes, store.read, "sm3"))


def _root(tree: SecondTree, size: int) -> bytes | None:
    """The root that the published tiles lead to, or None when they are damaged."""
    try:
        return root_of_tiles(size, tree.store.read, "sm3")
    except Error as error:
        _log.warning("%s: the published tiles are damaged (%s); writing them anew", tree.origin, error)
        return None
