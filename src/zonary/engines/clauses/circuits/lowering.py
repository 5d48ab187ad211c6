"""From a sentence to a circuit, for one day: the words are gone, what is left are integers and three values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from zonary.engines.clauses import expressions as say
from zonary.engines.clauses.circuits.forms import Context as Context
from zonary.engines.clauses.circuits.forms import bound_of, denied, divided, form_of, related
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
from zonary.engines.clauses.circuits.scores import stands
from zonary.engines.clauses.dates import latest_full, moved
from zonary.engines.clauses.errors import RuleError, VocabularyError
from zonary.engines.clauses.periods import spelled_out
from zonary.engines.clauses.quantities import Period, Quantity, Scored


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


def _compare(leaf: say.Compare, context: Context) -> Circuit:
    return _held(leaf.quantity, leaf.comparison.relation, bound_of(leaf.bound, context), context)


def _held(quantity: Quantity, relation: say.Relation, bound: Fraction, context: Context) -> Circuit:
    if isinstance(quantity, Scored):
        return stands(quantity.table, relation, bound, context)
    return related(form_of(quantity, context), relation, bound)


def _range(leaf: say.Range, context: Context) -> Circuit:
    low = say.Relation.AT_LEAST if leaf.low.is_included else say.Relation.MORE
    high = say.Relation.AT_MOST if leaf.high.is_included else say.Relation.LESS
    return Conjunction(
        (
            _held(leaf.quantity, low, bound_of(leaf.low.bound, context), context),
            _held(leaf.quantity, high, bound_of(leaf.high.bound, context), context),
        )
    )


def _share(leaf: say.Share, context: Context) -> Circuit:
    ratio = bound_of(leaf.bound, context) / context.vocabulary.units["%"].factor / 100
    part = form_of(leaf.part, context)
    return divided(part, form_of(leaf.whole, context, leaf.part), leaf.comparison.relation, ratio)


def _per_unit(leaf: say.PerUnit, context: Context) -> Circuit:
    per = form_of(leaf.per, context, leaf.quantity)
    return divided(form_of(leaf.quantity, context), per, leaf.comparison.relation, bound_of(leaf.bound, context))


def _growth(leaf: say.Growth, context: Context) -> Circuit:
    now = leaf.reading
    if now.period in (Period.NONE, Period.SAME):
        raise RuleError("Growth is of a term that has a value for each year.")
    offset = now.period.offset
    before = {Column(now.term, offset - 1): Fraction(1)}
    ratio = 1 + bound_of(leaf.bound, context) / context.vocabulary.units["%"].factor / 100
    return divided({Column(now.term, offset): Fraction(1)}, before, leaf.comparison.relation, ratio)


# --- days ------------------------------------------------------------------------------------------------------------


def _from_day_on(term: str, day: date) -> Circuit:
    return linear([(Column(term), 1)], day.toordinal())


def _until(term: str, day: date) -> Circuit:
    return denied(_from_day_on(term, day + timedelta(days=1)))


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
        say.Relation.LESS: denied(is_full),
        say.Relation.MORE: is_beyond,
        say.Relation.AT_MOST: denied(is_beyond),
    }[relation]


def _compare_day(leaf: say.CompareDay, context: Context) -> Circuit:
    relation = leaf.comparison.relation
    return related({Column(leaf.term): Fraction(1)}, relation, Fraction(leaf.day.toordinal()))


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
    return denied(circuit) if is_denied else circuit


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
