"""The numbers of an item that could be set otherwise: thresholds, parameters, amounts; and the pack with them so.

For trying out what a change would do. A sentence that comes of it is checked as one that was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from zonary.engines.clauses.documents import Clause, Item
from zonary.engines.clauses.errors import RuleError
from zonary.engines.clauses.expressions import Aged, Elapsed, TimeUnit
from zonary.engines.clauses.interpreter.plans import Plan
from zonary.engines.clauses.language import check
from zonary.engines.clauses.packs.reading import Pack
from zonary.engines.clauses.parameters import Parameters, Value
from zonary.engines.clauses.quantities import Amount, Number, Parameter, Span
from zonary.engines.clauses.tables.model import DecisionTable, Fixed, Proportion, Tables

_NUMBER: Final = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,8})?")
_WITH_UNIT: Final = re.compile(r"(-?[0-9]{1,18}(\.[0-9]{1,8})?) ?([^0-9 ][^ ]{0,19})")
MAX_DIALS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """One number that can be turned.

    :param key: names it, such as ``rd.0``; the same as long as the pack is.
    :param place: id of the clause, or name of the parameter or table.
    :param kind: ``clause``, ``parameter`` or ``table``.
    :param unit: as sentences write it: 万元, %, 年, 元/人; empty of a share of the same unit, and of how many things.
    :param what: of a table: which of its numbers.
    """

    key: str
    place: str
    kind: str
    number: str
    unit: str
    what: str = ""


def dials_of(pack: Pack, item: str, *, day: date, known_at: datetime) -> tuple[Dial, ...]:
    """At most :data:`MAX_DIALS`, in the order a reader meets them."""
    found = [*_of_clauses(pack, item), *_of_parameters(pack, item, day, known_at), *_of_amount(pack, item)]
    return tuple(found[:MAX_DIALS])


def _in_own_unit(text: str, unit: str, pack: Pack) -> str:
    """``5000万元`` as ``0.5`` of 亿元; what cannot be put so stays as typed, and is refused as no number."""
    found, units = _WITH_UNIT.fullmatch(text), pack.vocabulary.units
    if found is None:
        return text
    number, behind = found[1], found[3]
    if behind == unit:
        return number
    said, own = units.get(behind), units.get(unit)
    if said is None or own is None or said.dimension != own.dimension:
        return text
    exact = Fraction(number) * said.factor / own.factor
    written = f"{Decimal(exact.numerator) / exact.denominator:f}"
    return written if Fraction(written) == exact else text


def turned(pack: Pack, item: str, numbers: Mapping[str, str], *, day: date, known_at: datetime) -> Pack:
    """The pack with these numbers instead; others stay.

    :param numbers: key of a dial -> what it is turned to, in its own unit, or in the one behind the number.
    :raises RuleError: for what is no number, or no dial.
    :raises SentenceError: when a sentence cannot be with it.
    :raises TableError: when a table cannot.
    """
    known = {each.key: each for each in dials_of(pack, item, day=day, known_at=known_at)}
    wanted: dict[str, Decimal] = {}
    for key, text in numbers.items():
        if key not in known:
            raise RuleError("There is nothing called “{key}” that could be changed here.", key=key[:60])
        text = _in_own_unit(text.strip().replace(",", ""), known[key].unit, pack)
        if not _NUMBER.fullmatch(text):
            raise RuleError("“{text}” is no number.", text=text[:40])
        if known[key].kind == "table" and Decimal(text) < 0:
            raise RuleError("What is paid is not less than nothing.")
        if Decimal(text) != Decimal(known[key].number):
            wanted[key] = Decimal(text)
    document = replace(pack.document, clauses=tuple(_clause(each, wanted, pack) for each in pack.document.clauses))
    return replace(
        pack,
        document=document,
        parameters=_parameters(pack.parameters, wanted, day, known_at),
        tables=_tables(pack.tables, wanted),
    )


def _of_clauses(pack: Pack, item: str) -> Iterator[Dial]:
    for planned in Plan(pack.document)[item].clauses:
        clause = planned.clause
        for place, (node, unit) in enumerate(_counted(clause.expression)):
            if isinstance(node, Amount):
                yield Dial(
                    key=f"{clause.id}.{place}", place=clause.id, kind="clause", number=f"{node.number:f}", unit=unit
                )
            elif isinstance(node, Number):
                yield Dial(
                    key=f"{clause.id}.{place}", place=clause.id, kind="clause", number=str(node.value), unit=unit
                )


def _of_parameters(pack: Pack, item: str, day: date, known_at: datetime) -> Iterator[Dial]:
    asked = [each.clause.expression for each in Plan(pack.document)[item].clauses]
    names = {node.name for each in asked for node in _nodes(each) if isinstance(node, Parameter)}
    for table in _amounts(pack, item):
        bounds = [table.bound] if isinstance(table, Fixed) else []
        bounds += table.parameters if isinstance(table, Proportion) else []
        names |= {each.name for each in bounds if isinstance(each, Parameter)}
    for name in sorted(names):
        amount = pack.parameters.on(name, day, known_at).amount
        unit = f"{amount.unit}/{amount.per}" if amount.per else amount.unit
        yield Dial(key=f"parameter:{name}", place=name, kind="parameter", number=f"{amount.number:f}", unit=unit)


def _of_amount(pack: Pack, item: str) -> Iterator[Dial]:
    for table in _amounts(pack, item):
        for what, number, unit in _numbers(table):
            yield Dial(
                key=f"table:{table.name}:{what}", place=table.name, kind="table", number=f"{number:f}", unit=unit,
                what=what,
            )  # fmt: skip


def _amounts(pack: Pack, item: str) -> list[Any]:
    name = _item(pack, item).amount
    return [pack.tables[name]] if name else []


def _item(pack: Pack, item: str) -> Item:
    return Plan(pack.document)[item].item


def _numbers(table: Any) -> Iterator[tuple[str, Decimal, str]]:
    """Of a table that gives money: what each of its numbers is, the number, and its unit."""
    if isinstance(table, Fixed) and isinstance(table.bound, Amount):
        yield "amount", table.bound.number, table.bound.unit
    elif isinstance(table, Proportion):
        written = (
            ("rate", table.rate, _rate_unit(table)),
            ("floor", table.floor, table.unit),
            ("cap", table.cap, table.unit),
        )
        yield from ((what, number, unit) for what, number, unit in written if isinstance(number, Decimal))
    elif isinstance(table, DecisionTable) and table.unit:
        for number, row in enumerate(table.rows, 1):
            if isinstance(row.output, Decimal):
                yield f"row {number}", row.output, table.unit


def _rate_unit(table: Proportion) -> str:
    """Of yuan for a yuan none: that is a share. With a base the rate is for each of them."""
    if table.base is not None:
        return table.unit
    return "" if table.unit == table.reads.unit else f"{table.unit}/{table.reads.unit}"


def _nodes(tree: Any) -> Iterator[Any]:
    """Amounts, numbers and parameters, in the order they stand."""
    return (node for node, _unit in _counted(tree))


def _counted(tree: Any, unit: str = "") -> Iterator[tuple[Any, str]]:
    """The same with the unit of each; empty of a number of things."""
    if isinstance(tree, Amount):
        yield tree, f"{tree.unit}/{tree.per}" if tree.per else tree.unit
    elif isinstance(tree, Number | Parameter):
        yield tree, unit
    elif isinstance(tree, tuple):
        stretch = next((each.value for each in tree if isinstance(each, TimeUnit)), "")
        for each in tree:
            yield from _counted(each, stretch)
    elif is_dataclass(tree):
        stretch = tree.unit.value if isinstance(tree, Elapsed) else ""
        stretch = TimeUnit.YEARS.value if isinstance(tree, Aged | Span) else stretch
        for field in fields(tree):
            yield from _counted(getattr(tree, field.name), stretch)


def _rebuilt(tree: Any, turn: Callable[[Any], Any]) -> Any:
    """The tree with ``turn`` of each of its :func:`_nodes`, called in their order."""
    if isinstance(tree, Amount | Number | Parameter):
        return turn(tree)
    if isinstance(tree, tuple):
        return tuple(_rebuilt(each, turn) for each in tree)
    if is_dataclass(tree) and not isinstance(tree, type):
        return replace(tree, **{each.name: _rebuilt(getattr(tree, each.name), turn) for each in fields(tree)})
    return tree


def _clause(clause: Clause, wanted: Mapping[str, Decimal], pack: Pack) -> Clause:
    if not any(key.startswith(f"{clause.id}.") for key in wanted):
        return clause
    place = -1

    def turn(node: Any) -> Any:
        nonlocal place
        place += 1
        number = wanted.get(f"{clause.id}.{place}")
        if number is None:
            return node
        if isinstance(node, Amount):
            return replace(node, number=number)
        if number != number.to_integral_value() or not 0 < number <= 1000:
            raise RuleError("“{text}” is no number.", text=str(number))
        return Number(int(number), in_words=False)

    expression = _rebuilt(clause.expression, turn)
    check(expression, pack.vocabulary)
    return replace(clause, expression=expression)


def _parameters(parameters: Parameters, wanted: Mapping[str, Decimal], day: date, known_at: datetime) -> Parameters:
    series = dict(parameters.series)
    for key, number in wanted.items():
        if key.startswith("parameter:"):
            name = key.partition(":")[2]
            now = parameters.on(name, day, known_at)
            series[name] = (
                Value(
                    first=now.first, last=now.last, amount=replace(now.amount, number=number), recorded_at=known_at,
                    citation=now.citation,
                ),
            )  # fmt: skip
    return Parameters(series)


def _tables(tables: Tables, wanted: Mapping[str, Decimal]) -> Tables:
    names = {key.split(":", 2)[1] for key in wanted if key.startswith("table:")}
    if not names:
        return tables
    found = {each.name: each for each in tables}
    for name in names:
        numbers = {key.split(":", 2)[2]: number for key, number in wanted.items() if key.startswith(f"table:{name}:")}
        found[name] = _table(found[name], numbers)
    return Tables(found)


def _table(table: Any, numbers: Mapping[str, Decimal]) -> Any:
    if isinstance(table, Fixed) and isinstance(table.bound, Amount):
        return replace(table, bound=replace(table.bound, number=numbers["amount"]))
    if isinstance(table, Proportion):
        return replace(
            table,
            rate=numbers.get("rate", table.rate),
            floor=numbers.get("floor", table.floor),
            cap=numbers.get("cap", table.cap),
        )
    rows = list(table.rows)
    for what, number in numbers.items():
        place = int(what.removeprefix("row ")) - 1
        rows[place] = replace(rows[place], output=number)
    return replace(table, rows=tuple(rows))
