"""The text of a document: what is kept of it, where its parts stand, and where quoted words are found."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zonary.services.incentives.library import rules
from zonary.services.incentives.library.rules import CircularRepealError, WrongDocumentError
from zonary.services.incentives.library.showing import shown_lines

TEXT = """示范办法
第一章　总则
第一条　为支持研发，制定本办法。
第二条　申报企业应当符合下列条件：
（一）具有独立法人资格；
1.注册地在片区；
2.纳税地在片区；
（二）上年度研发费用
不低于100万元。
第三条　第二条规定的条件由管委会核验。
第三条之一　另有规定的，从其规定。
附件1
一、说明
（一）本表一式两份。
附件2
一、说明"""

_DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """As laws write it, below 1000."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def anchors(text: str) -> list[str]:
    return [each.anchor for each in rules.articles_of(rules.normalised(text))]


def test_numbered_parts_have_anchors_that_say_where_they_stand() -> None:
    assert anchors(TEXT) == [
        "ch-1", "art-1", "art-2", "art-2-1", "art-2-1-1", "art-2-1-2", "art-2-2", "art-3", "art-3.1",
        "annex-1", "annex-1-sec-1", "annex-1-sec-1-1", "annex-2", "annex-2-sec-1",
    ]  # fmt: skip


def test_a_document_without_articles_is_numbered_by_its_sections() -> None:
    assert anchors("意见\n一、目标\n（一）规模\n二、措施\n（一）奖励\n1. 研发\n（1）当年") == [
        "sec-1", "sec-1-1", "sec-2", "sec-2-1", "sec-2-1-1", "sec-2-1-1-1",
    ]  # fmt: skip


@given(st.integers(1, 999))
def test_chinese_numerals_are_read(number: int) -> None:
    assert rules.number_of(chinese(number)) == rules.number_of(str(number)) == number


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12))
def test_articles_and_their_items_are_all_found_and_cited_back(items: list[int]) -> None:
    text = ""
    for article, count in enumerate(items, 1):
        text += f"第{chinese(article)}条　正文{article}\n"
        text += "".join(f"（{chinese(item)}）第{article}条的{item}\n" for item in range(1, count + 1))
    kept = rules.normalised(text)
    found = rules.articles_of(kept)
    expected = [f"art-{a}" + (f"-{i}" if i else "") for a, count in enumerate(items, 1) for i in range(count + 1)]
    assert [each.anchor for each in found] == expected
    assert all(rules.cited(each.label, found) == each for each in found)
    assert [each.start for each in found] == sorted({each.start for each in found})
    assert all(rules.article_at(found, place) is not None for place in range(len(kept)))


@given(st.text(alphabet="第一二条（）、1.\n 附件章节甲", max_size=200))
def test_whatever_the_text_anchors_are_unique_and_parts_follow_each_other(text: str) -> None:
    if not text.strip():
        return
    kept = rules.normalised(text)
    found = rules.articles_of(kept)
    assert len({each.anchor for each in found}) == len(found)
    assert all(before.end == behind.start for before, behind in itertools.pairwise(found))
    lines = shown_lines(kept, found)
    assert sum(1 for each in lines if each.anchor) == len(found)


@given(st.text(max_size=300))
def test_normalising_twice_changes_nothing_and_line_ends_do_not_matter(text: str) -> None:
    try:
        once = rules.normalised(text)
    except WrongDocumentError:
        return
    assert rules.normalised(once) == once
    assert rules.digest_of(rules.normalised(once.replace("\n", "\r\n"))) == rules.digest_of(once)


@pytest.mark.parametrize(
    ("given_", "said"),
    [(" \n\t", "no text"), ("a\x07b", "Line 1"), ("甲\n乙\u202e", "Line 2"), ("甲" * 200_001, "at most 200000")],
)
def test_what_is_no_text_is_named(given_: str, said: str) -> None:
    with pytest.raises(WrongDocumentError, match=said):
        rules.normalised(given_)


def test_a_file_that_is_not_utf8_names_the_byte() -> None:
    assert rules.decoded("\ufeff办法".encode()) == "办法"
    with pytest.raises(WrongDocumentError, match="byte 1 "):
        rules.decoded("办法".encode("gb18030"))


def test_quoted_words_are_found_over_line_ends_and_in_their_article_first() -> None:
    text = rules.normalised(TEXT)
    parts = rules.articles_of(text)
    first, last = rules.place_of_quote(text, "上年度研发费用不低于100万元") or (0, 0)
    assert text[first:last] == "上年度研发费用\n不低于100万元"
    assert rules.article_at(parts, first) == rules.cited("第二条第（二）项", parts)
    inside = rules.cited("第三条", parts)
    assert inside is not None
    found = rules.place_of_quote(text, "条件", inside)
    assert found is not None
    assert found[0] > inside.start
    assert rules.place_of_quote(text, "上年度研发费用不低于200万元") is None
    assert rules.place_of_quote(text, "") is None


@pytest.mark.parametrize(
    ("citation", "anchor"),
    [
        ("第二条", "art-2"),
        ("第2条第（一）项", "art-2-1"),
        ("第二条第二项", "art-2-2"),
        ("第二条（一）2.", "art-2-1-2"),
        ("第二条第三款", "art-2"),
        ("第三条之一", "art-3.1"),
        ("第二条第（九）项", "art-2"),
    ],
)
def test_citations_lead_to_the_part_or_what_is_around_it(citation: str, anchor: str) -> None:
    found = rules.cited(citation, rules.articles_of(rules.normalised(TEXT)))
    assert found is not None
    assert found.anchor == anchor


def test_a_citation_of_nothing_leads_nowhere() -> None:
    parts = rules.articles_of(rules.normalised(TEXT))
    assert rules.cited("第九十九条", parts) is None
    assert rules.cited("见附图", parts) is None


class Edition:
    def __init__(self, number: int, first: str, last: str = "") -> None:
        self.number, self.first = number, date.fromisoformat(first)
        self.last = date.fromisoformat(last) if last else None


def test_the_edition_in_force_is_the_latest_begun_until_its_end_or_a_repeal() -> None:
    editions = [Edition(1, "2024-01-01"), Edition(2, "2026-01-01", "2026-12-31")]
    on = [rules.edition_on(editions, date.fromisoformat(day)) for day in ("2023-12-31", "2025-12-31", "2026-12-31")]
    assert [each.number if each else None for each in on] == [None, 1, 2]
    assert rules.edition_on(editions, date(2027, 1, 1)) is None  # an ended one never falls back to the one before
    assert rules.edition_on(editions, date(2026, 6, 1), repealed_since=date(2026, 6, 1)) is None
    assert rules.edition_on(editions, date(2026, 5, 31), repealed_since=date(2026, 6, 1)) is editions[1]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12))
def test_repeals_never_come_to_a_circle(pairs: list[tuple[int, int]]) -> None:
    wholly: dict[str, list[str]] = {}
    for repealed, by in pairs:
        try:
            rules.require_no_circle(str(repealed), str(by), wholly)
        except CircularRepealError:
            assert repealed == by or str(repealed) in reached(str(by), wholly)
            continue
        wholly.setdefault(str(repealed), []).append(str(by))
    assert all(each not in reached(each, wholly) for each in wholly)


def reached(start: str, steps: dict[str, list[str]]) -> set[str]:
    """By the slow way: everything that repealed it, over however many others."""
    found = set(steps.get(start, ()))
    for _round in range(len(steps) + 1):
        found |= {further for each in found for further in steps.get(each, ())}
    return found
