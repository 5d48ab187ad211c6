"""Roots and proofs of the Merkle tree of RFC 6962 §2.1."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from zonary.proof.digests import HashName
from zonary.proof.errors import Error

HASH_SIZE: Final = 32
"""Bytes in a hash of either algorithm."""
MAX_TREE_SIZE: Final = 2**63 - 1
"""Most leaves a tree can have, so that sizes fit the signed integers of every peer."""
MAX_PROOF_HASHES: Final = 63
"""Most hashes an inclusion proof can have; a consistency proof has at most one more."""

EMPTY_ROOTS: Final[dict[HashName, bytes]] = {
    "sha256": hashlib.sha256(b"").digest(),
    "sm3": hashlib.new("sm3", b"").digest(),
}
"""Root of the tree without leaves: the hash of the empty string."""

Range = tuple[int, int]
"""Leaves ``[start, end)``."""


def leaf_hash(data: bytes, algorithm: HashName = "sha256") -> bytes:
    """Hash of one leaf, ``H(0x00 || data)``: 32 bytes."""
    if algorithm == "sha256":
        return hashlib.sha256(b"\x00" + data).digest()
    return hashlib.new("sm3", b"\x00" + data).digest()


def leaf_hashes(leaves: Iterable[bytes], algorithm: HashName = "sha256") -> list[bytes]:
    """:func:`leaf_hash` of each, without a call for each."""
    if algorithm == "sha256":
        sha256 = hashlib.sha256
        return [sha256(b"\x00" + leaf).digest() for leaf in leaves]
    return [leaf_hash(leaf, algorithm) for leaf in leaves]


def node_hash(left: bytes, right: bytes, algorithm: HashName = "sha256") -> bytes:
    """Hash of an inner node, ``H(0x01 || left || right)``: 32 bytes."""
    if algorithm == "sha256":
        return hashlib.sha256(b"\x01" + left + right).digest()
    return hashlib.new("sm3", b"\x01" + left + right).digest()


def parents_of(nodes: Sequence[bytes], algorithm: HashName) -> list[bytes]:
    """One level up; an odd last node is left out."""
    pairs = iter(nodes)
    if algorithm == "sha256":
        sha256 = hashlib.sha256
        return [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
    new = hashlib.new
    return [new("sm3", b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]


def root_of(leaf_hashes: Sequence[bytes], algorithm: HashName = "sha256") -> bytes:
    """Root of the tree over ``leaf_hashes``: 32 bytes, in time linear to their number.

    Going up level by level, an odd last node unchanged, gives the same tree as the recursive definition. So
    the "leaves" may also be roots of full sub-trees of one height, the last of a smaller tree.
    """
    if not leaf_hashes:
        return EMPTY_ROOTS[algorithm]
    level = leaf_hashes
    while len(level) > 1:
        parents = parents_of(level, algorithm)
        if len(level) % 2:
            parents.append(level[-1])
        level = parents
    return level[0]


def _split(start: int, end: int) -> int:
    """Where RFC 6962 §2.1 splits a tree: behind the largest power of two smaller than its size."""
    return start + (1 << ((end - start - 1).bit_length() - 1))


def siblings_of(target: Range, size: int) -> list[Range]:
    """The sub-trees whose roots lead from the node over ``target`` up to the root, nearest first.

    :raises Error: when no node of the tree of ``size`` leaves covers exactly ``target``.
    """
    low, high = 0, size
    ranges: list[Range] = []
    if not 0 <= target[0] < target[1] <= size:
        raise Error(
            "A tree of {size} leaves has no leaves {start} to {end}.",
            size=size,
            start=target[0],
            end=target[1],
        )
    while (low, high) != target:
        if high - low < 2:
            raise Error(
                "No node of a tree of {size} leaves covers exactly the leaves {start} to {end}.",
                size=size,
                start=target[0],
                end=target[1],
            )
        middle = _split(low, high)
        if target[0] < middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    ranges.reverse()
    return ranges


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The sub-trees whose roots are the inclusion proof of leaf ``index`` (RFC 6962 §2.1.1, PATH).

    :raises Error: unless ``0 <= index < size``.
    """
    return siblings_of((index, index + 1), size)


def consistency_ranges(size1: int, size2: int) -> list[Range]:
    """The sub-trees whose roots are the proof from ``size1`` to ``size2`` (RFC 6962 §2.1.2, SUBPROOF).

    :raises Error: unless ``1 <= size1 <= size2``; from the empty tree there is nothing to prove.
    """
    if not 1 <= size1 <= size2:
        raise Error("There is no consistency proof from size {size1} to size {size2}.", size1=size1, size2=size2)
    low, high = 0, size2
    ranges: list[Range] = []
    while high != size1:
        middle = _split(low, high)
        if size1 <= middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    if low:
        ranges.append((low, high))
    ranges.reverse()
    return ranges


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int, algorithm: HashName = "sha256") -> list[bytes]:
    """Proof that leaf ``index`` stands in the tree over ``leaf_hashes``.

    :raises Error: when there is no such leaf.
    """
    ranges = inclusion_ranges(index, len(leaf_hashes))
    return [root_of(leaf_hashes[start:end], algorithm) for start, end in ranges]


def consistency_proof(
    leaf_hashes: Sequence[bytes], size1: int, size2: int, algorithm: HashName = "sha256"
) -> list[bytes]:
    """Proof that the tree over the first ``size1`` leaf hashes is the beginning of that over ``size2``.

    :raises Error: unless ``1 <= size1 <= size2 <= len(leaf_hashes)``.
    """
    if size2 > len(leaf_hashes):
        raise Error("A tree of {size} leaves has no size {size2}.", size=len(leaf_hashes), size2=size2)
    return [root_of(leaf_hashes[start:end], algorithm) for start, end in consistency_ranges(size1, size2)]
