"""What goes in and out over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Meta, field
from pydantic import BaseModel

from zonary.common.clock import rfc3339
from zonary.common.plain_text import PLAIN, PlainBody
from zonary.foundation.notifications.models import Delivery, WebhookEndpoint
from zonary.foundation.notifications.rules import MAX_URL

_KIND = "^[a-z0-9.-]{1,96}$"
EventKind: TypeAlias = Annotated[str, Meta(min_length=1, max_length=96, extra_json_schema={"pattern": _KIND})]
MAX_KINDS = 9


class WebhookIn(PlainBody, frozen=True):
    """Where to post, and which kinds of events; without any all."""

    url: Annotated[str, Meta(min_length=1, max_length=MAX_URL, extra_json_schema={"pattern": PLAIN})]
    kinds: Annotated[list[EventKind], Meta(max_length=MAX_KINDS)] = field(default_factory=list)

    def misfit(self) -> str | None:
        if any(not set(kind) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-") for kind in self.kinds):
            return f"kinds match {_KIND}"
        return PlainBody.misfit(self)


class WebhookOut(BaseModel):
    """`secret` is shown once, when it was set up: it proves that messages come from here."""

    id: str
    url: str
    kinds: list[str]
    state: str
    made_at: datetime
    ended_at: datetime | None
    secret: str | None


class WebhooksOut(BaseModel):
    items: list[WebhookOut]
    next: str | None


class DeliveryOut(BaseModel):
    id: str
    entry: str
    kind: str
    happened_at: datetime
    state: str
    attempts: int
    next_at: datetime | None
    answer: str


class DeliveriesOut(BaseModel):
    items: list[DeliveryOut]
    next: str | None


def webhook_out(endpoint: WebhookEndpoint, secret: str | None = None) -> dict[str, object]:
    return {
        "id": str(endpoint.public_id),
        "url": endpoint.url,
        "kinds": endpoint.kinds.split(),
        "state": endpoint.state,
        "made_at": rfc3339(endpoint.made_at),
        "ended_at": None if endpoint.ended_at is None else rfc3339(endpoint.ended_at),
        "secret": secret,
    }


def delivery_out(delivery: Delivery) -> dict[str, object]:
    return {
        "id": str(delivery.public_id),
        "entry": str(delivery.entry),
        "kind": delivery.kind,
        "happened_at": rfc3339(delivery.happened_at),
        "state": delivery.state,
        "attempts": delivery.attempts,
        "next_at": None if delivery.next_at is None else rfc3339(delivery.next_at),
        "answer": delivery.answer,
    }
