"""check_log finds every fault of a log and names its place."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.proof.tlog.memory_log import KEY, ORIGIN, MemoryLog, numbered

from zonary.proof.errors import Error, UntrustedError, VerificationError
from zonary.proof.merkle import leaf_hash, root_of
from zonary.proof.tlog.fsck import FsckError, FsckReport, check_log
from zonary.proof.tlog.keys import SigningKey
from zonary.proof.tlog.tiles import decode_bundle, encode_bundle, iterate_bundle

KEYS = [KEY.verifier]


@pytest.fixture(scope="module")
def log700() -> MemoryLog:
    """Two full bundles and a partial one, two levels of tiles."""
    return MemoryLog.of(700)


@pytest.fixture(scope="module")
def log66000() -> MemoryLog:
    """Three levels of tiles, partial ones on each."""
    return MemoryLog.of(66_000)


def fault_of(log: MemoryLog) -> FsckError:
    with pytest.raises(FsckError) as caught:
        check_log(log.read, KEYS)
    assert caught.value.path in str(caught.value)
    return caught.value


def place_of(log: MemoryLog) -> tuple[str, int | None]:
    error = fault_of(log)
    return error.path, error.offset


@pytest.mark.parametrize(
    ("size", "bundles", "tiles"),
    [(0, 0, 0), (1, 1, 1), (255, 1, 1), (256, 1, 2), (257, 2, 3), (512, 2, 3), (66_000, 258, 261)],
)
def test_a_sound_log(size: int, bundles: int, tiles: int) -> None:
    log = MemoryLog.of(size) if size else MemoryLog()
    log.sign()
    steps: list[tuple[int, int]] = []
    report = check_log(log.read, KEYS, origin=ORIGIN, on_progress=lambda done, of: steps.append((done, of)))
    read = sum(len(data) for data in log.resources.values())
    assert report == FsckReport(
        origin=ORIGIN,
        size=size,
        root=log.frontier.root(),
        signatures=1,
        unknown=0,
        tiles=tiles,
        bundles=bundles,
        entries=size,
        bytes_read=read,
    )
    assert len(steps) == bundles
    assert not steps or steps[-1] == (size, size)


@given(st.data())
def test_every_changed_byte_is_named(log700: MemoryLog, data: st.DataObject) -> None:
    log = log700.copy()
    path = data.draw(st.sampled_from(sorted(log.resources)))
    offset = data.draw(st.integers(0, len(log.resources[path]) - 1))
    entries = [0]
    if "entries" in path:
        entries = [start for start, _ in iterate_bundle(log.resources[path])]
    log.flip(path, offset, data.draw(st.integers(1, 255)))
    if path == "checkpoint":
        with pytest.raises(Error):
            check_log(log.read, KEYS)
    elif "entries" in path:
        assert place_of(log) == (path, max(start for start in entries if start <= offset))
    else:
        assert place_of(log) == (path, offset)


@given(st.data())
def test_every_truncated_resource_is_named(log700: MemoryLog, data: st.DataObject) -> None:
    log = log700.copy()
    path = data.draw(st.sampled_from(sorted(set(log.resources) - {"checkpoint"})))
    length = data.draw(st.integers(0, len(log.resources[path]) - 1))
    if "entries" in path:
        expected = max(start for start, _ in iterate_bundle(log.resources[path]) if start <= length)
    else:
        expected = length
    log.resources[path] = log.resources[path][:length]
    assert place_of(log) == (path, expected)


@pytest.mark.parametrize("more", [b"\x00", b"\x00\x00", b"\x00\x05abc", bytes(32)])
def test_every_resource_with_more_is_named(log700: MemoryLog, more: bytes) -> None:
    for path in sorted(set(log700.resources) - {"checkpoint"}):
        log = log700.copy()
        log.resources[path] += more
        assert place_of(log) == (path, len(log700.resources[path]))


def test_every_missing_resource_is_named(log700: MemoryLog) -> None:
    for path in sorted(log700.resources):
        log = log700.copy()
        del log.resources[path]
        assert place_of(log) == (path, None)


UPPER = ["tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1"]


@pytest.mark.parametrize("path", UPPER)
def test_changed_tiles_above_level_0(log66000: MemoryLog, path: str) -> None:
    for offset in (0, len(log66000.resources[path]) - 1):
        log = log66000.copy()
        log.flip(path, offset)
        assert place_of(log) == (path, offset)


@pytest.mark.parametrize("path", UPPER)
def test_a_changed_entry_is_found_in_spite_of_wrong_upper_tiles(log66000: MemoryLog, path: str) -> None:
    """The tiles above cannot tell who is right; all tiles of level 0 together can."""
    log = log66000.copy()
    log.resources[path] = bytes(len(log.resources[path]))
    log.flip("tile/entries/002", 2)
    assert place_of(log) == ("tile/entries/002", 0)


@pytest.mark.parametrize("path", UPPER)
def test_a_wrong_tile_is_found_in_spite_of_wrong_upper_tiles(log66000: MemoryLog, path: str) -> None:
    log = log66000.copy()
    log.resources[path] = bytes(len(log.resources[path]))
    log.flip("tile/0/002", 100)
    assert place_of(log) == ("tile/0/002", 100)
    assert "several" not in str(fault_of(log))


def test_all_upper_tiles_wrong(log66000: MemoryLog) -> None:
    log = log66000.copy()
    for path in UPPER:
        log.resources[path] = bytes(len(log.resources[path]))
    assert place_of(log) == ("tile/1/000", 0)
    assert "several" not in str(fault_of(log))


@pytest.mark.parametrize("path", ["tile/0/002", "tile/entries/002"])
def test_a_single_fault_is_settled_without_reading_the_rest(log66000: MemoryLog, path: str) -> None:
    log = log66000.copy()
    log.flip(path, 2)
    asked: list[str] = []

    def read(path: str) -> bytes:
        asked.append(path)
        return log.read(path)

    with pytest.raises(FsckError) as caught:
        check_log(read, KEYS)
    assert caught.value.path == path
    assert len(asked) < 20


def test_faults_that_hide_each_other(log700: MemoryLog) -> None:
    log = log700.copy()
    log.flip("tile/entries/000", 2)
    log.flip("tile/0/002.p/188", 7)
    error = fault_of(log)
    assert "several faults" in str(error)
    assert (error.path, error.offset) == ("tile/0/000", 0)


def _rewrite(log: MemoryLog, bundle: str, tile: str) -> None:
    """Change the first entry of a bundle and its hash, as somebody would who cannot sign."""
    entries = decode_bundle(log.resources[bundle])
    entries[0] = b"forged"
    log.resources[bundle] = encode_bundle(entries)
    log.resources[tile] = leaf_hash(b"forged") + log.resources[tile][32:]


def test_entry_and_tile_changed_together(log700: MemoryLog) -> None:
    log = log700.copy()
    _rewrite(log, "tile/entries/001", "tile/0/001")
    error = fault_of(log)
    assert (error.path, error.offset) == ("tile/0/001", 0)
    assert "agree with each other" in str(error)


def test_whole_log_changed_together(log700: MemoryLog) -> None:
    log = log700.copy()
    _rewrite(log, "tile/entries/001", "tile/0/001")
    hashes = log.resources["tile/0/001"]
    forged = root_of([hashes[start : start + 32] for start in range(0, len(hashes), 32)])
    log.resources["tile/1/000.p/2"] = log.resources["tile/1/000.p/2"][:32] + forged
    assert place_of(log) == ("checkpoint", len(ORIGIN) + 1 + 4)


def test_right_edge_changed_together(log700: MemoryLog) -> None:
    log = log700.copy()
    _rewrite(log, "tile/entries/002.p/188", "tile/0/002.p/188")
    assert place_of(log) == ("checkpoint", len(ORIGIN) + 1 + 4)


def test_full_resources_stand_in_for_partial_ones(log700: MemoryLog) -> None:
    log = log700.copy()
    checkpoint = log.resources["checkpoint"]
    log.append(numbered(400, 700))
    log.resources["checkpoint"] = checkpoint
    del log.resources["tile/0/002.p/188"], log.resources["tile/entries/002.p/188"]
    assert check_log(log.read, KEYS).entries == 700
    log.flip("tile/0/002", 188 * 32)
    assert check_log(log.read, KEYS).entries == 700
    log.flip("tile/0/002", 187 * 32)
    assert place_of(log) == ("tile/0/002", 187 * 32)


@pytest.mark.parametrize("key", [SigningKey.generate(ORIGIN), SigningKey.generate("other.example")])
def test_a_log_of_unknown_origin_is_not_checked(log700: MemoryLog, key: SigningKey) -> None:
    with pytest.raises(UntrustedError):
        check_log(log700.read, [key.verifier])


def test_another_log_than_expected(log700: MemoryLog) -> None:
    with pytest.raises(VerificationError, match=ORIGIN):
        check_log(log700.read, KEYS, origin="other.example")


def test_an_absurd_size_ends_at_the_first_missing_bundle() -> None:
    log = MemoryLog.of(1)
    log.frontier = type(log.frontier)("sha256", 2**62, (bytes(32),))
    log.sign()
    assert place_of(log) == ("tile/entries/000", None)


def test_memory_does_not_grow_with_the_log() -> None:
    def peak(log: MemoryLog) -> int:
        tracemalloc.start()
        check_log(log.read, KEYS)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    assert peak(MemoryLog.of(20_000)) < 2 * peak(MemoryLog.of(2_000)) < 1_000_000


def test_what_the_reader_raises_comes_through(log700: MemoryLog) -> None:
    def broken(path: str) -> bytes:
        if path == "checkpoint":
            return log700.read(path)
        raise ConnectionError(path)

    reader: Callable[[str], bytes] = broken
    with pytest.raises(ConnectionError):
        check_log(reader, KEYS)
