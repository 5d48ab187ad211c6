"""The right edge of a tree: all that is needed to append to it without reading its leaves again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from zonary.proof.digests import HashName
from zonary.proof.errors import MalformedError
from zonary.proof.merkle.tree import EMPTY_ROOTS, HASH_SIZE, MAX_TREE_SIZE, node_hash, parents_of

_ALGORITHM_BYTES: Final[dict[HashName, bytes]] = {"sha256": b"\x01", "sm3": b"\x02"}
_HEADER_SIZE: Final = 9
MAX_FRONTIER_BYTES: Final = _HEADER_SIZE + 63 * HASH_SIZE


@dataclass(frozen=True, slots=True)
class Frontier:
    """The roots of the full sub-trees a tree of ``size`` leaves consists of, the largest first.

    A value: appending returns another frontier, so that one may be staged and thrown away.
    """

    algorithm: HashName
    size: int
    hashes: tuple[bytes, ...]

    @classmethod
    def empty(cls, algorithm: HashName = "sha256") -> Frontier:
        """The frontier of the tree without leaves."""
        return cls(algorithm, 0, ())

    def append(self, leaf_hash: bytes) -> Frontier:
        """The frontier with one more leaf, of 32-byte hash ``leaf_hash``."""
        return self.extend((leaf_hash,))

    def extend(self, leaf_hashes: Iterable[bytes]) -> Frontier:
        """The frontier with more leaves; level by level, so a long batch costs one hash a leaf."""
        nodes = list(leaf_hashes)
        size = self.size + len(nodes)
        waiting = list(self.hashes)
        left: list[bytes] = []
        level = 0
        while nodes or self.size >> level:
            if self.size >> level & 1:
                nodes.insert(0, waiting.pop())
            if len(nodes) % 2:
                left.append(nodes[-1])
            nodes = parents_of(nodes, self.algorithm)
            level += 1
        return Frontier(self.algorithm, size, tuple(reversed(left)))

    def root(self) -> bytes:
        """Root of the tree: 32 bytes."""
        if not self.hashes:
            return EMPTY_ROOTS[self.algorithm]
        root = self.hashes[-1]
        for full in reversed(self.hashes[:-1]):
            root = node_hash(full, root, self.algorithm)
        return root

    def encode(self) -> bytes:
        """One byte algorithm (1 SHA-256, 2 SM3), eight bytes size big-endian, then the hashes."""
        return b"".join((_ALGORITHM_BYTES[self.algorithm], self.size.to_bytes(8, "big"), *self.hashes))

    @classmethod
    def decode(cls, data: bytes) -> Frontier:
        """:raises MalformedError: unless ``data`` is what :meth:`encode` writes."""
        algorithm = next((name for name, byte in _ALGORITHM_BYTES.items() if data[:1] == byte), None)
        if algorithm is None or not _HEADER_SIZE <= len(data) <= MAX_FRONTIER_BYTES:
            raise MalformedError("The stored right edge of the tree is damaged.")
        size = int.from_bytes(data[1:_HEADER_SIZE], "big")
        if size > MAX_TREE_SIZE or len(data) != _HEADER_SIZE + size.bit_count() * HASH_SIZE:
            raise MalformedError("The stored right edge of the tree does not have the hashes its size needs.")
        hashes = tuple(data[start : start + HASH_SIZE] for start in range(_HEADER_SIZE, len(data), HASH_SIZE))
        return cls(algorithm, size, hashes)
