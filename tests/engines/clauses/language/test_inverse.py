"""The sentence is the rule: reading and printing undo each other, and no sentence can be read in two ways."""

from __future__ import annotations

import logging
import re
from decimal import Decimal

import lark
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines.clauses import trees
from tests.engines.clauses.words import WORDS

from zonary.engines.clauses.errors import ClausesError, VocabularyError
from zonary.engines.clauses.expressions import (
    Compare,
    Comparison,
    Edge,
    Expression,
    Flag,
    Happened,
    Listed,
    PerUnit,
    Range,
    Share,
    TimeUnit,
    leaves_of,
    quantities_of,
)
from zonary.engines.clauses.language import check, parse, print_chinese
from zonary.engines.clauses.language.grammar import fixed_words, grammar
from zonary.engines.clauses.language.names import patterns
from zonary.engines.clauses.periods import readings_of, spelled_out
from zonary.engines.clauses.quantities import Amount, Gathered, Gathering, Number, Period, Reading, Span, Sum
from zonary.engines.clauses.vocabulary import Frame, Kind, Term, Vocabulary

RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


def written(expression: Expression) -> list[str]:
    """Every number as it stands: 3.0 equals 3, and is not written like it."""
    found = []
    for leaf in leaves_of(expression):
        if isinstance(leaf, Compare | Share | PerUnit) and isinstance(leaf.bound, Amount):
            found.append(str(leaf.bound.number))
        if isinstance(leaf, Range):
            found.extend(str(each.bound.number) for each in (leaf.low, leaf.high) if isinstance(each.bound, Amount))
    return found


@RELAXED
@given(trees.leaves() | trees.clause_refs())
def test_a_condition_is_read_back_as_it_was(leaf: Expression) -> None:
    sentence = print_chinese(leaf, WORDS)
    assert parse(sentence, WORDS) == leaf
    assert print_chinese(parse(sentence, WORDS), WORDS) == sentence


@RELAXED
@given(trees.expressions() | trees.expressions(trees.clause_refs()))
def test_a_rule_is_read_back_as_it_was(expression: Expression) -> None:
    sentence = print_chinese(expression, WORDS)
    again = parse(sentence, WORDS)
    assert again == expression
    assert [Decimal(each) for each in written(again)] == [Decimal(each) for each in written(expression)]
    assert print_chinese(again, WORDS) == sentence


PIECES = st.sampled_from(
    [*fixed_words(), *(each.chinese for each in WORDS.terms), *WORDS.units, *(f"《{each}》" for each in WORDS.tables),
     *(f"【{each}】" for each in WORDS.parameters), "《重点产业目录（2024）》", "100", "3.0", "-2", "三", "3",
     "2023年12月31日", "2023年2月30日", "C26", "c1"]
)  # fmt: skip


@RELAXED
@given(st.lists(PIECES, max_size=12).map("".join))
def test_whatever_is_read_is_printed_as_it_stood(sentence: str) -> None:
    try:
        expression = parse(sentence, WORDS)
    except ClausesError:
        return
    assert print_chinese(expression, WORDS) == sentence


@RELAXED
@given(trees.expressions(), st.data())
def test_a_sentence_that_was_changed_is_another_or_none(expression: Expression, data: st.DataObject) -> None:
    """What is read of it is never the tree it was: there are no two wordings of one tree."""
    sentence = print_chinese(expression, WORDS)
    at = data.draw(st.integers(0, len(sentence) - 1))
    kind = data.draw(st.sampled_from(["out", "in", "twice"]))
    piece = {"out": "", "in": data.draw(PIECES) + sentence[at], "twice": sentence[at] * 2}[kind]
    changed = sentence[:at] + piece + sentence[at + 1 :]
    try:
        again = parse(changed, WORDS)
    except ClausesError:
        return
    assert print_chinese(again, WORDS) == changed
    if changed != sentence:
        assert again != expression or written(again) != written(expression)


def earley(vocabulary: Vocabulary) -> lark.Lark:
    """The same grammar read by an algorithm that finds every parse, and tries every division into words.

    Without the look-ahead by which the quick reader takes the longest name.
    """
    shortest = {terminal: re.sub(r"\(\?![^()]+\)", "", pattern) for terminal, pattern in patterns(vocabulary).items()}
    return lark.Lark(
        grammar(shortest), parser="earley", lexer="dynamic_complete", ambiguity="explicit", maybe_placeholders=True
    )


SLOWLY = earley(WORDS)


@settings(RELAXED, max_examples=40)
@given(trees.expressions())
def test_no_sentence_has_two_parses(expression: Expression) -> None:
    sentence = print_chinese(expression, WORDS)
    if len(sentence) <= 300:
        found = SLOWLY.parse(sentence)
        assert not list(found.find_data("_ambig")), sentence


def test_the_grammar_leaves_no_choice_to_the_parser(caplog: pytest.LogCaptureFixture) -> None:
    """lark settles what LALR(1) leaves open by itself, and only says so in its log."""
    with caplog.at_level(logging.DEBUG, logger="lark"):
        lark.Lark(grammar(patterns(WORDS)), parser="lalr", lexer="contextual", debug=True)
    assert [each.getMessage() for each in caplog.records if "onflict" in each.getMessage()] == []


def test_a_choice_left_to_the_parser_would_be_seen(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="lark"):
        lark.Lark('start: a\na: "x" | a "y" a | a "z" a', parser="lalr", debug=True)
    assert [each for each in caplog.records if "onflict" in each.getMessage()]


FRAGMENTS = st.sampled_from(
    ["累计", "平均", "总额", "之和", "占", "与", "已", "未", "被列入", "年", "内", "在", "不", "的", "同期", "达到"]
)
PLAIN = st.sampled_from(["研发", "费用", "工资", "收入"])
NAMES = st.one_of(
    PLAIN,
    st.tuples(FRAGMENTS, PLAIN),
    st.tuples(PLAIN, FRAGMENTS),
    st.tuples(PLAIN, FRAGMENTS, PLAIN),
    st.tuples(PLAIN, PLAIN),
).map("".join)


@pytest.mark.slow
@settings(RELAXED, max_examples=40)
@given(st.lists(NAMES, min_size=2, max_size=4, unique=True), st.data())
def test_names_like_words_of_the_language_are_refused_or_read_in_one_way(names: list[str], data: st.DataObject) -> None:
    terms = [
        Term(id=f"t{at}", chinese=name, english="x", **data.draw(st.sampled_from(SORTS)))
        for at, name in enumerate(names)
    ]
    vocabulary = Vocabulary(terms=tuple(terms))
    try:
        patterns(vocabulary)
    except VocabularyError:
        return
    slow = earley(vocabulary)
    for one in terms:
        other = data.draw(st.sampled_from(terms))
        for leaf in forms(one, other):
            try:
                check(leaf, vocabulary)
            except ClausesError:
                continue
            sentence = print_chinese(leaf, vocabulary)
            assert parse(sentence, vocabulary) == leaf
            assert not list(slow.parse(sentence).find_data("_ambig")), sentence


SORTS: list[dict[str, object]] = [
    {"kind": Kind.MONEY, "annual": True},
    {"kind": Kind.MONEY},
    {"kind": Kind.FLAG, "frame": Frame.DONE},
    {"kind": Kind.FLAG, "frame": Frame.IS},
    {"kind": Kind.LISTING},
    {"kind": Kind.EVENT},
]


def forms(one: Term, other: Term) -> list[Expression]:
    """Conditions in which the two names stand beside the words they might run into."""
    bound, ten = Amount(Decimal(5), "万元"), Amount(Decimal(10), "%")
    if one.kind is Kind.FLAG:
        return [Flag(one.id), Flag(one.id, True)]
    if one.kind is Kind.LISTING:
        return [Listed((one.id,)), Listed((one.id,), True)]
    if one.kind is Kind.EVENT:
        return [Happened(one.id, (Number(3, True), TimeUnit.YEARS), True)]
    period = Period.LAST_YEAR if one.annual else Period.NONE
    first = Reading(one.id, period)
    if other.kind is not Kind.MONEY:
        return [Compare(first, each, bound) for each in Comparison]
    second = Reading(other.id, Period.LAST_YEAR if other.annual else Period.NONE)
    gathered = [Gathered(one.id, Span(Number(3, True)), each) for each in Gathering]
    return [
        *(Compare(each, Comparison.UPWARDS, bound) for each in (first, *gathered)),
        Share(first, second, Comparison.ABOVE, ten),
        Compare(Sum((first, second)), Comparison.NOT_BELOW, bound),
        Range(first, Edge(bound, True), Edge(Amount(Decimal(9), "亿元"), False)),
    ]


@RELAXED
@given(trees.measured().filter(trees.has_meaning))
def test_spelled_out_a_condition_says_each_year(leaf: Compare) -> None:
    said = [each for quantity in quantities_of(spelled_out(leaf)) for each in readings_of(quantity)]
    assert all(each.period not in (Period.SAME, Period.UNSAID) for each in said if isinstance(each, Reading))
    assert all(each.span is not None for each in said if isinstance(each, Gathered))
