"""Every read, the reader first: nobody sees what another person was told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Count, QuerySet

from zonary.foundation.ledger.notices import NOTICES, Notice
from zonary.foundation.notifications.inbox.models import Choice, Message, Wishes
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing


def inbox(reader: Standing) -> QuerySet[Message]:
    """What the reader was told as whom they act for now: the organisation's business, or their own."""
    return Message.objects.filter(person__public_id=as_uuid(reader.person), organisation=reader.organisation)


def unread(reader: Standing) -> QuerySet[Message]:
    return inbox(reader).filter(read_at=None)


def unread_elsewhere(reader: Standing) -> dict[str, int]:
    """Public id of another organisation the reader acts for (empty: themselves) -> how much waits there."""
    rows = Message.objects.filter(person__public_id=as_uuid(reader.person), read_at=None)
    rows = rows.exclude(organisation=reader.organisation)
    return dict(rows.values_list("organisation").annotate(count=Count("pk")).order_by("organisation"))


def message_of(reader: Standing, public_id: str) -> Message | None:
    """A message to the reader, whomever they act for now: a link in a mail does not know."""
    own = Message.objects.filter(person__public_id=as_uuid(reader.person))
    return own.filter(public_id=as_uuid(public_id)).first()


def names_in(messages: Iterable[Message]) -> dict[str, str]:
    """Public id -> name of the organisations these name or are the business of; they are named to everybody."""
    ids = {as_uuid(each) for message in messages for each in (message.names, message.organisation) if each}
    rows = Organization.objects.filter(public_id__in=ids).values_list("public_id", "name") if ids else ()
    return {str(public_id): name for public_id, name in rows}


def wishes_of(reader: Standing) -> Wishes | None:
    return Wishes.objects.filter(person__public_id=as_uuid(reader.person)).first()


def choices_of(reader: Standing) -> Mapping[str, Choice]:
    """Kind -> what the reader chose."""
    return {each.kind: each for each in Choice.objects.filter(person__public_id=as_uuid(reader.person))}


def kinds_to_choose() -> list[tuple[str, Notice]]:
    """Every kind of event that tells people, with the first of its notices, which stands for all."""
    return [(kind, notices[0]) for kind, notices in sorted(NOTICES.items()) if notices]
