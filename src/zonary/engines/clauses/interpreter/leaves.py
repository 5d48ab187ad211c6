"""The meaning of every form of sentence, for one enterprise on one day.

Shares, rates and growth never divide: ``part / whole >= p / q`` asks ``whole > 0`` and ``part * q >= whole * p``,
joined in Kleene's logic. So a whole that is known to be nothing decides, even when the part is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple

from zonary.engines.clauses import kleene
from zonary.engines.clauses.codes import lies_in
from zonary.engines.clauses.dates import moved, whole_years
from zonary.engines.clauses.errors import RuleError, UnitMismatchError
from zonary.engines.clauses.expressions import (
    Aged,
    Compare,
    CompareDay,
    Elapsed,
    Flag,
    Growth,
    Happened,
    Holds,
    InCodes,
    Judged,
    Leaf,
    Listed,
    PerUnit,
    Range,
    Relation,
    Share,
)
from zonary.engines.clauses.extents import UNKNOWN, Exact, compared, exactly, holds
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.measures import Measure, Reader, Threshold, dimension_named
from zonary.engines.clauses.quantities import Period, Reading
from zonary.engines.clauses.snapshots import Datum, Key
from zonary.engines.clauses.vocabulary import Kind, Term


class Reason(StrEnum):
    """Why a leaf has the value it has, where the numbers alone do not say."""

    PLAIN = ""
    MISSING = "missing"  # a datum is not known
    NOTHING_UNDER = "nothing_under"  # what would be divided by is known to be nothing, or less
    TOO_COARSE = "too_coarse"  # the code is known, but not to as many places as the rule asks


_PLAIN: Final = Reason.PLAIN


class LeafFinding(NamedTuple):
    """What was found of one comparison or membership.

    :param measures: what was compared: the part and the whole, the year and the year before.
    :param thresholds: what it was held against.
    :param relations: how each threshold is compared.
    :param read: the data, in the order they were read.
    """

    leaf: Leaf
    truth: Truth
    measures: tuple[Measure, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    relations: tuple[Relation, ...] = ()
    read: tuple[Key, ...] = ()
    missing: tuple[Key, ...] = ()
    reason: Reason = Reason.PLAIN


_LEAF_FINDING: Final[Callable[[tuple[Any, ...]], LeafFinding]] = partial(tuple.__new__, LeafFinding)
"""Made without a call of Python, in the order of its fields: most of what is asked is a number held against another."""


def found(leaf: Leaf, meant: Leaf, reader: Reader) -> LeafFinding:
    """What holds of the enterprise that ``reader`` reads.

    :param meant: the leaf with its years :func:`~zonary.engines.clauses.periods.spelled_out`.
    :raises UnitMismatchError: when things of different units are compared.
    :raises RuleError: when the sentence asks a term for what it is not.
    :raises ExpiredParameterError: when a parameter has no value on the day.
    :raises NoEditionError: when a list has no single edition on the day.
    """
    finding = _FINDERS[type(leaf)](meant, reader)
    return finding if meant is leaf else LeafFinding(leaf, *finding[1:])


# Numbers


def _compare(leaf: Compare, reader: Reader) -> LeafFinding:
    measure, threshold = reader.measure(leaf.quantity), reader.threshold(leaf.bound)
    if measure.dimension != threshold.dimension or threshold.per:
        _require_alike(measure.dimension, threshold)
    relation = leaf.comparison.relation
    truth = compared(measure.extent, relation, threshold.value)
    if truth is kleene.UNKNOWN:
        return _measured(leaf, truth, (measure,), (threshold,), (relation,))
    return _LEAF_FINDING((leaf, truth, (measure,), (threshold,), (relation,), measure.read, (), _PLAIN))


def _range(leaf: Range, reader: Reader) -> LeafFinding:
    measure = reader.measure(leaf.quantity)
    low, high = reader.threshold(leaf.low.bound), reader.threshold(leaf.high.bound)
    _require_alike(measure.dimension, low)
    _require_alike(measure.dimension, high)
    above = Relation.AT_LEAST if leaf.low.is_included else Relation.MORE
    below = Relation.AT_MOST if leaf.high.is_included else Relation.LESS
    truth = kleene.all_of((compared(measure.extent, above, low.value), compared(measure.extent, below, high.value)))
    return _measured(leaf, truth, (measure,), (low, high), (above, below))


def _share(leaf: Share, reader: Reader) -> LeafFinding:
    part = reader.measure(leaf.part)
    whole, threshold = reader.measure(leaf.whole, part), reader.threshold(leaf.bound)
    if part.dimension != whole.dimension:
        raise UnitMismatchError(
            "A share of {whole} cannot be had from {part}.",
            whole=dimension_named(whole.dimension),
            part=dimension_named(part.dimension),
        )
    _require_alike("share", threshold)
    return _divided(leaf, (part, whole), threshold, leaf.comparison.relation, of_millionths(threshold.value))


def _per_unit(leaf: PerUnit, reader: Reader) -> LeafFinding:
    part = reader.measure(leaf.quantity)
    whole, threshold = reader.measure(leaf.per, part), reader.threshold(leaf.bound)
    _require_alike(part.dimension, threshold, whole.dimension)
    return _divided(leaf, (part, whole), threshold, leaf.comparison.relation, threshold.value)


def _growth(leaf: Growth, reader: Reader) -> LeafFinding:
    if leaf.reading.period in (Period.NONE, Period.SAME):
        raise RuleError("Growth of “{term}” is of no year.", term=leaf.reading.term)
    threshold = reader.threshold(leaf.bound)
    _require_alike("share", threshold)
    this = reader.measure(leaf.reading)
    before = _year_before(leaf.reading, reader)
    return _divided(leaf, (this, before), threshold, leaf.comparison.relation, grown_by(threshold.value))


@lru_cache(maxsize=4_096)
def of_millionths(value: Exact) -> Fraction:
    """A share as the ratio that it is; the same few stand in many rules."""
    return Fraction(value) / 10**6


@lru_cache(maxsize=4_096)
def grown_by(value: Exact) -> Fraction:
    """A growth as the ratio to the year before."""
    return 1 + of_millionths(value)


def _year_before(reading: Reading, reader: Reader) -> Measure:
    year = reader.day.year + reading.period.offset - 1
    datum, key = reader.datum(reading.term, year), (reading.term, year)
    term = reader.vocabulary.term(reading.term)
    if datum is None:
        return Measure(UNKNOWN, term.dimension, missing=(key,))
    return Measure(exactly(int(datum.value)), term.dimension, read=(key,))


def _divided(
    leaf: Leaf, measures: tuple[Measure, Measure], threshold: Threshold, relation: Relation, ratio: Exact
) -> LeafFinding:
    part, whole = measures
    is_something = compared(whole.extent, Relation.MORE, 0)
    over, under = part.extent.number, whole.extent.number
    stands = Truth.UNKNOWN
    if over is not None and under is not None:  # by multiplication on both sides: integers stay integers
        stands = kleene.of(holds(over * ratio.denominator, relation, under * ratio.numerator))
    truth = kleene.all_of((is_something, stands))
    finding = _measured(leaf, truth, measures, (threshold,), (relation,))
    return finding if is_something is not Truth.NO else _because(finding, Reason.NOTHING_UNDER)


def _measured(
    leaf: Leaf,
    truth: Truth,
    measures: tuple[Measure, ...],
    thresholds: tuple[Threshold, ...],
    relations: tuple[Relation, ...],
) -> LeafFinding:
    read, missing = measures[0].read, measures[0].missing
    if len(measures) > 1:
        read = tuple(dict.fromkeys(key for each in measures for key in each.read))
        missing = tuple(dict.fromkeys(key for each in measures for key in each.missing))
    if truth is not kleene.UNKNOWN:
        return LeafFinding(leaf, truth, measures, thresholds, relations, read)
    return LeafFinding(leaf, truth, measures, thresholds, relations, read, missing, Reason.MISSING)


def _because(finding: LeafFinding, reason: Reason) -> LeafFinding:
    return finding._replace(reason=reason)


def _require_alike(dimension: str, threshold: Threshold, per: str = "") -> None:
    if dimension != threshold.dimension or per != threshold.per:
        raise UnitMismatchError(
            "{found} cannot be compared with {wanted}.",
            found=dimension_named(dimension, per),
            wanted=dimension_named(threshold.dimension, threshold.per),
        )


# Days


def _elapsed(leaf: Elapsed, reader: Reader) -> LeafFinding:
    def is_so(start: date) -> bool:
        full = moved(start, leaf.count.value, leaf.unit)
        return holds(reader.day.toordinal(), leaf.duration.relation, full.toordinal())

    return _of_datum(leaf, reader, leaf.term, (Kind.DATE,), lambda datum: is_so(_day(datum)))


def _aged(leaf: Aged, reader: Reader) -> LeafFinding:
    def is_so(birth: date) -> bool:
        return holds(whole_years(birth, reader.day), leaf.duration.relation, leaf.years.value)

    return _of_datum(leaf, reader, leaf.term, (Kind.DATE,), lambda datum: is_so(_day(datum)))


def _compare_day(leaf: CompareDay, reader: Reader) -> LeafFinding:
    def is_so(datum: Datum) -> bool:
        return holds(int(datum.value), leaf.comparison.relation, leaf.day.toordinal())

    return _of_datum(leaf, reader, leaf.term, (Kind.DATE,), is_so)


def _happened(leaf: Happened, reader: Reader) -> LeafFinding:
    first = first_day_counted(leaf, reader.day)

    def is_so(datum: Datum) -> bool:
        # Days count from 1, and never is stored as 0: it is before every first day.
        return (int(datum.value) >= first.toordinal()) is not leaf.is_denied

    return _of_datum(leaf, reader, leaf.term, (Kind.EVENT,), is_so)


def first_day_counted(leaf: Happened, day: date) -> date:
    """The first day on which it counts: 近一年 of 2026-03-01 is what came after 2025-03-01."""
    if isinstance(leaf.since, date):
        return leaf.since
    count, unit = leaf.since
    start = moved(day, -count.value, unit)
    return date.fromordinal(min(start.toordinal() + 1, date.max.toordinal()))


def _holds(leaf: Holds, reader: Reader) -> LeafFinding:
    def is_so(datum: Datum) -> bool:
        return (int(datum.value) >= reader.day.toordinal()) is not leaf.is_denied

    return _of_datum(leaf, reader, leaf.term, (Kind.CREDENTIAL,), is_so)


def _day(datum: Datum) -> date:
    return date.fromordinal(int(datum.value))


# Yes, no, and codes


def _flag(leaf: Flag, reader: Reader) -> LeafFinding:
    return _of_datum(leaf, reader, leaf.term, (Kind.FLAG,), lambda datum: bool(datum.value) is not leaf.is_denied)


def _judged(leaf: Judged, reader: Reader) -> LeafFinding:
    return _of_datum(leaf, reader, leaf.term, (Kind.JUDGEMENT,), lambda datum: bool(datum.value))


def _listed(leaf: Listed, reader: Reader) -> LeafFinding:
    data = [(_term(reader, id, (Kind.LISTING,)).id, reader.datum(id)) for id in leaf.terms]
    on_one = kleene.any_of(Truth.UNKNOWN if datum is None else kleene.of(datum.value is True) for _, datum in data)
    truth = ~on_one if leaf.is_denied else on_one
    is_open = truth is Truth.UNKNOWN
    return LeafFinding(
        leaf=leaf,
        truth=truth,
        read=tuple((id, None) for id, datum in data if datum is not None),
        missing=tuple((id, None) for id, datum in data if datum is None and is_open),
        reason=Reason.MISSING if is_open else Reason.PLAIN,
    )


def _in_codes(leaf: InCodes, reader: Reader) -> LeafFinding:
    term = _term(reader, leaf.term, (Kind.CODE,))
    codes: Sequence[str] | frozenset[str] = leaf.codes
    if leaf.list_name:
        code_list = reader.vocabulary.list_called(leaf.list_name)
        codes = code_list.on(reader.day).codes
        if code_list.system != term.system:
            raise UnitMismatchError(
                "“{term}” is a code of {system}, and “{name}” lists codes of {other}.",
                term=term.chinese,
                system=term.system,
                name=code_list.name,
                other=code_list.system,
            )
    datum = reader.datum(leaf.term)
    if datum is None:
        return _missing(leaf, leaf.term)
    inside = lies_in(str(datum.value), codes)
    return LeafFinding(
        leaf=leaf,
        truth=~inside if leaf.is_denied else inside,
        read=((leaf.term, None),),
        reason=Reason.TOO_COARSE if inside is Truth.UNKNOWN else Reason.PLAIN,
    )


def _of_datum(
    leaf: Leaf, reader: Reader, id: str, kinds: tuple[Kind, ...], is_so: Callable[[Datum], bool]
) -> LeafFinding:
    _term(reader, id, kinds)
    datum = reader.datum(id)
    if datum is None:
        return _missing(leaf, id)
    return LeafFinding(leaf, kleene.of(is_so(datum)), (), (), (), ((id, None),))


def _missing(leaf: Leaf, id: str) -> LeafFinding:
    return LeafFinding(leaf=leaf, truth=Truth.UNKNOWN, missing=((id, None),), reason=Reason.MISSING)


def _term(reader: Reader, id: str, kinds: tuple[Kind, ...]) -> Term:
    term = reader.vocabulary.term(id)
    if term.kind not in kinds:
        raise RuleError("The sentence asks “{term}” for something that it is not.", term=term.chinese)
    return term


_FINDERS: dict[type[Leaf], Callable[[Any, Reader], LeafFinding]] = {
    Compare: _compare,
    Range: _range,
    Share: _share,
    PerUnit: _per_unit,
    Growth: _growth,
    Elapsed: _elapsed,
    Aged: _aged,
    CompareDay: _compare_day,
    Happened: _happened,
    Flag: _flag,
    InCodes: _in_codes,
    Listed: _listed,
    Holds: _holds,
    Judged: _judged,
}
