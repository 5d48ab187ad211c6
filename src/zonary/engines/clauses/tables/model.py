"""What a decision table, a score and an amount are.

All of them have a name, give one number or label for an enterprise, and may read each other, but never in a circle.
Numbers they give are in the unit they name; 分 of a score and 分 of money are kept apart by their dimension.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Final, TypeAlias

from zonary.engines.clauses.errors import TableError
from zonary.engines.clauses.quantities import Amount, Bound, Parameter, Quantity, Scored

MAX_ROWS: Final = 500
MAX_COLUMNS: Final = 12
MAX_TABLES: Final = 200


@dataclass(frozen=True, slots=True)
class Measured:
    """A column of numbers, written in ``unit``."""

    heading: str
    quantity: Quantity
    unit: str


@dataclass(frozen=True, slots=True)
class Ratio:
    """A column of shares (``unit`` %) or rates (``unit`` 万元, ``per`` 亩). Of a whole of nothing, no bound is met."""

    heading: str
    part: Quantity
    whole: Quantity
    unit: str = "%"
    per: str = ""


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of codes of a classification; a code stands for every code inside it."""

    heading: str
    term: str


@dataclass(frozen=True, slots=True)
class Flagged:
    """A column of yes and no: of a flag, a listing or a judgement."""

    heading: str
    term: str


Column: TypeAlias = Measured | Ratio | Coded | Flagged


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``low`` to ``high`` in the column's unit; None is without end. Whether each is included, is always said.

    :raises TableError: when nothing lies in it.
    """

    low: Decimal | None = None
    is_low_included: bool = True
    high: Decimal | None = None
    is_high_included: bool = True

    def __post_init__(self) -> None:
        for bound in (self.low, self.high):
            if bound is not None and not bound.is_finite():
                raise TableError("{number} is no bound.", number=str(bound)[:40])
        if self.low is None or self.high is None:
            return
        if self.low > self.high or (self.low == self.high and not (self.is_low_included and self.is_high_included)):
            raise TableError("Nothing lies between {low} and {high}.", low=str(self.low), high=str(self.high))


@dataclass(frozen=True, slots=True)
class Codes:
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class YesNo:
    is_yes: bool


@dataclass(frozen=True, slots=True)
class AnyValue:
    """Whatever it is, and when it is not known, too."""


ANY: Final = AnyValue()
Cell: TypeAlias = Interval | Codes | YesNo | AnyValue
Output: TypeAlias = Decimal | str
"""A number in the table's unit, or a label."""


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...]
    output: Output


class HitPolicy(StrEnum):
    """Which of the rows that match counts; in brackets, the letter of DMN."""

    UNIQUE = "unique"  # exactly one matches, two are an error (U)
    ANY = "any"  # all that match agree (A)
    FIRST = "first"  # (F)
    SUM = "sum"  # of none: nothing, 0 (C+)
    MAX = "max"  # (C>)
    MIN = "min"  # (C<)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTable:
    """Rows of conditions, read across, and what each gives.

    :param unit: of the outputs; empty when they are labels.
    :param otherwise: what is given when no row matches; None when there must be one.
    :raises TableError: when a row does not fit the columns.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    hit_policy: HitPolicy
    unit: str = ""
    otherwise: Output | None = None

    def __post_init__(self) -> None:
        if not (0 < len(self.columns) <= MAX_COLUMNS and 0 < len(self.rows) <= MAX_ROWS):
            raise TableError(
                "“{table}” has {rows} rows of {columns} columns; it may have up to {most_rows} of {most_columns}.",
                table=self.name,
                rows=len(self.rows),
                columns=len(self.columns),
                most_rows=MAX_ROWS,
                most_columns=MAX_COLUMNS,
            )
        for number, row in enumerate(self.rows, 1):
            self._check(number, row)
        if self.otherwise is not None and isinstance(self.otherwise, Decimal) != bool(self.unit):
            raise TableError("“{table}” gives something else otherwise than in its rows.", table=self.name)
        if not self.unit and self.hit_policy in (HitPolicy.SUM, HitPolicy.MAX, HitPolicy.MIN):
            raise TableError("“{table}” gives labels, which cannot be added up or compared.", table=self.name)

    def _check(self, number: int, row: Row) -> None:
        fits = {Measured: Interval, Ratio: Interval, Coded: Codes, Flagged: YesNo}
        if len(row.cells) != len(self.columns):
            raise TableError(
                "Row {row} of “{table}” has {count} cells, not {columns}.",
                row=number,
                table=self.name,
                count=len(row.cells),
                columns=len(self.columns),
            )
        for column, cell in zip(self.columns, row.cells, strict=True):
            if not isinstance(cell, AnyValue | fits[type(column)]):
                raise TableError(
                    "Row {row} of “{table}” has a cell under “{column}” that does not fit it.",
                    row=number,
                    table=self.name,
                    column=column.heading,
                )
        if isinstance(row.output, Decimal) != bool(self.unit):
            raise TableError("Row {row} of “{table}” gives no such thing as the others.", row=number, table=self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The sum of its parts; a part of several names is the best of them (择一).

    :param unit: of the whole, and of every part.
    """

    name: str
    parts: tuple[tuple[str, ...], ...]
    unit: str
    floor: Decimal | None = None
    cap: Decimal | None = None


class Rounding(StrEnum):
    """The direction is always said: down is to whoever pays, up to whoever is paid."""

    DOWN = "down"
    UP = "up"
    HALF_UP = "half up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportion:
    """``rate`` times what is read, floor and cap held: a subsidy of 10 %, a match of 1 : 1, points by a base.

    :param reads: a number, another amount by :class:`Scored`, or a ratio.
    :param rate: units of ``unit`` for each unit that is read: 10 % of an amount of money is 0.1. A parameter is a
        share, or counted in ``unit``.
    :param base: what is read is divided by it first, such as the base of 亩均 indicators; or None. It must be more
        than nothing.
    :param step: what the result is a multiple of, in ``unit``; for money at least 0.01 元.
    :param floor: and ``cap``: in ``unit``, or parameters of its dimension.
    """

    name: str
    reads: Measured | Ratio
    rate: Decimal | Parameter
    unit: str
    rounding: Rounding
    step: Decimal
    base: Bound | None = None
    floor: Decimal | Parameter | None = None
    cap: Decimal | Parameter | None = None

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """That it is made of."""
        return tuple(each for each in (self.rate, self.base, self.floor, self.cap) if isinstance(each, Parameter))

    def __post_init__(self) -> None:
        if self.step <= 0 or not self.step.is_finite():
            raise TableError("“{table}” is rounded to {step}, which is no step.", table=self.name, step=str(self.step))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """The same for every enterprise: an amount, or a dated parameter."""

    name: str
    bound: Bound

    @property
    def unit(self) -> str:
        return self.bound.unit if isinstance(self.bound, Amount) else ""


Table: TypeAlias = DecisionTable | Score | Proportion | Fixed


class Tables:
    """The tables of a pack by name.

    :raises TableError: when two have one name, one reads what is not there, or they read each other in a circle.
    """

    def __init__(self, tables: Mapping[str, Table]) -> None:
        if len(tables) > MAX_TABLES:
            raise TableError("A pack has at most {limit} tables.", limit=MAX_TABLES)
        self._tables = MappingProxyType(dict(tables))
        for name, table in tables.items():
            if name != table.name:
                raise TableError("“{name}” stands for “{table}”.", name=name, table=table.name)
        _ = self.order

    def __iter__(self) -> Iterator[Table]:
        return iter(self._tables.values())

    def __getitem__(self, name: str) -> Table:
        if name not in self._tables:
            raise TableError("There is no table “{table}”.", table=name[:60])
        return self._tables[name]

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Their names, each after those it reads."""
        done: dict[str, None] = {}
        for start in self._tables:
            path: dict[str, list[str]] = {start: [*reads_of(self[start])]} if start not in done else {}
            while path:
                current = next(reversed(path))
                if not path[current]:
                    path.pop(current)
                    done[current] = None
                    continue
                wanted = path[current].pop()
                if wanted in path:
                    names = [*path]
                    circle = [*names[names.index(wanted) :], wanted]
                    raise TableError("The tables read each other in a circle: {names}.", names=" → ".join(circle))
                if wanted not in done:
                    path[wanted] = [*reads_of(self[wanted])]
        return tuple(done)

    def needed(self, name: str) -> tuple[str, ...]:
        """Itself and what it reads, and what these read, each after those it reads."""
        found, left = {name}, [name]
        while left:
            new = set(reads_of(self[left.pop()])) - found
            found |= new
            left.extend(new)
        return tuple(each for each in self.order if each in found)


NO_TABLES: Final = Tables({})


def reads_of(table: Table) -> tuple[str, ...]:
    """Names of the tables that it reads."""
    if isinstance(table, Score):
        return tuple(name for part in table.parts for name in part)
    columns: tuple[Column, ...] = ()
    if isinstance(table, DecisionTable):
        columns = table.columns
    elif isinstance(table, Proportion):
        columns = (table.reads,)
    # Sums and differences are made of readings only, so a table is read as the whole of a quantity or not at all.
    measured = (quantity for column in columns for quantity in quantities_in(column))
    return tuple(each.table for each in measured if isinstance(each, Scored))


def quantities_in(column: Column) -> tuple[Quantity, ...]:
    if isinstance(column, Measured):
        return (column.quantity,)
    return (column.part, column.whole) if isinstance(column, Ratio) else ()
