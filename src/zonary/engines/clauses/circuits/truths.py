"""The value of a circuit when the values of its atoms are given, one enterprise at a time."""

from __future__ import annotations

from collections.abc import Callable

from zonary.engines.clauses.circuits.gates import (
    Assumed,
    Atom,
    Circuit,
    Conjunction,
    Constant,
    Counted,
    Disjunction,
    Negated,
    Weighed,
)
from zonary.engines.clauses.kleene import Truth, adds_up, all_of, any_of, at_least, of


def truth_of(circuit: Circuit, truth_of_atom: Callable[[Atom], Truth]) -> Truth:
    """By Kleene's tables; :class:`~zonary.engines.clauses.circuits.gates.Assumed` decides what is unknown."""
    if isinstance(circuit, Constant):
        return circuit.value
    if isinstance(circuit, Negated):
        return ~truth_of(circuit.part, truth_of_atom)
    if isinstance(circuit, Assumed):
        found = truth_of(circuit.part, truth_of_atom)
        return of(circuit.value) if found is Truth.UNKNOWN else found
    if isinstance(circuit, Conjunction | Disjunction | Counted | Weighed):
        found_all = [truth_of(each, truth_of_atom) for each in circuit.parts]
        if isinstance(circuit, Weighed):
            return adds_up(circuit.bound, zip(found_all, circuit.weights, strict=True))
        if isinstance(circuit, Counted):
            return at_least(circuit.count, found_all)
        return all_of(found_all) if isinstance(circuit, Conjunction) else any_of(found_all)
    return truth_of_atom(circuit)
