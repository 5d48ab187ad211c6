"""What goes in and out over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta
from ninja import Schema

from zonary.common.clock import rfc3339
from zonary.common.plain_text import PLAIN, PlainBody
from zonary.services.evidence.secrets.models import AccessGrant, Agreement, SecretOpening, TradeSecret
from zonary.services.evidence.secrets.rules import MAX_NAME, MAX_POINT, MAX_REASON, MAX_TITLE


class SecretIn(PlainBody, frozen=True):
    """`thing` is the id of a record, or of a document you encrypted. Of `point` only digests are recorded."""

    source: Literal["record", "document"]
    thing: Annotated[str, Meta(max_length=36)]
    title: Annotated[str, Meta(min_length=1, max_length=MAX_TITLE, extra_json_schema={"pattern": PLAIN})]
    marking: Literal["core", "ordinary"]
    point: Annotated[str, Meta(max_length=MAX_POINT, extra_json_schema={"pattern": PLAIN})] = ""


class EndIn(PlainBody, frozen=True):
    """`reason` becomes part of the ledger: nothing secret in it."""

    reason: Annotated[str, Meta(min_length=1, max_length=MAX_REASON, extra_json_schema={"pattern": PLAIN})]
    erase_point: bool = False


class AccessIn(PlainBody, frozen=True):
    """Who may see it: the public id of one of your people, or of an outsider, whom you then call `name`.

    `until` is the last day, at most 366 days away.
    """

    DAYS = ("until",)

    person: Annotated[str, Meta(max_length=36)]
    agreement: Annotated[str, Meta(max_length=36)]
    until: str
    name: Annotated[str, Meta(max_length=MAX_NAME, extra_json_schema={"pattern": PLAIN})] = ""

    def last_day(self) -> date:
        return date.fromisoformat(self.until)


class SecretOut(Schema):
    """One of your register; the secrecy point is shown on its page alone, where that is recorded."""

    id: str
    title: str
    marking: str
    source: str
    thing: str
    version: int | None
    registered_at: datetime
    ended_at: datetime | None
    receipt: str


class SecretsOut(Schema):
    """Newest first."""

    items: list[SecretOut]
    next: str | None = None


class AccessOut(Schema):
    """`organisation` is yours for one of your people, and empty for an outsider."""

    id: str
    person: str
    organisation: str
    name: str
    agreement: str
    until: date
    since: datetime
    accepted_at: datetime | None
    acceptance: str
    withdrawn_at: datetime | None


class AccessesOut(Schema):
    """Newest first, at most 200."""

    items: list[AccessOut]


class SecretOpeningOut(Schema):
    """Who opened what of it; `access` is empty for who keeps the register. `receipt` is the id of the act."""

    access: str
    what: str
    person: str
    at: datetime
    receipt: str


class SecretOpeningsOut(Schema):
    """Newest first, at most 200."""

    items: list[SecretOpeningOut]


class AgreementOut(Schema):
    id: str
    number: int
    title: str
    text: str
    issued_at: datetime
    receipt: str


class AgreementsOut(Schema):
    """Newest first, at most 200."""

    items: list[AgreementOut]


def secret_out(each: TradeSecret) -> dict[str, object]:
    return {
        "id": str(each.public_id),
        "title": each.title,
        "marking": each.marking,
        "source": each.source,
        "thing": str(each.thing),
        "version": each.number,
        "registered_at": rfc3339(each.registered_at),
        "ended_at": _moment(each.ended_at),
        "receipt": str(each.entry),
    }


def access_out(each: AccessGrant) -> dict[str, object]:
    return {
        "id": str(each.public_id),
        "person": str(each.person),
        "organisation": each.organisation,
        "name": each.name,
        "agreement": str(each.agreement.public_id),
        "until": each.until.isoformat(),
        "since": rfc3339(each.since),
        "accepted_at": _moment(each.accepted_at),
        "acceptance": "" if each.acceptance is None else str(each.acceptance),
        "withdrawn_at": _moment(each.withdrawn_at),
    }


def opening_out(each: SecretOpening) -> dict[str, object]:
    return {
        "access": "" if each.grant is None else str(each.grant.public_id),
        "what": each.what,
        "person": str(each.person),
        "at": rfc3339(each.at),
        "receipt": str(each.entry),
    }


def agreement_out(each: Agreement) -> dict[str, object]:
    return {
        "id": str(each.public_id),
        "number": each.number,
        "title": each.title,
        "text": each.text,
        "issued_at": rfc3339(each.issued_at),
        "receipt": str(each.entry),
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else rfc3339(at)
