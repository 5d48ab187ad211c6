"""What the sources of the shipped packs say, example by example: on each side of a day or a threshold."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction

import pytest
from tests.foundation.rules.shipped import IDS, Data, asking, decided, first_case, raw, shipped

from zonary.engines.clauses.interpreter.decisions import Stop
from zonary.engines.clauses.kleene import Truth

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
DAY = date(2026, 6, 1)


def truth(id: str, item: str, data: Data, day: date = DAY) -> Truth | None:
    return decided(id, item, data, day).truth


def points(id: str, table: str, data: Data, day: date = DAY) -> Fraction | None:
    number = asking(id, data, day).table(table).extent.number
    return None if number is None else Fraction(number)


@pytest.mark.parametrize("id", IDS)
def test_of_whom_nothing_is_known_nothing_passes(id: str) -> None:
    for item in shipped(id).document.items:
        day = min(DAY, item.last or DAY)
        assert decided(id, item.id, {}, day).truth is not YES, item.id


# 高新技术企业: the older and the newer thresholds, by date

OLDER, NEWER = "high-tech-enterprise-2008", "high-tech-enterprise-2016"


def recognised(data: Data, day: date) -> dict[str, Truth | Stop | None]:
    found = {id: decided(id, "high-tech-enterprise", data, day) for id in (OLDER, NEWER)}
    return {id: each.stop or each.truth for id, each in found.items()}


def firm(year: int, share: str, graduates: str, sales: str = "4900万元") -> dict[str, str | bool | None]:
    """Asked about in the year after ``year``: of three years alike, with that share of R&D and of graduates."""
    annual = {
        "revenue": sales, "rd-expense": share, "rd-expense-domestic": share, "staff": "100人", "rd-staff": "10人",
        "graduate-rd-staff": graduates, "total-income": sales, "high-tech-revenue": sales,
    }  # fmt: skip
    years = {f"{term}@{year - back}": value for back in range(3) for term, value in annual.items()}
    lasting = {key: value for key, value in first_case(NEWER).items() if "@" not in key}
    return {**lasting, "established-on": "2010-01-01", **years}


def asked_of(id: str, data: Data) -> Data:
    """Without what the pack has no word for."""
    terms = {each.id for each in shipped(id).vocabulary.terms}
    return {key: value for key, value in data.items() if key.partition("@")[0] in terms}


@pytest.mark.parametrize(
    ("share", "graduates", "older", "newer"),
    [
        ("294万元", "30人", YES, YES),  # 6 %
        ("245万元", "30人", NO, YES),  # 5 %: enough since 2016
        ("294万元", "29人", NO, YES),  # graduates are no longer counted
        ("244.99万元", "30人", NO, NO),
    ],
)
def test_the_same_firm_is_asked_by_the_older_rule_until_2015_and_by_the_newer_since(
    share: str, graduates: str, older: Truth, newer: Truth
) -> None:
    data = firm(2014, share, graduates)
    last = decided(OLDER, "high-tech-enterprise", asked_of(OLDER, data), date(2015, 12, 31))
    early = decided(NEWER, "high-tech-enterprise", asked_of(NEWER, data), date(2015, 12, 31))
    assert (last.truth, early.stop) == (older, Stop.NOT_YET)
    data = firm(2015, share, graduates)
    late = decided(OLDER, "high-tech-enterprise", asked_of(OLDER, data), date(2016, 1, 1))
    first = decided(NEWER, "high-tech-enterprise", asked_of(NEWER, data), date(2016, 1, 1))
    assert (late.stop, first.truth) == (Stop.NO_LONGER, newer)


@pytest.mark.parametrize(
    ("sales", "older", "newer"),
    [("49999999.99元", NO, NO), ("5000万元", YES, NO), ("50000000.01元", YES, YES)],
)
def test_fifty_million_exactly_belongs_to_another_band_since_2016(sales: str, older: Truth, newer: Truth) -> None:
    """Of three years together 4 %: until 2015 the band of 4 % begins with 5000 万元, since then above it."""
    before = firm(2014, "200万元", "30人", "5000万元") | {"revenue@2014": sales, "revenue@2013": "4900万元"}
    after = firm(2015, "200万元", "30人", "5000万元") | {"revenue@2015": sales, "revenue@2014": "4900万元"}
    assert truth(OLDER, "high-tech-enterprise", asked_of(OLDER, before), date(2015, 6, 1)) is older
    assert truth(NEWER, "high-tech-enterprise", asked_of(NEWER, after), date(2016, 6, 1)) is newer


# 外资负面清单: editions by date


def test_the_printing_of_publications_is_open_since_the_edition_of_2024() -> None:
    id = "foreign-investment-negative-list"
    data: Data = {"industry-code": "C2311", "foreign-share": "100%", "chinese-controlled": False}
    days = {date(2024, 10, 31): NO, date(2024, 11, 1): YES}
    assert {day: truth(id, "access", data, day) for day in days} == days
    inside = {**data, "in-free-trade-zone": True}
    assert truth(id, "pilot-zone-manufacturing", inside, date(2024, 10, 31)) is YES


@pytest.mark.parametrize("code", ["R8610", "R8621", "R8710", "R8730", "R8750"])
@pytest.mark.parametrize("day", [date(2022, 1, 1), DAY])
def test_news_publishing_and_broadcasting_are_closed_in_both_editions(code: str, day: date) -> None:
    id = "foreign-investment-negative-list"
    data = {"industry-code": code, "chinese-controlled": True}
    assert truth(id, "access", {**data, "foreign-share": "0.0001%"}, day) is NO
    assert truth(id, "access", {**data, "foreign-share": "0%"}, day) is YES


def test_before_its_first_edition_the_list_gives_no_answer() -> None:
    found = decided("foreign-investment-negative-list", "access", {}, date(2021, 12, 31))
    assert (found.truth, found.stop) == (None, Stop.NOT_YET)


# 海关信用等级: three tiers until 2026-03-31, five from 2026-04-01


@pytest.mark.parametrize(
    ("tier", "before", "after"),
    [("GAOJI", YES, YES), ("RENZHENG", NO, YES), ("CHANGGUI", NO, NO), ("SHIXIN", NO, NO), ("YANZHONG", NO, NO)],
)
def test_the_same_firm_before_and_after_the_five_tiers(tier: str, before: Truth, after: Truth) -> None:
    id, data = "customs-credit-measures", {"customs-credit-tier": tier}
    days = {date(2026, 3, 31): before, date(2026, 4, 1): after}
    assert {day: truth(id, "authorised-operator", data, day) for day in days} == days


def test_the_measure_whose_number_order_282_does_not_give_us_ends_with_order_251() -> None:
    found = decided("customs-credit-measures", "inspection-rate-kept", {"customs-credit-tier": "GAOJI"}, DAY)
    assert (found.truth, found.stop) == (None, Stop.NO_LONGER)


# 科技型中小企业


def test_the_best_of_both_ways_to_count_research_is_taken_and_full_marks_are_a_hundred() -> None:
    data = {**first_case("tech-sme"), "class-one-ip": "1项"}
    assert points("tech-sme", "综合评价得分", data) == 100
    less = {**data, "rd-expense@2025": "300万元", "costs-and-expenses@2025": "1000万元"}
    assert points("tech-sme", "研发费用占销售收入得分", less) == 20
    assert points("tech-sme", "研发投入指标得分", less) == 50


def test_a_score_that_is_open_is_a_question_and_the_shortest_way_is_named() -> None:
    data = {**first_case("tech-sme"), "rd-staff@2025": "9人", "class-one-ip": "1项"}
    found = decided("tech-sme", "tech-sme", data, DAY)
    assert found.truth is NO
    assert "staff-score" in found.short
    assert {"high-tech", "award", "institution", "standard"} <= set(found.short)


# 专精特新, 创新型: the interim measures ended with March 2026; the standard of 创新型 is gone on with


def test_the_interim_measures_of_2022_are_asked_until_their_last_day() -> None:
    id = "specialised-sme"
    data = first_case(id)
    assert truth(id, id, data, date(2026, 3, 31)) is YES
    assert decided(id, id, data, date(2026, 4, 1)).stop is Stop.NO_LONGER
    assert decided(id, id, data, date(2022, 7, 31)).stop is Stop.NOT_YET


def test_innovative_enterprises_are_asked_by_the_old_standard_until_there_is_a_new_one() -> None:
    id = "innovative-sme"
    data = first_case(id)
    days = [date(2026, 3, 31), date(2026, 4, 1)]
    assert [truth(id, id, data, day) for day in days] == [YES, YES]
    assert decided(id, id, data, date(2022, 7, 31)).stop is Stop.NOT_YET


@pytest.mark.parametrize(
    ("changed", "older", "newer"),
    [
        ({}, YES, YES),
        ({"niche-market-years": "2个整年"}, YES, NO),
        ({"revenue@2025": "1000万元", "main-revenue@2025": "1000万元"}, YES, NO),
        ({"rd-expense@2024": "99万元"}, YES, NO),  # since 2026 both years count
        ({"development-score": "49.99分"}, YES, NO),
    ],
)
def test_who_was_specialised_by_the_standard_of_2022_may_not_be_by_that_of_2026(
    changed: dict[str, str], older: Truth, newer: Truth
) -> None:
    id = "specialised-sme-2026"
    data = {**first_case(id), **changed}
    of_2022 = {**asked_of("specialised-sme", data), "maker-china-top-500": "2025-01-01"}
    assert truth("specialised-sme", "specialised-sme", of_2022, date(2026, 3, 31)) is older
    assert truth(id, "specialised-sme", data, date(2026, 4, 1)) is newer
    assert decided(id, "specialised-sme", data, date(2026, 3, 31)).stop is Stop.NOT_YET


# 标准地: what cannot be known yet is promised


def test_a_plot_that_is_not_built_on_yet_is_given_on_a_promise() -> None:
    id = "standard-land-longchang"
    data = {"standard-land-trade": "equipment", "land-area": "20000平方米", "fixed-investment": "4500万元"}
    found = decided(id, "standard-land", data, DAY)
    assert found.truth is UNKNOWN
    assert set(found.promises) == {"tax", "output-equipment", "rd-equipment"}
    assert decided(id, "standard-land", data, DAY, frozenset(found.promises)).truth is YES


def test_a_promise_does_not_stand_against_what_is_known() -> None:
    id = "standard-land-longchang"
    data = {**first_case(id), "tax-paid@2025": "2399999.99元"}
    assert decided(id, "standard-land", data, DAY, frozenset({"tax"})).truth is NO


# 亩均效益


@pytest.mark.parametrize("times", [Fraction(1, 2), 1, Fraction(3, 2), 2])
def test_linhais_score_is_the_value_by_its_base_times_its_weight(times: Fraction) -> None:
    """得分 = 实际值 / 基准值 × 权重; 30 mu, 15 万元/亩, weight 40."""
    data = {**first_case("per-mu-linhai"), "tax-paid@2015": f"{float(450 * times)}万元"}
    day = date(2016, 6, 1)
    assert points("per-mu-linhai", "亩均税收得分", data, day) == 40 * times
    assert points("per-mu-linhai", "占地3亩以上综合得分", data, day) == 60 + 40 * times


def test_each_place_in_a_ranking_is_in_one_class() -> None:
    """Of two hundred: 50, 90, 50 and 10."""
    counted = dict.fromkeys("abcd", 0)
    for place in range(1, 201):
        data = {**first_case("per-mu-grading"), "rank-share@2025": f"{place / 2}%"}
        met = [grade for grade in "abcd" if truth("per-mu-grading", f"grade-{grade}", data) is YES]
        assert len(met) == 1, place
        counted[met[0]] += 1
    assert counted == {"a": 50, "b": 90, "c": 50, "d": 10}


# 人才


def test_the_fledgling_plan_counts_whole_years_of_age() -> None:
    """30 and under (30岁以下): until the day before the 31st birthday."""
    data = {**first_case("talent-recognition-template"), "birth-date": "1996-03-01"}
    birthday = date(2027, 3, 1)
    id, item = "talent-recognition-template", "young-talent"
    assert truth(id, item, data, birthday - timedelta(days=1)) is YES
    assert truth(id, item, data, birthday) is NO


def test_what_no_source_gives_is_a_parameter_that_says_so() -> None:
    values = [value for each in raw("talent-recognition-template")["parameters"] for value in each["values"]]
    assert values
    assert all("set by the zone" in value["citation"] for value in values)


# Templates for zones: scoring, support, checks


@pytest.mark.parametrize("id", ["objective-scoring", "zone-support", "zone-checks"])
def test_each_number_of_a_template_is_a_parameter_that_says_who_sets_it(id: str) -> None:
    """What a score counts by (one criterion, 100 %) and the match of 1:1, which is quoted, are all that is not."""
    for each in raw(id)["parameters"]:
        assert each["english"]
        assert all(re.search("set by the zone|启用前核对", value["citation"]) for value in each["values"]), each["name"]
    written = [clause["sentence"] for clause in raw(id)["clauses"]]
    assert [each for each in written if re.search("[1-9]", each)] == []
    for table in raw(id)["tables"]:
        numbers = {table.get(name) for name in ("rate", "floor", "cap")} | {
            row["gives"] for row in table.get("rows", ())
        }
        bounds = {cell for row in table.get("rows", ()) for cell in row["when"] if cell and re.search("[0-9]", cell)}
        assert {each for each in numbers if each and re.fullmatch("[0-9.]+", each)} <= {"1", "100"}, table["name"]
        assert bounds <= {"100（含）以上"}, table["name"]


def test_a_criterion_reached_many_times_over_counts_once_and_two_missed_are_too_many() -> None:
    id, item = "objective-scoring", "transfer-review"
    met = {
        "transfer-model": True,
        "transfer-contracts@2025": "1000万元",
        "transfer-projects@2025": "10例",
        "firms-served@2025": "50家",
        "transfer-managers": "3人",
    }
    assert points(id, "技术转移考核完成度合计", met) == 400
    richer = {**met, "transfer-contracts@2025": "100亿元", "firms-served@2025": "49家"}
    assert points(id, "技术转移考核完成度合计", richer) == 398
    assert truth(id, item, richer) is YES
    assert truth(id, item, {**richer, "transfer-managers": "2人"}) is NO


@pytest.mark.parametrize(
    ("spent", "match"),
    [("99999999.99元", Fraction(9999999999)), ("1亿元", Fraction(10**10)), ("3亿元", Fraction(10**10))],
)
def test_a_national_platform_is_matched_one_to_one_up_to_a_hundred_million(spent: str, match: Fraction) -> None:
    data = {"national-platform": True, "platform-spending@2025": spent}
    assert points("zone-support", "国家级平台配套金额", data) == match


def test_the_four_rewards_differ_by_part_and_each_has_a_cap_of_its_own() -> None:
    data = {"conversion-registered": True, "conversion-paid": "1000万元"}
    items = {"OUTPUT": "output", "INTAKE": "intake", "BROKER": "broker", "AUTHOR": "author"}
    for code in items:
        given = {**data, "conversion-role": code}
        assert [each for each, name in items.items() if truth("zone-support", f"conversion-{name}", given) is YES] == [
            code
        ]


def test_a_charge_outside_the_catalogue_is_none_however_small() -> None:
    id, item = "zone-checks", "charge-in-catalogue"
    data = {"charge-item": "FEE01", "charged-quantity": "3件"}
    assert truth(id, item, {**data, "charged-amount": "150元"}) is YES
    assert truth(id, item, {**data, "charged-amount": "150.01元"}) is NO
    assert truth(id, item, {**data, "charge-item": "FEE03", "charged-amount": "0.01元"}) is NO
