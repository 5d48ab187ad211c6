"""The Merkle tree written down as RFC 6962 §2.1 defines it, slow and plain, to compare the fast one with.

Takes the entries themselves, ``D[n]`` of the RFC, and calls nothing of the product. The sub-tree proof is that of
draft-ietf-plants-merkle-tree-certs §4.4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

Entries = Sequence[bytes]


def _hash(data: bytes, algorithm: str) -> bytes:
    return hashlib.new(algorithm, data).digest()


def _k(n: int) -> int:
    """The largest power of two smaller than ``n``."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(entries: Entries, algorithm: str = "sha256") -> bytes:
    """MTH(D[n]), §2.1."""
    n = len(entries)
    if n == 0:
        return _hash(b"", algorithm)
    if n == 1:
        return _hash(b"\x00" + entries[0], algorithm)
    k = _k(n)
    return _hash(b"\x01" + mth(entries[:k], algorithm) + mth(entries[k:], algorithm), algorithm)


def path(m: int, entries: Entries, algorithm: str = "sha256") -> list[bytes]:
    """PATH(m, D[n]), §2.1.1."""
    n = len(entries)
    if n == 1:
        return []
    k = _k(n)
    if m < k:
        return [*path(m, entries[:k], algorithm), mth(entries[k:], algorithm)]
    return [*path(m - k, entries[k:], algorithm), mth(entries[:k], algorithm)]


def proof(m: int, entries: Entries, algorithm: str = "sha256") -> list[bytes]:
    """PROOF(m, D[n]), §2.1.2."""
    return subproof(m, entries, True, algorithm)


def subproof(m: int, entries: Entries, known: bool, algorithm: str = "sha256") -> list[bytes]:
    """SUBPROOF(m, D[n], b), §2.1.2."""
    n = len(entries)
    if m == n:
        return [] if known else [mth(entries, algorithm)]
    k = _k(n)
    if m <= k:
        return [*subproof(m, entries[:k], known, algorithm), mth(entries[k:], algorithm)]
    return [*subproof(m - k, entries[k:], False, algorithm), mth(entries[:k], algorithm)]


def is_subtree(start: int, end: int) -> bool:
    """Whether ``[start, end)`` begins at a multiple of the smallest power of two not below its size."""
    width = 1
    while width < end - start:
        width *= 2
    return 0 <= start < end and start % width == 0


def subtree_proof(start: int, end: int, entries: Entries, known: bool = True) -> list[bytes]:
    """SUBTREE_PROOF(start, end, D[n]), over SHA-256."""
    n = len(entries)
    if start == 0 and end == n:
        return [] if known else [mth(entries)]
    k = _k(n)
    if end <= k:
        return [*subtree_proof(start, end, entries[:k], known), mth(entries[k:])]
    if k <= start:
        return [*subtree_proof(start - k, end - k, entries[k:], known), mth(entries[:k])]
    return [*subtree_proof(0, end - k, entries[k:], False), mth(entries[:k])]
