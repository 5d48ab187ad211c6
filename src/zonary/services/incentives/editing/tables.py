"""Amounts, tables of rows and scores of a draft, changed as wholes. Pure, as ``rules`` is."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from zonary.engines.clauses.packs.values import read_amount
from zonary.engines.clauses.vocabulary import Vocabulary
from zonary.services.incentives.editing.rules import Content, WrongDraftError, hundredth

POINTS: Final = {"zh": "分", "en": "point/points"}
"""What scores are nearly always counted in; other measure words are given with their English."""
_MONEY: Final = ("元", "万元", "亿元")
_PARAMETER: Final = re.compile(r"【[^】]{1,200}】")


def table_row(content: Content, name: str) -> dict[str, Any] | None:
    """How the draft writes a table."""
    return next((dict(each) for each in content["tables"] if each["name"]["zh"] == name), None)


def with_table(content: Content, row: Mapping[str, Any], *, was: str = "") -> Content:
    """With a table added, or in the place of the one called ``was``, which everything that names it follows.

    :raises WrongDraftError: when another table has its name.
    """
    name = row["name"]["zh"]
    if name != was and table_row(content, name) is not None:
        raise WrongDraftError("There is a table “{name}” already.", name=name[:60])
    changed = copy.deepcopy(content)
    places = [place for place, each in enumerate(changed["tables"]) if each["name"]["zh"] == was]
    if was and places:
        changed["tables"][places[0]] = dict(row)
    else:
        changed["tables"].append(dict(row))
    return _renamed(changed, was, name) if was and places and was != name else changed


def _renamed(content: Content, was: str, name: str) -> Content:
    for each in content["clauses"]:
        each["sentence"] = each["sentence"].replace(f"《{was}》", f"《{name}》")
    for each in content["items"]:
        if each.get("amount") == was:
            each["amount"] = name
    for each in content["cases"]:
        each["tables"] = {name if key == was else key: value for key, value in each.get("tables", {}).items()}
    for each in content["tables"]:
        for column in [*each.get("columns", ()), *([each["of"]] if "of" in each else ())]:
            column["reads"] = column["reads"].replace(f"《{was}》", f"《{name}》")
        if "parts" in each:
            each["parts"] = [_part_renamed(part, was, name) for part in each["parts"]]
    return content


def _part_renamed(part: Any, was: str, name: str) -> Any:
    if isinstance(part, str):
        return name if part == was else part
    return {"best_of": [name if each == was else each for each in part["best_of"]]}


def without_table(content: Content, name: str) -> Content:
    """Without it, nor what items and test cases said of it; a score that adds it up is refused when it is read."""
    changed = copy.deepcopy(content)
    changed["tables"] = [each for each in changed["tables"] if each["name"]["zh"] != name]
    for each in changed["items"]:
        if each.get("amount") == name:
            del each["amount"]
    for each in changed["cases"]:
        each["tables"] = {key: value for key, value in each.get("tables", {}).items() if key != name}
    return changed


# --- units ------------------------------------------------------------------------------------------------------------


def with_points(content: Content, words: Vocabulary, unit: str, english: str) -> Content:
    """With ``unit`` as one that scores are counted in, where it is no unit yet.

    :raises WrongDraftError: for a new one without its English.
    """
    if not unit or unit in words.units or any(each["zh"] == unit for each in content["points"]):
        return content
    if unit != POINTS["zh"] and not english.strip():
        raise WrongDraftError("“{unit}” is no unit yet. Give its English, too.", unit=unit[:20])
    row = POINTS if unit == POINTS["zh"] and not english.strip() else {"zh": unit, "en": english.strip()}
    return {**content, "points": [*content["points"], dict(row)]}


def number_in(text: str, unit: str, words: Vocabulary) -> str:
    """``50万元`` as 500000 of 元; a bare number is one of ``unit`` already.

    :raises ClausesError: when it is no number of it.
    """
    text = text.strip()
    if re.fullmatch(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?", text):
        return _plain(Decimal(text))
    amount = read_amount(text, words)
    own, wanted = words.units[amount.unit], words.units.get(unit)
    if amount.per or wanted is None or own.dimension != wanted.dimension:
        raise WrongDraftError("“{text}” is not in {unit}.", text=text[:40], unit=unit[:20])
    number = Decimal(own.factor.numerator) / own.factor.denominator * amount.number
    return _plain(number * wanted.factor.denominator / wanted.factor.numerator)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown_in(number: str | None, unit: str) -> str:
    """The other way, for people: 500000 of 元 is 50万元, 200000000 is 2亿元."""
    if number is None:
        return ""
    if _PARAMETER.fullmatch(number):
        return number
    for larger, factor in (("亿元", 10**8), ("万元", 10**4)):
        if unit == "元" and Decimal(number) and Decimal(number) % factor == 0:
            return f"{_plain(Decimal(number) / factor)}{larger}"
    return f"{number}{unit}"


# --- what each kind of table is made of -------------------------------------------------------------------------------


def proportion(given: Mapping[str, str], reads_unit: str, words: Vocabulary) -> dict[str, Any]:
    """A share of a figure.

    :param given: ``reads``, ``rate`` (10%, a number of ``unit``, or a parameter), ``unit``, ``base``, ``rounding``,
        ``step``, ``floor``, ``cap`` (these may be parameters, too).
    :raises Error: names what cannot be read.
    """
    rate, unit = given["rate"].strip(), given["unit"].strip()
    number, decided = rate.removesuffix("%"), _PARAMETER.fullmatch(rate)
    if not decided and not re.fullmatch(r"[0-9]{1,12}(?:\.[0-9]{1,6})?", number):
        raise WrongDraftError("“{text}” is no rate, such as 10%; points by weight are a number.", text=rate[:40])
    if (decided or rate.endswith("%")) and unit in _MONEY and reads_unit in _MONEY:
        reads_unit = unit  # so that the rate of a share of money is a plain share
    found: dict[str, Any] = {
        "of": {"reads": given["reads"].strip(), **({"unit": reads_unit} if reads_unit else {})},
        "unit": unit,
        "rate": rate if decided else hundredth(number) if rate.endswith("%") else _plain(Decimal(number)),
        "rounding": given["rounding"],
        "step": number_in(given["step"] or "0.01", unit, words),
    }
    base = given["base"].strip()
    found |= {"base": base} if base else {}
    for name in ("floor", "cap"):
        if given[name].strip():
            text = given[name].strip()
            found[name] = text if _PARAMETER.fullmatch(text) else number_in(text, unit, words)
    return found


def proportion_shown(row: Mapping[str, Any]) -> dict[str, str]:
    """The other way."""
    unit, is_share = row.get("unit", ""), row["of"].get("unit", "") == row.get("unit", "")
    decided = _PARAMETER.fullmatch(row["rate"])
    return {
        "reads": row["of"]["reads"],
        "rate": f"{_plain(Decimal(row['rate']) * 100)}%" if is_share and not decided else row["rate"],
        "unit": unit,
        "base": row.get("base") or "",
        "rounding": row["rounding"],
        "step": row["step"],
        "floor": shown_in(row.get("floor"), unit),
        "cap": shown_in(row.get("cap"), unit),
    }


def parts_of(roles: Mapping[str, str], groups: Sequence[str]) -> list[Any]:
    """Of a score: tables that are added up, and of each group the best one.

    :param roles: table -> ``sum``, the name of a group, or empty.
    :raises WrongDraftError: when nothing is added up.
    """
    found: list[Any] = [name for name, role in roles.items() if role == "sum"]
    for group in groups:
        best = [name for name, role in roles.items() if role == group]
        found += [{"best_of": best}] if best else []
    if not found:
        raise WrongDraftError("A score adds up at least one table. Make the tables of its parts first.")
    return found


def roles_in(parts: Sequence[Any], groups: Sequence[str]) -> dict[str, str] | None:
    """The other way; None where there are more groups than the page has."""
    best = [part["best_of"] for part in parts if not isinstance(part, str)]
    if len(best) > len(groups):
        return None
    found = {part: "sum" for part in parts if isinstance(part, str)}
    for group, names in zip(groups, best, strict=False):
        found |= dict.fromkeys(names, group)
    return found


def fixed_shown(row: Mapping[str, Any]) -> str:
    """A fixed amount as it is typed: with its unit, or a parameter alone."""
    gives = str(row["gives"])
    return gives if _PARAMETER.fullmatch(gives) else f"{gives}{row['unit']}"
