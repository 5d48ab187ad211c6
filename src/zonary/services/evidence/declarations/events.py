"""What declaring leaves in the ledger; erased with the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FactDeclared(Event):
    """The holder of the evidence this is about says something of it; nobody checked it.

    ``happened_on`` is a day or empty; ``replaces`` the public id of an earlier declaration, or empty.
    """

    kind: ClassVar[str] = "declarations.fact.declared"
    declaration: str
    topic: str
    text: str
    who: str
    happened_on: str
    replaces: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationsErased(Event):
    """What was declared of the evidence this is about was erased with it."""

    kind: ClassVar[str] = "declarations.declarations.erased"
    count: int
    reason: str


TOPICS = {
    "source": "Source",
    "creation": "Creation",
    "custody": "Custody",
    "handover": "Handing on",
    "tool": "Device or tool",
    "notarisation": "Notarisation",
    "witness": "Third-party witness",
    "corroboration": "Corroborating data",
    "other": "Something else",
}

FIELDS: Labels = {
    "declaration": Label("Number of the declaration", Shape.CODE),
    "topic": Label("Topic", words=TOPICS),
    "text": Label("What is declared"),
    "who": Label("Who did it"),
    "happened_on": Label("Day it happened on", Shape.DAY),
    "replaces": Label("Replaces the declaration", Shape.CODE),
    "count": Label("How many"),
}
"""What the fields of these events are called."""

HAPPENINGS = {
    FactDeclared.kind: "Something was declared of a piece of evidence",
    DeclarationsErased.kind: "What was declared of a piece of evidence was erased",
}
"""Kind of event -> the sentence that names it in lists of receipts."""
