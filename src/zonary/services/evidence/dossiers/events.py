"""What dossiers leave in the ledger: public ids and digests, none of the words on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierOpened(Event):
    """A dossier was begun. ``cover_sha256`` is of the canonical JSON of what is written on it."""

    kind: ClassVar[str] = "dossiers.dossier.opened"
    template: str
    stands_at: str
    cover_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierChanged(Event):
    """What is written on a dossier is another from now on."""

    kind: ClassVar[str] = "dossiers.dossier.changed"
    template: str
    stands_at: str
    cover_sha256: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFiled(Event):
    """A record was put into the dossier this is about; ``ask`` is what it is there for, or empty."""

    kind: ClassVar[str] = "dossiers.evidence.filed"
    item: str
    record: str
    stage: str
    ask: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceTaken(Event):
    """A record was taken out of the dossier this is about; the record itself stays."""

    kind: ClassVar[str] = "dossiers.evidence.taken"
    item: str
    record: str


FIELDS: Labels = {
    "template": Label(
        "Kind of matter",
        words={
            "invention": "Invention or design",
            "software": "Software or another work",
            "mark": "Trade mark",
            "trade-secret": "Trade secret",
        },
    ),
    "stands_at": Label(
        "Where the matter stands",
        words={
            "idea": "Idea",
            "development": "Development",
            "filing": "Filing",
            "licensing": "Licensing",
            "enforcement": "Enforcement",
        },
    ),
    "stage": Label(
        "Stage",
        words={
            "idea": "Idea",
            "development": "Development",
            "filing": "Filing",
            "licensing": "Licensing",
            "enforcement": "Enforcement",
        },
    ),
    "cover_sha256": Label("SHA-256 of what is written on it", Shape.CODE),
    "number": Label("Version"),
    "item": Label("Number of the item", Shape.CODE),
    "record": Label("Number of the receipt", Shape.CODE),
    "ask": Label("What it is there for", Shape.CODE),
}
"""What the fields of these events are called."""

HAPPENINGS = {
    DossierOpened.kind: "A dossier was opened",
    DossierChanged.kind: "A dossier was changed",
    EvidenceFiled.kind: "Evidence was put into a dossier",
    EvidenceTaken.kind: "Evidence was taken out of a dossier",
}
"""Kind of event -> the sentence that names it in lists of receipts."""
