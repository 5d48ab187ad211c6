"""What goes in and out over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from msgspec import Meta
from ninja import Schema

from zonary.common.clock import rfc3339
from zonary.common.json_body import Body
from zonary.common.plain_text import DAY, day_of
from zonary.services.incentives.measures import queries, rules
from zonary.services.incentives.measures.budgets import BudgetUse
from zonary.services.incentives.measures.models import CardChange, Measure
from zonary.services.incentives.measures.rules import Card

_Money = Annotated[int, Meta(ge=1, le=rules.MAX_MONEY)]
_Workdays = Annotated[int, Meta(ge=0, le=rules.MAX_WORKDAYS)]
_Day = Annotated[str, Meta(extra_json_schema={"pattern": DAY})]


class CardIn(Body, frozen=True, kw_only=True):
    """What is written on a card. Money is in fen; `amount` names a table of the pack, or is empty."""

    title: Annotated[str, Meta(min_length=1, max_length=rules.MAX_TITLE)]
    title_english: Annotated[str, Meta(min_length=1, max_length=rules.MAX_TITLE)]
    summary: Annotated[str, Meta(min_length=1, max_length=rules.MAX_SUMMARY)]
    summary_english: Annotated[str, Meta(max_length=rules.MAX_SUMMARY)] = ""
    kind: Annotated[str, Meta(extra_json_schema={"enum": list(rules.KINDS)})]
    mode: Annotated[str, Meta(extra_json_schema={"enum": list(rules.MODES)})]
    decided_here: bool = True
    decided_by: Annotated[str, Meta(max_length=rules.MAX_SHORT)] = ""
    audience: Annotated[list[str], Meta(min_length=1, max_length=len(rules.AUDIENCES))]
    amount: Annotated[str, Meta(max_length=200)] = ""
    budget: _Money | None = None
    budget_year: Annotated[int, Meta(ge=2000, le=2199)] | None = None
    cap: _Money | None = None
    exhaustion: Annotated[str, Meta(extra_json_schema={"enum": list(rules.EXHAUSTIONS)})] = "first-come"
    stacking: Annotated[str, Meta(max_length=60)] = ""
    claim_from: _Day | None = None
    claim_until: _Day | None = None
    notice_workdays: _Workdays = 5
    pay_workdays: _Workdays = 60
    place: Annotated[str, Meta(max_length=rules.MAX_PLACE)] = ""
    telephone: Annotated[str, Meta(min_length=1, max_length=rules.MAX_TELEPHONE)]
    contact: Annotated[str, Meta(min_length=1, max_length=rules.MAX_SHORT)]

    def misfit(self) -> str | None:
        days = (self.claim_from, self.claim_until)
        return None if all(each is None or day_of(each) for each in days) else "days are written YYYY-MM-DD"

    def card(self) -> Card:
        given: dict[str, Any] = {name: getattr(self, name) for name in Card.__dataclass_fields__}
        days = {name: day_of(given[name]) for name in ("claim_from", "claim_until")}
        return Card(**{**given, **days, "audience": tuple(dict.fromkeys(self.audience))})


class MeasureIn(CardIn, frozen=True, kw_only=True):
    """The card of an item of a released pack."""

    pack: Annotated[str, Meta(max_length=60)]
    item: Annotated[str, Meta(max_length=60)]


class CardChangeIn(CardIn, frozen=True, kw_only=True):
    """`version` is the one that was read: 409 when there is another by now."""

    version: int


class PublicationIn(Body, frozen=True):
    """`version` is the one that was read: 409 when there is another by now."""

    version: int


class EndIn(Body, frozen=True):
    reason: Annotated[str, Meta(min_length=1, max_length=200)]


class MeasureOut(Schema):
    """`release` is the pack's release in force, by which it is decided now; null when that has no such item.

    `budget_used_up` says whether nothing is left of the budget; null without one. `waiting` is told to officers who
    write: the change of what decides about money that a second officer has to confirm.
    """

    id: str
    pack: str
    item: str
    release: str | None
    state: str
    version: int
    document: str | None
    title: str
    title_english: str
    summary: str
    summary_english: str
    kind: str
    mode: str
    decided_here: bool
    decided_by: str
    audience: list[str]
    amount: str
    budget: int | None
    budget_year: int | None
    cap: int | None
    exhaustion: str
    stacking: str
    claim_from: date | None
    claim_until: date | None
    notice_workdays: int
    pay_workdays: int
    place: str
    telephone: str
    contact: str
    published_at: datetime | None
    receipt: str
    budget_used_up: bool | None
    waiting: str | None


class MeasuresOut(Schema):
    items: list[MeasureOut]
    next: str | None


class ChangeOut(Schema):
    """`before` and `after` hold the fields that are another, as a card has them. `number` is the version it made."""

    id: str
    measure: str
    state: str
    number: int | None
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str
    proposed_at: datetime
    decided_at: datetime | None
    receipt: str


class BudgetOut(Schema):
    """In fen. `left` is never less than nothing, though a budget may be lowered below what was granted."""

    budget: int
    year: int
    granted: int
    left: int


class ChangesOut(Schema):
    items: list[ChangeOut]
    next: str | None


def change_out(each: CardChange) -> dict[str, object]:
    return {
        "id": str(each.public_id),
        "measure": str(each.measure.public_id),
        "state": each.state,
        "number": each.number,
        "before": each.before,
        "after": each.after,
        "reason": each.reason,
        "proposed_at": rfc3339(each.proposed_at),
        "decided_at": rfc3339(each.decided_at) if each.decided_at else None,
        "receipt": str(each.entry),
    }


def measure_out(
    each: Measure,
    releases: dict[tuple[str, str], str],
    use: BudgetUse | None,
    waiting: CardChange | None = None,
) -> dict[str, object]:
    """:param releases: pack and item -> public id of the release in force."""
    card = asdict(queries.card_of(each))
    days = {name: card[name].isoformat() if card[name] else None for name in ("claim_from", "claim_until")}
    return {
        **card,
        **days,
        "id": str(each.public_id),
        "pack": each.pack,
        "item": each.item,
        "release": releases.get((each.pack, each.item)),
        "state": each.state,
        "version": each.version,
        "document": str(each.document.public_id) if each.document else None,
        "published_at": rfc3339(each.published_at) if each.published_at else None,
        "receipt": str(each.entry),
        "budget_used_up": use.is_used_up if use else None,
        "waiting": str(waiting.public_id) if waiting else None,
    }
