"""How a table came to what it gives one enterprise: the figures, the rate, the row. For reading: it decides nothing.

Made when somebody asks, from the tables and the snapshot, so that asking a rule stays as fast as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from zonary.engines.clauses.errors import ClausesError
from zonary.engines.clauses.extents import Exact
from zonary.engines.clauses.interpreter.asking import Asking
from zonary.engines.clauses.interpreter.explaining import Explaining, Sentence, decimal_of
from zonary.engines.clauses.language import quantity_words
from zonary.engines.clauses.measures import Given
from zonary.engines.clauses.quantities import Amount, Bound, Parameter
from zonary.engines.clauses.tables.evaluation import Settled, base_of, factor_of, limits, rounded, settled, unit_of
from zonary.engines.clauses.tables.model import (
    AnyValue,
    Codes,
    Column,
    DecisionTable,
    Fixed,
    HitPolicy,
    Interval,
    Measured,
    Proportion,
    Ratio,
    Rounding,
    Row,
    Score,
    Table,
)
from zonary.engines.clauses.vocabulary import Kind, Unit

_FEN: Final = 100
_NEAR: Final = Decimal("0.0001")
"""To how much a number without an end is shown, behind ≈."""


def amount_said(asking: Asking, name: str, *, in_english: bool) -> list[Sentence]:
    """The table itself first, then those it reads, then each datum that was read; nothing of what is not known."""
    try:
        found = [asking.table(each) for each in reversed(asking.setting.tables.needed(name))]
        if found[0].extent.number is None:
            return []
        saying = _Saying(asking, in_english)
        said = [sentence for each in found for sentence in saying.table(each)]
    except ClausesError:  # what could not be asked has no amount either, and whoever asked was told why
        return []
    explaining = Explaining(asking.vocabulary, in_english)
    data = asking.snapshot.data
    return said + [
        explaining.datum(key, data[key]) for key in dict.fromkeys(key for each in found for key in each.read)
    ]


@dataclass(frozen=True)
class _Saying:
    asking: Asking
    in_english: bool

    def table(self, given: Given) -> Iterator[Sentence]:
        table = self.asking.setting.tables[given.table]
        if isinstance(table, DecisionTable):
            yield self._rows(table, given)
        elif isinstance(table, Proportion):
            yield from self._proportion(table, given)
        elif isinstance(table, Score):
            yield self._score(table, given)
        else:
            yield from self._fixed(table, given)

    # What comes from rows

    def _rows(self, table: DecisionTable, given: Given) -> Sentence:
        name, amount = self._name(table), given.label or self._result(table, given)
        rows = _counting(table, given)
        if not rows:
            return Sentence("No row of “{table}” fits, so it gives {amount}.", {"table": name, "amount": amount})
        if len(rows) > 1:
            return Sentence(
                "Rows {rows} of “{table}” give {amount} together.",
                {"table": name, "amount": amount, "rows": (", " if self.in_english else "、").join(map(str, rows))},
            )
        conditions = (", " if self.in_english else "，").join(self._conditions(table, table.rows[rows[0] - 1]))
        return Sentence(
            "Row {row} of “{table}” gives {amount}: {conditions}.",
            {"table": name, "amount": amount, "row": str(rows[0]), "conditions": conditions or "–"},
        )

    def _conditions(self, table: DecisionTable, row: Row) -> Iterator[str]:
        for column, cell in zip(table.columns, row.cells, strict=True):
            if isinstance(cell, AnyValue):
                continue
            if isinstance(cell, Interval) and isinstance(column, Measured | Ratio):
                yield f"{self._reads(column)} {self._between(column, cell)}"
            elif isinstance(cell, Codes):
                datum = self.asking.datum(column.term) if not isinstance(column, Measured | Ratio) else None
                yield f"{self._reads(column)} {datum.value if datum else '–'}"
            else:
                yield self._reads(column)

    def _between(self, column: Measured | Ratio, cell: Interval) -> str:
        """``1000 ≤ 2100 < 5000 万元``: the value between the bounds of its row, in the column's unit."""
        value = self._value(column)
        shown = "–" if value is None else _shown(value / factor_of(self.asking.vocabulary, column))
        low = "" if cell.low is None else f"{cell.low:,f} {'≤' if cell.is_low_included else '<'} "
        high = "" if cell.high is None else f" {'≤' if cell.is_high_included else '<'} {cell.high:,f}"
        return f"{low}{shown}{high} {self._unit(column)}"

    # What is reckoned

    def _proportion(self, table: Proportion, given: Given) -> Iterator[Sentence]:
        vocabulary = self.asking.vocabulary
        numbers = settled(table, self.asking.threshold, vocabulary)
        value, reads = self._value(table.reads), self._reads(table.reads)
        if value is None:
            yield Sentence(
                "{reads}: what it would be divided by is zero or less, so nothing is given.", {"reads": reads}
            )
            return
        exact = value * numbers.rate
        before = rounded(exact, Fraction(table.step) * self._unit_of(table).factor, table.rounding)
        yield self._reckoned(table, reads, self._formula(table, value), before, numbers)
        if before != exact:
            yield _rounding(table.rounding, self._given(table, Fraction(table.step) * self._unit_of(table).factor))
        yield from self._parameters(*table.parameters)

    def _reckoned(self, table: Proportion, reads: str, formula: str, number: Exact, numbers: Settled) -> Sentence:
        before = self._given(table, number)
        if numbers.cap is not None and number > numbers.cap:
            return Sentence(
                "{reads}: {formula} = {before}; at most {cap} are given.",
                {"reads": reads, "formula": formula, "before": before, "cap": self._given(table, numbers.cap)},
            )
        if numbers.floor is not None and number < numbers.floor:
            return Sentence(
                "{reads}: {formula} = {before}; at least {floor} are given.",
                {"reads": reads, "formula": formula, "before": before, "floor": self._given(table, numbers.floor)},
            )
        if numbers.cap is not None:
            return Sentence(
                "{reads}: {formula} = {before}, within the limit of {cap}.",
                {"reads": reads, "formula": formula, "before": before, "cap": self._given(table, numbers.cap)},
            )
        return Sentence("{reads}: {formula} = {before}.", {"reads": reads, "formula": formula, "before": before})

    def _formula(self, table: Proportion, value: Exact) -> str:
        """What is read × the rate, with what it is divided by first."""
        vocabulary, reads = self.asking.vocabulary, table.reads
        shown = self._read_amount(reads, value)
        if table.base is not None:
            base = base_of(table, self.asking.threshold(table.base), vocabulary) * factor_of(vocabulary, reads)
            return f"{shown} ÷ {self._read_amount(reads, base)} × {self._rate(table, is_of_base=True)}"
        return f"{shown} × {self._rate(table)}"

    def _rate(self, table: Proportion, *, is_of_base: bool = False) -> str:
        if isinstance(table.rate, Parameter):
            return self._bound(table.rate)
        unit, reads = self._unit_of(table), unit_of(self.asking.vocabulary, table.reads.unit)
        if isinstance(table.reads, Measured) and unit.dimension == reads.dimension and not is_of_base:
            return _shown(Fraction(table.rate) * unit.factor / reads.factor * 100) + "%"
        rate = self._given(table, Fraction(table.rate) * unit.factor)
        return rate if is_of_base else f"{rate}/{self._unit(table.reads)}"

    def _score(self, score: Score, given: Given) -> Sentence:
        parts = []
        for names in score.parts:
            each = max((self.asking.table(name) for name in names), key=lambda part: part.extent.number or 0)
            table = self.asking.setting.tables[each.table]
            parts.append((table, each.extent.number or 0))
        name, amount = self._name(score), self._result(score, given)
        said = " + ".join(f"{self._name(table)} {self._given(score, number)}" for table, number in parts)
        floor, cap = limits(score, self._unit_of(score).factor)
        total = sum(number for _, number in parts)
        if (cap is not None and total > cap) or (floor is not None and total < floor):
            return Sentence(
                "“{table}” adds up {parts}; within its bounds that is {amount}.",
                {"table": name, "parts": said, "amount": amount},
            )
        return Sentence("“{table}” adds up {parts} = {amount}.", {"table": name, "parts": said, "amount": amount})

    def _fixed(self, table: Fixed, given: Given) -> Iterator[Sentence]:
        amount = self._read_value(self.asking.threshold(table.bound).dimension, given.extent.number or 0)
        yield Sentence("“{table}” is the same for everybody: {amount}.", {"table": self._name(table), "amount": amount})
        if isinstance(table.bound, Parameter):
            yield from self._parameters(table.bound)

    def _parameters(self, *parameters: Parameter) -> Iterator[Sentence]:
        for each in parameters:
            found = self.asking.threshold(each)
            name = f"“{self._in_english(each.name)}”" if self.in_english else f"【{each.name}】"
            yield Sentence(
                "{name} is {value} on the day ({citation}).",
                {"name": name, "value": _written(found.amount), "citation": found.citation or "–"},
            )

    # Names, numbers and units

    def _name(self, table: Table) -> str:
        return self._in_english(table.name) if self.in_english else table.name

    def _in_english(self, name: str) -> str:
        return self.asking.vocabulary.english.get(name, name)

    def _reads(self, column: Column) -> str:
        """As the table has it; in English, what it reads."""
        vocabulary = self.asking.vocabulary
        if not self.in_english:
            return column.heading
        if isinstance(column, Measured):
            return quantity_words(column.quantity, vocabulary)
        if isinstance(column, Ratio):
            return f"{quantity_words(column.part, vocabulary)} / {quantity_words(column.whole, vocabulary)}"
        return vocabulary.term(column.term).english

    def _value(self, column: Measured | Ratio) -> Exact | None:
        """In the smallest unit, of a ratio the ratio itself; None where it is not known, or of a whole of nothing."""
        if isinstance(column, Measured):
            return self.asking.measure(column.quantity).extent.number
        part = self.asking.measure(column.part)
        over, under = part.extent.number, self.asking.measure(column.whole, part).extent.number
        return None if over is None or under is None or under <= 0 else Fraction(over) / under

    def _read_amount(self, column: Measured | Ratio, value: Exact) -> str:
        if isinstance(column, Measured):
            return self._read_value(unit_of(self.asking.vocabulary, column.unit).dimension, value)
        return f"{_shown(value / factor_of(self.asking.vocabulary, column))} {self._unit(column)}"

    def _result(self, table: DecisionTable | Score, given: Given) -> str:
        return self._given(table, given.extent.number or 0)

    def _given(self, table: DecisionTable | Score | Proportion, number: Exact) -> str:
        return self._read_value(self._unit_of(table).dimension, number)

    def _read_value(self, dimension: str, number: Exact) -> str:
        """Money in yuan, thousands apart, so that both sides compare; the rest as sentences have it."""
        if dimension == Kind.MONEY:
            return f"{_shown(Fraction(number) / _FEN)} {'yuan' if self.in_english else '元'}"
        return Explaining(self.asking.vocabulary, self.in_english).amount(number, dimension)

    def _unit_of(self, table: DecisionTable | Score | Proportion) -> Unit:
        return unit_of(self.asking.vocabulary, table.unit)

    def _unit(self, column: Measured | Ratio) -> str:
        per = column.per if isinstance(column, Ratio) else ""
        units = [unit_of(self.asking.vocabulary, each) for each in (column.unit, per) if each]
        return "/".join(each.english.partition("/")[0] if self.in_english else each.symbol for each in units)

    def _bound(self, bound: Bound) -> str:
        return _written(self.asking.threshold(bound).amount)


def _counting(table: DecisionTable, given: Given) -> tuple[int, ...]:
    """Rows, from 1, that the result is made of."""
    if table.hit_policy is HitPolicy.SUM:
        return given.rows
    if table.hit_policy in (HitPolicy.MAX, HitPolicy.MIN) and given.rows:
        choose = max if table.hit_policy is HitPolicy.MAX else min
        return (choose(given.rows, key=lambda row: Decimal(table.rows[row - 1].output)),)
    return given.rows[:1]


def _rounding(rounding: Rounding, step: str) -> Sentence:
    if rounding is Rounding.DOWN:
        return Sentence("It is rounded down to a multiple of {step}.", {"step": step})
    if rounding is Rounding.UP:
        return Sentence("It is rounded up to a multiple of {step}.", {"step": step})
    return Sentence("It is rounded to the nearest multiple of {step}.", {"step": step})


def _written(amount: Amount) -> str:
    return f"{amount.number:f}{amount.unit}" + (f"/{amount.per}" if amount.per else "")


def _shown(number: Exact) -> str:
    """Thousands apart; what has no end of decimals is shown to four of them, as nearly that."""
    written = decimal_of(Fraction(number))
    if written is not None:
        return f"{Decimal(written):,f}"
    near = (Decimal(Fraction(number).numerator) / Decimal(Fraction(number).denominator)).quantize(_NEAR, ROUND_HALF_UP)
    return f"≈ {near:,f}"
