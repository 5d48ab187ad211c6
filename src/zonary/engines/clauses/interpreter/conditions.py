"""How sentences are joined: written out once in the order they are worked out, then run without recursion.

A leaf's polarity is positive when its being so can only help the whole, negative when it can only harm: under an odd
number of negations, the premise of 的 counted as one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

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


class _Join(NamedTuple):
    """Values that are joined, and how. They go by their places: first those of the leaves, then of joins before it."""

    way: type[Expression]
    parts: tuple[int, ...]
    least: int = 0  # of AtLeast


class Program:
    """One expression. Truth values go in and out as numbers: 1, -1, and 0 for what is not known."""

    def __init__(self, expression: Expression) -> None:
        self.leaves: list[tuple[Leaf | ClauseRef, bool]] = []
        """In the order they stand, each with whether its polarity is positive."""
        joints = _in_order(expression, self.leaves)
        self._joins: list[_Join] = []
        done: list[int] = []
        for each in joints:
            if isinstance(each, int):
                done.append(each)
                continue
            count = len(parts_of(each))
            parts = tuple(done[len(done) - count :])
            del done[len(done) - count :]
            done.append(len(self.leaves) + len(self._joins))
            self._joins.append(_Join(type(each), parts, each.count.value if isinstance(each, AtLeast) else 0))
        self.is_flat = not self._joins or (len(self._joins) == 1 and self._joins[0].way is Every)
        """Whether it is all of a number of leaves, or one leaf, and nothing else."""

    def run(self, values: Sequence[int]) -> int:
        """Of the leaves' truth values that of the whole, in Kleene's strong logic."""
        if self.is_flat:  # most measures ask a number of things, and all of them; most clauses, one
            return min(values)
        found = list(values)
        for way, parts, least in self._joins:
            found.append(_joined(way, [found[each] for each in parts], least))
        return found[-1]

    def ways(self, yes: Sequence[int], no: Sequence[int]) -> int:
        """The smallest set that makes the whole so, from the sets that make each leaf so and not so.

        Sets are bits of a number. Smallest where no bit stands at two leaves; otherwise it suffices, and may be larger.
        """
        so, not_so = list(yes), list(no)
        for way, parts, least in self._joins:
            made = _way(way, [so[each] for each in parts], [not_so[each] for each in parts], least)
            so.append(made[0])
            not_so.append(made[1])
        return so[-1]


def _in_order(expression: Expression, leaves: list[tuple[Leaf | ClauseRef, bool]]) -> list[int | Expression]:
    """What is joined before what joins it, leaves by their places in ``leaves``, which takes them."""
    found: list[int | Expression] = []
    waiting: list[tuple[Expression, bool, bool]] = [(expression, True, False)]
    while waiting:
        current, is_positive, is_joined = waiting.pop()
        if not isinstance(current, Every | Some | AtLeast | Not | IfThen):
            found.append(len(leaves))
            leaves.append((current, is_positive))
        elif is_joined:
            found.append(current)
        else:
            waiting.append((current, is_positive, True))
            parts = parts_of(current)
            for place in range(len(parts) - 1, -1, -1):
                is_turned = place == 0 and isinstance(current, Not | IfThen)
                waiting.append((parts[place], is_positive is not is_turned, False))
    return found


def truth_of(expression: Expression, of_leaf: Callable[[Leaf | ClauseRef, bool], Truth]) -> Truth:
    """Of an expression that is asked once."""
    program = Program(expression)
    return Truth(program.run([of_leaf(leaf, is_positive).value for leaf, is_positive in program.leaves]))


def _joined(way: type[Expression], found: list[int], count: int) -> int:
    if way is Every:
        return min(found, default=1)
    if way is Some:
        return max(found, default=-1)
    if way is AtLeast:
        sure = found.count(1)
        return 1 if sure >= count else -1 if sure + found.count(0) < count else 0
    return -found[0] if way is Not else max(-found[0], found[1])


def _way(way: type[Expression], yes: list[int], no: list[int], count: int) -> tuple[int, int]:
    if way is Not:
        return no[0], yes[0]
    if way is Every:
        return _fewest(yes, len(yes)), _fewest(no, 1)
    if way is Some:
        return _fewest(yes, 1), _fewest(no, len(no))
    if way is AtLeast:
        return _fewest(yes, count), _fewest(no, len(no) - count + 1)
    return _fewest([no[0], yes[1]], 1), yes[0] | no[1]


def _fewest(sets: list[int], count: int) -> int:
    chosen = 0
    for each in sets if count == len(sets) else sorted(sets, key=int.bit_count)[:count]:
        chosen |= each
    return chosen
