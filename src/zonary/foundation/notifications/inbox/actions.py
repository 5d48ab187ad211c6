"""What people decide about how they are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from zonary.foundation.accounts.models import Person
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.notifications.inbox.events import ChannelsChosen, InboxForgotten
from zonary.foundation.notifications.inbox.models import Choice, Mailing, Message, Posting, Spoken, Wishes
from zonary.foundation.notifications.inbox.queries import kinds_to_choose
from zonary.foundation.notifications.inbox.rules import is_handle
from zonary.foundation.organizations.permissions import require_person
from zonary.foundation.organizations.standing import Standing


class ChoiceError(LedgerError):
    """One cannot be told so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """How somebody wants to be told.

    :param mailing: of what is not among ``kinds``: a value of ``Mailing``.
    :param kinds: kind of event -> how it is mailed.
    :param by_messenger: kinds that go by the gateway, too.
    """

    mailing: str
    language: str = ""
    handle: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict)
    by_messenger: frozenset[str] = frozenset()


@action
def choose_channels(chosen: Chosen, *, by: Standing, at: datetime) -> None:
    """Say how one wants to be told; what was chosen before counts no more.

    :raises ChoiceError: for a kind that is no choice, such as one of security, and for what is no way of telling.
    """
    require_person(by)
    known = {kind for kind, notice in kinds_to_choose() if not notice.is_security}
    for kind in sorted({*chosen.kinds, *chosen.by_messenger}):
        if kind not in known:
            raise ChoiceError("Of “{kind}” there is nothing to choose.", kind=kind[:96])
    if not {chosen.mailing, *chosen.kinds.values()} <= set(Mailing.values):
        raise ChoiceError("Mail comes at once (now), once a day (daily) or not at all (never).")
    if chosen.language not in ("", "zh", "en"):
        raise ChoiceError("Messages are in Chinese (zh) or in English (en).")
    if chosen.handle and not is_handle(chosen.handle):
        raise ChoiceError("A number or name at the gateway has 2 to 64 letters, digits and the signs . _ @ + -")
    if chosen.by_messenger and not chosen.handle:
        raise ChoiceError("Say by which number or name the gateway knows you, or choose nothing to go there.")
    person = Person.objects.get(public_id=by.person)
    wishes = {"mailing": chosen.mailing, "language": chosen.language, "handle": chosen.handle}
    Wishes.objects.update_or_create(person=person, defaults=wishes)
    Choice.objects.filter(person=person).delete()
    Choice.objects.bulk_create(
        Choice(
            person=person,
            kind=kind,
            mailing=chosen.kinds.get(kind, chosen.mailing),
            by_messenger=kind in chosen.by_messenger,
        )
        for kind in sorted({*chosen.kinds, *chosen.by_messenger})
    )
    event = ChannelsChosen(
        mailing={"": chosen.mailing, **dict(sorted(chosen.kinds.items()))}, by_messenger=sorted(chosen.by_messenger)
    )
    record(event, by=by, about=by.person, at=at)


@action
def forget_inbox(person: Person, *, by: Actor, at: datetime) -> None:
    """Erase what an erased person was told, and how they wanted to be."""
    Posting.objects.filter(message__person=person).delete()
    count, _rows = Message.objects.filter(person=person).delete()
    for table in (Choice, Wishes, Spoken):
        table.objects.filter(person=person).delete()
    record(InboxForgotten(count=count), by=by, about=str(person.public_id), at=at)
