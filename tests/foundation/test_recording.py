"""No change without evidence, no evidence without the change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")

from zonary.foundation.ledger.actors import NamedActor
from zonary.foundation.ledger.acts import Event, act_statement
from zonary.foundation.ledger.errors import UnrecordedChangeError
from zonary.proof.digests import digests_of
from zonary.proof.leaf import decode_leaf

AT = datetime(2026, 11, 22, 3, 4, 5, 678901, tzinfo=UTC)
BY = NamedActor("somebody", "some-firm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened(Event):
    kind: ClassVar[str] = "tests.happened"
    what: str


def test_an_act_can_be_made_again_from_body_and_salt(data: Any) -> None:
    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.ledger.queries import item_of
    from zonary.foundation.ledger.recording import action, record

    @action
    def happen() -> str:
        return record(Happened(what="rain"), by=BY, about="garden", at=AT).public_id

    public_id = happen()
    entry = Entry.objects.get(public_id=public_id)
    item = item_of(public_id)
    assert item is not None
    assert item.body == b'{"event_version":1,"what":"rain"}'
    statement = act_statement(
        kind="tests.happened",
        body=item.body,
        salt=item.salt,
        by="somebody",
        organisation="some-firm",
        about="garden",
        at=AT,
    )
    leaf = decode_leaf(item.leaf)
    assert leaf.leaf_class == "act"
    assert leaf.digests == digests_of(statement)
    assert entry.recorded_at == AT


def test_recording_outside_a_transaction_is_refused(data: Any) -> None:
    from zonary.foundation.ledger.recording import record

    with pytest.raises(UnrecordedChangeError):
        record(Happened(what="rain"), by=BY, at=AT)


def test_an_action_without_evidence_is_undone(data: Any) -> None:
    from zonary.foundation.accounts.models import AccessToken
    from zonary.foundation.ledger.recording import action

    @action
    def change_in_silence() -> None:
        AccessToken.objects.create(digest=b"x", owner="nobody", issued_at=AT)

    with pytest.raises(UnrecordedChangeError):
        change_in_silence()
    assert not AccessToken.objects.exists()


def test_an_undone_action_leaves_no_entry(data: Any) -> None:
    from zonary.foundation.ledger.models import Entry, EntryBody, Pending
    from zonary.foundation.ledger.recording import action, record

    @action
    def fail_after_recording() -> None:
        record(Happened(what="rain"), by=BY, at=AT)
        raise LookupError

    with pytest.raises(LookupError):
        fail_after_recording()
    assert not Entry.objects.exists()
    assert not EntryBody.objects.exists()
    assert not Pending.objects.exists()


def test_an_inner_action_joins_and_records_for_itself(data: Any) -> None:
    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.ledger.recording import action, record

    @action
    def inner(*, leave_evidence: bool) -> None:
        if leave_evidence:
            record(Happened(what="inner"), by=BY, at=AT)

    @action
    def outer(*, leave_evidence: bool) -> None:
        record(Happened(what="outer"), by=BY, at=AT)
        inner(leave_evidence=leave_evidence)

    with pytest.raises(UnrecordedChangeError):
        outer(leave_evidence=False)
    assert Entry.objects.count() == 0
    outer(leave_evidence=True)
    assert Entry.objects.count() == 2


def test_entries_are_immutable(data: Any, record_leaves: Callable[..., list[str]]) -> None:
    from zonary.foundation.ledger.models import Entry, ImmutableEntryError

    record_leaves(b"leaf")
    entry = Entry.objects.get()
    for attempt in (
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(kind="other"),
        lambda: Entry.objects.bulk_update([entry], ["kind"]),
    ):
        with pytest.raises(ImmutableEntryError):
            attempt()


def test_erasing_a_body_is_recorded_and_leaves_the_tree_alone(
    data: Any,
    record_leaves: Callable[..., list[str]],
    make_log: Callable[..., Any],
    check_published: Callable[..., Any],
) -> None:
    from zonary.foundation.ledger.erasure import NothingToEraseError, erase_body
    from zonary.foundation.ledger.models import EntryBody
    from zonary.foundation.ledger.publishing import publish
    from zonary.foundation.ledger.queries import item_of
    from zonary.foundation.ledger.sequencer import start_up
    from zonary.foundation.ledger.sequencing import tick

    log = make_log()
    start_up(log, lambda: AT)
    personal, other = record_leaves(b"personal", b"other")
    tick(log, at=AT)
    publish(log)
    before, _ = check_published(log)

    erased = erase_body(personal, by=BY, reason="asked for by the person", at=AT)
    assert item_of(personal).body == b""
    assert item_of(other).body == b"body"
    tick(log, at=AT)
    publish(log)
    after, leaves = check_published(log)
    assert (before.size, after.size) == (2, 3)
    assert leaves[:2] == [b"personal", b"other"]
    assert leaves[2] == erased.leaf
    assert EntryBody.objects.count() == 2
    for gone in (personal, "00000000-0000-7000-8000-000000000000"):
        with pytest.raises(NothingToEraseError):
            erase_body(gone, by=BY, reason="again", at=AT)


def test_a_failed_erasure_erases_nothing(
    data: Any, record_leaves: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from zonary.foundation.ledger import erasure
    from zonary.foundation.ledger.queries import item_of

    def fail(*_arguments: object, **_options: object) -> None:
        raise LookupError

    (entry,) = record_leaves(b"leaf")
    monkeypatch.setattr(erasure, "record", fail)
    with pytest.raises(LookupError):
        erasure.erase_body(entry, by=BY, reason="never recorded", at=AT)
    assert item_of(entry).body == b"body"


@pytest.mark.parametrize(
    "named",
    [
        ["00000000-0000-7000-8000-000000000000"],
        ["known", "ffffffff-ffff-7fff-bfff-ffffffffffff"],
        ["00000000-0000-7000-8000-000000000000", "known"],
        ["known"] * 10_001,
        [],
    ],
)
def test_what_was_never_recorded_is_no_evidence(data: Any, record_batch: Any, named: list[str]) -> None:
    from zonary.foundation.ledger.errors import UnrecordedChangeError
    from zonary.foundation.ledger.recording import action, repeat

    ids = record_batch(b"one", b"two", b"three")

    @action
    def do_again(wanted: list[str]) -> None:
        repeat(wanted)

    for known in (ids[0], ids[2]):
        do_again([known])
        with pytest.raises(UnrecordedChangeError):
            do_again([known if each == "known" else each for each in named])


def test_an_item_beyond_the_last_is_none(data: Any, record_batch: Any) -> None:
    from zonary.common.ids import consecutive_after
    from zonary.foundation.ledger.errors import UnrecordedChangeError
    from zonary.foundation.ledger.recording import action, repeat

    ids = record_batch(b"one", b"two")
    with pytest.raises(UnrecordedChangeError):
        action(repeat)([consecutive_after(ids[0], 2)])
