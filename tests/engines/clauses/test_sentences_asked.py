"""What each form of sentence means, on both sides of its bound, with nothing under it, and when data are missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.engines.clauses.situations import DAY, FLOOR, SCORE, SETTING, snapshot

from zonary.engines.clauses.errors import DatumError, ExpiredParameterError, NoEditionError, RuleError
from zonary.engines.clauses.errors import UnitMismatchError as Mismatch
from zonary.engines.clauses.expressions import (
    Aged,
    Compare,
    CompareDay,
    Comparison,
    DayComparison,
    Duration,
    Edge,
    Elapsed,
    Flag,
    Growth,
    Happened,
    Holds,
    InCodes,
    Judged,
    Leaf,
    Listed,
    PerUnit,
    Range,
    Share,
    TimeUnit,
)
from zonary.engines.clauses.interpreter.asking import Asking
from zonary.engines.clauses.interpreter.leaves import Reason
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.quantities import (
    Amount,
    Difference,
    Gathered,
    Gathering,
    Number,
    Parameter,
    Period,
    Reading,
    Scored,
    Span,
    Sum,
)
from zonary.engines.clauses.snapshots import Key, Stored
from zonary.engines.clauses.vocabulary import NEVER, WITHOUT_END

YES, NO, OPEN = Truth.YES, Truth.NO, Truth.UNKNOWN
AT_LEAST, AT_MOST, MORE = Comparison.NOT_BELOW, Comparison.NOT_ABOVE, Comparison.ABOVE
LAST = Period.LAST_YEAR


def ask(leaf: Leaf, data: dict[Key | str, Stored], day: date = DAY) -> Truth:
    return Asking(SETTING, snapshot(data, day)).finding(leaf).truth


def amount(text: str, unit: str = "万元", per: str = "") -> Amount:
    return Amount(Decimal(text), unit, per)


def wan(number: int) -> int:
    """万元 in 分."""
    return number * 10**6


@pytest.mark.parametrize(
    ("comparison", "below", "at", "above"),
    [
        *((each, NO, YES, YES) for each in Comparison if each.relation.value == ">="),
        *((each, YES, YES, NO) for each in Comparison if each.relation.value == "<="),
        *((each, NO, NO, YES) for each in Comparison if each.relation.value == ">"),
        *((each, YES, NO, NO) for each in Comparison if each.relation.value == "<"),
        (Comparison.EQUAL_TO, NO, YES, NO),
    ],
)
def test_one_fen_decides(comparison: Comparison, below: Truth, at: Truth, above: Truth) -> None:
    leaf = Compare(Reading("rnd", LAST), comparison, amount("100"))
    found = [ask(leaf, {("rnd", 2025): wan(100) + away}) for away in (-1, 0, 1)]
    assert found == [below, at, above]
    assert ask(leaf, {("rnd", 2024): wan(100)}) is OPEN


def test_every_unit_is_exact() -> None:
    """一亩 is no whole number of square metres, and 0.1 no binary fraction."""
    per_mu = PerUnit(Reading("tax", LAST), Reading("land"), AT_LEAST, amount("15", per="亩"))
    three_mu = 200_000  # hundredths of a square metre
    assert ask(per_mu, {("tax", 2025): wan(45), "land": three_mu}) is YES
    assert ask(per_mu, {("tax", 2025): wan(45) - 1, "land": three_mu}) is NO
    assert ask(per_mu, {("tax", 2025): wan(45), "land": three_mu + 1}) is NO
    assert ask(Compare(Reading("energy", LAST), AT_MOST, amount("0.1", "吨标准煤")), {("energy", 2025): 10}) is YES


@pytest.mark.parametrize("comparison", list(Comparison))
def test_of_nothing_no_share_is_enough_nor_small(comparison: Comparison) -> None:
    share = Share(Reading("rnd", LAST), Reading("revenue", Period.SAME), comparison, amount("3", "%"))
    growth = Growth(Reading("profit", LAST), comparison, amount("20", "%"))
    for whole in (0, -1):
        asking = Asking(SETTING, snapshot({("profit", 2024): whole}))
        assert asking.finding(growth).truth is NO  # though the year itself is not known
        assert asking.finding(growth).reason is Reason.NOTHING_UNDER
    finding = Asking(SETTING, snapshot({("revenue", 2025): 0})).finding(share)
    assert (finding.truth, finding.reason, finding.missing) == (NO, Reason.NOTHING_UNDER, ())


def test_shares_are_exact() -> None:
    share = Share(Reading("rnd", LAST), Reading("revenue", Period.SAME), AT_LEAST, amount("3.5", "%"))
    assert ask(share, {("rnd", 2025): 7, ("revenue", 2025): 200}) is YES
    assert ask(share, {("rnd", 2025): 7 * 10**14, ("revenue", 2025): 200 * 10**14 + 1}) is NO
    finding = Asking(SETTING, snapshot({("rnd", 2025): 7})).finding(share)
    assert (finding.truth, finding.missing) == (OPEN, (("revenue", 2025),))


def test_the_same_time_is_that_of_the_part() -> None:
    cumulated = Gathered("rnd", Span(Number(2)), Gathering.CUMULATED)
    years: dict[Key | str, Stored] = {("rnd", 2024): 1, ("rnd", 2025): 2, ("revenue", 2024): 50, ("revenue", 2025): 50}
    for whole in (Gathered("revenue", None, Gathering.TOTAL), Reading("revenue", Period.SAME)):
        assert ask(Share(cumulated, whole, AT_LEAST, amount("3", "%")), years) is YES
        assert ask(Share(cumulated, whole, MORE, amount("3", "%")), years) is NO
    mean = Gathered("rnd", Span(Number(2)), Gathering.MEAN)
    assert ask(Share(mean, Reading("revenue", Period.SAME), Comparison.EQUAL_TO, amount("3", "%")), years) is YES
    earlier = Share(
        Reading("rnd", Period.YEAR_BEFORE_LAST), Reading("revenue", Period.SAME), AT_LEAST, amount("2", "%")
    )
    assert ask(earlier, years) is YES
    with pytest.raises(RuleError):
        ask(Compare(Reading("revenue", Period.SAME), AT_LEAST, amount("1")), years)


def test_a_sum_with_an_unknown_in_it_is_unknown() -> None:
    both = Sum((Reading("tax", LAST), Reading("rnd", LAST)))
    assert ask(Compare(both, AT_LEAST, amount("1")), {("tax", 2025): wan(1)}) is OPEN
    assert ask(Compare(both, AT_LEAST, amount("1")), {("tax", 2025): wan(1) - 1, ("rnd", 2025): 1}) is YES
    less = Difference(Reading("tax", LAST), Reading("rnd", LAST))
    assert ask(Compare(less, Comparison.BELOW, amount("0")), {("tax", 2025): 1, ("rnd", 2025): 2}) is YES
    three = Gathered("tax", Span(Number(3)), Gathering.MEAN)
    tenths = {("tax", 2023): 0, ("tax", 2024): 0, ("tax", 2025): 10}
    assert ask(Compare(three, AT_LEAST, amount("0.03", "元")), tenths) is YES
    assert ask(Compare(three, AT_LEAST, amount("0.04", "元")), tenths) is NO
    assert ask(Compare(three, AT_LEAST, amount("0.01", "元")), {("tax", 2025): 10}) is OPEN


def test_a_range_says_whether_its_ends_belong_to_it() -> None:
    leaf = Range(Reading("revenue", LAST), Edge(amount("5000"), False), Edge(amount("2", "亿元"), True))
    around = [wan(5000), wan(5000) + 1, wan(20000), wan(20000) + 1]
    assert [ask(leaf, {("revenue", 2025): each}) for each in around] == [NO, YES, YES, NO]


def test_growth_is_against_the_year_before() -> None:
    leaf = Growth(Reading("revenue", LAST), AT_LEAST, amount("20", "%"))
    assert ask(leaf, {("revenue", 2024): 100, ("revenue", 2025): 120}) is YES
    assert ask(leaf, {("revenue", 2024): 100, ("revenue", 2025): 119}) is NO
    assert ask(leaf, {("revenue", 2024): 100}) is OPEN
    shrunk = Growth(Reading("revenue", Period.THIS_YEAR), AT_LEAST, amount("-10", "%"))
    assert ask(shrunk, {("revenue", 2025): 100, ("revenue", 2026): 90}) is YES


# Days


@pytest.mark.parametrize(
    ("start", "count", "unit", "full"),
    [
        (date(2024, 2, 29), 1, TimeUnit.YEARS, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, TimeUnit.YEARS, date(2028, 2, 29)),
        (date(2023, 2, 28), 1, TimeUnit.YEARS, date(2024, 2, 28)),
        (date(2025, 1, 31), 1, TimeUnit.MONTHS, date(2025, 2, 28)),
        (date(2025, 12, 31), 2, TimeUnit.MONTHS, date(2026, 2, 28)),
        (date(2025, 5, 20), 12, TimeUnit.MONTHS, date(2026, 5, 20)),
        (date(2025, 5, 20), 30, TimeUnit.DAYS, date(2025, 6, 19)),
    ],
)
def test_a_time_is_full_on_the_corresponding_day(start: date, count: int, unit: TimeUnit, full: date) -> None:
    """民法典 art. 202: the corresponding day, or the last of a month that has none."""
    eve, next_day = date.fromordinal(full.toordinal() - 1), date.fromordinal(full.toordinal() + 1)
    expected = {
        Duration.FULL: [NO, YES, YES],
        Duration.UPWARDS: [NO, YES, YES],
        Duration.NOT_FULL: [YES, NO, NO],
        Duration.NOT_BEYOND: [YES, YES, NO],
        Duration.BEYOND: [NO, NO, YES],
    }
    for duration, wanted in expected.items():
        leaf = Elapsed("founded", duration, Number(count), unit)
        assert [ask(leaf, {"founded": start.toordinal()}, day) for day in (eve, full, next_day)] == wanted


def test_forty_five_lasts_until_the_day_before_the_birthday() -> None:
    leaf = Aged("born", Duration.NOT_BEYOND, Number(45))
    assert ask(leaf, {"born": date(1980, 5, 21).toordinal()}) is YES
    assert ask(leaf, {"born": date(1980, 5, 20).toordinal()}) is NO
    leap = {"born": date(1980, 2, 29).toordinal()}
    assert ask(leaf, leap, date(2026, 2, 27)) is YES
    assert ask(leaf, leap, date(2026, 2, 28)) is NO


def test_a_stretch_back_begins_the_day_after_the_corresponding_one() -> None:
    leaf = Happened("accident", (Number(1), TimeUnit.YEARS), is_denied=True)
    assert ask(leaf, {"accident": date(2025, 5, 20).toordinal()}) is YES
    assert ask(leaf, {"accident": date(2025, 5, 21).toordinal()}) is NO
    assert ask(leaf, {"accident": DAY.toordinal()}) is NO
    assert ask(leaf, {"accident": NEVER}) is YES
    assert ask(leaf, {}) is OPEN
    since = Happened("accident", date(2024, 1, 1), is_denied=False)
    assert ask(since, {"accident": date(2024, 1, 1).toordinal()}) is YES
    assert ask(since, {"accident": date(2023, 12, 31).toordinal()}) is NO
    assert ask(since, {"accident": NEVER}) is NO
    with pytest.raises(DatumError):
        ask(since, {"accident": DAY.toordinal() + 1})


def test_stretches_longer_than_there_are_days() -> None:
    ages = Number(20_000)
    assert (
        ask(Happened("accident", (ages, TimeUnit.YEARS), is_denied=False), {"accident": date(1950, 1, 1).toordinal()})
        is YES
    )
    for unit in TimeUnit:
        wide = Number(10**7)
        assert ask(Elapsed("founded", Duration.FULL, wide, unit), {"founded": date(1950, 1, 1).toordinal()}) is NO


def test_a_certificate_is_valid_on_its_last_day() -> None:
    values = [DAY.toordinal(), DAY.toordinal() - 1, NEVER, WITHOUT_END]
    assert [ask(Holds("hightech"), {"hightech": each}) for each in values] == [YES, NO, NO, YES]
    assert [ask(Holds("hightech", True), {"hightech": each}) for each in values] == [NO, YES, YES, NO]


def test_days_are_compared() -> None:
    bound = date(2023, 12, 31)
    expected = {
        DayComparison.NOT_LATER: [YES, YES, NO],
        DayComparison.NOT_EARLIER: [NO, YES, YES],
        DayComparison.EARLIER: [YES, NO, NO],
        DayComparison.LATER: [NO, NO, YES],
    }
    for comparison, wanted in expected.items():
        leaf = CompareDay("founded", comparison, bound)
        assert [ask(leaf, {"founded": bound.toordinal() + away}) for away in (-1, 0, 1)] == wanted


# Memberships


def test_on_none_of_the_lists_and_on_at_least_one() -> None:
    off, on = Listed(("abnormal", "dishonest"), True), Listed(("abnormal", "dishonest"))
    assert ask(off, {"abnormal": False, "dishonest": False}) is YES
    assert ask(off, {"abnormal": True}) is NO
    assert ask(off, {"abnormal": False}) is OPEN
    assert ask(on, {"dishonest": True}) is YES
    assert ask(on, {"abnormal": False}) is OPEN
    asking = Asking(SETTING, snapshot({"abnormal": False}))
    assert asking.finding(off).missing == (("dishonest", None),)


def test_a_code_lies_inside_the_shorter_ones() -> None:
    own = InCodes("industry", codes=("C351", "I65"))
    assert [ask(own, {"industry": each}) for each in ("C351", "C3511", "C352", "I6510", "C3")] == [
        YES, YES, NO, YES, OPEN,
    ]  # fmt: skip
    listed = InCodes("industry", "战略性新兴产业分类")
    assert ask(listed, {"industry": "C3511"}) is YES
    assert ask(listed, {"industry": "C3512"}) is NO
    assert ask(listed, {"industry": "C3512"}, date(2025, 12, 31)) is YES  # the edition of the day
    with pytest.raises(NoEditionError):
        ask(listed, {"industry": "C3512"}, date(2017, 12, 31))


def test_a_code_that_is_too_coarse_does_not_tell() -> None:
    """C35 may be C3511 or not: denying it must not be a yes by ignorance."""
    denied = InCodes("industry", codes=("C3511",), is_denied=True)
    finding = Asking(SETTING, snapshot({"industry": "C35"})).finding(denied)
    assert (finding.truth, finding.reason) == (OPEN, Reason.TOO_COARSE)


def test_flags_and_judgements() -> None:
    assert [ask(Flag("resident"), {"resident": each}) for each in (True, False)] == [YES, NO]
    assert [ask(Flag("resident", True), {"resident": each}) for each in (True, False)] == [NO, YES]
    assert [ask(Judged("core"), {"core": True}), ask(Judged("core"), {"core": False}), ask(Judged("core"), {})] == [
        YES, NO, OPEN,
    ]  # fmt: skip


# Parameters, scores, mistakes


def test_a_parameter_has_the_value_of_the_day() -> None:
    share = Share(Reading("rnd", LAST), Reading("revenue", Period.SAME), AT_LEAST, Parameter(FLOOR))
    data: dict[Key | str, Stored] = {
        (id, year): n for year in (2023, 2024, 2025) for id, n in (("rnd", 3), ("revenue", 100))
    }
    until_2024 = {key: value for key, value in data.items() if key[1] != 2025}
    assert ask(share, until_2024, date(2024, 12, 31)) is YES
    assert ask(share, data, date(2026, 1, 1)) is NO
    finding = Asking(SETTING, snapshot(data)).finding(share)
    assert (finding.thresholds[0].parameter, finding.thresholds[0].citation) == (FLOOR, "新")
    with pytest.raises(ExpiredParameterError):
        ask(Share(share.part, share.whole, AT_LEAST, Parameter("已过期的下限")), data)


def test_a_score_is_known_as_soon_as_what_is_missing_cannot_matter() -> None:
    sixty = Compare(Scored(SCORE), AT_LEAST, amount("60", "分"))
    strong: dict[Key | str, Stored] = {
        ("techs", 2025): 30,
        ("staff", 2025): 100,
        ("rnd", 2025): 6,
        ("revenue", 2025): 100,
    }
    assert ask(sixty, strong) is YES
    assert ask(sixty, {("rnd", 2025): 2, ("revenue", 2025): 100}) is NO  # 10 and at most 20
    assert ask(sixty, {("rnd", 2025): 6, ("revenue", 2025): 100}) is OPEN
    forty = Compare(Scored(SCORE), AT_LEAST, amount("40", "分"))
    assert ask(forty, {("rnd", 2025): 6, ("revenue", 2025): 100}) is YES


@pytest.mark.parametrize(
    ("leaf", "error"),
    [
        (Compare(Reading("rnd", LAST), AT_LEAST, amount("3", "人")), Mismatch),
        (Compare(Sum((Reading("rnd", LAST), Reading("staff", LAST))), AT_LEAST, amount("3")), Mismatch),
        (Share(Reading("rnd", LAST), Reading("staff", LAST), AT_LEAST, amount("3", "%")), Mismatch),
        (PerUnit(Reading("tax", LAST), Reading("land"), AT_LEAST, amount("3", per="人")), Mismatch),
        (Compare(Reading("rnd"), AT_LEAST, amount("3")), RuleError),
        (Compare(Reading("land", LAST), AT_LEAST, amount("3", "亩")), RuleError),
        (Compare(Reading("resident"), AT_LEAST, amount("3")), RuleError),
        (Flag("core"), RuleError),
        (Growth(Reading("capital"), AT_LEAST, amount("3", "%")), RuleError),
        (Compare(Reading("rnd", LAST), AT_LEAST, amount("3", "美元")), RuleError),
    ],
)
def test_what_cannot_be_asked_is_refused(leaf: Leaf, error: type[Exception]) -> None:
    with pytest.raises(error):
        ask(leaf, {("rnd", 2025): 1, ("staff", 2025): 1, ("tax", 2025): 1, "land": 1, "resident": True, "capital": 1})
