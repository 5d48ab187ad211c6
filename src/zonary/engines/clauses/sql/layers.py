"""Circuits as columns on top of one another: what is asked more than once is found out once.

The first layer holds the atoms, each true, false or NULL. From there on a circuit is two columns without NULL: whether
it is certainly so, and whether it may be so, as the bit-sets have two planes. Kleene's connectives come apart that way:
each plane of AND, OR and of a count is made of the same plane of the parts, that of NOT of the other one. Databases
join columns without NULL several times faster (ADR 0036), and a count names its parts once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from sqlglot import exp

from zonary.engines.clauses.circuits.gates import (
    Assumed,
    Atom,
    Circuit,
    Conjunction,
    Constant,
    Counted,
    Disjunction,
    Linear,
    Negated,
    Said,
    Weighed,
    Within,
    parts_of,
)
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.sql.atoms import alias, both, column, either, express_atom, name, number
from zonary.engines.clauses.sql.errors import SqlError
from zonary.engines.clauses.sql.tables import KEY
from zonary.engines.clauses.vocabulary import Vocabulary

MAX_DEPTH: Final = 100
"""Gates inside one another. Parsers of SQL are recursive and give up at depths of their own."""


MAX_INT32: Final = 2**31 - 1
"""What small literals add up within, in every database."""


class Plane(Enum):
    """One of the two questions that a truth value answers."""

    CERTAIN = "y"  # is it so, by what is known
    POSSIBLE = "p"  # is it so, or not known

    @property
    def other(self) -> Plane:
        return Plane.POSSIBLE if self is Plane.CERTAIN else Plane.CERTAIN


Aspect: TypeAlias = tuple[Circuit, Plane]


def layers(
    circuits: Sequence[Circuit], planes: Sequence[Plane], vocabulary: Vocabulary, table: exp.Table, key: str
) -> list[exp.Select]:
    """One statement for each layer, the first one reading ``table``, each further one the one before it.

    The last one has the columns ``y0``, ``y1`` … and ``p0``, ``p1`` … in the order of the circuits, as far as their
    planes are wanted, and the column ``key`` as :data:`~zonary.engines.clauses.sql.tables.KEY`.

    :raises SqlError: when a circuit is nested too deeply, or its arithmetic may need more than 38 digits.
    """
    _require_shallow(circuits)
    wanted = {f"{plane.value}{i}": (each, plane) for plane in planes for i, each in enumerate(circuits)}
    atoms, above = _arranged(list(wanted.values()))
    read = {atom: f"a{i}" for i, atom in enumerate(atoms)}
    own_key = alias(column(key), KEY)
    columns = [alias(express_atom(atom, vocabulary), called) for atom, called in read.items()]
    made = [exp.Select(expressions=[own_key, *columns]).from_(table, copy=False)]
    named: dict[Aspect, str] = {}
    expressed = _Expressed(read, named)
    for at, aspects in enumerate(above):
        new = {each: f"c{at}_{i}" for i, each in enumerate(aspects)}
        columns = [alias(expressed.own(each), called) for each, called in new.items()]
        made.append(_onto(made, [*map(column, named.values()), *columns]))
        named.update(new)
    made.append(_onto(made, [alias(expressed(each), called) for called, each in wanted.items()]))
    return made


def _onto(made: Sequence[exp.Select], columns: Iterable[exp.Expr]) -> exp.Select:
    return exp.Select(expressions=[column(KEY), *columns]).from_(
        exp.Table(this=name(f"layer{len(made) - 1}")), copy=False
    )


@dataclass(frozen=True)
class _Expressed:
    """Conditions on the columns that are there: ``read`` of the atoms, ``named`` of what was joined so far."""

    read: Mapping[Atom, str]
    named: Mapping[Aspect, str]

    def __call__(self, aspect: Aspect) -> exp.Expr:
        return column(self.named[aspect]) if aspect in self.named else self.own(aspect)

    def own(self, aspect: Aspect) -> exp.Expr:
        circuit, plane = aspect
        if isinstance(circuit, Linear | Said | Within):
            return exp.Coalesce(this=column(self.read[circuit]), expressions=[_of(plane is Plane.POSSIBLE)])
        if isinstance(circuit, Constant):
            return _of(circuit.value is Truth.YES or (circuit.value is Truth.UNKNOWN and plane is Plane.POSSIBLE))
        parts = [self(each) for each in _made_of(aspect)]
        if isinstance(circuit, Conjunction):
            return both(parts)
        if isinstance(circuit, Disjunction):
            return either(parts)
        if isinstance(circuit, Counted):
            return exp.GTE(this=_total(parts), expression=number(circuit.count))
        if isinstance(circuit, Weighed):
            return exp.GTE(this=_total(parts, circuit.weights), expression=number(circuit.bound))
        (part,) = parts
        if isinstance(circuit, Assumed):
            return part
        return exp.Not(this=exp.Paren(this=part) if isinstance(part, exp.Connector | exp.Not) else part)


def _of(value: bool) -> exp.Expr:
    return exp.true() if value else exp.false()


def _total(parts: Sequence[exp.Expr], weights: Sequence[int] = ()) -> exp.Expr:
    if sum(weights) > MAX_INT32:
        raise SqlError("Points that come to more than {limit} cannot be added up in SQL.", limit=MAX_INT32)
    total: exp.Expr | None = None
    for each, weight in zip(parts, weights or [1] * len(parts), strict=True):
        one = exp.Case(ifs=[exp.If(this=each, true=number(weight))], default=number(0))
        total = one if total is None else exp.Add(this=total, expression=one)
    return total or number(0)


def _made_of(aspect: Aspect) -> Iterator[Aspect]:
    circuit, plane = aspect
    if isinstance(circuit, Negated):
        plane = plane.other
    elif isinstance(circuit, Assumed):
        plane = Plane.POSSIBLE if circuit.value else Plane.CERTAIN
    return ((each, plane) for each in parts_of(circuit))


def _require_shallow(circuits: Sequence[Circuit]) -> None:
    left = [(each, 0) for each in circuits]
    while left:
        current, depth = left.pop()
        if depth > MAX_DEPTH:
            raise SqlError("The condition is nested more than {depth} deep. Split it into clauses.", depth=MAX_DEPTH)
        left.extend((each, depth + 1) for each in parts_of(current))


def _arranged(wanted: Sequence[Aspect]) -> tuple[list[Atom], list[list[Aspect]]]:
    """The atoms; and what deserves a column, each in a layer above those it is made of."""
    uses = Counter(wanted)
    for each in dict.fromkeys(wanted):
        _count_uses(each, uses)
    levels: dict[Aspect, int] = {}
    heights: dict[Aspect, int] = {}
    for each in wanted:
        _place(each, uses, heights, levels)
    found: list[list[Aspect]] = [[] for _ in range(max(levels.values(), default=-1) + 1)]
    for aspect, level in levels.items():
        found[level].append(aspect)
    atoms = [circuit for circuit, _ in uses if isinstance(circuit, Linear | Said | Within)]
    return list(dict.fromkeys(atoms)), found


def _count_uses(aspect: Aspect, uses: Counter[Aspect]) -> None:
    for each in _made_of(aspect):
        uses[each] += 1
        if uses[each] == 1:
            _count_uses(each, uses)


def _place(aspect: Aspect, uses: Counter[Aspect], heights: dict[Aspect, int], levels: dict[Aspect, int]) -> int:
    """The first layer that may read it."""
    if aspect in heights:
        return heights[aspect]
    circuit = aspect[0]
    height = max((_place(each, uses, heights, levels) for each in _made_of(aspect)), default=0)
    is_atom = isinstance(circuit, Linear | Said | Within)
    is_joined = isinstance(circuit, Conjunction | Disjunction | Counted | Weighed) and len(circuit.parts) > 1
    if is_atom or (is_joined and uses[aspect] > 1):
        levels[aspect] = height
        height += 1
    heights[aspect] = height
    return height
