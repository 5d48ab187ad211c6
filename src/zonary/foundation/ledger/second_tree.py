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
from zonary.foundation.ledger.layout import write_durably
from zonary.foundation.ledger.sources import LeafSource
from zonary.foundation.ledger.storage import CHECKPOINT, TileStore
from zonary.proof import sm2
from zonary.proof.errors import Error
from zonary.proof.merkle import leaf_hashes
from zonary.proof.sm2 import SM2PrivateKey
from zonary.proof.tlog.checkpoint import Checkpoint, SignedCheckpoint, open_checkpoint, sign_checkpoint
from zonary.proof.tlog.sm2 import Sm2SigningKey, second_origin
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
    """Where it is published and what signs it."""

    store: TileStore
    key: Sm2SigningKey = field(repr=False)

    @property
    def origin(self) -> str:
        return self.key.verifier.name

    def published(self) -> SignedCheckpoint | None:
        """The checkpoint readers see, or None before the first.

        :raises ForkError: when it is not one that this key signed.
        """
        try:
            note = self.store.read(CHECKPOINT)
        except MissingResource:
            return None
        try:
            return open_checkpoint(note, [self.key.verifier], self.origin)
        except Error as error:
            raise ForkError(
                "The published checkpoint of the second tree is not one of this log: {reason} If it does not belong "
                "here, move the folder “sm3” of the published log away and start again; it is then written anew.",
                reason=error,
            ) from error


def key_path(directory: Path, stem: str) -> Path:
    """Where the SM2 key beside the log's keys called ``stem`` lies: PKCS #8 in PEM."""
    return directory / f"{stem}-sm2.pem"


def open_second_tree(directory: Path, stem: str, origin: str, store: TileStore) -> SecondTree | None:
    """The second tree of the log ``origin``; its key is made when there is none. None where the machine has no SM2.

    :raises KeyMismatchError: when the key cannot be read, or is missing though the tree is published.
    """
    if not sm2.available():
        _log.warning("%s: this machine's OpenSSL has no SM2, so that no second tree is written", origin)
        return None
    path = key_path(directory, stem)
    if not path.exists():
        try:
            store.read(CHECKPOINT)
        except MissingResource:
            write_durably(path, SM2PrivateKey.generate().pem(), replace=False)
        else:
            raise KeyMismatchError(
                "The second tree of the log “{origin}” is published, but its key {key} is missing. Put it back from a "
                "backup; or, if it is lost, move the folder “sm3” of the published log away, and a new one is begun.",
                origin=origin,
                key=str(path),
            )
    try:
        key = SM2PrivateKey.from_pem(path.read_bytes())
    except (OSError, Error) as error:
        raise KeyMismatchError(
            "{path} cannot be read as an SM2 key: {reason} Put it back from a backup.",
            path=str(path),
            reason=error if isinstance(error, Error) else f"{error.strerror or error}.",
        ) from error
    return SecondTree(store, Sm2SigningKey.of(second_origin(origin), key))


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
        hashes = leaf_hashes(source.leaves(done, end, generation), "sm3")
        made = extend_tiles(done, hashes, tree.store.read, "sm3")
        tree.store.write((tile.path, data) for tile, data in made)
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
        note = sign_checkpoint(Checkpoint(tree.origin, size, root), [tree.key], at=0)
        replace(tree.store, published.note if published else None, note)


def _root(tree: SecondTree, size: int) -> bytes | None:
    """The root that the published tiles lead to, or None when they are damaged."""
    try:
        return root_of_tiles(size, tree.store.read, "sm3")
    except Error as error:
        _log.warning("%s: the published tiles are damaged (%s); writing them anew", tree.origin, error)
        return None
