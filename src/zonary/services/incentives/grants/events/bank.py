"""What officers say about a bank's answer after it was read, and what that is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureConfirmed(Event):
    """Another officer than who read the answer asked the bank, and says that it did not pay."""

    kind: ClassVar[str] = "grants.failure.confirmed"
    grant: str
    batch: str
    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultCorrected(Event):
    """Another officer than who read the answer says that the bank did pay what it was said to have failed."""

    kind: ClassVar[str] = "grants.result.corrected"
    grant: str
    batch: str
    file: str
    line: int
    reason: str


BANK_FIELDS: Labels = {
    "line": Label("Line"),
    "upload_digest": Label("SHA-256 of what was uploaded", Shape.CODE),
}
BANK_HAPPENINGS = {
    FailureConfirmed.kind: "A failed payment was confirmed by another officer",
    ResultCorrected.kind: "The bank's answer about a grant was corrected",
}
