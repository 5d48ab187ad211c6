"""What has to be done elsewhere when a person leaves: each app says so for its own tables when it starts.

Called inside the action that closes the account or erases the person, in which a failure undoes everything.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from zonary.foundation.accounts.models import Person
from zonary.foundation.ledger.actors import Actor


class Step(Protocol):
    """One app's part of it; records what it changes."""

    def __call__(self, person: Person, *, by: Actor, at: datetime) -> None:
        """:raises Error: one sentence, when the person cannot leave yet."""
        ...


_closing: dict[str, Step] = {}
_erasing: dict[str, Step] = {}


def when_leaving(app: str, *, closing: Step | None = None, erasing: Step | None = None) -> None:
    """Have ``app`` take part: ``closing`` when an account is closed, ``erasing`` when the person is erased."""
    if closing is not None:
        _closing[app] = closing
    if erasing is not None:
        _erasing[app] = erasing


def close_elsewhere(person: Person, *, by: Actor, at: datetime) -> None:
    """Every app's part of closing an account."""
    for step in _closing.values():
        step(person, by=by, at=at)


def erase_elsewhere(person: Person, *, by: Actor, at: datetime) -> None:
    """Every app's part of erasing a person."""
    for step in _erasing.values():
        step(person, by=by, at=at)
