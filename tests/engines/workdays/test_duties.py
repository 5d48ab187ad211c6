"""Consolidated duty payment on the official calendar: the last day for paying, and the longest deferral."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.engines.workdays.test_calendar import NOTICE_2027

from zonary.engines.workdays import (
    Closure,
    WorkdaysError,
    deferral,
    duty_deadline,
    longest_deferral,
    official_calendar,
)

CALENDAR = official_calendar()
SUMMARY_TO_COMPLETE = 14
"""Days for completing a two-step declaration; unverified, and not part of the figures."""


@pytest.mark.parametrize(
    ("year", "released", "due", "days"),
    [
        (2019, date(2019, 1, 1), date(2019, 2, 12), 42),  # the Spring Festival from the 4th to the 10th of February
        (2020, date(2020, 9, 1), date(2020, 10, 14), 43),  # eight days off in October
        (2021, date(2021, 9, 1), date(2021, 10, 13), 42),
        (2022, date(2022, 1, 1), date(2022, 2, 11), 41),
    ],
)
def test_the_longest_deferral_of_a_year_is_the_sources(year: int, released: date, due: date, days: int) -> None:
    """Some forty days (最长缓税期限可达40余天): 42, 43, 42 and 41 in the years 2019 to 2022."""
    found = longest_deferral(year, CALENDAR)
    assert (found.released, found.deadline.due, found.days) == (released, due, days)
    assert not found.deadline.is_provisional


def test_counted_from_a_summary_declaration_of_the_month_before_it_would_be_14_days_more() -> None:
    """The assumption that is not made: complete declaration and notice 14 days after the release, on a first."""
    longest = [longest_deferral(year, CALENDAR) for year in range(2019, 2023)]
    summary = [each.released - timedelta(days=SUMMARY_TO_COMPLETE) for each in longest]
    since = [(each.deadline.due - first).days for each, first in zip(longest, summary, strict=True)]
    assert since == [56, 57, 56, 55]


def test_the_fifth_workday_counts_weekends_worked_in_exchange() -> None:
    # October 2022: the 8th and 9th are a Saturday and a Sunday that are worked.
    assert duty_deadline(date(2022, 9, 30), CALENDAR).of_next_month.due == date(2022, 10, 12)
    # October 2019: the 12th is a Saturday that is worked, and the fifth workday.
    assert duty_deadline(date(2019, 9, 2), CALENDAR).of_next_month.due == date(2019, 10, 12)


def test_the_payer_has_the_later_of_both_ends() -> None:
    early, late = duty_deadline(date(2021, 3, 1), CALENDAR), duty_deadline(date(2021, 3, 31), CALENDAR)
    assert (early.after_notice.due, early.of_next_month.due) == (date(2021, 3, 16), date(2021, 4, 8))
    assert early.latest == early.of_next_month
    # The 15th day after 31 March is 15 April, a Thursday, and later than the fifth workday, which is the 8th.
    assert (late.after_notice.due, late.latest) == (date(2021, 4, 15), late.after_notice)


def test_fifteen_days_that_end_on_a_day_off_end_on_the_next_workday() -> None:
    # 15 days after 17 September 2021 is 2 October; the holiday goes to the 7th.
    assert duty_deadline(date(2021, 9, 17), CALENDAR).after_notice.due == date(2021, 10, 8)


def test_december_is_paid_in_january() -> None:
    assert duty_deadline(date(2021, 12, 1), CALENDAR).of_next_month.due == date(2022, 1, 10)
    assert deferral(date(2021, 12, 1), CALENDAR).days == 40


def test_a_closed_zone_does_not_put_off_duty() -> None:
    closed = official_calendar([Closure(date(2021, 10, 8), date(2021, 10, 20), "演练")])
    assert longest_deferral(2021, closed).days == 42


def test_a_year_whose_notice_is_not_out_is_provisional() -> None:
    last = CALENDAR.years[-1].year
    assert duty_deadline(date(last, 12, 31), CALENDAR).latest.is_provisional
    settled = official_calendar(notices=[NOTICE_2027])
    assert not duty_deadline(date(2026, 12, 31), settled).latest.is_provisional


def test_days_before_the_calendar_have_no_answer() -> None:
    with pytest.raises(WorkdaysError, match="does not know"):
        duty_deadline(date(1999, 12, 1), CALENDAR)
