"""Circuits as columns on top of one another: what is asked more than once is found out once.

The first layer holds the atoms; a later one what is counted, and what several questions have in common. DuckDB and
Spark work each of them out once a row. A count names its parts twice, so that nested ones must not stand inside one
another: they would double with every storey.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from zonary.engines.clauses.circuits.gates import (
    Assumed,
    Circuit,
    Conjunction,
    Constant,
    Counted,
    Disjunction,
    Linear,
    Said,
    Within,
    parts_of,
)
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.sql.atoms import both, column, either, express_atom, name, number
from zonary.engines.clauses.sql.errors import SqlError
from zonary.engines.clauses.sql.tables import KEY
from zonary.engines.clauses.vocabulary import Vocabulary

MAX_DEPTH: Final = 100
"""Gates inside one another. Parsers of SQL are recursive and give up at depths of their own."""


def layers(circuits: Sequence[Circuit], vocabulary: Vocabulary, table: exp.Table, key: str) -> list[exp.Select]:
    """One statement for each layer, the first one reading ``table``, each further one the one before it.

    The last one has the columns ``q0``, ``q1`` … in the order of the circuits, and the column ``key`` as :data:`KEY`.

    :raises SqlError: when a circuit is nested too deeply, or its arithmetic may need more than 38 digits.
    """
    _require_shallow(circuits)
    named: dict[Circuit, str] = {}
    expressed = _Expressed(vocabulary, named)
    source, made = table, []
    for at, circuits_there in enumerate(_shared(circuits)):
        new = {each: f"c{at}_{i}" for i, each in enumerate(circuits_there)}
        kept = [exp.alias_(column(KEY if at else key), name(KEY)), *map(column, named.values())]
        columns = [exp.alias_(expressed.own(each), name(called)) for each, called in new.items()]
        made.append(exp.Select(expressions=[*kept, *columns]).from_(source))
        named.update(new)
        source = exp.Table(this=name(f"layer{at}"))
    asked = [exp.alias_(expressed(each), name(f"q{i}")) for i, each in enumerate(circuits)]
    own_key = exp.alias_(column(KEY if made else key), name(KEY))
    return [*made, exp.Select(expressions=[own_key, *asked]).from_(source)]


@dataclass(frozen=True)
class _Expressed:
    """Circuits as conditions on the columns ``named`` so far."""

    vocabulary: Vocabulary
    named: Mapping[Circuit, str]

    def __call__(self, circuit: Circuit) -> exp.Expr:
        return column(self.named[circuit]) if circuit in self.named else self.own(circuit)

    def own(self, circuit: Circuit) -> exp.Expr:
        if isinstance(circuit, Linear | Said | Within):
            return express_atom(circuit, self.vocabulary)
        if isinstance(circuit, Constant):
            return _constant(circuit.value)
        parts = [self(each) for each in parts_of(circuit)]
        if isinstance(circuit, Conjunction):
            return both(parts)
        if isinstance(circuit, Disjunction):
            return either(parts)
        if isinstance(circuit, Counted):
            return _counted(circuit.count, parts)
        (part,) = parts
        if isinstance(circuit, Assumed):
            return exp.Coalesce(this=part, expressions=[exp.true() if circuit.value else exp.false()])
        return exp.Not(this=exp.Paren(this=part) if isinstance(part, exp.Connector | exp.Not) else part)


def _constant(value: Truth) -> exp.Expr:
    if value is Truth.UNKNOWN:
        return exp.cast(exp.null(), "BOOLEAN")
    return exp.true() if value is Truth.YES else exp.false()


def _counted(count: int, parts: Sequence[exp.Expr]) -> exp.Expr:
    """Yes when enough are, no when even with the unknown ones too few would be; else NULL, which CASE ends with."""
    met = _total(_case(each, when=exp.true(), then=1, other=0) for each in parts)
    not_unmet = _total(_case(each.copy(), when=exp.false(), then=0, other=1) for each in parts)
    return exp.Case(
        ifs=[
            exp.If(this=exp.GTE(this=met, expression=number(count)), true=exp.true()),
            exp.If(this=exp.LT(this=not_unmet, expression=number(count)), true=exp.false()),
        ]
    )


def _case(value: exp.Expr, *, when: exp.Expr, then: int, other: int) -> exp.Expr:
    return exp.Case(this=value, ifs=[exp.If(this=when, true=number(then))], default=number(other))


def _total(numbers: Iterable[exp.Expr]) -> exp.Expr:
    total: exp.Expr | None = None
    for each in numbers:
        total = each if total is None else exp.Add(this=total, expression=each)
    return total or number(0)


def _require_shallow(circuits: Sequence[Circuit]) -> None:
    left = [(each, 0) for each in circuits]
    while left:
        current, depth = left.pop()
        if depth > MAX_DEPTH:
            raise SqlError("The condition is nested more than {depth} deep. Split it into clauses.", depth=MAX_DEPTH)
        left.extend((each, depth + 1) for each in parts_of(current))


def _shared(circuits: Sequence[Circuit]) -> list[list[Circuit]]:
    """The atoms, and above them what deserves a column, each in a layer above those it is made of."""
    uses = Counter(circuits)
    for each in dict.fromkeys(circuits):
        _count_uses(each, uses)
    levels: dict[Circuit, int] = {}
    heights: dict[Circuit, int] = {}
    for each in circuits:
        _place(each, uses, heights, levels)
    found: list[list[Circuit]] = [[] for _ in range(max(levels.values(), default=-1) + 1)]
    for circuit, level in levels.items():
        found[level].append(circuit)
    return found


def _count_uses(circuit: Circuit, uses: Counter[Circuit]) -> None:
    for each in parts_of(circuit):
        uses[each] += 1
        if uses[each] == 1:
            _count_uses(each, uses)


def _place(circuit: Circuit, uses: Counter[Circuit], heights: dict[Circuit, int], levels: dict[Circuit, int]) -> int:
    """The first layer that may read the circuit."""
    if circuit in heights:
        return heights[circuit]
    height = max((_place(each, uses, heights, levels) for each in parts_of(circuit)), default=0)
    is_atom = isinstance(circuit, Linear | Said | Within)
    is_joined = isinstance(circuit, Conjunction | Disjunction) and len(circuit.parts) > 1
    if is_atom or isinstance(circuit, Counted) or (is_joined and uses[circuit] > 1):
        levels[circuit] = height
        height += 1
    heights[circuit] = height
    return height
