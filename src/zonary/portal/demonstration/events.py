"""That a zone is a demonstration: recorded once, when its story has been told whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DemonstrationMade(Event):
    """:param people: key of a character -> public id; ``organisations`` and ``things`` likewise."""

    kind: ClassVar[str] = "portal.demonstration.made"
    people: dict[str, str]
    organisations: dict[str, str]
    things: dict[str, str]


HAPPENINGS: Mapping[str, str] = {DemonstrationMade.kind: "This zone was made as a demonstration"}
FIELDS: Labels = {
    "people": Label("People of the demonstration", Shape.FIELDS),
    "organisations": Label("Organisations of the demonstration", Shape.FIELDS),
    "things": Label("Things of the demonstration", Shape.FIELDS),
}
