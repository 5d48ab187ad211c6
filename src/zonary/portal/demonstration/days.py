"""When things of the story happened: counted back from the day it is made, on workdays, in office hours. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from zonary.common.clock import ZONE_TIME, zone_date
from zonary.engines.workdays import WorkdayCalendar

_MAX_HOLIDAYS = 30


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

    def ago(self, days: int, hour: int = 9, minute: int = 30) -> datetime:
        """At that hour of the last workday that is at least so many days back; never in the future."""
        day = self.today - timedelta(days=days)
        for _ in range(_MAX_HOLIDAYS):
            if self.calendar.is_workday(day):
                break
            day -= timedelta(days=1)
        return min(self._moment(day, hour, minute), self.made_at)

    def since(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """At that hour of the first workday that is at most so many days back; never in the future."""
        day = self.today - timedelta(days=days)
        while day < self.today and not self.calendar.is_workday(day):
            day += timedelta(days=1)
        return min(self._moment(day, hour, minute), self.made_at)

    def ahead(self, days: int) -> date:
        """The first workday that is at least so many days away."""
        day = self.today + timedelta(days=days)
        for _ in range(_MAX_HOLIDAYS):
            if self.calendar.is_workday(day):
                break
            day += timedelta(days=1)
        return day

    def _moment(self, day: date, hour: int, minute: int) -> datetime:
        return datetime.combine(day, time(hour, minute), ZONE_TIME).astimezone(self.made_at.tzinfo)
