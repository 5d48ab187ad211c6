"""Partial tiles of earlier sizes, which a log may keep: each must be the beginning of the tile that grew from it.

:func:`zonary.proof.tlog.fsck.check_log` reads what the present checkpoint needs. Whoever can list a log's resources
checks the others with this.
"""

from __future__ import annotations

from collections.abc import Iterable

from zonary.proof.errors import MalformedError
from zonary.proof.merkle import HASH_SIZE
from zonary.proof.tlog.fsck import FsckError
from zonary.proof.tlog.tiles import (
    TILE_WIDTH,
    ReadTile,
    TilePath,
    encode_bundle,
    iterate_bundle,
    parse_tile_path,
    partial_width,
)


def check_leftovers(paths: Iterable[str], size: int, read: ReadTile) -> int:
    """Check every partial tile and bundle among ``paths`` that the log's size ``size`` has outgrown.

    :param paths: resources of the log that :func:`check_log` found right at ``size``; what lies beyond it is passed
        over, because no checkpoint speaks for it.
    :returns: how many were checked.
    :raises FsckError: naming the first wrong byte.
    """
    checked = 0
    for path in paths:
        try:
            tile = parse_tile_path(path)
        except MalformedError:
            raise FsckError("{path} is no resource of a log.", path=path, offset=0) from None
        width = _present_width(tile, size)
        if tile.width < width:
            _compare(path, tile, width, read)
            checked += 1
    return checked


def _present_width(tile: TilePath, size: int) -> int:
    level = tile.level or 0
    full = size >> 8 * (level + 1)
    if tile.index < full:
        return TILE_WIDTH
    return partial_width(level, size) if tile.index == full else 0


def _compare(path: str, tile: TilePath, width: int, read: ReadTile) -> None:
    found = read(path)
    grown = read(str(TilePath(tile.level, tile.index, width)))
    if tile.level is None:
        expected = encode_bundle([entry for _, entry in iterate_bundle(grown)][: tile.width])
    else:
        expected = grown[: HASH_SIZE * tile.width]
    if found == expected:
        return
    pairs = zip(found, expected, strict=False)
    offset = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(found), len(expected)))
    raise FsckError(
        "Byte {offset} of {path} is wrong: the tile that grew from it has another.", path=path, offset=offset
    )
