"""When things of the story happened: counted back from the day it is made, on workdays, in office hours. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from zonary.common.clock import ZONE_TIME, zone_date
from zonary.engines.workdays import WorkdayCalendar

_MAX_HOLIDAYS = 30


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """When an act of the story is due.

    :ivar planned: so many days back; what has its place in the story by it. Around a long holiday several such days
        are one workday.
    :ivar at: when it happens, on a workday.
    """

    planned: datetime
    at: datetime

    def later(self, **length: int) -> Moment:
        """The same, a ``timedelta`` of this length later."""
        return Moment(self.planned + timedelta(**length), self.at + timedelta(**length))


@dataclass(frozen=True, slots=True)
class Days:
    """The story's time.

    :param made_at: the moment it is made.
    """

    calendar: WorkdayCalendar
    made_at: datetime

    @property
    def today(self) -> date:
        return zone_date(self.made_at)

    @property
    def last_year(self) -> int:
        return self.today.year - 1

    def ago(self, days: int, hour: int = 9, minute: int = 30) -> Moment:
        """At that hour of the last workday that is at least so many days back; never in the future."""
        planned = day = self.today - timedelta(days=days)
        for _ in range(_MAX_HOLIDAYS):
            if self.calendar.is_workday(day):
                break
            day -= timedelta(days=1)
        return self._never_ahead(planned, day, time(hour, minute))

    def since(self, days: int, hour: int = 10, minute: int = 0) -> Moment:
        """At that hour of the first workday that is at most so many days back; never in the future."""
        planned = day = self.today - timedelta(days=days)
        while day < self.today and not self.calendar.is_workday(day):
            day += timedelta(days=1)
        return self._never_ahead(planned, day, time(hour, minute))

    def ahead(self, days: int) -> date:
        """The first workday that is at least so many days away."""
        day = self.today + timedelta(days=days)
        for _ in range(_MAX_HOLIDAYS):
            if self.calendar.is_workday(day):
                break
            day += timedelta(days=1)
        return day

    def just_now(self, seconds: int) -> Moment:
        """So many seconds before the story is made, whatever day that is."""
        at = self.made_at - timedelta(seconds=seconds)
        return Moment(at, at)

    def _never_ahead(self, planned: date, day: date, hour: time) -> Moment:
        first, second = (
            datetime.combine(each, hour, ZONE_TIME).astimezone(self.made_at.tzinfo) for each in (planned, day)
        )
        return Moment(first, min(second, self.made_at))
