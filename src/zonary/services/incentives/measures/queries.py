"""Reading item cards. Published and ended ones are public; those that are prepared are the officers'."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from zonary.common.clock import zone_date
from zonary.common.pagination import DEFAULT_LIMIT, Page, paginate
from zonary.engines.clauses.errors import ClausesError
from zonary.engines.clauses.language import render_english
from zonary.engines.clauses.packs.shapes import (
    ClauseShape,
    FixedShape,
    ItemShape,
    JoinedShape,
    ProportionShape,
    RowsShape,
    ScoreShape,
    TableShape,
)
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.searching import PASSER_BY
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules.loaded import LoadedPack, pack_in_force, packs_in_force
from zonary.foundation.rules.permissions import UnknownPackError
from zonary.foundation.search.queries import search
from zonary.services.incentives.library.models import PolicyDocument
from zonary.services.incentives.measures.models import CardChange, Measure
from zonary.services.incentives.measures.rules import Card

_NUMBER: Final = re.compile(r"[0-9]{1,18}(\.[0-9]{1,6})?")
_YUAN: Final = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(10**8)}
_SCALES: Final = ((Decimal(10**8), "亿元"), (Decimal(10_000), "万元"))
KIND = "measures"
"""What they are called in the index of words."""
_PUBLIC = (Measure.State.PUBLISHED, Measure.State.ENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list is limited to; empty: by nothing. ``state`` empty: what is published."""

    kind: str = ""
    mode: str = ""
    audience: str = ""
    state: str = ""


def measures(reader: Standing | None, wanted: Wanted, *, cursor: str = "", limit: int = DEFAULT_LIMIT) -> Page[Measure]:
    """The last prepared first."""
    return paginate(_limited(_seen(reader), wanted), "-id", cursor=cursor, limit=limit)


def measures_with(
    reader: Standing | None, query: str, wanted: Wanted, *, cursor: str = "", limit: int = DEFAULT_LIMIT, at: datetime
) -> Page[Measure]:
    """Those on whose card every word of ``query`` stands.

    :raises QueryError: for a query that cannot be searched for.
    """
    hits = search(reader or PASSER_BY, query, kinds=(KIND,), cursor=cursor, limit=limit, at=at)
    rows = _limited(_seen(reader), wanted).filter(public_id__in=[hit.public_id for hit in hits])
    found = {str(each.public_id): each for each in rows}
    return Page([found[hit.public_id] for hit in hits if hit.public_id in found], hits.next)


def published() -> QuerySet[Measure]:
    return Measure.objects.filter(state=Measure.State.PUBLISHED)


def _seen(reader: Standing | None) -> QuerySet[Measure]:
    rows = Measure.objects.select_related("document")
    return rows if reader is not None and reader.is_officer else rows.filter(state__in=_PUBLIC)


def _limited(rows: QuerySet[Measure], wanted: Wanted) -> QuerySet[Measure]:
    rows = rows.filter(state=wanted.state or Measure.State.PUBLISHED)
    rows = rows.filter(kind=wanted.kind) if wanted.kind else rows
    rows = rows.filter(mode=wanted.mode) if wanted.mode else rows
    if wanted.audience:
        # Neither database has the same question about a list in JSON; its text has the key in quotation marks.
        rows = rows.annotate(audiences=Cast("audience", TextField()))
        rows = rows.filter(audiences__contains=f'"{wanted.audience}"')
    return rows


def measure_of(reader: Standing | None, public_id: str) -> Measure | None:
    return _seen(reader).filter(public_id=as_uuid(public_id)).first()


def card_of(measure: Measure) -> Card:
    """What is written on it."""
    names = [each for each in Card.__dataclass_fields__ if each != "audience"]
    return Card(audience=tuple(measure.audience), **{name: getattr(measure, name) for name in names})


# --- what was changed on a card ---------------------------------------------------------------------------------------


def waiting_change(measure: Measure) -> CardChange | None:
    """What one officer proposed for its money, and no other has decided on. For officers."""
    return measure.changes.filter(state=CardChange.State.PROPOSED).first()


def changes_waiting(reader: Standing) -> QuerySet[CardChange]:
    """On all cards, for officers."""
    rows = CardChange.objects.filter(state=CardChange.State.PROPOSED).select_related("measure")
    return rows if reader.is_officer else rows.none()


def changes_to_confirm(reader: Standing) -> QuerySet[CardChange]:
    """Those the reader may confirm, oldest first: not their own."""
    return changes_waiting(reader).exclude(proposed_by=reader.actor_id).order_by("pk")


def change_called(reader: Standing, public_id: str) -> CardChange | None:
    """For officers, whatever became of it."""
    if not reader.is_officer:
        return None
    return CardChange.objects.select_related("measure").filter(public_id=as_uuid(public_id)).first()


def changes_made(measure: Measure) -> QuerySet[CardChange]:
    """Since it was published, each with the number of the version it made; for whoever may read the card."""
    return measure.changes.filter(state=CardChange.State.MADE)


def was_offered_before(measure: Measure) -> bool:
    """Whether the item had another card that was published."""
    others = Measure.objects.filter(pack=measure.pack, item=measure.item).exclude(pk=measure.pk)
    return others.exclude(published_at=None).exists()


def cards_to_publish(reader: Standing) -> QuerySet[Measure]:
    """Prepared cards that wait for another officer than who prepared them, and the reader is one; oldest first."""
    before = Measure.objects.filter(pack=OuterRef("pack"), item=OuterRef("item")).exclude(published_at=None)
    rows = Measure.objects.filter(state=Measure.State.PREPARED).exclude(prepared_by=reader.actor_id)
    rows = rows.filter(~Q(amount="") | Q(kind=Measure.Kind.AWARD) | Exists(before)).order_by("pk")
    return rows if reader.is_officer else rows.none()


def needs_another(reader: Standing | None, measure: Measure) -> bool:
    """Whether the reader prepared it, and so another officer has to publish it."""
    is_own = reader is not None and reader.actor_id == measure.prepared_by
    return is_own and (card_of(measure).gives_money or was_offered_before(measure))


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """An item of a released pack for which a card can be prepared, or is."""

    loaded: LoadedPack
    item: ItemShape
    measure: Measure | None

    @property
    def amounts(self) -> list[tuple[str, str]]:
        """Tables of the pack that give money, by name."""
        dimensions = self.loaded.vocabulary.tables
        return [(name, name) for name, dimension in dimensions.items() if dimension == "money"]


def offered(at: datetime) -> list[Offered]:
    """Every item of every pack in force, with its present card."""
    rows = Measure.objects.exclude(state=Measure.State.ENDED).order_by("id")
    cards = {(each.pack, each.item): each for each in rows}
    return [
        Offered(loaded=loaded, item=item, measure=cards.get((loaded.pack_id, item.id)))
        for loaded in packs_in_force(at=at)
        for item in loaded.shape.items
    ]


def item_of(pack: str, item: str, *, at: datetime) -> Offered | None:
    """An item by the release in force; None when there is none, or no such item in it any more."""
    try:
        loaded = pack_in_force(pack, at=at)
    except UnknownPackError:
        return None
    found = next((each for each in loaded.shape.items if each.id == item), None)
    return Offered(loaded=loaded, item=found, measure=None) if found else None


def document_of_pack(loaded: LoadedPack) -> PolicyDocument | None:
    """The document a pack was made from, where the library has it."""
    return PolicyDocument.objects.filter(number="".join(loaded.shape.number.split())).first()


# --- who gets it, and how much ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Required:
    """A clause as the card shows it."""

    clause: ClauseShape
    english: str


@dataclass(frozen=True, slots=True)
class Joined:
    """``how``: all, any, none, or at-least with ``count``."""

    how: str
    parts: Sequence[Required | Joined]
    count: int = 0

    @property
    def is_joined(self) -> bool:
        return True


def requirements_of(offered: Offered) -> Joined:
    """The condition of an item, clause by clause."""
    clauses = {each.id: each for each in offered.loaded.shape.clauses}
    english = {
        each.id: render_english(each.expression, offered.loaded.vocabulary)
        for each in offered.loaded.pack.document.clauses
    }

    def one(shape: str | JoinedShape) -> Required | Joined:
        if isinstance(shape, str):
            return Required(clauses[shape], english[shape])
        if shape.none is not None:
            inner = shape.none
            parts = inner.any if isinstance(inner, JoinedShape) and inner.any is not None else [inner]
            return Joined("none", [one(each) for each in parts])
        if shape.at_least is not None:
            return Joined("at-least", [one(each) for each in shape.of or ()], shape.at_least)
        how = "all" if shape.all is not None else "any"
        return Joined(how, [one(each) for each in shape.all or shape.any or ()])

    found = one(offered.item.condition)
    return found if isinstance(found, Joined) else Joined("all", [found])


@dataclass(frozen=True, slots=True)
class Printed:
    """A table as it is printed. ``rows`` are of texts, the last what they give."""

    name: str
    english: str
    kind: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    shape: TableShape


def tables_of(offered: Offered, name: str, *, at: datetime) -> list[Printed]:
    """The table that gives an amount, and those it reads, itself first; parameters with what they are at ``at``."""
    if not name or name not in offered.loaded.vocabulary.tables:
        return []
    shapes = {each.name.zh: each for each in offered.loaded.shape.tables}
    needed = offered.loaded.pack.tables.needed(name)
    parameters = offered.loaded.pack.parameters

    def says(text: str, unit: str = "") -> str:
        if not text.startswith("【"):
            return said_amount(text, unit) if unit else said_rate(text)
        try:
            amount = parameters.on(text[1:-1], zone_date(at), at).amount
        except ClausesError:  # none is in force: its name is all there is to say
            return text
        return f"{amount.number:f}{amount.unit}（{text[1:-1]}）"

    return [_printed(shapes[each], says) for each in reversed(needed) if each in shapes]


def _printed(shape: TableShape, says: Callable[..., str]) -> Printed:
    headings: list[str] = []
    rows: list[list[str]] = []
    match shape:
        case RowsShape():
            headings = [f"{each.reads}（{each.unit}）" if each.unit else each.reads for each in shape.columns]
            rows = [[*(cell or "–" for cell in row.when), said_amount(row.gives, shape.unit)] for row in shape.rows]
            if shape.otherwise is not None:
                rows.append([*("–" for _each in shape.columns), shape.otherwise + shape.unit])
        case ProportionShape():
            most = f"，不超过{says(shape.cap, shape.unit)}" if shape.cap else ""
            rows = [[f"{shape.of.reads}的{says(shape.rate)}{most}"]]
        case FixedShape():
            rows = [[says(shape.gives, shape.unit)]]
        case ScoreShape():
            rows = [[each if isinstance(each, str) else " / ".join(each.best_of)] for each in shape.parts]
    return Printed(shape.name.zh, shape.name.en, type(shape).__name__, headings, rows, shape)


def said_rate(rate: str) -> str:
    """``0.015`` as ``1.5%``; what is no number, such as a parameter's name, as it stands."""
    return f"{Decimal(rate) * 100:f}".rstrip("0").rstrip(".") + "%" if _is_number(rate) and "." in rate else f"{rate}倍"


def said_amount(amount: str, unit: str) -> str:
    """Money as a document has it: ``300000`` of 元 as ``30万元``, ``20000`` of 万元 as ``2亿元``; else as it stands."""
    if unit not in _YUAN or not _is_number(amount):
        return amount + unit
    yuan = Decimal(amount) * _YUAN[unit]
    scale, word = next(((each, name) for each, name in _SCALES if yuan >= each), (Decimal(1), "元"))
    return f"{yuan / scale:f}{word}" if yuan % (scale / 10_000) == 0 else amount + unit


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text))


def is_open_on(measure: Measure, day: date) -> bool:
    """Whether it can be claimed on a day, as far as its own days go."""
    begun = measure.claim_from is None or measure.claim_from <= day
    return (
        measure.state == Measure.State.PUBLISHED
        and begun
        and (measure.claim_until is None or day <= measure.claim_until)
    )
