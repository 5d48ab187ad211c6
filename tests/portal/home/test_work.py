"""What waits for somebody: the late first, counted right, each with a way there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the portal needs the [web] extra")

from tests.five_accounts import AT
from tests.foundation.facts.stating import record, second_officer

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("due", "expected"),
    [(None, ""), (-1, "late"), (0, "near"), (3, "near"), (4, "")],
)
def test_a_day_is_late_only_when_it_is_over(migrated: Any, due: int | None, expected: str) -> None:
    from zonary.portal.home.items import urgency

    assert urgency(None if due is None else TODAY + timedelta(days=due), TODAY) == expected


def test_a_late_dispute_waits_for_the_officer_who_may_answer_it(five: Any) -> None:
    from zonary.foundation.facts.actions import dispute_fact
    from zonary.portal.home.work import work_of

    fact = record(five)
    another = second_officer(five)
    at = AT + timedelta(hours=2)
    dispute_fact(str(fact.public_id), reason="数字有误", ought="", by=five.owner, at=at)
    later = at + timedelta(days=40)
    assert [(each.count, each.late) for each in (work_of(another, at=at), work_of(another, at=later))] == [
        (1, 0),
        (1, 1),
    ]
    assert work_of(five.officer, at=later).count == 0  # who recorded the fact
    assert work_of(five.owner, at=later).count == 0
    assert work_of(another, at=later).items[0].address.startswith("/facts/disputes/")


def test_a_company_is_told_which_year_is_missing_until_it_states_it(five: Any) -> None:
    from tests.foundation.facts.stating import declare

    from zonary.portal.home.company import gaps

    at = AT + timedelta(hours=2)
    declare(five, period="2024")
    assert [(each.indicator, each.known, each.missing) for each in gaps(five.owner, at=at)] == [("revenue", 2024, 2025)]
    assert gaps(five.rival, at=at) == []
    declare(five, period="2025")
    assert gaps(five.owner, at=at) == []


def test_a_file_to_review_is_marked_once_it_was_fetched(five: Any) -> None:
    from tests.foundation.documents.arriving import bring

    from zonary.foundation.documents.actions import download_document, share_document
    from zonary.portal.home.company import reviews

    at = AT + timedelta(hours=2)
    version = bring(five.officer, at=at)
    until = at.date() + timedelta(days=2)
    recipient = str(five.competitor.public_id)
    share_document(str(version.document.public_id), grantee=recipient, until=until, by=five.officer, at=at)
    (review,) = reviews(five.rival, at=at)
    assert (review.until, review.urgency, review.is_read) == (until, "near", False)
    assert reviews(five.owner, at=at) == []
    download_document(str(version.document.public_id), number=1, by=five.rival, at=at)
    assert [each.is_read for each in reviews(five.rival, at=at)] == [True]
