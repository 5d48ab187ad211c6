"""Terms and their ends: counted in workdays, days, months or years, extended, and stopped for a reason.

A term begins the day after what sets it off (民法典 art. 201). One in workdays ends with the last of them (行政许可法
art. 82). The last day of any other moves to the next workday when it is none (民法典 art. 203); a month ends on the day
of the same number, or on its own last (民法典 art. 202). Days on which the clock stood do not count: which these may be
is a closed list of the rule a term comes from (行政许可法 art. 45: hearings, tenders, auctions, inspections, tests,
quarantine, appraisals and expert reviews, for the terms of its section), and its to say.

An authority that closes its doors lengthens what it promised, not what the law gives it: closures count for terms that
are not statutory.
"""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from zonary.engines.workdays.calendar import WorkdayCalendar
from zonary.engines.workdays.errors import WorkdaysError
from zonary.proof.errors import Noun

_DAY = timedelta(days=1)


class Unit(StrEnum):
    WORKDAYS = "workdays"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


MAX_COUNT = {Unit.WORKDAYS: 2000, Unit.DAYS: 3660, Unit.MONTHS: 120, Unit.YEARS: 10}
"""How long a term may be. No term of administrative procedure comes near."""
MAX_INTERRUPTIONS = 100
_NOUNS = {
    Unit.WORKDAYS: Noun("workdays"),
    Unit.DAYS: Noun("days"),
    Unit.MONTHS: Noun("months"),
    Unit.YEARS: Noun("years"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """How long: ``Term(20, Unit.WORKDAYS)``.

    :ivar is_statutory: given by law, so that closures of the authority do not lengthen it; False for a promise.
    """

    count: int
    unit: Unit
    is_statutory: bool = True

    def __post_init__(self) -> None:
        # A bare text would pass for another unit without a word.
        if not isinstance(self.unit, Unit):
            raise WorkdaysError("A term is counted in workdays, days, months or years.")
        if not 1 <= self.count <= MAX_COUNT[self.unit]:
            raise WorkdaysError(
                "A term has from 1 to {limit} {unit}, not {count}.",
                limit=MAX_COUNT[self.unit],
                unit=_NOUNS[self.unit],
                count=self.count,
            )


@dataclass(frozen=True, slots=True)
class Extension:
    """What is added to a term, decided for a reason (行政许可法 art. 42: ten workdays, approved by the head).

    :ivar decided: the day of the decision, not after the term it extends has ended: a lapse is not mended by paper.
    """

    count: int
    decided: date
    reason: str

    def __post_init__(self) -> None:
        _require_reason(self.reason)
        if self.count < 1:
            raise WorkdaysError("An extension is at least 1, not {count}.", count=self.count)


@dataclass(frozen=True, slots=True)
class Stop:
    """Days on which the clock stands, first and last included.

    :ivar last: None while nobody knows when it goes on.
    """

    first: date
    last: date | None
    reason: str

    def __post_init__(self) -> None:
        _require_reason(self.reason)
        if self.last is not None and self.last < self.first:
            raise WorkdaysError(
                "A stop that begins on {first} cannot end on {last}.",
                first=self.first.isoformat(),
                last=self.last.isoformat(),
            )

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a term ends, and by which calendar that was computed.

    :ivar due: the last day on which the act is in time.
    :ivar is_provisional: whether it rests on days whose official notice is not out yet.
    :ivar calendar: the version of the calendar; when the present one has another, the deadline is to be computed anew.
    """

    due: date
    is_provisional: bool
    calendar: str

    def ends(self, zone: tzinfo, closing: time | None = None) -> datetime:
        """The first moment too late: the day's end, or ``closing`` where business hours end (民法典 art. 203)."""
        if closing is not None:
            return datetime.combine(self.due, closing, zone)
        return datetime.combine(self.due + _DAY, time(), zone)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a clock stands at the end of a day.

    :ivar deadline: None when a stop of which nobody knows the end comes before it.
    :ivar left: workdays after that day until the deadline, on which the clock runs; 0 when none is left.
    :ivar stop: what holds it on that day.
    """

    deadline: Deadline | None
    left: int | None
    is_overdue: bool
    stop: Stop | None


@dataclass(frozen=True, slots=True)
class TermClock:
    """A term that runs, as it has to be kept: deadlines are computed from it, again with every new calendar.

    :ivar begins: the day of what sets it off, such as an acceptance; it does not count.
    :ivar extensions: each in the unit of the term.
    """

    begins: date
    term: Term
    extensions: tuple[Extension, ...] = ()
    stops: tuple[Stop, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.begins, datetime):
            raise WorkdaysError("A term begins on a day, not at a moment.")
        if max(len(self.stops), len(self.extensions)) > MAX_INTERRUPTIONS:
            raise WorkdaysError("A term has at most {limit} stops and extensions.", limit=MAX_INTERRUPTIONS)

    def deadline(self, calendar: WorkdayCalendar) -> Deadline | None:
        """When it ends; None when a stop without an end comes first.

        :raises WorkdaysError: when it begins before the calendar, no end is in sight, or an extension came too late.
        """
        calendar = self._calendar(calendar)
        calendar.day(self.begins)  # a calendar that does not know it knows nothing of the term
        length = self.term
        last = self._last_day(calendar, length)
        for extension in sorted(self.extensions, key=lambda each: each.decided):
            if last is not None and extension.decided > last:
                raise WorkdaysError(
                    "The extension of {decided} came after the term had ended on {last}.",
                    decided=extension.decided.isoformat(),
                    last=last.isoformat(),
                )
            length = Term(length.count + extension.count, length.unit)
            last = self._last_day(calendar, length)
        if last is None:
            return None
        return Deadline(last, last > calendar.settled_until, calendar.version)

    def progress(self, calendar: WorkdayCalendar, on: date) -> Progress:
        """Where it stands at the end of the day ``on``."""
        calendar = self._calendar(calendar)
        deadline = self.deadline(calendar)
        stop = next((each for each in self.stops if each.covers(on)), None)
        if deadline is None:
            return Progress(None, None, False, stop)
        after = max(on, self.begins)
        ahead = (after + number * _DAY for number in range(1, (deadline.due - after).days + 1))
        left = sum(self._runs(day) and calendar.is_workday(day) for day in ahead)
        return Progress(deadline, left, on > deadline.due, stop)

    def _calendar(self, calendar: WorkdayCalendar) -> WorkdayCalendar:
        return calendar.official if self.term.is_statutory else calendar

    def _runs(self, day: date) -> bool:
        return not any(stop.covers(day) for stop in self.stops)

    def _running(self, calendar: WorkdayCalendar, after: date) -> Iterator[tuple[date, bool]]:
        """The days after ``after`` on which the clock runs, and whether each is worked; ends at a stop without end."""
        for day in calendar.days_after(after):
            if any(stop.last is None and stop.covers(day.date) for stop in self.stops):
                return
            if self._runs(day.date):
                yield day.date, day.is_worked

    def _last_day(self, calendar: WorkdayCalendar, length: Term) -> date | None:
        last = self._last_counted(calendar, length)
        return last if last is None or length.unit is Unit.WORKDAYS else self._rolled(calendar, last)

    def _last_counted(self, calendar: WorkdayCalendar, length: Term) -> date | None:
        days, count = self._running(calendar, self.begins), length.count
        if length.unit in (Unit.MONTHS, Unit.YEARS):
            # As many days as it would be without a stop, so that every day it stood is given back.
            nominal = _months_after(self.begins, count * (12 if length.unit is Unit.YEARS else 1))
            count = (nominal - self.begins).days
        for day, is_worked in days:
            if is_worked or length.unit is not Unit.WORKDAYS:
                count -= 1
                if count == 0:
                    return day
        return None

    def _rolled(self, calendar: WorkdayCalendar, last: date) -> date | None:
        """``last`` if it is worked, else the next workday on which the clock runs."""
        if calendar.is_workday(last):
            return last
        return next((day for day, is_worked in self._running(calendar, last) if is_worked), None)


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise WorkdaysError("An extension or a stop needs a reason.")
