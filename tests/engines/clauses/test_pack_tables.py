"""Tables, scores and amounts of a rule pack: as the format's page shows them, checked, refused by their place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from zonary.common.language import translate
from zonary.engines.clauses.checks.release import Finding, findings_of
from zonary.engines.clauses.errors import PackError
from zonary.engines.clauses.language import parse
from zonary.engines.clauses.packs.reading import Pack, read_pack, read_shape
from zonary.engines.clauses.packs.shapes import PackShape, RowsShape
from zonary.engines.clauses.packs.tables import read_table, with_rows
from zonary.engines.clauses.packs.writing import canonical, digest_of
from zonary.engines.clauses.tables import sheets
from zonary.engines.clauses.tables.model import DecisionTable

PAGE = (Path(__file__).parents[3] / "specs/rules.md").read_text("utf-8")
TODAY = date(2026, 11, 23)
Change = Callable[[dict[str, Any]], object]
INTENSITY, PATENTS, TOTAL, REWARD = 0, 1, 2, 3


def example() -> dict[str, Any]:
    found = re.search(r"<!-- example: rules.json -->\n```json\n(.*?)```", PAGE, re.DOTALL)
    assert found
    given: dict[str, Any] = json.loads(found[1])
    return given


def shape_of(given: dict[str, Any]) -> PackShape:
    return read_shape(json.dumps(given, ensure_ascii=False).encode())


def read(change: Change = lambda p: None) -> Pack:
    given = example()
    change(given)
    return read_pack(shape_of(given), parse)


def found(change: Change) -> tuple[Finding, ...]:
    return findings_of(read(change), today=TODAY)


def test_the_example_of_the_page_can_be_released() -> None:
    assert findings_of(read(), today=TODAY) == ()
    digest = re.search(r"<!-- example: digest of the pack -->\n```\n([0-9a-f]{64})\n```", PAGE)
    assert digest
    once = canonical(shape_of(example()))
    assert digest[1] == digest_of(once)
    assert canonical(read_shape(once)) == once


def test_an_item_names_the_table_that_is_its_amount() -> None:
    assert [each.amount for each in read().document.items] == ["奖励金额"]


INDUSTRY = {
    "id": "industry-code",
    "name": {"zh": "行业代码", "en": "industry code"},
    "kind": "code",
    "system": "GB/T 4754",
}
RESIDENT = {"id": "resident", "name": {"zh": "居民企业", "en": "a resident enterprise"}, "kind": "flag"}
LAND = {"id": "land-area", "name": {"zh": "用地面积", "en": "land"}, "kind": "area"}


def graded(given: dict[str, Any]) -> None:
    """With a table of every sort of column, that gives labels."""
    given["terms"] += [INDUSTRY, RESIDENT, LAND]
    columns = [
        {"reads": "行业代码"},
        {"reads": "是居民企业"},
        {"reads": "上年度营业收入与用地面积之比", "unit": "万元/亩"},
        {"reads": "按《评价总分》计算的得分", "unit": "分"},
    ]
    rows = [
        {"when": ["C35、I65", "是", "100.5（不含）以上", "60（含）至70（含）"], "gives": "甲"},
        {"when": [None, "否", "1（含）以下", None], "gives": "乙"},
        {"when": [None, None, None, None], "gives": "丙"},
    ]
    table = {"kind": "rows", "name": {"zh": "等级", "en": "grade"}, "article": "第七条", "quote": "分为甲乙丙三级"}
    given["tables"].append({**table, "columns": columns, "choose": "first", "rows": rows})
    known = {"industry-code": "C3511", "resident": True, "land-area": "30亩", "revenue@2025": "6000万元"}
    more = {"patents": "3项", "rd-expense@2025": "400万元"}
    for day, data, label in (
        ("甲", {**known, **more}, "甲"),
        ("刚到", {**known, **more, "revenue@2025": "3015万元"}, "丙"),
        ("乙", {"resident": False, "land-area": "900亩", "revenue@2025": "900万元"}, "乙"),
        ("不知", known, None),
    ):
        given["cases"].append(
            {"name": day, "day": "2026-06-01", "data": data, "expected": {}, "tables": {"等级": label}}
        )


def test_labels_by_code_flag_rate_and_score_come_out_as_agreed() -> None:
    assert found(graded) == ()
    labels = found(lambda p: (graded(p), p["cases"][-3]["tables"].update({"等级": "乙"})))
    assert [str(each.reason) for each in labels] == ["In the test case “刚到” the table “grade” gives 丙 and not 乙."]


def test_the_rows_of_a_workbook_go_into_the_pack_as_they_stand() -> None:
    given = example()
    graded(given)
    shape = shape_of(given)
    pack = read_pack(shape, parse)
    for each in shape.tables:
        if isinstance(each, RowsShape):
            table = pack.tables[each.name.zh]
            assert isinstance(table, DecisionTable)
            back = sheets.read(sheets.written(table), table)
            again = with_rows(each, back)
            assert read_table(again, shape, pack.vocabulary, parse) == table
            assert again == each


@pytest.mark.parametrize(
    ("change", "said", "is_blocking"),
    [
        (lambda p: p["tables"][TOTAL].update(quote=""), "total score” does not say where it stands", True),
        (lambda p: p["tables"][INTENSITY].pop("otherwise"), "No row of “points for R&D .*” matches .*below 3%", True),
        (lambda p: p["tables"][INTENSITY]["rows"][1].update(when=["3（含）以上"]), "1 and 2 of .* where .*: 6%", True),
        (lambda p: p["tables"][PATENTS]["rows"].append({"when": [None], "gives": "1"}), "Row 5 .* never", False),
        (lambda p: p["cases"][0]["tables"].update({"评价总分": "69分"}), "gives 70分 and not 69分", True),
        (lambda p: p["cases"][2]["tables"].update({"评价总分": "50分"}), "what is not known yet and not 50分", True),
        (lambda p: p["cases"][0]["tables"].update({"评价总分": None}), "70分 and not what is not known yet", True),
        (lambda p: [each["tables"].pop("奖励金额") for each in p["cases"]], "No test case says .*“reward”", True),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_table_is_found_before_release(change: Change, said: str, is_blocking: bool) -> None:
    blocking = {each.is_blocking for each in found(change) if re.search(said, str(each.reason))}
    assert blocking == {is_blocking}, [str(each.reason) for each in found(change)]


def test_what_cannot_be_asked_of_many_is_said_and_does_not_stand_in_the_way() -> None:
    def change(p: dict[str, Any]) -> None:
        """Ten points a patent as a proportion: the same points, but no few numbers that are known beforehand."""
        kept = {name: p["tables"][PATENTS][name] for name in ("name", "article", "quote", "unit")}
        p["tables"][PATENTS] = {
            **kept, "kind": "proportion", "of": {"reads": "发明专利数", "unit": "项"}, "rate": "10",
            "rounding": "down", "step": "1", "cap": "30",
        }  # fmt: skip

    (said,) = found(change)
    assert (said.place, said.is_blocking) == ("reward", False)
    assert "“points for patents” cannot be added up for many at once" in str(said.reason)


def test_findings_are_said_in_chinese() -> None:
    (gap, *_) = found(lambda p: p["tables"][INTENSITY].pop("otherwise"))
    said = translate(gap.reason.msgid, "zh", gap.reason.params)
    assert said == "“研发强度得分”没有一行适用于：上年度研发费用占营业收入的比例：小于 3%。"


def test_a_parameter_without_a_value_today_stands_in_the_way() -> None:
    def change(p: dict[str, Any]) -> None:
        value = {"first": "2026-01-01", "last": "2026-06-30", "amount": "5万元", "citation": "第六条"}
        p["parameters"] = [{"name": "定额", "values": [{**value, "recorded_at": "2026-01-01T00:00:00Z"}]}]
        p["tables"][REWARD] = {
            "kind": "fixed", "name": p["tables"][REWARD]["name"], "article": "第六条", "quote": "定额奖励",
            "unit": "万元", "gives": "【定额】",
        }  # fmt: skip
        for case in p["cases"]:
            case["tables"]["奖励金额"] = "5万元"

    assert [(each.place, each.is_blocking) for each in found(change)] == [("奖励金额", True)]
    with pytest.raises(PackError, match=r"tables\[3\] \(奖励金额\): .*“定额” is not measured"):
        read(lambda p: (change(p), p["parameters"][0]["values"][0].update(amount="5%")))


def named(**amounts: str) -> Change:
    """The reward with a parameter instead of each number."""

    def change(p: dict[str, Any]) -> None:
        value = {"first": "2026-01-01", "citation": "第六条", "recorded_at": "2026-01-01T00:00:00Z"}
        p["parameters"] = [{"name": name, "values": [{**value, "amount": text}]} for name, text in amounts.items()]
        p["tables"][REWARD].update({name: f"【{name}】" for name in amounts})

    return change


def test_rate_floor_and_cap_may_be_parameters_and_come_to_the_same() -> None:
    assert found(named(rate="10%", cap="20万元")) == ()
    assert [each.place for each in found(named(rate="10%", cap="19万元"))] == ["不知专利数"]
    assert [each.place for each in found(named(rate="9%"))] == ["七十分封顶", "强度差一分钱"]
    pack = read(named(floor="6.5万元"))
    assert {each.place for each in findings_of(pack, today=TODAY)} == {"七十分封顶", "强度差一分钱"}


def test_a_sample_is_told_until_a_value_is_decided() -> None:
    def change(p: dict[str, Any]) -> None:
        named(rate="10%", cap="20万元")(p)
        for each in p["parameters"]:
            each["values"][0]["sample"] = True

    def decided(p: dict[str, Any]) -> None:
        change(p)
        value = p["parameters"][0]["values"][0]
        p["parameters"][0]["values"].append({**value, "sample": False, "recorded_at": "2026-02-01T00:00:00Z"})

    (told,) = found(change)
    assert not told.is_blocking
    assert translate(told.reason.msgid, "zh", told.reason.params) == "2 个参数仍为示例值，须由园区确定：rate、cap。"
    (told,) = found(decided)
    assert translate(told.reason.msgid, "zh", told.reason.params) == "1 个参数仍为示例值，须由园区确定：cap。"


def test_a_rate_without_a_value_today_stands_in_the_way() -> None:
    def change(p: dict[str, Any]) -> None:
        named(rate="10%")(p)
        p["parameters"][0]["values"][0]["last"] = "2026-06-30"

    assert [(each.place, each.is_blocking) for each in found(change)] == [("奖励金额", True)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p: p["tables"][INTENSITY].update(kind="guess"), r"\$\.tables\[0\]"),
        (lambda p: p["tables"][INTENSITY].update(surprise=1), "surprise"),
        (lambda p: p["tables"][INTENSITY].update(choose="last"), r"\$\.tables\[0\]\.choose"),
        (lambda p: p["tables"][TOTAL].update(cap=70), r"\$\.tables\[2\]\.cap"),
        (lambda p: p["tables"][TOTAL].update(cap="7e1"), r"\$\.tables\[2\]\.cap"),
        (lambda p: p["tables"].append(p["tables"][REWARD]), r"tables\[4\] \(奖励金额\): .*is there twice"),
        (lambda p: p["tables"][TOTAL].update(name={"zh": "营业收入", "en": "x"}), "tables: .*营业收入” is there twice"),
        (lambda p: p.pop("points"), "tables: .*“研发强度得分” is in “分”, which is no unit"),
        (lambda p: p["points"].append({"zh": "项", "en": "x"}), "tables: .*“项” is a unit already"),
        (lambda p: p["tables"][TOTAL].pop("unit"), r"tables: .*|tables\[2\] .*does not say its unit"),
        (lambda p: p["tables"][TOTAL].update(parts=["没有"]), r"tables\[2\] .*“没有”"),
        (lambda p: p["tables"][TOTAL].update(parts=["奖励金额"]), r"tables\[2\] .*nothing in its unit"),
        (lambda p: p["tables"][TOTAL].update(parts=["评价总分"]), "tables: .*circle: 评价总分 → 评价总分"),
        (lambda p: column(p).update(reads="上年度研发费用"), r"tables\[0\] .*measured in 元: .*not %"),
        (lambda p: column(p).update(reads="研发费用占营业收入的比例"), r"tables\[0\] \(研发强度得分\): "),
        (lambda p: column(p).update(reads="上年度营业收入同比增长"), "is no figure, share or rate"),
        (lambda p: column(p).update(reads="上年度研发费用不低于1元，且上年度营业收入"), r"tables\[0\] "),
        (lambda p: column(p).update(reads="没有的词"), r"tables\[0\] "),
        (lambda p: p["tables"][INTENSITY]["columns"].__setitem__(0, {"reads": "发明专利数不少于1项"}), "a code nor"),
        (lambda p: row(p).update(when=["6以上"]), "Row 1: “6以上” is nothing that could stand"),
        (lambda p: row(p).update(when=["6（含）至3（含）"]), "Nothing lies between 6 and 3"),
        (lambda p: row(p).update(when=["是"]), "Row 1: “是” is nothing"),
        (lambda p: row(p).update(when=["6（含）以上"] * 2), "Row 1 .*has 2 cells, not 1"),
        (lambda p: row(p).update(gives="五十"), "gives “五十”, which is no number"),
        (lambda p: p["tables"][INTENSITY].update(otherwise="无"), "gives “无”, which is no number"),
        (lambda p: p["tables"][REWARD].update(step="0"), "is rounded to 0"),
        (lambda p: p["tables"][REWARD].update(base="3%"), r"tables\[3\] .*is measured in 元"),
        (lambda p: p["tables"][REWARD].update(base="【没有】"), r"tables\[3\] .*“【没有】” cannot be read"),
        (named(rate="3项"), r"tables\[3\] .*“rate” is not measured"),
        (named(cap="3%"), r"tables\[3\] .*“cap” is not measured"),
        (lambda p: p["tables"][REWARD].update(cap="【没有】"), r"tables\[3\] .*no parameter “没有”"),
        (lambda p: p["tables"][REWARD].update(rate="10%"), r"\$\.tables\[3\]\.rate"),
        (lambda p: p["items"][0].update(amount="评价总分"), r"items\[0\] \(reward\): .*amount of money"),
        (lambda p: p["items"][0].update(amount="没有"), r"items\[0\] \(reward\): .*amount of money"),
        (lambda p: p["cases"][0]["tables"].update({"没有": "1分"}), r"cases\[0\] .*no table “没有”"),
        (lambda p: p["cases"][0]["tables"].update({"评价总分": "1元"}), r"cases\[0\] .*never gives “1元”"),
        (lambda p: (graded(p), p["cases"][-1]["tables"].update({"等级": "丁"})), "never gives “丁”"),
    ],
)  # fmt: skip
def test_a_table_that_is_none_is_named_with_its_place(change: Change, said: str) -> None:
    with pytest.raises(PackError) as refused:
        read(change)
    assert re.search(said, str(refused.value)), str(refused.value)


def column(given: dict[str, Any]) -> Any:
    return given["tables"][INTENSITY]["columns"][0]


def row(given: dict[str, Any]) -> Any:
    return given["tables"][INTENSITY]["rows"][0]
