"""Deadlines that are kept: computed with a calendar that is named, provisional where it may change, and then anew."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="deadlines need the [web] extra")

from tests.five_accounts import AT
from tests.foundation import zone_at_work

from zonary.common.clock import ZONE_TIME
from zonary.engines.workdays import Term, Unit, WorkdaysError, official_calendar

TWENTY = Term(20, Unit.WORKDAYS, is_statutory=False)
BASIS = "服务承诺（虚构）"


def _set(five: Any, begins: date, term: Term = TWENTY, about: str = "a-case") -> Any:
    from zonary.foundation.deadlines.actions import set_deadline

    return set_deadline(about, term, begins=begins, basis=BASIS, by=five.officer, at=AT)


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=ZONE_TIME)


def test_it_names_the_calendar_it_was_computed_with(five: Any) -> None:
    # National Day 2025: off from the 1st to the 8th, and the weekends of 28 September and 11 October worked.
    deadline = _set(five, date(2025, 9, 25))
    assert deadline.due == date(2025, 10, 29)
    assert not deadline.is_provisional
    assert deadline.calendar == official_calendar().version
    [recorded] = zone_at_work.acts("deadlines.deadline.set")
    assert recorded["calendar"] == deadline.calendar
    assert recorded["due"] == "2025-10-29"


def test_beyond_the_published_years_it_is_provisional_until_the_year_is_published(five: Any) -> None:
    from zonary.foundation.deadlines.actions import enter_notice, recompute_deadlines
    from zonary.foundation.deadlines.queries import outdated, zone_calendar

    year = official_calendar().years[-1].year + 1
    deadline = _set(five, date(year, 9, 24))
    assert deadline.is_provisional
    before = deadline.due
    national_day = {date(year, 10, day): "国庆节" for day in range(1, 8)}
    holidays = {date(year, 1, 1): "元旦", date(year, 5, 1): "劳动节", date(year, 5, 2): "劳动节", **national_day}
    enter_notice(year, document="国办发明电（虚构）", holidays=holidays, makeup={}, by=five.officer, at=AT)
    assert recompute_deadlines(by=five.officer, at=AT) == 1
    deadline.refresh_from_db()
    assert not deadline.is_provisional
    assert before is not None
    assert deadline.due is not None
    assert deadline.due > before
    [recomputed] = zone_at_work.acts("deadlines.deadlines.recomputed")
    assert recomputed["moved"] == [["a-case", before.isoformat(), deadline.due.isoformat()]]
    assert not outdated(zone_calendar()).exists()


def test_a_closure_lengthens_what_was_promised_and_not_what_the_law_gives(five: Any) -> None:
    from zonary.foundation.deadlines.actions import close_zone, recompute_deadlines, withdraw_closure

    promised = _set(five, date(2026, 6, 1), about="promised")
    statutory = _set(five, date(2026, 6, 1), Term(20, Unit.WORKDAYS), about="statutory")
    before = promised.due, statutory.due
    closure = close_zone(date(2026, 6, 8), date(2026, 6, 9), reason="搬迁", by=five.officer, at=AT)
    assert recompute_deadlines(by=five.officer, at=AT) == 1
    promised.refresh_from_db()
    statutory.refresh_from_db()
    assert (promised.due - before[0]).days >= 2
    assert statutory.due == before[1]
    withdraw_closure(str(closure.public_id), by=five.officer, at=AT)
    recompute_deadlines(by=five.officer, at=AT)
    promised.refresh_from_db()
    assert promised.due == before[0]


def test_the_clock_stands_for_a_reason_and_gives_the_days_back(five: Any) -> None:
    from zonary.foundation.deadlines.actions import DeadlineError, meet_deadline, resume_clock, stop_clock

    deadline = _set(five, date(2026, 6, 1))
    before = deadline.due
    with pytest.raises(WorkdaysError):
        stop_clock("a-case", reason=" ", by=five.officer, at=_at(date(2026, 6, 8)))
    stopped = stop_clock("a-case", reason="专家评审", by=five.officer, at=_at(date(2026, 6, 8)))
    assert stopped.due is None
    with pytest.raises(DeadlineError):
        stop_clock("a-case", reason="再次", by=five.officer, at=_at(date(2026, 6, 9)))
    resumed = resume_clock("a-case", by=five.officer, at=_at(date(2026, 6, 15)))  # five workdays later
    calendar = official_calendar()
    assert before is not None
    assert resumed.due is not None
    assert calendar.workdays_between(before, resumed.due) == 5
    meet_deadline("a-case", by=five.officer, at=_at(resumed.due + timedelta(days=1)))
    [met] = zone_at_work.acts("deadlines.deadline.met")
    assert met["is_late"] is True
    with pytest.raises(DeadlineError):
        stop_clock("a-case", reason="x", by=five.officer, at=AT)


def test_stopped_and_resumed_on_one_day_it_never_stood(five: Any) -> None:
    from zonary.foundation.deadlines.actions import resume_clock, stop_clock

    before = _set(five, date(2026, 6, 1)).due
    stop_clock("a-case", reason="误操作", by=five.officer, at=_at(date(2026, 6, 8)))
    assert resume_clock("a-case", by=five.officer, at=_at(date(2026, 6, 8))).due == before


def test_an_extension_comes_before_the_end(five: Any) -> None:
    from zonary.foundation.deadlines.actions import extend_deadline

    deadline = _set(five, date(2026, 6, 1))
    assert deadline.due is not None
    with pytest.raises(WorkdaysError):
        extend_deadline("a-case", 10, reason="太迟", by=five.officer, at=_at(deadline.due + timedelta(days=1)))
    extended = extend_deadline("a-case", 10, reason="负责人批准", by=five.officer, at=_at(date(2026, 6, 10)))
    assert extended.due is not None
    assert official_calendar().workdays_between(deadline.due, extended.due) == 10


@pytest.mark.parametrize("who", ["owner", "rival", "outsider"])
def test_only_officers_change_the_zones_calendar(five: Any, who: str) -> None:
    from zonary.foundation.deadlines.actions import close_zone, enter_notice
    from zonary.foundation.organizations.permissions import NotAllowedError

    by = getattr(five, who)
    with pytest.raises(NotAllowedError):
        close_zone(date(2026, 6, 8), date(2026, 6, 9), reason="搬迁", by=by, at=AT)
    with pytest.raises(NotAllowedError):
        enter_notice(2027, document="x", holidays={}, makeup={}, by=by, at=AT)
