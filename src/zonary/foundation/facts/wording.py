"""Facts in the reader's words: names of indicators and purposes, and values as people write them."""

from __future__ import annotations

from zonary.common.language import _, language
from zonary.foundation.facts.indicators import INDICATORS, NEVER, PURPOSES, WITHOUT_END
from zonary.foundation.facts.models import Dispute, Fact
from zonary.foundation.facts.rules import written_period


def indicator_name(code: str) -> str:
    found = INDICATORS.get(code)
    if found is None:
        return code
    return found.chinese if language() == "zh" else found.english


def purpose_name(code: str) -> str:
    chinese, english = PURPOSES.get(code, (code, code))
    return chinese if language() == "zh" else english


def unit_name(unit: str) -> str:
    names = {
        "fen": _("fen"),
        "yuan": _("yuan"),
        "wan-yuan": _("10,000 yuan"),
        "person": _("people"),
        "piece": _("pieces"),
        "time": _("times"),
        "year": _("years"),
        "level": _("level"),
        "m2": _("m²"),
        "hectare": _("hectares"),
        "tce": _("tonnes of coal equivalent"),
        "kwh": _("kWh"),
        "tonne": _("tonnes"),
        "percent": "%",
    }
    return names.get(unit, unit)


def source_kind_name(kind: str) -> str:
    names = {
        Fact.SourceKind.SELF: _("Stated by the enterprise"),
        Fact.SourceKind.OFFICER: _("Recorded by an officer"),
        Fact.SourceKind.AUTHORITY: _("Shared by an authority"),
        Fact.SourceKind.THIRD_PARTY: _("From a third party"),
        Fact.SourceKind.IMPORT: _("Imported"),
    }
    return names[Fact.SourceKind(kind)]


def state_name(state: str) -> str:
    names = {
        Dispute.State.OPEN: _("Waits for an answer"),
        Dispute.State.UPHELD: _("Upheld"),
        Dispute.State.REJECTED: _("Rejected"),
    }
    return names[Dispute.State(state)]


def shown_value(fact: Fact) -> str:
    """Money in yuan to the fen, thousands apart; a dash for what was erased."""
    return shown_amount(fact.value, fact.unit)


def shown_amount(value: str, unit: str) -> str:
    """The same of a value as the ledger has it."""
    if not value:
        return "–"
    sign, digits = ("-", value[1:]) if unit and value.startswith("-") else ("", value)
    if unit == "fen":
        yuan, fen = divmod(int(digits), 100)
        return _("{amount} yuan", amount=f"{sign}{yuan:,}.{fen:02d}")
    if unit:
        whole, point, rest = digits.partition(".")
        amount = f"{sign}{int(whole):,}{point}{rest}"
        with_unit = {
            "person": _("{amount} people", amount=amount),
            "piece": _("{amount} pieces", amount=amount),
            "m2": _("{amount} m²", amount=amount),
            "percent": f"{amount}%",
        }
        return with_unit.get(unit, f"{amount} {unit_name(unit)}")
    named = {"yes": _("yes"), "no": _("no"), NEVER: _("never"), WITHOUT_END: _("without end")}
    return named.get(value, value)


def shown_period(fact: Fact) -> str:
    if fact.valid_until is None:
        return _("since {day}", day=fact.valid_from.isoformat())
    return written_period(fact.valid_from, fact.valid_until).replace("/", " – ")


def shown_limit(codes: list[str]) -> str:
    return "、".join(map(purpose_name, codes)) if language() == "zh" else ", ".join(map(purpose_name, codes))
