"""Paths, bundles, tile arithmetic, and proofs from tiles."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.proof import reference_tree as reference
from tests.proof.tlog.memory_log import MemoryLog, numbered

from zonary.proof import merkle
from zonary.proof.errors import Error, MalformedError
from zonary.proof.tlog import tiles
from zonary.proof.tlog.tiles import MissingResource, TilePath


@pytest.mark.parametrize(
    ("path", "tile"),
    [
        ("tile/0/000", TilePath(0, 0)),
        ("tile/0/x001/x234/067", TilePath(0, 1_234_067)),
        ("tile/63/255.p/255", TilePath(63, 255, 255)),
        ("tile/entries/x001/000.p/1", TilePath(None, 1000, 1)),
        ("tile/entries/999", TilePath(None, 999)),
    ],
)
def test_path_and_tile_belong_together(path: str, tile: TilePath) -> None:
    assert str(tile) == path
    assert tiles.parse_tile_path(path) == tile


@given(st.none() | st.integers(0, 63), st.integers(0, 2**55), st.integers(1, 256))
def test_every_path_parses_to_its_tile(level: int | None, index: int, width: int) -> None:
    tile = TilePath(level, index, width)
    assert tiles.parse_tile_path(str(tile)) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/001/001",
        "tile/0/x001",
        "tile/00/001",
        "tile/64/001",
        "tile/-1/001",
        "tile/0/001.p/0",
        "tile/0/001.p/01",
        "tile/0/001.p/256",
        "tile/0/001.p/999",
        "tile/0/001.p/",
        "tile/0/001/",
        "tile/0/001\n",
        "tile/0/٠٠١",
        "/tile/0/001",
        "tile/0/../001",
        "tile/entries/1",
        "tile/data/001",
        "tile/0/" + "x001/" * 7 + "001",
    ],
)
def test_other_paths_are_refused(path: str) -> None:
    with pytest.raises(MalformedError):
        tiles.parse_tile_path(path)


@given(st.text(max_size=80) | st.from_regex(r"\Atile/([0-9]{1,2}|entries)/[x0-9/]{3,12}(\.p/[0-9]{1,3})?\Z"))
def test_any_text_is_one_path_or_refused(text: str) -> None:
    try:
        tile = tiles.parse_tile_path(text)
    except Error:
        return
    assert str(tile) == text


@given(st.lists(st.binary(max_size=30), min_size=1, max_size=256))
def test_bundles(entries: list[bytes]) -> None:
    bundle = tiles.encode_bundle(entries)
    assert tiles.decode_bundle(bundle) == entries
    assert tiles.decode_bundle(bundle, len(entries)) == entries
    with pytest.raises(MalformedError):
        tiles.decode_bundle(bundle, len(entries) + 1)
    with pytest.raises(MalformedError):
        tiles.decode_bundle(bundle + b"\x00")


@given(st.binary(max_size=600))
def test_random_bytes_are_a_bundle_or_refused(data: bytes) -> None:
    try:
        entries = tiles.decode_bundle(data)
    except Error:
        return
    assert tiles.encode_bundle(entries) == data


def test_bundles_are_bounded() -> None:
    longest = b"x" * 65535
    assert tiles.decode_bundle(tiles.encode_bundle([longest] * 256)) == [longest] * 256
    for entries in ([], [b""] * 257, [longest + b"x"]):
        with pytest.raises(MalformedError):
            tiles.encode_bundle(entries)
    for data in (b"", bytes(2 * 257), bytes(tiles.MAX_BUNDLE_BYTES + 1)):
        with pytest.raises(MalformedError):
            tiles.decode_bundle(data)


def test_tiles_have_exactly_their_length() -> None:
    hashes = [bytes([number]) * 32 for number in range(5)]
    data = tiles.encode_tile(hashes)
    assert tiles.decode_tile(data, 5) == hashes
    for bad in (data[:-1], data + b"x", b""):
        with pytest.raises(MalformedError):
            tiles.decode_tile(bad, 5)


def test_example_of_the_specification() -> None:
    """C2SP tlog-tiles: a tree of 70,000 leaves, and one of 256."""
    new = tiles.new_tiles(0, 70_000)
    assert sum(tile.level == 0 and tile.width == 256 for tile in new) == 273
    assert [(t.level, t.index, t.width) for t in new if t.level or t.width < 256] == [
        (0, 273, 112),
        (1, 0, 256),
        (1, 1, 17),
        (2, 0, 1),
    ]
    assert [tile.path for tile in tiles.new_tiles(0, 256)] == ["tile/0/000", "tile/1/000.p/1"]
    assert [tiles.partial_width(level, 70_000) for level in range(4)] == [112, 17, 1, 0]


@settings(deadline=None)
@given(st.lists(st.integers(1, 700), min_size=1, max_size=5))
def test_tiles_are_those_of_the_definition(growth: list[int]) -> None:
    entries = numbered(sum(growth))
    log = MemoryLog()
    for count in growth:
        size = log.frontier.size
        before = dict(log.resources)
        log.append(entries[size : size + count])
        written = {path for path in log.resources if log.resources[path] is not before.get(path)}
        expected = {tile.path for tile in tiles.new_tiles(size, size + count)}
        assert {path for path in written if path.startswith("tile/") and "entries" not in path} == expected
    for path, data in log.resources.items():
        if path == "checkpoint" or "entries" in path:
            continue
        tile = tiles.parse_tile_path(path)
        assert tile.level is not None
        span = 256**tile.level
        first = tile.index * 256
        nodes = [entries[n * span : (n + 1) * span] for n in range(first, first + tile.width)]
        assert data == b"".join(reference.mth(node) for node in nodes)


def test_nothing_is_new_without_growth() -> None:
    assert tiles.new_tiles(300, 300) == []
    for sizes in ((2, 1), (-1, 1), (0, 2**63)):
        with pytest.raises(Error):
            tiles.new_tiles(*sizes)


@pytest.fixture(scope="module")
def grown() -> MemoryLog:
    """66,000 entries: three levels of tiles."""
    return MemoryLog.of(66_000)


@settings(deadline=None)
@given(st.data())
def test_proofs_from_tiles_are_those_from_leaves(grown: MemoryLog, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 2_000))
    index = data.draw(st.integers(0, size - 1))
    leaves = [merkle.leaf_hash(entry) for entry in numbered(size)]
    root = merkle.root_of(leaves)
    assert tiles.root_of_tiles(size, grown.read) == root
    assert tiles.prove_inclusion(index, size, grown.read) == merkle.inclusion_proof(leaves, index)
    expected = merkle.consistency_proof(leaves, index + 1, size)
    assert tiles.prove_consistency(index + 1, size, grown.read) == expected


@pytest.mark.parametrize("index", [0, 255, 256, 65_535, 65_536, 65_999])
def test_proofs_over_three_levels(grown: MemoryLog, index: int) -> None:
    root = grown.frontier.root()
    leaf = merkle.leaf_hash(numbered(1, index)[0])
    proof = tiles.prove_inclusion(index, 66_000, grown.read)
    merkle.verify_inclusion(index=index, size=66_000, leaf=leaf, proof=proof, root=root)
    old = MemoryLog.of(index + 1).frontier.root()
    proof = tiles.prove_consistency(index + 1, 66_000, grown.read)
    merkle.verify_consistency(size1=index + 1, size2=66_000, root1=old, root2=root, proof=proof)


def test_few_tiles_are_read_for_a_proof(grown: MemoryLog) -> None:
    asked: list[str] = []

    def read(path: str) -> bytes:
        asked.append(path)
        return grown.read(path)

    tiles.prove_inclusion(1_000, 66_000, read)
    assert len(asked) == len(set(asked)) <= 6


def test_the_full_tile_stands_in_for_a_partial_one_that_is_gone() -> None:
    log = MemoryLog.of(200)
    root = log.frontier.root()
    log.append(numbered(100, 200))
    del log.resources["tile/0/000.p/200"]
    assert tiles.root_of_tiles(200, log.read) == root


def test_growing_on_from_a_full_tile_in_place_of_a_partial_one() -> None:
    """As after a crash between the writing of tiles and that of the checkpoint."""
    entries = numbered(700)
    log, ahead = MemoryLog.of(200), MemoryLog.of(700)
    log.resources["tile/0/000"] = ahead.resources["tile/0/000"]
    del log.resources["tile/0/000.p/200"]
    log.append(entries[200:])
    assert {path: log.resources[path] for path in ahead.resources} == ahead.resources


def test_missing_and_malformed_tiles_are_named() -> None:
    log = MemoryLog.of(200)
    log.resources["tile/0/000.p/200"] += b"x"
    with pytest.raises(MalformedError):
        tiles.root_of_tiles(200, log.read)
    del log.resources["tile/0/000.p/200"]
    with pytest.raises(MissingResource) as caught:
        tiles.root_of_tiles(200, log.read)
    assert caught.value.path == "tile/0/000.p/200"


def test_there_is_no_proof_of_what_is_not_there(grown: MemoryLog) -> None:
    with pytest.raises(Error):
        tiles.prove_inclusion(10, 10, grown.read)
    with pytest.raises(Error):
        tiles.prove_consistency(0, 10, grown.read)
    assert tiles.root_of_tiles(0, grown.read) == merkle.EMPTY_ROOTS["sha256"]
