"""What can be asked of every enterprise at once: results, promises, clauses, and what is one clause short."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from zonary.engines.clauses.circuits.gates import Circuit, Conjunction, Negated, parts_of
from zonary.engines.clauses.circuits.items import ItemCircuits

MAX_QUESTIONS: Final = 100
MAX_GATES: Final = 4_000
"""Of one statement. Databases read a statement in time that grows faster than its length, and refuse the longest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A circuit with what its answer is about.

    :param clause: id of the clause that is short, or whose truth is asked; empty for the whole item.
    """

    item: str
    circuit: Circuit
    clause: str = ""


def results(items: Iterable[ItemCircuits]) -> list[Question]:
    """符合, 不符合 or 待补, by item."""
    return [Question(item=each.id, circuit=each.result) for each in items]


def promised(items: Iterable[ItemCircuits]) -> list[Question]:
    """The same, when everything that may be promised is."""
    return [Question(item=each.id, circuit=each.promised) for each in items]


def one_short(items: Iterable[ItemCircuits]) -> list[Question]:
    """By item and clause: yes of whoever fails the item now, and would have it if that one clause spoke for it."""
    return [
        Question(item=each.id, clause=clause, circuit=Conjunction((Negated(each.result), without)))
        for each in items
        for clause, without in each.without.items()
    ]


def explained(item: ItemCircuits) -> list[Question]:
    """The item, and each of its clauses by itself."""
    clauses = (Question(item=item.id, clause=id, circuit=circuit) for id, circuit in item.clauses.items())
    return [Question(item=item.id, circuit=item.result), *clauses]


def batches(questions: Sequence[Question]) -> Iterator[list[Question]]:
    """As many as fit one statement, in order. One that is larger by itself stands alone."""
    batch: list[Question] = []
    gates = 0
    for each in questions:
        size = _size(each.circuit)
        if batch and (len(batch) == MAX_QUESTIONS or gates + size > MAX_GATES):
            yield batch
            batch, gates = [], 0
        batch.append(each)
        gates += size
    if batch:
        yield batch


def _size(circuit: Circuit) -> int:
    left, found = [circuit], 0
    while left:
        found += 1
        left.extend(parts_of(left.pop()))
    return found
