"""The bytes a bank is handed, what it answers, and what stands wrong in an answer."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zonary.services.incentives.grants.rules.accounts import Account, WrongAccountError, account_of, read_account
from zonary.services.incentives.grants.rules.payment_files import (
    HEADER,
    Line,
    ResultsError,
    digest,
    fen_of,
    payment_file,
    read_results,
    yuan,
)
from zonary.services.incentives.grants.rules.sampling import sample_of

ACCOUNT = Account("甲公司", "示例银行", "6222020200012345678")
LINES = [Line(1, "g1", 123_45, ACCOUNT), Line(2, "g2", 1_00, ACCOUNT)]


def test_a_payment_file_reads_as_a_table_and_adds_up() -> None:
    content = payment_file("20261123-1", "研发支持", LINES)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert tuple(rows[0]) == HEADER
    assert rows[1] == ["20261123-1", "1", "甲公司", "示例银行", ACCOUNT.number, "123.45", "研发支持", "g1"]
    assert rows[-1] == ["合计", "2", "", "", "", "124.45", "", ""]
    assert content == payment_file("20261123-1", "研发支持", LINES)
    assert digest(content) != digest(payment_file("20261123-1", "研发支持", LINES[:1]))


@given(st.integers(0, 10**15 - 1))
def test_an_amount_is_written_and_read_to_the_fen(fen: int) -> None:
    assert fen_of(yuan(fen)) == fen
    assert yuan(fen)[-3] == "."


@pytest.mark.parametrize("text", ["", "1", "1.2", "1.234", "-1.00", "1e3", "01.00", "１.00x", "NaN"])
def test_what_is_no_amount(text: str) -> None:
    assert fen_of(text) is None


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "＝", "＠", "'", '"', " ", "|"])
def test_no_name_a_spreadsheet_would_calculate_gets_into_a_file(first: str) -> None:
    wrong = f"{first}HYPERLINK(1)"
    for payee, bank in ((wrong, "示例银行"), ("甲公司", wrong)):
        if first in ("\t", " "):
            assert read_account(payee, bank, ACCOUNT.number).payee[0].isalnum()
        else:
            with pytest.raises(WrongAccountError, match="begin with a letter"):
                read_account(payee, bank, ACCOUNT.number)


def test_a_number_is_read_as_it_stands_on_paper() -> None:
    assert read_account("甲公司", "示例银行", " 6222 0202-0001 2345 678 ").number == ACCOUNT.number
    assert read_account("甲公司", "示例银行", "６２２２０２０２０００１２３４５６７８").number == ACCOUNT.number
    assert account_of(ACCOUNT.text()) == ACCOUNT


@pytest.mark.parametrize("number", ["", "1234567", "1" * 33, "6222x020200012345678", "٦٢٢٢٠٢٠٢٠٠"])
def test_what_is_no_account_number(number: str) -> None:
    with pytest.raises(WrongAccountError, match="8 to 32 digits"):
        read_account("甲公司", "示例银行", number)


def test_the_digest_of_an_account_cannot_be_guessed_without_its_salt() -> None:
    assert ACCOUNT.digest(b"1" * 16) != ACCOUNT.digest(b"2" * 16)
    assert ACCOUNT.digest(b"1" * 16) == Account(
        **{"payee": "甲公司", "bank": "示例银行", "number": ACCOUNT.number}
    ).digest(b"1" * 16)


def row(line: str, grant: str, result: str, **more: str) -> dict[str, str]:
    return {"line": line, "grant": grant, "result": result, "amount": "", "reason": "", **more}


def test_an_answer_may_be_of_some_lines_and_may_hold_the_sum() -> None:
    found = read_results([(2, row("2", "g2", "失败", reason="户名不符")), (3, row("合计", "", ""))], LINES)
    assert [(each.grant, each.is_paid, each.reason) for each in found] == [("g2", False, "户名不符")]


@pytest.mark.parametrize(
    "wrong",
    [
        row("3", "g3", "成功"),
        row("1", "g2", "成功"),
        row("1", "g1", "也许"),
        row("1", "g1", ""),
        row("1", "g1", "成功", amount="123.46"),
        row("", "g1", "成功"),
        row("²", "g1", "成功"),
    ],
)
def test_a_row_that_does_not_fit_is_named_and_nothing_is_taken(wrong: dict[str, Any]) -> None:
    with pytest.raises(ResultsError, match="1 rows do not fit the payment file: 7"):
        read_results([(2, row("2", "g2", "成功")), (7, wrong)], LINES)


def test_a_line_that_is_answered_twice_is_named() -> None:
    with pytest.raises(ResultsError, match=r": 3\."):
        read_results([(2, row("1", "g1", "成功")), (3, row("1", "g1", "失败"))], LINES)


def test_an_answer_about_something_else_is_refused() -> None:
    with pytest.raises(ResultsError, match="no line"):
        read_results([], LINES)


def test_many_wrong_rows_are_not_all_named() -> None:
    with pytest.raises(ResultsError, match="500 rows") as error:
        read_results([(number, row("9", "x", "成功")) for number in range(500)], LINES)
    assert len(str(error.value)) < 400


@given(st.lists(st.uuids().map(str), unique=True, max_size=300), st.text("0123456789abcdef", min_size=64, max_size=64))
def test_the_sample_is_drawn_by_the_file_and_by_nobody(grants: list[str], file: str) -> None:
    drawn = sample_of(file, grants)
    assert drawn == sample_of(file, reversed(grants))
    assert len(drawn) == min(len(grants), 20, max(3, -(-len(grants) // 10)))


def test_the_page_of_the_format_shows_what_is_written() -> None:
    page = (Path(__file__).resolve().parents[4] / "specs" / "payment-file.md").read_text("utf-8")
    shown = page.partition("<!-- example: payment file -->\n```\n")[2].partition("```")[0]
    others = Account("乙公司", "示例银行", "6222020200087654321")
    ids = [f"019a8f00-0000-7000-8000-00000000000{number}" for number in (1, 2)]
    lines = [Line(1, ids[0], 123_45, ACCOUNT), Line(2, ids[1], 1_00, others)]
    content = payment_file("20261123-1", "研发支持", lines)
    assert content == b"\xef\xbb\xbf" + shown.replace("\n", "\r\n").encode()
