"""The nearest way to qualify: a smallest set of clauses that would have to be otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from zonary.engines.clauses.expressions import AtLeast, ClauseRef, Every, Expression, Leaf, Not, Some
from zonary.engines.clauses.interpreter.conditions import folded
from zonary.engines.clauses.interpreter.plans import Planned
from zonary.engines.clauses.kleene import Truth

Set = frozenset[str]


class _Ways(NamedTuple):
    """What would have to be otherwise for a part to be so, and for it not to be."""

    yes: Set
    no: Set


def nearest_way(
    planned: Planned, counted: Callable[[str, bool], Truth], truth: Callable[[Mapping[str, Truth]], Truth]
) -> tuple[str, ...]:
    """In the order of the clauses; empty when none is found.

    Smallest where every clause stands once. One that stands in several places is counted in each, so that the set may
    have more than the fewest; but each of it is needed. What stands there both ways, is left as it is.
    """

    def of_leaf(leaf: Leaf | ClauseRef, is_positive: bool) -> _Ways:
        id = leaf.clause if isinstance(leaf, ClauseRef) else ""
        now, turned = counted(id, is_positive), Set({id})
        return _Ways(Set() if now is Truth.YES else turned, Set() if now is Truth.NO else turned)

    chosen = folded(planned.item.condition, of_leaf, _joined).yes
    assumed = {id: want for id, want in planned.wanted.items() if id in chosen and want is not None}
    if truth(assumed) is not Truth.YES:
        return ()
    for id in list(assumed):
        without = {each: want for each, want in assumed.items() if each != id}
        if truth(without) is Truth.YES:
            assumed = without
    return tuple(assumed)


def _joined(expression: Expression, parts: Sequence[_Ways]) -> _Ways:
    if isinstance(expression, Not):
        return _Ways(parts[0].no, parts[0].yes)
    yes, no = [each.yes for each in parts], [each.no for each in parts]
    if isinstance(expression, Every):
        return _Ways(_together(yes), _fewest(no, 1))
    if isinstance(expression, Some):
        return _Ways(_fewest(yes, 1), _together(no))
    if isinstance(expression, AtLeast):
        count = expression.count.value
        return _Ways(_fewest(yes, count), _fewest(no, len(parts) - count + 1))
    premise, conclusion = parts
    return _Ways(_fewest([premise.no, conclusion.yes], 1), premise.yes | conclusion.no)


def _together(sets: Sequence[Set]) -> Set:
    return Set().union(*sets)


def _fewest(sets: Sequence[Set], count: int) -> Set:
    return _together(sorted(sets, key=len)[:count])
