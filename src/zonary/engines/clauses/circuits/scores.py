"""What tables, scores and amounts give, held against a bound: circuits over what the tables read.

What a table gives is known to lie between a least and a most. Whether each of the two reaches a bound is always known,
even where nothing is known of an enterprise, and is a circuit of the rows' own conditions: no number is ever made. So
sets and SQL need nothing of their own for tables, and a contradiction between a score and a figure is found.

What cannot be said so is refused by the table's name: see ``docs/adr/0037``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Final

from zonary.engines.clauses.circuits.folded import NO, YES, added_up, all_of, any_of, constant, negated, taken
from zonary.engines.clauses.circuits.forms import Context, added, amount_of, bound_of, divided, form_of, related
from zonary.engines.clauses.circuits.gates import (
    Circuit,
    Column,
    Conjunction,
    Constant,
    Negated,
    Said,
    Within,
    parts_of,
)
from zonary.engines.clauses.errors import RuleError, TableError
from zonary.engines.clauses.expressions import Relation
from zonary.engines.clauses.extents import clipped, exactly, holds
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.measures import threshold_of
from zonary.engines.clauses.quantities import Quantity, Scored
from zonary.engines.clauses.tables.checks import FaultKind, faults
from zonary.engines.clauses.tables.evaluation import factor_of, limits, settled, unit_of
from zonary.engines.clauses.tables.model import (
    AnyValue,
    Cell,
    Coded,
    Codes,
    DecisionTable,
    Fixed,
    HitPolicy,
    Interval,
    Measured,
    Proportion,
    Ratio,
    Rounding,
    Row,
    Score,
    Table,
    YesNo,
)
from zonary.engines.clauses.tables.model import (
    Column as Heading,
)

MAX_GATES: Final = 20_000
"""Of one table held against one bound, with the tables that it reads."""
MAX_VALUES: Final = 400
"""Different numbers that a part of a score may give."""
_UNKNOWN: Final = Constant(Truth.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Ends:
    """Whether the least that is possible reaches a bound, and whether the most does. Neither is ever unknown."""

    least: Circuit
    most: Circuit


def stands(name: str, relation: Relation, bound: Fraction, context: Context) -> Circuit:
    """Whether what a table gives stands so to ``bound``, in its smallest unit.

    :raises TableError: when that cannot be asked of many at once.
    """
    if relation is Relation.LESS:
        return Negated(stands(name, Relation.AT_LEAST, bound, context))
    if relation is Relation.AT_MOST:
        return Negated(stands(name, Relation.MORE, bound, context))
    if relation is Relation.EQUAL:
        reached = stands(name, Relation.AT_LEAST, bound, context)
        return Conjunction((reached, stands(name, Relation.AT_MOST, bound, context)))
    ends = _reaches(name, relation, bound, context)
    return any_of((ends.least, all_of((ends.most, _UNKNOWN))))


def _reaches(name: str, relation: Relation, bound: Fraction, context: Context) -> Ends:
    """``relation``: at least or more."""
    key = (name, relation, bound)
    if key not in context.made:
        table = context.tables[name]
        if name not in context.vocabulary.tables:
            raise RuleError("“{table}” gives no number that a sentence could use.", table=name)
        found = _MAKERS[type(table)](table, relation, bound, context)
        if _is_larger(found, MAX_GATES):
            raise TableError("“{table}” is too intricate to be asked of many at once.", table=name)
        context.made[key] = found
    made: Ends = context.made[key]
    return made


def _is_larger(ends: Ends, limit: int) -> bool:
    left = [ends.least, ends.most]
    while left and limit >= 0:
        limit -= 1
        left.extend(parts_of(left.pop()))
    return bool(left)


# Rows


@dataclass(frozen=True, slots=True)
class _Row:
    """``sure``: it matches; ``open``: it may. ``is_reached``: its output stands so to the bound."""

    sure: Circuit
    open: Circuit
    output: Fraction
    is_reached: bool


def _of_rows(table: DecisionTable, relation: Relation, bound: Fraction, context: Context) -> Ends:
    _require_sound(table, context)
    factor = unit_of(context.vocabulary, table.unit).factor
    rows = [_row(table, row, factor, relation, bound, context) for row in table.rows]
    otherwise = None if table.otherwise is None else Fraction(table.otherwise) * factor
    is_otherwise = otherwise is not None and holds(otherwise, relation, bound)
    # Without a row for otherwise one always matches; so, where none does, both say the same.
    least_without, most_without = constant(otherwise is None or is_otherwise), constant(is_otherwise)
    if table.hit_policy is HitPolicy.FIRST:
        return _first(rows, least_without, most_without)
    reached, missed = [each for each in rows if each.is_reached], [each for each in rows if not each.is_reached]
    if table.hit_policy is HitPolicy.SUM:
        return _summed(rows, otherwise, relation, bound)
    any_sure = any_of(each.sure for each in rows)
    none_missed = all_of(negated(each.open) for each in missed)
    if table.hit_policy is HitPolicy.MAX:
        most = any_of((*(each.open for each in reached), all_of((negated(any_sure), most_without))))
    else:
        may = any_of((*(each.open for each in reached), most_without))
        most = all_of((*(negated(each.sure) for each in missed), may))
    if table.hit_policy is HitPolicy.MIN:
        return Ends(all_of((none_missed, any_of((any_sure, least_without)))), most)
    return Ends(any_of((*(each.sure for each in reached), all_of((none_missed, least_without)))), most)


def _row(
    table: DecisionTable, row: Row, factor: Fraction, relation: Relation, bound: Fraction, context: Context
) -> _Row:
    match = all_of(_cell(column, cell, context) for column, cell in zip(table.columns, row.cells, strict=True))
    output = Fraction(row.output) * factor
    return _Row(taken(match, False), taken(match, True), output, holds(output, relation, bound))


def _first(rows: Sequence[_Row], least: Circuit, most: Circuit) -> Ends:
    """From the last row up; what is joined alike stands side by side, so that bands do not go deep."""
    for row in reversed(rows):
        if row.is_reached:
            least, most = any_of((row.sure, least)), any_of((row.open, most))
        else:
            least, most = all_of((negated(row.open), least)), all_of((negated(row.sure), most))
    return Ends(least, most)


def _summed(rows: Sequence[_Row], otherwise: Fraction | None, relation: Relation, bound: Fraction) -> Ends:
    least = added_up(((each.sure if each.output > 0 else each.open, each.output) for each in rows), relation, bound)
    most = added_up(((each.open if each.output > 0 else each.sure, each.output) for each in rows), relation, bound)
    if otherwise is None:
        return Ends(least, most)
    any_sure, any_open = any_of(each.sure for each in rows), any_of(each.open for each in rows)
    instead = constant(holds(otherwise, relation, bound))
    none = all_of((negated(any_open), instead))
    return Ends(
        any_of((all_of((any_sure, least)), all_of((any_open, least, instead)), none)),
        any_of((all_of((any_sure, most)), all_of((negated(any_sure), any_open, any_of((most, instead)))), none)),
    )


def _require_sound(table: DecisionTable, context: Context) -> None:
    """That nobody is without a row, or with two: there, an enterprise that is asked by itself is told so."""
    key = ("sound", table.name)
    if key not in context.made:
        kinds = {each.kind for each in faults(table, context.vocabulary)}
        context.made[key] = not kinds & {FaultKind.GAP, FaultKind.OVERLAP}
    if not context.made[key]:
        raise TableError(
            "“{table}” gives nothing, or two things, for some enterprises, and cannot be asked of many at once. Mend "
            "its rows, or say what it gives otherwise.",
            table=table.name,
        )


def _cell(column: Heading, cell: Cell, context: Context) -> Circuit:
    if isinstance(cell, AnyValue):
        return YES
    if isinstance(cell, YesNo) and not isinstance(column, Measured | Ratio):
        said = Said(Column(column.term))
        return said if cell.is_yes else Negated(said)
    if isinstance(cell, Codes) and isinstance(column, Coded):
        return Within(Column(column.term), cell.codes)
    if isinstance(cell, Interval) and isinstance(column, Measured | Ratio):
        return _within(column, cell, context)
    raise TypeError(cell)  # a table's cells fit their columns


def _within(column: Measured | Ratio, interval: Interval, context: Context) -> Circuit:
    factor = factor_of(context.vocabulary, column)
    above = Relation.AT_LEAST if interval.is_low_included else Relation.MORE
    below = Relation.AT_MOST if interval.is_high_included else Relation.LESS
    ends = [
        (relation, Fraction(bound) * factor)
        for relation, bound in ((above, interval.low), (below, interval.high))
        if bound is not None
    ]
    if isinstance(column, Measured):
        return all_of(_held(column.quantity, relation, bound, context) for relation, bound in ends)
    part, whole = form_of(column.part, context), form_of(column.whole, context, column.part)
    if not ends:  # every ratio lies in it, but that to nothing
        return taken(related(whole, Relation.MORE, Fraction(0)), True)
    return all_of(divided(part, whole, relation, bound) for relation, bound in ends)


def _held(quantity: Quantity, relation: Relation, bound: Fraction, context: Context) -> Circuit:
    if isinstance(quantity, Scored):
        return stands(quantity.table, relation, bound, context)
    return related(form_of(quantity, context), relation, bound)


# Scores and amounts


def _of_score(score: Score, relation: Relation, bound: Fraction, context: Context) -> Ends:
    factor = unit_of(context.vocabulary, score.unit).factor
    least: list[tuple[Circuit, Fraction]] = []
    most: list[tuple[Circuit, Fraction]] = []
    fixed = Fraction(0)
    for names in score.parts:
        values = sorted({value for name in names for value in _values(name, context)})
        fixed += values[0]
        # A part is its smallest value, and each step above that it reaches.
        for below, value in pairwise(values):
            ends = [_reaches(name, Relation.AT_LEAST, value, context) for name in names]
            least.append((any_of(each.least for each in ends), value - below))
            most.append((any_of(each.most for each in ends), value - below))
    found = Ends(added_up(least, relation, bound - fixed), added_up(most, relation, bound - fixed))
    return _clipped(found, limits(score, factor), relation, bound)


def _values(name: str, context: Context) -> frozenset[Fraction]:
    """Every number that a table can give."""
    key = ("values", name)
    if key not in context.made:
        context.made[key] = _values_of(context.tables[name], context)
    found: frozenset[Fraction] = context.made[key]
    return found


def _values_of(table: Table, context: Context) -> frozenset[Fraction]:
    if isinstance(table, Fixed):
        return frozenset((bound_of(table.bound, context),))
    if isinstance(table, Proportion) or not table.unit:
        raise TableError(
            "“{table}” cannot be added up for many at once: it gives more than some numbers that are known beforehand.",
            table=table.name,
        )
    factor = unit_of(context.vocabulary, table.unit).factor
    if isinstance(table, Score):
        found = {Fraction(0)}
        for names in table.parts:
            choices = {value for name in names for value in _values(name, context)}
            found = _bounded({one + other for one in found for other in choices}, table)
        return frozenset(_clip(each, table, factor) for each in found)
    outputs = [Fraction(row.output) * factor for row in table.rows]
    otherwise = set() if table.otherwise is None else {Fraction(table.otherwise) * factor}
    if table.hit_policy is not HitPolicy.SUM:
        return frozenset({*outputs, *otherwise})
    sums = {Fraction(0)}
    for output in outputs:
        sums = _bounded(sums | {each + output for each in sums}, table)
    return frozenset(sums | otherwise)


def _bounded(values: set[Fraction], table: DecisionTable | Score) -> set[Fraction]:
    if len(values) > MAX_VALUES:
        raise TableError("“{table}” is too intricate to be asked of many at once.", table=table.name)
    return values


def _of_fixed(table: Fixed, relation: Relation, bound: Fraction, context: Context) -> Ends:
    found = constant(holds(bound_of(table.bound, context), relation, bound))
    return Ends(found, found)


def _of_proportion(table: Proportion, relation: Relation, bound: Fraction, context: Context) -> Ends:
    factor = unit_of(context.vocabulary, table.unit).factor
    numbers = settled(
        table, lambda each: threshold_of(context.vocabulary, amount_of(each, context)), context.vocabulary
    )
    rate, between = numbers.rate, (numbers.floor, numbers.cap)
    # How many steps it has to be, and then what that asks of it before it was rounded.
    step = Fraction(table.step) * factor
    steps = ceil(bound / step) if relation is Relation.AT_LEAST else floor(bound / step) + 1
    wanted, unrounded = _before_rounding(steps, table.rounding)
    if isinstance(table.reads, Measured):
        ends = _scaled(table, table.reads.quantity, rate, (wanted, unrounded * step), context)
        return _clipped(ends, between, relation, bound)
    part, whole = form_of(table.reads.part, context), form_of(table.reads.whole, context, table.reads.part)
    against = added(((part, rate), (whole, -unrounded * step)))
    core = _both(related(against, wanted, Fraction(0)))
    rest = _clipped(core, between, relation, bound)
    is_nothing = taken(related(whole, Relation.AT_MOST, Fraction(0)), False)
    none = all_of((is_nothing, constant(holds(0, relation, bound))))
    return Ends(*(any_of((none, all_of((negated(is_nothing), each)))) for each in (rest.least, rest.most)))


def _before_rounding(steps: int, rounding: Rounding) -> tuple[Relation, Fraction]:
    """What a number has to be so that, rounded, it is at least so many steps."""
    if rounding is Rounding.DOWN:
        return Relation.AT_LEAST, Fraction(steps)
    if rounding is Rounding.UP:
        return Relation.MORE, Fraction(steps - 1)
    return Relation.AT_LEAST if steps > 0 else Relation.MORE, steps - Fraction(1, 2)


def _scaled(
    table: Proportion, quantity: Quantity, rate: Fraction, wanted: tuple[Relation, Fraction], context: Context
) -> Ends:
    relation, bound = wanted
    if not isinstance(quantity, Scored):
        return _both(related(added(((form_of(quantity, context), rate),)), relation, bound))
    if rate > 0:
        return _reaches(quantity.table, relation, bound / rate, context)
    if rate == 0:
        raise TableError("“{table}” takes nothing of another table. Write a fixed amount.", table=table.name)
    # Of a negative rate, the least comes of the most: it reaches the bound where that does not pass it.
    other = Relation.MORE if relation is Relation.AT_LEAST else Relation.AT_LEAST
    found = _reaches(quantity.table, other, bound / rate, context)
    return Ends(negated(found.most), negated(found.least))


def _clipped(ends: Ends, between: tuple[Fraction | None, Fraction | None], relation: Relation, bound: Fraction) -> Ends:
    floor_, cap = between
    if cap is not None and not holds(cap, relation, bound):
        return Ends(NO, NO)
    if floor_ is not None and holds(floor_, relation, bound):
        return Ends(YES, YES)
    return ends


def _clip(number: Fraction, table: Score, factor: Fraction) -> Fraction:
    return Fraction(clipped(exactly(number), *limits(table, factor)).low or 0)


def _both(circuit: Circuit) -> Ends:
    """Of what is known or not known, and never between."""
    return Ends(taken(circuit, False), taken(circuit, True))


_MAKERS: Final[dict[type[Table], Callable[..., Ends]]] = {
    DecisionTable: _of_rows,
    Score: _of_score,
    Proportion: _of_proportion,
    Fixed: _of_fixed,
}
