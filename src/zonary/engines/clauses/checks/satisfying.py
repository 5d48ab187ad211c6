"""Whether a circuit can come true at all, for whatever enterprise: contradictions, and clauses that never decide.

Atoms about the same sum of columns are held together: at least 5 is at least 3. Different sums count as independent,
which they need not be: what is said to be impossible is impossible, and what is said to be possible may not be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from zonary.engines.clauses.circuits.gates import (
    Assumed,
    Atom,
    Circuit,
    Column,
    Conjunction,
    Counted,
    Disjunction,
    Linear,
    Negated,
    Weighed,
    Within,
    atoms_of,
)
from zonary.engines.clauses.circuits.ranges import range_of_sum
from zonary.engines.clauses.circuits.truths import truth_of
from zonary.engines.clauses.kleene import Truth, of
from zonary.engines.clauses.vocabulary import Vocabulary

MAX_STEPS: Final = 20_000
"""Partial assignments looked at before the answer is that it is not known."""

MAX_WAYS: Final = 16

Subject: TypeAlias = tuple[tuple[Column, int], ...] | Column
"""What atoms are about: a sum of columns, or one column that says yes, no or a code."""


@dataclass(slots=True)
class _Search:
    circuit: Circuit
    choices: list[list[Mapping[Atom, bool]]]
    steps: int = 0
    given: dict[Atom, bool] = field(default_factory=dict)
    wanted: int = 1
    """Assignments after which the search may end."""
    ways: list[Mapping[Atom, bool]] = field(default_factory=list)

    def run(self, depth: int = 0) -> Truth:
        """YES when an assignment was found, NO when there is none, UNKNOWN when the search was given up."""
        self.steps += 1
        found = truth_of(self.circuit, self._truth)
        if found is Truth.YES:
            self.ways.append(dict(self.given))
        if found is not Truth.UNKNOWN:
            return found
        if self.steps > MAX_STEPS:
            return Truth.UNKNOWN
        result = Truth.NO
        for choice in self.choices[depth]:
            self.given.update(choice)
            answer = self.run(depth + 1)
            for atom in choice:
                del self.given[atom]
            if answer is Truth.YES and len(self.ways) >= self.wanted:
                return answer
            result = Truth(max(result.value, answer.value))
        return result

    def _truth(self, atom: Atom) -> Truth:
        return of(self.given[atom]) if atom in self.given else Truth.UNKNOWN


def can_hold(circuit: Circuit, vocabulary: Vocabulary) -> Truth:
    """Whether some enterprise of which everything is known could meet it; unknown when that was not found out."""
    return _search(circuit, vocabulary).run()


def ways_to_hold(circuit: Circuit, vocabulary: Vocabulary) -> list[Mapping[Atom, bool]]:
    """What atoms have to be for it to hold, those that matter; none when there is no way, or none was found.

    Several, because different sums count as independent: no enterprise may go the first way.
    """
    search = _search(circuit, vocabulary)
    search.wanted = MAX_WAYS
    search.run()
    return search.ways


def _search(circuit: Circuit, vocabulary: Vocabulary) -> _Search:
    circuit = _of_what_is_known(circuit)
    grouped: dict[Subject, list[Atom]] = {}
    for atom in dict.fromkeys(atoms_of(circuit)):
        grouped.setdefault(atom.terms if isinstance(atom, Linear) else atom.column, []).append(atom)
    choices = [list(_choices(subject, atoms, vocabulary)) for subject, atoms in grouped.items()]
    # The subjects with the most atoms first: they rule out most.
    order = sorted(range(len(choices)), key=lambda index: -len(choices[index]))
    return _Search(circuit, [choices[index] for index in order])


def _of_what_is_known(circuit: Circuit) -> Circuit:
    """Without what is assumed of the unknown: in the search, an atom that is not yet chosen is not unknown."""
    if isinstance(circuit, Assumed):
        return _of_what_is_known(circuit.part)
    if isinstance(circuit, Negated):
        return Negated(_of_what_is_known(circuit.part))
    if isinstance(circuit, Conjunction | Disjunction | Counted | Weighed):
        return replace(circuit, parts=tuple(_of_what_is_known(each) for each in circuit.parts))
    return circuit


def is_implied(clause: Circuit, others: Circuit, vocabulary: Vocabulary) -> bool:
    """Whether ``clause`` holds wherever ``others`` do, so that it never decides."""
    return can_hold(Conjunction((others, Negated(clause))), vocabulary) is Truth.NO


def _choices(subject: Subject, atoms: list[Atom], vocabulary: Vocabulary) -> Iterator[Mapping[Atom, bool]]:
    """Every way in which the atoms about one subject can be so together."""
    if isinstance(subject, Column):
        codes = [atom for atom in atoms if isinstance(atom, Within)]
        if codes:
            yield from _choices_of_codes(codes)
            return
        yield {atom: True for atom in atoms}
        yield {atom: False for atom in atoms}
        return
    bounds = sorted({atom.bound for atom in atoms if isinstance(atom, Linear)})
    low, high = range_of_sum(subject, vocabulary)
    # Between two neighbouring bounds all values answer alike.
    for first, last in zip([low, *bounds], [*(bound - 1 for bound in bounds), high], strict=True):
        if max(first, low) <= min(last, high):
            yield {atom: last >= atom.bound for atom in atoms if isinstance(atom, Linear)}


def _choices_of_codes(atoms: list[Within]) -> Iterator[Mapping[Atom, bool]]:
    """One code inside each code that is named, and one inside none."""
    seen: set[tuple[bool, ...]] = set()
    for code in [*sorted({code for atom in atoms for code in atom.codes}), ""]:
        found = tuple(any(code.startswith(each) for each in atom.codes) for atom in atoms)
        if found not in seen:
            seen.add(found)
            yield dict(zip(atoms, found, strict=True))
