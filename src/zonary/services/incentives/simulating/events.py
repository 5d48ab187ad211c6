"""What trying out leaves in the ledger: that somebody did on a day, and each time that enterprises were named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TryingBegun(Event):
    """An officer tries out other numbers for rules that day. ``about`` is the measure or the draft of rules, ``rules``
    the SHA-256 of the rule pack. No number is shown to who has not recorded this.
    """

    kind: ClassVar[str] = "simulating.begun"
    rules: str
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesShown(Event):
    """An officer saw which enterprises would win or lose. ``rules`` is the SHA-256 of the rule pack that was changed,
    ``changes`` what was changed, ``names_sha256`` of the public ids, ascending, each with a line feed behind it.
    """

    kind: ClassVar[str] = "simulating.names.shown"
    rules: str
    item: str
    side: str
    changes: dict[str, str]
    count: int
    names_sha256: str


SIDES = {"winners": "Would have it", "losers": "Would no longer have it"}

FIELDS: Labels = {
    "rules": Label("SHA-256 of the rule pack", Shape.CODE),
    "day": Label("As of the day", Shape.DAY),
    "item": Label("Item of the rule pack", Shape.CODE),
    "side": Label("Which enterprises", words=SIDES),
    "changes": Label("What was changed", Shape.FIELDS),
    "count": Label("Enterprises"),
    "names_sha256": Label("SHA-256 of the list of enterprises", Shape.CODE),
}
"""What the fields of these events are called."""

HAPPENINGS = {
    TryingBegun.kind: "An officer tried out other numbers for rules",
    NamesShown.kind: "Enterprises that a change of rules would concern were looked at",
}
"""Kind of event -> the sentence that names it in lists of receipts."""
