"""Tables, scores and amounts of a rule pack: from how they are written to what they are, and a table's rows back.

What a column reads is said as in a sentence and read by the same language: ``上年度研发费用占营业收入的比例``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from zonary.engines.clauses.errors import TableError, UnitMismatchError, VocabularyError
from zonary.engines.clauses.expressions import Compare, Expression, Flag, Judged, Listed, PerUnit, Share
from zonary.engines.clauses.packs.shapes import (
    CitedShape,
    ColumnShape,
    FixedShape,
    PackShape,
    ProportionShape,
    RowShape,
    RowsShape,
    ScoreShape,
    TableShape,
)
from zonary.engines.clauses.packs.values import read_amount
from zonary.engines.clauses.periods import spelled_out
from zonary.engines.clauses.quantities import Amount, Bound, Parameter
from zonary.engines.clauses.tables.model import (
    ANY,
    AnyValue,
    Cell,
    Coded,
    Codes,
    Column,
    DecisionTable,
    Fixed,
    Flagged,
    HitPolicy,
    Interval,
    Measured,
    Output,
    Proportion,
    Ratio,
    Rounding,
    Row,
    Score,
    Table,
    YesNo,
)
from zonary.engines.clauses.vocabulary import Kind, Vocabulary

Parse = Callable[[str, Vocabulary], Expression]
_DIGITS: Final = r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,9})?"
_NUMBER: Final = re.compile(_DIGITS)
_END: Final = rf"({_DIGITS})（(含|不含)）"
_FROM, _UP_TO, _BETWEEN = (re.compile(each) for each in (f"{_END}以上", f"{_END}以下", f"{_END}至{_END}"))
_PARAMETER: Final = re.compile(r"【([^】]{1,200})】")
_CODE: Final = re.compile(r"[A-Za-z0-9]{1,20}")
_YES_NO: Final = {"是": True, "否": False}


def dimensions_of(shapes: PackShape, words: Vocabulary) -> Mapping[str, str]:
    """Of each table that gives a number, what it is measured in.

    :param words: the vocabulary without them.
    :raises VocabularyError: for a unit that is none, or points that are one already.
    """
    points = [each.zh for each in shapes.points]
    for unit in points:
        if unit in words.units or points.count(unit) > 1:
            raise VocabularyError("“{unit}” is a unit already.", unit=unit)
    known = {symbol: unit.dimension for symbol, unit in words.units.items()} | {unit: unit for unit in points}
    found: dict[str, str] = {}
    for each in shapes.tables:
        if each.unit and each.unit not in known:
            raise VocabularyError(
                "“{table}” is in “{unit}”, which is no unit. Units of scores stand under points.",
                table=each.name.zh,
                unit=each.unit,
            )
        if each.unit:
            found[each.name.zh] = known[each.unit]
    return found


def read_table(shape: TableShape, shapes: PackShape, vocabulary: Vocabulary, parse: Parse) -> Table:
    """:raises ClausesError: when it is none; names what is wrong, not where."""
    if isinstance(shape, RowsShape):
        columns = tuple(read_column(each, vocabulary, parse) for each in shape.columns)
        return DecisionTable(
            name=shape.name.zh,
            columns=columns,
            rows=tuple(_row(number, each, columns, shape) for number, each in enumerate(shape.rows, 1)),
            hit_policy=HitPolicy(shape.choose),
            unit=shape.unit,
            otherwise=None if shape.otherwise is None else read_output(shape.otherwise, shape.name.zh, shape.unit),
        )
    if not shape.unit:
        raise TableError("“{table}” gives a number, and does not say its unit.", table=shape.name.zh)
    if isinstance(shape, ScoreShape):
        return _score(shape, vocabulary)
    if isinstance(shape, ProportionShape):
        return _proportion(shape, shapes, vocabulary, parse)
    return Fixed(name=shape.name.zh, bound=_fixed(shape, shapes, vocabulary))


def read_column(shape: ColumnShape, vocabulary: Vocabulary, parse: Parse) -> Column:
    """:raises ClausesError: when it is nothing that a table could read."""
    if shape.unit:
        return _numbers(shape, vocabulary, parse)
    code = next((each for each in vocabulary.terms if each.chinese == shape.reads and each.kind is Kind.CODE), None)
    if code is not None:
        return Coded(shape.reads, code.id)
    match parse(shape.reads, vocabulary):
        case Flag(term, False) | Judged(term) | Listed((term,), False):
            return Flagged(shape.reads, term)
    raise TableError(
        "“{column}” is neither a code nor a plain sentence that is so or is not; a column of numbers says its unit.",
        column=shape.reads[:60],
    )


def _numbers(shape: ColumnShape, vocabulary: Vocabulary, parse: Parse) -> Measured | Ratio:
    """Read as what a sentence holds against nothing of the unit, which is always a bound that can be met."""
    said = parse(f"{shape.reads}不低于0{shape.unit}", vocabulary)
    if isinstance(said, Compare):
        return Measured(shape.reads, spelled_out(said).quantity, shape.unit)
    if isinstance(said, Share):
        meant = spelled_out(said)
        return Ratio(shape.reads, meant.part, meant.whole, shape.unit)
    if isinstance(said, PerUnit):
        unit, _, per = shape.unit.partition("/")
        rate = spelled_out(said)
        return Ratio(shape.reads, rate.quantity, rate.per, unit, per)
    raise TableError("“{column}” is no figure, share or rate that a table could read.", column=shape.reads[:60])


def _row(number: int, shape: RowShape, columns: tuple[Column, ...], table: CitedShape) -> Row:
    if len(shape.when) != len(columns):
        raise TableError(
            "Row {row} of “{table}” has {count} cells, not {columns}.",
            row=number,
            table=table.name.zh,
            count=len(shape.when),
            columns=len(columns),
        )
    cells = []
    for column, text in zip(columns, shape.when, strict=True):
        cells.append(read_cell(number, column, text))
    return Row(tuple(cells), read_output(shape.gives, table.name.zh, table.unit))


def read_cell(number: int, column: Column, text: str | None) -> Cell:
    """:raises TableError: names the row and what could not stand there."""
    cell = _cell(column, text)
    if cell is None:
        raise TableError(
            "Row {row}: “{cell}” is nothing that could stand under “{column}”. Write 3（含）以上, 1（不含）以下, "
            "1（含）至3（不含）, codes as C35、I65, 是 or 否; or null for whatever it is.",
            row=number,
            cell=str(text)[:60],
            column=column.heading[:60],
        )
    return cell


def _cell(column: Column, text: str | None) -> Cell | None:
    """None when it is no cell of such a column."""
    if text is None:
        return ANY
    if isinstance(column, Flagged):
        return YesNo(_YES_NO[text]) if text in _YES_NO else None
    if isinstance(column, Coded):
        codes = text.split("、")
        return Codes(frozenset(codes)) if all(map(_CODE.fullmatch, codes)) else None
    if found := _FROM.fullmatch(text):
        return Interval(Decimal(found[1]), found[2] == "含")
    if found := _UP_TO.fullmatch(text):
        return Interval(high=Decimal(found[1]), is_high_included=found[2] == "含")
    if found := _BETWEEN.fullmatch(text):
        return Interval(Decimal(found[1]), found[2] == "含", Decimal(found[3]), found[4] == "含")
    return None


def read_output(text: str, table: str, unit: str) -> Output:
    """What a row of the table of that name gives, in ``unit``; without one, a label."""
    if not unit:
        return text
    if not _NUMBER.fullmatch(text):
        raise TableError(
            "“{table}” gives “{text}”, which is no number; its unit is said once.", table=table, text=text[:60]
        )
    return Decimal(text)


def _score(shape: ScoreShape, vocabulary: Vocabulary) -> Score:
    parts = tuple((each,) if isinstance(each, str) else tuple(each.best_of) for each in shape.parts)
    for name in (name for part in parts for name in part):
        # One that is not there is named where all of them are.
        if vocabulary.tables.get(name, "") != vocabulary.units[shape.unit].dimension:
            raise UnitMismatchError(
                "“{table}” adds up “{part}”, which gives nothing in its unit.", table=shape.name.zh, part=name
            )
    return Score(name=shape.name.zh, parts=parts, unit=shape.unit, floor=_decimal(shape.floor), cap=_decimal(shape.cap))


def _proportion(shape: ProportionShape, shapes: PackShape, vocabulary: Vocabulary, parse: Parse) -> Proportion:
    unit = vocabulary.units[shape.unit].dimension
    base: Bound | None = None
    if shape.base is not None:
        parse(f"{shape.of.reads}不低于{shape.base}", vocabulary)  # that what is read can be held against it at all
        base = _bound(shape.base, vocabulary)
    return Proportion(
        name=shape.name.zh,
        reads=_numbers(shape.of, vocabulary, parse),
        rate=_number(shape.rate, {unit, "share"}, shapes, vocabulary),
        unit=shape.unit,
        rounding=Rounding(shape.rounding),
        step=Decimal(shape.step),
        base=base,
        floor=None if shape.floor is None else _number(shape.floor, {unit}, shapes, vocabulary),
        cap=None if shape.cap is None else _number(shape.cap, {unit}, shapes, vocabulary),
    )


def _fixed(shape: FixedShape, shapes: PackShape, vocabulary: Vocabulary) -> Bound:
    if _NUMBER.fullmatch(shape.gives):
        return Amount(Decimal(shape.gives), shape.unit)
    bound = _bound(shape.gives, vocabulary)
    if isinstance(bound, Amount):
        raise TableError(
            "“{table}” gives “{text}”, which is no number; its unit is said once.",
            table=shape.name.zh,
            text=shape.gives[:60],
        )
    _require(bound, {vocabulary.units[shape.unit].dimension}, shapes, vocabulary)
    return bound


def _number(text: str, dimensions: set[str], shapes: PackShape, vocabulary: Vocabulary) -> Decimal | Parameter:
    """A number, or a parameter whose values are all of one of the dimensions."""
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    bound = _bound(text, vocabulary)
    if isinstance(bound, Amount):
        raise TableError("“{text}” is no number.", text=text[:60])
    _require(bound, dimensions, shapes, vocabulary)
    return bound


def _require(parameter: Parameter, dimensions: set[str], shapes: PackShape, vocabulary: Vocabulary) -> None:
    for each in (value for series in shapes.parameters if series.name == parameter.name for value in series.values):
        amount = read_amount(each.amount, vocabulary)
        if amount.per or vocabulary.units[amount.unit].dimension not in dimensions:
            raise UnitMismatchError(
                "The parameter “{about}” is not measured in what it is compared with.", about=parameter.name
            )


def _bound(text: str, vocabulary: Vocabulary) -> Bound:
    found = _PARAMETER.fullmatch(text)
    if not found:
        return read_amount(text, vocabulary)
    if found[1] not in vocabulary.parameters:
        raise VocabularyError("There is no parameter “{name}”.", name=found[1][:60])
    return Parameter(found[1])


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def with_rows(shape: RowsShape, table: DecisionTable) -> RowsShape:
    """The same table with the rows of ``table``, such as one that came back as a workbook."""
    otherwise = None if table.otherwise is None else _written(table.otherwise)
    return RowsShape(
        name=shape.name,
        article=shape.article,
        quote=shape.quote,
        unit=shape.unit,
        columns=shape.columns,
        choose=table.hit_policy.value,
        rows=[RowShape(when=[_text(cell) for cell in row.cells], gives=_written(row.output)) for row in table.rows],
        otherwise=otherwise,
    )


def _written(output: Output) -> str:
    return f"{output:f}" if isinstance(output, Decimal) else output


def _text(cell: Cell) -> str | None:
    def end(bound: Decimal, is_included: bool) -> str:
        return f"{bound:f}（{'含' if is_included else '不含'}）"

    if isinstance(cell, Codes):
        return "、".join(sorted(cell.codes))
    if isinstance(cell, YesNo):
        return "是" if cell.is_yes else "否"
    if isinstance(cell, AnyValue) or (cell.low is None and cell.high is None):
        return None
    if cell.low is None or cell.high is None:
        low = cell.low is not None
        bound, is_included = (cell.low, cell.is_low_included) if low else (cell.high, cell.is_high_included)
        return end(bound or Decimal(0), is_included) + ("以上" if low else "以下")
    return f"{end(cell.low, cell.is_low_included)}至{end(cell.high, cell.is_high_included)}"
