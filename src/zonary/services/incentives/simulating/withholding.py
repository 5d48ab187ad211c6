"""Which numbers of a trial may be shown: none that would tell about single enterprises, alone or with earlier trials.

Enterprises that no trial told apart are a group. A trial is told only if every group it leaves has five members or
none: whatever is added up or subtracted of numbers that were told is then about such groups. A trial that moves nobody
and one that moves a few look the same, and neither tells anything new.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from zonary.services.incentives.simulating.queries import Outcome, Side

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FLOOR: Final = 5
"""Enterprises below which no number is told. With fewer, one who knows the others' figures knows the last one's. It is
fixed: a floor that an operator could lower would be no promise to the enterprises."""
DIGITS: Final = 3
"""To which a sum is rounded whose amounts depend on each enterprise: exact ones could be subtracted to one of them."""


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


_HIDDEN: Final = Column(Withheld.HIDDEN, Withheld.HIDDEN, Withheld.HIDDEN, Withheld.HIDDEN, None)


@dataclass(frozen=True, slots=True)
class Told:
    """``more`` is what the change costs, in fen; None when that is not told. ``is_new``: nothing is shown of how it
    would be that was not told before; ``is_nothing``: nothing of it is told at all.
    """

    now: Column
    then: Column
    winners: Number
    losers: Number
    more: int | None
    is_withheld: bool
    is_nothing: bool = False


@dataclass(frozen=True)
class Memory:
    """What was told so far of an item's enterprises. ``groups`` has for each row the group it is in.

    ``tells_short``: who is one condition short as it is, is told apart in them, so that a trial's number may be.
    """

    groups: NDArray[np.int64]
    sides: tuple[Side, ...]
    tells_short: bool = False

    @classmethod
    def of(cls, now: Side, rows: int) -> Memory:
        """After nothing but how it is was told."""
        found = Memory(_none(rows), (now,))
        column = _column(now, rows)
        if isinstance(column.no, int) and isinstance(column.yes, int):
            found = found._apart(_kinds(now)) or found
        elif isinstance(column.yes, int):
            found = found._apart(_has(now)) or found
        with_short = found._apart(_short(now, rows))
        return replace(with_short, tells_short=True) if with_short is not None else found

    def after(self, side: Side, rows: int) -> tuple[Memory, Column]:
        """What may be told of how it would be, and what was told with that; the same memory if it is nothing."""
        if any(_is_as_good_as(side, each) for each in self.sides):
            return self, _HIDDEN
        # Nobody and a few look alike, and so do all and nearly all: else one would turn a number until the last goes.
        if side.sets.yes.count < FLOOR or rows - side.sets.yes.count < FLOOR:
            return self, _HIDDEN
        column = _column(side, rows)
        everything, some = self._apart(_kinds(side)), self._apart(_has(side))
        if everything is not None and isinstance(column.no, int):
            found = everything
        elif some is not None and not any(_has_as_good_as(side, each) for each in self.sides):
            found = some
            column = Column(column.yes, Withheld.HIDDEN, Withheld.HIDDEN, Withheld.HIDDEN, column.cost)
        else:
            return self, _HIDDEN
        is_short_told = self.tells_short and isinstance(column.short, int)
        with_short = found._apart(_short(side, rows)) if is_short_told else None
        if with_short is None:
            column = Column(column.yes, column.unknown, column.no, Withheld.HIDDEN, column.cost)
        return replace(with_short or found, sides=(*self.sides, side)), column

    def _apart(self, kinds: NDArray[np.int64]) -> Memory | None:
        """With every group told apart by kind; None where a group of fewer than five would come of it."""
        import numpy as np  # loaded by who tries something out, not by all that starts

        both = self.groups * (int(kinds.max(initial=0)) + 1) + kinds
        _values, groups, counts = np.unique(both, return_inverse=True, return_counts=True)
        if counts.size and counts.min() < FLOOR:
            return None
        return replace(self, groups=groups.astype(np.int64))


def told(found: Outcome, memory: Memory | None = None) -> tuple[Told, Memory]:
    """What of the zone's answer may be shown, after what ``memory`` says was told; and what was told with that."""
    before = memory if memory is not None else Memory.of(found.now, found.rows)
    now = _column(found.now, found.rows)
    if found.now is found.then:
        return _told(found, now, now), before
    after, then = before.after(found.then, found.rows)
    return _told(found, now, then), after


def _told(found: Outcome, now: Column, then: Column) -> Told:
    more = None if now.cost is None or then.cost is None else then.cost - now.cost
    numbers = [each for column in (now, then) for each in (column.yes, column.unknown, column.no, column.short)]
    has_cost = found.now.cost is not None and found.then.cost is not None
    is_withheld = any(isinstance(each, Withheld) for each in numbers) or (has_cost and more is None)
    is_nothing = then is _HIDDEN
    # Of a few that have it as it is, winners and losers would tell how many they are.
    is_told = not is_nothing and (isinstance(now.yes, int) or found.now is found.then)
    won: Number = number(found.winners.count) if is_told else Withheld.HIDDEN
    lost: Number = number(found.losers.count) if is_told else Withheld.HIDDEN
    return Told(now, then, won, lost, more, is_withheld, is_nothing)


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
        cost=_cost(side) if is_told and has == yes else None,
    )


def _cost(side: Side) -> int | None:
    """In fen. What all get alike follows from their number; a sum of other amounts is rounded."""
    if side.cost is None or isinstance(side.paid, int):
        return side.cost.total if side.cost is not None else None
    return rounded(side.cost.total)


def rounded(fen: int) -> int:
    """To :data:`DIGITS` digits."""
    step: int = 10 ** max(0, len(str(fen)) - DIGITS)
    return (fen + step // 2) // step * step


def _sizes(side: Side) -> tuple[int, int, int, int]:
    sets = side.sets
    return sets.yes.count, sets.unknown.count, sets.no.count, sum(side.short.values())


def _none(rows: int) -> NDArray[np.int64]:
    import numpy as np  # as in `_apart`

    return np.zeros(rows, np.int64)


def _has(side: Side) -> NDArray[np.int64]:
    return _none(side.sets.yes.rows) + side.sets.yes.mask()


def _kinds(side: Side) -> NDArray[np.int64]:
    return _has(side) + 2 * side.sets.unknown.mask()


def _short(side: Side, rows: int) -> NDArray[np.int64]:
    """By how many clauses alone each is short."""
    found = _none(rows)
    for each in side.sets.short.values():
        found += each.mask()
    return found


def _payers(side: Side) -> int:
    """How many the cost is made of."""
    if isinstance(side.paid, int):
        return side.sets.yes.count if side.paid else 0
    return sum(1 for row in side.sets.yes.listed().tolist() if side.paid[row])


def _is_as_good_as(one: Side, other: Side) -> bool:
    """Whether what differs between both is the same or other amounts for a few, so that their difference tells them."""
    is_same = one.sets.yes == other.sets.yes and one.sets.no == other.sets.no
    return _paid_otherwise(one, other) < FLOOR if is_same else _is_few(_paid_otherwise(one, other))


def _has_as_good_as(one: Side, other: Side) -> bool:
    """The same, where nothing is told but who has it."""
    return one.sets.yes == other.sets.yes and _paid_otherwise(one, other) < FLOOR


def _paid_otherwise(one: Side, other: Side) -> int:
    """How many get another amount, among them who gets one no longer, or newly."""
    if one.cost is None or other.cost is None:
        return 0
    if isinstance(one.paid, int) and isinstance(other.paid, int):
        both = (one.sets.yes & other.sets.yes).count if one.paid != other.paid else 0
        only_one, only_other = (one.sets.yes - other.sets.yes).count, (other.sets.yes - one.sets.yes).count
        return both + only_other * (other.paid != 0) + only_one * (one.paid != 0)
    rows = (one.sets.yes | other.sets.yes).listed().tolist()
    return sum(1 for row in rows if _paid(one, row) != _paid(other, row))


def _paid(side: Side, row: int) -> int:
    if row not in side.sets.yes:
        return 0
    return side.paid if isinstance(side.paid, int) else side.paid[row] or 0


def _is_few(count: int) -> bool:
    return 0 < count < FLOOR
