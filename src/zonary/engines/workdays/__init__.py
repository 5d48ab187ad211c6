"""The working-day clock: when a term ends, by which calendar, and what stopped it meanwhile."""

from zonary.engines.workdays.calendar import STATUTORY_DAYS, Closure, Day, DayKind, WorkdayCalendar, YearArrangement
from zonary.engines.workdays.china import official_calendar
from zonary.engines.workdays.clock import Deadline, Extension, Progress, Stop, Term, TermClock, Unit
from zonary.engines.workdays.duties import Deferral, DutyDeadline, deferral, duty_deadline, longest_deferral
from zonary.engines.workdays.errors import WorkdaysError

__all__ = [
    "STATUTORY_DAYS",
    "Closure",
    "Day",
    "DayKind",
    "Deadline",
    "Deferral",
    "DutyDeadline",
    "Extension",
    "Progress",
    "Stop",
    "Term",
    "TermClock",
    "Unit",
    "WorkdayCalendar",
    "WorkdaysError",
    "YearArrangement",
    "deferral",
    "duty_deadline",
    "longest_deferral",
    "official_calendar",
]
