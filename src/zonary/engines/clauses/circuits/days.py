"""Terms counted in years, months and days, turned round: from which day on one has run by a given day.

A term of years or months ends on the corresponding day, where there is none on the month's last (民法典 art. 202).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from zonary.engines.clauses.expressions import TimeUnit


def after(day: date, count: int, unit: TimeUnit) -> date:
    """The day on which ``count`` units from ``day`` are full; before it for a negative count."""
    if unit is TimeUnit.DAYS:
        return day + timedelta(days=count)
    months = day.year * 12 + day.month - 1 + count * (12 if unit is TimeUnit.YEARS else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def latest_full(by: date, count: int, unit: TimeUnit) -> date:
    """The last day from which ``count`` units are full on ``by``, or before."""
    found = after(by, -count, unit)
    # Several days at a month's end may have the same corresponding day: from 29, 30 and 31 January to 28 February.
    while after(found + timedelta(days=1), count, unit) <= by:
        found += timedelta(days=1)
    return found
