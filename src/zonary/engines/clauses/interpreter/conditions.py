"""How sentences are joined: written out once in the order they are worked out, then run without recursion.

A leaf's polarity is positive when its being so can only help the whole, negative when it can only harm: under an odd
number of negations, the premise of 的 counted as one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
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


class _Do(IntEnum):
    LEAF = 0
    EVERY = 1
    SOME = 2
    AT_LEAST = 3
    NOT = 4
    IF_THEN = 5


class _Step(NamedTuple):
    do: _Do
    parts: int  # values it takes; of a leaf, its place
    least: int = 0  # of AT_LEAST


class Program:
    """One expression. Truth values go in and out as numbers: 1, -1, and 0 for what is not known."""

    def __init__(self, expression: Expression) -> None:
        self.leaves: list[tuple[Leaf | ClauseRef, bool]] = []
        """In the order they stand, each with whether its polarity is positive."""
        self._steps: list[_Step] = []
        waiting: list[tuple[Expression, bool, bool]] = [(expression, True, False)]
        while waiting:
            current, is_positive, is_joined = waiting.pop()
            if not isinstance(current, Every | Some | AtLeast | Not | IfThen):
                self._steps.append(_Step(_Do.LEAF, len(self.leaves)))
                self.leaves.append((current, is_positive))
                continue
            parts = parts_of(current)
            if is_joined:
                self._steps.append(_joining(current, len(parts)))
                continue
            waiting.append((current, is_positive, True))
            for place in range(len(parts) - 1, -1, -1):
                is_turned = place == 0 and isinstance(current, Not | IfThen)
                waiting.append((parts[place], is_positive is not is_turned, False))
        joints = self._steps[len(self.leaves) :]
        self.is_flat = not joints or (len(joints) == 1 and joints[0].do is _Do.EVERY)
        """Whether it is all of a number of leaves, or one leaf, and nothing else."""

    def run(self, values: Sequence[int]) -> int:
        """Of the leaves' truth values that of the whole, in Kleene's strong logic."""
        if self.is_flat:  # most measures ask a number of things, and all of them; most clauses, one
            return min(values)
        stack: list[int] = []
        for do, parts, least in self._steps:
            if do == _Do.LEAF:
                stack.append(values[parts])
                continue
            found = stack[-parts:] if parts else []
            del stack[len(stack) - parts :]
            stack.append(_joined(do, found, least))
        return stack[0]

    def ways(self, yes: Sequence[int], no: Sequence[int]) -> int:
        """The smallest set that makes the whole so, from the sets that make each leaf so and not so.

        Sets are bits of a number. Smallest where no bit stands at two leaves; otherwise it suffices, and may be larger.
        """
        stack: list[tuple[int, int]] = []
        for do, parts, least in self._steps:
            if do == _Do.LEAF:
                stack.append((yes[parts], no[parts]))
                continue
            found = stack[-parts:] if parts else []
            del stack[len(stack) - parts :]
            stack.append(_way(do, [each for each, _ in found], [each for _, each in found], least))
        return stack[0][0]


def truth_of(expression: Expression, of_leaf: Callable[[Leaf | ClauseRef, bool], Truth]) -> Truth:
    """Of an expression that is asked once."""
    program = Program(expression)
    return Truth(program.run([of_leaf(leaf, is_positive).value for leaf, is_positive in program.leaves]))


def _joining(expression: Expression, parts: int) -> _Step:
    if isinstance(expression, AtLeast):
        return _Step(_Do.AT_LEAST, parts, expression.count.value)
    do = {Every: _Do.EVERY, Some: _Do.SOME, Not: _Do.NOT, IfThen: _Do.IF_THEN}[type(expression)]
    return _Step(do, parts)


def _joined(do: int, found: list[int], count: int) -> int:
    if do == _Do.EVERY:
        return min(found, default=1)
    if do == _Do.SOME:
        return max(found, default=-1)
    if do == _Do.AT_LEAST:
        sure = found.count(1)
        return 1 if sure >= count else -1 if sure + found.count(0) < count else 0
    return -found[0] if do == _Do.NOT else max(-found[0], found[1])


def _way(do: int, yes: list[int], no: list[int], count: int) -> tuple[int, int]:
    if do == _Do.NOT:
        return no[0], yes[0]
    if do == _Do.EVERY:
        return _fewest(yes, len(yes)), _fewest(no, 1)
    if do == _Do.SOME:
        return _fewest(yes, 1), _fewest(no, len(no))
    if do == _Do.AT_LEAST:
        return _fewest(yes, count), _fewest(no, len(no) - count + 1)
    return _fewest([no[0], yes[1]], 1), yes[0] | no[1]


def _fewest(sets: list[int], count: int) -> int:
    chosen = 0
    for each in sets if count == len(sets) else sorted(sets, key=int.bit_count)[:count]:
        chosen |= each
    return chosen
