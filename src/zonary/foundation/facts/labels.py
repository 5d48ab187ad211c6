"""What the fields of the events of facts are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zonary.foundation.facts.wording import indicator_name, purpose_name, shown_amount, source_kind_name, unit_name
from zonary.foundation.ledger.act_labels import Label, Labels, Shape


def _by(name_of: Callable[[str], str]) -> Callable[[object, Mapping[str, object]], str]:
    return lambda value, _body: name_of(str(value))


def _amount(value: object, body: Mapping[str, object]) -> str:
    return shown_amount(str(value), str(body.get("unit", "")))


FIELDS: Labels = {
    "fact": Label("Number of the fact", Shape.CODE),
    "indicator": Label("Indicator", tell=_by(indicator_name)),
    "value": Label("Value", tell=_amount),
    "unit": Label("Unit it is kept in", tell=_by(unit_name)),
    "valid_from": Label("From day", Shape.DAY),
    "valid_until": Label("To day", Shape.DAY),
    "source_kind": Label("Kind of source", tell=_by(source_kind_name)),
    "document": Label("SHA-256 of the document", Shape.CODE),
    "sharing_basis": Label("On what basis it was shared"),
    "use_limit": Label("What it may be used for", tell=_by(purpose_name)),
    "consent": Label("Number of the consent", Shape.CODE),
    "consent_not_needed": Label("Why no consent is needed"),
    "supersedes": Label("Number of the fact it takes the place of", Shape.CODE),
    "recorded": Label("New"),
    "unchanged": Label("Unchanged"),
    "refused": Label("Rows refused"),
    "indicators": Label("Indicators", tell=_by(indicator_name)),
    "purposes": Label("Purposes", tell=_by(purpose_name)),
    "purpose": Label("Purpose", tell=_by(purpose_name)),
    "until": Label("Last day", Shape.DAY),
    "dispute": Label("Number of the dispute", Shape.CODE),
    "ought": Label("What it should be"),
    "is_upheld": Label("Upheld"),
    "answer": Label("Answer"),
    "outcome_fact": Label("Number of the fact from now on", Shape.CODE),
    "share": Label("Number of the sharing", Shape.CODE),
    "recipient": Label("Shared with", Shape.WHO),
    "reading": Label("Number of the reading", Shape.CODE),
    "facts": Label("Facts that were read", Shape.CODE),
    "occasion": Label("Occasion"),
}
