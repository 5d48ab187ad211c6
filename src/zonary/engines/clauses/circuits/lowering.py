"""From a sentence to a circuit, for one day: the words are gone, what is left are integers and three values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import lcm
from typing import Any, TypeAlias

from zonary.engines.clauses import expressions as say
from zonary.engines.clauses.circuits.gates import (
    Circuit,
    Column,
    Conjunction,
    Counted,
    Disjunction,
    Negated,
    Said,
    Within,
    linear,
)
from zonary.engines.clauses.dates import latest_full, moved
from zonary.engines.clauses.errors import RuleError, UnitMismatchError, VocabularyError
from zonary.engines.clauses.parameters import Parameters
from zonary.engines.clauses.periods import spelled_out
from zonary.engines.clauses.quantities import (
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
from zonary.engines.clauses.vocabulary import Vocabulary

Form: TypeAlias = Mapping[Column, Fraction]
"""A linear form over columns, in their smallest units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a sentence is read with: its words, the parameters in force, and the day."""

    vocabulary: Vocabulary
    parameters: Parameters
    day: date
    known_at: datetime


def lower(expression: say.Expression, context: Context) -> Circuit:
    """The circuit of a sentence without references to clauses.

    :raises ExpiredParameterError: when a parameter or list has no value on the day.
    :raises VocabularyError: for a name the vocabulary does not have.
    """
    if isinstance(expression, say.Every):
        return Conjunction(tuple(lower(each, context) for each in expression.parts))
    if isinstance(expression, say.Some):
        return Disjunction(tuple(lower(each, context) for each in expression.parts))
    if isinstance(expression, say.AtLeast):
        return Counted(expression.count.value, tuple(lower(each, context) for each in expression.parts))
    if isinstance(expression, say.Not):
        return Negated(lower(expression.part, context))
    if isinstance(expression, say.IfThen):
        return Disjunction((Negated(lower(expression.premise, context)), lower(expression.conclusion, context)))
    if isinstance(expression, say.ClauseRef):
        raise VocabularyError("A sentence does not refer to another clause; the item's condition joins them.")
    return _LEAVES[type(expression)](spelled_out(expression), context)


# --- numbers ---------------------------------------------------------------------------------------------------------


def form_of(quantity: Quantity, context: Context, same: Quantity | None = None) -> Form:
    """What a quantity adds up. ``same`` is what 同期 looks at: the part of the share."""
    if isinstance(quantity, Scored):
        return {Column(f"《{quantity.table}》"): Fraction(1)}
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
    return _added((form_of(part, context, same), Fraction(sign)) for part, sign in zip(parts, signs, strict=True))


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


def _added(forms: Iterable[tuple[Form, Fraction]]) -> Form:
    found: dict[Column, Fraction] = {}
    for form, factor in forms:
        for column, coefficient in form.items():
            found[column] = found.get(column, Fraction(0)) + coefficient * factor
    return found


def _bound(bound: Bound, context: Context) -> Fraction:
    """In smallest units: of a rate, of the upper unit for each smallest one of the lower."""
    if isinstance(bound, Parameter):
        bound = context.parameters.on(bound.name, context.day, context.known_at).amount
    units = context.vocabulary.units
    for symbol in filter(None, (bound.unit, bound.per)):
        if symbol not in units:
            raise UnitMismatchError("There is no unit “{unit}”.", unit=symbol)
    value = Fraction(bound.number) * units[bound.unit].factor
    return value / units[bound.per].factor if bound.per else value


def _related(form: Form, relation: say.Relation, bound: Fraction) -> Circuit:
    """Whether the form stands in the relation, brought to whole numbers."""
    scale = lcm(bound.denominator, *(each.denominator for each in form.values()))
    whole = [(column, int(coefficient * scale)) for column, coefficient in form.items()]
    limit = int(bound * scale)
    if relation is say.Relation.AT_LEAST:
        return linear(whole, limit)
    if relation is say.Relation.MORE:
        return linear(whole, limit + 1)
    if relation is say.Relation.LESS:
        return _denied(linear(whole, limit))
    if relation is say.Relation.AT_MOST:
        return _denied(linear(whole, limit + 1))
    return Conjunction((linear(whole, limit), _denied(linear(whole, limit + 1))))


def _denied(circuit: Circuit) -> Circuit:
    return circuit.part if isinstance(circuit, Negated) else Negated(circuit)


def _compare(leaf: say.Compare, context: Context) -> Circuit:
    return _related(form_of(leaf.quantity, context), leaf.comparison.relation, _bound(leaf.bound, context))


def _range(leaf: say.Range, context: Context) -> Circuit:
    form = form_of(leaf.quantity, context)
    low = say.Relation.AT_LEAST if leaf.low.is_included else say.Relation.MORE
    high = say.Relation.AT_MOST if leaf.high.is_included else say.Relation.LESS
    return Conjunction(
        (
            _related(form, low, _bound(leaf.low.bound, context)),
            _related(form, high, _bound(leaf.high.bound, context)),
        )
    )


def _divided(part: Form, whole: Form, relation: say.Relation, ratio: Fraction) -> Circuit:
    """Without division: whole > 0, and part against ratio times whole."""
    is_something = _related(whole, say.Relation.MORE, Fraction(0))
    return Conjunction((is_something, _related(_added(((part, Fraction(1)), (whole, -ratio))), relation, Fraction(0))))


def _share(leaf: say.Share, context: Context) -> Circuit:
    ratio = _bound(leaf.bound, context) / context.vocabulary.units["%"].factor / 100
    part = form_of(leaf.part, context)
    return _divided(part, form_of(leaf.whole, context, leaf.part), leaf.comparison.relation, ratio)


def _per_unit(leaf: say.PerUnit, context: Context) -> Circuit:
    per = form_of(leaf.per, context, leaf.quantity)
    return _divided(form_of(leaf.quantity, context), per, leaf.comparison.relation, _bound(leaf.bound, context))


def _growth(leaf: say.Growth, context: Context) -> Circuit:
    now = leaf.reading
    if now.period in (Period.NONE, Period.SAME):
        raise RuleError("Growth is of a term that has a value for each year.")
    offset = now.period.offset
    before = {Column(now.term, offset - 1): Fraction(1)}
    ratio = 1 + _bound(leaf.bound, context) / context.vocabulary.units["%"].factor / 100
    return _divided({Column(now.term, offset): Fraction(1)}, before, leaf.comparison.relation, ratio)


# --- days ------------------------------------------------------------------------------------------------------------


def _from_day_on(term: str, day: date) -> Circuit:
    return linear([(Column(term), 1)], day.toordinal())


def _until(term: str, day: date) -> Circuit:
    return _denied(_from_day_on(term, day + timedelta(days=1)))


def _elapsed(leaf: say.Elapsed, context: Context) -> Circuit:
    count, day = leaf.count.value, context.day
    is_full = _until(leaf.term, latest_full(day, count, leaf.unit))
    is_beyond = _until(leaf.term, latest_full(day - timedelta(days=1), count, leaf.unit))
    return _by_relation(leaf.duration.relation, is_full, is_beyond)


def _aged(leaf: say.Aged, context: Context) -> Circuit:
    is_full, is_beyond = (
        _until(leaf.term, latest_full(context.day, years, say.TimeUnit.YEARS))
        for years in (leaf.years.value, leaf.years.value + 1)
    )
    return _by_relation(leaf.duration.relation, is_full, is_beyond)


def _by_relation(relation: say.Relation, is_full: Circuit, is_beyond: Circuit) -> Circuit:
    return {
        say.Relation.AT_LEAST: is_full,
        say.Relation.LESS: _denied(is_full),
        say.Relation.MORE: is_beyond,
        say.Relation.AT_MOST: _denied(is_beyond),
    }[relation]


def _compare_day(leaf: say.CompareDay, context: Context) -> Circuit:
    relation = leaf.comparison.relation
    return _related({Column(leaf.term): Fraction(1)}, relation, Fraction(leaf.day.toordinal()))


def _happened(leaf: say.Happened, context: Context) -> Circuit:
    if isinstance(leaf.since, date):
        first = leaf.since
    else:
        count, unit = leaf.since
        first = moved(context.day, -count.value, unit) + timedelta(days=1)
    return _perhaps_denied(_from_day_on(leaf.term, first), leaf.is_denied)


def _holds(leaf: say.Holds, context: Context) -> Circuit:
    return _perhaps_denied(_from_day_on(leaf.term, context.day), leaf.is_denied)


# --- yes and no, codes -----------------------------------------------------------------------------------------------


def _perhaps_denied(circuit: Circuit, is_denied: bool) -> Circuit:
    return _denied(circuit) if is_denied else circuit


def _flag(leaf: say.Flag, context: Context) -> Circuit:
    return _perhaps_denied(Said(Column(leaf.term)), leaf.is_denied)


def _judged(leaf: say.Judged, context: Context) -> Circuit:
    return Said(Column(leaf.term))


def _listed(leaf: say.Listed, context: Context) -> Circuit:
    found = tuple(Said(Column(each)) for each in leaf.terms)
    return _perhaps_denied(found[0] if len(found) == 1 else Disjunction(found), leaf.is_denied)


def _in_codes(leaf: say.InCodes, context: Context) -> Circuit:
    codes = frozenset(leaf.codes)
    if leaf.list_name:
        codes = context.vocabulary.list_called(leaf.list_name).on(context.day).codes
    return _perhaps_denied(Within(Column(leaf.term), codes), leaf.is_denied)


_LEAVES: Mapping[type, Callable[[Any, Context], Circuit]] = {
    say.Compare: _compare,
    say.Range: _range,
    say.Share: _share,
    say.PerUnit: _per_unit,
    say.Growth: _growth,
    say.Elapsed: _elapsed,
    say.Aged: _aged,
    say.CompareDay: _compare_day,
    say.Happened: _happened,
    say.Flag: _flag,
    say.InCodes: _in_codes,
    say.Listed: _listed,
    say.Holds: _holds,
    say.Judged: _judged,
}
