"""What was found of one clause for one enterprise."""

from __future__ import annotations

from dataclasses import dataclass

from zonary.engines.clauses.documents import Clause
from zonary.engines.clauses.interpreter.leaves import LeafFinding
from zonary.engines.clauses.interpreter.needs import Need
from zonary.engines.clauses.kleene import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseFinding:
    """Shared by all items that ask the clause the same way.

    :param truth: of its own; what an unknown one counts as is the item's matter.
    :param leaves: of its comparisons, in the order they stand.
    :param is_promised: whether the enterprise's promise stood in for what is not known.
    :param needs: what would turn it, when it counts against the item.
    """

    clause: Clause
    truth: Truth
    leaves: tuple[LeafFinding, ...]
    is_promised: bool = False
    needs: tuple[Need, ...] = ()
