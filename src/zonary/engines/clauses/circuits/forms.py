"""Quantities as linear forms over columns, held against bounds without division."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from math import lcm
from typing import Any, TypeAlias

from zonary.engines.clauses.circuits.gates import Circuit, Column, Conjunction, Negated, linear
from zonary.engines.clauses.errors import RuleError, TableError, UnitMismatchError
from zonary.engines.clauses.expressions import Relation
from zonary.engines.clauses.parameters import Parameters
from zonary.engines.clauses.quantities import (
    Amount,
    Bound,
    Difference,
    Gathered,
    Parameter,
    Period,
    Quantity,
    Reading,
    Scored,
    Sum,
)
from zonary.engines.clauses.tables.model import NO_TABLES, Tables
from zonary.engines.clauses.vocabulary import Vocabulary

Form: TypeAlias = Mapping[Column, Fraction]
"""A linear form over columns, in their smallest units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a sentence is read with: its words, the parameters in force, the tables, and the day."""

    vocabulary: Vocabulary
    parameters: Parameters
    day: date
    known_at: datetime
    tables: Tables = NO_TABLES
    made: dict[object, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What was made of tables already: many items ask for the same score."""


def form_of(quantity: Quantity, context: Context, same: Quantity | None = None) -> Form:
    """What a quantity adds up. ``same`` is what 同期 looks at: the part of the share."""
    if isinstance(quantity, Scored):
        raise TableError(
            "“{table}” is asked for as a part of something. That can be found out for one enterprise at a time only.",
            table=quantity.table,
        )
    if isinstance(quantity, Reading) and quantity.period is not Period.SAME:
        offset = None if quantity.period is Period.NONE else quantity.period.offset
        return {Column(quantity.term, offset): Fraction(1)}
    if isinstance(quantity, Gathered) and quantity.span is not None:
        return _gathered(quantity.term, quantity.span.offsets, quantity.gathering.is_mean)
    if isinstance(quantity, Gathered):
        return _gathered(quantity.term, _stretch(same)[0], quantity.gathering.is_mean)
    if isinstance(quantity, Reading):  # of 同期: gathered as the part is, added up or their mean
        return _gathered(quantity.term, *_stretch(same))
    parts = quantity.parts if isinstance(quantity, Sum) else (quantity.whole, quantity.less)
    signs = [1] * len(parts) if isinstance(quantity, Sum) else [1, -1]
    return added((form_of(part, context, same), Fraction(sign)) for part, sign in zip(parts, signs, strict=True))


def _gathered(term: str, offsets: tuple[int, ...], is_mean: bool) -> Form:
    share = Fraction(1, len(offsets)) if is_mean else Fraction(1)
    return {Column(term, each): share for each in offsets}


def _stretch(same: Quantity | None) -> tuple[tuple[int, ...], bool]:
    """The years that 同期 points to, and whether the part is their mean."""
    if isinstance(same, Reading) and same.period not in (Period.NONE, Period.SAME):
        return (same.period.offset,), False
    if isinstance(same, Gathered) and same.span is not None:
        return same.span.offsets, same.gathering.is_mean
    if isinstance(same, Sum | Difference):
        parts = same.parts if isinstance(same, Sum) else (same.whole, same.less)
        found = {_stretch(each) for each in parts}
        if len(found) == 1:
            return found.pop()
    raise RuleError("“同期” points to no years: the part beside it has none, or several stretches of them.")


def added(forms: Iterable[tuple[Form, Fraction]]) -> Form:
    """Their sum, each times its factor."""
    found: dict[Column, Fraction] = {}
    for form, factor in forms:
        for column, coefficient in form.items():
            found[column] = found.get(column, Fraction(0)) + coefficient * factor
    return found


def amount_of(bound: Bound, context: Context) -> Amount:
    """:raises ExpiredParameterError: when it is a parameter without a value on the day."""
    if isinstance(bound, Parameter):
        return context.parameters.on(bound.name, context.day, context.known_at).amount
    return bound


def bound_of(bound: Bound, context: Context) -> Fraction:
    """In smallest units: of a rate, of the upper unit for each smallest one of the lower."""
    bound = amount_of(bound, context)
    units = context.vocabulary.units
    for symbol in filter(None, (bound.unit, bound.per)):
        if symbol not in units:
            raise UnitMismatchError("There is no unit “{unit}”.", unit=symbol)
    value = Fraction(bound.number) * units[bound.unit].factor
    return value / units[bound.per].factor if bound.per else value


def related(form: Form, relation: Relation, bound: Fraction) -> Circuit:
    """Whether the form stands in the relation, brought to whole numbers."""
    scale = lcm(bound.denominator, *(each.denominator for each in form.values()))
    whole = [(column, int(coefficient * scale)) for column, coefficient in form.items()]
    limit = int(bound * scale)
    if relation is Relation.AT_LEAST:
        return linear(whole, limit)
    if relation is Relation.MORE:
        return linear(whole, limit + 1)
    if relation is Relation.LESS:
        return denied(linear(whole, limit))
    if relation is Relation.AT_MOST:
        return denied(linear(whole, limit + 1))
    return Conjunction((linear(whole, limit), denied(linear(whole, limit + 1))))


def denied(circuit: Circuit) -> Circuit:
    """Its opposite."""
    return circuit.part if isinstance(circuit, Negated) else Negated(circuit)


def divided(part: Form, whole: Form, relation: Relation, ratio: Fraction) -> Circuit:
    """Without division: whole > 0, and part against ratio times whole."""
    is_something = related(whole, Relation.MORE, Fraction(0))
    return Conjunction((is_something, related(added(((part, Fraction(1)), (whole, -ratio))), relation, Fraction(0))))
