"""Decisions are kept whole: repeated months later, counted by one act, and seen by whom they are about."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.services.incentives.matching.zone import AMOUNT, DAY, LONG_AFTER, THEN, measure, release, say, spends


@pytest.fixture
def support(five: Any) -> Any:
    release(five)
    return measure()


def decide(five: Any, support: Any, *subjects: Any, by: Any = None, **more: Any) -> Any:
    from zonary.services.incentives.matching.actions import decide_measures

    names = [str(each.public_id) for each in subjects or (five.enterprise,)]
    usual = {"day": DAY, "known_at": THEN, "by": by or five.officer, "at": THEN}
    return decide_measures(str(support.public_id), names, **{**usual, **more})


def test_a_yes_is_kept_with_amount_snapshot_and_release(five: Any, support: Any) -> None:
    spends(five, "1234567.89")
    (kept,) = decide(five, support)
    assert (kept.truth, kept.amount) == ("yes", 12345678)  # a tenth, rounded down to the fen
    record, snapshot = json.loads(kept.record), kept.snapshot.encode()
    assert record["version"] == json.loads(kept.record)["version"]
    assert hashlib.sha256(snapshot).hexdigest() == kept.snapshot_digest == record["snapshot"]
    assert hashlib.sha256(kept.record.encode()).hexdigest() == kept.digest


def test_one_act_names_all_decisions_of_a_list_by_their_digests(five: Any, support: Any) -> None:
    from zonary.foundation.ledger.queries import item_of

    spends(five, "2000000")
    spends(five, "10", of=five.competitor)
    kept = decide(five, support, five.competitor, five.enterprise)
    assert [each.truth for each in kept] == ["no", "yes"]
    assert [each.amount for each in kept] == [None, 20_000_000]
    (entry,) = {str(each.entry) for each in kept}
    item = item_of(entry)
    assert item.kind == "matching.decisions.made"
    assert item.body is not None
    said = json.loads(item.body)["body"] if "body" in json.loads(item.body) else json.loads(item.body)
    lines = "".join(sorted(f"{each.digest}\n" for each in kept))
    assert hashlib.sha256(lines.encode()).hexdigest() in json.dumps(said)


def test_months_later_with_newer_facts_and_rules_the_same_comes_out(five: Any, support: Any) -> None:
    from zonary.services.incentives.matching.queries import replay_decision

    spends(five, "1000000")
    (kept,) = decide(five, support)
    say(five, "rd-expense", "5", unit="yuan", at=LONG_AFTER)
    rd, size = _clauses()
    release(
        five, at=LONG_AFTER, clauses=[rd, {**size, "sentence": "从业人员不超过300人", "quote": "300"}], cases=_cases()
    )
    again = replay_decision(str(kept.public_id))
    assert again.snapshot.digest() == kept.snapshot_digest
    (newer,) = decide(five, support, day=LONG_AFTER.date(), known_at=LONG_AFTER, at=LONG_AFTER)
    assert newer.release != kept.release
    assert newer.truth != kept.truth


def _clauses() -> Any:
    from tests.foundation.rules.packs import pack

    return pack()["clauses"]


def _cases() -> Any:
    from tests.foundation.rules.packs import pack

    first, *rest = pack()["cases"]
    few = [{**each, "data": {**each["data"], "staff": "300人"}} for each in (first, rest[0])]
    return [{**few[0], "tables": {"奖励金额": "10万元"}}, *few[1:], rest[1]]


@pytest.mark.parametrize(
    ("column", "before", "after", "sentence"),
    [
        ("record", '"yes"', '"no"', "not what its digest is of"),
        ("snapshot", "20", "21", "not what its digest is of"),
        ("amount", 10_000_000, 10_000_001, "amount comes out otherwise"),
    ],
)
def test_what_somebody_changed_in_the_database_does_not_come_out_again(
    five: Any, support: Any, column: str, before: Any, after: Any, sentence: str
) -> None:
    from zonary.engines.clauses.errors import ReplayError
    from zonary.foundation.rules.loaded import loaded_release
    from zonary.services.incentives.matching.queries.stored import repeated

    spends(five, "1000000")
    (kept,) = decide(five, support)
    value = getattr(kept, column)
    setattr(kept, column, value.replace(before, after, 1) if isinstance(value, str) else after)
    with pytest.raises(ReplayError, match=sentence):
        repeated(kept, loaded_release(str(kept.release)))


def test_the_database_refuses_to_change_a_decision(five: Any, support: Any) -> None:
    from django.db import DatabaseError, connection, transaction

    from zonary.foundation.ledger.guard import unrecorded

    decide(five, support)
    for statement in (
        "UPDATE incentives_matching_storeddecision SET truth = 'yes'",
        "DELETE FROM incentives_matching_storeddecision",
    ):
        with (
            unrecorded("what somebody with a shell would try"),
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_the_enterprise_sees_that_an_officer_read_its_facts_and_which(five: Any, support: Any) -> None:
    from zonary.foundation.facts.queries import readings

    spends(five, "1000000")
    decide(five, support, five.enterprise, five.competitor)
    (reading,) = readings(five.owner)
    assert sorted(fact.indicator for fact in reading.facts.all()) == ["rd-expense", "staff"]
    assert (reading.purpose, reading.occasion) == ("policy", "研发支持")
    (other,) = readings(five.rival)
    assert list(other.facts.all()) == []
    assert other.entry == reading.entry


def test_all_that_is_kept_of_an_enterprise_is_noted_as_read(five: Any, support: Any) -> None:
    """The year before stands in the snapshot, which officers may open, though no clause reads it."""
    from zonary.foundation.facts.queries import readings

    spends(five, "1000000")
    say(five, "rd-expense", "700000", unit="yuan", period="2024")
    (kept,) = decide(five, support)
    assert "2024" in kept.snapshot
    (reading,) = readings(five.owner)
    assert sorted(fact.indicator for fact in reading.facts.all()) == ["rd-expense", "rd-expense", "staff"]


def test_what_is_not_in_force_reads_no_data(five: Any, support: Any) -> None:
    from datetime import date

    from zonary.foundation.facts.queries import readings
    from zonary.services.incentives.matching.queries import replay_decision

    spends(five, "1000000")
    (kept,) = decide(five, support, day=date(2020, 1, 1))
    assert kept.truth == "stopped"
    assert json.loads(kept.snapshot)["data"] in ({}, [])
    (reading,) = readings(five.owner)
    assert not reading.facts.exists()
    assert replay_decision(str(kept.public_id)).truth is None


def test_only_officers_decide_for_others(five: Any, support: Any) -> None:
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.services.incentives.matching.actions import keep_answer
    from zonary.services.incentives.matching.models import StoredDecision

    for by in (five.rival, five.outsider, five.owner):
        with pytest.raises(NotAllowedError):
            decide(five, support, five.enterprise, five.competitor, by=by)
    for by in (five.rival, five.outsider):
        with pytest.raises(NotAllowedError):
            decide(five, support, by=by)
    assert not StoredDecision.objects.exists()
    (own,) = decide(five, support, by=five.owner)
    assert own.subject == five.enterprise
    with pytest.raises(NotAllowedError):
        keep_answer(str(support.public_id), by=five.officer, at=THEN)


def test_what_cannot_be_decided_is_refused_and_nothing_is_kept(five: Any, support: Any) -> None:
    from zonary.services.incentives.matching.models import StoredDecision
    from zonary.services.incentives.matching.queries import MatchingError, UnknownAnswerError
    from zonary.services.incentives.matching.rules import WrongAnswerError

    hidden = measure(state="prepared")
    gone = measure(item="other")
    wrong: list[tuple[Any, type[Exception]]] = [
        (lambda: decide(five, support, five.enterprise, five.enterprise), MatchingError),
        (lambda: decide(five, support, five.enterprise, five.authority), UnknownAnswerError),
        (lambda: decide(five, hidden), UnknownAnswerError),
        (lambda: decide(five, gone), MatchingError),
        (lambda: decide(five, support, known_at=THEN + timedelta(days=1)), WrongAnswerError),
        (lambda: decide(five, support, occasion="because"), MatchingError),
    ]
    for call, error in wrong:
        with pytest.raises(error):
            call()
    assert not StoredDecision.objects.exists()


def test_each_sees_the_decisions_that_are_theirs_and_officers_all(five: Any, support: Any) -> None:
    from zonary.services.incentives.matching.queries import UnknownAnswerError, decision_of, decisions_of

    kept, _ = decide(five, support, five.enterprise, five.competitor)
    assert [decisions_of(each).count() for each in (five.owner, five.colleague, five.officer)] == [1, 1, 2]
    assert decision_of(five.colleague, str(kept.public_id)) == kept
    for who in (five.rival, five.outsider):
        with pytest.raises(UnknownAnswerError):
            decision_of(who, str(kept.public_id))


def test_the_file_of_a_decision_is_repeated_without_the_zone(five: Any, support: Any) -> None:
    from zonary.engines.clauses.bundles import read_bundle, repeat
    from zonary.services.incentives.matching.queries import bundle_of

    spends(five, "1000000")
    kept, _ = decide(five, support, five.enterprise, five.competitor)
    again = repeat(read_bundle(bundle_of(kept)))
    assert again.amount == kept.amount == 10_000_000
    assert again.decision.snapshot.subject == str(five.enterprise.public_id)


def test_a_rate_and_a_cap_of_the_day_pay_as_numbers_do_and_are_repeated_without_the_zone(five: Any) -> None:
    from zonary.engines.clauses.bundles import read_bundle, repeat
    from zonary.services.incentives.matching.queries import bundle_of

    value = {"first": "2020-01-01", "recorded_at": "2020-01-01T00:00:00Z", "citation": "第六条"}
    later = {**value, "first": "2099-01-01", "amount": "90%"}
    parameters = [
        {"name": "奖励比例", "values": [{**value, "amount": "10%"}, later]},
        {"name": "奖励上限", "values": [{**value, "amount": "20万元"}]},
    ]
    release(five, parameters=parameters, tables=[{**AMOUNT, "rate": "【奖励比例】", "cap": "【奖励上限】"}])
    support = measure()
    spends(five, "1234567.89")
    spends(five, "3000000", of=five.competitor)
    kept = decide(five, support, five.enterprise, five.competitor)
    assert sorted(each.amount for each in kept) == [12_345_678, 20_000_000]
    assert [repeat(read_bundle(bundle_of(each))).amount for each in kept] == [each.amount for each in kept]


def test_the_whole_zone_at_once_is_what_each_alone_is(five: Any) -> None:
    from zonary.services.incentives.matching.queries import (
        answers_to,
        matched_enterprises,
        question_of,
        subjects_called,
    )

    release(five, with_promise=True)
    support = measure()
    spends(five, "1000000")
    spends(five, "999999.99", of=five.competitor)
    name = str(support.public_id)
    found = matched_enterprises(name, day=DAY, known_at=THEN, at=THEN)
    asked = question_of(name, day=DAY, known_at=THEN, at=THEN)
    subjects = subjects_called([str(five.enterprise.public_id), str(five.competitor.public_id)])
    for answer in answers_to(asked, subjects):
        own = str(answer.subject.public_id)
        assert (own in found.yes, own in found.unknown) == (answer.truth == "yes", answer.truth == "unknown")
        assert {clause for clause, names in found.short.items() if own in names} == set(answer.decision.short)
    assert found.rows == 2
    assert found.unknown == (str(five.enterprise.public_id),)
