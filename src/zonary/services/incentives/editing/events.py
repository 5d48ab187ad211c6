"""What happens to a draft while it is written: public ids and digests. ``about`` is the working draft's public id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftBegun(Event):
    kind: ClassVar[str] = "editing.draft.begun"
    pack: str
    edition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftTakenUp(Event):
    """From release number ``taken_from`` of the pack, whose SHA-256 is ``digest``."""

    kind: ClassVar[str] = "editing.draft.taken-up"
    pack: str
    taken_from: int
    digest: str
    edition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSaved(Event):
    """``content_sha256`` is of the JSON that was kept, in UTF-8."""

    kind: ClassVar[str] = "editing.draft.saved"
    number: int
    content_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftHandedOver(Event):
    """It was laid before the others; what becomes of it stands at ``proposal``."""

    kind: ClassVar[str] = "editing.draft.handed-over"
    proposal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDropped(Event):
    kind: ClassVar[str] = "editing.draft.dropped"
    number: int


FIELDS: Labels = {
    "pack": Label("Rule pack", Shape.CODE),
    "edition": Label("Number of the edition", Shape.CODE),
    "number": Label("Version"),
    "content_sha256": Label("SHA-256 of the draft", Shape.CODE),
    "taken_from": Label("Taken up from release"),
    "digest": Label("SHA-256 of the rule pack", Shape.CODE),
    "proposal": Label("Number of the proposal", Shape.CODE),
}
"""What the fields of these events are called."""

HAPPENINGS = {
    DraftBegun.kind: "Writing of rules was begun",
    DraftTakenUp.kind: "Released rules were taken up for their next edition",
    DraftSaved.kind: "A draft of rules was saved",
    DraftHandedOver.kind: "A draft of rules was handed over",
    DraftDropped.kind: "A draft of rules was dropped",
}
"""Kind of event -> the sentence that names it in lists of receipts."""
