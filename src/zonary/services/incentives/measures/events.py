"""What happens to item cards; ``about`` is the measure's public id. A published card is public, and has this digest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurePrepared(Event):
    kind: ClassVar[str] = "measures.measure.prepared"
    pack: str
    item: str
    card_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureChanged(Event):
    """What is written on the card is another from now on; what was decided before stays.

    ``before`` and ``after`` name every field that is another, each as text, money in fen. ``change`` is the number of
    the proposal that ``by`` confirmed, and ``proposed_by`` who made it; both empty where one officer is enough.
    """

    kind: ClassVar[str] = "measures.measure.changed"
    number: int
    card_sha256: str
    before: dict[str, str]
    after: dict[str, str]
    change: str = ""
    proposed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureChangeProposed(Event):
    """What decides about money on a published card should be another; nothing is yet, a second officer has to agree."""

    kind: ClassVar[str] = "measures.change.proposed"
    change: str
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureChangeRejected(Event):
    """A proposed change is not made: refused, taken back, or the measure ended first."""

    kind: ClassVar[str] = "measures.change.rejected"
    change: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurePublished(Event):
    """``release`` is the public id of the release in force then; later ones of the pack are followed.

    ``prepared_by`` is who last wrote what decides about money: another than ``by`` where the card gives money.
    """

    kind: ClassVar[str] = "measures.measure.published"
    pack: str
    item: str
    release: str
    card_sha256: str
    prepared_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureEnded(Event):
    kind: ClassVar[str] = "measures.measure.ended"
    reason: str


FIELD_NAMES = {
    "title": "Title",
    "title_english": "Title in English",
    "summary": "In one sentence",
    "summary_english": "The same in English",
    "kind": "Kind of measure",
    "mode": "How one gets it",
    "decided_here": "The zone decides",
    "decided_by": "Who else decides",
    "audience": "For whom",
    "amount": "Table that gives the amount",
    "budget": "Budget in fen",
    "budget_year": "Year of the budget",
    "cap": "Most for one enterprise in a year, in fen",
    "exhaustion": "When the budget is not enough",
    "stacking": "Group of which only the highest counts",
    "claim_from": "First day to claim",
    "claim_until": "Last day to claim",
    "notice_workdays": "Working days of public notice",
    "pay_workdays": "Working days until it is paid",
    "place": "Where to go",
    "telephone": "Telephone",
    "contact": "Contact",
}
"""What the fields of a card are called in acts, where money is in fen."""

FIELDS: Labels = {
    "before": Label("As it was", Shape.FIELDS, words=FIELD_NAMES),
    ("measures.measure.changed", "after"): Label("As it is from now on", Shape.FIELDS, words=FIELD_NAMES),
    ("measures.change.proposed", "after"): Label("What it should be", Shape.FIELDS, words=FIELD_NAMES),
    "change": Label("Number of the change", Shape.CODE),
    "proposed_by": Label("Proposed by", Shape.WHO),
    "prepared_by": Label("Prepared by", Shape.WHO),
    "pack": Label("Rule pack", Shape.CODE),
    "item": Label("Item of the rule pack", Shape.CODE),
    "release": Label("Number of the release", Shape.CODE),
    "number": Label("Version"),
    "card_sha256": Label("SHA-256 of the card", Shape.CODE),
}
"""What the fields of these events are called."""

HAPPENINGS = {
    MeasurePrepared.kind: "The card of a measure was prepared",
    MeasureChanged.kind: "The card of a measure was changed",
    MeasureChangeProposed.kind: "A change of a measure's card was proposed to a second officer",
    MeasureChangeRejected.kind: "A proposed change of a measure's card was not made",
    MeasurePublished.kind: "A measure was published",
    MeasureEnded.kind: "A measure was ended",
}
"""Kind of event -> the sentence that names it in lists of receipts."""
