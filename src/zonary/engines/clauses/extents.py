"""Exact numbers that are known, not known, or known to lie between two others. No float is ever among them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from zonary.engines.clauses import kleene
from zonary.engines.clauses.expressions import Relation
from zonary.engines.clauses.kleene import Truth

Exact: TypeAlias = int | Fraction


@dataclass(frozen=True, slots=True)
class Extent:
    """From ``low`` to ``high``, both possible; None where nothing bounds it."""

    low: Exact | None
    high: Exact | None

    @property
    def number(self) -> Exact | None:
        """The number, when it is known."""
        return self.low if self.low == self.high else None


_HOLDS: Final[Mapping[Relation, Callable[[Exact, Exact], bool]]] = {
    Relation.AT_LEAST: operator.ge,
    Relation.AT_MOST: operator.le,
    Relation.MORE: operator.gt,
    Relation.LESS: operator.lt,
    Relation.EQUAL: operator.eq,
}

UNKNOWN: Final = Extent(None, None)


def exact(number: Fraction) -> Exact:
    """Integers are many times as fast."""
    return number.numerator if number.denominator == 1 else number


def exactly(number: Exact) -> Extent:
    return Extent(number, number)


def compared(extent: Extent, relation: Relation, bound: Exact) -> Truth:
    """Whether it stands so to ``bound``: known as soon as every number it may be says the same."""
    if extent.low is not None and extent.low == extent.high:
        return kleene.YES if _HOLDS[relation](extent.low, bound) else kleene.NO
    if extent is UNKNOWN:
        return kleene.UNKNOWN
    if relation is Relation.EQUAL:
        outside = _is(extent.low, Relation.MORE, bound) or _is(extent.high, Relation.LESS, bound)
        return Truth.NO if outside else Truth.UNKNOWN
    near, far = extent.low, extent.high
    if relation in (Relation.AT_MOST, Relation.LESS):
        near, far = far, near
    if _is(near, relation, bound):
        return Truth.YES
    return Truth.NO if _is(far, relation.opposite, bound) else Truth.UNKNOWN


def holds(number: Exact, relation: Relation, bound: Exact) -> bool:
    return _HOLDS[relation](number, bound)


def total(extents: Iterable[Extent]) -> Extent:
    """Their sum: of one that nothing bounds, nothing bounds the sum."""
    low: Exact | None = 0
    high: Exact | None = 0
    for each in extents:
        low = None if low is None or each.low is None else low + each.low
        high = None if high is None or each.high is None else high + each.high
    return Extent(low, high)


def best(extents: Iterable[Extent]) -> Extent:
    """The largest of them; of none, nothing is known."""
    found = list(extents)
    lows = [each.low for each in found if each.low is not None]
    highs = [each.high for each in found if each.high is not None]
    return Extent(max(lows, default=None), max(highs) if highs and len(highs) == len(found) else None)


def scaled(extent: Extent, factor: Exact) -> Extent:
    low = None if extent.low is None else extent.low * factor
    high = None if extent.high is None else extent.high * factor
    if factor == 0:
        return exactly(0) if extent.number is not None else UNKNOWN
    return Extent(low, high) if factor > 0 else Extent(high, low)


def clipped(extent: Extent, floor: Exact | None, cap: Exact | None) -> Extent:
    """Raised to ``floor``, cut to ``cap``; what was unbounded, is not beyond them."""
    low, high = extent.low, extent.high
    if floor is not None:
        low = floor if low is None else max(low, floor)
        high = None if high is None else max(high, floor)
    if cap is not None:
        low = None if low is None else min(low, cap)
        high = cap if high is None else min(high, cap)
    return Extent(low, high)


def _is(number: Exact | None, relation: Relation, bound: Exact) -> bool:
    return number is not None and holds(number, relation, bound)
