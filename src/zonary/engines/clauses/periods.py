"""Which years a comparison is about, where a sentence says it once."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from zonary.engines.clauses.expressions import ClauseRef, Compare, Leaf, PerUnit, Range, Share, quantities_of
from zonary.engines.clauses.quantities import Difference, Gathered, Period, Quantity, Reading, Scored, Span, Sum

AnyLeaf = TypeVar("AnyLeaf", bound=Leaf | ClauseRef)


def readings_of(quantity: Quantity) -> tuple[Reading | Gathered, ...]:
    """What it is made of, in the order said."""
    if isinstance(quantity, Sum):
        return quantity.parts
    if isinstance(quantity, Difference):
        return (quantity.whole, quantity.less)
    return () if isinstance(quantity, Scored) else (quantity,)


def spelled_out(leaf: AnyLeaf) -> AnyLeaf:
    """The same comparison with 同期, and what was left unsaid, replaced by the period or span that is meant.

    Whoever computes with a leaf begins here. What has no period to take (see ``language.check``) stays as it is.
    """
    if all(_is_spelled_out(each) for quantity in quantities_of(leaf) for each in readings_of(quantity)):
        return leaf
    said = [each for quantity in quantities_of(leaf) for each in readings_of(quantity)]
    period = next((each.period for each in said if isinstance(each, Reading) and each.period is not Period.NONE), None)
    span = next((each.span for each in said if isinstance(each, Gathered) and each.span is not None), None)

    def filled(each: Quantity) -> Quantity:
        if isinstance(each, Sum):
            return Sum(tuple(_filled(part, period, span) for part in each.parts))
        if isinstance(each, Difference):
            return Difference(_filled(each.whole, period, span), _filled(each.less, period, span))
        return each if isinstance(each, Scored) else _filled(each, period, span)

    if isinstance(leaf, Share):
        return replace(leaf, part=filled(leaf.part), whole=filled(leaf.whole))
    if isinstance(leaf, PerUnit):
        return replace(leaf, quantity=filled(leaf.quantity), per=filled(leaf.per))
    return replace(leaf, quantity=filled(leaf.quantity)) if isinstance(leaf, Compare | Range) else leaf


def _is_spelled_out(each: Reading | Gathered) -> bool:
    if isinstance(each, Gathered):
        return each.span is not None
    return each.period is not Period.SAME and each.period is not Period.UNSAID


def _filled(each: Reading | Gathered, period: Period | None, span: Span | None) -> Reading | Gathered:
    if isinstance(each, Gathered):
        return replace(each, span=span) if each.span is None else each
    unsaid = each.period in (Period.SAME, Period.UNSAID)
    return replace(each, period=period) if unsaid and period is not None else each
