"""What issuing certificates leaves in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateIssued(Event):
    """A certificate about the evidence this is about; ``facts`` is the SHA-256 of what stands in it."""

    kind: ClassVar[str] = "certificates.certificate.issued"
    certificate: str
    facts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatesErased(Event):
    """What stood in the certificates about the evidence this is about was erased with it."""

    kind: ClassVar[str] = "certificates.certificates.erased"
    count: int
    reason: str


FIELDS: Labels = {
    "certificate": Label("Number of the certificate", Shape.CODE),
    "facts": Label("SHA-256 of what stands in it", Shape.CODE),
    "count": Label("How many"),
}
"""What the fields of these events are called."""

HAPPENINGS = {
    CertificateIssued.kind: "A certificate was issued about a piece of evidence",
    CertificatesErased.kind: "What stood in the certificates about a piece of evidence was erased",
}
"""Kind of event -> the sentence that names it in lists of receipts."""
