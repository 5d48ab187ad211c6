"""What trying out shows, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zonary.common.language import _, language
from zonary.engines.clauses.dials import Dial
from zonary.engines.clauses.language import print_chinese, render_english
from zonary.services.incentives.matching.wording import amount_words
from zonary.services.incentives.simulating.queries import Choice, Model, Outcome, Side, dials


@dataclass(frozen=True, slots=True)
class Turnable:
    """A dial with its label, and what it is turned to."""

    dial: Dial
    label: str
    value: str


def title_of(choice: Choice) -> str:
    return (choice.title_english if language() == "en" else choice.title) or choice.title


def turnable(model: Model, changes: Mapping[str, str], *, at: datetime) -> list[Turnable]:
    found = []
    for each in dials(model, at=at):
        found.append(Turnable(each, _label(model, each), changes.get(each.key, each.number)))
    return found


def _label(model: Model, dial: Dial) -> str:
    pack = model.loaded.pack
    if dial.kind == "parameter":
        return _("Parameter {name}", name=dial.place)
    if dial.kind == "table":
        table = pack.vocabulary.english.get(dial.place, dial.place) if language() == "en" else dial.place
        names = {
            "amount": _("Amount of {table}", table=table),
            "rate": _("Rate of {table}", table=table),
            "floor": _("Least of {table}", table=table),
            "cap": _("Most of {table}", table=table),
        }
        row = dial.what.removeprefix("row ")
        return names.get(dial.what) or _("{table}, row {row}", table=table, row=row)
    clause = next(each for each in pack.document.clauses if each.id == dial.place)
    return (render_english if language() == "en" else print_chinese)(clause.expression, pack.vocabulary)


def outcome_view(model: Model, found: Outcome) -> dict[str, Any]:
    """Numbers, side by side."""
    rows = [
        (_("Have it"), found.now.sets.yes.count, found.then.sets.yes.count),
        (_("Something is not known"), found.now.sets.unknown.count, found.then.sets.unknown.count),
        (_("Do not have it"), found.now.sets.no.count, found.then.sets.no.count),
        (_("One condition short"), _short(found.now), _short(found.then)),
    ]
    costs = (_cost(found.now), _cost(found.then))
    return {
        "rows": rows,
        "costs": costs if any(costs) else None,
        "more": _difference(found),
        "winners": found.winners.count,
        "losers": found.losers.count,
        "all": found.rows,
        "day": found.day,
        "is_too_many": bool(model.loaded.plan[model.item].item.amount) and None in (found.now.cost, found.then.cost),
        "unknown_amounts": found.then.cost.unknown if found.then.cost else 0,
    }


def _short(side: Side) -> int:
    return sum(side.short.values())


def _cost(side: Side) -> str:
    return "" if side.cost is None else amount_words(side.cost.total)


def _difference(found: Outcome) -> str:
    if found.now.cost is None or found.then.cost is None:
        return ""
    by = found.then.cost.total - found.now.cost.total
    if not by:
        return _("It costs the same.")
    sentence = "It costs {amount} more." if by > 0 else "It costs {amount} less."
    return _(sentence, amount=amount_words(abs(by)))
