"""What storing copies leaves in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyStored(Event):
    """A version of a document of the holder is a copy of the evidence this is about.

    ``encryption`` is empty or ``age``. ``is_compared``: its digests are the registered ones.
    """

    kind: ClassVar[str] = "copies.copy.stored"
    document: str
    number: int
    encryption: str
    is_compared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiesForgotten(Event):
    """Which documents are copies of the evidence this is about is not known any more; the documents stay."""

    kind: ClassVar[str] = "copies.copies.forgotten"
    count: int
    reason: str


FIELDS: Labels = {
    "document": Label("Number of the document", Shape.CODE),
    "number": Label("Version"),
    "encryption": Label("Encryption", words={"age": "Encrypted by the holder (age)"}),
    "is_compared": Label("Compared with the registered digests"),
    "count": Label("How many"),
}
"""What the fields of these events are called."""

HAPPENINGS = {
    CopyStored.kind: "A copy of a registered file was stored",
    CopiesForgotten.kind: "Which documents are copies of a piece of evidence was erased",
}
"""Kind of event -> the sentence that names it in lists of receipts."""
