"""Checking proofs, with the algorithms of RFC 9162 §2.1.3.2 and §2.1.4.2.

Those for sub-trees are in draft-ietf-plants-merkle-tree-certs §4.3 and §4.4.
"""

from __future__ import annotations

from collections.abc import Sequence

from zonary.proof.digests import HashName
from zonary.proof.errors import VerificationError
from zonary.proof.merkle.tree import EMPTY_ROOTS, HASH_SIZE, MAX_TREE_SIZE, node_hash


def _require_hashes(*hashes: bytes) -> None:
    # A shorter leaf beside a longer proof hash would give the same bytes to hash.
    for value in hashes:
        if len(value) != HASH_SIZE:
            raise VerificationError("A hash in a Merkle proof must be 32 bytes, not {length}.", length=len(value))


def verify_inclusion(
    *,
    index: int,
    size: int,
    leaf: bytes,
    proof: Sequence[bytes],
    root: bytes,
    algorithm: HashName = "sha256",
) -> None:
    """Check that leaf hash ``leaf`` is leaf ``index`` of the tree of ``size`` leaves under ``root``.

    :raises VerificationError: when the proof does not show it (RFC 9162 §2.1.3.2).
    """
    _require_numbers(index, size)
    if index >= size:
        raise VerificationError("A tree of {size} leaves has no leaf {index}.", size=size, index=index)
    _require_hashes(leaf, *proof)
    fn, sn = index, size - 1
    computed = leaf
    for sibling in proof:
        if sn == 0:
            raise _inclusion_error(index, size)
        if fn & 1 or fn == sn:
            computed = node_hash(sibling, computed, algorithm)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            computed = node_hash(computed, sibling, algorithm)
        fn, sn = fn >> 1, sn >> 1
    if sn or computed != root:
        raise _inclusion_error(index, size)


def verify_consistency(
    *,
    size1: int,
    size2: int,
    root1: bytes,
    root2: bytes,
    proof: Sequence[bytes],
    algorithm: HashName = "sha256",
) -> None:
    """Check that ``root2``, of ``size2`` leaves, only appended to ``root1``, of ``size1`` leaves.

    :raises VerificationError: when the proof does not show it (RFC 9162 §2.1.4.2), and for ``size1`` of 0:
        every tree follows from the empty one, so there is nothing to check.
    """
    _require_numbers(size1, size2)
    if not 1 <= size1 <= size2:
        raise VerificationError(
            "Nothing can prove consistency from size {size1} to size {size2}.", size1=size1, size2=size2
        )
    if size1 == size2:
        if proof or root1 != root2:
            raise _consistency_error(size1, size2)
        return
    hashes = [root1, *proof] if size1 & (size1 - 1) == 0 else list(proof)
    _require_hashes(root1, *proof)
    if not proof:
        raise _consistency_error(size1, size2)
    fn, sn = size1 - 1, size2 - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if sn == 0:
            raise _consistency_error(size1, size2)
        if fn & 1 or fn == sn:
            old = node_hash(sibling, old, algorithm)
            new = node_hash(sibling, new, algorithm)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = node_hash(new, sibling, algorithm)
        fn, sn = fn >> 1, sn >> 1
    if sn or old != root1 or new != root2:
        raise _consistency_error(size1, size2)


def verify_subtree_inclusion(
    *,
    index: int,
    start: int,
    end: int,
    leaf: bytes,
    proof: Sequence[bytes],
    root: bytes,
    algorithm: HashName = "sha256",
) -> None:
    """Check that leaf hash ``leaf`` is leaf ``index`` of the sub-tree ``[start, end)`` under ``root``.

    :raises VerificationError: when the proof does not show it, or ``[start, end)`` is no sub-tree.
    """
    _require_subtree(start, end)
    _require_numbers(index)
    if not start <= index < end:
        raise VerificationError(
            "The sub-tree from {start} to {end} has no leaf {index}.", start=start, end=end, index=index
        )
    verify_inclusion(index=index - start, size=end - start, leaf=leaf, proof=proof, root=root, algorithm=algorithm)


def verify_subtree_consistency(
    *,
    start: int,
    end: int,
    size: int,
    root1: bytes,
    root2: bytes,
    proof: Sequence[bytes],
    algorithm: HashName = "sha256",
) -> None:
    """Check that the sub-tree ``[start, end)`` with ``root1`` is in the tree of ``size`` with ``root2``.

    The empty sub-tree is part of every tree: its root must be the empty root, and nothing else is looked at.

    :raises VerificationError: when the proof does not show it, or ``[start, end)`` is no sub-tree.
    """
    _require_numbers(start, end, size)
    if start == end <= size:
        if proof or root1 != EMPTY_ROOTS[algorithm]:
            raise _subtree_error(start, end, size)
        return
    _require_subtree(start, end)
    if end > size:
        raise _subtree_error(start, end, size)
    if (start, end) == (0, size):
        if proof or root1 != root2:
            raise _subtree_error(start, end, size)
        return
    _require_hashes(root1, *proof)
    if _subtree_roots(start, end, size, root1, proof, algorithm) != (root1, root2):
        raise _subtree_error(start, end, size)


def _subtree_roots(
    start: int, end: int, size: int, root: bytes, proof: Sequence[bytes], algorithm: HashName
) -> tuple[bytes, bytes]:
    """What ``proof`` makes of the sub-tree's root and of the tree's."""
    fn, sn, tn = start, end - 1, size - 1
    while fn != sn and (sn == tn or sn & 1):
        fn, sn, tn = fn >> 1, sn >> 1, tn >> 1
    hashes = list(proof) if fn != sn else [root, *proof]
    if not hashes:
        raise _subtree_error(start, end, size)
    part = whole = hashes[0]
    for sibling in hashes[1:]:
        if tn == 0:
            raise _subtree_error(start, end, size)
        if sn & 1 or sn == tn:
            if fn < sn:
                part = node_hash(sibling, part, algorithm)
            whole = node_hash(sibling, whole, algorithm)
            while not sn & 1 and sn:
                fn, sn, tn = fn >> 1, sn >> 1, tn >> 1
        else:
            whole = node_hash(whole, sibling, algorithm)
        fn, sn, tn = fn >> 1, sn >> 1, tn >> 1
    if tn:
        raise _subtree_error(start, end, size)
    return part, whole


def _require_numbers(*numbers: int) -> None:
    if not all(0 <= number <= MAX_TREE_SIZE for number in numbers):
        raise VerificationError("A Merkle proof has numbers from 0 to below 2^63.")


def _require_subtree(start: int, end: int) -> None:
    """Sub-trees begin at a multiple of their size, rounded up to a power of two."""
    _require_numbers(start, end)
    if not start < end or start % (1 << (end - start - 1).bit_length()):
        raise VerificationError("The leaves from {start} to {end} are no sub-tree.", start=start, end=end)


def _inclusion_error(index: int, size: int) -> VerificationError:
    return VerificationError(
        "The inclusion proof does not lead from leaf {index} to the root of the tree of {size} leaves.",
        index=index,
        size=size,
    )


def _consistency_error(size1: int, size2: int) -> VerificationError:
    return VerificationError(
        "The consistency proof does not lead from the root at size {size1} to the root at size {size2}.",
        size1=size1,
        size2=size2,
    )


def _subtree_error(start: int, end: int, size: int) -> VerificationError:
    return VerificationError(
        "The proof does not show the sub-tree from {start} to {end} to be part of the tree of {size} leaves.",
        start=start,
        end=end,
        size=size,
    )
