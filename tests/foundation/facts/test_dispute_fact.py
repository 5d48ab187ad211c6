"""The enterprise disputes; an officer who did not record the fact answers; either way it is on record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="facts need the [web] extra")

from tests.foundation.facts.stating import LATER, REASON, claim, declare, everyone, record, second_officer


def disputed(five: Any, **fields: Any) -> tuple[Any, Any]:
    from zonary.foundation.facts.actions import dispute_fact

    fact = record(five, **fields)
    return fact, dispute_fact(str(fact.public_id), reason="we filed another", ought="99 万元", by=five.owner, at=LATER)


def test_nobody_but_the_enterprise_disputes(five: Any) -> None:
    from zonary.foundation.facts.actions import dispute_fact
    from zonary.foundation.facts.models import Dispute
    from zonary.foundation.facts.permissions import UnknownFactError
    from zonary.foundation.facts.rules import WrongFactError

    fact = record(five)
    for name in ("rival", "officer", "outsider"):
        with pytest.raises(UnknownFactError):
            dispute_fact(str(fact.public_id), reason=REASON, ought="", by=everyone(five)[name], at=LATER)
    with pytest.raises(WrongFactError):
        dispute_fact(str(fact.public_id), reason="", ought="", by=five.owner, at=LATER)
    assert not Dispute.objects.exists()
    dispute_fact(str(fact.public_id), reason=REASON, ought="", by=five.colleague, at=LATER)


def test_what_cannot_be_disputed(five: Any) -> None:
    from zonary.foundation.facts.actions import correct_fact, dispute_fact
    from zonary.foundation.facts.permissions import FactStateError

    own, twice, old = declare(five), disputed(five)[0], record(five)
    correct_fact(str(old.public_id), claim(value="1"), reason=REASON, by=five.officer, at=LATER)
    for fact, why in ((own, "Correct it"), (twice, "already"), (old, "took the place")):
        with pytest.raises(FactStateError, match=why):
            dispute_fact(str(fact.public_id), reason=REASON, ought="", by=five.owner, at=LATER)


def test_who_recorded_it_cannot_answer_and_no_outsider_either(five: Any) -> None:
    from zonary.foundation.facts.actions import answer_dispute
    from zonary.foundation.facts.models import Dispute
    from zonary.foundation.organizations.permissions import NotAllowedError

    _, dispute = disputed(five)
    for by in everyone(five).values():
        with pytest.raises(NotAllowedError):
            answer_dispute(str(dispute.public_id), is_upheld=False, answer="no", by=by, at=LATER)
    assert Dispute.objects.get().state == "open"


def test_upheld_it_is_superseded_and_both_stay(five: Any) -> None:
    from zonary.foundation.facts.actions import answer_dispute
    from zonary.foundation.facts.permissions import FactStateError
    from zonary.foundation.facts.queries import facts_as_of, history_of
    from zonary.foundation.facts.rules import WrongFactError

    fact, dispute = disputed(five)
    another, at = second_officer(five), LATER + timedelta(hours=2)
    name = str(dispute.public_id)
    with pytest.raises(WrongFactError):
        answer_dispute(name, is_upheld=True, answer="right", by=another, at=at)
    right = claim(value="99", source="notice 7")
    answered = answer_dispute(name, is_upheld=True, answer="the notice says so", claim=right, by=another, at=at)
    assert (answered.state, answered.outcome_fact.value) == ("upheld", "99000000")
    known = facts_as_of(five.owner, str(five.enterprise.public_id), valid_on=fact.valid_from, known_at=at)
    assert [each.value for each in known] == ["99000000"]
    assert len(history_of(five.owner, str(fact.public_id))) == 2
    with pytest.raises(FactStateError):
        answer_dispute(name, is_upheld=False, answer="no", by=another, at=at)


def test_upheld_after_a_correction_takes_the_place_of_the_last(five: Any) -> None:
    from zonary.foundation.facts.actions import answer_dispute, correct_fact

    fact, dispute = disputed(five)
    mended = correct_fact(str(fact.public_id), claim(value="50"), reason=REASON, by=five.officer, at=LATER)
    answered = answer_dispute(
        str(dispute.public_id), is_upheld=True, answer="x", claim=claim(value="99"), by=second_officer(five), at=LATER
    )
    assert answered.outcome_fact.supersedes_id == mended.pk


def test_rejected_it_stands_and_says_why(five: Any) -> None:
    from zonary.foundation.facts.actions import answer_dispute, dispute_fact
    from zonary.foundation.facts.queries import facts_as_of, find_dispute

    fact, dispute = disputed(five)
    answer_dispute(str(dispute.public_id), is_upheld=False, answer="as filed", by=second_officer(five), at=LATER)
    found = find_dispute(five.owner, str(dispute.public_id))
    assert found is not None
    assert (found.state, found.answer, found.outcome_fact) == ("rejected", "as filed", None)
    known = facts_as_of(five.owner, str(five.enterprise.public_id), valid_on=fact.valid_from, known_at=LATER)
    assert [each.pk for each in known] == [fact.pk]
    dispute_fact(str(fact.public_id), reason="again", ought="", by=five.owner, at=LATER)


def test_disputes_are_seen_by_the_enterprise_and_officers(five: Any) -> None:
    from zonary.foundation.facts.queries import disputes, disputes_waiting, find_dispute

    _, dispute = disputed(five)
    for name, reader in everyone(five).items():
        sees = name in ("owner", "colleague", "officer")
        assert disputes(reader).exists() is sees, name
        assert disputes_waiting(reader).exists() is sees, name
        assert (find_dispute(reader, str(dispute.public_id)) is not None) is sees, name


def test_a_dispute_has_its_term_until_it_is_answered(five: Any) -> None:
    from zonary.foundation.deadlines.queries import deadline_of
    from zonary.foundation.facts.actions import answer_dispute

    _, dispute = disputed(five)
    deadline = deadline_of(str(dispute.public_id))
    assert deadline is not None
    assert (deadline.count, deadline.unit) == (20, "days")
    assert deadline.due is not None
    assert deadline.due > deadline.begins
    answer_dispute(str(dispute.public_id), is_upheld=False, answer="no", by=second_officer(five), at=LATER)
    deadline.refresh_from_db()
    assert deadline.met_at == LATER
