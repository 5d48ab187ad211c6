"""What else follows from an act in the act's own transaction: who is told of it, and where it is found.

The ledger knows nothing of either. Whoever wants to know says so once, when the application starts; a watcher is given
all that an outermost action recorded, at its end, when every row is as it will be, and still inside its transaction:
what it writes stands or falls with the acts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event that is being recorded.

    :param entry: public id of its entry, or of its item in one.
    :param about: public id of what it happened to, or empty.
    """

    event: Event
    entry: str
    actor: str
    organisation: str
    about: str
    at: datetime

    @property
    def kind(self) -> str:
        return self.event.kind

    def text(self, field: str) -> str:
        """A field of the event, as text."""
        return str(getattr(self.event, field, ""))


Watcher = Callable[[Sequence[Happening]], None]

_watchers: dict[str, Watcher] = {}


def when_recorded(name: str, watcher: Watcher) -> None:
    """Have ``watcher`` called at the end of every action that recorded an act; an error of it undoes the action."""
    _watchers[name] = watcher


def tell(happenings: Sequence[Happening]) -> None:
    """Called by the ledger before an action's transaction ends."""
    if happenings:
        for watcher in _watchers.values():
            watcher(happenings)
