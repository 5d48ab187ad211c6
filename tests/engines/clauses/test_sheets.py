"""A table goes out as a workbook and comes in equal; what does not say what it should is named by its cell."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zonary.engines.clauses.errors import SheetError
from zonary.engines.clauses.quantities import Period, Reading
from zonary.engines.clauses.tables.model import (
    ANY,
    AnyValue,
    Cell,
    Coded,
    Codes,
    DecisionTable,
    Flagged,
    HitPolicy,
    Interval,
    Ratio,
    Row,
    YesNo,
)
from zonary.engines.clauses.tables.sheets import read, written

COLUMNS = (
    Ratio("研发占比", Reading("rnd", Period.LAST_YEAR), Reading("revenue", Period.SAME)),
    Coded("行业", "industry"),
    Flagged("居民企业", "resident"),
)

_decimals = st.decimals(Decimal(-1000), Decimal(10**6), allow_nan=False, places=4) | st.sampled_from(
    [Decimal("0.1"), Decimal("3.0"), Decimal("1234567890.123456789"), Decimal("99999999999999.99"), Decimal("0")]
)


@st.composite
def _intervals(draw: st.DrawFn) -> Interval | AnyValue:
    low, high = sorted((draw(_decimals), draw(_decimals)))
    ends = draw(st.booleans()), draw(st.booleans())
    kind = draw(st.sampled_from(["both", "low", "high", "any"]))
    if kind == "any":
        return ANY
    if kind == "low":
        return Interval(low, ends[0])
    if kind == "high":
        return Interval(high=high, is_high_included=ends[1])
    return Interval(low, *(ends[0], high, ends[1]) if low < high else (True, high, True))


_rows: st.SearchStrategy[tuple[Cell, ...]] = st.tuples(
    _intervals(),
    st.sampled_from([ANY, Codes(frozenset({"C35"})), Codes(frozenset({"0111", "I65", "C26"}))]),
    st.sampled_from([ANY, YesNo(True), YesNo(False)]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.builds(Row, _rows, _decimals), min_size=1, max_size=6),
    st.sampled_from(HitPolicy),
    st.none() | _decimals,
)
def test_out_and_in_again_is_the_same(rows: list[Row], policy: HitPolicy, otherwise: Decimal | None) -> None:
    table = DecisionTable(
        name="评分", columns=COLUMNS, rows=tuple(rows), hit_policy=policy, unit="分", otherwise=otherwise
    )
    other = DecisionTable(name="评分", columns=COLUMNS, rows=SHAPE.rows, hit_policy=HitPolicy.FIRST, unit="分")
    assert read(written(table), other) == table


SHAPE = DecisionTable(
    name="评分",
    columns=COLUMNS,
    rows=(
        Row((Interval(Decimal(3), True, Decimal(5), False), Codes(frozenset({"C35"})), ANY), Decimal(10)),
        Row((Interval(Decimal(5), True), ANY, YesNo(True)), Decimal("12.5")),
    ),
    hit_policy=HitPolicy.FIRST,
    unit="分",
    otherwise=Decimal(0),
)


def test_labels_that_look_like_formulas_stay_texts() -> None:
    labels = DecisionTable(
        name="等级", columns=COLUMNS, rows=(Row((ANY, ANY, ANY), "-1+2"),), hit_policy=HitPolicy.FIRST
    )
    book = openpyxl.load_workbook(io.BytesIO(written(labels)))
    assert book.active["H4"].data_type == "s"
    assert read(written(labels), labels) == labels


def changed(change: Callable[[Any], object]) -> bytes:
    """The workbook of SHAPE: A4 is the first row, B4 to E4 the bounds, F4 the codes, G4 the flag, H4 the points."""
    book = openpyxl.load_workbook(io.BytesIO(written(SHAPE)))
    change(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def put(cell: str, value: object, number_format: str = "General") -> Callable[[Any], object]:
    def change(sheet: Any) -> None:
        sheet[cell] = value
        sheet[cell].number_format = number_format

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda sheet: sheet.merge_cells("B4:B5"), "B4:B5 are merged"),
        (put("B4", "=1+2"), "B4 holds a formula"),
        (put("H4", "=SUM(H5:H6)"), "H4 holds a formula"),
        (put("B4", 0.03, "0%"), "B4 is formatted as a percentage"),
        (put("B4", "三"), "B4: “三” is no number"),
        (put("B4", True), "B4: “True” is no number"),
        (put("B4", datetime(2026, 5, 3, tzinfo=UTC).replace(tzinfo=None)), "B4"),
        (put("C4", "包含"), "C4: say 含 or 不含"),
        (put("C4", None), "C4: say 含 or 不含"),
        (put("B4", None), "C4 says “含”"),
        (put("D4", 2), "B4: Nothing lies between 3 and 2"),
        (put("F4", "C35,C36"), "F4: “C35,C36” is no code"),
        (put("G4", "对"), "G4: “对” is neither"),
        (put("H4", None), "H4: “” is no number"),
        (put("B3", "研发占比下限（万元）"), "B3 says “研发占比下限（万元）”"),
        (put("I4", "备注"), "I4: there is no such column"),
        (lambda sheet: sheet.delete_cols(8), "“结果（分）” is missing"),
        (lambda sheet: sheet.delete_cols(3), "C3 says"),
        (put("B1", "另一个表"), "B1 says “另一个表”"),
        (put("B2", "随便"), "B2: “随便” is no way"),
        (put("A7", 4), "A7: no row may follow"),
        (lambda sheet: sheet.delete_rows(4, 9), "no rows below"),
        (put("A90000", 1), "A90000 is filled"),
        (put("ZZ4", 1), "ZZ4 is filled"),
        (lambda sheet: sheet.parent.create_sheet("第二张"), "2 sheets"),
    ],
)
def test_what_is_wrong_is_named_by_its_cell(change: Callable[[Any], object], said: str) -> None:
    with pytest.raises(SheetError) as caught:
        read(changed(change), SHAPE)
    assert said in str(caught.value)


def test_what_is_no_workbook_is_refused() -> None:
    good = written(SHAPE)
    for bad in (b"", b"PK\x03\x04", good[:-40], good[:2000], b"\x00" * 3_000_000):
        with pytest.raises(SheetError):
            read(bad, SHAPE)


def repacked(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written(SHAPE))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member.filename, old.read(member) if member.filename != name else content)
        if name not in old.namelist():
            new.writestr(name, content)
    return out.getvalue()


def test_a_workbook_that_unpacks_to_far_more_is_not_unpacked() -> None:
    bomb = repacked("xl/media/picture.bin", b"\x00" * 30_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(SheetError, match="more than 20 MB"):
        read(bomb, SHAPE)
    entities = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    with pytest.raises(SheetError, match="entities"):
        read(repacked("xl/worksheets/sheet1.xml", entities), SHAPE)


def test_a_huge_merged_range_is_not_filled_in() -> None:
    with zipfile.ZipFile(io.BytesIO(written(SHAPE))) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml")
    merged = b'<mergeCells count="1"><mergeCell ref="B4:XFD1048576"/></mergeCells>'
    with pytest.raises(SheetError, match="B4:XFD1048576 are merged"):
        read(repacked("xl/worksheets/sheet1.xml", sheet.replace(b"</sheetData>", b"</sheetData>" + merged)), SHAPE)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 6000), st.binary(min_size=1, max_size=40))
def test_a_damaged_workbook_is_a_sentence_or_a_table(place: int, noise: bytes) -> None:
    good = written(SHAPE)
    try:
        read(good[:place] + noise + good[place + len(noise) :], SHAPE)
    except SheetError:
        return
