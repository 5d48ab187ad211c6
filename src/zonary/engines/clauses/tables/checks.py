"""What is wrong with a decision table before anybody is asked: gaps, rows that overlap, rows that are never reached.

Every column is cut at the bounds that its cells name, into pieces within which all rows are the same; a piece no value
of the column can lie in (between 10 and 11 people) is none. A gap is a choice of one piece in each column that no row
covers; a row is unreachable when the rows before it cover all of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Final, TypeAlias

from zonary.engines.clauses.codes import lies_in
from zonary.engines.clauses.domains import Domain, domain_of
from zonary.engines.clauses.errors import TableError
from zonary.engines.clauses.extents import Exact, exactly
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.tables.evaluation import factor_of, within
from zonary.engines.clauses.tables.model import (
    AnyValue,
    Cell,
    Coded,
    Codes,
    Column,
    DecisionTable,
    Flagged,
    HitPolicy,
    Interval,
    Measured,
    Ratio,
    YesNo,
)
from zonary.engines.clauses.vocabulary import Vocabulary
from zonary.proof.errors import Noun

MAX_STEPS: Final = 200_000
"""Of the search for gaps: a table that needs more is refused as too intricate, not half checked."""
MAX_FAULTS: Final = 20


class FaultKind(StrEnum):
    GAP = "gap"  # no row matches
    OVERLAP = "overlap"  # two rows match, and only one may
    UNREACHABLE = "unreachable"  # rows before it take everything


@dataclass(frozen=True, slots=True)
class Stretch(Noun):
    """The numbers beyond a bound, or between two."""

    low: str = ""
    high: str = ""

    @property
    def params(self) -> Mapping[str, Noun]:
        return {"low": Noun(self.low), "high": Noun(self.high)}

    def __str__(self) -> str:
        return self.msgid.format(low=self.low, high=self.high)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong.

    :param rows: numbers, from 1, of the rows concerned: the two that overlap, the one that is unreachable.
    :param where: heading of each column and the piece of it.
    """

    kind: FaultKind
    rows: tuple[int, ...]
    where: tuple[tuple[str, Noun], ...]


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Between two bounds, or at one; in units of the column."""

    low: Decimal | None
    high: Decimal | None
    sample: Exact
    unit: str

    def named(self) -> Noun:
        low, high = f"{self.low}{self.unit}", f"{self.high}{self.unit}"
        if self.low is None and self.high is None:
            return Noun("any number")
        if self.low == self.high:
            return Noun(low)
        if self.high is None:
            return Stretch("above {low}", low=low)
        if self.low is None:
            return Stretch("below {high}", high=high)
        return Stretch("between {low} and {high}, neither included", low=low, high=high)


_Piece: TypeAlias = _Numbers | str | bool | None
"""A code that stands for those not named deeper, yes or no, and None for a ratio to nothing."""


def faults(table: DecisionTable, vocabulary: Vocabulary) -> list[Fault]:
    """What is wrong, at most :data:`MAX_FAULTS` of a kind.

    :raises TableError: when the table is too intricate to be checked.
    """
    columns = [_pieces(column, table, place, vocabulary) for place, column in enumerate(table.columns)]
    covers = [
        [_covering(table, place, column, piece, vocabulary) for piece in columns[place]]
        for place, column in enumerate(table.columns)
    ]
    search = _Search(table, columns, covers)
    found: list[Fault] = []
    if table.otherwise is None and table.hit_policy is not HitPolicy.SUM:
        found += [Fault(FaultKind.GAP, (), where) for where in search.gaps()]
    if table.hit_policy in (HitPolicy.UNIQUE, HitPolicy.ANY):
        found += search.overlaps()
    if table.hit_policy is HitPolicy.FIRST:
        found += search.unreachable()
    return found


class _Search:
    def __init__(
        self, table: DecisionTable, columns: Sequence[Sequence[_Piece]], covers: Sequence[Sequence[frozenset[int]]]
    ) -> None:
        self.table, self.columns, self.covers = table, columns, covers
        self.steps = 0

    def gaps(self) -> list[tuple[tuple[str, Noun], ...]]:
        every = frozenset(range(len(self.table.rows)))
        found = []
        for choice in self._uncovered(every, [range(len(pieces)) for pieces in self.columns]):
            found.append(self._named(choice))
            if len(found) == MAX_FAULTS:
                break
        return found

    def overlaps(self) -> list[Fault]:
        found: list[Fault] = []
        for second in range(len(self.table.rows)):
            for first in range(second):
                if self._agree(first, second):
                    continue
                choice = [self._common(place, first, second) for place in range(len(self.columns))]
                if None not in choice and len(found) < MAX_FAULTS:
                    named = self._named([each for each in choice if each is not None])
                    found.append(Fault(FaultKind.OVERLAP, (first + 1, second + 1), named))
        return found

    def unreachable(self) -> list[Fault]:
        found: list[Fault] = []
        for number in range(len(self.table.rows)):
            own = [
                [place for place, rows in enumerate(covers) if number in rows]
                for covers in self.covers
            ]  # fmt: skip
            if next(self._uncovered(frozenset(range(number)), own), None) is None and len(found) < MAX_FAULTS:
                found.append(Fault(FaultKind.UNREACHABLE, (number + 1,), ()))
        return found

    def _agree(self, first: int, second: int) -> bool:
        rows = self.table.rows
        return self.table.hit_policy is HitPolicy.ANY and rows[first].output == rows[second].output

    def _common(self, place: int, first: int, second: int) -> int | None:
        both = (number for number, rows in enumerate(self.covers[place]) if first in rows and second in rows)
        return next(both, None)

    def _uncovered(self, rows: frozenset[int], pieces: Sequence[Sequence[int]]) -> Iterator[list[int]]:
        """Choices of a piece for each column that none of ``rows`` covers; like ones are looked into once."""
        if not rows:
            if all(pieces):
                yield [each[0] for each in pieces]
            return
        covered: set[tuple[int, frozenset[int]]] = set()
        waiting: list[tuple[list[int], frozenset[int]]] = [([], rows)]
        while waiting:
            choice, left = waiting.pop()
            place = len(choice)
            if not left:  # whatever is chosen further on, nothing covers it
                if all(pieces[place:]):
                    yield choice + [each[0] for each in pieces[place:]]
                continue
            if place == len(pieces) or (place, left) in covered:
                continue
            covered.add((place, left))
            for piece in reversed(pieces[place]):
                self.steps += 1
                if self.steps > MAX_STEPS:
                    raise TableError("“{table}” is too intricate to be checked. Split it.", table=self.table.name)
                waiting.append(([*choice, piece], left & self.covers[place][piece]))

    def _named(self, choice: Sequence[int]) -> tuple[tuple[str, Noun], ...]:
        return tuple(
            (column.heading, _named(self.columns[place][piece]))
            for place, (column, piece) in enumerate(zip(self.table.columns, choice, strict=True))
        )


def _named(piece: _Piece) -> Noun:
    if piece is None:
        return Noun("what it would be divided by is zero or less")
    if isinstance(piece, bool):
        return Noun("yes") if piece else Noun("no")
    if isinstance(piece, str):
        return Noun(piece) if piece else Noun("any other code")
    return piece.named()


def _covering(
    table: DecisionTable, place: int, column: Column, piece: _Piece, vocabulary: Vocabulary
) -> frozenset[int]:
    """Numbers, from 0, of the rows whose cell in the column holds all of the piece."""
    return frozenset(
        number for number, row in enumerate(table.rows) if _covers(row.cells[place], column, piece, vocabulary)
    )


def _covers(cell: Cell, column: Column, piece: _Piece, vocabulary: Vocabulary) -> bool:
    if isinstance(cell, AnyValue):
        return True
    if isinstance(cell, Interval) and isinstance(piece, _Numbers) and isinstance(column, Measured | Ratio):
        return within(exactly(piece.sample), cell, factor_of(vocabulary, column)) is Truth.YES
    if isinstance(cell, Codes) and isinstance(piece, str):
        return lies_in(piece, cell.codes) is Truth.YES
    return isinstance(cell, YesNo) and piece is cell.is_yes


def _pieces(column: Column, table: DecisionTable, place: int, vocabulary: Vocabulary) -> list[_Piece]:
    cells = [row.cells[place] for row in table.rows]
    if isinstance(column, Flagged):
        return [True, False]
    if isinstance(column, Coded):
        codes = sorted({code for cell in cells if isinstance(cell, Codes) for code in cell.codes})
        return [*codes, ""]
    bounds = {
        bound for cell in cells if isinstance(cell, Interval) for bound in (cell.low, cell.high) if bound is not None
    }
    found: list[_Piece] = [*_numbers(sorted(bounds), column, vocabulary)]
    return [*found, None] if isinstance(column, Ratio) else found


def _numbers(bounds: Sequence[Decimal], column: Measured | Ratio, vocabulary: Vocabulary) -> Iterator[_Numbers]:
    factor, domain = factor_of(vocabulary, column), _domain(column, vocabulary)
    edges: list[Decimal | None] = [None, *bounds, None]
    unit = column.unit + (f"/{column.per}" if isinstance(column, Ratio) and column.per else "")
    for low, high in pairwise(edges):
        sample = _between(low, high, factor, domain)
        if sample is not None:
            yield _Numbers(low, high, sample, unit)
        if high is not None and domain.holds(at := Fraction(high) * factor):
            yield _Numbers(high, high, at, unit)


def _domain(column: Measured | Ratio, vocabulary: Vocabulary) -> Domain:
    if isinstance(column, Measured):
        return domain_of(vocabulary, column.quantity)
    part = domain_of(vocabulary, column.part)
    is_never_less = part.low is not None and part.low >= 0
    return Domain(0 if is_never_less else None, None, None)


def _between(low: Decimal | None, high: Decimal | None, factor: Fraction, domain: Domain) -> Exact | None:
    """A value strictly between two bounds that the column can have; None when there is none."""
    bottom = None if low is None else Fraction(low) * factor
    top = None if high is None else Fraction(high) * factor
    if domain.step is None:
        return _anywhere(bottom, top, domain.low)
    start: Exact | None = None if bottom is None else (floor(bottom / domain.step) + 1) * domain.step
    if domain.low is not None:
        start = domain.low if start is None else max(start, domain.low)
    if start is None:
        start = 0 if top is None else (ceil(top / domain.step) - 1) * domain.step
    is_inside = (top is None or start < top) and (domain.high is None or start <= domain.high)
    return start if is_inside else None


def _anywhere(bottom: Exact | None, top: Exact | None, least: Exact | None) -> Exact | None:
    """The same where every number is possible from ``least`` on."""
    if least is not None and (bottom is None or bottom < least):
        bottom = least
    if bottom is None:
        return 0 if top is None else top - 1
    if top is None:
        return bottom + 1
    return Fraction(bottom + top) / 2 if bottom < top else None
