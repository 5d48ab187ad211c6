"""The static resources of a log: C2SP tlog-tiles. SHA-256, unless it is the second tree of a log, in SM3.

Nothing here makes sure of what it reads: a proof made from tiles is to be verified against a signed root.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from zonary.proof import merkle
from zonary.proof.digests import HashName
from zonary.proof.errors import Error, MalformedError
from zonary.proof.merkle import EMPTY_ROOTS, HASH_SIZE, MAX_TREE_SIZE, Range, root_of

TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 256
"""Hashes in a full tile, entries in a full bundle."""
TILE_BYTES: Final = TILE_WIDTH * HASH_SIZE
MAX_LEVEL: Final = 63
MAX_ENTRY_BYTES: Final = 0xFFFF
MAX_BUNDLE_BYTES: Final = TILE_WIDTH * (2 + MAX_ENTRY_BYTES)
MAX_PATH_CHARACTERS: Final = 64
CACHED_TILES: Final = 64

ReadTile = Callable[[str], bytes]
"""Reads a resource of a log by its path below the log's prefix; raises MissingResource when there is none."""

_TILE_PATH = re.compile(
    r"tile/(?P<level>entries|[0-9]|[1-5][0-9]|6[0-3])/(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


class MissingResource(Error):
    """A log does not have the resource; raised by whoever reads for a :data:`ReadTile`."""

    def __init__(self, path: str) -> None:
        super().__init__("The log does not have {path}.", path=path)
        self.path = path


@dataclass(frozen=True, slots=True)
class TilePath:
    """Which resource a path names: ``level`` is None for entry bundles, ``width`` 256 for a full tile."""

    level: int | None
    index: int
    width: int = TILE_WIDTH

    def __str__(self) -> str:
        if self.level is None:
            return entries_path(self.index, self.width)
        return tile_path(self.level, self.index, self.width)


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """Path of a hash tile, ``tile/0/x001/x234/067`` or, when partial, ``tile/0/x001/x234/067.p/5``."""
    return f"tile/{level}/{_index_path(index, width)}"


def entries_path(index: int, width: int = TILE_WIDTH) -> str:
    """Path of an entry bundle, ``tile/entries/x001/x234/067`` with ``.p/5`` when partial."""
    return f"tile/entries/{_index_path(index, width)}"


def _index_path(index: int, width: int) -> str:
    digits = f"{index:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    path = "/".join((*(f"x{group}" for group in groups[:-1]), groups[-1]))
    return path if width == TILE_WIDTH else f"{path}.p/{width}"


def parse_tile_path(path: str) -> TilePath:
    """What ``path`` names. Every resource has exactly one path.

    :raises MalformedError: when it names no tile and no entry bundle.
    """
    match = _TILE_PATH.fullmatch(path) if len(path) <= MAX_PATH_CHARACTERS else None
    if match:
        level = None if match["level"] == "entries" else int(match["level"])
        index = int(match["index"].replace("x", "").replace("/", ""))
        tile = TilePath(level, index, int(match["width"] or TILE_WIDTH))
        if tile.width <= TILE_WIDTH and str(tile) == path:
            return tile
    raise MalformedError("This path names no tile of a log.")


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """The entry bundle of 1 to 256 entries of at most 65535 bytes each.

    :raises MalformedError: otherwise.
    """
    if not 1 <= len(entries) <= TILE_WIDTH or max(map(len, entries)) > MAX_ENTRY_BYTES:
        raise MalformedError("An entry bundle has 1 to 256 entries of at most 65535 bytes.")
    return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])


def iterate_bundle(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The entries of the bundle ``data``, each with the offset of its length prefix.

    :raises MalformedError: where the bundle ends within an entry, after the whole ones were given.
    """
    offset = 0
    while offset < len(data):
        start = offset + 2
        end = start + int.from_bytes(data[offset:start], "big")
        if end > len(data):
            raise MalformedError("The entry bundle ends within the entry at byte {offset}.", offset=offset)
        yield offset, data[start:end]
        offset = end


def decode_bundle(data: bytes, width: int | None = None) -> list[bytes]:
    """The entries of the bundle ``data``: ``width`` of them, or 1 to 256.

    :raises MalformedError: when it is no entry bundle, or has another number of entries.
    """
    if len(data) > MAX_BUNDLE_BYTES:
        raise MalformedError("An entry bundle has at most {limit} bytes.", limit=MAX_BUNDLE_BYTES)
    entries: list[bytes] = []
    for _, entry in iterate_bundle(data):
        entries.append(entry)
        if len(entries) > TILE_WIDTH:
            break
    if not 1 <= len(entries) <= TILE_WIDTH or width not in (None, len(entries)):
        raise MalformedError("The entry bundle has the wrong number of entries.")
    return entries


def encode_tile(hashes: Sequence[bytes]) -> bytes:
    """The tile of 1 to 256 hashes."""
    return b"".join(hashes)


def decode_tile(data: bytes, width: int = TILE_WIDTH) -> list[bytes]:
    """The ``width`` hashes of the tile ``data``.

    :raises MalformedError: when it has another length.
    """
    if len(data) != width * HASH_SIZE:
        raise MalformedError(
            "A tile of {width} hashes has {size} bytes, not {length}.",
            width=width,
            size=width * HASH_SIZE,
            length=len(data),
        )
    return [data[start : start + HASH_SIZE] for start in range(0, len(data), HASH_SIZE)]


def partial_width(level: int, size: int) -> int:
    """Hashes in the partial tile at ``level`` of a tree of ``size`` leaves; 0 when there is none."""
    return (size >> TILE_HEIGHT * level) % TILE_WIDTH


@dataclass(frozen=True, slots=True)
class NewTile:
    """A hash tile to be written when a log grows; its first ``kept`` hashes stand in the old partial tile."""

    level: int
    index: int
    width: int
    kept: int

    @property
    def path(self) -> str:
        return tile_path(self.level, self.index, self.width)

    @property
    def nodes(self) -> Range:
        """Which nodes of its level the tile holds, counted from the left of the tree: ``[start, end)``."""
        return self.index * TILE_WIDTH, self.index * TILE_WIDTH + self.width


def new_tiles(old_size: int, new_size: int) -> list[NewTile]:
    """The hash tiles that a log grown from ``old_size`` to ``new_size`` must write, lower levels first.

    Entry bundles are to be written where tiles of level 0 are.

    :raises Error: unless ``0 <= old_size <= new_size``.
    """
    if not 0 <= old_size <= new_size <= MAX_TREE_SIZE:
        raise Error("A log cannot grow from {old} to {new} entries.", old=old_size, new=new_size)
    tiles: list[NewTile] = []
    level = 0
    while new_size >> TILE_HEIGHT * level:
        old, new = old_size >> TILE_HEIGHT * level, new_size >> TILE_HEIGHT * level
        for index in range(old // TILE_WIDTH, -(-new // TILE_WIDTH)):
            width = min(TILE_WIDTH, new - index * TILE_WIDTH)
            kept = max(0, old - index * TILE_WIDTH)
            if width > kept:
                tiles.append(NewTile(level, index, width, kept))
        level += 1
    return tiles


def extend_tiles(
    old_size: int, leaf_hashes: Sequence[bytes], read: ReadTile, algorithm: HashName = "sha256"
) -> Iterator[tuple[NewTile, bytes]]:
    """The tiles of :func:`new_tiles`, with their bytes, when ``leaf_hashes`` follow ``old_size`` entries.

    Nothing but the partial tiles at ``old_size`` is read.

    :raises MalformedError: when one of them has a wrong length.
    :raises MissingResource: when one is neither there nor its full tile.
    """
    old_tiles = TileReader(old_size, read, algorithm)
    fresh = list(leaf_hashes)
    level = 0
    while fresh:
        first, kept = divmod(old_size >> TILE_HEIGHT * level, TILE_WIDTH)
        nodes = old_tiles.tile(level, first) + fresh if kept else fresh
        fresh = []
        for start in range(0, len(nodes), TILE_WIDTH):
            hashes = nodes[start : start + TILE_WIDTH]
            if len(hashes) == TILE_WIDTH:
                fresh.append(root_of(hashes, algorithm))
            index = first + start // TILE_WIDTH
            yield NewTile(level, index, len(hashes), 0 if start else kept), encode_tile(hashes)
        level += 1


class TileReader:
    """Nodes of a log of ``size`` entries, read from its tiles; keeps the last ``CACHED_TILES`` tiles."""

    def __init__(self, size: int, read: ReadTile, algorithm: HashName = "sha256") -> None:
        self.size = size
        self._read = read
        self._algorithm: HashName = algorithm
        # Of each tile its hashes, then the levels above them as far as they were asked for.
        self._cache: OrderedDict[tuple[int, int], list[list[bytes]]] = OrderedDict()

    def tile(self, level: int, index: int) -> list[bytes]:
        """The hashes of the tile that a tree of this size has there.

        :raises MalformedError: when the tile has a wrong length.
        :raises MissingResource: when it is not there, nor the full one in place of a partial one.
        """
        return self._levels(level, index)[0]

    def _levels(self, level: int, index: int) -> list[list[bytes]]:
        key = (level, index)
        if key in self._cache:
            self._cache.move_to_end(key)
            return self._cache[key]
        width = min(TILE_WIDTH, (self.size >> TILE_HEIGHT * level) - index * TILE_WIDTH)
        data, stored_width = read_partial(self._read, TilePath(level, index, width))
        levels = self._cache[key] = [decode_tile(data, stored_width)[:width]]
        if len(self._cache) > CACHED_TILES:
            self._cache.popitem(last=False)
        return levels

    def root_of_range(self, leaves: Range) -> bytes:
        """Root of the sub-tree over ``leaves``, a node of the tree as in :func:`merkle.siblings_of`."""
        start, end = leaves
        full: list[bytes] = []
        while start < end:
            height = (end - start).bit_length() - 1
            full.append(self._full_node(height, start >> height))
            start += 1 << height
        root = full.pop() if full else EMPTY_ROOTS[self._algorithm]
        for left in reversed(full):
            root = merkle.node_hash(left, root, self._algorithm)
        return root

    def _full_node(self, height: int, index: int) -> bytes:
        """The node that is the root of the ``index``-th full sub-tree of 2^``height`` leaves."""
        level, rest = divmod(height, TILE_HEIGHT)
        tile, first = divmod(index << rest, TILE_WIDTH)
        levels = self._levels(level, tile)
        while len(levels) <= rest:
            levels.append(merkle.parents_of(levels[-1], self._algorithm))
        return levels[rest][first >> rest]


def read_partial(read: ReadTile, path: TilePath) -> tuple[bytes, int]:
    """The resource at ``path`` and the width it was stored with: of a partial one that is gone, the full one.

    :raises MissingResource: when neither is there.
    """
    try:
        return read(str(path)), path.width
    except MissingResource:
        if path.width == TILE_WIDTH:
            raise
    try:
        return read(str(TilePath(path.level, path.index))), TILE_WIDTH
    except MissingResource:
        raise MissingResource(str(path)) from None


def prove_inclusion(index: int, size: int, read: ReadTile, algorithm: HashName = "sha256") -> list[bytes]:
    """Proof that entry ``index`` stands in the log at ``size``, from its tiles.

    :raises Error: when there is no such entry, or a tile is missing or malformed.
    """
    tiles = TileReader(size, read, algorithm)
    return [tiles.root_of_range(leaves) for leaves in merkle.inclusion_ranges(index, size)]


def prove_consistency(size1: int, size2: int, read: ReadTile) -> list[bytes]:
    """Proof that the log at ``size2`` only appended to itself at ``size1``, from its tiles.

    :raises Error: unless ``1 <= size1 <= size2``, or when a tile is missing or malformed.
    """
    tiles = TileReader(size2, read)
    return [tiles.root_of_range(leaves) for leaves in merkle.consistency_ranges(size1, size2)]


def root_of_tiles(size: int, read: ReadTile, algorithm: HashName = "sha256") -> bytes:
    """Root of the log at ``size``, from the tiles of its right edge.

    :raises Error: when a tile is missing or malformed.
    """
    return TileReader(size, read, algorithm).root_of_range((0, size))
