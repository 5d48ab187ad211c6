"""Tables, scores and amounts: bounds as written, known as soon as nothing open can change them, exact to the 分."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.clauses.situations import SCORE, SETTING, TABLES, VOCABULARY, bands, document, snapshot

from zonary.common.language import translate
from zonary.engines.clauses.domains import domain_of
from zonary.engines.clauses.errors import TableError, UnitMismatchError
from zonary.engines.clauses.expressions import ClauseRef, Compare, Comparison
from zonary.engines.clauses.extents import UNKNOWN, Extent, exactly
from zonary.engines.clauses.interpreter.asking import Asking, Setting
from zonary.engines.clauses.interpreter.decisions import Stop, decide
from zonary.engines.clauses.interpreter.plans import Plan
from zonary.engines.clauses.measures import Given
from zonary.engines.clauses.quantities import Amount, Gathered, Gathering, Number, Period, Reading, Scored, Span
from zonary.engines.clauses.snapshots import Key, Stored
from zonary.engines.clauses.tables import checks
from zonary.engines.clauses.tables.checks import MAX_FAULTS, FaultKind, faults
from zonary.engines.clauses.tables.model import (
    ANY,
    Cell,
    Coded,
    Codes,
    DecisionTable,
    Fixed,
    Flagged,
    HitPolicy,
    Interval,
    Measured,
    Proportion,
    Ratio,
    Rounding,
    Row,
    Score,
    Table,
    Tables,
    YesNo,
)
from zonary.proof.errors import Noun

LAST = Period.LAST_YEAR
RND = Measured("研发费用", Reading("rnd", LAST), "万元")
PATENTS = Measured("发明专利", Reading("patents"), "项")
WAN = 10**6


def d(text: str) -> Decimal:
    return Decimal(text)


def between(low: str | None, high: str | None, ends: str = "[)") -> Interval:
    return Interval(d(low) if low else None, ends[0] == "[", d(high) if high else None, ends[1] == "]")


def table(
    policy: HitPolicy, *rows: tuple[Cell | str, ...], columns: tuple[object, ...] = (RND,), **more: object
) -> DecisionTable:
    unit = str(more.pop("unit", "分"))
    return DecisionTable(
        name="表", columns=columns, hit_policy=policy, unit=unit,  # type: ignore[arg-type]
        rows=tuple(Row(row[:-1], d(row[-1]) if unit else row[-1]) for row in rows),  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def gives(chosen: Table, data: dict[Key | str, Stored], *others: Table) -> Given:
    everything = {each.name: each for each in (*TABLES, *others, chosen)}
    return Asking(Setting(VOCABULARY, SETTING.parameters, Tables(everything)), snapshot(data)).table(chosen.name)


# Rows


def test_bounds_are_as_they_say() -> None:
    both = table(
        HitPolicy.UNIQUE, (between("100", "300", "(]"), "1"), (between("300", None, "(]"), "2"), otherwise=d("0")
    )
    around = {100 * WAN: 0, 100 * WAN + 1: 1, 300 * WAN: 1, 300 * WAN + 1: 2}
    assert {spent: gives(both, {("rnd", 2025): spent}).extent.number for spent in around} == around


def test_a_row_that_is_open_makes_the_result_open_only_where_it_could_change_it() -> None:
    columns = (RND, PATENTS)
    first = table(
        HitPolicy.FIRST,
        (between("100", None), ANY, "9"),
        (ANY, between("3", None), "5"),
        columns=columns,
        otherwise=d("1"),
    )
    assert gives(first, {("rnd", 2025): 100 * WAN}).extent == exactly(9)
    assert gives(first, {("rnd", 2025): 0}).extent == Extent(1, 5)
    assert gives(first, {"patents": 3}).extent == Extent(5, 9)
    assert gives(first, {}).extent == Extent(1, 9)
    sums = table(HitPolicy.SUM, (between("100", None), ANY, "9"), (ANY, between("3", None), "5"), columns=columns)
    assert gives(sums, {"patents": 3}).extent == Extent(5, 14)
    most = table(
        HitPolicy.MAX,
        (between("100", None), ANY, "9"),
        (ANY, between("3", None), "5"),
        columns=columns,
        otherwise=d("0"),
    )
    assert gives(most, {"patents": 3}).extent == Extent(5, 9)
    found = gives(most, {"patents": 3})
    assert (found.rows, found.open_rows, found.missing) == ((2,), (1,), (("rnd", 2025),))
    assert gives(most, {("rnd", 2025): 100 * WAN}).extent == exactly(9)
    least = table(
        HitPolicy.MIN,
        (between("100", None), ANY, "9"),
        (ANY, between("3", None), "5"),
        columns=columns,
        otherwise=d("0"),
    )
    assert gives(least, {"patents": 3}).extent == exactly(5)


def test_labels_flags_and_codes() -> None:
    rows = ((Codes(frozenset({"C35", "I65"})), YesNo(True), "甲"), (ANY, ANY, "乙"))
    columns = (Coded("行业", "industry"), Flagged("居民企业", "resident"))
    labels = table(HitPolicy.FIRST, *rows, columns=columns, unit="")
    assert gives(labels, {"industry": "C3511", "resident": True}).label == "甲"
    assert gives(labels, {"industry": "C26"}).label == "乙"
    open_ = gives(labels, {"industry": "C3511"})
    assert (open_.label, open_.labels, open_.missing) == (None, {"甲", "乙"}, (("resident", None),))


def test_a_ratio_to_nothing_meets_no_bound() -> None:
    points = bands("强度", "rnd", "revenue", (("6", "50"), ("0", "5")))
    assert gives(points, {("rnd", 2025): 6, ("revenue", 2025): 100}).extent == exactly(50)
    assert gives(points, {("rnd", 2025): 0, ("revenue", 2025): 100}).extent == exactly(5)
    assert gives(points, {("revenue", 2025): 0}).extent == exactly(0)


def test_two_rows_that_both_match_and_none_that_does_stop_the_item() -> None:
    twice = table(HitPolicy.UNIQUE, (between("1", None), "1"), (between("2", None), "2"))
    with pytest.raises(TableError, match="Rows 1 and 2"):
        gives(twice, {("rnd", 2025): 2 * WAN})
    with pytest.raises(TableError, match="No row"):
        gives(twice, {("rnd", 2025): 0})
    agreeing = table(HitPolicy.ANY, (between("1", None), "1"), (between("2", None), "1"))
    assert gives(agreeing, {("rnd", 2025): 2 * WAN}).extent == exactly(1)
    setting = Setting(VOCABULARY, SETTING.parameters, Tables({SCORE: table_named(twice, SCORE)}))
    rules = document({"a": Compare(Scored(SCORE), Comparison.NOT_BELOW, Amount(d("1"), "分"))}, ClauseRef("a"))
    decision = decide(Plan(rules), "item", Asking(setting, snapshot({("rnd", 2025): 0})))
    assert (decision.truth, decision.stop) == (None, Stop.TABLE)


def table_named(shape: DecisionTable, name: str) -> DecisionTable:
    return DecisionTable(
        name=name, columns=shape.columns, rows=shape.rows, hit_policy=shape.hit_policy, unit=shape.unit
    )


_filled = st.sampled_from([0, 99 * WAN, 100 * WAN, 101 * WAN, 300 * WAN])
_intervals = st.sampled_from(
    [ANY, between("100", "300"), between("100", None, "(]"), between(None, "100"), between("300", None)]
)
_counts = st.sampled_from([ANY, between("3", None), between(None, "3"), between("1", "2", "[]")])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(_intervals, _counts, st.sampled_from(["-2", "0", "1", "5"])), min_size=1, max_size=5),
    st.sampled_from(HitPolicy),
    st.none() | _filled,
    st.none() | st.integers(0, 4),
)
def test_what_is_given_holds_every_completion(
    rows: list[tuple[Cell | str, ...]], policy: HitPolicy, rnd: int | None, patents: int | None
) -> None:
    tried = table(policy, *rows, columns=(RND, PATENTS), otherwise=d("0"))
    known: dict[Key | str, Stored] = {}
    known |= {} if rnd is None else {("rnd", 2025): rnd}
    known |= {} if patents is None else {"patents": patents}
    try:
        found = gives(tried, known).extent
        spent = (0, 99 * WAN, 100 * WAN, 101 * WAN, 300 * WAN) if rnd is None else (rnd,)
        counts = range(5) if patents is None else (patents,)
        complete = [gives(tried, {("rnd", 2025): a, "patents": b}).extent.number for a, b in product(spent, counts)]
    except TableError:
        return  # two rows that may not match both
    assert None not in complete
    assert found.low <= min(complete)
    assert max(complete) <= found.high
    if found.number is not None:
        assert set(complete) == {found.number}


# Scores and amounts


def test_a_score_takes_the_best_of_its_choices_and_is_capped() -> None:
    one, two, three = (
        Fixed(name=name, bound=Amount(d(points), "分")) for name, points in (("一", "30"), ("二", "45"), ("三", "30"))
    )
    capped = Score(name="总分", parts=(("一", "二"), ("三",)), unit="分", cap=d("70"))
    assert gives(capped, {}, one, two, three).extent == exactly(70)
    assert gives(Score(name="总分", parts=(("一", "二"), ("三",)), unit="分"), {}, one, two, three).extent == exactly(
        75
    )


def grant(**more: object) -> Proportion:
    base: dict[str, object] = {
        "rate": d("0.1"),
        "rounding": Rounding.DOWN,
        "step": d("0.01"),
        "reads": RND,
        "unit": "万元",
    }
    return Proportion(name="补助", **(base | more))  # type: ignore[arg-type]


def test_amounts_are_exact_to_the_fen_and_say_which_way_they_round() -> None:
    spent: dict[Key | str, Stored] = {("rnd", 2025): 12_345_675}  # 123456.75 元, a tenth of it 12345.675
    yuan = {"reads": Measured("研发费用", Reading("rnd", LAST), "元"), "unit": "元"}
    for rounding, fen in ((Rounding.DOWN, 1_234_567), (Rounding.UP, 1_234_568), (Rounding.HALF_UP, 1_234_568)):
        assert gives(grant(rounding=rounding, **yuan), spent).extent == exactly(fen)
    assert gives(grant(step=d("1"), **yuan), spent).extent == exactly(12_345 * 100)
    assert gives(grant(cap=d("2"), floor=d("0.5")), spent).extent == exactly(1_230_000)
    assert gives(grant(cap=d("1")), {("rnd", 2025): 10**12}).extent == exactly(WAN)
    assert gives(grant(floor=d("5")), {("rnd", 2025): 0}).extent == exactly(5 * WAN)
    assert gives(grant(), {}).extent == UNKNOWN
    assert gives(grant(floor=d("5"), cap=d("10")), {}).extent == Extent(5 * WAN, 10 * WAN)


def test_a_match_of_another_amount_and_a_score_by_a_base() -> None:
    other = Fixed(name="奖励金额", bound=Amount(d("20"), "万元"))
    matched = grant(rate=d("1"), reads=Measured("上级奖励", Scored("奖励金额"), "万元"), cap=d("15"))
    assert gives(matched, {}, other).extent == exactly(15 * WAN)
    per_mu = Ratio("亩均税收", Reading("tax", LAST), Reading("land"), "万元", "亩")
    based = Proportion(
        name="亩均得分", reads=per_mu, rate=d("45"), unit="分", rounding=Rounding.HALF_UP, step=d("0.01"),
        base=Amount(d("30"), "万元", "亩"), cap=d("67.5"),
    )  # fmt: skip
    three_mu = 200_000
    assert gives(based, {("tax", 2025): 60 * WAN, "land": three_mu}).extent == exactly(30)
    assert gives(based, {("tax", 2025): 900 * WAN, "land": three_mu}).extent == exactly(Fraction(135, 2))
    assert gives(based, {("tax", 2025): 900 * WAN, "land": 0}).extent == exactly(0)
    wrong = Proportion(
        name="x", reads=per_mu, rate=d("1"), unit="分", rounding=Rounding.UP, step=d("1"), base=Amount(d("3"), "万元")
    )
    with pytest.raises(UnitMismatchError):
        gives(wrong, {("tax", 2025): 1, "land": 1})


def test_tables_that_read_each_other_in_a_circle_are_named() -> None:
    def score(name: str, *reads: str) -> Score:
        return Score(name=name, parts=tuple((each,) for each in reads), unit="分")

    with pytest.raises(TableError, match="甲 → 乙 → 丙 → 甲"):
        Tables({"甲": score("甲", "乙"), "乙": score("乙", "丙"), "丙": score("丙", "甲")})
    column = Measured("自己", Scored("表"), "分")
    with pytest.raises(TableError, match="表 → 表"):
        Tables({"表": table(HitPolicy.FIRST, (ANY, "1"), columns=(column,))})
    with pytest.raises(TableError, match="no table"):
        Tables({"甲": score("甲", "没有")})


def test_a_long_chain_of_tables_is_read_without_going_deep() -> None:
    last = Fixed(name="0", bound=Amount(d("1"), "分"))
    chain: list[Table] = [Score(name=str(n), parts=((str(n - 1),),), unit="分") for n in range(1, 190)]
    assert gives(chain[-1], {}, last, *chain[:-1]).extent == exactly(1)


# Checks


def test_gaps_are_named_by_their_piece() -> None:
    share = Ratio("占比", Reading("rnd", LAST), Reading("revenue", LAST))
    open_ = table(HitPolicy.UNIQUE, (between("3", "5"), "1"), (between("5", None, "(]"), "2"), columns=(share,))
    found = faults(open_, VOCABULARY)
    assert {each.kind for each in found} == {FaultKind.GAP}
    assert [chinese(each.where[0][1]) for each in found] == ["小于 3%", "5%", "分母不大于零"]
    assert str(found[0].where[0][1]) == "below 3%"
    assert faults(table(HitPolicy.UNIQUE, *rows_of(open_), columns=(share,), otherwise=d("0")), VOCABULARY) == []


def chinese(noun: Noun) -> str:
    return translate(noun.msgid, "zh", noun.params)


def rows_of(shape: DecisionTable) -> list[tuple[Cell | str, ...]]:
    return [(*row.cells, str(row.output)) for row in shape.rows]


def test_between_ten_and_eleven_people_is_nobody() -> None:
    people = Measured("人数", Reading("staff", LAST), "人")
    whole = table(HitPolicy.UNIQUE, (between("0", "10", "[]"), "1"), (between("11", None), "2"), columns=(people,))
    assert faults(whole, VOCABULARY) == []
    mean = Measured("人数", Gathered("staff", Span(Number(2)), Gathering.MEAN), "人")
    found = faults(table(HitPolicy.UNIQUE, *rows_of(whole), columns=(mean,)), VOCABULARY)
    assert [(each.where[0][0], chinese(each.where[0][1])) for each in found] == [("人数", "大于 10人 且小于 11人")]


def test_overlapping_and_unreachable_rows_are_named() -> None:
    rows = ((between("0", "5", "[]"), ANY, "1"), (between("5", None), between("2", None), "2"), (ANY, ANY, "3"))
    unique = table(HitPolicy.UNIQUE, *rows, columns=(RND, PATENTS))
    assert [each.rows for each in faults(unique, VOCABULARY) if each.kind is FaultKind.OVERLAP] == [
        (1, 2),
        (1, 3),
        (2, 3),
    ]
    assert faults(unique, VOCABULARY)[0].where[0] == ("研发费用", Noun("5万元"))
    first = table(
        HitPolicy.FIRST,
        (ANY, between("2", None), "1"),
        (ANY, between(None, "2"), "2"),
        (between("5", None), ANY, "3"),
        columns=(RND, PATENTS),
    )
    assert [(each.kind, each.rows) for each in faults(first, VOCABULARY)] == [(FaultKind.UNREACHABLE, (3,))]
    codes = (Codes(frozenset({"C35"})), "1"), (Codes(frozenset({"C351"})), "2")
    coded = table(HitPolicy.FIRST, *codes, columns=(Coded("行业", "industry"),))
    kinds = [(each.kind, each.rows) for each in faults(coded, VOCABULARY)]
    assert kinds == [(FaultKind.GAP, ()), (FaultKind.UNREACHABLE, (2,))]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(_intervals, _counts, st.just("1")), min_size=1, max_size=5),
    st.sampled_from([HitPolicy.UNIQUE, HitPolicy.FIRST]),
)
def test_the_checks_find_what_trying_every_value_finds(rows: list[tuple[Cell | str, ...]], policy: HitPolicy) -> None:
    tried = table(policy, *rows, columns=(RND, PATENTS))
    spent = [0, 1, 99 * WAN, 100 * WAN, 100 * WAN + 1, 299 * WAN, 300 * WAN, 301 * WAN]
    matching = []
    for a, b in product(spent, range(6)):
        each = [
            number
            for number, row in enumerate(tried.rows, 1)
            if gives(
                table(HitPolicy.SUM, (*row.cells, "1"), columns=(RND, PATENTS)), {("rnd", 2025): a, "patents": b}
            ).rows
        ]
        matching.append(each)
    found = faults(tried, VOCABULARY)
    kinds = {each.kind for each in found}
    assert (FaultKind.GAP in kinds) is ([] in matching)
    if policy is HitPolicy.UNIQUE:
        twice = {(a, b) for each in matching for a in each for b in each if a < b}
        assert {each.rows for each in found if each.kind is FaultKind.OVERLAP} == twice
    else:
        reached = {each[0] for each in matching if each}
        never = {(number,) for number in range(1, len(rows) + 1)} - {(each,) for each in reached}
        assert {each.rows for each in found if each.kind is FaultKind.UNREACHABLE} == never


def test_a_table_that_is_too_intricate_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than half checked, and called sound."""
    monkeypatch.setattr(checks, "MAX_STEPS", 5)
    with pytest.raises(TableError, match="intricate"):
        faults(
            table(HitPolicy.FIRST, (between("0", "5"), ANY, "1"), (ANY, ANY, "2"), columns=(RND, PATENTS)), VOCABULARY
        )


def test_faults_are_named_to_a_limit() -> None:
    points = tuple((between(str(2 * each), str(2 * each), "[]"), "1") for each in range(60))
    found = faults(table(HitPolicy.UNIQUE, *points, columns=(PATENTS,)), VOCABULARY)
    assert len(found) == MAX_FAULTS


def test_impossible_bounds_and_rows_that_do_not_fit_are_refused() -> None:
    for low, high, ends in (("5", "3", "[]"), ("3", "3", "[)"), ("3", "3", "(]")):
        with pytest.raises(TableError):
            between(low, high, ends)
    with pytest.raises(TableError, match="Row 1"):
        table(HitPolicy.FIRST, (YesNo(True), "1"))
    with pytest.raises(TableError, match="Row 2"):
        table(HitPolicy.FIRST, (ANY, "1"), (ANY, ANY, "1"))
    with pytest.raises(TableError, match="labels"):
        table(HitPolicy.SUM, (ANY, "甲"), unit="")


def test_domains_know_their_ends() -> None:
    assert domain_of(VOCABULARY, Reading("rnd", LAST)).low == 0
    assert domain_of(VOCABULARY, Gathered("staff", Span(Number(3)), Gathering.MEAN)).step == Fraction(1, 3)
