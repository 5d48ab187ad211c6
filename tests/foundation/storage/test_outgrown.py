"""Outgrown partial tiles disappear, nothing else does, and no proof anyone could make is lost with them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("django", reason="the ledger needs the [web] extra")

from tests.proof.tlog.memory_log import KEY, ORIGIN, MemoryLog, numbered

from zonary.foundation.ledger.outgrown import Sweeper, is_outgrown, outgrown
from zonary.foundation.ledger.storage import DirectoryStore, TileStore
from zonary.proof.merkle import leaf_hash, root_of, verify_consistency, verify_inclusion
from zonary.proof.tlog.checkpoint import open_checkpoint
from zonary.proof.tlog.fsck import check_log
from zonary.proof.tlog.leftovers import check_leftovers
from zonary.proof.tlog.tiles import (
    TILE_WIDTH,
    entries_path,
    new_tiles,
    parse_tile_path,
    prove_consistency,
    prove_inclusion,
)

FATES = ("published", "crashed before publishing", "crashed before removing")
SIZES = st.one_of(st.integers(1, 3 * TILE_WIDTH), st.integers(1, 3 * TILE_WIDTH**2))


class PathStore:
    """Only the names: enough to see what is listed and removed."""

    is_fenced = True

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.failing = False
        self.removals = 0

    def grow(self, old: int, new: int) -> None:
        for tile in new_tiles(old, new):
            self.names.add(tile.path)
            if tile.level == 0:
                self.names.add(entries_path(tile.index, tile.width))

    def paths(self, under: str, after: str = "") -> Iterator[str]:
        return iter(sorted(n for n in self.names if n.startswith(f"{under}/") and n > after))

    def remove(self, paths: Iterable[str]) -> None:
        self.removals += 1
        if self.failing:
            raise OSError("not now")
        self.names -= set(paths)

    def read(self, path: str) -> bytes:
        raise NotImplementedError

    def write(self, objects: Iterable[tuple[str, bytes]]) -> None:
        raise NotImplementedError

    def replace_checkpoint(self, expected: bytes | None, new: bytes) -> None:
        raise NotImplementedError


def reference(names: set[str], size: int) -> set[str]:
    """What may be removed, found the slow way: every partial tile that has a full one a log of ``size`` consists of."""
    full = {str(tile) for name in names if (tile := parse_tile_path(name)).width == TILE_WIDTH}
    needed = {tile.path for tile in new_tiles(0, size)}
    needed |= {entries_path(tile.index, tile.width) for tile in new_tiles(0, size) if tile.level == 0}
    return {name for name in names if ".p/" in name and name.partition(".p/")[0] in full & needed}


def exhaust(sweeper: Sweeper) -> None:
    while sweeper.work():
        pass


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.integers(1, 3 * TILE_WIDTH), st.sampled_from(["published", "crashed", "crashed after publishing"])
        ),
        min_size=1,
        max_size=12,
    ),
    start=SIZES,
)
def test_exactly_what_was_outgrown_is_removed(steps: list[tuple[int, str]], start: int) -> None:
    store = PathStore()
    store.grow(0, start)
    sweeper = Sweeper(store)
    sweeper.published(start)
    size = written = start
    for grown, fate in steps:
        # What a failed publication wrote stays; the next one goes on from what is published.
        written += grown
        store.grow(size, written)
        if fate == "crashed before publishing":
            continue
        size = written
        before = set(store.names)
        if fate == "crashed before removing":
            sweeper = Sweeper(store)
        sweeper.published(size)
        exhaust(sweeper)
        assert before - store.names <= reference(before, size)
    restarted = Sweeper(store)
    restarted.published(size)
    before = set(store.names)
    exhaust(restarted)
    assert store.names == before - reference(before, size)
    assert reference(store.names, size) == set()


@given(old=SIZES, grown=st.integers(0, 2 * TILE_WIDTH**2))
def test_what_grew_is_known_from_the_sizes(old: int, grown: int) -> None:
    """Without any listing: of the partial tiles of one size, exactly those beside what is named became full."""
    store = PathStore()
    store.grow(0, old)
    edge = {name for name in store.names if ".p/" in name}
    beside = {f"{full}.p/" for full in outgrown(old, old + grown)}
    expected = {name for name in edge if is_outgrown(parse_tile_path(name), old + grown)}
    assert {name for name in edge if f"{name.partition('.p/')[0]}.p/" in beside} == expected


def test_nothing_is_removed_while_the_full_tile_is_not_there() -> None:
    store = PathStore()
    store.grow(0, 700)
    store.names |= {"tile/0/000.p/5", "tile/0/001.p/9", "tile/entries/001.p/9"}
    store.names -= {"tile/0/001"}
    sweeper = Sweeper(store)
    sweeper.published(700)
    exhaust(sweeper)
    assert {"tile/0/001.p/9", "tile/0/002.p/188"} <= store.names
    assert not {"tile/0/000.p/5", "tile/entries/001.p/9"} & store.names


def test_a_large_log_is_swept_in_small_pieces() -> None:
    store = PathStore()
    store.grow(0, 3000 * TILE_WIDTH)
    garbage = {f"{entries_path(index)}.p/{width}" for index in range(0, 3000, 7) for width in (1, 200)}
    store.names |= garbage
    sweeper = Sweeper(store)
    sweeper.published(3000 * TILE_WIDTH)
    pieces = 1
    while sweeper.work():
        pieces += 1
    assert not store.names & garbage
    assert pieces > 6


def test_a_store_that_removes_nothing_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0
    store = PathStore()
    store.grow(0, 300)
    store.names |= {"tile/0/000.p/5"}
    sweeper = Sweeper(store, clock=lambda: now)
    sweeper.published(300)
    store.failing = True
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            assert not sweeper.work()
            now += 100
    assert store.removals == 5
    assert caplog.text.count("kept for now: not now") == 1
    store.failing = False
    exhaust(sweeper)
    assert "tile/0/000.p/5" not in store.names


@pytest.fixture
def grown(tmp_path: Path) -> tuple[MemoryLog, DirectoryStore, dict[int, bytes]]:
    """A log that was published at many sizes, and the checkpoint of each."""
    log, store, notes = MemoryLog(), DirectoryStore(tmp_path / "log"), {}
    for size in (1, 5, 200, 256, 257, 300, 511, 700, 1024, 65530, 65536, 65600, 65900, 66000):
        log.append(numbered(size - log.frontier.size, log.frontier.size))
        notes[size] = log.resources["checkpoint"]
    store.write((path, data) for path, data in log.resources.items() if path != "checkpoint")
    store.replace_checkpoint(None, log.resources["checkpoint"])
    return log, store, notes


def test_fsck_passes_and_every_old_checkpoint_still_verifies(
    grown: tuple[MemoryLog, DirectoryStore, dict[int, bytes]],
) -> None:
    log, store, notes = grown
    before = set(store.paths("tile"))
    sweeper = Sweeper(store)
    sweeper.published(66000)
    exhaust(sweeper)
    left = set(store.paths("tile"))
    assert before - left == reference(before, 66000)
    assert len(before - left) > 20
    assert check_log(store.read, [KEY.verifier], origin=ORIGIN).size == 66000
    assert check_leftovers(left, 66000, store.read) == 2  # narrower ones of the present edge stay
    root = log.frontier.root()
    for size, note in notes.items():
        old = open_checkpoint(note, [KEY.verifier], ORIGIN).checkpoint
        for index in {0, size // 2, size - 1}:
            proof = prove_inclusion(index, size, store.read)
            leaf = leaf_hash(numbered(1, index)[0])
            verify_inclusion(index=index, size=size, leaf=leaf, proof=proof, root=old.root)
        proof = prove_consistency(size, 66000, store.read)
        verify_consistency(size1=size, size2=66000, root1=old.root, root2=root, proof=proof)


def test_a_log_grows_on_after_its_garbage_is_gone(open_again: Callable[[], TileStore], tmp_path: Path) -> None:
    log, store = MemoryLog(), open_again()
    sweeper = Sweeper(store)
    note = None
    entries: list[bytes] = []
    for count in (3, 250, 5, 250, 1, 600, 2):
        entries += numbered(count, len(entries))
        known = set(log.resources)
        log.append(entries[-count:])
        store.write((path, log.resources[path]) for path in set(log.resources) - known - {"checkpoint"})
        store.replace_checkpoint(note, log.resources["checkpoint"])
        note = log.resources["checkpoint"]
        sweeper.published(len(entries))
        exhaust(sweeper)
        assert reference(set(store.paths("tile")), len(entries)) == set()
        report = check_log(store.read, [KEY.verifier], origin=ORIGIN)
        assert report.root == root_of([leaf_hash(entry) for entry in entries])
    assert not (tmp_path / "log/tile/0/000.p").exists()
