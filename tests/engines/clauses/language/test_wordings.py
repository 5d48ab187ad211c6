"""Every form of the guide is read, printed as it stands, and said in English; and no form is missing there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from tests.engines.clauses.words import WORDS

from zonary.engines.clauses import expressions, quantities
from zonary.engines.clauses.expressions import Expression
from zonary.engines.clauses.language import parse, print_chinese, render_english
from zonary.engines.clauses.language.grammar import fixed_words
from zonary.engines.clauses.language.numerals import MAX_IN_WORDS, figure, from_words, in_words
from zonary.engines.clauses.language.numerals import WORDS as NUMERALS
from zonary.engines.clauses.vocabulary import Frame

GUIDE = Path(__file__).resolve().parents[4] / "docs" / "guide"
ROW = re.compile(r"^\| (?!Sentence|句子|-)(.+?) \| (.*?) ?\|$", re.MULTILINE)
ENGLISH = dict(ROW.findall((GUIDE / "en" / "writing-rules.md").read_text("utf-8")))
CHINESE = [sentence for sentence, _ in ROW.findall((GUIDE / "zh" / "writing-rules.md").read_text("utf-8"))]


@pytest.mark.parametrize("sentence", ENGLISH)
def test_an_example_of_the_guide_is_read_and_says_what_stands_beside_it(sentence: str) -> None:
    expression = parse(sentence, WORDS)
    assert print_chinese(expression, WORDS) == sentence
    assert render_english(expression, WORDS) == ENGLISH[sentence]


def test_both_guides_have_the_same_examples() -> None:
    assert list(ENGLISH) == CHINESE
    assert len(ENGLISH) > 60


def inside(thing: Any) -> Iterator[Any]:
    """Everything a tree is made of."""
    yield thing
    if isinstance(thing, tuple):
        for each in thing:
            yield from inside(each)
    elif hasattr(thing, "__dataclass_fields__"):
        for name in thing.__dataclass_fields__:
            yield from inside(getattr(thing, name))


def test_the_guide_has_every_node_and_every_wording() -> None:
    found = [each for sentence in ENGLISH for each in inside(parse(sentence, WORDS))]
    nodes = {
        kind
        for module in (expressions, quantities)
        for kind in vars(module).values()
        if hasattr(kind, "__dataclass_fields__") and kind.__module__ == module.__name__
    }
    assert nodes - {type(each) for each in found} == set()
    wordings: set[Enum] = set()
    for members in (
        expressions.Comparison, expressions.Duration, expressions.DayComparison, expressions.TimeUnit,
        quantities.Period, quantities.Gathering, quantities.YearWord, Frame,
    ):  # fmt: skip
        wordings |= set(members)
    frames = {WORDS.term(each.term).frame for each in found if isinstance(each, expressions.Flag)}
    said = {each for each in found if isinstance(each, Enum)} | frames
    assert wordings - said - {quantities.Period.SAME} == set()


def test_the_guide_has_every_word_of_the_language() -> None:
    """Two denials are named beside their affirmations."""
    text = "".join(CHINESE)
    assert {word for word in fixed_words() if word not in text} == {"不具有", "未持有有效的"}


@pytest.mark.parametrize(
    ("sentence", "english"),
    [
        ("不具有独立法人资格", "the enterprise does not have independent legal personality"),
        ("未持有有效的高新技术企业证书", "the enterprise does not hold a valid high-tech enterprise certificate"),
        ("被列入经营异常名录", "the enterprise is on the list of abnormal operations"),
        ("未被列入经营异常名录", "the enterprise is not on the list of abnormal operations"),
        ("行业代码属于C26、C39", "the industry code belongs to one of C26 and C39"),
        ("行业代码不属于C26、C39", "the industry code belongs to none of C26 and C39"),
        ("行业代码不属于C26", "the industry code does not belong to C26"),
        ("近六个月内发生过重大安全事故", "at least one serious safety accident has occurred within the last 6 months"),
        ("近一年内未发生重大安全事故", "no serious safety accident has occurred within the last year"),
        ("自成立日期起已满一年", "at least 1 year has passed since the date of establishment"),
        ("在研人员数等于1人", "the figure for research staff is exactly 1 person"),
        (
            "上年度研发费用占同期营业收入的比例超过2.50%",
            "the share of R&D expenses in the previous year in operating revenue in the same period is more than 2.50%",
        ),
        ("上年度研发费用不低于1.50万元", "the figure for R&D expenses in the previous year is at least 15,000 yuan"),
        (
            "满足下列至少一项：是居民企业；具有独立法人资格",
            "at least 1 of the following holds: (1) the enterprise is a resident enterprise; "
            "(2) the enterprise has independent legal personality",
        ),
        (
            "上年度利润同比增长超过-5%",
            "the growth of profit in the previous year against the year before that is more than -5%",
        ),
    ],
)  # fmt: skip
def test_english_is_whole_and_grammatical(sentence: str, english: str) -> None:
    expression = parse(sentence, WORDS)
    assert print_chinese(expression, WORDS) == sentence
    assert render_english(expression, WORDS) == english


@pytest.mark.parametrize(
    ("loose", "grouped"),
    [
        # Joints belong together as they are bracketed, and a sentence without the brackets is another one or none.
        (
            "是居民企业，且具有独立法人资格，且已建立研发准备金制度",
            "（是居民企业，且具有独立法人资格），且已建立研发准备金制度",
        ),
        (
            "是居民企业的，具有独立法人资格，且已建立研发准备金制度",
            "（是居民企业的，具有独立法人资格），且已建立研发准备金制度",
        ),
        (
            "满足下列至少两项：是居民企业；具有独立法人资格；已建立研发准备金制度",
            "满足下列至少一项：（满足下列至少两项：是居民企业；具有独立法人资格）；已建立研发准备金制度",
        ),
    ],
)
def test_brackets_make_another_rule(loose: str, grouped: str) -> None:
    one, other = parse(loose, WORDS), parse(grouped, WORDS)
    assert one != other
    assert print_chinese(one, WORDS) == loose
    assert print_chinese(other, WORDS) == grouped


def test_the_latest_joint_of_a_consequence_belongs_to_it() -> None:
    found: Expression = parse("是居民企业的，具有独立法人资格，或者已建立研发准备金制度", WORDS)
    assert isinstance(found, expressions.IfThen)
    assert isinstance(found.conclusion, expressions.Some)


def test_small_numbers_have_one_spelling() -> None:
    spelled = [in_words(number) for number in range(1, MAX_IN_WORDS + 1)]
    assert [from_words(each) for each in spelled] == list(range(1, MAX_IN_WORDS + 1))
    assert all(re.fullmatch(NUMERALS, each) for each in spelled)
    assert spelled[:3] + spelled[9:12] + spelled[21:22] == ["一", "两", "三", "十", "十一", "十二", "二十二"]
    assert [each for each in ("二", "一十", "十两", "零", "两十") if re.fullmatch(NUMERALS, each)] == []


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("十", "10"),
        ("二百", "200"),
        ("两百零五", "205"),
        ("一千", "1000"),
        ("三千零二十一", "3021"),
        ("十五", "15"),
        ("五", "5"),
    ],
)
def test_figures_in_words_are_understood_for_the_nearest_sentence(words: str, digits: str) -> None:
    assert figure(words) == digits
