"""How sentences are joined: folded without recursion, each leaf with its polarity.

A leaf's polarity is positive when its being so can only help the whole, negative when it can only harm: under an odd
number of negations, the premise of 的 counted as one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from zonary.engines.clauses import kleene
from zonary.engines.clauses.expressions import (
    AtLeast,
    ClauseRef,
    Every,
    Expression,
    IfThen,
    Leaf,
    Not,
    Some,
    parts_of,
)
from zonary.engines.clauses.kleene import Truth

T = TypeVar("T")


def folded(
    expression: Expression,
    of_leaf: Callable[[Leaf | ClauseRef, bool], T],
    of_parts: Callable[[Expression, Sequence[T]], T],
) -> T:
    """The value of the whole from its leaves' values, each called with whether its polarity is positive."""
    waiting: list[tuple[Expression, bool, bool]] = [(expression, True, False)]
    found: list[T] = []
    while waiting:
        current, is_positive, is_joined = waiting.pop()
        if not isinstance(current, Every | Some | AtLeast | Not | IfThen):
            found.append(of_leaf(current, is_positive))
            continue
        parts = parts_of(current)
        if is_joined:
            start = len(found) - len(parts)
            joined = of_parts(current, found[start:])
            del found[start:]
            found.append(joined)
            continue
        waiting.append((current, is_positive, True))
        for place in range(len(parts) - 1, -1, -1):
            is_turned = place == 0 and isinstance(current, Not | IfThen)
            waiting.append((parts[place], is_positive is not is_turned, False))
    return found[0]


def truth_of(expression: Expression, of_leaf: Callable[[Leaf | ClauseRef, bool], Truth]) -> Truth:
    """In Kleene's strong logic."""
    return folded(expression, of_leaf, joined)


def joined(expression: Expression, values: Sequence[Truth]) -> Truth:
    """One connective of the truth values of its parts."""
    if isinstance(expression, Every):
        return kleene.all_of(values)
    if isinstance(expression, Some):
        return kleene.any_of(values)
    if isinstance(expression, AtLeast):
        return kleene.at_least(expression.count.value, values)
    return ~values[0] if isinstance(expression, Not) else kleene.any_of((~values[0], values[1]))


def polarities(expression: Expression) -> list[tuple[Leaf | ClauseRef, bool]]:
    """Its leaves in the order they stand, each with whether its polarity is positive."""
    found: list[tuple[Leaf | ClauseRef, bool]] = []
    folded(expression, lambda leaf, is_positive: found.append((leaf, is_positive)), lambda _, __: None)
    return found
