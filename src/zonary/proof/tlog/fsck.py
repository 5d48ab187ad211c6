"""Checking a whole C2SP tlog-tiles log: every entry, tile, root and signature, in one pass of bounded memory.

Every hash is derived again from the entries. Where a tile says something else, what settles the matter is which
of the two leads to the root the log signed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, NoReturn

from zonary.proof.digests import HashName
from zonary.proof.errors import Error, MalformedError, VerificationError
from zonary.proof.merkle import HASH_SIZE, Frontier, Range, leaf_hash, node_hash, root_of, siblings_of
from zonary.proof.tlog.checkpoint import SignedCheckpoint, open_checkpoint
from zonary.proof.tlog.keys import VerifierKey
from zonary.proof.tlog.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    MissingResource,
    ReadTile,
    TilePath,
    TileReader,
    encode_tile,
    iterate_bundle,
    read_partial,
)

CHECKPOINT_PATH: Final = "checkpoint"

Progress = Callable[[int, int], None]
"""Told, after every bundle, how many entries were checked, and of how many."""


class FsckError(VerificationError):
    """A log is not what its checkpoint says.

    ``path`` is the resource that is wrong. ``offset`` is its first wrong byte; in an entry bundle, where the wrong
    entry starts; None when the resource is missing.
    """

    def __init__(self, msgid: str, /, *, path: str, offset: int | None = None, **params: str | int) -> None:
        place = {} if offset is None else {"offset": offset}
        super().__init__(msgid, path=path, **place, **params)
        self.path = path
        self.offset = offset


@dataclass(frozen=True, slots=True, kw_only=True)
class FsckReport:
    """What was checked and found right. ``signatures`` were verified, ``unknown`` are by keys not given."""

    origin: str
    size: int
    root: bytes
    signatures: int
    unknown: int
    tiles: int
    bundles: int
    entries: int
    bytes_read: int


def check_log(
    read: ReadTile,
    keys: Iterable[VerifierKey],
    *,
    origin: str | None = None,
    on_progress: Progress | None = None,
    algorithm: HashName = "sha256",
) -> FsckReport:
    """Check the log that ``read`` reads, up to the size of its checkpoint.

    :param read: gives the bytes of ``checkpoint`` and ``tile/…``; raises MissingResource where there is nothing.
    :param keys: the log's keys, and those of witnesses whose cosignatures are to be checked.
    :param algorithm: that of the tree; the entries are the same in both of a log.
    :raises FsckError: naming the first resource and byte that is wrong, or the resource that is missing.
    :raises Error: as :func:`open_checkpoint`, when the checkpoint itself cannot be trusted; whatever ``read`` raises.
    """
    try:
        note = read(CHECKPOINT_PATH)
    except MissingResource:
        raise FsckError("The log has no {path}.", path=CHECKPOINT_PATH) from None
    signed = open_checkpoint(note, keys, origin)
    check = _Check(signed, read, algorithm)
    for entries in check.run():
        if on_progress:
            on_progress(entries, signed.checkpoint.size)
    return FsckReport(
        origin=signed.checkpoint.origin,
        size=signed.checkpoint.size,
        root=signed.checkpoint.root,
        signatures=len(signed.signatures),
        unknown=signed.unknown,
        tiles=check.tiles,
        bundles=check.bundles,
        entries=check.entries,
        bytes_read=check.bytes_read + len(note),
    )


@dataclass(frozen=True, slots=True)
class _Bundle:
    """What can be read of an entry bundle: where each entry starts, its leaf hash, and the first flaw in form."""

    path: str
    offsets: list[int]
    hashes: list[bytes]
    flaw: int | None


class _Check:
    """One pass over a log. ``_waiting`` holds, by level, the derived hashes of the tile not yet full."""

    def __init__(self, signed: SignedCheckpoint, read: ReadTile, algorithm: HashName) -> None:
        self.tiles = self.bundles = self.entries = self.bytes_read = 0
        self._checkpoint = signed.checkpoint
        self._size = signed.checkpoint.size
        self._read = read
        self._algorithm: HashName = algorithm
        self._waiting: list[list[bytes]] = []

    def run(self) -> Iterator[int]:
        """Check everything; yields how many entries were, after every bundle."""
        for index in range(-(-self._size // TILE_WIDTH)):
            derived = self._check_bundle(self._tile(0, index))
            self.entries += len(derived)
            self._append(0, index, derived)
            yield self.entries
        self._check_edge()

    def _append(self, level: int, index: int, hashes: list[bytes]) -> None:
        """Add derived hashes of tile ``index`` at ``level``; a tile they complete is checked and goes up."""
        if level == len(self._waiting):
            self._waiting.append([])
        waiting = self._waiting[level]
        waiting.extend(hashes)
        if len(waiting) == TILE_WIDTH:
            if level:
                self._check_tile(TilePath(level, index), waiting, [])
            self._waiting[level] = []
            self._append(level + 1, index // TILE_WIDTH, [self._root(waiting)])

    def _check_edge(self) -> None:
        """Check the partial tiles above level 0, and the root."""
        rest: list[bytes] = []
        for level, waiting in enumerate(self._waiting):
            if level and waiting:
                index = self._size >> TILE_HEIGHT * (level + 1)
                self._check_tile(TilePath(level, index, len(waiting)), waiting, rest)
            nodes = waiting + rest
            rest = [self._root(nodes)] if nodes else []
        if self._root(rest) != self._checkpoint.root:
            raise FsckError(
                "The entries and tiles agree, but the signed root, at byte {offset} of {path}, is not theirs.",
                path=CHECKPOINT_PATH,
                offset=len(f"{self._checkpoint.origin}\n{self._size}\n".encode()),
            )

    def _check_bundle(self, tile: TilePath) -> list[bytes]:
        """The leaf hashes of the entries that belong to ``tile``, a tile of level 0, once they agree with it."""
        bundle = self._read_bundle(TilePath(None, tile.index, tile.width))
        stored, path = self._fetch(tile)
        self.bundles, self.tiles = self.bundles + 1, self.tiles + 1
        expected = encode_tile(bundle.hashes)
        if stored == expected and bundle.flaw is None:
            return bundle.hashes
        position = _first_difference(expected, stored) // HASH_SIZE
        entry = tile.index * TILE_WIDTH + position
        if bundle.flaw is not None:
            raise FsckError(
                "The entry bundle {path} is malformed: there is no entry {entry} at byte {offset}.",
                path=bundle.path,
                offset=bundle.offsets[position] if position < len(bundle.offsets) else bundle.flaw,
                entry=entry,
            )
        wrong_tile = _wrong_tile(path, expected, stored)
        if len(stored) != len(expected):
            raise wrong_tile
        wrong_entry = FsckError(
            "Entry {entry}, at byte {offset} of {path}, is wrong: the signed root stands for the hash in {tile}.",
            path=bundle.path,
            offset=bundle.offsets[position],
            entry=entry,
            tile=path,
        )
        match self._judge(tile, self._root(bundle.hashes), self._root(_hashes(stored))):
            case "derived":
                raise wrong_tile
            case "stored":
                raise wrong_entry
            case None:
                self._settle(wrong_tile, wrong_entry)

    def _check_tile(self, tile: TilePath, derived: list[bytes], rest: list[bytes]) -> None:
        """Compare ``tile``, above level 0, with the hashes derived; ``rest`` is the root of what is right of them."""
        stored, path = self._fetch(tile)
        self.tiles += 1
        expected = encode_tile(derived)
        if stored == expected:
            return
        wrong_tile = _wrong_tile(path, expected, stored)
        if len(stored) != len(expected) or tile.level is None:
            raise wrong_tile
        match self._judge(tile, self._root(derived + rest), self._root(_hashes(stored) + rest)):
            case "derived":
                raise wrong_tile
            case "stored":
                position = _first_difference(expected, stored) // HASH_SIZE
                raise FsckError(
                    "{path} and the entries below it agree with each other, but do not lead to the signed root.",
                    path=str(TilePath(tile.level - 1, tile.index * TILE_WIDTH + position)),
                    offset=0,
                )
            case None:
                self._settle(wrong_tile, wrong_tile)

    def _judge(self, tile: TilePath, derived: bytes, stored: bytes) -> Literal["derived", "stored"] | None:
        """Which root of the tree below ``tile`` leads to the signed root, judging by the other tiles."""
        span = TILE_HEIGHT * ((tile.level or 0) + 1)
        leaves = (tile.index << span, min(self._size, tile.index + 1 << span))
        try:
            tiles = TileReader(self._size, self._read, self._algorithm)
            siblings = [(side, tiles.root_of_range(side)) for side in siblings_of(leaves, self._size)]
        except (MissingResource, MalformedError):
            return None
        if self._climb(leaves, derived, siblings) == self._checkpoint.root:
            return "derived"
        return "stored" if self._climb(leaves, stored, siblings) == self._checkpoint.root else None

    def _settle(self, wrong_tile: FsckError, wrong_entry: FsckError) -> NoReturn:
        """Raise the error that all entries, or all tiles of level 0, show to be the right one: a second pass."""
        if self._root_over(self._derived_hashes) == self._checkpoint.root:
            raise wrong_tile
        if self._root_over(self._stored_hashes) == self._checkpoint.root:
            raise wrong_entry
        raise FsckError(
            "The log has several faults; the first is at byte {offset} of {path}, or in the entries below it.",
            path=wrong_tile.path,
            offset=wrong_tile.offset,
        )

    def _root_over(self, hashes_of: Callable[[TilePath], list[bytes]]) -> bytes | None:
        frontier = Frontier.empty(self._algorithm)
        try:
            for index in range(-(-self._size // TILE_WIDTH)):
                frontier = frontier.extend(hashes_of(self._tile(0, index)))
        except Error:
            return None
        return frontier.root()

    def _derived_hashes(self, tile: TilePath) -> list[bytes]:
        return self._read_bundle(TilePath(None, tile.index, tile.width)).hashes

    def _stored_hashes(self, tile: TilePath) -> list[bytes]:
        return _hashes(self._fetch(tile)[0])

    def _read_bundle(self, bundle: TilePath) -> _Bundle:
        data, path = self._fetch(bundle)
        complete = path == str(bundle)
        offsets: list[int] = []
        hashes: list[bytes] = []
        end = 0
        try:
            for offset, entry in iterate_bundle(data):
                end = offset
                if len(hashes) == bundle.width:
                    return _Bundle(path, offsets, hashes, offset if complete else None)
                offsets.append(offset)
                hashes.append(leaf_hash(entry, self._algorithm))
                end = offset + 2 + len(entry)
        except MalformedError:
            return _Bundle(path, offsets, hashes, end)
        return _Bundle(path, offsets, hashes, None if len(hashes) == bundle.width else end)

    def _root(self, hashes: list[bytes]) -> bytes:
        return root_of(hashes, self._algorithm)

    def _climb(self, leaves: Range, root: bytes, siblings: list[tuple[Range, bytes]]) -> bytes:
        """The root of the tree, from ``root`` over ``leaves`` and its siblings, nearest first."""
        start = leaves[0]
        for side, value in siblings:
            left, right = (value, root) if side[0] < start else (root, value)
            root = node_hash(left, right, self._algorithm)
            start = min(start, side[0])
        return root

    def _fetch(self, resource: TilePath) -> tuple[bytes, str]:
        """The bytes of ``resource`` and the path they come from; of a full tile in place of a partial one its part."""
        try:
            data, width = read_partial(self._read, resource)
        except MissingResource as error:
            raise _missing(error.path) from None
        self.bytes_read += len(data)
        if width != resource.width and resource.level is not None:
            data = data[: resource.width * HASH_SIZE]
        return data, str(TilePath(resource.level, resource.index, width))

    def _tile(self, level: int, index: int) -> TilePath:
        """The tile that the log's size demands there."""
        nodes = self._size >> TILE_HEIGHT * level
        return TilePath(level, index, min(TILE_WIDTH, nodes - index * TILE_WIDTH))


def _hashes(data: bytes) -> list[bytes]:
    return [data[start : start + HASH_SIZE] for start in range(0, len(data), HASH_SIZE)]


def _first_difference(expected: bytes, stored: bytes) -> int:
    pairs = zip(expected, stored, strict=False)
    shorter = min(len(expected), len(stored))
    return next((offset for offset, (one, other) in enumerate(pairs) if one != other), shorter)


def _missing(path: str) -> FsckError:
    return FsckError("The log does not have {path}, which its size needs.", path=path)


def _wrong_tile(path: str, expected: bytes, stored: bytes) -> FsckError:
    return FsckError(
        "Byte {offset} of {path} is wrong: the entries below it give another hash.",
        path=path,
        offset=_first_difference(expected, stored),
    )
