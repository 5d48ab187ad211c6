"""Which numbers of a trial may be shown: none that would tell about single enterprises."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from zonary.services.incentives.simulating.queries import Outcome, Side

FLOOR: Final = 5
"""Enterprises below which no number is told. With fewer, one who knows the others' figures knows the last one's. It is
fixed: a floor that an operator could lower would be no promise to the enterprises."""


class Withheld(StrEnum):
    """Why a number is not told: it is from 1 to 4, or one that is would follow from it."""

    FEW = "few"
    HIDDEN = "hidden"


Number = int | Withheld


@dataclass(frozen=True, slots=True)
class Column:
    """``cost`` is None when it is withheld or there is none."""

    yes: Number
    unknown: Number
    no: Number
    short: Number
    cost: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """``more`` is what the change costs, in fen; None when that is not told."""

    now: Column
    then: Column
    winners: Number
    losers: Number
    more: int | None
    is_withheld: bool


def told(found: Outcome) -> Told:
    """What of the zone's answer may be shown.

    Where a change moves a few, nothing is told of how it would be: it would be the difference to how it is.
    """
    now, then = _column(found.now, found.rows), _column(found.then, found.rows)
    moved = [found.winners.count, found.losers.count, _paid_otherwise(found)]
    moved += [abs(after - before) for before, after in zip(_sizes(found.now), _sizes(found.then), strict=True)]
    if any(_is_few(each) for each in moved):
        none = Withheld.HIDDEN
        then = Column(yes=none, unknown=none, no=none, short=none, cost=None)
    more = None if now.cost is None or then.cost is None else then.cost - now.cost
    numbers = [each for column in (now, then) for each in (column.yes, column.unknown, column.no, column.short)]
    has_cost = found.now.cost is not None and found.then.cost is not None
    is_withheld = any(isinstance(each, Withheld) for each in numbers) or (has_cost and more is None)
    return Told(now, then, number(found.winners.count), number(found.losers.count), more, is_withheld)


def number(count: int) -> Number:
    """Of one that follows from no other."""
    return Withheld.FEW if _is_few(count) else count


def _column(side: Side, rows: int) -> Column:
    """All three make up the zone: if one is few, the others would tell it."""
    yes, unknown, no, short = _sizes(side)
    is_any_few = _is_few(unknown) or _is_few(no) or _is_few(yes)
    has = Withheld.HIDDEN if _is_few(rows - yes) else yes
    is_told = side.cost is not None and not isinstance(number(yes), Withheld) and not _is_few(_payers(side))
    return Column(
        yes=Withheld.FEW if _is_few(yes) else has,
        unknown=Withheld.HIDDEN if is_any_few else unknown,
        no=Withheld.HIDDEN if is_any_few else no,
        short=number(short),
        cost=side.cost.total if side.cost is not None and is_told and has == yes else None,
    )


def _sizes(side: Side) -> tuple[int, int, int, int]:
    sets = side.sets
    return sets.yes.count, sets.unknown.count, sets.no.count, sum(side.short.values())


def _payers(side: Side) -> int:
    """How many the cost is made of."""
    if isinstance(side.paid, int):
        return side.sets.yes.count if side.paid else 0
    return sum(1 for row in side.sets.yes.listed().tolist() if side.paid[row])


def _paid_otherwise(found: Outcome) -> int:
    """How many get another amount than now, among them who gets one no longer, or newly."""
    now, then = found.now, found.then
    if now is then or now.cost is None or then.cost is None:
        return 0
    if isinstance(now.paid, int) and isinstance(then.paid, int):
        both = (now.sets.yes & then.sets.yes).count if now.paid != then.paid else 0
        return both + found.winners.count * (then.paid != 0) + found.losers.count * (now.paid != 0)
    rows = (now.sets.yes | then.sets.yes).listed().tolist()
    return sum(1 for row in rows if _paid(now, row) != _paid(then, row))


def _paid(side: Side, row: int) -> int:
    if row not in side.sets.yes:
        return 0
    return side.paid if isinstance(side.paid, int) else side.paid[row] or 0


def _is_few(count: int) -> bool:
    return 0 < count < FLOOR
