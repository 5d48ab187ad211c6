"""Gates without those that change nothing: of constants, of one part, one inside another of its kind."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from zonary.engines.clauses.circuits.gates import (
    Assumed,
    Circuit,
    Conjunction,
    Constant,
    Disjunction,
    Negated,
    weighed,
)
from zonary.engines.clauses.expressions import Relation
from zonary.engines.clauses.extents import Exact
from zonary.engines.clauses.kleene import Truth, of

YES: Final = Constant(Truth.YES)
NO: Final = Constant(Truth.NO)


def constant(is_so: bool) -> Circuit:
    return Constant(of(is_so))


def taken(circuit: Circuit, value: bool) -> Circuit:
    """Where it is unknown, ``value``."""
    return circuit if circuit in (YES, NO) else Assumed(circuit, value)


def negated(circuit: Circuit) -> Circuit:
    if isinstance(circuit, Constant):
        return Constant(~circuit.value)
    return circuit.part if isinstance(circuit, Negated) else Negated(circuit)


def all_of(parts: Iterable[Circuit]) -> Circuit:
    found: list[Circuit] = []
    for each in parts:
        if each == NO:
            return NO
        found += each.parts if isinstance(each, Conjunction) else () if each == YES else (each,)
    return found[0] if len(found) == 1 else Conjunction(tuple(found)) if found else YES


def any_of(parts: Iterable[Circuit]) -> Circuit:
    found: list[Circuit] = []
    for each in parts:
        if each == YES:
            return YES
        found += each.parts if isinstance(each, Disjunction) else () if each == NO else (each,)
    return found[0] if len(found) == 1 else Disjunction(tuple(found)) if found else NO


def added_up(parts: Iterable[tuple[Circuit, Exact]], relation: Relation, bound: Fraction) -> Circuit:
    """Whether the numbers of those parts that are so add up to the bound, or more than it."""
    positive: list[tuple[Circuit, Fraction]] = []
    for part, number in parts:
        # Less where it is so, is less in any case and more where it is not.
        if number < 0:
            bound -= number
        if number:
            positive.append((part if number > 0 else negated(part), abs(Fraction(number))))
    return weighed(positive, relation is Relation.MORE, bound)
