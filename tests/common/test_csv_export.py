"""Tables for people: what a spreadsheet would carry out is shown to it as text."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zonary.common.csv_export import csv_bytes


def _read(data: bytes) -> list[list[str]]:
    text = data.decode("utf-8-sig")
    return list(csv.reader(text.splitlines(keepends=True)))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_no_cell_is_a_formula(start: str) -> None:
    attack = f"{start}HYPERLINK(0)"
    [[number, cell, harmless]] = _read(b"".join(csv_bytes([[-5, attack, "a=b"]])))
    assert (number, harmless) == ("-5", "a=b")
    assert cell == f"'{attack}"


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8), min_size=2, max_size=4)
    )
)
def test_what_is_written_is_read_again(rows: list[list[str]]) -> None:
    data = b"".join(csv_bytes(rows))
    assert data.startswith(b"\xef\xbb\xbf")
    found = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(found) == len(rows)
    for read, row in zip(found, rows, strict=True):
        assert [cell.removeprefix("'") if cell != was else cell for cell, was in zip(read, row, strict=True)] == row


def test_a_long_table_comes_in_pieces() -> None:
    pieces = list(csv_bytes(["x" * 100] for _ in range(1200)))
    assert len(pieces) == 3
    assert b"".join(pieces).count(b"\r\n") == 1200
