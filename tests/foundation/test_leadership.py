"""One leads, and whoever led before can neither sequence nor publish over it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")

from zonary.foundation.ledger.errors import LostRaceError

AT = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
Make = Callable[..., Any]


@pytest.fixture
def log(make_log: Make) -> Any:
    from zonary.foundation.ledger.sequencer import start_up

    made = make_log()
    start_up(made, lambda: AT)
    return made


def test_a_lease_excludes_others_until_it_runs_out(log: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.foundation.ledger import leadership

    first = leadership.claim("main", "first", alone=False)
    assert first == 1
    assert leadership.claim("main", "second", alone=False) is None
    leadership.renew("main", first)
    monkeypatch.setattr(leadership, "LEASE", timedelta(seconds=-1))
    leadership.renew("main", first)  # it has run out as soon as it is written
    assert leadership.claim("main", "second", alone=False) == 2
    with pytest.raises(LostRaceError):
        leadership.renew("main", first)


def test_a_leader_that_gives_up_is_followed_at_once(log: Any) -> None:
    from zonary.foundation.ledger.leadership import claim, release

    assert claim("main", "first", alone=False) == 1
    release("main", 1)
    time.sleep(0.002)  # the database's clock has to move on
    assert claim("main", "second", alone=False) == 2
    release("main", 1)  # the former leader's word counts no more
    assert claim("main", "third", alone=False) is None


def test_a_former_leader_can_neither_sequence_nor_publish(
    log: Any, record_leaves: Make, check_published: Make, make_log: Make
) -> None:
    """Stopped between any two steps, it wakes up when another leads."""
    from zonary.foundation.ledger.leadership import claim
    from zonary.foundation.ledger.models import Sequenced
    from zonary.foundation.ledger.publishing import publish
    from zonary.foundation.ledger.sequencing import tick

    former = replace(log, epoch=claim("main", "former", alone=True))
    record_leaves(b"one")
    assert tick(former, at=AT) == 1
    present = replace(log, epoch=claim("main", "present", alone=True))
    record_leaves(b"two")
    with pytest.raises(LostRaceError):
        tick(former, at=AT)
    assert Sequenced.objects.count() == 1
    assert tick(present, at=AT) == 1

    def overtaken(step: str) -> None:
        if step == "publish wrote the tiles":
            publish(present)

    # It had read the checkpoint before it was stopped, and wakes up to replace it.
    sleeper = make_log(overtaken)
    with pytest.raises(LostRaceError):
        publish(sleeper)
    assert check_published(log)[1] == [b"one", b"two"]


def test_a_stand_by_takes_over_and_the_former_leader_stands_by(
    log: Any, record_leaves: Make, check_published: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zonary.foundation.ledger import leadership, sequencer
    from zonary.foundation.ledger.sequencer import Sequencer

    monkeypatch.setattr(leadership, "LEASE", timedelta(seconds=0.5))
    monkeypatch.setattr(sequencer, "RENEW_SECONDS", 0.0)
    failures: list[BaseException] = []
    first, second = (Sequencer(log, lambda: AT, failures.append, alone=False) for _ in range(2))
    first._attempt()
    second._attempt()
    assert (first.leading, second.leading) == (True, False)
    record_leaves(b"by the first")
    first._attempt()
    time.sleep(0.6)  # the first is stopped for longer than its lease
    record_leaves(b"by the second")
    second._attempt()
    assert second.leading
    record_leaves(b"for whoever leads")
    first._attempt()
    assert not first.leading
    second._attempt()
    assert check_published(log)[1] == [b"by the first", b"by the second", b"for whoever leads"]
    assert failures == []
