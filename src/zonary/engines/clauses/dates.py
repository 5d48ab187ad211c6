"""Days, months and years counted as 民法典 art. 201 and 202 count them.

Art. 201: the day it begins is not counted. Art. 202: a time of months or years ends on the corresponding day of the
month it ends in; where that month has no such day, on its last. So one year from 2024-02-29 is full on 2025-02-28, one
month from 2025-01-31 on 2025-02-28.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from zonary.engines.clauses.expressions import TimeUnit


def moved(day: date, count: int, unit: TimeUnit) -> date:
    """The corresponding day ``count`` units later, or earlier when negative; never beyond the days there are."""
    if unit is TimeUnit.DAYS:
        left = date.max.toordinal() - day.toordinal() if count > 0 else 1 - day.toordinal()
        return day + timedelta(days=min(count, left) if count > 0 else max(count, left))
    months = day.year * 12 + day.month - 1 + (count * 12 if unit is TimeUnit.YEARS else count)
    year, month = divmod(months, 12)
    if year < date.min.year:
        return date.min
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def whole_years(birth: date, day: date) -> int:
    """Age on ``day``: one more from each corresponding day on. Born on 29 February: from 28 in common years."""
    years = day.year - birth.year
    return years if moved(birth, years, TimeUnit.YEARS) <= day else years - 1


def latest_full(by: date, count: int, unit: TimeUnit) -> date:
    """The last day from which ``count`` units are full on ``by``, or before."""
    found = moved(by, -count, unit)
    # Several days at a month's end may have the same corresponding day: from 29, 30 and 31 January to 28 February.
    while moved(found + timedelta(days=1), count, unit) <= by:
        found += timedelta(days=1)
    return found
