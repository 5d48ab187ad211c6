"""What goes in and out over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from django.conf import settings
from msgspec import Meta, field
from pydantic import BaseModel

from zonary.common.clock import rfc3339
from zonary.common.plain_text import PlainBody
from zonary.foundation.notifications.inbox.models import Choice, Message, Wishes
from zonary.foundation.notifications.inbox.rules import MAX_HANDLE
from zonary.foundation.notifications.inbox.wording import address_of, sentence_of
from zonary.foundation.notifications.schemas import EventKind

_HANDLE = "^[A-Za-z0-9._@+-]{0,64}$"
Often = Literal["now", "daily", "never"]


class ChoicesIn(PlainBody, frozen=True):
    """How you want to be told: in all of it, and of some kinds otherwise. What is not named counts no more."""

    mailing: Often
    language: Literal["", "zh", "en"] = ""
    handle: Annotated[str, Meta(max_length=MAX_HANDLE, extra_json_schema={"pattern": _HANDLE})] = ""
    kinds: Annotated[dict[EventKind, Often], Meta(max_length=100)] = field(default_factory=dict)
    by_messenger: Annotated[list[EventKind], Meta(max_length=100)] = field(default_factory=list)


class ChoicesOut(BaseModel):
    mailing: str
    language: str
    handle: str
    kinds: dict[str, str]
    by_messenger: list[str]


class MessageOut(BaseModel):
    """`address` is the page to read on; `entry` the act that tells of itself, `count` how many alike."""

    id: str
    kind: str
    text: str
    organisation: str
    entry: str
    count: int
    made_at: datetime
    read_at: datetime | None
    address: str | None


class MessagesOut(BaseModel):
    items: list[MessageOut]
    next: str | None


def message_out(message: Message, names: Mapping[str, str]) -> dict[str, object]:
    address = address_of(message)
    return {
        "id": str(message.public_id),
        "kind": message.kind,
        "text": sentence_of(message, names),
        "organisation": message.organisation,
        "entry": str(message.entry),
        "count": message.count,
        "made_at": rfc3339(message.made_at),
        "read_at": None if message.read_at is None else rfc3339(message.read_at),
        "address": f"{settings.ZONARY_URL}{address}" if address else None,
    }


def choices_out(wishes: Wishes | None, chosen: Mapping[str, Choice]) -> dict[str, object]:
    return {
        "mailing": wishes.mailing if wishes else "now",
        "language": wishes.language if wishes else "",
        "handle": wishes.handle if wishes else "",
        "kinds": {kind: each.mailing for kind, each in chosen.items()},
        "by_messenger": [kind for kind, each in chosen.items() if each.by_messenger],
    }
