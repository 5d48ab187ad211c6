"""Every value that was read, every datum that is missing, and what it would take: in sentences, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.engines.clauses.situations import DAY, SETTING, VOCABULARY, document, snapshot

from zonary.common.language import say, speaking
from zonary.engines.clauses.documents import Document, Judging, WhenUnknown
from zonary.engines.clauses.expressions import (
    ClauseRef,
    Compare,
    Comparison,
    Duration,
    Elapsed,
    Every,
    Expression,
    Flag,
    Happened,
    Holds,
    InCodes,
    Judged,
    Listed,
    Not,
    Share,
    TimeUnit,
)
from zonary.engines.clauses.interpreter.asking import Asking
from zonary.engines.clauses.interpreter.decisions import decide
from zonary.engines.clauses.interpreter.explaining import Explaining
from zonary.engines.clauses.interpreter.plans import Plan
from zonary.engines.clauses.quantities import Amount, Gathered, Gathering, Number, Period, Reading, Span
from zonary.engines.clauses.snapshots import Key, Stored

WAN = 10**6
LAST = Period.LAST_YEAR


def said(
    expression: Expression, data: dict[Key | str, Stored], day: date = DAY, rules: Document | None = None
) -> list[str]:
    plan = Plan(rules or document({"a": expression}, ClauseRef("a")))
    decision = decide(plan, "item", Asking(SETTING, snapshot(data, day)), promised=frozenset({"a"}))
    sentences = Explaining(VOCABULARY).sentences(decision.clauses[0], decision.snapshot)
    with speaking("zh"):
        return [say(each) for each in sentences]


def spending(number: str, comparison: Comparison = Comparison.NOT_BELOW) -> Compare:
    return Compare(Reading("rnd", LAST), comparison, Amount(Decimal(number), "万元"))


def test_what_was_read_and_how_much_more_is_needed() -> None:
    assert said(spending("100"), {("rnd", 2025): 88 * WAN}) == [
        "研发费用：88万元（截至 2025-12-31，来源：测试）。",
        "还差 12万元，须达到 100万元。",
    ]
    assert said(spending("100", Comparison.BELOW), {("rnd", 2025): 100 * WAN}) == [
        "研发费用：100万元（截至 2025-12-31，来源：测试）。",
        "超出 0.01元，不得超过 99.999999万元。",
    ]
    assert (
        said(spending("100", Comparison.ABOVE), {("rnd", 2025): 100 * WAN})[1] == "还差 0.01元，须达到 100.000001万元。"
    )


def test_an_answer_speaks_in_the_unit_of_its_rule() -> None:
    mu = Compare(Reading("land"), Comparison.NOT_ABOVE, Amount(Decimal(30), "亩"))
    hectares, square_metres = 10**6, 100
    found = said(mu, {"land": 3 * hectares})
    assert found == ["用地面积：45亩（截至 2026-01-01，来源：测试）。", "超出 15亩，不得超过 30亩。"]
    odd = said(mu, {"land": 20_001 * square_metres})  # 30.0015亩
    assert odd[0] == "用地面积：30.0015亩（截至 2026-01-01，来源：测试）。"
    decision = decide(
        Plan(document({"a": mu}, ClauseRef("a"))), "item", Asking(SETTING, snapshot({"land": 3 * hectares}))
    )
    english = Explaining(VOCABULARY, in_english=True).sentences(decision.clauses[0], decision.snapshot)
    assert str(english[1]) == "It is 15 mu too much: 30 mu at most."
    equal = Compare(Reading("land"), Comparison.EQUAL_TO, Amount(Decimal(1), "公顷"))
    decision = decide(
        Plan(document({"a": equal}, ClauseRef("a"))), "item", Asking(SETTING, snapshot({"land": 3 * hectares}))
    )
    english = Explaining(VOCABULARY, in_english=True).sentences(decision.clauses[0], decision.snapshot)
    assert [str(each) for each in english] == [
        "land: 3 hectares (as of 2026-01-01, from 测试).",
        "It is 2 hectares too much: 1 hectare would do.",
    ]


def test_what_a_share_needs_is_said_of_its_part() -> None:
    share = Share(Reading("rnd", LAST), Reading("revenue", Period.SAME), Comparison.NOT_BELOW, Amount(Decimal(3), "%"))
    found = said(share, {("rnd", 2025): 29_999, ("revenue", 2025): 10**6 + 1})
    assert found[-1] == "还差 0.02元，须达到 300.01元。"  # 3 % of 10 000.01 元 is 300.0003 元
    assert said(share, {("revenue", 2025): 0}) == [
        "营业收入：0元（截至 2025-12-31，来源：测试）。",
        "分母为零或为负，因此不符合。",
    ]


def test_what_is_missing_and_where_it_comes_from() -> None:
    total = Compare(Gathered("rnd", Span(Number(2)), Gathering.TOTAL), Comparison.NOT_BELOW, Amount(Decimal(1), "万元"))
    assert said(total, {("rnd", 2025): WAN}) == [
        "研发费用：1万元（截至 2025-12-31，来源：测试）。",
        "缺少 2024 年研发费用。数据来源：税务部门。",
    ]
    assert said(Flag("resident"), {}) == ["缺少居民企业。数据来源：—。"]
    assert said(InCodes("industry", codes=("C3511",)), {"industry": "C35"})[1] == "已知的代码层级不够细，无法判断。"


@pytest.mark.parametrize(
    ("start", "day", "then"),
    [
        (date(2025, 8, 31), date(2026, 5, 20), "2026-08-31"),
        (date(2024, 2, 29), date(2025, 2, 27), "2025-02-28"),
    ],
)
def test_waiting_that_is_enough_is_said(start: date, day: date, then: str) -> None:
    rules = document({"a": Elapsed("founded", Duration.FULL, Number(1), TimeUnit.YEARS)}, ClauseRef("a"))
    early = replace(rules, items=(replace(rules.items[0], first=date(2000, 1, 1)),))
    assert said(rules.clauses[0].expression, {"founded": start.toordinal()}, day, early)[1] == (
        f"如其他情况不变，自 {then} 起符合。"
    )


def test_an_accident_at_the_end_of_a_month_is_out_of_sight_when_no_stretch_reaches_it() -> None:
    """From 2026-02-28 one month back begins on 29 January: the 31st is still seen; from 1 March it is not."""
    safe = Happened("accident", (Number(1), TimeUnit.MONTHS), True)
    assert said(safe, {"accident": date(2026, 1, 31).toordinal()}, date(2026, 2, 10))[1] == (
        "如其他情况不变，自 2026-03-01 起符合。"
    )
    for day, expected in ((date(2026, 2, 28), -1), (date(2026, 3, 1), 1)):
        asking = Asking(SETTING, snapshot({"accident": date(2026, 1, 31).toordinal()}, day))
        assert asking.finding(safe).truth.value == expected


def test_a_person_and_a_promise_are_named() -> None:
    judged = document({"a": Judged("core")}, ClauseRef("a"), {"a": WhenUnknown.PROMISE})
    human = replace(judged, clauses=(replace(judged.clauses[0], judging=Judging.HUMAN),))
    assert said(Judged("core"), {}, rules=human) == [
        "缺少核心技术。数据来源：—。",
        "尚待人工认定。",
        "企业已就此作出承诺，事后核查。",
    ]


def test_days_lists_and_certificates_are_shown_as_people_write_them() -> None:
    both = Every((Holds("hightech"), Happened("accident", date(2024, 1, 1), True), Not(Listed(("abnormal",)))))
    assert said(both, {"hightech": date(2027, 1, 1).toordinal(), "accident": 0, "abnormal": False}) == [
        "高新技术企业证书：2027-01-01（截至 2026-01-01，来源：测试）。",
        "重大安全事故：从未（截至 2026-01-01，来源：测试）。",
        "经营异常名录：否（截至 2026-01-01，来源：测试）。",
    ]


def test_english_has_its_own_names_and_units() -> None:
    decision = decide(
        Plan(document({"a": spending("100")}, ClauseRef("a"))),
        "item",
        Asking(SETTING, snapshot({("rnd", 2025): 88 * WAN})),
    )
    sentences = Explaining(VOCABULARY, in_english=True).sentences(decision.clauses[0], decision.snapshot)
    assert [str(each) for each in sentences] == [
        "R&D spending: 880,000 yuan (as of 2025-12-31, from 测试).",
        "120,000 yuan more is needed: 1,000,000 yuan in all.",
    ]
