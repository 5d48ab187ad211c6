"""Which days are worked: against the package itself day by day, and where its years end."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest

from zonary.engines.workdays import (
    Closure,
    DayKind,
    WorkdayCalendar,
    WorkdaysError,
    YearArrangement,
    official_calendar,
)

DAY = timedelta(days=1)
NOTICE_2027 = YearArrangement(
    2027,
    {date(2027, 1, 1): "元旦", date(2027, 2, 8): "春节", date(2027, 10, 1): "国庆节"},
    {date(2027, 2, 13): "春节"},
)


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
    assert calendar.is_workday(date(2027, 2, 8)), "nobody knows yet how the Spring Festival of 2027 is arranged"


def test_a_notice_that_came_out_settles_its_year_and_changes_the_version() -> None:
    before, after = official_calendar(), official_calendar(notices=[NOTICE_2027])
    assert not after.is_workday(date(2027, 2, 8))
    assert after.is_workday(date(2027, 2, 13))
    assert not after.day(date(2027, 6, 1)).is_provisional
    assert after.settled_until == date(2027, 12, 28)
    assert before.version.startswith("2004-2026/")
    assert after.version.startswith("2004-2027/")


def test_a_corrected_notice_takes_the_place_of_the_packages() -> None:
    corrected = YearArrangement(2026, {date(2026, 1, 1): "元旦"}, {})
    assert official_calendar(notices=[corrected]).is_workday(date(2026, 2, 17))
    assert official_calendar(notices=[corrected]).version != official_calendar().version


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
    with pytest.raises(WorkdaysError, match="begins on 2004-01-01"):
        official_calendar().day(date(2003, 12, 31))


def test_what_cannot_be_a_calendar_is_refused() -> None:
    with pytest.raises(WorkdaysError, match="belongs to another year"):
        YearArrangement(2027, {date(2026, 12, 31): "元旦"}, {})
    with pytest.raises(WorkdaysError, match="worked in exchange"):
        YearArrangement(2027, {}, {date(2027, 2, 8): "春节"})  # a Monday
    with pytest.raises(WorkdaysError, match="worked in exchange"):
        YearArrangement(2027, {date(2027, 2, 13): "春节"}, {date(2027, 2, 13): "春节"})
    with pytest.raises(WorkdaysError, match="without a gap"):
        WorkdayCalendar.of([NOTICE_2027, YearArrangement(2029, {}, {})])
    with pytest.raises(WorkdaysError, match="without a gap"):
        WorkdayCalendar.of([])
    with pytest.raises(WorkdaysError, match="needs a reason"):
        Closure(date(2026, 7, 6), date(2026, 7, 6), " ")
    for last in (date(2026, 7, 5), date(2027, 7, 7)):
        with pytest.raises(WorkdaysError, match="at most 366 days"):
            Closure(date(2026, 7, 6), last, "搬迁")
