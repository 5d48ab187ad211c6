"""Who has come on so far, and when it is: what the steps of the story hand to one another."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime

from zonary.foundation.accounts.actions import register_person
from zonary.foundation.accounts.models import Person
from zonary.foundation.ledger.actors import SYSTEM
from zonary.foundation.organizations.queries import standing_of
from zonary.foundation.organizations.standing import Standing
from zonary.portal.demonstration.cast import CHARACTERS
from zonary.portal.demonstration.days import Days, Moment

Acts = Generator[Moment, datetime, None]
"""What a step is: it yields when its next act is due, and is sent when it happens."""
_NAMES = {each.key: each for each in CHARACTERS}


@dataclass(slots=True)
class Stage:
    """The story so far.

    :ivar people: key of a character -> who they became.
    :ivar organisations: key of a house, ``zone`` or ``pool`` -> its public id.
    :ivar things: what a step made that pages point at -> its public id.
    """

    days: Days
    people: dict[str, Person] = field(default_factory=dict)
    organisations: dict[str, str] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)

    def comes(self, key: str, at: datetime) -> Person:
        """The character registers; nobody can sign in as them by a password."""
        who = _NAMES[key]
        if key not in self.people:
            self.people[key] = register_person(email=who.email, name=who.name, by=SYSTEM, at=at)
        return self.people[key]

    def alone(self, key: str, at: datetime) -> Standing:
        """The character acting for themselves; they register first if they have not."""
        return Standing(person=str(self.comes(key, at).public_id))

    def acting(self, key: str, organisation: str, at: datetime) -> Standing:
        """The character acting for a house they are a member of."""
        return standing_of(self.people[key], self.organisations[organisation], at=at)
