"""What was found of one clause for one enterprise."""

from __future__ import annotations

from typing import NamedTuple

from zonary.engines.clauses.documents import Clause
from zonary.engines.clauses.interpreter.leaves import LeafFinding
from zonary.engines.clauses.interpreter.needs import Need
from zonary.engines.clauses.kleene import Truth


class Answer(NamedTuple):
    """What an expression comes to: found once, and shared by all clauses that ask the same and want it alike.

    :param number: the truth as a number: 1, -1, and 0 for what is not known.
    """

    number: int
    truth: Truth
    leaves: tuple[LeafFinding, ...]
    needs: tuple[Need, ...]


class ClauseFinding(NamedTuple):
    """A clause with its answer. A tuple, as all findings are: some thousand are made of one enterprise at a time.

    :param is_promised: whether the enterprise's promise stood in for what is not known.
    """

    clause: Clause
    answer: Answer
    is_promised: bool = False

    @property
    def truth(self) -> Truth:
        """Of its own; what an unknown one counts as is the item's matter."""
        return self.answer.truth

    @property
    def leaves(self) -> tuple[LeafFinding, ...]:
        """What was found of its comparisons, in the order they stand."""
        return self.answer.leaves

    @property
    def needs(self) -> tuple[Need, ...]:
        """What would turn it, when it counts against the item."""
        return self.answer.needs
