"""Cases made up around every bound of a clause: just below, on it, just above, nothing under a ratio, not known.

They show whoever writes a rule what it says where it matters, and become its test cases once somebody has agreed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from zonary.engines.clauses.checks.satisfying import ways_to_hold
from zonary.engines.clauses.circuits.gates import (
    Atom,
    Circuit,
    Column,
    Linear,
    Negated,
    Said,
    Within,
    atoms_of,
    columns_of,
)
from zonary.engines.clauses.circuits.ranges import range_of_column
from zonary.engines.clauses.vocabulary import Kind, Term, Vocabulary

MAX_CASES: Final = 400
"""Made for one clause."""
_STEPS: Final = (-1, 0, 1)
_SWEEPS: Final = 3
"""Over all columns, until what was looked for is found or given up."""

Case = Mapping[Column, int | bool | str | None]
"""Column -> stored value; None: not known."""


def boundary_cases(circuit: Circuit, vocabulary: Vocabulary) -> list[Case]:
    """One that meets it and one that does not, where such are found; then around every atom of it.

    At most :data:`MAX_CASES`; what an atom does not look at is as in the case that meets it, or ordinary.
    """
    ordinary = {column: _ordinary(column, circuit, vocabulary) for column in sorted(columns_of(circuit))}
    met, unmet = (_reaching(each, ordinary, vocabulary) for each in (circuit, Negated(circuit)))
    found = [each for each in (met, unmet) if each is not None]
    for base in [met, ordinary] if met is not None else [ordinary]:
        for atom in dict.fromkeys(atoms_of(circuit)):
            for varied in _around(atom, base, vocabulary):
                case = {**base, **varied}
                if case not in found:
                    found.append(case)
    return found[:MAX_CASES]


def _reaching(circuit: Circuit, ordinary: Case, vocabulary: Vocabulary) -> Case | None:
    """A case in which it holds: from the ordinary one, a column at a time towards what its atoms have to be."""
    ways = ways_to_hold(circuit, vocabulary)
    return next((case for way in ways if (case := _going(way, ordinary, vocabulary)) is not None), None)


def _going(way: Mapping[Atom, bool], ordinary: Case, vocabulary: Vocabulary) -> Case | None:
    """The same one way; None where single steps do not lead there."""
    case = dict(ordinary)
    for _ in range(_SWEEPS):
        for column in case:
            wrong = [atom for atom, wanted in way.items() if _is(atom, case) is not wanted]
            if not wrong:
                return case
            tried = [case[column], *_candidates(column, way, case, vocabulary)]
            case[column] = min(tried, key=lambda value: _wrong(way, {**case, column: value}))
    return case if not _wrong(way, case) else None


def _wrong(way: Mapping[Atom, bool], case: Case) -> int:
    return sum(_is(atom, case) is not wanted for atom, wanted in way.items())


def _is(atom: Atom, case: Case) -> bool:
    """Of a case in which everything is known."""
    if isinstance(atom, Said):
        return case[atom.column] is True
    if isinstance(atom, Within):
        return str(case[atom.column]).startswith(tuple(atom.codes))
    return sum(coefficient * int(case[column] or 0) for column, coefficient in atom.terms) >= atom.bound


def _candidates(
    column: Column, way: Mapping[Atom, bool], case: Case, vocabulary: Vocabulary
) -> Iterator[int | bool | str]:
    about = [atom for atom in way if isinstance(atom, Linear) and any(each == column for each, _ in atom.terms)]
    for atom in way:
        if isinstance(atom, Said) and atom.column == column:
            yield from (True, False)
        elif isinstance(atom, Within) and atom.column == column:
            yield from (*sorted(atom.codes), "Z")
    for linear in about:
        yield from (int(each[column]) for each in _around_bound(linear, case, vocabulary) if column in each)
    if about:  # the ends of what can be only where no bound of any atom will do: people look at these numbers
        low, high = range_of_column(column, vocabulary)
        yield from (max(low, 0), low, high)


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


def _around_bound(atom: Linear, ordinary: Case, vocabulary: Vocabulary) -> Iterator[Mapping[Column, int]]:
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
    return min(max(alone[0] if alone else _usual(vocabulary.by_id.get(column.term)), low), high)


def _usual(term: Term | None) -> int:
    """A thousand of what is counted, 1,000 万元 of money: people look at these numbers."""
    if term is not None and term.kind in (Kind.COUNT, Kind.NUMBER):
        return int(10 ** (3 + term.places))
    return 10**9
