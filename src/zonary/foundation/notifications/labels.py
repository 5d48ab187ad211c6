"""What the fields of the events of webhooks are called."""

from __future__ import annotations

from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.organizations.happenings import HAPPENINGS

FIELDS: Labels = {
    "webhook": Label("Number of the webhook", Shape.CODE),
    "url": Label("Where to post", Shape.CODE),
    "kinds": Label("Kinds of events", words=HAPPENINGS),
    "answer": Label("What came of it"),
    "delivery": Label("Number of the message", Shape.CODE),
}
