"""What a table gives an enterprise, three-valued: known as soon as no row that is still open could change it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from zonary.engines.clauses import kleene
from zonary.engines.clauses.codes import lies_in
from zonary.engines.clauses.errors import RuleError, TableError, UnitMismatchError
from zonary.engines.clauses.expressions import Relation
from zonary.engines.clauses.extents import UNKNOWN, Exact, Extent, best, clipped, compared, exactly, scaled, total
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.measures import Given, Measure, Reader, Threshold, dimension_named
from zonary.engines.clauses.quantities import Bound, Parameter
from zonary.engines.clauses.snapshots import Datum, Key
from zonary.engines.clauses.tables.model import (
    AnyValue,
    Cell,
    Codes,
    Column,
    DecisionTable,
    Flagged,
    HitPolicy,
    Interval,
    Measured,
    Output,
    Proportion,
    Ratio,
    Rounding,
    Score,
    Table,
    YesNo,
)
from zonary.engines.clauses.vocabulary import YES_NO, Kind, Unit, Vocabulary


def given(table: Table, reader: Reader) -> Given:
    """What ``table`` gives.

    :raises TableError: when no row matches and there is none for otherwise, or two do that must not.
    :raises UnitMismatchError: when what is read is not of the unit it is written in.
    """
    if isinstance(table, DecisionTable):
        return _of_rows(table, reader)
    if isinstance(table, Score):
        return _of_parts(table, reader)
    if isinstance(table, Proportion):
        return _of_proportion(table, reader)
    return Given(table=table.name, extent=exactly(reader.threshold(table.bound).value))


def unit_of(vocabulary: Vocabulary, symbol: str) -> Unit:
    """:raises RuleError: when the vocabulary has no such unit."""
    if symbol not in vocabulary.units:
        raise RuleError("The vocabulary has no unit “{unit}”.", unit=symbol[:40])
    return vocabulary.units[symbol]


def factor_of(vocabulary: Vocabulary, column: Measured | Ratio) -> Fraction:
    """What one of the column's unit is, in the smallest."""
    unit = unit_of(vocabulary, column.unit)
    if isinstance(column, Measured):
        return unit.factor
    if column.per:
        return unit.factor / unit_of(vocabulary, column.per).factor
    return unit.factor / 10**6  # shares are kept in millionths; here they are the ratio itself


# Rows


def _of_rows(table: DecisionTable, reader: Reader) -> Given:
    read = _Read(reader)
    columns = [(column, read.value(column)) for column in table.columns]
    matches = [
        kleene.all_of(
            _matches(reader.vocabulary, *column, cell) for column, cell in zip(columns, row.cells, strict=True)
        )
        for row in table.rows
    ]
    sure = [number for number, truth in enumerate(matches, 1) if truth is Truth.YES]
    unsure = [number for number, truth in enumerate(matches, 1) if truth is Truth.UNKNOWN]
    possible = _possible(table, sure, unsure)
    facts = (*read.keys,), (*read.missing,) if unsure else ()
    if not table.unit:
        labels = frozenset(str(each) for each in possible)
        return Given(
            table=table.name, labels=labels, is_label=True, rows=(*sure,), open_rows=(*unsure,),
            read=facts[0], missing=facts[1] if len(labels) > 1 else (),
        )  # fmt: skip
    extent = scaled(_numbers(table, possible, sure, unsure), unit_of(reader.vocabulary, table.unit).factor)
    return Given(
        table=table.name, extent=_tidied(extent), rows=(*sure,), open_rows=(*unsure,),
        read=facts[0], missing=facts[1] if extent.number is None else (),
    )  # fmt: skip


def _possible(table: DecisionTable, sure: Sequence[int], unsure: Sequence[int]) -> list[Output]:
    """What the table may give, of one row or of none; sums are made of it elsewhere."""
    rows, policy = table.rows, table.hit_policy
    if policy is HitPolicy.FIRST and sure:
        unsure = [number for number in unsure if number < sure[0]]
        sure = sure[:1]
    if policy in (HitPolicy.UNIQUE, HitPolicy.ANY) and sure:
        first = rows[sure[0] - 1].output
        clash = next((n for n in sure[1:] if policy is HitPolicy.UNIQUE or rows[n - 1].output != first), None)
        if clash is not None:
            raise TableError(
                "Rows {first} and {second} of “{table}” both match.", first=sure[0], second=clash, table=table.name
            )
        # Of rows that exclude each other, one that matches says that no open one does.
        unsure = ()
    found = [rows[number - 1].output for number in (*sure, *unsure)]
    if sure or policy is HitPolicy.SUM:
        return found
    if table.otherwise is not None:
        return [*found, table.otherwise]
    if not found:
        raise TableError("No row of “{table}” matches, and it has none for otherwise.", table=table.name)
    return found


def _numbers(table: DecisionTable, possible: Sequence[Output], sure: Sequence[int], unsure: Sequence[int]) -> Extent:
    """The outputs as an extent, in the table's unit."""
    rows, policy = table.rows, table.hit_policy
    if policy is HitPolicy.SUM:
        fixed = [exactly(_number(rows[number - 1].output)) for number in sure]
        free = [_number(rows[number - 1].output) for number in unsure]
        if not sure and not unsure and table.otherwise is not None:
            return exactly(_number(table.otherwise))
        found = total([*fixed, *(Extent(min(each, 0), max(each, 0)) for each in free)])
        is_perhaps_none = not sure and table.otherwise is not None
        return _around([found.low, found.high, _number(table.otherwise)]) if is_perhaps_none else found
    numbers = [_number(each) for each in possible]
    certain = [_number(rows[number - 1].output) for number in sure]
    if policy is HitPolicy.MAX and certain:
        return Extent(max(certain), max(numbers))
    if policy is HitPolicy.MIN and certain:
        return Extent(min(numbers), min(certain))
    return _around(numbers)


def _around(numbers: Iterable[Exact | None]) -> Extent:
    known = [each for each in numbers if each is not None]
    return Extent(min(known), max(known))


def _number(output: Output | None) -> Exact:
    return Fraction(output) if isinstance(output, Decimal) else 0


def _tidied(extent: Extent) -> Extent:
    return Extent(*(int(n) if n is not None and n.denominator == 1 else n for n in (extent.low, extent.high)))


def _matches(vocabulary: Vocabulary, column: Column, value: Measure | Datum | None, cell: Cell) -> Truth:
    if isinstance(cell, AnyValue):
        return Truth.YES
    if isinstance(value, Measure) and isinstance(cell, Interval) and isinstance(column, Measured | Ratio):
        return within(value.extent, cell, factor_of(vocabulary, column))
    if isinstance(value, Datum) and isinstance(cell, Codes):
        return lies_in(str(value.value), cell.codes)
    if isinstance(value, Datum) and isinstance(cell, YesNo):
        return kleene.of(value.value is cell.is_yes)
    # A ratio to nothing is None of a measure's place: it is no number that any bound could hold.
    return Truth.NO if isinstance(column, Ratio) else Truth.UNKNOWN


def within(extent: Extent, interval: Interval, factor: Exact) -> Truth:
    """Whether a number in the smallest unit lies in an interval written in units of ``factor``."""
    above = Relation.AT_LEAST if interval.is_low_included else Relation.MORE
    below = Relation.AT_MOST if interval.is_high_included else Relation.LESS
    return kleene.all_of(
        compared(extent, relation, Fraction(bound) * factor)
        for relation, bound in ((above, interval.low), (below, interval.high))
        if bound is not None
    )


class _Read:
    """Reads the columns, and keeps what was read and what was missing."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.keys: dict[Key, None] = {}
        self.missing: dict[Key, None] = {}

    def value(self, column: Column) -> Measure | Datum | None:
        """None of a ratio whose whole is nothing or less, and of a datum that is not known."""
        if isinstance(column, Measured):
            return self.measured(column)
        if isinstance(column, Ratio):
            return self.ratio(column)
        term = self.reader.vocabulary.term(column.term)
        if term.kind not in (YES_NO if isinstance(column, Flagged) else {Kind.CODE}):
            raise RuleError("“{column}” cannot be read from “{term}”.", column=column.heading, term=term.chinese)
        datum = self.reader.datum(column.term)
        (self.missing if datum is None else self.keys)[(column.term, None)] = None
        return datum

    def measured(self, column: Measured) -> Measure:
        measure = self.reader.measure(column.quantity)
        self._require(column, measure.dimension, unit_of(self.reader.vocabulary, column.unit).dimension)
        self._note(measure)
        return measure

    def ratio(self, column: Ratio) -> Measure | None:
        part = self.reader.measure(column.part)
        whole = self.reader.measure(column.whole, part)
        if column.per:
            self._require(column, part.dimension, unit_of(self.reader.vocabulary, column.unit).dimension)
            self._require(column, whole.dimension, unit_of(self.reader.vocabulary, column.per).dimension)
        else:
            self._require(column, part.dimension, whole.dimension)
            self._require(column, "share", unit_of(self.reader.vocabulary, column.unit).dimension)
        self._note(part)
        self._note(whole)
        over, under = part.extent.number, whole.extent.number
        if compared(whole.extent, Relation.AT_MOST, 0) is Truth.YES:
            return None
        extent = UNKNOWN if over is None or not under else exactly(Fraction(over) / under)
        return Measure(extent, "", part.read + whole.read, part.missing + whole.missing)

    def _note(self, measure: Measure) -> None:
        self.keys.update(dict.fromkeys(measure.read))
        self.missing.update(dict.fromkeys(measure.missing))

    def _require(self, column: Column, found: str, wanted: str) -> None:
        if found != wanted:
            raise UnitMismatchError(
                "“{column}” is written in {wanted}, and what it reads is {found}.",
                column=column.heading,
                wanted=dimension_named(wanted),
                found=dimension_named(found),
            )


# Scores and amounts


def _of_parts(score: Score, reader: Reader) -> Given:
    given_parts = [[reader.table(name) for name in names] for names in score.parts]
    found = [each for part in given_parts for each in part]
    for each in found:
        if each.is_label:
            raise TableError("“{table}” adds up “{part}”, which gives a label.", table=score.name, part=each.table)
    extent = clipped(
        total(best(each.extent for each in part) for part in given_parts),
        *limits(score, unit_of(reader.vocabulary, score.unit).factor),
    )
    return _gathered(score.name, extent, found)


def _of_proportion(table: Proportion, reader: Reader) -> Given:
    read = _Read(reader)
    factor = unit_of(reader.vocabulary, table.unit).factor
    numbers = settled(table, reader.threshold, reader.vocabulary)
    measure = read.measured(table.reads) if isinstance(table.reads, Measured) else read.ratio(table.reads)
    if measure is None:  # of a whole of nothing there is no share to give for, nor a least amount of it
        return Given(table=table.name, extent=exactly(0), read=(*read.keys,))
    extent = scaled(measure.extent, numbers.rate)
    step = Fraction(table.step) * factor
    low, high = (None if each is None else rounded(each, step, table.rounding) for each in (extent.low, extent.high))
    extent = _tidied(clipped(Extent(low, high), numbers.floor, numbers.cap))
    return Given(
        table=table.name, extent=extent, read=(*read.keys,), missing=(*read.missing,) if extent.number is None else ()
    )


@dataclass(frozen=True, slots=True)
class Settled:
    """The numbers of a proportion on one day, its parameters among them, all in smallest units."""

    rate: Fraction
    floor: Fraction | None
    cap: Fraction | None


def settled(table: Proportion, threshold: Callable[[Bound], Threshold], vocabulary: Vocabulary) -> Settled:
    """:param threshold: what a bound is on the day asked about.
    :raises ExpiredParameterError: when a parameter has no value then.
    """
    factor = unit_of(vocabulary, table.unit).factor
    if isinstance(table.rate, Parameter):
        found = threshold(table.rate)
        rate = Fraction(found.value) * (factor / 10**6 if found.dimension == "share" else 1)
    else:
        rate = Fraction(table.rate) * factor
    rate /= factor_of(vocabulary, table.reads)
    if table.base is not None:
        rate /= base_of(table, threshold(table.base), vocabulary)
    floor_, cap = (
        Fraction(threshold(each).value)
        if isinstance(each, Parameter)
        else None
        if each is None
        else Fraction(each) * factor
        for each in (table.floor, table.cap)
    )
    return Settled(rate, floor_, cap)


def base_of(table: Proportion, threshold: Threshold, vocabulary: Vocabulary) -> Fraction:
    """The base in units of what is read.

    :raises UnitMismatchError: when it is in another unit.
    :raises TableError: when it is not more than nothing.
    """
    unit = unit_of(vocabulary, table.reads.unit)
    per = table.reads.per if isinstance(table.reads, Ratio) else ""
    wanted = unit.dimension, unit_of(vocabulary, per).dimension if per else ""
    if (threshold.dimension, threshold.per) != wanted:
        raise UnitMismatchError(
            "“{column}” is written in {wanted}, and what it reads is {found}.",
            column=table.name,
            wanted=dimension_named(*wanted),
            found=dimension_named(threshold.dimension, threshold.per),
        )
    is_share = isinstance(table.reads, Ratio) and not per
    value = Fraction(threshold.value) / factor_of(vocabulary, table.reads) / (10**6 if is_share else 1)
    if value <= 0:
        raise TableError("The base of “{table}” is not more than nothing.", table=table.name)
    return value


def rounded(number: Exact, step: Exact, rounding: Rounding) -> Exact:
    """To a multiple of ``step``; down and up as on the number line, half up away from zero."""
    steps = Fraction(number) / step
    if rounding is Rounding.DOWN:
        return floor(steps) * step
    if rounding is Rounding.UP:
        return ceil(steps) * step
    half = Fraction(1, 2)
    return (floor(steps + half) if steps >= 0 else ceil(steps - half)) * step


def limits(score: Score, factor: Fraction) -> tuple[Fraction | None, Fraction | None]:
    """Floor and cap in smallest units."""
    floor_, cap = (None if each is None else Fraction(each) * factor for each in (score.floor, score.cap))
    return floor_, cap


def _gathered(name: str, extent: Extent, parts: Sequence[Given]) -> Given:
    read = dict.fromkeys(key for each in parts for key in each.read)
    missing = dict.fromkeys(key for each in parts for key in each.missing)
    return Given(
        table=name, extent=_tidied(extent), read=(*read,), missing=(*missing,) if extent.number is None else ()
    )
