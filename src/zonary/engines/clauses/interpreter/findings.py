"""What was found of one clause for one enterprise."""

from __future__ import annotations

from typing import NamedTuple

from zonary.engines.clauses.documents import Clause
from zonary.engines.clauses.interpreter.leaves import LeafFinding
from zonary.engines.clauses.interpreter.needs import Need
from zonary.engines.clauses.kleene import Truth


class ClauseFinding(NamedTuple):
    """Shared by all items that ask the clause the same way. A tuple, as all findings are: some thousand are made of one
    enterprise at a time.

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
