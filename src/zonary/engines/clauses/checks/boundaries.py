"""Cases made up around every bound of a clause: just below, on it, just above, nothing under a ratio, not known.

They show whoever writes a rule what it says where it matters, and become its test cases once somebody has agreed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from zonary.engines.clauses.circuits.gates import Circuit, Column, Linear, Said, Within, atoms_of, columns_of
from zonary.engines.clauses.circuits.ranges import range_of_column
from zonary.engines.clauses.vocabulary import Vocabulary

MAX_CASES: Final = 400
"""Made for one clause."""
_STEPS: Final = (-1, 0, 1)

Case = Mapping[Column, int | bool | str | None]
"""Column -> stored value; None: not known."""


def boundary_cases(circuit: Circuit, vocabulary: Vocabulary) -> list[Case]:
    """Around every atom of a clause, at most :data:`MAX_CASES`; what an atom does not look at has an ordinary value."""
    found: list[Case] = []
    ordinary = {column: _ordinary(column, circuit, vocabulary) for column in sorted(columns_of(circuit))}
    for atom in dict.fromkeys(atoms_of(circuit)):
        for varied in _around(atom, ordinary, vocabulary):
            case = {**ordinary, **varied}
            if case not in found:
                found.append(case)
    return found[:MAX_CASES]


def _around(
    atom: Linear | Said | Within, ordinary: Case, vocabulary: Vocabulary
) -> Iterator[Mapping[Column, int | bool | str | None]]:
    if isinstance(atom, Said):
        yield from ({atom.column: value} for value in (True, False, None))
        return
    if isinstance(atom, Within):
        inside = sorted(atom.codes)
        yield from ({atom.column: value} for value in (*inside[:1], *inside[-1:], "Z", None))
        return
    yield from _around_bound(atom, ordinary, vocabulary)
    yield from ({column: None} for column, _ in atom.terms)


def _around_bound(
    atom: Linear, ordinary: Case, vocabulary: Vocabulary
) -> Iterator[Mapping[Column, int | bool | str | None]]:
    """With every column but one as usual, that one so that the sum is just below, on, and above its bound."""
    for chosen, coefficient in atom.terms:
        if not coefficient:
            continue
        rest = sum(other * int(ordinary[column] or 0) for column, other in atom.terms if column != chosen)
        edge = -(-(atom.bound - rest) // coefficient) if coefficient > 0 else (atom.bound - rest) // coefficient
        low, high = range_of_column(chosen, vocabulary)
        for step in _STEPS:
            if low <= edge + step <= high:
                yield {chosen: edge + step}


def _ordinary(column: Column, circuit: Circuit, vocabulary: Vocabulary) -> int | bool | str:
    """A value from the middle of what the circuit asks about: large enough that shares of it are whole numbers."""
    for atom in atoms_of(circuit):
        if isinstance(atom, Said) and atom.column == column:
            return True
        if isinstance(atom, Within) and atom.column == column:
            return min(atom.codes, default="Z")
    alone = [
        atom.bound // coefficient
        for atom in atoms_of(circuit)
        if isinstance(atom, Linear)
        for other, coefficient in atom.terms
        if other == column and coefficient and len(atom.terms) == 1 and atom.bound > 1
    ]
    low, high = range_of_column(column, vocabulary)
    return min(max(alone[0] if alone else 10**9, low), high)
