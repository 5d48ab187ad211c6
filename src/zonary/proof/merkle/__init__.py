"""The Merkle tree of RFC 6962 §2.1, over SHA-256 or SM3: roots, proofs, and the right edge that grows it.

Proofs are lists of 32-byte hashes, from the one nearest the leaf to the one below the root. Every
``verify_*`` returns None or raises.
"""

from zonary.proof.merkle.frontier import Frontier
from zonary.proof.merkle.tree import (
    EMPTY_ROOTS,
    HASH_SIZE,
    MAX_PROOF_HASHES,
    MAX_TREE_SIZE,
    Range,
    consistency_proof,
    consistency_ranges,
    inclusion_proof,
    inclusion_ranges,
    leaf_hash,
    leaf_hashes,
    node_hash,
    parents_of,
    root_of,
    siblings_of,
)
from zonary.proof.merkle.verification import (
    verify_consistency,
    verify_inclusion,
    verify_subtree_consistency,
    verify_subtree_inclusion,
)

__all__ = [
    "EMPTY_ROOTS",
    "HASH_SIZE",
    "MAX_PROOF_HASHES",
    "MAX_TREE_SIZE",
    "Frontier",
    "Range",
    "consistency_proof",
    "consistency_ranges",
    "inclusion_proof",
    "inclusion_ranges",
    "leaf_hash",
    "leaf_hashes",
    "node_hash",
    "parents_of",
    "root_of",
    "siblings_of",
    "verify_consistency",
    "verify_inclusion",
    "verify_subtree_consistency",
    "verify_subtree_inclusion",
]
