"""The zone's calendar, and what is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet

from zonary.engines.workdays import (
    Closure,
    Extension,
    Progress,
    Stop,
    Term,
    TermClock,
    Unit,
    WorkdayCalendar,
    YearArrangement,
    official_calendar,
)
from zonary.foundation.deadlines.models import Deadline, HolidayNotice, Interruption, ZoneClosure

NEAR = timedelta(days=3)
"""So long before a deadline whoever has to act is told."""


def zone_calendar() -> WorkdayCalendar:
    """The official years, those entered here in place of them, and the zone's own closures."""
    notices = [
        YearArrangement(each.year, _days(each.holidays), _days(each.makeup))
        for each in HolidayNotice.objects.order_by("pk")
    ]
    closures = [Closure(each.first, each.last, each.reason) for each in ZoneClosure.objects.filter(withdrawn_at=None)]
    return official_calendar(closures, notices=notices)


def _days(texts: Mapping[str, str]) -> dict[date, str]:
    return {date.fromisoformat(day): name for day, name in texts.items()}


def clock_of(deadline: Deadline) -> TermClock:
    """The term of ``deadline`` with everything that interrupted it."""
    interruptions = list(deadline.interruptions.order_by("pk"))
    stops = [each for each in interruptions if each.kind == Interruption.Kind.STOP]
    extensions = [each for each in interruptions if each.kind == Interruption.Kind.EXTENSION]
    return TermClock(
        deadline.begins,
        Term(deadline.count, Unit(deadline.unit), deadline.is_statutory),
        tuple(Extension(each.count, each.first, each.reason) for each in extensions),
        tuple(Stop(each.first, each.last, each.reason) for each in stops),
    )


def deadline_of(about: str) -> Deadline | None:
    """The deadline of what is called ``about``; whoever may see that may see this."""
    return Deadline.objects.filter(about=about).first()


def deadlines_of(abouts: Iterable[str]) -> dict[str, Deadline]:
    """The deadlines of many things at once, by what they are about."""
    return {each.about: each for each in Deadline.objects.filter(about__in=list(abouts))}


def progress_of(deadline: Deadline, *, on: date) -> Progress:
    """Where its clock stands at the end of the day ``on``, by the present calendar."""
    return clock_of(deadline).progress(zone_calendar(), on)


def untold(today: date) -> tuple[QuerySet[Deadline], QuerySet[Deadline]]:
    """Open deadlines that are near, and those that are past, of which nobody was told so yet."""
    waiting = Deadline.objects.filter(met_at=None)
    near = waiting.filter(due__gte=today, due__lte=today + NEAR)
    past = waiting.filter(due__lt=today)
    return (
        near.filter(Q(near_told=None) | ~Q(near_told=F("due"))).order_by("due", "pk"),
        past.filter(Q(missed_told=None) | ~Q(missed_told=F("due"))).order_by("due", "pk"),
    )


def outdated(calendar: WorkdayCalendar) -> QuerySet[Deadline]:
    """Open deadlines that were computed with another calendar than the present one."""
    waiting = Deadline.objects.filter(met_at=None)
    # Closures count for promises alone, so a statutory term has the version of the calendar without them.
    promised = waiting.filter(is_statutory=False).exclude(calendar=calendar.version)
    return promised | waiting.filter(is_statutory=True).exclude(calendar=calendar.official.version)
