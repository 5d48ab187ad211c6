"""Many items asked of many enterprises at once: sets of rows as bits, two for each truth, straight from Arrow columns.

The interpreter says what a rule means; this only finds the same for a million of them, and tests hold the two together.
:class:`Enterprises` is the table, :class:`Plan` the items, :func:`match` puts one to the other.
"""

from __future__ import annotations

from zonary.engines.clauses.planes.columns import Enterprises
from zonary.engines.clauses.planes.matching import ItemSets, Matched, Standing, match
from zonary.engines.clauses.planes.plans import Plan
from zonary.engines.clauses.planes.sets import RowSet
from zonary.engines.clauses.planes.simulations import Cost, Simulated, cost_of, simulate

__all__ = [
    "Cost",
    "Enterprises",
    "ItemSets",
    "Matched",
    "Plan",
    "RowSet",
    "Simulated",
    "Standing",
    "cost_of",
    "match",
    "simulate",
]
