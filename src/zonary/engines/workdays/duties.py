"""Consolidated duty payment (汇总征税): until when the duty of a release may be paid, and how long that is at most.

Where the customs grant it, duty is paid within 15 days after the notice, or before the end of the fifth workday of the
next month (海关总署公告2022年第61号, two). Both ends are computed; the later is how long one may wait.

How long payment is put off is counted from the day of the release, which does not count itself, to the last day for
paying. With two-step declaration (两步申报) goods are released on the summary declaration; it is assumed that the
complete one and the notice follow in the same month, so that the longest deferral begins on the first day of a month.
Were the complete declaration made 14 days later on the first of the next month instead, it would be 14 days longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, cast

from zonary.engines.workdays.calendar import WorkdayCalendar
from zonary.engines.workdays.clock import Deadline, Term, TermClock, Unit

CITATION: Final = "海关总署公告2022年第61号，二"
AFTER_NOTICE: Final = Term(15, Unit.DAYS)
OF_NEXT_MONTH: Final = Term(5, Unit.WORKDAYS)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DutyDeadline:
    """Until when the duty may be paid.

    :ivar after_notice: the end of the days after the notice; on a day off it moves to the next workday.
    :ivar of_next_month: the fifth workday of the month after the notice.
    """

    after_notice: Deadline
    of_next_month: Deadline

    @property
    def latest(self) -> Deadline:
        """The later of both, which the payer may choose."""
        return max(self.of_next_month, self.after_notice, key=lambda each: each.due)


@dataclass(frozen=True, slots=True)
class Deferral:
    """How long payment may be put off.

    :ivar days: from the day of the release, not counted, to the last day for paying, counted.
    """

    released: date
    deadline: Deadline

    @property
    def days(self) -> int:
        return (self.deadline.due - self.released).days


def duty_deadline(notified: date, calendar: WorkdayCalendar) -> DutyDeadline:
    """Of a duty whose notice was made on ``notified``. Both terms are statutory: no closure lengthens them.

    :raises WorkdaysError: for days that the calendar does not know.
    """
    return DutyDeadline(
        _ended(TermClock(notified, AFTER_NOTICE), calendar),
        _ended(TermClock(_last_of_month(notified), OF_NEXT_MONTH), calendar),
    )


def deferral(released: date, calendar: WorkdayCalendar) -> Deferral:
    """Of goods released on ``released``, with the notice of the same day.

    :raises WorkdaysError: as :func:`duty_deadline` does.
    """
    return Deferral(released, duty_deadline(released, calendar).latest)


def longest_deferral(year: int, calendar: WorkdayCalendar) -> Deferral:
    """The longest that goods released in ``year`` have; of equal ones the first.

    :raises WorkdaysError: as :func:`duty_deadline` does.
    """
    calendar = calendar.official  # once, and not for each of the days below
    first, last = date(year, 1, 1), date(year, 12, 31)
    released = (first + number * _DAY for number in range((last - first).days + 1))
    return max((deferral(each, calendar) for each in released), key=lambda each: each.days)  # the first of equal ones


def _last_of_month(day: date) -> date:
    next_month = (day.replace(day=1) + 31 * _DAY).replace(day=1)
    return next_month - _DAY


def _ended(clock: TermClock, calendar: WorkdayCalendar) -> Deadline:
    # None only where a stop has no end, and these clocks have no stops.
    return cast(Deadline, clock.deadline(calendar))
