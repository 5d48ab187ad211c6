"""The right edge of a tree against the tree itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.proof import reference_tree as reference

from zonary.proof.digests import HashName
from zonary.proof.errors import Error, MalformedError
from zonary.proof.merkle import Frontier, leaf_hash

ALGORITHMS = st.sampled_from(["sha256", "sm3"])


@given(st.lists(st.lists(st.binary(max_size=4), max_size=30), max_size=6), ALGORITHMS)
def test_appending_in_any_batches_gives_the_roots_of_the_definition(
    batches: list[list[bytes]], algorithm: HashName
) -> None:
    frontier = Frontier.empty(algorithm)
    entries: list[bytes] = []
    for batch in batches:
        frontier = frontier.extend(leaf_hash(entry, algorithm) for entry in batch)
        entries += batch
        assert frontier.size == len(entries)
        assert frontier.root() == reference.mth(entries, algorithm)
        assert len(frontier.hashes) == frontier.size.bit_count()


def test_appending_one_by_one() -> None:
    entries = [b"%d" % number for number in range(100)]
    frontier = Frontier.empty()
    for count, entry in enumerate(entries, start=1):
        frontier = frontier.append(leaf_hash(entry))
        assert frontier.root() == reference.mth(entries[:count])


def test_appending_leaves_the_old_one_as_it_was() -> None:
    old = Frontier.empty().extend([leaf_hash(b"a")] * 3)
    root = old.root()
    assert old.append(leaf_hash(b"b")).root() != root
    assert old.root() == root
    assert old.size == 3


@given(st.integers(0, 200), ALGORITHMS)
def test_decoding_gives_the_same_frontier(size: int, algorithm: HashName) -> None:
    frontier = Frontier.empty(algorithm).extend([leaf_hash(b"x", algorithm)] * size)
    assert Frontier.decode(frontier.encode()) == frontier


@given(st.binary(max_size=300))
def test_random_bytes_raise_only_our_error(data: bytes) -> None:
    try:
        frontier = Frontier.decode(data)
    except Error:
        return
    assert frontier.encode() == data


def test_no_log_has_two_to_the_63_entries() -> None:
    with pytest.raises(MalformedError):
        Frontier.decode(b"\x01" + (1 << 63).to_bytes(8, "big") + bytes(32))
    largest = b"\x01" + (1 << 62).to_bytes(8, "big") + bytes(32)
    assert Frontier.decode(largest).root() == bytes(32)


@given(st.integers(1, 100), st.data())
def test_a_frontier_of_another_length_is_refused(size: int, data: st.DataObject) -> None:
    encoded = Frontier.empty().extend([leaf_hash(b"x")] * size).encode()
    cut = data.draw(st.integers(0, len(encoded) - 1))
    with pytest.raises(MalformedError):
        Frontier.decode(encoded[:cut])
    with pytest.raises(MalformedError):
        Frontier.decode(encoded + b"\x00")
