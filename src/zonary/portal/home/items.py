"""One thing that waits for somebody, and how urgent it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

NEAR = timedelta(days=3)
"""So long before its day something is near its deadline (临期)."""


class Urgency(StrEnum):
    LATE = "late"
    NEAR = "near"
    CALM = ""


def urgency(due: date | None, today: date) -> Urgency:
    """A day's last moment still counts: late is only the day after."""
    if due is None:
        return Urgency.CALM
    return Urgency.LATE if due < today else Urgency.NEAR if due <= today + NEAR else Urgency.CALM


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to decide.

    :param name: what it is, in the reader's language; ``detail`` which; ``action`` what its button says.
    """

    name: str
    detail: str
    address: str
    action: str
    since: datetime
    due: date | None = None
    urgency: Urgency = Urgency.CALM
