"""What a quantity comes to for one enterprise, and where each number of it was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple, Protocol

from zonary.engines.clauses.errors import RuleError
from zonary.engines.clauses.extents import UNKNOWN, Exact, Extent, exact
from zonary.engines.clauses.quantities import Amount, Bound, Parameter, Quantity
from zonary.engines.clauses.snapshots import Datum, Key
from zonary.engines.clauses.vocabulary import Vocabulary
from zonary.proof.errors import Noun


class Measure(NamedTuple):
    """A quantity's value in the smallest unit of its dimension.

    :param read: the data it was made of, in the order they were read.
    :param missing: those it would have needed.
    :param years: offsets of the years it is about, for 同期.
    """

    extent: Extent
    dimension: str
    read: tuple[Key, ...] = ()
    missing: tuple[Key, ...] = ()
    years: tuple[int, ...] = ()
    is_mean: bool = False


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a quantity is held against.

    :param amount: as written, or as the parameter says on the day.
    :param value: in the smallest unit; for a rate, smallest units for each smallest unit.
    :param per: dimension it is for each of, or empty.
    :param parameter: its name, or empty.
    :param citation: where the parameter's value stands.
    """

    amount: Amount
    value: Exact
    dimension: str
    per: str = ""
    parameter: str = ""
    citation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a table gives one enterprise.

    :param extent: the number in the smallest unit; of labels, unknown.
    :param labels: those it may be; the label, when it is one.
    :param rows: numbers, from 1, of the rows that match for certain.
    :param open_rows: of those that may match, once what is missing is known.
    """

    table: str
    extent: Extent = UNKNOWN
    labels: frozenset[str] = frozenset()
    is_label: bool = False
    rows: tuple[int, ...] = ()
    open_rows: tuple[int, ...] = ()
    read: tuple[Key, ...] = ()
    missing: tuple[Key, ...] = ()

    @property
    def label(self) -> str | None:
        """None while more than one is possible."""
        return next(iter(self.labels)) if len(self.labels) == 1 else None


def threshold_of(
    vocabulary: Vocabulary, amount: Amount, parameter: Parameter | None = None, citation: str = ""
) -> Threshold:
    """An amount in the smallest unit.

    :raises RuleError: when the vocabulary has no such unit.
    """
    units = vocabulary.units
    for symbol in (amount.unit, amount.per):
        if symbol and symbol not in units:
            raise RuleError("The vocabulary has no unit “{unit}”.", unit=symbol[:40])
    unit = units[amount.unit]
    value = Fraction(amount.number) * unit.factor
    per = ""
    if amount.per:
        value /= units[amount.per].factor
        per = units[amount.per].dimension
    return Threshold(amount, exact(value), unit.dimension, per, parameter.name if parameter else "", citation)


def dimension_named(dimension: str, per: str = "") -> Noun | str:
    """A dimension as a sentence names it; a measure word names itself."""
    if per:
        return Noun("a rate")
    named = {"money": Noun("an amount of money"), "area": Noun("an area"), "share": Noun("a share")}
    return named.get(dimension, dimension)


class Reader(Protocol):
    """One enterprise on one day, as leaves and tables ask it."""

    @property
    def vocabulary(self) -> Vocabulary: ...
    @property
    def day(self) -> date: ...
    def datum(self, term: str, year: int | None = None) -> Datum | None: ...
    def measure(self, quantity: Quantity, like: Measure | None = None) -> Measure: ...
    def threshold(self, bound: Bound) -> Threshold: ...
    def table(self, name: str) -> Given: ...
