"""Which days are worked: against the package itself day by day, and where its years end."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest

from zonary.engines.workdays import (
    STATUTORY_DAYS,
    Closure,
    DayKind,
    WorkdayCalendar,
    WorkdaysError,
    YearArrangement,
    official_calendar,
)

DAY = timedelta(days=1)
STATUTORY_2027 = {date(2027, month, day): name for (month, day), name in STATUTORY_DAYS.items()}
NOTICE_2027 = YearArrangement(2027, STATUTORY_2027 | {date(2027, 2, 8): "春节"}, {date(2027, 2, 13): "春节"})
"""Made up, but for the days every year has."""


def test_every_published_day_is_what_the_package_says() -> None:
    calendar = official_calendar()
    day = date(2004, 1, 1)
    while day <= date(2026, 12, 31):
        assert calendar.is_workday(day) == chinese_calendar.is_workday(day), day
        day += DAY


def test_a_day_says_what_it_is() -> None:
    calendar = official_calendar()
    spring = calendar.day(date(2026, 2, 17))
    assert (spring.kind, spring.name, spring.is_worked) == (DayKind.HOLIDAY, "春节", False)
    makeup = calendar.day(date(2026, 2, 14))  # a Saturday
    assert (makeup.kind, makeup.name, makeup.is_worked) == (DayKind.MAKEUP, "春节", True)
    assert calendar.day(date(2026, 3, 7)).kind is DayKind.WEEKEND
    assert calendar.day(date(2026, 3, 6)).is_worked


def test_days_after_the_last_notice_are_provisional() -> None:
    calendar = official_calendar()
    assert not calendar.day(date(2026, 12, 28)).is_provisional
    # The notice for the next year may still move the last weekend of this one.
    assert calendar.day(date(2026, 12, 29)).is_provisional
    assert calendar.day(date(2027, 6, 1)).is_provisional
    assert calendar.day(date(2028, 10, 2)).name == "国庆节"
    assert not calendar.is_workday(date(2028, 10, 2))
    assert calendar.is_workday(date(2027, 2, 8)), "holidays of the lunar calendar are not guessed"


def test_a_notice_that_came_out_settles_its_year_and_changes_the_version() -> None:
    before, after = official_calendar(), official_calendar(notices=[NOTICE_2027])
    assert not after.is_workday(date(2027, 2, 8))
    assert after.is_workday(date(2027, 2, 13))
    assert not after.day(date(2027, 6, 1)).is_provisional
    assert after.settled_until == date(2027, 12, 28)
    assert before.version.startswith("2004-2026/")
    assert after.version.startswith("2004-2027/")


def test_a_corrected_notice_takes_the_place_of_the_packages() -> None:
    corrected = YearArrangement(
        2026, {date(2026, month, day): name for (month, day), name in STATUTORY_DAYS.items()}, {}
    )
    assert official_calendar(notices=[corrected]).is_workday(date(2026, 2, 17))
    assert official_calendar(notices=[corrected]).version != official_calendar().version


def test_a_notice_may_arrange_the_last_days_of_the_year_before() -> None:
    """As that for 2019 did: 2018-12-29 was worked, the 31st off."""
    before = YearArrangement(2018, {date(2018, 1, 1): "元旦"}, {})
    notice = YearArrangement(2019, {date(2018, 12, 31): "元旦", date(2019, 1, 1): "元旦"}, {date(2018, 12, 29): "元旦"})
    alone, both = WorkdayCalendar.of([before]), WorkdayCalendar.of([notice, before])
    assert [alone.is_workday(date(2018, 12, day)) for day in (28, 29, 31)] == [True, False, True]
    assert [alone.day(date(2018, 12, day)).is_provisional for day in (28, 29, 31)] == [False, True, True]
    assert [both.is_workday(date(2018, 12, day)) for day in (28, 29, 31)] == [True, True, False]
    assert not both.day(date(2018, 12, 31)).is_provisional


def test_an_arrangement_is_not_changed_afterwards() -> None:
    holidays = {date(2024, 1, 1): "元旦"}
    calendar = WorkdayCalendar.of([YearArrangement(2024, holidays, {})])
    holidays[date(2024, 1, 2)] = "元旦"
    assert calendar.is_workday(date(2024, 1, 2))


def test_the_order_of_closures_does_not_matter() -> None:
    closures = [Closure(date(2026, 7, day), date(2026, 7, day), "搬迁") for day in (6, 8, 7)]
    assert official_calendar(closures).version == official_calendar(reversed(closures)).version
    assert official_calendar(closures).official.version == official_calendar().version


def test_a_closure_closes_what_is_worked_elsewhere() -> None:
    closed = official_calendar([Closure(date(2026, 7, 6), date(2026, 7, 8), "系统搬迁")])
    assert [closed.is_workday(date(2026, 7, day)) for day in (3, 6, 7, 8, 9)] == [True, False, False, False, True]
    assert (closed.day(date(2026, 7, 7)).kind, closed.day(date(2026, 7, 7)).name) == (DayKind.CLOSURE, "系统搬迁")
    assert closed.version != official_calendar().version


def test_the_version_is_that_of_the_content() -> None:
    assert official_calendar().version == official_calendar().version
    one = official_calendar([Closure(date(2026, 7, 6), date(2026, 7, 6), "a")])
    other = official_calendar([Closure(date(2026, 7, 6), date(2026, 7, 6), "b")])
    assert one.version != other.version


def test_workdays_between_counts_the_last_day_and_not_the_first() -> None:
    calendar = official_calendar()
    friday, monday = date(2026, 3, 6), date(2026, 3, 9)
    assert calendar.workdays_between(friday, monday) == 1
    assert calendar.workdays_between(monday, monday) == 0
    assert calendar.workdays_between(monday, friday) == 0
    # 261 days from Monday to Friday, 28 days off in all of which 18 fall on those, and 5 Saturdays and Sundays worked.
    assert calendar.workdays_between(date(2024, 12, 31), date(2025, 12, 31)) == 248


def test_days_before_the_first_year_have_no_answer() -> None:
    for day in (date(2003, 12, 31), date(3000, 1, 1), date.max):
        with pytest.raises(WorkdaysError, match="goes from 2004-01-01 to the end of 2999"):
            official_calendar().day(day)


def test_what_cannot_be_a_calendar_is_refused() -> None:
    with pytest.raises(WorkdaysError, match="belongs to another year"):
        YearArrangement(2027, {date(2026, 12, 28): "元旦"}, {})
    with pytest.raises(WorkdaysError, match="leaves out the 2027-05-01"):
        YearArrangement(2027, {date(2027, 1, 1): "元旦"}, {})
    for year in (0, 1949, 3000, 10_000):
        with pytest.raises(WorkdaysError, match="has the years 1950 to 2999"):
            YearArrangement(year, {}, {})
    with pytest.raises(WorkdaysError, match="worked in exchange"):
        YearArrangement(2027, {}, {date(2027, 2, 8): "春节"})  # a Monday
    with pytest.raises(WorkdaysError, match="worked in exchange"):
        YearArrangement(2027, {date(2027, 2, 13): "春节"}, {date(2027, 2, 13): "春节"})
    with pytest.raises(WorkdaysError, match="without a gap"):
        WorkdayCalendar.of([YearArrangement(2021, {}, {}), YearArrangement(2023, {}, {})])
    with pytest.raises(WorkdaysError, match="at most 200 closures"):
        official_calendar([Closure(date(2026, 7, 6), date(2026, 7, 6), "搬迁")] * 201)
    with pytest.raises(WorkdaysError, match="without a gap"):
        WorkdayCalendar.of([])
    with pytest.raises(WorkdaysError, match="needs a reason"):
        Closure(date(2026, 7, 6), date(2026, 7, 6), " ")
    for last in (date(2026, 7, 5), date(2027, 7, 7)):
        with pytest.raises(WorkdaysError, match="at most 366 days"):
            Closure(date(2026, 7, 6), last, "搬迁")
