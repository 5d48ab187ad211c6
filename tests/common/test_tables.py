"""Tables people send: every spelling of a good one is read, every bad one is a sentence that says where."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("python_calamine", reason="tables need the [web] extra")
pytest.importorskip("openpyxl", reason="workbooks are made with openpyxl")

import openpyxl
import pyarrow as pa
from openpyxl.cell import WriteOnlyCell
from pyarrow import parquet

from zonary.common.tables import Bounds, TableError, find_columns, open_table, wanted_cells

TEXT = "代码,名称\n1,长沙“星河”公司\n2,\u3400公司\n"


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Any]:
    """Writes bytes to a file; header and rows of the table in it."""

    def run(content: bytes, **options: Any) -> tuple[tuple[str, ...], list[tuple[int, list[str]]]]:
        path = tmp_path / "table"
        path.write_bytes(content)
        table = open_table(path, **options)
        return table.header, list(table.rows())

    return run


@pytest.fixture
def refused(read: Callable[..., Any]) -> Callable[..., str]:
    """The sentence with which bytes are refused."""

    def run(content: bytes, **options: Any) -> str:
        with pytest.raises(TableError) as caught:
            read(content, **options)
        return str(caught.value)

    return run


# --- CSV --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_encoding_and_separator(read: Any, encoding: str, separator: str) -> None:
    header, rows = read(TEXT.replace(",", separator).encode(encoding))
    assert header == ("代码", "名称")
    assert rows == [(2, ["1", "长沙“星河”公司"]), (3, ["2", "\u3400公司"])]


def test_rows_are_counted_as_a_spreadsheet_does(read: Any) -> None:
    _header, rows = read(b'a,b\n\n1,"two\nlines"\n,\n3,"a ""quoted"" one, with comma"\n')
    assert rows == [(3, ["1", "two\nlines"]), (5, ["3", 'a "quoted" one, with comma'])]


def test_a_separator_inside_quotes_is_none(read: Any) -> None:
    assert read(b'"a;b;c;d",e\n1,2\n')[0] == ("a;b;c;d", "e")


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "empty"),
        (b",,\n1,2,3\n", "first row is empty"),
        (b'a,b\n1,2\n3,"4\n5,6\n', "Row 3"),
        (b'a,b\n1,"2"3\n', "Row 2"),
        (b"a,b\n1,2,3\n", "Row 2 has 3 cells"),
        (b"a,b\n1,\xff\xff\n", "line 2"),
        (b"a,b\n1,2\n3,\x00\n", "line 3"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), ".xls"),
        (b"a,b\n1," + b"x" * 5000, "Row 2, column 2 has a cell of 5000 characters"),
        (b'a,b\n1,"' + b"x" * 200_000, "Row 2"),
        (b",".join([b"c"] * 300) + b"\n", "300 columns"),
    ],
)
def test_a_bad_csv_is_a_sentence_that_says_where(refused: Any, content: bytes, place: str) -> None:
    assert place in refused(content)


def test_gb18030_is_not_guessed(refused: Any) -> None:
    """One wrong byte far down, and the file is in neither encoding."""
    good = "名称,住所\n" + "长沙公司,示例路\n" * 200_000
    assert "line 200002" in refused(good.encode("gb18030") + b"\x81\x20,x\n")


def test_what_is_too_large_is_refused(refused: Any) -> None:
    many = b"a,b\n" + b"1,2\n" * 11
    assert "more than 10 rows" in refused(many, bounds=Bounds(rows=10))
    assert "at most 0 MB" in refused(many, bounds=Bounds(file_bytes=10))


def test_only_a_workbook_has_sheets(refused: Any) -> None:
    assert "sheet" in refused(b"a,b\n1,2\n", sheet="Tabelle1")


# --- XLSX -------------------------------------------------------------------------------------------------------------


def _as_typed(sheet: Any, value: Any) -> Any:
    """Text that begins with “=” stays text: openpyxl alone would make a formula without a value of it."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def _workbook(rows: list[list[Any]], *, also: dict[str, list[list[Any]]] | None = None) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "第一页"
    for name, content in {"第一页": rows, **(also or {})}.items():
        sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
        for row in content:
            sheet.append([_as_typed(sheet, each) for each in row])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_cells_of_a_workbook_are_what_a_person_reads(read: Any) -> None:
    moment = datetime(2019, 3, 4, 5, 6)  # noqa: DTZ001 - a workbook knows no time zones
    row = [91430100, 12.5, date(2019, 3, 4), moment, True, "文字", None]
    _header, rows = read(_workbook([["a", "b", "c", "d", "e", "f", "g"], row, [], ["x"]]))
    assert rows[0] == (2, ["91430100", "12.5", "2019-03-04", "2019-03-04 05:06:00", "TRUE", "文字", ""])
    assert (rows[1][0], rows[1][1][0]) == (4, "x")


def test_a_sheet_by_name(read: Any, refused: Any) -> None:
    book = _workbook([["a"], ["1"]], also={"企业": [["b"], ["2"]]})
    assert read(book)[0] == ("a",)
    assert read(book, sheet="企业") == (("b",), [(2, ["2"])])
    assert "第一页、企业" in refused(book, sheet="missing")


def test_a_table_that_does_not_begin_in_the_first_row_is_refused(refused: Any) -> None:
    assert "first row" in refused(_workbook([[], [], ["a", "b"], ["1", "2"]]))


def _with_member(book: bytes, name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            new.writestr(each, content if each == name else old.read(each))
        if name not in old.namelist():
            new.writestr(name, content)
    return made.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_a_bomb_is_refused_whatever_its_directory_says(refused: Any) -> None:
    bounds = Bounds(unpacked_bytes=5_000_000)
    bomb = _with_member(_workbook([["a"]]), SHEET, b"<x>" + bytes(20_000_000))
    assert "more than 5 MB" in refused(bomb, bounds=bounds)
    size = struct.pack("<I", 20_000_003)
    assert bomb.count(size) == 2
    assert "more than 5 MB" in refused(bomb.replace(size, struct.pack("<I", 3)), bounds=bounds)


@pytest.mark.parametrize(
    "cells",
    [
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="900000"><c r="ZZ900000"><v>1</v></c></row>',
        b"<row r='1'><c r='A1'><v>1</v></c><c r = 'GR1'><v>1</v></c></row><row r='999999'><c><v>1</v></c></row>",
    ],
)
def test_two_cells_far_apart_are_refused(refused: Any, cells: bytes) -> None:
    xml = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
    assert "too many" in refused(_with_member(_workbook([["a"]]), SHEET, xml % cells))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.data())
def test_a_damaged_file_is_a_sentence(tmp_path: Path, data: st.DataObject) -> None:
    """Whatever is done to its bytes: rows, or a TableError, and nothing else."""
    kind = data.draw(st.sampled_from(["xlsx", "parquet", "csv"]))
    whole = bytearray(_SAMPLES[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(whole)))
    path = tmp_path / "damaged"
    path.write_bytes(whole[:cut] if data.draw(st.booleans()) else whole)
    with suppress(TableError):
        for number, cells in open_table(path).rows():
            assert number >= 2
            assert all(isinstance(cell, str) for cell in cells)


# --- Parquet ----------------------------------------------------------------------------------------------------------


def _parquet(columns: dict[str, Any]) -> bytes:
    made = io.BytesIO()
    parquet.write_table(pa.table(columns), made)
    return made.getvalue()


_SAMPLES = {
    "csv": TEXT.encode(),
    "xlsx": _workbook([["a", "b"], ["1", "x"], ["2", "y"]]),
    "parquet": _parquet({"a": ["1", "2", "3"] * 20, "b": [1, 2, 3] * 20}),
}


def test_parquet_columns_of_every_plain_type(read: Any) -> None:
    columns = {"代码": ["0012", None], "数": [1.0, 2.5], "日": [date(2019, 3, 4), None], "整": [7, 8]}
    _header, rows = read(_parquet(columns))
    assert rows == [(2, ["0012", "1", "2019-03-04", "7"]), (3, ["", "2.5", "", "8"])]


def test_parquet_of_lists_is_refused(refused: Any) -> None:
    assert "“b”" in refused(_parquet({"a": ["x"], "b": [[1, 2]]}))


def test_parquet_with_too_many_rows_is_refused_unread(refused: Any) -> None:
    assert "more than 10 rows" in refused(_parquet({"a": ["x"] * 11}), bounds=Bounds(rows=10))
    assert "Unpacked" in refused(_parquet({"a": ["x" * 3000] * 9}), bounds=Bounds(unpacked_bytes=10))


# --- what is written is read ------------------------------------------------------------------------------------------

_CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), max_size=20
)
_ROWS = st.lists(st.lists(_CELL, min_size=3, max_size=3), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(rows=_ROWS, kind=st.sampled_from(["csv", "gb18030", "xlsx", "parquet"]))
def test_what_others_write_is_read(tmp_path: Path, rows: list[list[str]], kind: str) -> None:
    header = ["一", "二", "三"]
    if kind == "xlsx":
        content = _workbook([header, *rows])
    elif kind == "parquet":
        content = _parquet({name: pa.array([row[n] for row in rows], pa.string()) for n, name in enumerate(header)})
    else:
        text = io.StringIO(newline="")
        csv.writer(text).writerows([header, *rows])
        content = text.getvalue().encode("utf-8" if kind == "csv" else "gb18030")
    path = tmp_path / "written"
    path.write_bytes(content)
    found = [cells for _number, cells in open_table(path).rows() if any(cells)]
    assert found == [row for row in rows if any(row)]


# --- columns ----------------------------------------------------------------------------------------------------------

KNOWN = {"uscc": ("统一社会信用代码", "信用代码"), "name": ("企业名称", "名称"), "day": ("成立日期",)}


def test_columns_are_found_by_any_of_their_names() -> None:
    columns = find_columns(["序号", "统一社会信用代码*", " 企业 名称（必填）", "备注", ""], KNOWN, ["uscc", "name"])
    assert columns.places == {"uscc": 1, "name": 2}
    assert columns.ignored == ("序号", "备注")
    assert wanted_cells(["1", "X"], columns) == {"uscc": "X", "name": ""}
    assert find_columns(["USCC", "Name"], KNOWN, ["uscc", "name"]).places == {"uscc": 0, "name": 1}


def test_missing_and_double_columns_are_named() -> None:
    with pytest.raises(TableError, match=r"统一社会信用代码、企业名称.*甲、乙"):
        find_columns(["甲", "乙"], KNOWN, ["uscc", "name"])
    with pytest.raises(TableError, match="“信用代码” and “统一社会信用代码”"):
        find_columns(["信用代码", "名称", "统一社会信用代码"], KNOWN, ["uscc", "name"])
