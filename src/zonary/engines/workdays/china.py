"""The official Chinese calendar: the State Council's yearly notices as the package ``chinesecalendar`` holds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cache

from chinese_calendar import constants

from zonary.engines.workdays.calendar import Closure, WorkdayCalendar, YearArrangement


def official_calendar(closures: Iterable[Closure] = (), *, notices: Iterable[YearArrangement] = ()) -> WorkdayCalendar:
    """The calendar of the years whose notice is known.

    :param closures: what the authority closes on top.
    :param notices: years that came out after the package, or corrected what it has; they take the place of its own.
    """
    return WorkdayCalendar.of((*_published(), *notices), closures)


@cache
def _published() -> tuple[YearArrangement, ...]:
    names = {each.value: each.chinese for each in constants.Holiday}
    holidays, makeup = _by_year(constants.holidays, names), _by_year(constants.workdays, names)
    return tuple(YearArrangement(year, holidays[year], makeup[year]) for year in sorted(holidays))


def _by_year(days: dict[date, str], names: dict[str, str]) -> defaultdict[int, dict[date, str]]:
    found: defaultdict[int, dict[date, str]] = defaultdict(dict)
    for day, name in days.items():
        found[day.year][day] = names[name]
    return found
