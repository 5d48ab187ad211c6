"""Public leaves and their timing tell neither whose they are nor the rhythm in which anybody works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")

from tests.foundation import zone_at_work
from tests.services.evidence import keeping

DAY = datetime(2026, 11, 24, tzinfo=UTC)
SLOT, LEAVES = timedelta(minutes=15), 64


def _quiet(_five: Any, _at: datetime) -> None:
    """Nothing happens."""


def _one(five: Any, at: datetime) -> None:
    keeping.keep_record(five.owner, at + timedelta(minutes=3), number=100)


def _busy(five: Any, at: datetime) -> None:
    """A secret every minute, each shown to somebody who opens it."""
    from zonary.services.evidence.secrets.actions import open_secret

    for number in range(7):
        moment = at + timedelta(minutes=number)
        secret = keeping.keep_record(five.owner, moment, number=200 + number)
        keeping.name(secret, five.rival, by=five.owner, at=moment, called="鉴定人（虚构）")
        keeping.accept(secret, by=five.rival, at=moment)
        open_secret(secret, "page", by=five.rival, at=moment)


DOINGS = (_quiet, _one, _busy, _quiet, _quiet)


def watch(log: Any, five: Any, plan: Any) -> list[list[tuple[int, int]]]:
    """What a stranger sees who asks every minute: by slot, in which minutes the log grew, and by how much."""
    from zonary.foundation.ledger.sequencer import Sequencer

    clock = [DAY]
    sequencer = Sequencer(log, lambda: clock[0], pytest.fail, plan=plan)
    sequencer._attempt()
    size, seen = _size(log), []
    for number, happen in enumerate(DOINGS, 1):
        grown = []
        for minute in range(int(SLOT.total_seconds()) // 60):
            clock[0] = DAY + number * SLOT + timedelta(minutes=minute, seconds=2)
            sequencer._mark = None  # in a server others write, and not over the connection of the sequencer
            sequencer._attempt()
            if (now := _size(log)) != size:
                grown.append((minute, now - size))
                size = now
            if minute == 4:
                happen(five, clock[0])
        seen.append(grown)
    return seen


def _size(log: Any) -> int:
    return int(log.published().checkpoint.size)


@pytest.fixture
def log(five: Any, data: Any) -> Any:
    return replace(zone_at_work.start(data), epoch=0)


def test_without_batches_whoever_watches_the_log_sees_when_somebody_works(five: Any, log: Any) -> None:
    """As a zone is set up: its log tells that something happened, and how much, though not whose it is."""
    quiet, one, busy, *after = watch(log, five, None)
    assert [quiet, *after] == [[], [], []]
    assert {minute for minute, _ in one + busy} == {5}
    assert 0 < sum(more for _, more in one) < sum(more for _, more in busy)


def test_in_batches_one_secret_many_and_none_look_the_same(
    five: Any, log: Any, check_published: Callable[..., Any]
) -> None:
    from zonary.foundation.ledger.batching import Batching
    from zonary.foundation.ledger.models import Sequenced
    from zonary.foundation.ledger.places import split_place
    from zonary.proof.leaf import decode_leaf
    from zonary.services.evidence.secrets.models import SecretOpening

    before = _size(log)
    seen = watch(log, five, Batching(int(SLOT.total_seconds()), LEAVES))
    assert seen == [[(0, 2 * LEAVES)]] * len(DOINGS)
    leaves = check_published(log)[1]
    batches = [leaves[start : start + 2 * LEAVES] for start in range(before, len(leaves), 2 * LEAVES)]
    shapes = [[(decode_leaf(leaf).leaf_class, len(leaf)) for leaf in batch] for batch in batches]
    assert all(shape == shapes[0] for shape in shapes)
    assert len(set(leaves)) == len(leaves)
    published = b"".join(leaves) + log.store.read("checkpoint")
    for hidden in (five.owner.person, five.owner.organisation, five.rival.person, keeping.TITLE):
        assert hidden.encode() not in published
        assert hidden.replace("-", "").encode() not in published
    # Where those lie that are real tells nothing of how many there are: their order was drawn by lot.
    opened = Sequenced.objects.filter(entry__public_id__in=SecretOpening.objects.values("entry"))
    places = [(split_place(place)[1] - before) % (2 * LEAVES) for place in opened.values_list("place", flat=True)]
    assert len(places) == 7
    assert sorted(places) != list(range(min(places), min(places) + 7))


def test_what_is_in_a_batch_has_a_receipt_that_verifies(five: Any, log: Any, data: Any) -> None:
    from zonary.foundation.ledger.batching import Batching
    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.ledger.receipts import receipt_of
    from zonary.proof.act import examine_receipt
    from zonary.proof.package.report import Outcome
    from zonary.services.evidence.secrets.models import SecretOpening

    watch(log, five, Batching(int(SLOT.total_seconds()), LEAVES))
    trust = zone_at_work.trust_of(data)
    padding = Entry.objects.filter(kind="ledger.log.padded").values_list("public_id", flat=True)
    opened = SecretOpening.objects.values_list("entry", flat=True)
    for public_id in (str(opened[0]), str(padding[0])):
        found = examine_receipt(receipt_of(public_id), trusts=[trust])
        assert found.report.outcome is Outcome.VERIFIED


def test_more_than_a_batch_holds_shows_as_a_power_of_two_and_nothing_is_lost(
    five: Any, log: Any, check_published: Callable[..., Any]
) -> None:
    from zonary.foundation.ledger.batching import Batching, release
    from zonary.foundation.ledger.leadership import claim
    from zonary.foundation.ledger.models import Pending
    from zonary.foundation.ledger.publishing import publish

    leading = replace(log, epoch=claim("main", "test", alone=True) or 0)
    before = publish(leading)
    _busy(five, DAY)
    assert release(leading, Batching(900, 16), at=DAY) == 2 * 64  # some forty acts, filled up to four times sixteen
    assert publish(leading) == before + 2 * 64
    assert not Pending.objects.exists()
    assert check_published(leading)[0].size == before + 2 * 64


def test_a_zone_that_publishes_in_batches_shows_no_number_that_waits(
    five: Any, log: Any, demo: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings
    from tests.five_accounts import browser

    from zonary.config.metrics import METRICS

    _one(five, DAY)
    for is_batched in (False, True):
        monkeypatch.setattr(settings, "ZONARY_BATCH", (900, 32) if is_batched else None)
        pages = [browser(None).get(path).content.decode() for path in ("/published?lang=en", "/?lang=en")]
        assert [("Waiting for a place" in page) is not is_batched for page in pages] == [True, True]
        assert ("Entries of that day" in pages[0]) is not is_batched
        assert (b'zonary_log_pending{log="main"} 0.0' in METRICS.text()) is is_batched


@pytest.mark.parametrize(
    ("written", "meant"), [("", None), ("0", None), ("15/32", (900, 32)), ("15", 0), ("0/32", 0), ("15/x", 0)]
)
def test_batches_are_written_as_minutes_and_leaves(written: str, meant: Any) -> None:
    from zonary.config.places import batch_of
    from zonary.proof.errors import Error

    if meant == 0:
        with pytest.raises(Error, match="ZONARY_BATCH"):
            batch_of(written)
    else:
        assert batch_of(written) == meant
