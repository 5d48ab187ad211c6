"""The second tree beside the log: it keeps up, is filled in for an older log, and survives a stop at any step."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")

from tests.foundation.zone_at_work import Stop, StopAt, start, trust_of

from zonary.foundation.ledger.errors import ForkError, KeyMismatchError
from zonary.proof.merkle import leaf_hash, root_of
from zonary.proof.tlog.checkpoint import open_checkpoint
from zonary.proof.tlog.fsck import check_log
from zonary.proof.tlog.keys import SM2
from zonary.proof.tlog.proof import TlogProof

AT = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
Make = Callable[..., Any]


def with_second(log: Any, data: Any, step: Callable[[str], None] | None = None) -> Any:
    from zonary.foundation.ledger.second_tree import FOLDER, open_second_tree
    from zonary.foundation.ledger.storage import DirectoryStore, no_step

    store = DirectoryStore(data.log / FOLDER, step or no_step)
    return replace(log, second=open_second_tree(data.keys, "log", log.keys, store))


def advance(log: Any) -> None:
    from zonary.foundation.ledger.publishing import publish
    from zonary.foundation.ledger.sequencing import tick

    tick(log, at=AT)
    publish(log)


@pytest.fixture
def log(make_log: Make) -> Any:
    from zonary.foundation.ledger.sequencer import start_up

    made = make_log()
    start_up(made, lambda: AT)
    return made


def checked(log: Any) -> tuple[int, bytes]:
    """Size and root of the second tree, every tile of it derived again from the log's own bundles."""

    def read(path: str) -> bytes:
        data: bytes = (log.store if path.startswith("tile/entries/") else log.second.store).read(path)
        return data

    report = check_log(read, log.second.keys.verifiers, origin=log.keys.origin + "/sm3", algorithm="sm3")
    return report.size, report.root


def root_over(leaves: list[bytes]) -> bytes:
    return root_of([leaf_hash(leaf, "sm3") for leaf in leaves], "sm3")


def test_it_keeps_up_with_the_log_across_tiles(log: Any, data: Any, record_leaves: Make, check_published: Make) -> None:
    both, expected = with_second(log, data), []
    for size in (1, 254, 1, 1, 300):
        leaves = [b"leaf %d" % (len(expected) + n) for n in range(size)]
        record_leaves(*leaves)
        expected += leaves
        advance(both)
        assert checked(both) == (len(expected), root_over(expected))
        assert check_published(both)[1] == expected
    assert not list((data.log / "sm3" / "tile").glob("entries/*"))


def test_a_log_that_is_older_is_filled_in(log: Any, data: Any, record_batch: Make, record_leaves: Make) -> None:
    from zonary.foundation.ledger.sequencer import start_up

    leaves = [b"%d" % n for n in range(65_600)]
    record_batch(*leaves)
    advance(log)
    assert not (data.log / "sm3").exists()
    before = (data.log / "checkpoint").read_bytes()
    both = with_second(log, data)
    start_up(both, lambda: AT)
    assert checked(both) == (len(leaves), root_over(leaves))
    assert (data.log / "checkpoint").read_bytes() == before


def test_an_empty_log_has_none_yet(log: Any, data: Any) -> None:
    from zonary.foundation.ledger.publishing import publish

    publish(with_second(log, data))
    assert not (data.log / "sm3" / "checkpoint").exists()


def test_stopped_at_any_step_it_goes_on_from_there(log: Any, data: Any, record_leaves: Make) -> None:
    leaves = [b"first %d" % n for n in range(250)]
    record_leaves(*leaves)
    advance(with_second(log, data))
    number, stops = 1, 0
    while True:
        fresh = [b"%d %d" % (number, n) for n in range(7)]
        record_leaves(*fresh)
        leaves += fresh
        step = StopAt(number)
        try:
            advance(with_second(log, data, step))
        except Stop:
            stops += 1
        # Whatever readers see now is whole, and a restart brings it up to date.
        again = with_second(log, data)
        seen = checked(again)[0]
        assert checked(again)[1] == root_over(leaves[:seen])
        advance(again)
        assert checked(again) == (len(leaves), root_over(leaves))
        if len(step.steps) < number:
            break
        number += 1
    assert stops >= 4


def test_lost_and_damaged_tiles_are_written_anew(log: Any, data: Any, record_leaves: Make) -> None:
    leaves = [b"%d" % n for n in range(600)]
    record_leaves(*leaves)
    both = with_second(log, data)
    advance(both)
    tiles = data.log / "sm3" / "tile"

    def damage() -> None:
        (tiles / "0" / "002.p" / "89").write_bytes(bytes(89 * 32))

    for spoil in (lambda: shutil.rmtree(tiles), damage):
        spoil()
        leaves.append(b"more %d" % len(leaves))
        record_leaves(leaves[-1])
        advance(both)
        assert checked(both) == (len(leaves), root_over(leaves))


def test_what_it_has_outgrown_is_removed(log: Any, data: Any, record_leaves: Make) -> None:
    from zonary.foundation.ledger.outgrown import Sweeper

    both = with_second(log, data)
    sweeper = Sweeper(both.second.store)
    for size in (200, 400):
        record_leaves(*(b"%d %d" % (size, n) for n in range(size)))
        advance(both)
        sweeper.published(checked(both)[0])
        while sweeper.work():
            pass
    tiles = data.log / "sm3" / "tile" / "0"
    assert sorted(path.name for path in tiles.iterdir()) == ["000", "001", "002.p"]
    assert checked(both)[0] == 600


def test_another_history_is_not_signed_over(log: Any, data: Any, record_leaves: Make) -> None:
    """The tree of another log in this one's place, signed with the key of this one."""
    from zonary.proof.tlog.checkpoint import Checkpoint, sign_checkpoint

    record_leaves(*(b"%d" % n for n in range(5)))
    both = with_second(log, data)
    advance(both)
    path = data.log / "sm3" / "checkpoint"
    for size, words in ((5, "another history"), (9, "an older database was put back")):
        path.write_bytes(
            sign_checkpoint(Checkpoint(both.second.origin, size, bytes(32)), both.second.keys.signers, at=0)
        )
        with pytest.raises(ForkError, match=words):
            advance(both)
    path.write_bytes((data.log / "checkpoint").read_bytes())
    with pytest.raises(ForkError, match="not one of this log"):
        advance(both)


def test_its_key_is_kept_and_missed(log: Any, data: Any, record_leaves: Make) -> None:
    record_leaves(b"one")
    both = with_second(log, data)
    advance(both)
    key = data.keys / "log-sm2.pem"
    assert key.stat().st_mode & 0o777 == 0o600
    assert with_second(log, data).second.keys == both.second.keys
    text = key.read_bytes()
    key.write_bytes(text[:-60])
    with pytest.raises(KeyMismatchError, match="cannot be read as an SM2 key"):
        with_second(log, data)
    key.unlink()
    with pytest.raises(KeyMismatchError, match=r"its key .* is missing"):
        with_second(log, data)


def test_a_machine_without_sm2_goes_on_without_it(log: Any, data: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.proof import sm2

    monkeypatch.setattr(sm2, "available", lambda: False)
    assert with_second(log, data).second is None
    assert not (data.keys / "log-sm2.pem").exists()


def test_a_zone_with_it_shows_its_key_and_proves_in_both_trees(
    data: Any, record_leaves: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from zonary.config.published_log import published_logs
    from zonary.foundation.ledger.proofs import log_keys, prove, prove_in_second_tree
    from zonary.proof.tlog.endorsement import follow

    start(data)
    assert prove_in_second_tree(1, 0) is None
    monkeypatch.setattr(settings, "ZONARY_SECOND_TREE", True)
    log = start(data)
    record_leaves(b"a leaf")
    advance(log)
    trust = trust_of(data)
    (key,) = [each.key for each in trust.logs if each.key.kind == SM2]
    assert key.name == log.keys.origin + "/sm3"
    # Who pinned the log when it had one tree learns the key of the second from that.
    assert key in [each.key for each in follow(log.keys.verifiers, trust.endorsements)]
    index = TlogProof.parse(prove(1, 0)).index
    found = prove_in_second_tree(1, index)
    assert found is not None
    assert found.log_keys == (key.encode(),)
    assert key.encode() not in log_keys()
    size = open_checkpoint(log.second.store.read("checkpoint"), [key]).checkpoint.size
    assert TlogProof.parse(found.proof, "sm3").index == index
    assert prove_in_second_tree(1, size) is None
    assert list(published_logs("main"))[:1] == ["/log/sm3/"]
    assert Path(data.log / "sm3" / "checkpoint").exists()
