"""What trying out shows, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from zonary.common.language import _, language
from zonary.engines.clauses.dials import Dial
from zonary.engines.clauses.expressions import TimeUnit
from zonary.engines.clauses.language import print_chinese, render_english
from zonary.services.incentives.matching.wording import amount_words
from zonary.services.incentives.measures.rules import KINDS
from zonary.services.incentives.simulating.queries import Choice, Model, Outcome, Side, dials
from zonary.services.incentives.simulating.withholding import FLOOR, Column, Number, Told, Withheld, number

_TIMES: Final = {
    TimeUnit.YEARS.value: "year/years",
    TimeUnit.MONTHS.value: "month/months",
    TimeUnit.DAYS.value: "day/days",
}


@dataclass(frozen=True, slots=True)
class Turnable:
    """A dial with its label, its unit, what its number is now, and what it is turned to."""

    dial: Dial
    label: str
    unit: str
    now: str
    value: str


@dataclass(frozen=True, slots=True)
class Group:
    """What comes from one document or draft: each with its title and what it gives."""

    heading: str
    is_draft: bool
    lines: Sequence[tuple[Choice, str, str]]


def title_of(choice: Choice) -> str:
    return (choice.title_english if language() == "en" else choice.title) or choice.title


def grouped(choices: Sequence[Choice]) -> list[Group]:
    """By draft and by document, in the order they come."""
    found: dict[tuple[str, str], list[Choice]] = {}
    for each in choices:
        found.setdefault((each.kind, each.public_id if each.kind == "draft" else each.document), []).append(each)
    return [Group(_heading(those[0]), those[0].kind == "draft", [_line(each) for each in those])
            for those in found.values()]  # fmt: skip


def _heading(choice: Choice) -> str:
    return (choice.document_english if language() == "en" else choice.document) or _("Without a policy document")


def _line(choice: Choice) -> tuple[Choice, str, str]:
    return choice, title_of(choice), _(KINDS[choice.gives]) if choice.gives else ""


def turnable(model: Model, changes: Mapping[str, str], *, at: datetime) -> list[Turnable]:
    found = []
    for each in dials(model, at=at):
        unit = _unit(model, each.unit)
        now = _now(each, _unit(model, each.unit, is_one=Decimal(each.number) == 1))
        value = changes.get(each.key, each.number)
        found.append(Turnable(each, _label(model, each), unit, now, value))
    return found


def _unit(model: Model, unit: str, *, is_one: bool = False) -> str:
    """万元/亩, or in English “ten thousand yuan/mu”; of two forms, the one that goes with several, unless it is one."""
    if language() == "zh" or not unit:
        return unit
    units = model.loaded.pack.vocabulary.units
    forms = [_TIMES.get(each) or (units[each].english if each in units else each) for each in unit.split("/")]
    return "/".join(each.partition("/")[0] if is_one else each.rpartition("/")[2] for each in forms)


def _now(dial: Dial, unit: str) -> str:
    """With thousands apart; a share of the same unit as a percentage, too."""
    number = f"{Decimal(dial.number):,f}"
    if dial.what == "rate" and not dial.unit:
        return f"{number} ({(Decimal(dial.number) * 100).normalize():f}%)"
    apart = " " if language() == "en" and unit != "%" else ""
    return f"{number}{apart}{unit}"


def _label(model: Model, dial: Dial) -> str:
    pack = model.loaded.pack
    if dial.kind == "parameter":
        return _("Parameter {name}", name=dial.place)
    if dial.kind == "table":
        table = pack.vocabulary.english.get(dial.place, dial.place) if language() == "en" else dial.place
        names = {
            "amount": table,
            "rate": _("Rate of {table}", table=table),
            "floor": _("Least of {table}", table=table),
            "cap": _("Most of {table}", table=table),
        }
        row = dial.what.removeprefix("row ")
        return names.get(dial.what) or _("{table}, row {row}", table=table, row=row)
    clause = next(each for each in pack.document.clauses if each.id == dial.place)
    return (render_english if language() == "en" else print_chinese)(clause.expression, pack.vocabulary)


def outcome_view(model: Model, found: Outcome, shown: Told) -> dict[str, Any]:
    """Numbers, side by side, as far as they tell about no single enterprise."""
    now, then = shown.now, shown.then
    rows = [
        (_("Have it"), _number(now.yes), _number(then.yes)),
        (_("Something is not known"), _number(now.unknown), _number(then.unknown)),
        (_("Do not have it"), _number(now.no), _number(then.no)),
        (_("One condition short"), _number(now.short), _number(then.short)),
    ]
    unknown = found.then.cost.unknown if then.cost is not None and found.then.cost else 0
    return {
        "rows": rows,
        "costs": (_cost(now, found.now), _cost(then, found.then)) if found.now.cost and found.then.cost else None,
        "more": "" if shown.more is None else _difference(shown.more),
        "winners": _number(shown.winners),
        "losers": _number(shown.losers),
        # Whether there is a button would tell nobody from a few.
        "has_winners": isinstance(shown.winners, Withheld) or found.winners.count > 0,
        "has_losers": isinstance(shown.losers, Withheld) or found.losers.count > 0,
        "is_nothing": shown.is_nothing,
        "is_withheld": shown.is_withheld,
        "all": found.rows,
        "day": found.day,
        "is_too_many": bool(model.loaded.plan[model.item].item.amount) and None in (found.now.cost, found.then.cost),
        "unknown_amounts": _number(number(unknown)) if unknown and then.cost is not None else "",
    }


def _number(shown: Number) -> str:
    if isinstance(shown, int):
        return str(shown)
    return _("fewer than {floor}", floor=FLOOR) if shown is Withheld.FEW else _("not shown")


def _cost(column: Column, side: Side) -> str:
    if column.cost is None:
        return _("not shown")
    amount = amount_words(column.cost)
    return amount if isinstance(side.paid, int) else _("about {amount}", amount=amount)


def _difference(by: int) -> str:
    if not by:
        return _("It costs the same.")
    sentence = "It costs {amount} more." if by > 0 else "It costs {amount} less."
    return _(sentence, amount=amount_words(abs(by)))
