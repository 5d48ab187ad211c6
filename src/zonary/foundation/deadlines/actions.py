"""Every write: the calendar as far as people decide it, and the terms that run by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import connection

from zonary.common.clock import zone_date
from zonary.common.ids import new_id
from zonary.engines.workdays import Closure, Term, WorkdayCalendar, YearArrangement
from zonary.foundation.deadlines.events import (
    ClockResumed,
    ClockStopped,
    ClosureWithdrawn,
    DeadlineExtended,
    DeadlineMet,
    DeadlineMissed,
    DeadlineNeared,
    DeadlineSet,
    DeadlinesRecomputed,
    NoticeEntered,
    ZoneClosed,
)
from zonary.foundation.deadlines.models import Deadline, HolidayNotice, Interruption, ZoneClosure
from zonary.foundation.deadlines.queries import clock_of, outdated, untold, zone_calendar
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.permissions import hold_standing, require_officer
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing

MAX_AT_ONCE = 200
"""Deadlines computed anew in one action: a server beside it is held up no longer than by any other."""


class DeadlineError(LedgerError):
    """This cannot be done to a deadline, or to the calendar."""


@action
def enter_notice(
    year: int, *, document: str, holidays: Mapping[date, str], makeup: Mapping[date, str], by: Standing, at: datetime
) -> HolidayNotice:
    """Enter the yearly notice on holidays that no release of the calendar has yet, or that was amended.

    :param document: number and title of the notice.
    :raises WorkdaysError: when it cannot be such a notice; nothing is entered then.
    """
    hold_standing(by, at=at)
    require_officer(by)
    YearArrangement(year, holidays, makeup)
    notice = HolidayNotice.objects.create(
        public_id=new_id(at),
        year=year,
        document=document,
        holidays={day.isoformat(): name for day, name in holidays.items()},
        makeup={day.isoformat(): name for day, name in makeup.items()},
        entered_by=by.actor_id,
        entered_at=at,
    )
    event = NoticeEntered(year=year, document=document, calendar=zone_calendar().version)
    record(event, by=by, about=str(notice.public_id), at=at)
    return notice


@action
def close_zone(first: date, last: date, *, reason: str, by: Standing, at: datetime) -> ZoneClosure:
    """Close the zone authority on days others work; what it promised takes longer, what the law gives does not.

    :raises WorkdaysError: when the days or the reason cannot be a closure's.
    """
    hold_standing(by, at=at)
    require_officer(by)
    Closure(first, last, reason)
    closure = ZoneClosure.objects.create(
        public_id=new_id(at), first=first, last=last, reason=reason, decided_by=by.actor_id, decided_at=at
    )
    zone_calendar()  # one closure too many is refused here, and undone
    public_id = str(closure.public_id)
    event = ZoneClosed(closure=public_id, first=first.isoformat(), last=last.isoformat(), reason=reason)
    record(event, by=by, about=public_id, at=at)
    return closure


@action
def withdraw_closure(closure: str, *, by: Standing, at: datetime) -> None:
    """Work on those days after all.

    :raises DeadlineError: when there is no such closure.
    """
    hold_standing(by, at=at)
    require_officer(by)
    if not ZoneClosure.objects.filter(public_id=as_uuid(closure), withdrawn_at=None).update(withdrawn_at=at):
        raise DeadlineError("There is no such closure.")
    record(ClosureWithdrawn(closure=closure), by=by, about=closure, at=at)


@action
def set_deadline(
    about: str, term: Term, *, begins: date, basis: str, awaited_by: str = "", by: Actor, at: datetime
) -> Deadline:
    """Have a term begin for what is called ``about``, after the day ``begins``.

    :param basis: where the term comes from: a law with its article, or the promise.
    :param awaited_by: public id of who waits for it, and is told when it was missed; empty: nobody but the zone.
    :raises DeadlineError: when it has one already.
    """
    if Deadline.objects.filter(about=about).exists():
        raise DeadlineError("This has a deadline already.")
    deadline = Deadline(
        public_id=new_id(at),
        about=about,
        begins=begins,
        count=term.count,
        unit=term.unit,
        is_statutory=term.is_statutory,
        basis=basis,
        awaited_by=awaited_by,
        is_provisional=False,
        set_at=at,
    )
    deadline.save()
    _compute(deadline, zone_calendar())
    event = DeadlineSet(
        begins=begins.isoformat(),
        count=term.count,
        unit=str(term.unit),
        is_statutory=term.is_statutory,
        basis=basis,
        due=_text(deadline.due),
        is_provisional=deadline.is_provisional,
        calendar=deadline.calendar,
    )
    record(event, by=by, about=about, at=at)
    return deadline


@action
def stop_clock(about: str, *, reason: str, by: Actor, at: datetime) -> Deadline:
    """Have the clock stand from today on, until :func:`resume_clock`.

    :raises DeadlineError: when nothing is running there, or it stands already.
    """
    deadline = _running(about)
    if deadline.interruptions.filter(kind=Interruption.Kind.STOP, last=None).exists():
        raise DeadlineError("The clock stands already.")
    first = zone_date(at)
    _interrupt(deadline, Interruption.Kind.STOP, first=first, reason=reason, by=by, at=at)
    record(ClockStopped(first=first.isoformat(), reason=reason), by=by, about=about, at=at)
    return deadline


@action
def resume_clock(about: str, *, by: Actor, at: datetime) -> Deadline:
    """Have the clock run again; today is the first day that counts.

    :raises DeadlineError: when it does not stand.
    """
    deadline = _running(about)
    stop = deadline.interruptions.filter(kind=Interruption.Kind.STOP, last=None).first()
    if stop is None:
        raise DeadlineError("The clock does not stand.")
    last = zone_date(at) - timedelta(days=1)
    if last < stop.first:  # stopped and resumed on one day: it never stood
        Interruption.objects.filter(pk=stop.pk).delete()
    else:
        Interruption.objects.filter(pk=stop.pk).update(last=last)
    _compute(deadline, zone_calendar())
    record(ClockResumed(last=last.isoformat(), due=_text(deadline.due)), by=by, about=about, at=at)
    return deadline


@action
def extend_deadline(about: str, count: int, *, reason: str, by: Actor, at: datetime) -> Deadline:
    """Add ``count`` of the term's own units.

    :raises WorkdaysError: when it is over already: a lapse is not mended by paper.
    """
    deadline = _running(about)
    first = zone_date(at)
    _interrupt(deadline, Interruption.Kind.EXTENSION, first=first, count=count, reason=reason, by=by, at=at)
    event = DeadlineExtended(count=count, unit=deadline.unit, reason=reason, due=_text(deadline.due))
    record(event, by=by, about=about, at=at)
    return deadline


@action
def meet_deadline(about: str, *, by: Actor, at: datetime) -> Deadline:
    """Say that what was waited for is done.

    :raises DeadlineError: when nothing is running there.
    """
    deadline = _running(about)
    Deadline.objects.filter(pk=deadline.pk).update(met_at=at)
    is_late = deadline.due is not None and zone_date(at) > deadline.due
    record(DeadlineMet(due=_text(deadline.due), is_late=is_late), by=by, about=about, at=at)
    return deadline


@action
def recompute_deadlines(*, by: Actor, at: datetime) -> int:
    """Compute up to :data:`MAX_AT_ONCE` open deadlines anew whose calendar is no longer the present one.

    Returns how many there were; until it is 0 there may be more. Moved ones name their days before and after.

    :raises DeadlineError: when there is none: look first (:func:`~zonary.foundation.deadlines.queries.outdated`).
    """
    calendar = zone_calendar()
    found = list(outdated(calendar).order_by("pk")[:MAX_AT_ONCE])
    if not found:
        raise DeadlineError("Every deadline is computed with the present calendar.")
    moved: list[list[str]] = []
    for deadline in found:
        before = deadline.due
        _compute(deadline, calendar)
        if deadline.due != before:
            moved.append([deadline.about, _text(before), _text(deadline.due)])
    event = DeadlinesRecomputed(calendar=calendar.version, unmoved=len(found) - len(moved), moved=moved)
    record(event, by=by, at=at)
    return len(found)


def _running(about: str) -> Deadline:
    rows = Deadline.objects.filter(about=about, met_at=None)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    found = rows.first()
    if found is None:
        raise DeadlineError("There is no deadline running for this.")
    return found


def _interrupt(
    deadline: Deadline, kind: str, *, first: date, count: int = 0, reason: str, by: Actor, at: datetime
) -> None:
    Interruption.objects.create(
        deadline=deadline, kind=kind, first=first, count=count, reason=reason, decided_by=by.actor_id, decided_at=at
    )
    _compute(deadline, zone_calendar())


def _compute(deadline: Deadline, calendar: WorkdayCalendar) -> None:
    """Write down when ``deadline`` is due by ``calendar``, and by which that was computed."""
    computed = clock_of(deadline).deadline(calendar)
    present = calendar.official if deadline.is_statutory else calendar
    deadline.due = None if computed is None else computed.due
    deadline.is_provisional = computed is not None and computed.is_provisional
    deadline.calendar = present.version
    deadline.save(update_fields=["due", "is_provisional", "calendar"])


def _text(day: date | None) -> str:
    return "" if day is None else day.isoformat()


@action
def tell_of_deadline(deadline: Deadline, *, by: Actor, at: datetime) -> None:
    """Say that a deadline is near, or past, once for the day it is due on.

    :raises DeadlineError: when that was said meanwhile, or there is nothing to say.
    """
    near, past = untold(zone_date(at))
    due, names = deadline.due, {"deadline": str(deadline.public_id), "due": str(deadline.due)}
    if past.filter(pk=deadline.pk, due=due).update(missed_told=due):
        record(DeadlineMissed(**names, awaited_by=deadline.awaited_by), by=by, about=deadline.about, at=at)
    elif near.filter(pk=deadline.pk, due=due).update(near_told=due):
        record(DeadlineNeared(**names), by=by, about=deadline.about, at=at)
    else:
        raise DeadlineError("This deadline is neither near nor past, or it was said before.")
