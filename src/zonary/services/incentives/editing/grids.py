"""A table of rows as the page has it: fields of columns and rows, in and out, and what is wrong at each of them.

What is typed may be anything; what it means is asked of the engine, row by row, so that a refusal stands at its row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from zonary.engines.clauses.checks.tables import named
from zonary.engines.clauses.errors import ClausesError
from zonary.engines.clauses.packs.shapes import ColumnShape
from zonary.engines.clauses.packs.tables import Parse, read_cell, read_column, read_output
from zonary.engines.clauses.tables.checks import FaultKind, faults
from zonary.engines.clauses.tables.model import (
    MAX_COLUMNS,
    Cell,
    Coded,
    Codes,
    Column,
    DecisionTable,
    HitPolicy,
    Interval,
    Measured,
    Ratio,
    Row,
    YesNo,
)
from zonary.engines.clauses.vocabulary import Vocabulary
from zonary.services.incentives.editing.rules import Content, WrongDraftError

MAX_FIELDS: Final = 800
"""Of one table on a page: more are not taken from one form. A larger table goes out and comes back as a workbook."""
INCLUDED, EXCLUDED = "含", "不含"
MAX_TYPED: Final = 400
"""Characters of one field."""
_LABEL: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell:
    """As typed: between two ends, or codes, or 是 and 否. All of it empty: whatever it is."""

    low: str = ""
    low_end: str = INCLUDED
    high: str = ""
    high_end: str = EXCLUDED
    text: str = ""

    def written(self) -> str | None:
        """As a pack writes it."""
        if self.low and self.high:
            return f"{self.low}（{self.low_end}）至{self.high}（{self.high_end}）"
        if self.low:
            return f"{self.low}（{self.low_end}）以上"
        if self.high:
            return f"{self.high}（{self.high_end}）以下"
        return self.text or None


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    cells: tuple[GridCell, ...]
    gives: str = ""

    @property
    def is_blank(self) -> bool:
        """Nothing was typed in it yet, so that nothing is told of it before the table is saved."""
        return not self.gives and not any(each.low or each.high or each.text for each in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """``columns``: what each reads, and the unit its bounds are in."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[GridRow, ...]

    @property
    def fields(self) -> int:
        return len(self.columns) * 2 + len(self.rows) * (1 + 4 * len(self.columns))

    @property
    def is_too_large(self) -> bool:
        return self.fields > MAX_FIELDS


EMPTY: Final = Grid(columns=(("", ""),), rows=(GridRow(cells=(GridCell(),)),))


def grid_of(table: DecisionTable, row: Mapping[str, Any]) -> Grid:
    """A table of the draft, to be changed. ``row`` is how the draft writes it."""
    columns = tuple((each["reads"], each.get("unit", "")) for each in row["columns"])
    lines = zip(table.rows, row["rows"], strict=True)
    rows = (GridRow(cells=tuple(map(_cell, line.cells)), gives=shape["gives"]) for line, shape in lines)
    return Grid(columns=columns, rows=tuple(rows))


def _cell(cell: Cell) -> GridCell:
    if isinstance(cell, Codes):
        return GridCell(text="、".join(sorted(cell.codes)))
    if isinstance(cell, YesNo):
        return GridCell(text="是" if cell.is_yes else "否")
    if not isinstance(cell, Interval):
        return GridCell()
    return GridCell(
        low="" if cell.low is None else f"{cell.low:f}",
        low_end=INCLUDED if cell.is_low_included else EXCLUDED,
        high="" if cell.high is None else f"{cell.high:f}",
        high_end=INCLUDED if cell.is_high_included else EXCLUDED,
    )


def grid_sent(sent: Mapping[str, str]) -> Grid:
    """What a form brings; never more than the limits, whatever it says."""
    columns = tuple((_typed(sent, f"reads-{each}"), _typed(sent, f"unit-{each}")) for each in _counted(sent, "reads"))
    columns = columns[:MAX_COLUMNS] or EMPTY.columns
    rows = []
    for number in _counted(sent, "gives"):
        cells = [_cell_sent(sent, f"cell-{number}-{column}") for column in range(len(columns))]
        rows.append(GridRow(cells=tuple(cells), gives=sent.get(f"gives-{number}", "")[:MAX_TYPED].strip()))
    return Grid(columns=columns, rows=tuple(rows) or (_blank(len(columns)),))


def _counted(sent: Mapping[str, str], name: str) -> Iterator[int]:
    for number in range(MAX_FIELDS):
        if f"{name}-{number}" not in sent:
            return
        yield number


def _cell_sent(sent: Mapping[str, str], name: str) -> GridCell:
    def end(key: str, usual: str) -> str:
        said = sent.get(f"{name}-{key}", "")
        return said if said in (INCLUDED, EXCLUDED) else usual

    return GridCell(
        low=_typed(sent, f"{name}-low"),
        low_end=end("low-end", INCLUDED),
        high=_typed(sent, f"{name}-high"),
        high_end=end("high-end", EXCLUDED),
        text=_typed(sent, f"{name}-text").replace(",", "、").replace("，", "、"),
    )


def _typed(sent: Mapping[str, str], name: str) -> str:
    return re.sub(r"\s+", "", sent.get(name, "")[:MAX_TYPED])


def _blank(columns: int) -> GridRow:
    return GridRow(cells=tuple(GridCell() for _ in range(columns)))


# --- adding and removing ----------------------------------------------------------------------------------------------


def changed(grid: Grid, what: str) -> Grid:
    """With a row or column more or less: ``add-row``, ``add-column``, ``remove-row-2``, ``remove-column-0``.

    :raises WrongDraftError: when nothing would be left, or there would be too much.
    """
    name, _, number = what.rpartition("-")
    at = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else -1
    if what == "add-row":
        made = replace(grid, rows=(*grid.rows, _following(grid)))
    elif what == "add-column":
        rows = tuple(replace(each, cells=(*each.cells, GridCell())) for each in grid.rows)
        made = replace(grid, columns=(*grid.columns, ("", "")), rows=rows)
    elif name == "remove-row" and 0 <= at < len(grid.rows):
        made = replace(grid, rows=_without(grid.rows, at))
    elif name == "remove-column" and 0 <= at < len(grid.columns):
        rows = tuple(replace(each, cells=_without(each.cells, at)) for each in grid.rows)
        made = replace(grid, columns=_without(grid.columns, at), rows=rows)
    else:
        made = grid
    if not made.rows or not made.columns:
        raise WrongDraftError("A table has at least one column and one row.")
    if len(made.columns) > MAX_COLUMNS or made.is_too_large:
        raise WrongDraftError("The table is too large for this page. Download it as a workbook and fill it in there.")
    return made


def _without(things: tuple[Any, ...], at: int) -> tuple[Any, ...]:
    return things[:at] + things[at + 1 :]


def _following(grid: Grid) -> GridRow:
    """Where the last row ends in the only column the next begins, or the other way round: bands touch each other."""
    blank = _blank(len(grid.columns))
    last = grid.rows[-1].cells
    if len(last) != 1:
        return blank
    (cell,) = last
    opposite = {INCLUDED: EXCLUDED, EXCLUDED: INCLUDED}
    is_falling = len(grid.rows) > 1 and bool(cell.high) and cell.high == grid.rows[-2].cells[0].low
    if cell.low and (is_falling or not cell.high):
        return GridRow(cells=(GridCell(high=cell.low, high_end=opposite[cell.low_end]),))
    if cell.high:
        return GridRow(cells=(GridCell(low=cell.high, low_end=opposite[cell.high_end]),))
    return blank


# --- what is wrong ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the engine says of a grid.

    :param kinds: of each column ``numbers``, ``codes`` or ``yes-no``.
    :param at_columns: number, from 0, of a column -> why nothing can be read by it.
    :param at_rows: number, from 0, of a row -> what is wrong with it.
    :param beside: what no row is to blame for, such as a gap.
    :param is_readable: whether it can be kept; with gaps and overlaps it can, and then it cannot be released.
    """

    kinds: tuple[str, ...]
    at_columns: Mapping[int, ClausesError]
    at_rows: Mapping[int, Sequence[ClausesError]]
    beside: Sequence[ClausesError]
    is_readable: bool

    @property
    def first_refusal(self) -> ClausesError | None:
        """Why it cannot be kept."""
        if self.is_readable:
            return None
        rows = [error for errors in self.at_rows.values() for error in errors]
        return next(iter([*self.at_columns.values(), *rows, *self.beside]), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is said of a table besides its columns and rows."""

    name: str
    unit: str
    choose: str
    otherwise: str


def checked(grid: Grid, given: Given, words: Vocabulary, parse: Parse) -> Checked:
    """The grid put to the engine."""
    columns: list[Column | None] = []
    at_columns: dict[int, ClausesError] = {}
    for place, (reads, unit) in enumerate(grid.columns):
        try:
            columns.append(read_column(ColumnShape(reads=reads, unit=unit), words, parse))
        except ClausesError as error:
            columns.append(None)
            at_columns[place] = error if reads else ClausesError("Say what this column reads.")
    kinds = tuple(_kind(column, unit) for column, (_reads, unit) in zip(columns, grid.columns, strict=True))
    at_rows: dict[int, list[ClausesError]] = {}
    rows: list[Row] = []
    for number, line in enumerate(grid.rows):
        try:
            rows.append(_read(number + 1, line, columns, given))
        except ClausesError as error:
            at_rows.setdefault(number, []).append(error)
    beside: list[ClausesError] = []
    is_readable = not at_columns and not at_rows
    if is_readable:
        is_readable = _judge([each for each in columns if each], rows, given, words, at_rows, beside)
    return Checked(kinds=kinds, at_columns=at_columns, at_rows=at_rows, beside=beside, is_readable=is_readable)


def _kind(column: Column | None, unit: str) -> str:
    if isinstance(column, Measured | Ratio) or (column is None and unit):
        return "numbers"
    return "codes" if isinstance(column, Coded) else "yes-no" if column is not None else "unread"


def _read(number: int, line: GridRow, columns: Sequence[Column | None], given: Given) -> Row:
    """:raises ClausesError: names the row. A column that cannot be read refuses nothing here: it says so itself."""
    if not line.gives:
        raise ClausesError("Row {row} does not say what it gives.", row=number)
    if len(line.gives) > _LABEL:
        raise ClausesError("What row {row} gives has at most {limit} characters.", row=number, limit=_LABEL)
    cells = []
    for column, cell in zip(columns, line.cells, strict=True):
        for bound in (cell.low, cell.high):
            if bound and isinstance(column, Measured | Ratio) and not _is_number(bound):
                raise ClausesError("Row {row}: “{text}” is no number.", row=number, text=bound[:40])
        if column is not None:
            try:
                cells.append(read_cell(number, column, cell.written()))
            except ClausesError as error:
                if "row" in error.params:
                    raise
                raise ClausesError("Row {row}: {reason}", row=number, reason=error) from error
    try:
        return Row(tuple(cells), read_output(line.gives, given.name, given.unit))
    except ClausesError as error:
        raise ClausesError("Row {row}: {reason}", row=number, reason=error) from error


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,9})?", text))


def _judge(
    columns: list[Column],
    rows: list[Row],
    given: Given,
    words: Vocabulary,
    at_rows: dict[int, list[ClausesError]],
    beside: list[ClausesError],
) -> bool:
    """Whether it is a table at all; what would stand in the way of a release goes where it belongs."""
    try:
        otherwise = read_output(given.otherwise, given.name, given.unit) if given.otherwise else None
        table = DecisionTable(
            name=given.name,
            columns=tuple(columns),
            rows=tuple(rows),
            hit_policy=HitPolicy(given.choose),
            unit=given.unit,
            otherwise=otherwise,
        )
    except ClausesError as error:
        beside.append(error)
        return False
    try:
        found = faults(table, words)
    except ClausesError as error:  # too intricate to be checked: a release says so, too
        beside.append(error)
        return True
    for fault in found:
        if fault.kind is FaultKind.GAP:
            beside.append(named(table, fault))
        for number in fault.rows:
            at_rows.setdefault(number - 1, []).append(named(table, fault))
    return True


def shape_of(grid: Grid) -> dict[str, Any]:
    """The part of a table that the grid is, as a pack writes it."""
    columns = [{"reads": reads, **({"unit": unit} if unit else {})} for reads, unit in grid.columns]
    rows = [{"when": [cell.written() for cell in line.cells], "gives": line.gives} for line in grid.rows]
    return {"columns": columns, "rows": rows}


def with_usual_units(grid: Grid, content: Content, words: Vocabulary) -> Grid:
    """Of columns that say no unit, the one their figure is usually written in; of codes and yes and no, none."""
    columns = tuple((reads, unit or usual_unit(content, words, reads)) for reads, unit in grid.columns)
    return replace(grid, columns=columns)


_USUAL: Final = {"money": "万元", "area": "亩", "share": "%"}


def usual_unit(content: Content, words: Vocabulary, reads: str) -> str:
    """万元 of money, % of a share, 万元/亩 of a rate; empty where nothing is counted."""
    scored = re.fullmatch("按《(.+)》计算的得分", reads)
    if scored:
        tables = (each for each in content["tables"] if each["name"]["zh"] == scored[1])
        return str(next((each.get("unit", "") for each in tables), ""))
    if "的比例" in reads:
        return "%"
    found = sorted(
        (at, -len(each.chinese), _USUAL.get(each.dimension, each.unit))
        for each in words.terms
        if (at := reads.find(each.chinese)) >= 0
    )
    units = [unit for _at, _length, unit in found]
    if reads.endswith("之比") and len(units) > 1:
        return f"{units[0]}/{units[-1]}"
    # Of 近三年平均研发费用 the last name counts; of names inside each other, the longest.
    last = max(found, key=lambda each: (each[0] - each[1], -each[1]), default=None)
    return last[2] if last else ""
