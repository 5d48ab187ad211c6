"""Units and bounds: what a quantity is measured in, between which ends it lies, and whether a bound can be met."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from zonary.engines.clauses.errors import SentenceError, UnitMismatchError
from zonary.engines.clauses.expressions import Compare, Expression, Growth, PerUnit, Range, Relation, Share
from zonary.engines.clauses.periods import readings_of, spelled_out
from zonary.engines.clauses.quantities import Amount, Bound, Difference, Gathered, Parameter, Quantity, Scored, Sum
from zonary.engines.clauses.vocabulary import Kind, Vocabulary

MAX_DIGITS: Final = 18
"""Before the point of a number."""
MAX_DECIMALS: Final = 6
"""Behind it."""
_SHARE: Final = "share"


@dataclass(frozen=True, slots=True)
class Extent:
    """The smallest and the largest value that can occur, in smallest units; None is without end."""

    low: Fraction | None
    high: Fraction | None


def dimension_of(quantity: Quantity, vocabulary: Vocabulary) -> str:
    """What it is measured in.

    :raises UnitMismatchError: when its parts are measured in different things.
    """
    if isinstance(quantity, Scored):
        return vocabulary.tables[quantity.table]
    first, *others = [vocabulary.term(each.term) for each in readings_of(quantity)]
    for other in others:
        if other.dimension != first.dimension:
            raise UnitMismatchError(
                "“{one}” and “{about}” are measured in different things and cannot be put together.",
                one=first.chinese,
                about=other.chinese,
            )
    return first.dimension


def require_measurable(leaf: Expression, vocabulary: Vocabulary) -> None:
    """:raises SentenceError: when units differ, or a bound cannot be met whatever the data are."""
    match leaf:
        case Compare(quantity, comparison, bound):
            said = _named(quantity, vocabulary)
            value = _bound(bound, dimension_of(quantity, vocabulary), quantity, vocabulary, said)
            _require_reachable(comparison.relation, value, _extent(leaf, quantity, vocabulary), bound)
        case Range():
            _require_range(leaf, vocabulary)
        case Share(part, whole, comparison, bound):
            if dimension_of(part, vocabulary) != dimension_of(whole, vocabulary):
                raise _mismatch(part, whole, vocabulary)
            value = _bound(bound, _SHARE, None, vocabulary, _ratio_named(part, "占", whole, "的比例", vocabulary))
            _require_reachable(comparison.relation, value, _ratio(leaf, part, whole, vocabulary), bound)
        case PerUnit(quantity, per, comparison, bound):
            dimension = f"{dimension_of(quantity, vocabulary)}/{dimension_of(per, vocabulary)}"
            value = _bound(bound, dimension, None, vocabulary, _ratio_named(quantity, "与", per, "之比", vocabulary))
            _require_reachable(comparison.relation, value, _ratio(leaf, quantity, per, vocabulary), bound)
        case Growth(reading, comparison, bound):
            dimension_of(reading, vocabulary)
            value = _bound(bound, _SHARE, None, vocabulary, f"{_named(reading, vocabulary)}同比增长")
            low = vocabulary.term(reading.term).low
            _require_reachable(
                comparison.relation, value, Extent(Fraction(-(10**6)) if low >= 0 else None, None), bound
            )


def _mismatch(one: Quantity, other: Quantity, vocabulary: Vocabulary) -> UnitMismatchError:
    return UnitMismatchError(
        "“{one}” and “{about}” are measured in different things and cannot be put together.",
        one=_named(one, vocabulary),
        about=_named(other, vocabulary),
    )


def _named(quantity: Quantity, vocabulary: Vocabulary) -> str:
    """By its first name."""
    return quantity.table if isinstance(quantity, Scored) else vocabulary.term(readings_of(quantity)[0].term).chinese


def _ratio_named(one: Quantity, between: str, other: Quantity, behind: str, vocabulary: Vocabulary) -> str:
    return f"{_named(one, vocabulary)}{between}{_named(other, vocabulary)}{behind}"


def _bound(
    bound: Bound, dimension: str, quantity: Quantity | None, vocabulary: Vocabulary, said: str
) -> Fraction | None:
    """Its value in smallest units (of a bound per unit: of those per smallest unit); None of a parameter.

    :param said: what is held against it, for whoever gave it another unit.
    """
    if isinstance(bound, Parameter):
        if bound.name not in vocabulary.parameters:
            raise SentenceError("There is no parameter “{about}”.", about=bound.name[:60])
        known = vocabulary.dimensions.get(bound.name, dimension)
        if known != dimension:
            raise UnitMismatchError(
                "The parameter “{about}” is not measured in what it is compared with.", about=bound.name
            )
        return None
    units = [vocabulary.units.get(each) for each in (bound.unit, bound.per) if each or each == bound.unit]
    _require_number(bound)
    found = [each for each in units if each is not None]
    if len(found) != len(units):
        raise SentenceError("“{about}” is no unit of the vocabulary.", about=f"{bound.unit}/{bound.per}".strip("/"))
    if "/".join(each.dimension for each in found) != dimension:
        known = vocabulary.units_of(dimension)
        raise UnitMismatchError(
            "“{term}” is measured in {unit}: after the number write {units}, not {about}.",
            term=said,
            unit=known.partition("、")[0],
            units=known,
            about="/".join(each.symbol for each in found),
        )
    value = Fraction(bound.number) * found[0].factor / (found[1].factor if len(found) == 2 else 1)
    if quantity is not None and value.denominator != 1 and not _may_be_finer(quantity, found[0].dimension):
        raise SentenceError("{about} is finer than what is compared is ever measured.", about=_written(bound))
    return value


def _may_be_finer(quantity: Quantity, dimension: str) -> bool:
    """Means and scores may lie between smallest units; of areas and shares the smallest unit is not a natural one."""
    means = any(isinstance(each, Gathered) and each.gathering.is_mean for each in readings_of(quantity))
    return means or isinstance(quantity, Scored) or dimension in (Kind.AREA, Kind.SHARE)


def _require_number(bound: Amount) -> None:
    number = bound.number
    if not number.is_finite() or (number.is_zero() and number.is_signed()):
        raise SentenceError("{about} is no number.", about=str(number)[:40])
    if abs(number) >= Decimal(10) ** MAX_DIGITS or -int(number.as_tuple().exponent) > MAX_DECIMALS:
        raise SentenceError(
            "A number has at most {digits} digits before the point and {decimals} behind it.",
            digits=MAX_DIGITS,
            decimals=MAX_DECIMALS,
        )


def _written(bound: Bound) -> str:
    if isinstance(bound, Parameter):
        return f"【{bound.name}】"
    return f"{bound.number:f}{bound.unit}" + (f"/{bound.per}" if bound.per else "")


def _require_reachable(relation: Relation, value: Fraction | None, extent: Extent, bound: Bound) -> None:
    if value is None:
        return
    low, high = extent.low, extent.high
    over = high is not None and (value > high or (value == high and relation is Relation.MORE))
    under = low is not None and (value < low or (value == low and relation is Relation.LESS))
    if (over and relation in (Relation.AT_LEAST, Relation.MORE, Relation.EQUAL)) or (
        under and relation in (Relation.AT_MOST, Relation.LESS, Relation.EQUAL)
    ):
        raise SentenceError("No enterprise can meet {about}: what is compared never gets there.", about=_written(bound))


def _require_range(leaf: Range, vocabulary: Vocabulary) -> None:
    quantity, low, high = leaf.quantity, leaf.low, leaf.high
    dimension = dimension_of(quantity, vocabulary)
    said = _named(quantity, vocabulary)
    ends = [_bound(each.bound, dimension, quantity, vocabulary, said) for each in (low, high)]
    extent = _extent(leaf, quantity, vocabulary)
    relations = (
        Relation.AT_LEAST if low.is_included else Relation.MORE,
        Relation.AT_MOST if high.is_included else Relation.LESS,
    )
    for relation, value, edge in zip(relations, ends, (low, high), strict=True):
        _require_reachable(relation, value, extent, edge.bound)
    first, last = ends
    if first is None or last is None:
        return
    if first > last or (first == last and not (low.is_included and high.is_included)):
        raise SentenceError(
            "Nothing lies between {about} and {last}.", about=_written(low.bound), last=_written(high.bound)
        )


def _extent(leaf: Compare | Range, quantity: Quantity, vocabulary: Vocabulary) -> Extent:
    filled = spelled_out(leaf).quantity
    if isinstance(filled, Scored):
        return Extent(None, None)
    ends = []
    for each in readings_of(filled):
        term = vocabulary.term(each.term)
        several = isinstance(each, Gathered) and each.span is not None and not each.gathering.is_mean
        times = each.span.years.value if several and isinstance(each, Gathered) and each.span else 1
        ends.append((Fraction(term.low) * times, Fraction(term.high) * times))
    if isinstance(filled, Difference):
        return Extent(ends[0][0] - ends[1][1], ends[0][1] - ends[1][0])
    if isinstance(filled, Sum):
        return Extent(sum((low for low, _ in ends), Fraction()), sum((high for _, high in ends), Fraction()))
    return Extent(*ends[0])


def _ratio(leaf: Share | PerUnit, one: Quantity, other: Quantity, vocabulary: Vocabulary) -> Extent:
    """Not below nothing when neither side can be; how large it gets depends on how small the other side is."""

    def is_never_negative(quantity: Quantity) -> bool:
        if isinstance(quantity, Difference | Scored):
            return False
        return all(vocabulary.term(each.term).low >= 0 for each in readings_of(quantity))

    return Extent(Fraction(0) if is_never_negative(one) and is_never_negative(other) else None, None)
