"""What is no rule is refused: where, what was expected there, and the nearest sentence that would be read."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.clauses import trees
from tests.engines.clauses.language.test_inverse import PIECES, RELAXED
from tests.engines.clauses.words import WORDS

from zonary.common.language import CATALOGUE, translate
from zonary.engines.clauses.errors import ClausesError, SentenceError, UnitMismatchError, VocabularyError
from zonary.engines.clauses.expressions import (
    Aged,
    AtLeast,
    ClauseRef,
    Compare,
    CompareDay,
    Comparison,
    DayComparison,
    Duration,
    Elapsed,
    Every,
    Expression,
    Flag,
    Happened,
    Holds,
    InCodes,
    Listed,
    Not,
    Share,
    TimeUnit,
)
from zonary.engines.clauses.language import (
    MAX_DEPTH,
    MAX_LENGTH,
    check,
    expecting,
    parse,
    print_chinese,
    render_english,
)
from zonary.engines.clauses.language.checking import is_known_code
from zonary.engines.clauses.language.compiled import Language
from zonary.engines.clauses.language.nearest import MAX_REPAIRS, distance
from zonary.engines.clauses.quantities import Amount, Gathered, Gathering, Number, Period, Reading, Scored, Span, Sum
from zonary.engines.clauses.vocabulary import Kind, Term, Vocabulary

RD = "上年度研发费用"


def refused(sentence: str, vocabulary: Vocabulary = WORDS) -> SentenceError:
    with pytest.raises(SentenceError) as caught:
        parse(sentence, vocabulary)
    return caught.value


@pytest.mark.parametrize(
    ("sentence", "nearest"),
    [
        (f"{RD}≥100万", f"{RD}不低于100万元"),
        (f"{RD}不得低于100万元", f"{RD}不低于100万元"),
        (f"{RD}不应超过100万元", f"{RD}不超过100万元"),
        (f"{RD}大于等于100万元", f"{RD}不低于100万元"),
        (f"{RD}应达到100万元以上", f"{RD}达到100万元以上"),
        (f"{RD}＞１００万元", f"{RD}超过100万元"),
        (f"{RD}不低于１００万元", f"{RD}不低于100万元"),
        (f"{RD}不低于1,000万元", f"{RD}不低于1000万元"),
        (f"{RD}不低于1，000，000元", None),  # the comma of a sentence: which is meant is not guessed
        (f"{RD} 不低于 100 万元", f"{RD}不低于100万元"),
        (f"{RD}不低于100万元。", f"{RD}不低于100万元"),
        (f"{RD}不低于人民币100万元", f"{RD}不低于100万元"),
        (f"{RD}占营业收入的比例不低于3％", f"{RD}占营业收入的比例不低于3%"),
        (f"{RD}占营业收入的比例不低于百分之3", f"{RD}占营业收入的比例不低于3%"),
        (f"{RD}占营业收入比例不低于3%", f"{RD}占营业收入的比例不低于3%"),
        (f"{RD}占营业收入比重不低于3%", f"{RD}占营业收入的比例不低于3%"),
        ("上年度研发费不低于100万元", f"{RD}不低于100万元"),
        ("上年度研究费用不低于100万元", f"{RD}不低于100万元"),
        ("上年度营业收人不低于100万元", "上年度营业收入不低于100万元"),
        ("研发费用不低于100万元", f"{RD}不低于100万元"),
        ("上年度用地面积不低于20亩", "用地面积不低于20亩"),
        ("最近三年累计研发费用不低于300万元", "近三年累计研发费用不低于300万元"),
        ("近二年累计研发费用不低于300万元", "近两年累计研发费用不低于300万元"),
        (f"{RD}不少100万元", f"{RD}不少于100万元"),
        ("自成立日期起以满一年", "自成立日期起已满一年"),
        ("自成立日期起已满一年以上", "自成立日期起已满一年"),
        ("成立日期不晚于2023-12-31", "成立日期不晚于2023年12月31日"),
        ("成立日期不晚于2023年01月05日", "成立日期不晚于2023年1月5日"),
        ("按出生日期计算不超过45岁", "按出生日期计算不超过45周岁"),
        ("是居民企业且具有独立法人资格", "是居民企业，且具有独立法人资格"),
        ("是居民企业,且具有独立法人资格", "是居民企业，且具有独立法人资格"),
        ("是居民企业，并且具有独立法人资格", "是居民企业，且具有独立法人资格"),
        ("是居民企业或具有独立法人资格", "是居民企业，或者具有独立法人资格"),
        ("满足以下至少两项:是居民企业;具有独立法人资格", "满足下列至少两项：是居民企业；具有独立法人资格"),
        ("不满足\"是居民企业\"", "不满足“是居民企业”"),
        ("（是居民企业，且具有独立法人资格）", "是居民企业，且具有独立法人资格"),
        ("未被列入经营异常名单", "未被列入经营异常名录"),
        ("行业代码属于《重点产业目录》", "行业代码属于《重点产业目录（2024）》"),
        ("行业代码属于C26，C39", "行业代码属于C26、C39"),
        ("已缴资本不低于[起补额]", "已缴资本不低于【起补额】"),
        ("研发费用不低于100万元。", f"{RD}不低于100万元"),
        (f"申报企业应当{RD}不低于100万元", f"{RD}不低于100万元"),
        (f"企业{RD}不低于100万元", f"{RD}不低于100万元"),
        (f"{RD}不低于一百万元", f"{RD}不低于100万元"),
        (f"{RD}达到二千三百零五万元以上", f"{RD}达到2305万元以上"),
        (f"{RD}占营业收入的比例不低于百分之三", f"{RD}占营业收入的比例不低于3%"),
        (f"{RD}100万元（含）以上", f"{RD}100万元以上"),
        (f"{RD}达100万元以上", f"{RD}达到100万元以上"),
        ("未列入经营异常名录", "未被列入经营异常名录"),
        ("近三年内无重大安全事故", "近三年内未发生重大安全事故"),
        ("近一年没有发生重大安全事故", None),
        ("为居民企业", "是居民企业"),
        ("具备独立法人资格", "具有独立法人资格"),
        ("持有高新技术企业证书", "持有有效的高新技术企业证书"),
        ("是居民企业；具有独立法人资格", "是居民企业，且具有独立法人资格"),
    ],
)  # fmt: skip
def test_what_is_nearly_said_right_is_named(sentence: str, nearest: str | None) -> None:
    error = refused(sentence)
    assert error.nearest == (nearest or "")
    if nearest:
        assert print_chinese(parse(nearest, WORDS), WORDS) == nearest


@pytest.mark.parametrize(
    "sentence",
    [
        f"{RD}未达到100万元",  # read with 达到 it would say the opposite
        f"{RD}不低于3人",  # another unit is another threshold
        f"{RD}不低于10万人",
        f"{RD}不低于100",  # 元 or 万元
        "用地面积不低于10万亩",
        "某年度研发费用不低于100万元",  # 上, 本, 前
        "是居民企业，具有独立法人资格",  # ，且 or 的，
        "按出生日期计算45周岁以某",  # 上, 下
        f"{RD}不低于万元",  # no figure is guessed
        f"{RD}不低于",
        "企业信誉良好",
        "经营状况应当符合国家有关规定，并由主管部门认定",
        "",
        "。",
    ],
)
def test_nothing_is_named_that_would_mean_something_else(sentence: str) -> None:
    assert refused(sentence).nearest == ""


@pytest.mark.parametrize(
    ("sentence", "position", "expected"),
    [
        ("", 0, "a condition"),
        ("上年度", 3, "the name of a figure"),
        ("上年度研发费不低于100万元", 3, "the name of a figure"),
        (RD, 7, "a comparison such as 不低于, 超过 or 在…以上"),
        (f"{RD}≥100万元", 7, "a comparison such as 不低于, 超过 or 在…以上"),
        (f"{RD}不低于一百万元", 10, "a number"),
        (f"{RD}不低于100", 13, "a unit of “研发费用”, which is measured in 元: 元、万元、亿元"),
        (f"{RD}不低于100万", 13, "a unit of “研发费用”, which is measured in 元: 元、万元、亿元"),
        ("用地面积不低于100公里", 10, "a unit of “用地面积”, which is measured in 平方米: 平方米、公顷、亩"),
        (f"{RD}占营业收入的比例不低于3％", 19, "the sign %"),
        (f"{RD}在5000万元至2亿元之间", 14, "（含） or （不含）"),
        ("近百年累计研发费用", 1, "a whole number such as 三 or 3"),
        ("近三岁累计研发费用", 2, "年, 个月, 日 or 个会计年度"),
        ("自成立日期起以满一年", 6, "已满, 已有, 未满, 不超过 or 超过"),
        ("成立日期在2023年12月31日之前", 4, "a comparison with a day such as 不晚于"),
        ("成立日期不晚于2023年", 7, "a day such as 2023年12月31日"),
        ("行业代码属于某某", 6, "a code such as C35"),
        ("未被列入某某名单", 4, "the name of a list of enterprises"),
        ("持有有效的某某证书", 5, "the name of a credential"),
        ("是某某企业", 1, "what an enterprise can be"),
        ("具有某某资格", 2, "what an enterprise can have"),
        ("近一年内未发生某某", 7, "the name of an event"),
        ("经认定，某某", 4, "the name of a judgement"),
        ("自某某起已满一年", 1, "the name of a date"),
        ("是居民企业；具有独立法人资格", 5, "the end of the sentence"),
        ("是居民企业，且某某", 7, "a condition"),
        ("不满足“是居民企业", 9, "”"),
    ],
)
def test_position_and_expectation(sentence: str, position: int, expected: str) -> None:
    error = refused(sentence)
    assert error.position == position
    assert expected in [str(each) for each in error.expected]
    if sentence:
        assert expected in str(error) or len(error.expected) > expecting.MAX_SAID


def test_every_expectation_has_its_chinese() -> None:
    named = [noun.msgid for noun, _ in expecting._PHRASES] + [
        expecting._PER_CENT.msgid,
        expecting.UnitOf(term="", unit="", units="").msgid,
    ]
    assert [each for each in named if re.search("[a-z]{2}", each) and each not in CATALOGUE] == []
    error = refused(f"{RD}不低于100")
    assert (
        translate(error.msgid, "zh", error.params)
        == "句子不完整。此处应为：“研发费用”的单位：元、万元、亿元（“研发费用”以元计）。"
    )


MEANINGLESS = [
    ("上年度研发费用不低于3人", "人"),
    ("上年度职工人数不低于3万元", "万元"),
    ("上年度研发费用与职工人数之和不低于3万元", "职工人数"),
    ("上年度研发费用占职工人数的比例不低于3%", "职工人数"),
    ("上年度实缴税额与用地面积之比不低于15万元", "万元"),
    ("上年度实缴税额与用地面积之比不低于15万元/人", "万元/人"),
    ("研发费用不低于100万元", "研发费用"),
    ("上年度用地面积不低于20亩", "用地面积"),
    ("近三年累计用地面积不低于20亩", "用地面积"),
    ("近三年累计研发费用加计比不低于20%", "研发费用加计比"),
    ("近三十年累计研发费用不低于100万元", ""),
    ("用地面积占同期研发费用的比例不低于3%", "研发费用"),
    ("已缴资本占同期研发费用的比例不低于3%", "研发费用"),
    ("近三年累计研发费用占同期营业收入的比例不低于3%", "营业收入"),
    ("上年度研发费用占同期营业收入总额的比例不低于3%", "营业收入"),
    ("上年度研发费用、本年度营业收入与利润之和不低于3元", "利润"),
    ("营业收入同比增长不低于20%", "营业收入"),
    ("已缴资本同比增长不低于20%", "已缴资本"),
    ("上年度营业收入在2亿元（不含）至5000万元（含）之间", "2亿元"),
    ("上年度营业收入在2亿元（不含）至2亿元（含）之间", "2亿元"),
    ("上年度研发费用加计比超过100%", "100%"),
    ("上年度职工人数少于0人", "0人"),
    ("上年度职工人数不低于20000000人", "20000000人"),
    ("上年度研发费用占营业收入的比例低于0%", "0%"),
    ("上年度营业收入同比增长不超过-100.5%", "-100.5%"),
    ("上年度职工人数不低于2.5人", "2.5人"),
    ("上年度研发费用不低于0.001元", "0.001元"),
    ("行业代码属于C99", "C99"),
    ("行业代码属于C26、C26", "C26"),
    ("未被列入经营异常名录、经营异常名录", "经营异常名录"),
    ("成立日期不晚于2023年2月30日", "2023年2月30日"),
    ("自成立日期起已满201年", ""),
    ("满足下列至少三项：是居民企业；具有独立法人资格", ""),
    ("已缴资本不低于【研发投入强度下限】", "研发投入强度下限"),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "about"), MEANINGLESS)
def test_what_reads_well_and_means_nothing_is_refused_where_it_stands(sentence: str, about: str) -> None:
    error = refused(sentence)
    assert error.position is not None
    assert sentence[error.position :].startswith(about)
    assert about or error.position in (0, len("满足下列至少"))


@pytest.mark.parametrize(
    "sentence",
    [
        "上年度研发费用加计比不超过100%",
        "上年度研发费用占营业收入的比例超过120%",  # a part may exceed what it is held against
        "上年度研发费用占营业收入的比例等于0%",
        "上年度利润低于0元",
        "上年度利润减去研发费用的差额不低于-5万元",
        "上年度营业收入同比增长不低于-100%",
        "近三年平均职工人数不低于2.5人",
        "上年度研发费用不低于0.01元",
        "行业代码属于C2651",  # the classification is known down to C26
        "上年度营业收入在2亿元（含）至2亿元（含）之间",
    ],
)
def test_what_can_be_met_is_not_refused(sentence: str) -> None:
    assert print_chinese(parse(sentence, WORDS), WORDS) == sentence


def test_units_that_differ_have_an_error_of_their_own() -> None:
    with pytest.raises(UnitMismatchError, match="万元、亿元"):
        parse("上年度研发费用不低于3人", WORDS)


def test_codes_are_known_down_to_the_depth_of_the_table() -> None:
    known = frozenset({"C", "C26", "C27"})
    assert [code for code in ("C", "C26", "C2651", "C99", "X1", "C2") if is_known_code(code, known)] == [
        "C",
        "C26",
        "C2651",
    ]
    assert is_known_code("anything", None)


REVENUE = Reading("revenue", Period.LAST_YEAR)
MONEY = Amount(Decimal(1), "万元")
PERCENT = Amount(Decimal(1), "%")
ILL_FORMED: list[Expression] = [
    Every(()),
    Every((Flag("resident"),)),
    AtLeast(Number(0), (Flag("resident"), Flag("person"))),
    AtLeast(Number(100, in_words=True), (Flag("resident"),) * 150),
    Every((Flag("resident"),) * 201),
    Compare(Sum((REVENUE,)), Comparison.ABOVE, MONEY),
    Compare(Sum((REVENUE, Gathered("tax", Span(Number(3)), Gathering.TOGETHER))), Comparison.ABOVE, MONEY),
    Compare(Reading("revenue", Period.UNSAID), Comparison.ABOVE, MONEY),
    Compare(Reading("revenue", Period.SAME), Comparison.ABOVE, MONEY),
    Compare(Reading("revenue"), Comparison.ABOVE, MONEY),
    Compare(Reading("founded"), Comparison.ABOVE, MONEY),
    Compare(Scored("没有这张表"), Comparison.ABOVE, MONEY),
    Compare(REVENUE, Comparison.ABOVE, Amount(Decimal("NaN"), "万元")),
    Compare(REVENUE, Comparison.ABOVE, Amount(Decimal("Infinity"), "万元")),
    Compare(Reading("profit", Period.LAST_YEAR), Comparison.ABOVE, Amount(Decimal("-0"), "万元")),
    Compare(REVENUE, Comparison.ABOVE, Amount(Decimal("1E+30"), "元")),
    Compare(REVENUE, Comparison.ABOVE, Amount(Decimal("1.0000000"), "万元")),
    Compare(REVENUE, Comparison.ABOVE, Amount(Decimal(1), "吊")),
    Compare(REVENUE, Comparison.ABOVE, Amount(Decimal(1), "")),
    Share(REVENUE, Gathered("tax", None, Gathering.TOTAL), Comparison.ABOVE, PERCENT),
    Elapsed("revenue", Duration.FULL, Number(1), TimeUnit.YEARS),
    Elapsed("founded", Duration.FULL, Number(0), TimeUnit.YEARS),
    Aged("born", Duration.FULL, Number(100, in_words=True)),
    CompareDay("founded", DayComparison.LATER, date(2200, 1, 1)),
    Happened("founded", date(2020, 1, 1), True),
    Happened("accident", date(1899, 1, 1), True),
    Flag("abnormal"),
    Holds("resident"),
    InCodes("industry"),
    InCodes("industry", "重点产业目录（2024）", ("C26",)),
    InCodes("industry", "", ("C26、C27",)),
    Listed(()),
    ClauseRef("no id"),
    ClauseRef(""),
]


@pytest.mark.parametrize("tree", ILL_FORMED, ids=lambda tree: type(tree).__name__)
def test_a_tree_that_no_sentence_says_is_refused(tree: Expression) -> None:
    for asked in (check, print_chinese, render_english):
        with pytest.raises(ClausesError):
            asked(tree, WORDS)


def test_a_deep_tree_is_refused_and_one_just_as_deep_as_may_be_is_not() -> None:
    tree: Expression = Flag("resident")
    for _ in range(MAX_DEPTH):
        tree = Not(tree)
    assert parse(print_chinese(tree, WORDS), WORDS) == tree
    with pytest.raises(SentenceError):
        print_chinese(Not(tree), WORDS)
    for _ in range(100_000):
        tree = Not(tree)
    with pytest.raises(SentenceError):
        check(tree, WORDS)


def test_200_conditions_are_read_and_201_are_not() -> None:
    assert parse("，且".join(["是居民企业"] * 200), WORDS) == Every((Flag("resident"),) * 200)
    assert "200" in str(refused("，且".join(["是居民企业"] * 201)))


@pytest.mark.parametrize(
    "sentence",
    [
        "（" * 100_000,
        "不满足“" * 1_000,
        "不满足“" * 900 + "是居民企业" + "”" * 900,
        "上年度" * 1_333,
        "研发费用、" * 800,
        "是居民企业，且" * 571,
        "9" * 4_000,
        f"{RD}不低于{'9' * 3_900}万元",
        "\x00是居民企业",
        "是居民企业\u202e",
        "是居\u200b民企业",
        "是居民企业\n，且是居民企业",
        "⺏居民企业",
        "是居民企业，且" + "𠀀" * 3_900,
        "is resident",
        "{0}{name}%s",
        "，" * 4_000,
        "占" * 4_000,
        "按出生日期计算已满" * 400,
        "\ud800",
    ],
    ids=range(20),
)  # fmt: skip
def test_hostile_sentences_are_refused_like_any_other(sentence: str) -> None:
    error = refused(sentence)
    assert error.position is not None
    assert 0 <= error.position <= len(sentence)
    assert len(str(error)) < 1_000
    assert translate(error.msgid, "zh", error.params)


def test_a_sentence_of_the_length_that_may_be_is_looked_at() -> None:
    assert refused("是" * (MAX_LENGTH + 1)).position == MAX_LENGTH
    assert refused("是" * MAX_LENGTH).position == 1


def refusal_of(sentence: str) -> SentenceError | None:
    try:
        parse(sentence, WORDS)
    except SentenceError as error:
        return error
    return None


@RELAXED
@given(st.text(max_size=60) | st.lists(PIECES, max_size=8).map("".join))
def test_whatever_is_refused_is_refused_in_words(sentence: str) -> None:
    error = refusal_of(sentence)
    if error is not None:
        assert error.position is not None
        assert 0 <= error.position <= len(sentence)
        assert str(error)
        if error.nearest:
            assert print_chinese(parse(error.nearest, WORDS), WORDS) == error.nearest
            assert error.nearest != sentence


@RELAXED
@given(trees.leaves(), st.data())
def test_one_slip_of_the_pen_is_put_right_or_left(leaf: Expression, data: st.DataObject) -> None:
    """Never into a sentence that is further away than the slip."""
    sentence = print_chinese(leaf, WORDS)
    at = data.draw(st.integers(0, len(sentence) - 1))
    slipped = sentence[:at] + data.draw(st.sampled_from(["", "某", sentence[at] * 2])) + sentence[at + 1 :]
    error = refusal_of(slipped)
    if error is not None and error.nearest:
        assert distance(error.nearest, slipped) <= max(8, len(slipped) // 3)


@RELAXED
@given(trees.leaves(), st.data())
def test_the_nearest_sentence_has_the_same_figures_and_denials(leaf: Expression, data: st.DataObject) -> None:
    sentence = print_chinese(leaf, WORDS)
    at = data.draw(st.integers(0, len(sentence) - 1))
    slipped = sentence[:at] + data.draw(st.sampled_from(["", "某", "人", "年度"])) + sentence[at + 1 :]
    error = refusal_of(slipped)
    if error is not None and error.nearest and "《" not in sentence:  # the name of a list may have figures
        for meant in ("[0-9.]", "[不未]", "[低超]"):
            assert re.findall(meant, error.nearest) == re.findall(meant, slipped)


def test_looking_for_the_nearest_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    stop = Language.stop
    monkeypatch.setattr(Language, "stop", lambda self, text: calls.append(text) or stop(self, text))
    for sentence in ("上年度" * 130, "研发费用、" * 80, "占" * 400, "是居民企业，且" * 57, "研费与" * 133):
        calls.clear()
        refused(sentence)
        assert len(calls) <= 2 + 2 * MAX_REPAIRS * 2 * 9
        assert max(map(len, calls)) <= 2 * len(sentence)
    calls.clear()
    refused("是居民企业，且" * 100)
    assert len(calls) <= 4, "of a long sentence the words are not compared"


def test_distance_counts_characters() -> None:
    assert distance("研发费用", "研发费") == 1
    assert distance("", "研发费") == 3
    assert distance("不低于", "不得低于") == 1
    assert distance("应税收入", "营业收人") == 3


def vocabulary(*names: str, kind: Kind = Kind.MONEY, **more: str) -> Vocabulary:
    return Vocabulary(
        terms=tuple(Term(id=f"t{at}", chinese=each, english="x", kind=kind, **more) for at, each in enumerate(names))  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    "names",
    [
        ("用地面积", "占用地面积"),
        ("研发费用", "研发费用总额"),
        ("工资", "平均工资"),
        ("工资", "累计工资"),
        ("工资", "近三年工资"),
        ("收入", "同期收入"),
        ("收入", "上年度收入"),
        ("甲", "甲与甲之和"),
        ("不满足", "甲"),
        ("在",),
        ("被列入黑名单",),
        ("甲，乙",),
        ("甲 乙",),
        ("甲“乙”",),
        ("",),
        ("长" * 61,),
        ("营业\u200b收入",),
        ("营业收⼊",),  # a radical that looks like 入
        ("\uf900收",),  # a double of 豈
        ("收入\ufe00",),
        ("收入\u202e",),
    ],
)
def test_names_that_could_be_other_words_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(VocabularyError):
        parse("是", vocabulary(*names))


@pytest.mark.parametrize(
    "names", [("研发费用", "研发费用占比"), ("占地面积", "面积"), ("已缴税额", "税额"), ("在研项目", "项目")]
)
def test_names_that_only_look_like_other_words_are_read(names: tuple[str, ...]) -> None:
    known = vocabulary(*names)
    for name in names:
        for other in names:
            sentence = f"{name}占{other}的比例超过3%"
            assert print_chinese(parse(sentence, known), known) == sentence


def test_only_figures_are_asked_by_year() -> None:
    known = Vocabulary(terms=(Term(id="a", chinese="规模以上企业", english="x", kind=Kind.FLAG, annual=True),))
    assert refused("是规模以上企业", known).position == 1


def test_a_unit_with_two_meanings_is_refused() -> None:
    with pytest.raises(VocabularyError):
        parse("是", vocabulary("甲", kind=Kind.COUNT, unit="元"))
    ton = Term(id="a", chinese="甲", english="x", kind=Kind.NUMBER, unit="吨", places=0)
    with pytest.raises(VocabularyError):
        parse("是", Vocabulary(terms=(ton, replace(ton, id="b", chinese="乙", places=2))))
    with pytest.raises(VocabularyError):
        parse("是", vocabulary("甲", kind=Kind.COUNT, unit="3人"))


def test_names_are_read_longest_first_whatever_their_kind() -> None:
    known = Vocabulary(
        terms=(
            Term(id="day", chinese="成立日期", english="x", kind=Kind.DATE),
            Term(id="n", chinese="成立日期数", english="x", kind=Kind.COUNT, unit="个"),
        )
    )
    assert parse("成立日期数超过3个", known) == Compare(Reading("n"), Comparison.ABOVE, Amount(Decimal(3), "个"))
    assert isinstance(parse("成立日期晚于2020年1月1日", known), CompareDay)


def test_what_stands_in_brackets_may_have_spaces_and_signs() -> None:
    scores = "得分（GB/T 4754-2017），甲、乙"
    known = Vocabulary(terms=(), tables={scores: "分"}, parameters=("下限 1%",))
    sentence = f"按《{scores}》计算的得分不低于【下限 1%】"
    assert print_chinese(parse(sentence, known), known) == sentence


def test_a_vocabulary_of_5000_names_is_read_with() -> None:
    known = vocabulary(*(f"指标甲{'甲乙丙丁戊'[at % 5]}{at:04d}号" for at in range(5_000)))
    sentence = "指标甲甲0000号不低于3元"
    assert print_chinese(parse(sentence, known), known) == sentence
    with pytest.raises(VocabularyError):
        parse(sentence, vocabulary(*(f"第{at}" for at in range(5_001))))


@pytest.mark.parametrize("number", ["9999999999999999999亿", "0.1234567万", "1234567890123456789"])
def test_a_number_with_too_many_digits_is_called_that(number: str) -> None:
    assert str(refused(f"上年度研发费用不低于{number}元")) == (
        "A number has at most 18 digits before the point and 6 behind it."
    )


def test_what_is_expected_is_said_in_words() -> None:
    said = str(refused("上年度研发费用不低于3万元甲"))
    assert "what it is for each of, such as /亩" in said
    assert "/" not in said.replace("/亩", "")
