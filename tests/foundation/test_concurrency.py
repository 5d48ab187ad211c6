"""Many write while one sequences: nothing is lost, nothing is there twice, everything has a proof."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")

from zonary.common.clock import now
from zonary.foundation.ledger.errors import ForkError
from zonary.proof.tlog.proof import TlogProof

Make = Callable[..., Any]
WRITERS = 6
TRANSACTIONS = 25


@pytest.fixture
def run_sequencer(make_log: Make) -> Any:
    """Starts a sequencer over the log; the list gets what ended it, if anything did."""
    from zonary.foundation.ledger.sequencer import Sequencer, start_up

    started: list[Any] = []

    def run(log: Any) -> tuple[Any, list[BaseException]]:
        start_up(log, now)
        failures: list[BaseException] = []
        sequencer = Sequencer(log, now, failures.append)
        started.append(sequencer)
        sequencer.start()
        return sequencer, failures

    yield run
    for sequencer in started:
        sequencer.stop()


def test_writers_and_sequencer_together(
    data: Any, make_log: Make, record_leaves: Make, run_sequencer: Make, check_published: Make
) -> None:
    from django.db import connection

    from zonary.foundation.ledger.proofs import prove
    from zonary.foundation.ledger.queries import item_of

    log = make_log()
    sequencer, failures = run_sequencer(log)
    recorded: dict[str, bytes] = {}

    def write(writer: int) -> None:
        for number in range(TRANSACTIONS):
            leaves = [f"{writer}/{number}/{n}".encode() for n in range(number % 4 + 1)]
            recorded.update(zip(record_leaves(*leaves, by=f"writer {writer}"), leaves, strict=True))
        connection.close()

    writers = [threading.Thread(target=write, args=(n,)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    sequencer.stop()

    assert failures == []
    report, leaves = check_published(log)
    assert sorted(leaves) == sorted(recorded.values())
    for public_id in recorded:
        place = item_of(public_id)
        assert place is not None
        assert place.index is not None
        assert leaves[place.index] == recorded[public_id] == place.leaf
        proof = TlogProof.parse(prove(place.generation, place.index))
        assert proof.verify(place.leaf, log.keys.verifiers).checkpoint.size == report.size


def test_an_entry_is_published_soon(data: Any, make_log: Make, record_leaves: Make, run_sequencer: Make) -> None:
    """A generous bound: how soon exactly is measured by bench/, not tested."""
    log = make_log()
    run_sequencer(log)
    for size in range(1, 4):
        record_leaves(b"%d" % size)
        deadline = time.monotonic() + 5
        while log.published().checkpoint.size < size:
            assert time.monotonic() < deadline
            time.sleep(0.005)


def test_a_failure_that_passes_is_waited_for(
    data: Any,
    make_log: Make,
    record_leaves: Make,
    run_sequencer: Make,
    check_published: Make,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The disk is full after the commit and before the tiles are there; later it is not."""
    from zonary.foundation.ledger import sequencer as module

    monkeypatch.setattr(module, "RETRY_SECONDS", 0.05)
    full = threading.Event()

    def step(name: str) -> None:
        if full.is_set() and name == "object written":
            raise OSError(28, "No space left on device")

    log = make_log(step)
    sequencer, failures = run_sequencer(log)
    full.set()
    record_leaves(b"while the disk was full")
    deadline = time.monotonic() + 5
    while "No space left" not in caplog.text:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert log.published().checkpoint.size == 0
    full.clear()
    while log.published().checkpoint.size < 1:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    sequencer.stop()
    assert failures == []
    assert check_published(log)[1] == [b"while the disk was full"]
    assert "going on" in caplog.text


def test_what_does_not_pass_ends_it(data: Any, make_log: Make, record_leaves: Make, run_sequencer: Make) -> None:
    log = make_log()
    sequencer, failures = run_sequencer(log)
    (data.log / "checkpoint").write_bytes(b"nonsense\n")
    record_leaves(b"leaf")
    sequencer.join(timeout=5)
    assert [type(failure) for failure in failures] == [ForkError]


def test_stopping_publishes_what_is_recorded(
    data: Any, make_log: Make, record_leaves: Make, run_sequencer: Make, check_published: Make
) -> None:
    log = make_log()
    sequencer, _failures = run_sequencer(log)
    record_leaves(*(b"%d" % n for n in range(1000)))
    sequencer.stop()
    assert check_published(log)[0].size == 1000
