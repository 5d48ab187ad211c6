"""What the fields of the events of rule packs are called."""

from __future__ import annotations

from zonary.foundation.ledger.act_labels import Label, Labels, Shape

CONCLUSIONS = {
    "passes": "Compatible with fair competition",
    "exception": "Allowed as an exception",
    "fails": "Not compatible with fair competition",
}

FIELDS: Labels = {
    "pack": Label("Rule pack", Shape.CODE),
    "digest": Label("SHA-256 of the rule pack", Shape.CODE),
    "note": Label("What changes"),
    "conclusion": Label("Conclusion", words=CONCLUSIONS),
    "grounds": Label("Grounds"),
    "document": Label("SHA-256 of the document", Shape.CODE),
    "number": Label("Number of the release"),
    "proposed_by": Label("Proposed by", Shape.WHO),
    "review": Label("Number of the review", Shape.CODE),
}
