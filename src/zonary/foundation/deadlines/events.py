"""What happens to the zone's calendar and to deadlines, as the ledger keeps it. Days are ISO 8601."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeEntered(Event):
    kind: ClassVar[str] = "deadlines.notice.entered"
    year: int
    document: str
    calendar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneClosed(Event):
    kind: ClassVar[str] = "deadlines.zone.closed"
    closure: str
    first: str
    last: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureWithdrawn(Event):
    kind: ClassVar[str] = "deadlines.closure.withdrawn"
    closure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineSet(Event):
    """A term began; ``due`` is empty when it cannot be said yet."""

    kind: ClassVar[str] = "deadlines.deadline.set"
    begins: str
    count: int
    unit: str
    is_statutory: bool
    basis: str
    due: str
    is_provisional: bool
    calendar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStopped(Event):
    kind: ClassVar[str] = "deadlines.clock.stopped"
    first: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockResumed(Event):
    """The last day on which the clock stood was ``last``; the deadline is ``due`` now."""

    kind: ClassVar[str] = "deadlines.clock.resumed"
    last: str
    due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineExtended(Event):
    kind: ClassVar[str] = "deadlines.deadline.extended"
    count: int
    unit: str
    reason: str
    due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineMet(Event):
    """It was done; ``is_late`` when after the deadline."""

    kind: ClassVar[str] = "deadlines.deadline.met"
    due: str
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlinesRecomputed(Event):
    """Deadlines computed anew with ``calendar``: ``unmoved`` stayed, and each of ``moved`` is about, before, after."""

    kind: ClassVar[str] = "deadlines.deadlines.recomputed"
    calendar: str
    unmoved: int
    moved: list[list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineNeared(Event):
    """Few days are left until ``due``; said once for each day it may be set to."""

    kind: ClassVar[str] = "deadlines.deadline.neared"
    deadline: str
    due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineMissed(Event):
    """``due`` is past, and what had to be done is not. ``awaited_by``: who waits for it, if anybody is named."""

    kind: ClassVar[str] = "deadlines.deadline.missed"
    deadline: str
    due: str
    awaited_by: str
