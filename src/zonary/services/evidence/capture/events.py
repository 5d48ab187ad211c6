"""What a capture leaves in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.ledger.acts import Event
from zonary.services.evidence.capture.rules import FAILURES, OUTCOMES


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRequested(Event):
    """Somebody asked for an address to be captured."""

    kind: ClassVar[str] = "capture.requested"
    address: str
    goes_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureBegun(Event):
    """A server began with it."""

    kind: ClassVar[str] = "capture.begun"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureSealed(Event):
    """It ended, and what was seen is sealed: ``evidence`` is the record, ``document`` holds the files.

    ``sha256`` is of the packed files.
    """

    kind: ClassVar[str] = "capture.sealed"
    outcome: str
    evidence: str
    document: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureFailed(Event):
    """It ended, and there is nothing to seal."""

    kind: ClassVar[str] = "capture.failed"
    failure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureWithdrawn(Event):
    """It was taken back while it waited; nothing was opened."""

    kind: ClassVar[str] = "capture.withdrawn"


FIELDS: Labels = {
    "address": Label("Address of the capture"),
    "goes_on": Label("In spite of its certificate"),
    "outcome": Label("What the capture came to", words=OUTCOMES),
    "failure": Label("Reason", words=FAILURES),
    "evidence": Label("Record of evidence", Shape.CODE),
    "document": Label("Document with the files", Shape.CODE),
    "sha256": Label("SHA-256 of the files", Shape.CODE),
}
"""What the fields of these events are called."""

HAPPENINGS = {
    CaptureRequested.kind: "A capture was asked for",
    CaptureBegun.kind: "A capture began",
    CaptureSealed.kind: "A capture was sealed",
    CaptureFailed.kind: "A capture failed",
    CaptureWithdrawn.kind: "A capture was withdrawn",
}
"""Kind of event -> the sentence that names it in lists of receipts."""
