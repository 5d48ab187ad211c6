"""Messages as they come to be, in the transaction of the act that tells of itself; and that somebody looked at them.

Called by the ledger at the end of every action (``ledger.watching``), so nothing that happens is told to nobody, and
nothing is told that did not happen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.conf import settings
from django.http import HttpRequest

from zonary.common.ids import new_id
from zonary.common.language import language
from zonary.foundation.accounts.models import Person
from zonary.foundation.ledger.notices import NOTICES, OFFICERS, Notice
from zonary.foundation.ledger.watching import Happening
from zonary.foundation.notifications.inbox.models import Choice, Mailing, Message, Posting, Spoken, Wishes
from zonary.foundation.notifications.inbox.rules import next_digest
from zonary.foundation.organizations.models import Membership, Organization
from zonary.foundation.organizations.queries import as_uuid, founded_zone, in_force
from zonary.foundation.organizations.standing import Standing

_MANY = 500
"""Values of one ``IN (…)``."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """Somebody who is told: a person, for an organisation or for themselves, in a role there."""

    key: int
    public_id: str
    organisation: str
    role: str


_Messages = dict[tuple[int, str, str, int], Message]
"""By person, organisation, kind and place of the notice."""


def tell_people(happenings: Sequence[Happening]) -> None:
    """Make the messages of what was recorded, and have them sent as each reader wants."""
    telling = [
        (happening, place, notice)
        for happening in happenings
        for place, notice in enumerate(NOTICES.get(happening.kind, ()))
        if notice.when is None or notice.when(happening)
    ]
    # One action may do what happened over weeks, as the demonstration does: each moment has its own members.
    for at, of_one in groupby(sorted(telling, key=lambda each: each[0].at), key=lambda each: each[0].at):
        _tell_at(at, list(of_one))


def _tell_at(at: datetime, telling: Sequence[tuple[Happening, int, Notice]]) -> None:
    holders = [tuple(notice.to(happening)) for happening, _place, notice in telling]
    readers = _readers({each for group in holders for each in group if each}, at)
    made: _Messages = {}
    for (happening, place, notice), group in zip(telling, holders, strict=True):
        for reader in dict.fromkeys(each for holder in group for each in readers.get(holder, ())):
            if _is_told(reader, happening, notice):
                _add(made, reader, happening, place, notice)
    messages = Message.objects.bulk_create(made.values())
    _have_sent(messages, at)


def _readers(holders: set[str], at: datetime) -> dict[str, list[_Reader]]:
    """Public id of an organisation, a person, or ``OFFICERS`` -> whoever stands for it."""
    found: dict[str, list[_Reader]] = {}
    zone = founded_zone() if OFFICERS in holders else None
    wanted = {as_uuid(each) for each in holders - {OFFICERS}}
    organizations = Organization.objects.filter(public_id__in=wanted).values_list("pk", flat=True)
    keys = [*organizations, *((zone.authority_id,) if zone else ())]
    held = Membership.objects.filter(in_force(at), organization__in=keys, person__is_active=True)
    columns = ("organization__public_id", "organization__kind", "person", "person__public_id", "role")
    for organisation, kind, person, public_id, role in held.values_list(*columns):
        reader = _Reader(person, str(public_id), str(organisation), role)
        found.setdefault(str(organisation), []).append(reader)
        if kind == Organization.Kind.ZONE_AUTHORITY:
            found.setdefault(OFFICERS, []).append(reader)
    people = Person.objects.filter(public_id__in=wanted, is_active=True).values_list("pk", "public_id")
    for key, public_id in people:
        found.setdefault(str(public_id), []).append(_Reader(key, str(public_id), "", ""))
    return found


def _is_told(reader: _Reader, happening: Happening, notice: Notice) -> bool:
    if reader.public_id == happening.actor and not notice.tells_actor:
        return False
    return not (reader.role and notice.roles) or reader.role in notice.roles


def _add(made: _Messages, reader: _Reader, happening: Happening, place: int, notice: Notice) -> None:
    """One message of all that is alike: a table of a hundred facts is one thing to be told."""
    names = notice.names(happening) if notice.names else happening.organisation
    target = notice.argument(happening) if notice.argument else ""
    key = (reader.key, reader.organisation, happening.kind, place)
    known = made.get(key)
    if known is not None:
        known.count += 1
        known.target = target if known.target == target else ""
        known.names = names if known.names == names else ""
        return
    made[key] = Message(
        public_id=new_id(happening.at),
        person_id=reader.key,
        organisation=reader.organisation,
        kind=happening.kind,
        place=place,
        entry=happening.entry,
        names=names[:96],
        target=target[:128],
        made_at=happening.at,
    )


def _have_sent(messages: Sequence[Message], at: datetime) -> None:
    """What goes out besides standing on the page."""
    if not messages or not (settings.ZONARY_SENDS_MAIL or settings.ZONARY_MESSENGER):
        return
    people = sorted({message.person_id for message in messages})
    wishes: dict[int, Wishes] = {}
    choices: dict[tuple[int, str], Choice] = {}
    for start in range(0, len(people), _MANY):
        some = people[start : start + _MANY]
        wishes |= {each.person_id: each for each in Wishes.objects.filter(person__in=some)}
        kinds = {message.kind for message in messages}
        rows = Choice.objects.filter(person__in=some, kind__in=kinds)
        choices |= {(each.person_id, each.kind): each for each in rows}
    Posting.objects.bulk_create(
        posting for message in messages for posting in _postings(message, wishes.get(message.person_id), choices, at)
    )


def _postings(
    message: Message, wishes: Wishes | None, choices: Mapping[tuple[int, str], Choice], at: datetime
) -> Iterable[Posting]:
    notice = NOTICES[message.kind][message.place]
    choice = choices.get((message.person_id, message.kind))
    mailing = _mailing(notice, wishes, choice)
    waiting = Posting.State.WAITING
    if settings.ZONARY_SENDS_MAIL and notice.is_mailed and mailing != Mailing.NEVER:
        is_digest = mailing == Mailing.DAILY
        next_at = next_digest(at) if is_digest else at
        yield Posting(
            message=message, channel=Posting.Channel.MAIL, is_digest=is_digest, state=waiting, next_at=next_at
        )
    has_handle = wishes is not None and bool(wishes.handle)
    if settings.ZONARY_MESSENGER and has_handle and (notice.is_security or (choice and choice.by_messenger)):
        yield Posting(message=message, channel=Posting.Channel.MESSENGER, state=waiting, next_at=at)


def _mailing(notice: Notice, wishes: Wishes | None, choice: Choice | None) -> str:
    if notice.is_security:
        return Mailing.NOW
    if choice is not None:
        return choice.mailing
    if not notice.by_default:
        return Mailing.NEVER
    return wishes.mailing if wishes is not None else Mailing.NOW


def mark_read(reader: Standing, public_id: str, *, at: datetime) -> bool:
    """That the reader looked at a message; whether there is such a one of theirs."""
    own = Message.objects.filter(person__public_id=as_uuid(reader.person), public_id=as_uuid(public_id))
    return bool(own.filter(read_at=None).update(read_at=at)) or own.exists()


def mark_all_read(reader: Standing, *, at: datetime) -> int:
    """All that the reader has as whom they act for now; returns how many were unread."""
    own = Message.objects.filter(person__public_id=as_uuid(reader.person), organisation=reader.organisation)
    return own.filter(read_at=None).update(read_at=at)


def note_language(user: object, request: HttpRequest | None = None, **_signal: object) -> None:
    """Called when somebody signs in: what they are sent is in the language of the page they did it on."""
    if request is not None and isinstance(user, Person):
        Spoken.objects.update_or_create(person=user, defaults={"language": language()})
