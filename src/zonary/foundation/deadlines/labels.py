"""What the fields of the events of deadlines are called."""

from __future__ import annotations

from collections.abc import Mapping

from zonary.foundation.ledger.act_labels import Label, Labels, Shape


def _moved(value: object, _body: Mapping[str, object]) -> str:
    about, before, after = (str(each) for each in value) if isinstance(value, list) else (str(value), "", "")
    return f"{about}: {before or '–'} → {after or '–'}"


FIELDS: Labels = {
    "year": Label("Year"),
    "document": Label("Document of the notice"),
    "calendar": Label("Calendar it was computed with", Shape.CODE),
    "closure": Label("Number of the closure", Shape.CODE),
    "first": Label("From day", Shape.DAY),
    "last": Label("To day", Shape.DAY),
    "begins": Label("Counted after the day", Shape.DAY),
    "count": Label("Length"),
    "unit": Label("Unit", words={"workdays": "workdays", "days": "days", "months": "months", "years": "years"}),
    "is_statutory": Label("Set by law"),
    "basis": Label("Legal basis"),
    "deadline": Label("Number of the deadline", Shape.CODE),
    "due": Label("Deadline", Shape.DAY),
    "awaited_by": Label("Who waits for it", Shape.WHO),
    "is_provisional": Label("Provisional"),
    "is_late": Label("Late"),
    "unmoved": Label("Deadlines that stayed"),
    "moved": Label("Deadlines that moved", tell=_moved),
}
