"""A small log in memory, whose resources a test can spoil."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from zonary.proof.merkle import Frontier, leaf_hash
from zonary.proof.tlog.checkpoint import Checkpoint, sign_checkpoint
from zonary.proof.tlog.keys import SigningKey
from zonary.proof.tlog.tiles import (
    TILE_WIDTH,
    MissingResource,
    decode_bundle,
    encode_bundle,
    entries_path,
    extend_tiles,
)

ORIGIN = "log.example/memory"
KEY = SigningKey.from_seed(ORIGIN, bytes(range(32)))


def numbered(count: int, first: int = 0) -> list[bytes]:
    """Entries of different lengths, the empty one among them."""
    return [b"" if number == 3 else b"entry %d" % number for number in range(first, first + count)]


@dataclass
class MemoryLog:
    """Resources by path. ``append`` writes what a log must; nothing is ever deleted."""

    resources: dict[str, bytes] = field(default_factory=dict)
    frontier: Frontier = field(default_factory=Frontier.empty)

    @classmethod
    def of(cls, count: int) -> MemoryLog:
        log = cls()
        log.append(numbered(count))
        return log

    def read(self, path: str) -> bytes:
        try:
            return self.resources[path]
        except KeyError:
            raise MissingResource(path) from None

    def append(self, entries: Sequence[bytes]) -> None:
        size = self.frontier.size
        hashes = [leaf_hash(entry) for entry in entries]
        self.resources.update({tile.path: data for tile, data in extend_tiles(size, hashes, self.read)})
        kept = size % TILE_WIDTH
        old = decode_bundle(self.resources[entries_path(size // TILE_WIDTH, kept)]) if kept else []
        bundled = [*old, *entries]
        for start in range(0, len(bundled), TILE_WIDTH):
            part = bundled[start : start + TILE_WIDTH]
            path = entries_path((size + start) // TILE_WIDTH, len(part))
            self.resources[path] = encode_bundle(part)
        self.frontier = self.frontier.extend(hashes)
        self.sign()

    def sign(self) -> None:
        checkpoint = Checkpoint(ORIGIN, self.frontier.size, self.frontier.root())
        self.resources["checkpoint"] = sign_checkpoint(checkpoint, [KEY], at=0)

    def copy(self) -> MemoryLog:
        """One that can be spoilt without harm to this one."""
        return replace(self, resources=dict(self.resources))

    def flip(self, path: str, offset: int, mask: int = 0x01) -> None:
        """Change one byte of a resource."""
        data = bytearray(self.resources[path])
        data[offset] ^= mask
        self.resources[path] = bytes(data)
