"""Amounts, tables and scores on the page, without JavaScript: made, changed, and refused where it is wrong."""

from __future__ import annotations

import re
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.services.incentives.documents import record
from tests.services.incentives.editing.test_editor import ROWS, TEXT, Editor

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.parametrize("data", ["sqlite"], indirect=True)]

LOW = {
    "cell-0-0-low": "100",
    "cell-0-0-low-end": "含",
    "cell-0-0-high": "500",
    "cell-0-0-high-end": "不含",
    "gives-0": "5",
}
HIGH = {"cell-1-0-low": "500", "cell-1-0-low-end": "含", "gives-1": "10"}


@pytest.fixture
def editor(five: Any) -> Editor:
    return Editor(five.officer, record(five.officer, "示范〔2026〕7号", TEXT))


def said_at(page: str, row: int) -> str:
    found = re.search(rf'id="row-said-{row}">(.*?)</div>', page, re.S)
    assert found, page
    return re.sub("<[^>]+>", "", found[1]).strip()


def said_beside(page: str) -> str:
    found = re.search(r'id="grid-said"[^>]*>(.*?)</div>', page, re.S)
    assert found, page
    return re.sub("<[^>]+>", "", found[1]).strip()


def table(editor: Editor, name: str) -> Any:
    return next(each for each in editor.content()["tables"] if each["name"]["zh"] == name)


def test_a_table_is_made_row_by_row_and_column_by_column(editor: Editor) -> None:
    version = editor.version()
    shown = editor.post("table?kind=rows", 200, do="add-row", **ROWS, **LOW)
    assert 'name="unit-0" value="万元"' in shown  # found by itself
    assert 'name="cell-1-0-low" value="500"' in shown  # bands touch each other
    shown = editor.post("table?kind=rows", 200, do="add-column", **ROWS, **LOW, **HIGH)
    assert 'name="reads-1"' in shown
    two = {"reads-1": "行业代码", "cell-0-1-text": "C35,I65", "cell-1-1-text": ""}
    shown = editor.post("table?kind=rows", 200, do="columns", **ROWS, **LOW, **HIGH, **two)
    assert 'name="cell-0-1-text" value="C35、I65"' in shown
    assert editor.version() == version  # nothing is kept until it is saved
    editor.post("table?kind=rows", do="save", **ROWS, **LOW, **HIGH, **two, otherwise="0")
    kept = table(editor, "补贴金额")
    assert kept["columns"] == [{"reads": "上年度研发费用", "unit": "万元"}, {"reads": "行业代码"}]
    assert [each["when"] for each in kept["rows"]] == [["100（含）至500（不含）", "C35、I65"], ["500（含）以上", None]]
    assert kept["otherwise"] == "0"


def test_a_table_is_changed_and_what_names_it_follows(editor: Editor) -> None:
    editor.post("table?kind=rows", do="save", **ROWS, **LOW, **HIGH, otherwise="0")
    item = {"id": "item-1", "title": "设备补贴", "title_english": "Equipment subsidy", "first": "2026-01-01"}
    editor.post("items", **item, amount="补贴金额")
    shown = editor.get("table?table=补贴金额")
    for value in ("100", "500"):
        assert f'value="{value}"' in shown
    assert re.search(r'name="cell-0-0-high-end"[^>]*>.*?<option value="不含" selected', shown)
    without = editor.post("table?kind=rows", 200, do="remove-row-0", was="补贴金额", **ROWS, **LOW, **HIGH)
    assert 'name="cell-0-0-low" value="500"' in without
    assert 'name="gives-1"' not in without
    editor.post("table", do="save", **ROWS | {"name": "奖励金额"}, **LOW, was="补贴金额", otherwise="1")
    assert [each["name"]["zh"] for each in editor.content()["tables"]] == ["奖励金额"]
    assert editor.content()["items"][0]["amount"] == "奖励金额"
    again = editor.post("table?kind=rows", 422, do="save", **ROWS | {"name": "奖励金额"}, **LOW)
    assert "There is a table “奖励金额” already." in again


WRONG_ROWS: dict[str, tuple[dict[str, str], int, str]] = {
    "two match": ({"cell-1-0-low": "400"}, 1, "Rows 1 and 2 of “补贴金额” both match"),
    "no number": ({"cell-1-0-low": "许多"}, 1, "Row 2: “许多” is no number."),
    "nothing between": ({"cell-0-0-high": "50"}, 0, "Row 1: Nothing lies between 100 and 50."),
    "gives nothing": ({"gives-0": ""}, 0, "Row 1 does not say what it gives."),
    "gives no number": ({"gives-0": "很多"}, 0, "which is no number"),
    "never reached": ({"choose": "first", "cell-0-0-low": "", "cell-0-0-high": ""}, 1, "is never reached"),
}


@pytest.mark.parametrize("wrong", WRONG_ROWS)
def test_what_is_wrong_stands_at_its_row_while_it_is_typed(editor: Editor, wrong: str) -> None:
    fields, row, said = WRONG_ROWS[wrong]
    typed = {"otherwise": "0", **ROWS, **LOW, **HIGH, **fields}
    shown = editor.post("table/look", 200, **typed)
    assert said in said_at(shown.replace(' hx-swap-oob="true"', ""), row)
    assert said in said_at(editor.post("table?kind=rows", 200, do="look", **typed), row)
    assert editor.version() == 1


def test_a_gap_is_named_and_ends_with_what_is_given_otherwise(editor: Editor) -> None:
    typed = {**ROWS, **LOW, **HIGH}
    assert "below 100万元" in said_beside(editor.post("table/look", 200, **typed))
    told = said_beside(editor.post("table/look", 200, **typed, otherwise="0"))
    assert told == "Every case has one row, and no row is in vain."


def test_what_cannot_be_read_is_not_kept_and_the_words_stay(editor: Editor) -> None:
    for bad in ({"reads-0": "上年度利率"}, {"gives-0": "很多"}, {"cell-0-0-low": "x"}, {"unit": "圈"}):
        shown = editor.post("table?kind=rows", 422, do="save", **ROWS | LOW | bad)
        assert "error-summary" in shown, bad
        assert next(iter(bad.values())) in shown
    assert editor.content()["tables"] == []


def test_a_share_of_a_figure_and_a_fixed_amount_are_made_and_changed(editor: Editor) -> None:
    cited = {"article": "第三条", "quote": "给予奖励", "name_english": "x"}
    share = {"name": "比例奖励", "reads": "上年度研发费用", "rate": "10%", "cap": "50万元", "unit": "元",
             "step": "0.01", "rounding": "down", **cited}  # fmt: skip
    editor.post("table?kind=proportion", do="save", **share)
    kept = table(editor, "比例奖励")
    assert (kept["rate"], kept["cap"], kept["of"]) == ("0.1", "500000", {"reads": "上年度研发费用", "unit": "元"})
    shown = editor.get("table?table=比例奖励")
    assert 'value="10%"' in shown
    assert 'value="50万元"' in shown
    editor.post("table", do="save", was="比例奖励", **share | {"rate": "12.5%"})
    assert table(editor, "比例奖励")["rate"] == "0.125"
    assert "is no rate" in editor.post(
        "table?kind=proportion", 422, do="save", **share | {"name": "乙", "rate": "一成"}
    )
    editor.post("table?kind=fixed", do="save", name="定额", gives="10万元", **cited)
    editor.post("table", do="save", was="定额", name="定额", gives="12万元", **cited)
    assert table(editor, "定额")["gives"] == "12"


def test_the_rate_and_cap_of_a_share_may_be_parameters(editor: Editor) -> None:
    share = {"name": "比例奖励", "reads": "上年度研发费用", "rate": "【奖励比例】", "cap": "【奖励上限】", "unit": "元",
             "step": "0.01", "rounding": "down", "article": "第三条", "quote": "给予奖励",
             "name_english": "x"}  # fmt: skip
    editor.post("table?kind=proportion", 422, do="save", **share)  # before there are such parameters
    for name, value in (("奖励比例", "10%"), ("奖励上限", "50万元")):
        typed = {"name": name, "amount": value, "first": "2026-01-01", "citation": "示范〔2026〕7号 第三条"}
        editor.post("words", do="parameter", **{f"parameter-{key}": each for key, each in typed.items()},
                    **{"parameter-version": editor.version()})  # fmt: skip
    editor.post("table?kind=proportion", do="save", **share)
    kept = table(editor, "比例奖励")
    assert (kept["rate"], kept["cap"], kept["of"]) == (
        "【奖励比例】",
        "【奖励上限】",
        {"reads": "上年度研发费用", "unit": "元"},
    )
    shown = editor.get("table?table=比例奖励")
    assert 'value="【奖励比例】"' in shown
    assert 'value="【奖励上限】"' in shown
    assert "【奖励比例】" in editor.get("tables")


def test_a_score_is_the_sum_of_tables_and_a_sentence_asks_for_it(editor: Editor) -> None:
    points = {**ROWS, "unit": "分", "otherwise": "0", **LOW, **HIGH}
    for name, reads in (("研发得分", "上年度研发费用"), ("收入得分", "上年度营业收入"), ("人员得分", "从业人员")):
        editor.post("table?kind=rows", do="save", **points | {"name": name, "reads-0": reads})
    assert editor.content()["points"] == [{"zh": "分", "en": "point/points"}]
    score = {"name": "总分", "name_english": "score", "unit": "分", "article": "第三条", "quote": "得分", "cap": "15",
             "part-0": "a", "part-1": "a", "part-2": "sum"}  # fmt: skip
    editor.post("table?kind=score", do="save", **score)
    assert table(editor, "总分")["parts"] == ["人员得分", {"best_of": ["研发得分", "收入得分"]}]
    sentence = {"do": "save", "article": "第三条", "quote": "得分", "judging": "machine", "when_unknown": "ask"}
    editor.post("clauses", **sentence, sentence="按《总分》计算的得分不低于10分")
    shown = editor.get("table?table=总分")
    assert re.search(r'name="part-0".*?value="a" selected', shown, re.S)
    editor.post("table", do="save", was="总分", **score | {"name": "评价总分"})
    assert editor.content()["clauses"][0]["sentence"] == "按《评价总分》计算的得分不低于10分"
    nothing = editor.post("table?kind=score", 422, do="save", **score | {f"part-{each}": "" for each in range(4)})
    assert "adds up at least one table" in nothing


def test_no_form_is_larger_than_a_page_can_be(editor: Editor) -> None:
    many = {f"gives-{number}": "1" for number in range(159)}
    refused = editor.post("table?kind=rows", 200, do="add-row", **ROWS | many)
    assert "too large for this page" in refused
    last = editor.post("table?kind=rows", 200, do="remove-row-0", **ROWS, **{"gives-0": "1"})
    assert "at least one column and one row" in last


NASTY = (
    "９",
    "1e9",
    "-0",
    "NaN",
    "∞",
    "1" * 60,
    "《》",
    "按《》计算的得分",
    "按《" * 100,
    "（含）",
    "%",
    "/",
    "万元/亩",
    "【",
    "是",
)


def test_whatever_is_typed_is_answered_with_a_page(editor: Editor) -> None:
    """No value in any field is more than a refusal."""
    fields = ("name", "unit", "otherwise", "reads-0", "unit-0", "cell-0-0-low", "cell-0-0-high", "gives-0", "choose")
    for nasty in NASTY:
        for field in fields:
            sent = {**ROWS, **LOW, field: nasty}
            editor.post("table/look", 200, **sent)
        for field in ("reads", "rate", "base", "floor", "cap", "unit", "step", "rounding"):
            share = {"name": "甲", "name_english": "A", "reads": "上年度研发费用", "rate": "10%", "unit": "元",
                     "step": "0.01", "rounding": "down", "article": "第三条", "quote": "x"}  # fmt: skip
            answer = editor.client.post(f"{editor.where}/table?kind=proportion",
                                        {"version": editor.version(), **share, field: nasty, "was": ""})  # fmt: skip
            assert answer.status_code in (302, 422), (field, nasty)
            if answer.status_code == 302:  # such as a unit of points that is new: taken away again
                editor.post("tables", do="remove", row="甲")
    editor.get("tables")
