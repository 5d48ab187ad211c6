"""What a changed threshold, or a changed amount, would do: who wins, who loses, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from zonary.engines.clauses.circuits.items import ItemCircuits
from zonary.engines.clauses.planes.columns import Enterprises
from zonary.engines.clauses.planes.matching import ItemSets, match
from zonary.engines.clauses.planes.plans import Plan
from zonary.engines.clauses.planes.sets import RowSet

_HALF: Final = 32


@dataclass(frozen=True, slots=True)
class Cost:
    """Of a set of enterprises, in the smallest unit of the amount. ``unknown`` of them have an amount not known."""

    total: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Simulated:
    """An item as it would be, beside how it is."""

    sets: ItemSets
    winners: RowSet
    losers: RowSet
    cost: Cost


def simulate(now: RowSet, item: ItemCircuits, table: Enterprises, amount: int | str) -> Simulated:
    """Asks one item, as it would be, of all enterprises.

    :param now: the rows that have the item as it is.
    :param amount: what each would get, or the name of the column of numbers that says it.
    :raises DatumError: as :func:`match`.
    """
    sets = match(Plan([item]), table).item(item.id)
    return Simulated(sets, sets.yes - now, now - sets.yes, cost_of(sets.yes, table, amount))


def cost_of(rows: RowSet, table: Enterprises, amount: int | str) -> Cost:
    """What the enterprises of a set get together, exactly.

    :raises DatumError: when the column is not there, or not of numbers.
    """
    if isinstance(amount, int):
        return Cost(amount * rows.count, 0)
    total = known = first = 0
    is_in = rows.mask()
    for chunk in table.column(amount).chunks:
        paid = chunk.filter(pa.array(is_in[first : first + len(chunk)])).drop_null().to_numpy()
        # In halves, each of which can be added up two thousand million times within 64 bits.
        total += (int((paid >> _HALF).sum()) << _HALF) + int((paid & 2**_HALF - 1).sum())
        known, first = known + len(paid), first + len(chunk)
    return Cost(total, rows.count - known)
