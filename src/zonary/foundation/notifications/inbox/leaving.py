"""What a person who leaves has in their inbox. Of a closed account nothing more goes out (``sending``)."""

from __future__ import annotations

from datetime import datetime

from zonary.foundation.accounts.models import Person
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.notifications.inbox.actions import forget_inbox
from zonary.foundation.notifications.inbox.models import Message, Wishes


def erase(person: Person, *, by: Actor, at: datetime) -> None:
    if Message.objects.filter(person=person).exists() or Wishes.objects.filter(person=person).exists():
        forget_inbox(person, by=by, at=at)
