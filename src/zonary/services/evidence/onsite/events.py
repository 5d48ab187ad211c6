"""What capturing on the spot leaves in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.ledger.acts import Event

MEDIA = {"photo": "Photograph", "video": "Film", "audio": "Sound recording"}
"""Medium -> what it is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeGiven(Event):
    """The server gave a fresh code, good until then and for one recording. The time of the act is when."""

    kind: ClassVar[str] = "onsite.code.given"
    medium: str
    code: str
    good_until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingSealed(Event):
    """Digests of a recording came while its code was good, and are sealed as ``evidence``; the code is used."""

    kind: ClassVar[str] = "onsite.recording.sealed"
    evidence: str
    code_given: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingForgotten(Event):
    """The record of the recording was erased, and with it the digests that were kept here to find it by."""

    kind: ClassVar[str] = "onsite.recording.forgotten"
    evidence: str


FIELDS: Labels = {
    "medium": Label("What is made", words=MEDIA),
    "code": Label("Code of the recording"),
    "good_until": Label("Good until", Shape.MOMENT),
    "evidence": Label("Record of evidence", Shape.CODE),
    "code_given": Label("The code was given", Shape.MOMENT),
}
"""What the fields of these events are called."""

HAPPENINGS = {
    CodeGiven.kind: "A code for a recording was given",
    RecordingSealed.kind: "A recording made on the spot was sealed",
    RecordingForgotten.kind: "The digests of a recording were erased with its record",
}
"""Kind of event -> the sentence that names it in lists of receipts."""
