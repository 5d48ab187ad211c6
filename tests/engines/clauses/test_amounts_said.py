"""An amount with what it was reckoned from: figure × rate, the cap, the row of a table, the parts of a score."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from tests.engines.clauses.situations import SETTING, TABLES, snapshot

from zonary.common.language import say, speaking
from zonary.engines.clauses.interpreter.amounts import amount_said
from zonary.engines.clauses.interpreter.asking import Asking
from zonary.engines.clauses.quantities import Amount, Parameter, Period, Reading, Scored
from zonary.engines.clauses.snapshots import Key, Stored
from zonary.engines.clauses.tables.model import (
    ANY,
    Coded,
    Codes,
    DecisionTable,
    HitPolicy,
    Interval,
    Measured,
    Proportion,
    Ratio,
    Rounding,
    Row,
    Table,
    Tables,
)

WAN = 10**6
RND = Measured("上年度研发费用", Reading("rnd", Period.LAST_YEAR), "元")
DATA: dict[Key | str, Stored] = {
    ("rnd", 2025): 120 * WAN,
    ("revenue", 2025): 2000 * WAN,
    ("staff", 2025): 40,
    ("techs", 2025): 10,
    "industry": "C3490",
}
READ = "研发费用：120万元（截至 2025-12-31，来源：测试）。"


def said(
    table: Table,
    data: dict[Key | str, Stored] | None = None,
    language: Any = "zh",
    english: dict[str, str] | None = None,
) -> list[str]:
    tables = Tables({each.name: each for each in (*TABLES, table)})
    words = SETTING.vocabulary
    named = {**words.english, **(english or {})}
    vocabulary = replace(words, tables={**words.tables, table.name: "money"}, english=named)
    asking = Asking(replace(SETTING, tables=tables, vocabulary=vocabulary), snapshot(DATA if data is None else data))
    with speaking(language):
        return [say(each) for each in amount_said(asking, table.name, in_english=language == "en")]


def share(**changes: Any) -> Proportion:
    usual: dict[str, Any] = {
        "name": "奖励", "reads": RND, "rate": Decimal("0.01"), "unit": "元", "rounding": Rounding.DOWN,
        "step": Decimal("0.01"),
    }  # fmt: skip
    return Proportion(**{**usual, **changes})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "上年度研发费用：1,200,000 元 × 1% = 12,000 元。"),
        ({"cap": Decimal(500_000)}, "上年度研发费用：1,200,000 元 × 1% = 12,000 元，上限 500,000 元。"),
        ({"cap": Decimal(8000)}, "上年度研发费用：1,200,000 元 × 1% = 12,000 元，上限 8,000 元，按上限计。"),
        ({"floor": Decimal(20_000)}, "上年度研发费用：1,200,000 元 × 1% = 12,000 元，下限 20,000 元，按下限计。"),
        (
            {"base": Amount(Decimal(60), "万元"), "rate": Decimal(500)},
            "上年度研发费用：1,200,000 元 ÷ 600,000 元 × 500 元 = 1,000 元。",
        ),
    ],
)
def test_a_proportion_shows_figure_rate_result_and_what_bounds_it(changes: dict[str, Any], expected: str) -> None:
    assert said(share(**changes)) == [expected, READ]


def test_in_english_too() -> None:
    first, read = said(share(cap=Decimal(8000)), language="en")
    assert first.endswith(": 1,200,000 yuan × 1% = 12,000 yuan; at most 8,000 yuan are given.")
    assert first.isascii() is False  # the sign of multiplication
    assert not any("一" <= letter <= "鿿" for letter in first)
    assert "1,200,000 yuan (as of 2025-12-31" in read


def test_a_rate_that_is_a_parameter_stands_with_its_value_of_the_day_and_where_it_stands() -> None:
    assert said(share(rate=Parameter("研发投入强度下限"))) == [
        "上年度研发费用：1,200,000 元 × 4% = 48,000 元。",
        "【研发投入强度下限】当日取值为 4%（新）。",
        READ,
    ]


def test_a_parameter_has_its_english_name_in_english_and_its_own_where_it_has_none() -> None:
    table = share(rate=Parameter("研发投入强度下限"))
    named = said(table, language="en", english={"研发投入强度下限": "Least R&D intensity"})
    assert named[1].startswith("“Least R&D intensity” is 4% on the day")
    assert said(table, language="en", english={})[1].startswith("“研发投入强度下限” is 4% on the day")


@pytest.mark.parametrize(
    ("language", "expected"),
    [("zh", "《累加》第 1、2 行合计 150,000 元。"), ("en", "Rows 1, 2 of “累加” give 150,000 yuan together.")],
)
def test_rows_that_add_up_are_listed_as_the_language_lists(language: str, expected: str) -> None:
    rows = (Row((Interval(Decimal(1_000_000)),), Decimal(5)), Row((Interval(Decimal(1)),), Decimal(10)))
    table = DecisionTable(name="累加", columns=(RND,), rows=rows, hit_policy=HitPolicy.SUM, unit="万元")
    assert said(table, language=language)[0] == expected


def test_what_is_rounded_says_so() -> None:
    lines = said(share(rate=Decimal("0.0123456"), step=Decimal(1000)))
    assert lines[:2] == ["上年度研发费用：1,200,000 元 × 1.23456% = 14,000 元。", "按 1,000 元的整数倍向下取整。"]


def test_so_much_for_each_of_something() -> None:
    each = Measured("上年度职工总数", Reading("staff", Period.LAST_YEAR), "人")
    assert said(share(reads=each, rate=Decimal(500)))[0] == "上年度职工总数：40人 × 500 元/人 = 20,000 元。"


def test_a_table_names_its_row_with_the_value_between_its_bounds() -> None:
    rate = Ratio("研发投入强度", Reading("rnd", Period.LAST_YEAR), Reading("revenue", Period.SAME))
    table = DecisionTable(
        name="分档奖励",
        columns=(RND, rate, Coded("行业代码", "industry")),
        rows=(
            Row((Interval(high=Decimal(1_000_000), is_high_included=False), ANY, ANY), Decimal(5)),
            Row(
                (Interval(Decimal(1_000_000)), Interval(Decimal(3), False, Decimal(8)), Codes(frozenset({"C34"}))),
                Decimal(10),
            ),
        ),
        hit_policy=HitPolicy.UNIQUE,
        unit="万元",
        otherwise=Decimal(1),
    )
    assert said(table)[0] == (
        "《分档奖励》第 2 行：上年度研发费用 1,000,000 ≤ 1,200,000 元，研发投入强度 3 < 6 ≤ 8 %，行业代码 C3490，"
        "为 100,000 元。"
    )
    other = said(table, {**DATA, "industry": "I65"})
    assert other[0] == "《分档奖励》没有适用的行，按其余情形为 10,000 元。"


def test_an_amount_by_a_score_shows_the_score_and_its_parts() -> None:
    points = Measured("按《科技评价得分》计算的得分", Scored("科技评价得分"), "分")
    lines = said(share(reads=points, rate=Decimal(100)))
    assert lines[0] == "按《科技评价得分》计算的得分：60分 × 100 元/分 = 6,000 元。"
    assert "《科技评价得分》：科技人员得分 12分 + 研发强度得分 50分，限定后为 60分。" in lines
    assert any(each.startswith("《研发强度得分》第 1 行：") for each in lines)
    assert len(lines) == len(set(lines)) == 4 + 4  # four tables, four figures


def test_what_is_the_same_for_everybody_says_so() -> None:
    assert said(TABLES[3]) == ["《奖励金额》对所有企业相同：200,000 元。"]


def test_of_what_is_not_known_nothing_is_said() -> None:
    assert said(share(), {}) == []
    assert said(share(rate=Parameter("已过期的下限"))) == []
