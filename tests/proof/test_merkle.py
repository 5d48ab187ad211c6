"""The tree of zonary.proof.merkle against the recursive definition, and the rules of its proofs."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.proof import reference_tree as reference

from zonary.proof import merkle
from zonary.proof.digests import HashName
from zonary.proof.errors import Error, VerificationError

ALGORITHMS = st.sampled_from(["sha256", "sm3"])
ENTRIES = st.lists(st.binary(max_size=40), max_size=70)
ENTRIES_1 = st.lists(st.binary(max_size=40), min_size=1, max_size=70)


def _numbered(count: int) -> list[bytes]:
    return [b"entry %d" % number for number in range(count)]


def _leaves(entries: list[bytes], algorithm: HashName = "sha256") -> list[bytes]:
    return [merkle.leaf_hash(entry, algorithm) for entry in entries]


def _flip(value: bytes, bit: int) -> bytes:
    position, shift = divmod(bit % (8 * len(value)), 8)
    return value[:position] + bytes([value[position] ^ 1 << shift]) + value[position + 1 :]


@given(ENTRIES, ALGORITHMS)
def test_root_is_that_of_the_definition(entries: list[bytes], algorithm: HashName) -> None:
    assert merkle.root_of(_leaves(entries, algorithm), algorithm) == reference.mth(entries, algorithm)


@pytest.mark.parametrize("algorithm", ["sha256", "sm3"])
def test_every_proof_of_small_trees_is_that_of_the_definition(algorithm: HashName) -> None:
    for size in range(1, 20):
        entries = _numbered(size)
        leaves = _leaves(entries, algorithm)
        for index in range(size):
            assert merkle.inclusion_proof(leaves, index, algorithm) == reference.path(index, entries, algorithm)
        for old in range(1, size + 1):
            expected = reference.proof(old, entries, algorithm)
            assert merkle.consistency_proof(leaves, old, size, algorithm) == expected


@given(ENTRIES_1, st.data(), ALGORITHMS)
def test_inclusion(entries: list[bytes], data: st.DataObject, algorithm: HashName) -> None:
    index = data.draw(st.integers(0, len(entries) - 1))
    leaves = _leaves(entries, algorithm)
    proof = merkle.inclusion_proof(leaves, index, algorithm)
    root = reference.mth(entries, algorithm)
    assert proof == reference.path(index, entries, algorithm)
    merkle.verify_inclusion(
        index=index, size=len(entries), leaf=leaves[index], proof=proof, root=root, algorithm=algorithm
    )


@given(ENTRIES_1, st.data(), ALGORITHMS)
def test_consistency(entries: list[bytes], data: st.DataObject, algorithm: HashName) -> None:
    old = data.draw(st.integers(1, len(entries)))
    proof = merkle.consistency_proof(_leaves(entries, algorithm), old, len(entries), algorithm)
    assert proof == reference.proof(old, entries, algorithm)
    merkle.verify_consistency(
        size1=old,
        size2=len(entries),
        root1=reference.mth(entries[:old], algorithm),
        root2=reference.mth(entries, algorithm),
        proof=proof,
        algorithm=algorithm,
    )


def test_every_subtree_of_small_trees() -> None:
    for size in range(1, 24):
        entries = _numbered(size)
        for start in range(size):
            for end in range(start + 1, size + 1):
                arguments = {
                    "root1": reference.mth(entries[start:end]),
                    "root2": reference.mth(entries),
                    "start": start,
                    "end": end,
                    "size": size,
                }
                if reference.is_subtree(start, end):
                    proof = reference.subtree_proof(start, end, entries)
                    merkle.verify_subtree_consistency(**arguments, proof=proof)
                    with pytest.raises(VerificationError):
                        merkle.verify_subtree_consistency(**arguments, proof=[*proof, bytes(32)])
                else:
                    with pytest.raises(VerificationError, match="no sub-tree"):
                        merkle.verify_subtree_consistency(**arguments, proof=[])


@given(st.integers(0, 40), st.integers(1, 40), st.data())
def test_subtree_inclusion(start: int, width: int, data: st.DataObject) -> None:
    entries = _numbered(80)[start : start + width]
    index = data.draw(st.integers(0, width - 1))
    arguments = {
        "index": start + index,
        "start": start,
        "end": start + width,
        "leaf": merkle.leaf_hash(entries[index]),
        "proof": reference.path(index, entries),
        "root": reference.mth(entries),
    }
    if reference.is_subtree(start, start + width):
        merkle.verify_subtree_inclusion(**arguments)
    else:
        with pytest.raises(VerificationError):
            merkle.verify_subtree_inclusion(**arguments)


@given(st.integers(2, 70), st.data())
def test_a_changed_bit_anywhere_is_rejected(size: int, data: st.DataObject) -> None:
    entries = _numbered(size)
    leaves = _leaves(entries)
    index = data.draw(st.integers(0, size - 1))
    hashes = [leaves[index], merkle.root_of(leaves), *merkle.inclusion_proof(leaves, index)]
    which = data.draw(st.integers(0, len(hashes) - 1))
    hashes[which] = _flip(hashes[which], data.draw(st.integers(0, 255)))
    leaf, root, *proof = hashes
    with pytest.raises(VerificationError):
        merkle.verify_inclusion(index=index, size=size, leaf=leaf, proof=proof, root=root)


@given(st.integers(2, 70), st.data())
def test_a_changed_bit_in_a_consistency_proof_is_rejected(size: int, data: st.DataObject) -> None:
    leaves = _leaves(_numbered(size))
    old = data.draw(st.integers(1, size - 1))
    hashes = [merkle.root_of(leaves[:old]), merkle.root_of(leaves), *merkle.consistency_proof(leaves, old, size)]
    which = data.draw(st.integers(0, len(hashes) - 1))
    hashes[which] = _flip(hashes[which], data.draw(st.integers(0, 255)))
    root1, root2, *proof = hashes
    roots = {"root1": root1, "root2": root2}
    with pytest.raises(VerificationError):
        merkle.verify_consistency(size1=old, size2=size, proof=proof, **roots)
    with pytest.raises(VerificationError):
        merkle.verify_subtree_consistency(start=0, end=old, size=size, proof=proof, **roots)


@given(st.integers(2, 70), st.data())
def test_a_proof_shows_no_other_index(size: int, data: st.DataObject) -> None:
    leaves = _leaves(_numbered(size))
    index, other = data.draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True))
    proof = merkle.inclusion_proof(leaves, index)
    with pytest.raises(VerificationError):
        merkle.verify_inclusion(index=other, size=size, leaf=leaves[index], proof=proof, root=merkle.root_of(leaves))


@given(
    st.integers(-2, 2**64),
    st.integers(-2, 2**64),
    st.lists(st.binary(max_size=40), max_size=70),
    st.binary(max_size=40),
    st.binary(max_size=40),
)
def test_anything_else_raises_our_error_and_nothing_else(
    one: int, two: int, proof: list[bytes], root: bytes, other: bytes
) -> None:
    for check in (
        lambda: merkle.verify_inclusion(index=one, size=two, leaf=other, proof=proof, root=root),
        lambda: merkle.verify_consistency(size1=one, size2=two, root1=other, root2=root + b"x", proof=proof),
        lambda: merkle.verify_subtree_inclusion(
            index=one, start=one, end=two, leaf=other, proof=proof, root=root + b"x"
        ),
        lambda: merkle.verify_subtree_consistency(
            start=one, end=two, size=two, root1=other, root2=root + b"x", proof=proof
        ),
    ):
        with contextlib.suppress(VerificationError):
            check()


def test_hashes_of_odd_lengths_cannot_make_up_for_each_other() -> None:
    left, right = merkle.leaf_hash(b"a"), merkle.leaf_hash(b"b")
    root = merkle.node_hash(left, right)
    with pytest.raises(VerificationError, match="32 bytes"):
        merkle.verify_inclusion(index=0, size=2, leaf=left + right[:4], proof=[right[4:]], root=root)


def test_a_node_is_no_leaf() -> None:
    leaves = _leaves(_numbered(4))
    forged = merkle.leaf_hash(leaves[0] + leaves[1])
    assert forged != merkle.node_hash(leaves[0], leaves[1])


def test_proofs_that_do_not_exist_are_refused() -> None:
    leaves = _leaves(_numbered(3))
    for index in (-1, 3):
        with pytest.raises(Error, match="no leaves"):
            merkle.inclusion_proof(leaves, index)
    for sizes in ((0, 3), (3, 2), (1, 4), (-1, 2)):
        with pytest.raises(Error):
            merkle.consistency_proof(leaves, *sizes)
    with pytest.raises(Error, match="No node"):
        merkle.siblings_of((1, 3), 3)


def test_empty_roots() -> None:
    assert merkle.root_of([]) == merkle.EMPTY_ROOTS["sha256"]
    assert merkle.root_of([], "sm3") == merkle.EMPTY_ROOTS["sm3"] != merkle.EMPTY_ROOTS["sha256"]
