"""What the fields of the events of reviews are called."""

from __future__ import annotations

from zonary.foundation.documents.reviews.rules import CAUSES
from zonary.foundation.ledger.act_labels import Label, Labels, Shape

FIELDS: Labels = {
    "pool": Label("Pool", Shape.WHO),
    "holder": Label("Holder", Shape.WHO),
    "cause": Label("Why they stand aside", words=CAUSES),
    "count": Label("Answers"),
}
