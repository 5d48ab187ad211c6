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
    """What is written on the card is another from now on; what was decided before stays."""

    kind: ClassVar[str] = "measures.measure.changed"
    number: int
    card_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurePublished(Event):
    """``release`` is the public id of the release in force then; later ones of the pack are followed."""

    kind: ClassVar[str] = "measures.measure.published"
    pack: str
    item: str
    release: str
    card_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureEnded(Event):
    kind: ClassVar[str] = "measures.measure.ended"
    reason: str


FIELDS: Labels = {
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
    MeasurePublished.kind: "A measure was published",
    MeasureEnded.kind: "A measure was ended",
}
"""Kind of event -> the sentence that names it in lists of receipts."""
