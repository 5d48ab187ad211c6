"""Passages of a document that are sentences already are found, and none that would say something else alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.clauses import trees
from tests.engines.clauses.language.test_inverse import PIECES, RELAXED
from tests.engines.clauses.words import WORDS

from zonary.engines.clauses.expressions import Expression
from zonary.engines.clauses.language import MAX_OFFERED_TEXT, offered, parse, print_chinese

DOCUMENT = """第三条　申报企业应当同时符合下列条件：
（一）具有独立法人资格，信用状况良好；
（二）自成立日期起已满一年；
（三）企业上年度研发费用占营业收入的比例不低于3%，且上年度营业收入不低于2000万元；
（四）满足下列至少两项：发明专利数不少于1项；上年度职工人数不少于20人；持有有效的高新技术企业证书；
（五）未被列入经营异常名录、严重违法失信名单。
四、其他事项由主管部门解释。"""


def passages(text: str) -> list[str]:
    return [text[each.start : each.end] for each in offered(text, WORDS)]


def test_the_sentences_of_a_document_are_found_where_they_stand() -> None:
    assert passages(DOCUMENT) == [
        "具有独立法人资格",
        "自成立日期起已满一年",
        "上年度研发费用占营业收入的比例不低于3%，且上年度营业收入不低于2000万元",
        "满足下列至少两项：发明专利数不少于1项；上年度职工人数不少于20人；持有有效的高新技术企业证书",
        "未被列入经营异常名录、严重违法失信名单",
    ]
    for each in offered(DOCUMENT, WORDS):
        assert each.expression == parse(DOCUMENT[each.start : each.end], WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "是居民企业或者属于小微企业。",  # one of two choices
        "属于小微企业，或者是居民企业。",
        "符合国家规定，或是居民企业。",
        "从事生产的，上年度研发费用不低于100万元。",  # asked of some only
        "除上述情形外，是居民企业。",
        "满足以下任一项，是居民企业。",
        "符合下列条件任一项：\n（一）是居民企业；\n（二）上年度研发费用不低于100万元。\n\n（三）属于小微企业。",
        "应当符合下列条件之一：是居民企业；属于小微企业。",
        "不得有下列情形之一：\n1.是居民企业；\n2.属于小微企业。",
        "其中两项：（一）是居民企业；\n（二）属于小微企业。",
        "如注册在片区内，上年度研发费用不低于100万元。",
        "上年度研发费用不低于100万元的企业，可以申报。",  # goes on
        "未被列入经营异常名录、黑名单。",  # half a list
        "不是我们所说的是居民企业。",  # not at a mark
        "上年度研发费用不低于100万元或者更多。",
        "上年度研发费用不低于100万元，但初创企业除外。",
        "上年度研发费用不低于3人。",  # no meaning
    ],
)
def test_what_would_say_something_else_alone_is_not_offered(text: str) -> None:
    assert passages(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "（一）符合下列条件之一：\n1.是居民企业；\n2.属于小微企业。\n（二）上年度研发费用不低于100万元。",
        "（一）符合下列条件之一：是居民企业；属于小微企业。\n（二）上年度研发费用不低于100万元。",
        "符合下列条件之一的，给予奖励：另行公布。\n第三条　上年度研发费用不低于100万元。",
    ],
)
def test_what_stands_behind_a_choice_is_offered(text: str) -> None:
    assert passages(text) == ["上年度研发费用不低于100万元"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("是居民企业", ["是居民企业"]),
        ("1.是居民企业；2.具有独立法人资格", ["是居民企业", "具有独立法人资格"]),
        ("（1）是居民企业；\n(2) 具有独立法人资格。", ["是居民企业", "具有独立法人资格"]),
        ("是居民企业，具有独立法人资格", ["是居民企业", "具有独立法人资格"]),
        ("是居民企业，且信用良好", ["是居民企业"]),
        ("企业应具有独立法人资格", ["具有独立法人资格"]),
        ("", []),
        ("。；，、\n" * 10, []),
    ],
)
def test_marks_numbers_and_subjects_are_where_a_sentence_begins(text: str, found: list[str]) -> None:
    assert passages(text) == found


@RELAXED
@given(st.lists(trees.expressions(trees.leaves()), min_size=1, max_size=3))
def test_every_rule_in_a_list_is_offered_whole(rules: list[Expression]) -> None:
    sentences = [print_chinese(each, WORDS) for each in rules]
    text = "\n".join(f"（{at}）{sentence}。" for at, sentence in enumerate(sentences, 1))
    found = passages(text)
    assert [each for each in sentences if len(each) < 500 and each not in found] == []


@RELAXED
@given(st.lists(PIECES | st.sampled_from(list("。；，、\n企业")), max_size=30).map("".join))
def test_offers_do_not_overlap_and_are_sentences(text: str) -> None:
    behind = 0
    for each in offered(text, WORDS):
        assert behind <= each.start < each.end <= len(text)
        assert print_chinese(each.expression, WORDS) == text[each.start : each.end]
        behind = each.end


@pytest.mark.parametrize(
    "text", ["，" * 200_000, "是居民企业，" * 30_000, "上年度" * 60_000, "，除" * 50_000, "\n1." * 60_000]
)
def test_only_so_much_of_a_document_is_looked_at(text: str) -> None:
    assert all(each.end <= MAX_OFFERED_TEXT for each in offered(text, WORDS))
