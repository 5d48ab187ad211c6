"""A decision table as an XLSX workbook, out and in again: bounds with 含 or 不含 in cells of their own.

What a column reads cannot be written in a sheet, so a sheet is read into the shape of a table that is there already:
its headings have to be that table's. Everything that is read is looked at before it is opened: a workbook may unpack to
far more than it weighs, and a merged range or a far-off cell makes a reader build millions of cells.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from zonary.engines.clauses.errors import SheetError, TableError
from zonary.engines.clauses.tables.model import (
    ANY,
    MAX_ROWS,
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
    Ratio,
    Row,
    YesNo,
)

MAX_BYTES: Final = 2_000_000
MAX_UNPACKED: Final = 20_000_000
MAX_WIDTH: Final = 60
"""Columns of a sheet: four for each of a table's columns of numbers."""
_TOP: Final = 3  # row of the headings; above it the name and the hit policy
_PARTS: Final = ("下限", "下限含否", "上限", "上限含否")
_INCLUDED: Final = {"含": True, "不含": False}
_YES_NO: Final = {"是": True, "否": False}
_POLICIES: Final = {
    HitPolicy.UNIQUE: "唯一",
    HitPolicy.ANY: "一致",
    HitPolicy.FIRST: "首个",
    HitPolicy.SUM: "求和",
    HitPolicy.MAX: "最高",
    HitPolicy.MIN: "最低",
}
_OTHERWISE: Final = "其他"
_GIVES: Final = "结果"
_NUMBER: Final = re.compile(r"-?\d{1,18}(\.\d{1,9})?")
_CODE: Final = re.compile(r"[A-Za-z0-9]{1,20}")
_PLACE: Final = re.compile(rb"""<(?:\w+:)?(?:c|row)\b[^>]*?\br\s*=\s*["']([A-Z]{0,3})(\d{1,7})["']""")
_MERGED: Final = re.compile(rb"""<(?:\w+:)?mergeCell\b[^>]*?\bref\s*=\s*["']([A-Z0-9:$]{1,40})["']""")


def written(table: DecisionTable) -> bytes:
    """The workbook."""
    # A tenth of a second, which no process waits for that only knows how large a workbook may be.
    import openpyxl
    from openpyxl.styles.numbers import FORMAT_TEXT

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "决策表"
    sheet.append(["名称", table.name])
    sheet.append(["命中方式", _POLICIES[table.hit_policy]])
    sheet.append(["行", *_headings(table)])
    for number, row in enumerate(table.rows, 1):
        cells = [text for column, cell in zip(table.columns, row.cells, strict=True) for text in _texts(column, cell)]
        sheet.append([number, *map(_plain, cells), _plain(row.output)])
    if table.otherwise is not None:
        empty = [None] * (len(_headings(table)) - 1)
        sheet.append([_OTHERWISE, *empty, _plain(table.otherwise)])
    for row_ in sheet.iter_rows():
        for cell in row_:
            # A text such as =1+1 or 1-2 stays a text in whatever opens the sheet.
            if isinstance(cell.value, str):
                cell.data_type, cell.number_format = "s", FORMAT_TEXT
    sheet.freeze_panes = sheet.cell(_TOP + 1, 2)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(workbook: bytes, shape: DecisionTable) -> DecisionTable:
    """The table in ``workbook``, with the name, the columns and the unit of ``shape``.

    :raises SheetError: when it is no workbook, too large, or has a cell that does not say what it should. Nothing is
        taken over then.
    """
    rows = _Rows(_cells(workbook), shape)
    try:
        return rows.table()
    except TableError as error:
        raise SheetError("The sheet is no table: {reason}", reason=error) from error


def _headings(table: DecisionTable) -> list[str]:
    named = [heading for column in table.columns for heading in _headings_of(column)]
    return [*named, f"{_GIVES}（{table.unit}）" if table.unit else _GIVES]


def _headings_of(column: Column) -> list[str]:
    if isinstance(column, Measured | Ratio):
        unit = column.unit + (f"/{column.per}" if isinstance(column, Ratio) and column.per else "")
        return [f"{column.heading}{part}（{unit}）" if "含" not in part else column.heading + part for part in _PARTS]
    return [column.heading]


def _texts(column: Column, cell: Cell) -> list[Output | None]:
    if isinstance(cell, Interval):
        low = "含" if cell.is_low_included else "不含"
        high = "含" if cell.is_high_included else "不含"
        return [cell.low, low if cell.low is not None else None, cell.high, high if cell.high is not None else None]
    if isinstance(cell, Codes):
        return ["、".join(sorted(cell.codes))]
    if isinstance(cell, YesNo):
        return ["是" if cell.is_yes else "否"]
    return [None] * len(_headings_of(column))


def _plain(value: Output | None) -> str | float | int | None:
    """As a number where a spreadsheet's keeps every digit; as a text otherwise."""
    if not isinstance(value, Decimal):
        return value
    number = float(value)
    return number if Decimal(repr(number)) == value and len(value.as_tuple().digits) <= 15 else str(value)


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell with its name, such as B4."""

    name: str
    value: Any
    format: str


class _Rows:
    def __init__(self, cells: Sequence[Sequence[_Cell]], shape: DecisionTable) -> None:
        self.cells, self.shape = cells, shape
        self.headings = ["行", *_headings(shape)]

    def table(self) -> DecisionTable:
        if len(self.cells) <= _TOP:
            raise SheetError("The sheet has no rows below its headings in row {row}.", row=_TOP)
        self._check_top()
        rows: list[Row] = []
        otherwise: Output | None = None
        for line in self.cells[_TOP:]:
            if all(cell.value is None for cell in line):
                continue
            if otherwise is not None:
                raise SheetError("{cell}: no row may follow “其他”.", cell=line[0].name)
            if line[0].value == _OTHERWISE:
                otherwise = self._otherwise(line)
            else:
                rows.append(self._row(line))
        return replace(self.shape, rows=tuple(rows), otherwise=otherwise, hit_policy=self._policy())

    def _check_top(self) -> None:
        name, policy = self.cells[0], self.cells[1]
        for cell, wanted in ((name[0], "名称"), (name[1], self.shape.name), (policy[0], "命中方式")):
            _require(cell, wanted)
        line = self.cells[_TOP - 1]
        for cell, wanted in zip(line, self.headings, strict=False):
            _require(cell, wanted)
        for cell in (cell for row in self.cells for cell in row[len(self.headings) :] if cell.value is not None):
            raise SheetError("{cell}: there is no such column in the table.", cell=cell.name)
        if len(line) < len(self.headings):
            raise SheetError("The column “{heading}” is missing.", heading=self.headings[len(line)])

    def _policy(self) -> HitPolicy:
        cell = self.cells[1][1]
        for policy, word in _POLICIES.items():
            if cell.value == word:
                return policy
        raise SheetError(
            "{cell}: {value} is no way to choose among rows; it is one of {words}.",
            cell=cell.name,
            value=_shown(cell),
            words="、".join(_POLICIES.values()),
        )

    def _otherwise(self, line: Sequence[_Cell]) -> Output:
        for cell in line[1 : len(self.headings) - 1]:
            _require(cell, None)
        return self._output(line[len(self.headings) - 1])

    def _row(self, line: Sequence[_Cell]) -> Row:
        place, cells = 1, []
        for column in self.shape.columns:
            width = len(_headings_of(column))
            cells.append(_cell_of(column, line[place : place + width]))
            place += width
        return Row(tuple(cells), self._output(line[place]))

    def _output(self, cell: _Cell) -> Output:
        if self.shape.unit:
            return _number(cell)
        if not isinstance(cell.value, str) or not 0 < len(cell.value) <= 200:
            raise SheetError("{cell}: {value} is no label.", cell=cell.name, value=_shown(cell))
        _require_no_formula(cell)
        return cell.value


def _cell_of(column: Column, cells: Sequence[_Cell]) -> Cell:
    if isinstance(column, Measured | Ratio):
        return _interval(cells)
    (cell,) = cells
    if cell.value is None:
        return ANY
    if isinstance(column, Flagged):
        if cell.value not in _YES_NO:
            raise SheetError("{cell}: {value} is neither 是 nor 否.", cell=cell.name, value=_shown(cell))
        return YesNo(_YES_NO[cell.value])
    _require_no_formula(cell)
    codes = [each.strip() for each in str(cell.value).split("、")]
    for code in codes:
        if not _CODE.fullmatch(code):
            raise SheetError("{cell}: “{code}” is no code. Codes are separated by 、.", cell=cell.name, code=code[:40])
    return Codes(frozenset(codes))


def _interval(cells: Sequence[_Cell]) -> Interval | AnyValue:
    low, low_word, high, high_word = cells
    if all(cell.value is None for cell in cells):
        return ANY
    bounds: list[Decimal | None] = []
    included: list[bool] = []
    for bound, word in ((low, low_word), (high, high_word)):
        if bound.value is None:
            _require(word, None)
            bounds.append(None)
            included.append(True)
            continue
        bounds.append(_number(bound))
        if word.value not in _INCLUDED:
            raise SheetError("{cell}: say 含 or 不含 for the bound beside it.", cell=word.name)
        included.append(_INCLUDED[word.value])
    try:
        return Interval(bounds[0], included[0], bounds[1], included[1])
    except TableError as error:
        raise SheetError("{cell}: {reason}", cell=low.name, reason=error) from error


def _number(cell: _Cell) -> Decimal:
    """As it is written: what a spreadsheet shows as 3% is 0.03 in it, and nobody can tell which of them was meant."""
    _require_no_formula(cell)
    if "%" in cell.format:
        raise SheetError(
            "{cell} is formatted as a percentage. Format it as a number, and write the unit of its heading.",
            cell=cell.name,
        )
    if isinstance(cell.value, bool) or not isinstance(cell.value, int | float | str):
        raise SheetError("{cell}: {value} is no number.", cell=cell.name, value=_shown(cell))
    # The shortest decimal that the binary number stands for is what was typed.
    text = cell.value.strip() if isinstance(cell.value, str) else format(Decimal(repr(cell.value)), "f")
    text = text.removesuffix(".0")
    if not _NUMBER.fullmatch(text):
        raise SheetError("{cell}: {value} is no number.", cell=cell.name, value=_shown(cell))
    return Decimal(text)


def _require(cell: _Cell, wanted: str | None) -> None:
    if cell.value != wanted:
        raise SheetError(
            "{cell} says {value}, where {wanted} should stand.",
            cell=cell.name,
            value=_shown(cell),
            wanted="“" + wanted + "”" if wanted is not None else "“”",
        )


def _require_no_formula(cell: _Cell) -> None:
    if isinstance(cell.value, str) and cell.value.startswith("="):
        raise SheetError("{cell} holds a formula. Put the value there.", cell=cell.name)


def _shown(cell: _Cell) -> str:
    return "“" + ("" if cell.value is None else str(cell.value)[:60]) + "”"


# The workbook


def _cells(workbook: bytes) -> list[list[_Cell]]:
    if len(workbook) > MAX_BYTES:
        raise SheetError("The workbook is larger than {limit} MB.", limit=MAX_BYTES // 1_000_000)
    import openpyxl  # as in `written`

    try:
        _look_inside(workbook)
        book = openpyxl.load_workbook(io.BytesIO(workbook), read_only=True, data_only=False, keep_links=False)
        if len(book.sheetnames) != 1:
            raise SheetError("The workbook has {count} sheets; a table is one.", count=len(book.sheetnames))
        sheet = book[book.sheetnames[0]]
        lines = sheet.iter_rows(min_row=1, max_row=MAX_ROWS + _TOP + 2, min_col=1, max_col=MAX_WIDTH)
        return _trimmed(
            [[_named(row, place, cell) for place, cell in enumerate(line)] for row, line in enumerate(lines)]
        )
    except SheetError:
        raise
    except Exception as error:  # whatever a reader of foreign XML may raise: it is no workbook we can read
        raise SheetError("The file is no XLSX workbook, or is damaged. Save the table anew as .xlsx.") from error


def _trimmed(lines: list[list[_Cell]]) -> list[list[_Cell]]:
    """Without the empty columns to the right of all that is there, but with two at least."""
    filled = [place for line in lines for place, cell in enumerate(line) if cell.value is not None]
    width = max([1, *filled]) + 1
    padded = [line + [_Cell(_name(row, place), None, "") for place in range(len(line), width)]
              for row, line in enumerate(lines, 1)]  # fmt: skip
    return [line[:width] for line in padded]


def _named(row: int, place: int, cell: Any) -> _Cell:
    value = cell.value
    blank = value is None or (isinstance(value, str) and not value.strip())
    return _Cell(_name(row + 1, place), None if blank else value, cell.number_format or "")


def _name(row: int, place: int) -> str:
    from openpyxl.utils import get_column_letter  # as in `written`

    return f"{get_column_letter(place + 1)}{row}"


def _look_inside(workbook: bytes) -> None:
    """:raises SheetError: when it unpacks to too much, has merged cells, or cells where no table has any."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as packed:
        members = packed.infolist()
        if len(members) > 200 or sum(each.file_size for each in members) > MAX_UNPACKED:
            raise SheetError("Unpacked, the workbook has more than {limit} MB.", limit=MAX_UNPACKED // 1_000_000)
        for member in members:
            # Never more than the directory says is read of a member, and that is within the limit.
            for found in _unwelcome(packed.read(member)):
                raise found


def _unwelcome(text: bytes) -> Iterator[SheetError]:
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        yield SheetError("The workbook declares entities, which none has.")
    for merged in _MERGED.findall(text):
        yield SheetError("{cells} are merged. Split them, and fill each.", cells=merged.decode("ascii"))
    # Cells before their rows, so that what is named is a cell.
    for letters, digits in sorted(set(_PLACE.findall(text)), key=lambda place: not place[0]):
        if int(digits) > MAX_ROWS + _TOP + 1 or len(letters) > 2 or _column(letters) > MAX_WIDTH:
            name = (letters + digits).decode("ascii")
            yield SheetError(
                "{cell} is filled; a table has at most {rows} rows and {columns} columns.",
                cell=name,
                rows=MAX_ROWS,
                columns=MAX_WIDTH,
            )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
