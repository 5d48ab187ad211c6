"""Which values a quantity can have at all, whoever is asked: what a need, and a gap of a table, is looked for among."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, lcm
from typing import NamedTuple

from zonary.engines.clauses.expressions import Relation
from zonary.engines.clauses.extents import Exact
from zonary.engines.clauses.quantities import Gathered, Quantity, Reading, Scored, Sum
from zonary.engines.clauses.vocabulary import Vocabulary


class Domain(NamedTuple):
    """From ``low`` to ``high`` in multiples of ``step``, in the smallest unit; a step of None: any number."""

    low: Exact | None
    high: Exact | None
    step: Exact | None

    def holds(self, number: Exact) -> bool:
        return (self.step is None or self._steps(number).denominator == 1) and self._reaches(number)

    def nearest(self, relation: Relation, bound: Exact) -> Exact | None:
        """The number closest to ``bound`` that stands so to it; None when there is none."""
        if self.step is None:
            return None if relation in (Relation.MORE, Relation.LESS) else bound
        steps = bound if self.step == 1 else self._steps(bound)
        if relation is Relation.AT_LEAST or relation is Relation.LESS:
            steps = ceil(steps) - (relation is Relation.LESS)
        elif relation is not Relation.EQUAL:
            steps = floor(steps) + (relation is Relation.MORE)
        elif steps.denominator != 1:
            return None
        number = steps * self.step
        return number if self._reaches(number) else None

    def _reaches(self, number: Exact) -> bool:
        return (self.low is None or number >= self.low) and (self.high is None or number <= self.high)

    def _steps(self, number: Exact) -> Exact:
        """How many steps it is, perhaps not a whole number of them. Mostly a step is 1, and that needs no fractions."""
        return number if self.step == 1 or self.step is None else Fraction(number) / self.step


def domain_of(vocabulary: Vocabulary, quantity: Quantity, parts: int = 1) -> Domain:
    """Of a sum, the sum of what its parts can have. Nothing bounds what a table gives.

    :param parts: years that 同期 stands for.
    """
    if isinstance(quantity, Scored):
        return Domain(None, None, None)
    if isinstance(quantity, Reading):
        term = vocabulary.term(quantity.term)
        return _whole_numbers(term.low, term.high)
    if isinstance(quantity, Gathered):
        term = vocabulary.term(quantity.term)
        years = parts if quantity.span is None else quantity.span.years.value
        if quantity.gathering.is_mean:
            return Domain(term.low, term.high, Fraction(1, years))
        return Domain(term.low * years, term.high * years, 1)
    if isinstance(quantity, Sum):
        return _added([domain_of(vocabulary, each, parts) for each in quantity.parts])
    whole, less = domain_of(vocabulary, quantity.whole, parts), domain_of(vocabulary, quantity.less, parts)
    turned = Domain(_negative(less.high), _negative(less.low), less.step)
    return _added([whole, turned])


@lru_cache(maxsize=256)
def _whole_numbers(low: int, high: int) -> Domain:
    """Most terms share a few, and a need asks for one of them some hundred times an enterprise."""
    return Domain(low, high, 1)


def _added(parts: list[Domain]) -> Domain:
    lows, highs = [each.low for each in parts], [each.high for each in parts]
    steps = [Fraction(each.step).denominator for each in parts if each.step is not None]
    return Domain(
        sum(low for low in lows if low is not None) if None not in lows else None,
        sum(high for high in highs if high is not None) if None not in highs else None,
        Fraction(1, lcm(*steps)) if len(steps) == len(parts) else None,
    )


def _negative(number: Exact | None) -> Exact | None:
    return None if number is None else -number
