"""Deadlines: against a slow count of single days, and the cases officers argue about."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.workdays.test_calendar import NOTICE_2027

from zonary.engines.workdays import (
    Closure,
    Extension,
    Stop,
    Term,
    TermClock,
    Unit,
    WorkdayCalendar,
    WorkdaysError,
    YearArrangement,
    official_calendar,
)

DAY = timedelta(days=1)
CALENDAR = official_calendar()
SHANGHAI = ZoneInfo("Asia/Shanghai")


def due(clock: TermClock, calendar: WorkdayCalendar = CALENDAR) -> date | None:
    deadline = clock.deadline(calendar)
    return None if deadline is None else deadline.due


def workdays(begins: date, count: int, *stops: Stop) -> TermClock:
    return TermClock(begins, Term(count, Unit.WORKDAYS), stops=stops)


def test_the_day_it_begins_does_not_count() -> None:
    assert due(workdays(date(2026, 3, 2), 5)) == date(2026, 3, 9)  # Monday to Monday


def test_a_shorter_promise_ends_earlier() -> None:
    """12 workdays became 10 for the papers of foreigners.

    Begun on 2026-09-22: the Mid-autumn Festival goes from the 25th to the 27th, the National Day from the 1st to the
    7th, and the 10th is a Saturday that is worked.
    """
    begins = date(2026, 9, 22)
    assert (due(workdays(begins, 12)), due(workdays(begins, 10))) == (date(2026, 10, 15), date(2026, 10, 13))


def test_a_weekend_worked_in_exchange_counts() -> None:
    # 2026-02-14 is a Saturday that is worked, and the Spring Festival goes from the 15th to the 23rd.
    assert due(workdays(date(2026, 2, 13), 1)) == date(2026, 2, 14)
    assert due(workdays(date(2026, 2, 13), 2)) == date(2026, 2, 24)


def test_stopped_days_do_not_count_and_are_told() -> None:
    hearing = Stop(date(2026, 3, 4), date(2026, 3, 5), "听证")
    clock = workdays(date(2026, 3, 2), 5, hearing)
    assert due(clock) == date(2026, 3, 11)
    assert clock.progress(CALENDAR, date(2026, 3, 4)).stop == hearing
    assert clock.progress(CALENDAR, date(2026, 3, 6)).stop is None


def test_while_nobody_knows_when_it_goes_on_there_is_no_deadline() -> None:
    clock = workdays(date(2026, 3, 2), 5, Stop(date(2026, 3, 4), None, "专家评审"))
    assert clock.deadline(CALENDAR) is None
    progress = clock.progress(CALENDAR, date(2026, 3, 20))
    assert (progress.deadline, progress.left, progress.is_overdue) == (None, None, False)
    assert progress.stop is not None


def test_a_stop_after_the_end_changes_nothing() -> None:
    assert due(workdays(date(2026, 3, 2), 5, Stop(date(2026, 3, 10), None, "检验"))) == date(2026, 3, 9)


def test_an_extension_is_added() -> None:
    clock = TermClock(date(2026, 3, 2), Term(20, Unit.WORKDAYS), (extension(date(2026, 3, 30)),))
    assert due(clock) == due(workdays(date(2026, 3, 2), 30))


def test_an_extension_after_the_end_mends_no_lapse() -> None:
    ended = due(workdays(date(2026, 3, 2), 20))
    assert ended == date(2026, 3, 30)
    late = TermClock(date(2026, 3, 2), Term(20, Unit.WORKDAYS), (extension(ended + DAY),))
    with pytest.raises(WorkdaysError, match="came after the term had ended on 2026-03-30"):
        late.deadline(CALENDAR)
    # The second is in time because the first was.
    both = TermClock(date(2026, 3, 2), Term(20, Unit.WORKDAYS), (extension(date(2026, 4, 8)), extension(ended)))
    assert due(both) == due(workdays(date(2026, 3, 2), 40))


def extension(decided: date) -> Extension:
    return Extension(10, decided, "经负责人批准延长")


def test_a_closure_lengthens_a_promise_and_not_what_the_law_gives() -> None:
    closed = official_calendar([Closure(date(2026, 7, 6), date(2026, 7, 10), "系统搬迁")])
    begins = date(2026, 7, 1)
    statutory, promise = Term(10, Unit.WORKDAYS), Term(10, Unit.WORKDAYS, is_statutory=False)
    assert due(TermClock(begins, statutory), closed) == date(2026, 7, 15)
    assert due(TermClock(begins, promise), closed) == date(2026, 7, 22)
    kept, moved = TermClock(begins, statutory).deadline(closed), TermClock(begins, promise).deadline(closed)
    assert kept is not None
    assert moved is not None
    assert (kept.calendar, moved.calendar) == (CALENDAR.version, closed.version)


def test_other_terms_end_on_a_workday() -> None:
    # 15 days after 2026-09-18 is Saturday, October 3; the holiday lasts until the 7th.
    assert due(TermClock(date(2026, 9, 18), Term(15, Unit.DAYS))) == date(2026, 10, 8)
    assert due(TermClock(date(2026, 3, 2), Term(1, Unit.MONTHS))) == date(2026, 4, 2)
    assert due(TermClock(date(2025, 1, 31), Term(1, Unit.MONTHS))) == date(2025, 2, 28)
    assert due(TermClock(date(2024, 2, 29), Term(1, Unit.YEARS))) == date(2025, 2, 28)


def test_days_a_month_stood_are_given_back() -> None:
    stop = Stop(date(2026, 3, 10), date(2026, 3, 12), "鉴定")
    assert due(TermClock(date(2026, 3, 2), Term(1, Unit.MONTHS), stops=(stop,))) == date(2026, 4, 7)  # 04-05 is Sunday
    # It would have ended on Sunday; what stops it on Monday holds the last day, too.
    ending = Stop(date(2026, 3, 9), date(2026, 3, 10), "鉴定")
    assert due(TermClock(date(2026, 3, 2), Term(6, Unit.DAYS), stops=(ending,))) == date(2026, 3, 11)


def test_a_deadline_in_an_unpublished_year_is_provisional_until_its_notice() -> None:
    clock = workdays(date(2026, 12, 25), 30)  # the 30th workday would be the 8th of February
    before, after = clock.deadline(CALENDAR), clock.deadline(official_calendar(notices=[NOTICE_2027]))
    assert before is not None
    assert after is not None
    assert (before.is_provisional, after.is_provisional) == (True, False)
    assert before.calendar == CALENDAR.version != after.calendar
    assert (before.due, after.due) == (date(2027, 2, 8), date(2027, 2, 9))


def test_the_notice_moves_the_deadline() -> None:
    clock = workdays(date(2027, 2, 5), 1)  # a Friday before the Spring Festival
    assert due(clock) == date(2027, 2, 8)
    assert due(clock, official_calendar(notices=[NOTICE_2027])) == date(2027, 2, 9)


def test_the_end_of_the_last_day_is_in_time() -> None:
    deadline = workdays(date(2026, 3, 2), 5).deadline(CALENDAR)
    assert deadline is not None
    assert deadline.ends(SHANGHAI) == datetime(2026, 3, 10, tzinfo=SHANGHAI)
    assert deadline.ends(SHANGHAI, time(17, 30)) == datetime(2026, 3, 9, 17, 30, tzinfo=SHANGHAI)


def test_progress_counts_what_is_left() -> None:
    clock = workdays(date(2026, 3, 2), 5)
    left = [clock.progress(CALENDAR, date(2026, 3, day)).left for day in (2, 3, 6, 7, 8, 9)]
    assert left == [5, 4, 1, 1, 1, 0]
    assert not clock.progress(CALENDAR, date(2026, 3, 9)).is_overdue
    assert clock.progress(CALENDAR, date(2026, 3, 10)).is_overdue
    assert clock.progress(CALENDAR, date(2004, 1, 1)).left == 5, "before it begins, all of it is left"


def test_a_calendar_without_workdays_ends_the_search() -> None:
    closures = [Closure(date(year, 1, 1), date(year, 12, 31), "停业") for year in range(2026, 2060)]
    promise = TermClock(date(2026, 3, 2), Term(1, Unit.WORKDAYS, is_statutory=False))
    with pytest.raises(WorkdaysError, match="No end was found"):
        promise.deadline(official_calendar(closures))


def test_the_end_of_time_is_told() -> None:
    for begins in (date(2999, 12, 1), date(9999, 12, 1)):
        with pytest.raises(WorkdaysError, match="to the end of 2999"):
            TermClock(begins, Term(1, Unit.YEARS)).deadline(CALENDAR)


@pytest.mark.parametrize(("count", "unit"), [(0, Unit.DAYS), (-1, Unit.WORKDAYS), (2001, Unit.WORKDAYS)])
def test_a_term_has_its_limits(count: int, unit: Unit) -> None:
    with pytest.raises(WorkdaysError, match="A term has from 1"):
        Term(count, unit)


def test_what_has_no_reason_is_refused() -> None:
    with pytest.raises(WorkdaysError, match="needs a reason"):
        Stop(date(2026, 3, 4), None, "")
    with pytest.raises(WorkdaysError, match="needs a reason"):
        Extension(10, date(2026, 3, 4), " ")
    with pytest.raises(WorkdaysError, match="cannot end"):
        Stop(date(2026, 3, 4), date(2026, 3, 3), "听证")
    with pytest.raises(WorkdaysError, match="at least 1"):
        Extension(0, date(2026, 3, 4), "批准")
    with pytest.raises(WorkdaysError, match="at most 100"):
        workdays(date(2026, 3, 2), 5, *[Stop(date(2026, 3, 4), None, "听证")] * 101)
    with pytest.raises(WorkdaysError, match="on a day, not at a moment"):
        TermClock(datetime(2026, 3, 2, 9, tzinfo=SHANGHAI), Term(5, Unit.DAYS))
    with pytest.raises(WorkdaysError, match="is counted in workdays"):
        Term(5, "workdays")  # type: ignore[arg-type]  # as a form or a row would give it


DAYS = st.dates(date(2024, 12, 1), date(2026, 6, 30))


@st.composite
def stops(draw: st.DrawFn) -> Stop:
    first = draw(DAYS)
    return Stop(first, first + DAY * draw(st.integers(0, 40)), "检验")


@given(DAYS, st.integers(1, 60), st.lists(stops(), max_size=4), st.sampled_from((Unit.WORKDAYS, Unit.DAYS)))
def test_as_many_days_count_as_the_term_has(begins: date, count: int, held: list[Stop], unit: Unit) -> None:
    """Slowly, from the other side: how many days between count, and that no earlier day would do."""
    ended = due(TermClock(begins, Term(count, unit), stops=tuple(held)))
    assert ended is not None
    between = [begins + DAY * number for number in range(1, (ended - begins).days + 1)]
    running = [day for day in between if not any(stop.covers(day) for stop in held)]
    counted = [day for day in running if unit is Unit.DAYS or CALENDAR.is_workday(day)]
    assert counted[-1] == ended
    assert CALENDAR.is_workday(ended)
    beyond = counted[count - 1 :]
    assert len(counted) >= count
    assert not any(CALENDAR.is_workday(day) for day in beyond[:-1]), "it could have ended before"


@given(DAYS, st.integers(1, 40), st.integers(1, 10))
def test_an_arrangement_only_adds_what_it_changes(begins: date, count: int, closed: int) -> None:
    """A closure of workdays right after the beginning moves the end by as many workdays."""
    last = due(workdays(begins, closed))
    assert last is not None
    closing = official_calendar([Closure(begins + DAY, last, "搬迁")])
    promise = TermClock(begins, Term(count, Unit.WORKDAYS, is_statutory=False))
    moved, beyond = due(promise, closing), due(workdays(begins, count + closed))
    assert moved == beyond


def test_a_year_without_arrangement_still_has_weekends() -> None:
    bare = WorkdayCalendar.of([YearArrangement(2024, {}, {})])
    assert due(workdays(date(2024, 3, 8), 1), bare) == date(2024, 3, 11)
