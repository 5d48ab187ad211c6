"""What every store does, a directory and an object store alike."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")

from zonary.foundation.ledger.errors import LostRaceError
from zonary.foundation.ledger.storage import CHECKPOINT, DirectoryStore, TileStore
from zonary.proof.errors import MalformedError
from zonary.proof.tlog.tiles import MAX_BUNDLE_BYTES, MissingResource, entries_path, tile_path

Open = Callable[[], Any]


@pytest.fixture
def store(open_again: Open) -> TileStore:
    opened: TileStore = open_again()
    return opened


def test_what_is_written_is_there_for_everyone(store: TileStore, open_again: Open) -> None:
    objects = {tile_path(0, n): bytes([n]) * 8192 for n in range(40)} | {
        "tile/0/040.p/3": b"",
        "tile/entries/000": b"e",
    }
    store.write(objects.items())
    other = open_again()
    assert {path: other.read(path) for path in objects} == objects


@pytest.mark.parametrize("path", ["tile/0/001", "tile/0/000/001", "tile/0", "checkpoint"])
def test_what_is_not_there_is_missing(store: TileStore, path: str) -> None:
    store.write([("tile/0/000", b"there")])
    with pytest.raises(MissingResource) as caught:
        store.read(path)
    assert caught.value.path == path


def test_written_again_it_is_replaced(store: TileStore) -> None:
    store.write([("tile/0/000", b"damaged")])
    store.write([("tile/0/000", b"right")])
    assert store.read("tile/0/000") == b"right"


def test_writing_asks_for_objects_in_the_callers_thread(store: TileStore) -> None:
    """They come from a database connection, which belongs to one thread."""
    threads = set()

    def objects() -> Iterator[tuple[str, bytes]]:
        for n in range(100):
            threads.add(threading.get_ident())
            yield entries_path(n), b"%d" % n

    store.write(objects())
    assert threads == {threading.get_ident()}
    assert store.read(entries_path(99)) == b"99"


def test_what_fails_in_making_objects_is_told(store: TileStore) -> None:
    def objects() -> Iterator[tuple[str, bytes]]:
        yield "tile/0/000", b"0"
        raise LostRaceError("Only one may run.")

    with pytest.raises(LostRaceError):
        store.write(objects())


def test_a_checkpoint_follows_the_one_expected(store: TileStore, open_again: Open) -> None:
    assert store.is_fenced
    store.replace_checkpoint(None, b"one")
    store.replace_checkpoint(b"one", b"two")
    other = open_again()
    other.replace_checkpoint(b"two", b"three")
    assert store.read(CHECKPOINT) == b"three"
    store.replace_checkpoint(b"three", b"four")
    assert other.read(CHECKPOINT) == b"four"


@pytest.mark.parametrize("expected", [None, b"zero", b"two"])
def test_a_checkpoint_that_is_another_is_left_alone(store: TileStore, open_again: Open, expected: bytes | None) -> None:
    store.replace_checkpoint(None, b"zero")
    store.read(CHECKPOINT)
    open_again().replace_checkpoint(b"zero", b"one")
    with pytest.raises(LostRaceError, match="Only one server may use it"):
        store.replace_checkpoint(expected, b"mine")
    assert store.read(CHECKPOINT) == b"one"


def test_a_checkpoint_that_is_gone_is_not_replaced(store: TileStore) -> None:
    with pytest.raises(LostRaceError):
        store.replace_checkpoint(b"one", b"two")
    with pytest.raises(MissingResource):
        store.read(CHECKPOINT)


@pytest.mark.parametrize("expected", [None, b"before"])
def test_of_many_at_once_one_wins(open_again: Open, expected: bytes | None) -> None:
    stores = [open_again() for _ in range(8)]
    if expected:
        stores[0].replace_checkpoint(None, expected)
    at_once = threading.Barrier(len(stores))

    def replace(number: int) -> bool:
        assert stores[number].is_fenced
        at_once.wait()
        try:
            stores[number].replace_checkpoint(expected, b"by %d" % number)
        except LostRaceError:
            return False
        return True

    with ThreadPoolExecutor(len(stores)) as pool:
        won = list(pool.map(replace, range(len(stores))))
    assert won.count(True) == 1
    assert stores[0].read(CHECKPOINT) == b"by %d" % won.index(True)


def test_paths_come_in_the_order_of_strings(store: TileStore) -> None:
    widths = (1, 5, 20, 200)
    written = [tile_path(0, n) for n in (0, 1, 10, 999, 1000, 1001, 1234567)]
    written += [tile_path(level, 3, width) for level in (0, 1) for width in widths]
    written += [entries_path(n, width) for n in (0, 7) for width in (*widths, 256)]
    store.write((path, path.encode()) for path in written)
    store.replace_checkpoint(None, b"one")
    assert list(store.paths("tile")) == sorted(written)
    assert list(store.paths("tile/entries")) == sorted(p for p in written if p.startswith("tile/entries/"))
    assert list(store.paths("tile/7")) == []
    for after in ("tile/0/000", "tile/0/003.p/", "tile/0/003.p/5", "tile/0/x", "tile/0/x001/", "tile/1~", "tile/zz"):
        assert list(store.paths("tile", after)) == sorted(path for path in written if path > after)
        assert list(store.paths("tile/0", after)) == sorted(p for p in written if p > after and p[:7] == "tile/0/")


def test_more_paths_than_one_listing_gives(store: TileStore) -> None:
    written = [entries_path(n) for n in range(1100)]
    store.write((path, b"") for path in written)
    assert list(store.paths("tile")) == sorted(written)


def test_what_is_removed_is_gone_and_may_be_removed_again(store: TileStore) -> None:
    kept = ["tile/0/000", "tile/0/001.p/9", "tile/entries/000"]
    gone = ["tile/0/000.p/1", "tile/0/000.p/20", "tile/entries/000.p/20"]
    store.write((path, b"x") for path in kept + gone)
    for _ in range(2):
        store.remove([*gone, "tile/0/777.p/3"])
        assert list(store.paths("tile")) == kept
    with pytest.raises(MissingResource):
        store.read("tile/0/000.p/1")
    store.write([("tile/0/000.p/1", b"again")])
    assert store.read("tile/0/000.p/1") == b"again"


def test_the_largest_bundle_there_can_be(store: TileStore) -> None:
    store.write([("tile/entries/000", bytes(MAX_BUNDLE_BYTES))])
    assert len(store.read("tile/entries/000")) == MAX_BUNDLE_BYTES


def test_something_larger_is_refused(store: TileStore, request: pytest.FixtureRequest) -> None:
    too_large = bytes(MAX_BUNDLE_BYTES + 1)
    if "directory" in request.node.name:
        store.write([("tile/entries/000", too_large)])
    else:
        import obstore

        server, bucket = request.getfixturevalue("object_store"), request.getfixturevalue("bucket")
        obstore.put(server.store(bucket), "tile/entries/000", too_large)
    with pytest.raises(MalformedError, match="nothing a log publishes has more"):
        store.read("tile/entries/000")


def test_another_users_web_server_may_read_a_directory(tmp_path: Path) -> None:
    """Also when the server keeps all else to itself, as ``zonary serve`` does."""
    before = os.umask(0o077)
    try:
        store = DirectoryStore(tmp_path / "public" / "log")
        store.write([("tile/0/000", b"tile")])
        store.replace_checkpoint(None, b"checkpoint")
    finally:
        os.umask(before)
    modes = {p.relative_to(tmp_path).as_posix(): p.stat().st_mode & 0o777 for p in tmp_path.rglob("*")}
    assert modes.pop("public/log/.publish.lock") == 0o600
    folders = ("public", "public/log", "public/log/tile", "public/log/tile/0")
    files = ("public/log/tile/0/000", "public/log/checkpoint")
    assert modes == {**dict.fromkeys(folders, 0o755), **dict.fromkeys(files, 0o644)}
