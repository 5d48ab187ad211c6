"""Which days are worked: the official arrangement year by year, and what an authority closes on top of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from zonary.engines.workdays.errors import WorkdaysError
from zonary.proof import canonical

YEARS = range(1950, 3000)
"""What a calendar may speak of."""
MAX_SPAN_DAYS = 20 * 366
"""How far a search looks. Longer than any term; a calendar in which nothing is ever worked ends it, too."""
MAX_CLOSURES = 200
MAX_CLOSURE_DAYS = 366
_DAY = timedelta(days=1)
_SATURDAY = 5
_UNSETTLED_FROM = (12, 29)
"""From this day on the notice for the next year decides as well: those for 2007, 2008, 2012 and 2019 moved days of the
December before, the earliest of them the 29th."""
STATUTORY_DAYS = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}
"""Holidays with a date of their own (全国年节及纪念日放假办法, order 795), off in every year since 2025."""
_STATUTORY_SINCE = 2025


class DayKind(StrEnum):
    """What makes a day worked or not."""

    WEEKDAY = "weekday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"
    """A weekend worked in exchange (调休上班)."""
    CLOSURE = "closure"


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a calendar.

    :ivar name: of the holiday, in Chinese, or why it is closed; empty for ordinary days.
    :ivar is_provisional: whether a yearly notice that is not out yet may still change it.
    """

    date: date
    kind: DayKind
    name: str
    is_provisional: bool

    @property
    def is_worked(self) -> bool:
        return self.kind in (DayKind.WEEKDAY, DayKind.MAKEUP)


@dataclass(frozen=True, slots=True)
class YearArrangement:
    """A year as its official notice arranges it (国务院办公厅关于部分节假日安排的通知).

    It may also arrange the last three days of the year before, as some notices do.

    :ivar holidays: every day off, weekends among them and days given in exchange too, with the holiday's Chinese name.
    :ivar makeup: weekends worked in exchange, with the name of the holiday they make up for.
    """

    year: int
    holidays: Mapping[date, str]
    makeup: Mapping[date, str]

    def __post_init__(self) -> None:
        object.__setattr__(self, "holidays", MappingProxyType(dict(self.holidays)))
        object.__setattr__(self, "makeup", MappingProxyType(dict(self.makeup)))
        if self.year not in YEARS:
            raise WorkdaysError("A calendar has the years {first} to {last}.", first=YEARS[0], last=YEARS[-1])
        first, last = date(self.year - 1, *_UNSETTLED_FROM), date(self.year, 12, 31)
        for day in (*self.holidays, *self.makeup):
            if not first <= day <= last:
                raise WorkdaysError(
                    "The arrangement of {year} names the {day}, which belongs to another year.",
                    year=self.year,
                    day=day.isoformat(),
                )
        for day in self.makeup:
            if day.weekday() < _SATURDAY or day in self.holidays:
                raise WorkdaysError(
                    "The arrangement says that the {day} is worked in exchange; only a day of a weekend that is no "
                    "holiday can be.",
                    day=day.isoformat(),
                )
        for month, number in STATUTORY_DAYS:
            if self.year >= _STATUTORY_SINCE and date(self.year, month, number) not in self.holidays:
                raise WorkdaysError(
                    "The arrangement leaves out the {day}, which is a holiday in every year.",
                    day=date(self.year, month, number).isoformat(),
                )


@dataclass(frozen=True, slots=True)
class Closure:
    """Days, the last one included, on which an authority does not work though others do.

    :ivar reason: for whoever asks why a deadline moved.
    """

    first: date
    last: date
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise WorkdaysError("A closure needs a reason.")
        if not 0 <= (self.last - self.first).days < MAX_CLOSURE_DAYS:
            raise WorkdaysError(
                "A closure lasts from its first day to its last, and at most {limit} days.", limit=MAX_CLOSURE_DAYS
            )


@dataclass(frozen=True, eq=False)
class WorkdayCalendar:
    """Official years without a gap, and closures on top.

    In years to come whose notice is not out, weekends and the statutory holidays with a date of their own are off, and
    every day is provisional; the holidays of the lunar calendar are not guessed. Days before the first year have no
    answer.
    """

    years: tuple[YearArrangement, ...]
    closures: tuple[Closure, ...] = ()
    version: str = field(init=False)
    """The years it knows and half a SHA-256 of all it is made of: another one whenever anything in it changes."""
    _holidays: dict[date, str] = field(init=False, repr=False)
    _makeup: dict[date, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        known = [each.year for each in self.years]
        if not known or known != list(range(known[0], known[0] + len(known))):
            raise WorkdaysError("A calendar needs official years, each once, and without a gap between them.")
        if len(self.closures) > MAX_CLOSURES:
            raise WorkdaysError("A calendar has at most {limit} closures.", limit=MAX_CLOSURES)
        holidays: dict[date, str] = {}
        makeup: dict[date, str] = {}
        for each in self.years:  # what a later notice says of the days before its year is the last word
            holidays = {day: name for day, name in holidays.items() if day not in each.makeup} | dict(each.holidays)
            makeup = {day: name for day, name in makeup.items() if day not in each.holidays} | dict(each.makeup)
        object.__setattr__(self, "_holidays", holidays)
        object.__setattr__(self, "_makeup", makeup)
        object.__setattr__(self, "version", f"{known[0]}-{known[-1]}/{self._digest()}")

    @classmethod
    def of(cls, years: Iterable[YearArrangement], closures: Iterable[Closure] = ()) -> WorkdayCalendar:
        """The calendar of ``years`` in whatever order; of several arrangements of one year the last one counts."""
        latest = {each.year: each for each in years}
        ordered = sorted(closures, key=lambda each: (each.first, each.last, each.reason))
        return cls(tuple(latest[year] for year in sorted(latest)), tuple(ordered))

    @property
    def official(self) -> WorkdayCalendar:
        """The same without closures."""
        return WorkdayCalendar(self.years) if self.closures else self

    @property
    def first_day(self) -> date:
        return date(self.years[0].year, 1, 1)

    @property
    def settled_until(self) -> date:
        """The last day that no yearly notice still to come decides. One that is out may be amended, as in 2020."""
        return date(self.years[-1].year, *_UNSETTLED_FROM) - _DAY

    def day(self, day: date) -> Day:
        """What ``day`` is.

        :raises WorkdaysError: for days before the first year, and beyond ``YEARS``.
        """
        if day < self.first_day or day.year not in YEARS:
            raise WorkdaysError(
                "The calendar goes from {first} to the end of {last}; it does not know the {day}.",
                first=self.first_day.isoformat(),
                last=YEARS[-1],
                day=day.isoformat(),
            )
        kind, name = self._kind(day)
        return Day(day, kind, name, day > self.settled_until)

    def is_workday(self, day: date) -> bool:
        """Whether ``day`` is worked; errors as :meth:`day` has them."""
        return self.day(day).is_worked

    def days_after(self, day: date) -> Iterator[Day]:
        """The days after ``day``, one by one.

        :raises WorkdaysError: after ``MAX_SPAN_DAYS``, and as :meth:`day` does.
        """
        for distance in range(1, MAX_SPAN_DAYS + 1):
            yield self.day(day + distance * _DAY)
        raise WorkdaysError("No end was found within {days} days of {day}.", days=MAX_SPAN_DAYS, day=day.isoformat())

    def workdays_between(self, after: date, until: date) -> int:
        """How many days are worked after ``after`` up to and including ``until``; 0 when that is not later.

        :raises WorkdaysError: when they are more than ``MAX_SPAN_DAYS`` apart.
        """
        distance = (until - after).days
        if distance > MAX_SPAN_DAYS:
            raise WorkdaysError("Workdays are counted over at most {days} days.", days=MAX_SPAN_DAYS)
        return sum(self.is_workday(after + number * _DAY) for number in range(1, distance + 1))

    def _kind(self, day: date) -> tuple[DayKind, str]:
        for closure in self.closures:
            if closure.first <= day <= closure.last:
                return DayKind.CLOSURE, closure.reason
        name = self._holidays.get(day)
        if name is None and day.year > self.years[-1].year:
            name = STATUTORY_DAYS.get((day.month, day.day))
        if name is not None:
            return DayKind.HOLIDAY, name
        if day.weekday() < _SATURDAY:
            return DayKind.WEEKDAY, ""
        if day in self._makeup:
            return DayKind.MAKEUP, self._makeup[day]
        return DayKind.WEEKEND, ""

    def _digest(self) -> str:
        closures: list[canonical.Json] = [
            [each.first.isoformat(), each.last.isoformat(), each.reason] for each in self.closures
        ]
        content: canonical.Json = {
            "holidays": _texts(self._holidays),
            "makeup": _texts(self._makeup),
            "closures": closures,
            "statutory": {f"{month:02}-{number:02}": name for (month, number), name in STATUTORY_DAYS.items()},
        }
        return hashlib.sha256(canonical.encode(content)).hexdigest()[:32]


def _texts(days: Mapping[date, str]) -> canonical.Json:
    return {day.isoformat(): name for day, name in days.items()}
