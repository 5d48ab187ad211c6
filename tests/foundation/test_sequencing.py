"""Order and publication, when nothing goes wrong and when something has been put back or taken away."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")

from zonary.foundation.ledger.errors import ForkError, KeyMismatchError, LostRaceError, RolledBackError
from zonary.proof.merkle import leaf_hash, root_of

AT = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
Make = Callable[..., Any]


@pytest.fixture
def log(make_log: Make) -> Any:
    from zonary.foundation.ledger.sequencer import start_up

    made = make_log()
    start_up(made, lambda: AT)
    return made


def advance(log: Any, limit: int = 16384) -> int:
    from zonary.foundation.ledger.publishing import publish
    from zonary.foundation.ledger.sequencing import tick

    taken = tick(log, at=AT, limit=limit)
    publish(log)
    return taken


def test_an_empty_log_is_published(log: Any, check_published: Make) -> None:
    report, leaves = check_published(log)
    assert (report.size, leaves) == (0, [])


@pytest.mark.parametrize("sizes", [(1, 1, 1), (255, 1, 1), (256, 256), (300, 212, 700), (65535, 1, 1)])
def test_leaves_keep_their_order_across_tiles(
    log: Any, record_leaves: Make, record_batch: Make, check_published: Make, sizes: tuple[int, ...]
) -> None:
    expected: list[bytes] = []
    for size in sizes:
        leaves = [f"leaf {len(expected) + n}".encode() for n in range(size)]
        (record_batch if size > 1000 else record_leaves)(*leaves)
        expected += leaves
        while advance(log):
            pass
        report, published = check_published(log)
        assert published == expected
        assert report.root == root_of([leaf_hash(leaf) for leaf in expected])


def test_a_tick_takes_no_more_than_its_limit(log: Any, record_leaves: Make, check_published: Make) -> None:
    record_leaves(*(b"%d" % n for n in range(10)))
    assert [advance(log, limit=4) for _ in range(4)] == [4, 4, 2, 0]
    assert check_published(log)[1] == [b"%d" % n for n in range(10)]


def test_an_entry_that_commits_late_is_not_lost(
    log: Any, record_leaves: Make, check_published: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lower id may appear after a higher one was sequenced, as with PostgreSQL's sequences."""
    from zonary.foundation.ledger import recording

    ids = iter([7, 3, 5])
    original = recording.insert_one

    def numbered(model: Any, columns: Any, row: Any) -> int:
        return original(model, ("id", *columns), (next(ids), *row))

    monkeypatch.setattr(recording, "insert_one", numbered)
    record_leaves(b"seven")
    advance(log)
    record_leaves(b"three")
    record_leaves(b"five")
    advance(log)
    assert check_published(log)[1] == [b"seven", b"three", b"five"]


def test_publishing_twice_writes_the_same(log: Any, data: Any, record_leaves: Make) -> None:
    from zonary.foundation.ledger.publishing import publish

    record_leaves(*(b"%d" % n for n in range(300)))
    advance(log)
    before = {path: path.read_bytes() for path in data.log.rglob("*") if path.is_file()}
    assert publish(log) == 300
    assert {path: path.read_bytes() for path in data.log.rglob("*") if path.is_file()} == before


def test_lost_tiles_are_written_anew(log: Any, data: Any, record_leaves: Make, check_published: Make) -> None:
    from zonary.foundation.ledger.sequencer import start_up

    record_leaves(*(b"%d" % n for n in range(700)))
    advance(log)
    shutil.rmtree(data.log / "tile")
    start_up(log, lambda: AT)
    assert check_published(log)[0].size == 700


def test_a_damaged_edge_is_written_anew_before_it_is_built_on(
    log: Any, data: Any, record_leaves: Make, check_published: Make, caplog: pytest.LogCaptureFixture
) -> None:
    record_leaves(*(b"%d" % n for n in range(5)))
    advance(log)
    tile = data.log / "tile/0/000.p/5"
    tile.write_bytes(bytes(len(tile.read_bytes())))
    record_leaves(b"5")
    advance(log)
    assert check_published(log)[0].size == 6
    assert "damaged" in caplog.text


def test_an_older_database_is_noticed_and_nothing_is_signed(
    log: Any, data: Any, record_leaves: Make, copies: Any, make_log: Make
) -> None:
    from zonary.foundation.ledger.models import Sequenced
    from zonary.foundation.ledger.sequencer import start_up
    from zonary.foundation.ledger.sequencing import tick

    record_leaves(b"kept")
    advance(log)
    copies.save("backup")
    record_leaves(b"published, then lost")
    advance(log)
    checkpoint = (data.log / "checkpoint").read_bytes()
    copies.restore("backup")

    record_leaves(b"would fork")
    restarted = make_log()
    with pytest.raises(RolledBackError, match="published with 2 entries, but the database has only 1"):
        start_up(restarted, lambda: AT)
    with pytest.raises(RolledBackError):
        tick(restarted, at=AT)
    assert Sequenced.objects.count() == 1
    assert (data.log / "checkpoint").read_bytes() == checkpoint


def test_another_history_of_the_same_size_is_noticed(
    log: Any, data: Any, record_leaves: Make, tmp_path: Any, make_log: Make, copies: Any
) -> None:
    record_leaves(b"kept")
    advance(log)
    copies.save("backup")
    record_leaves(b"published")
    advance(log)
    published = tmp_path / "published"
    data.log.rename(published)
    copies.restore("backup")
    record_leaves(b"another")
    other = make_log()
    advance(other)  # nothing is published here: no reader can tell yet
    shutil.rmtree(data.log)
    published.rename(data.log)
    with pytest.raises(ForkError, match="another history"):
        advance(other)
    record_leaves(b"more")
    with pytest.raises(ForkError, match="another history"):
        advance(other)


def test_a_longer_but_different_history_is_never_published(
    data: Any, record_leaves: Make, tmp_path: Any, make_log: Make, copies: Any
) -> None:
    from zonary.foundation.ledger.publishing import publish
    from zonary.foundation.ledger.sequencer import start_up

    copies.save("empty")
    log = make_log()
    start_up(log, lambda: AT)
    record_leaves(b"published")
    advance(log)
    kept = tmp_path / "published"
    data.log.rename(kept)
    copies.restore("empty")
    other = make_log()
    start_up(other, lambda: AT)
    record_leaves(b"first of another history", b"second")
    advance(other)
    checkpoint = (kept / "checkpoint").read_bytes()
    shutil.rmtree(data.log)
    kept.rename(data.log)
    with pytest.raises(ForkError):
        publish(other)
    assert (data.log / "checkpoint").read_bytes() == checkpoint


def test_a_foreign_checkpoint_is_refused(log: Any, data: Any, record_leaves: Make) -> None:
    record_leaves(b"leaf")
    (data.log / "checkpoint").write_bytes(b"something else\n")
    with pytest.raises(ForkError, match="not one of this log"):
        advance(log)


def test_a_second_sequencer_loses_the_race(log: Any, record_leaves: Make, make_log: Make) -> None:
    """Between reading the state and swapping it, another one swaps it."""
    from zonary.foundation.ledger.models import LogState, Sequenced
    from zonary.foundation.ledger.sequencing import tick

    def interfere(step: str) -> None:
        if step == "tick signed":
            LogState.objects.update(size=1, root=b"r" * 32)

    record_leaves(b"leaf")
    with pytest.raises(LostRaceError):
        tick(make_log(interfere), at=AT)
    assert not Sequenced.objects.exists()
    assert advance(log) == 1


def test_the_checkpoint_is_replaced_only_if_it_is_the_one_seen(log: Any, data: Any) -> None:
    seen = (data.log / "checkpoint").read_bytes()
    (data.log / "checkpoint").write_bytes(b"newer")
    with pytest.raises(LostRaceError):
        log.store.replace_checkpoint(seen, b"mine")
    assert (data.log / "checkpoint").read_bytes() == b"newer"


def test_the_post_quantum_signature_is_there(data: Any, make_log: Make, check_published: Make) -> None:
    from zonary.foundation.ledger.sequencer import start_up
    from zonary.proof.tlog.cosignature import mldsa_available

    log = make_log(post_quantum=True)
    start_up(log, lambda: AT)
    assert check_published(log)[0].signatures == (2 if mldsa_available() else 1)


def test_a_database_of_another_log_is_refused(log: Any, data: Any, make_log: Make) -> None:
    from zonary.foundation.ledger.logs import prepare

    (data.keys / "log.skey").unlink()
    with pytest.raises(KeyMismatchError, match="the signing key is of"):
        prepare(make_log(), AT)


def test_open_leaves_are_sequenced_by_the_same_code(make_log: Make, check_published: Make) -> None:
    from zonary.foundation.ledger.openlog import append_open
    from zonary.foundation.ledger.sequencer import start_up

    log = make_log(name="open")
    start_up(log, lambda: AT)
    leaves = [b"", b"x" * 65535, b"twice", b"twice", *(b"%d" % n for n in range(600))]
    assert append_open(leaves[:3]) == 0
    assert append_open(leaves[3:]) == 3
    assert log.source.is_waiting(0)
    while advance(log, limit=100):
        pass
    assert check_published(log)[1] == leaves
    assert not log.source.is_waiting(len(leaves))


def test_a_gap_in_the_open_log_stops_it(make_log: Make) -> None:
    from zonary.foundation.ledger.models import OpenGroup
    from zonary.foundation.ledger.openlog import append_open
    from zonary.foundation.ledger.packing import pack
    from zonary.foundation.ledger.rows import insert
    from zonary.foundation.ledger.sequencer import start_up

    log = make_log(name="open")
    start_up(log, lambda: AT)
    append_open([b"a"])
    insert(OpenGroup, ("index", "count", "leaves"), [(2, 1, pack([b"c"]))])
    with pytest.raises(ForkError, match="no leaf for index 1"):
        advance(log)


def test_an_idle_sequencer_asks_only_whether_anything_was_committed(log: Any, record_leaves: Make) -> None:
    import threading

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from zonary.foundation.ledger.sequencer import Sequencer

    sequencer = Sequencer(log, lambda: AT, lambda _error: None)
    sequencer._attempt()
    sequencer._attempt()
    with CaptureQueriesContext(connection) as queries:
        sequencer._attempt()
    # SQLite says that nothing was committed without looking at a table.
    assert len(queries) == (0 if connection.vendor == "sqlite" else 1)

    def elsewhere() -> None:
        record_leaves(b"leaf")
        connection.close()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    sequencer._attempt()
    assert log.published().checkpoint.size == 1


@pytest.mark.parametrize("content", ["not a key", None])
def test_a_key_that_cannot_be_read_is_one_sentence_after_the_other(make_log: Make, data: Any, content: Any) -> None:
    make_log()
    path = data.keys / "log.skey"
    if content is None:
        path.unlink()
        path.mkdir()
    else:
        path.write_text(content)
    with pytest.raises(KeyMismatchError) as caught:
        make_log()
    assert "cannot be read as a signing key" in str(caught.value)
    assert ".." not in str(caught.value).replace(str(path), "")
    assert ". Put the key back" in str(caught.value)
