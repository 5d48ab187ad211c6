"""Cases around bounds: each bound is met just below, on it and just above, and once with nothing known."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from tests.engines.clauses.circuits import SMALL, any_atom, asked, circuits
from tests.engines.clauses.test_lowering import DAY, NOW, WORDS, context, rd
from tests.engines.clauses.words import WORDS as MANY

from zonary.engines.clauses.checks.boundaries import MAX_CASES, boundary_cases
from zonary.engines.clauses.circuits.gates import Circuit, Column
from zonary.engines.clauses.circuits.lowering import Context, lower
from zonary.engines.clauses.circuits.ranges import range_of_column
from zonary.engines.clauses.expressions import Comparison, Share
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.language import parse
from zonary.engines.clauses.parameters import series
from zonary.engines.clauses.quantities import Amount, Period, Reading
from zonary.engines.clauses.vocabulary import NUMERIC


def test_a_least_amount_is_tried_a_fen_below_on_it_and_a_fen_above() -> None:
    circuit = lower(rd(Comparison.NOT_BELOW, Amount(Decimal("100"), "万元")), context())
    found = {case[Column("rd", -1)] for case in boundary_cases(circuit, WORDS)}
    assert found == {10**8 - 1, 10**8, 10**8 + 1, None}


def test_a_share_is_tried_on_its_bound_and_of_nothing() -> None:
    three = Amount(Decimal("3"), "%")
    share = Share(Reading("rd", Period.LAST_YEAR), Reading("revenue", Period.SAME), Comparison.NOT_BELOW, three)
    circuit = lower(share, context())
    cases = [{column.name: value for column, value in case.items()} for case in boundary_cases(circuit, WORDS)]
    answers = {asked(circuit, case) for case in cases}
    assert answers == {Truth.YES, Truth.NO, Truth.UNKNOWN}
    assert any(case["revenue@-1"] == 0 for case in cases)
    assert any(int(case["rd@-1"] or 0) * 100 == int(case["revenue@-1"] or -1) * 3 for case in cases)


@settings(max_examples=200, deadline=None)
@given(circuits(any_atom, assuming=False))
def test_every_case_is_one_that_there_can_be(circuit: Circuit) -> None:
    cases = boundary_cases(circuit, SMALL)
    assert 0 < len(cases) <= MAX_CASES
    for case in cases:
        for column, value in case.items():
            if value is not None and SMALL.term(column.term).kind in NUMERIC:
                low, high = range_of_column(column, SMALL)
                assert low <= int(value) <= high


SENTENCES = (
    "近一年内未发生重大安全事故，且近一年内未发生环境违法行为",
    "上年度营业收入不超过5000万元的，近三年累计研发费用占同期营业收入总额的比例不低于5%",
    "上年度营业收入超过2亿元的，近三年累计研发费用占同期营业收入总额的比例不低于3%",
    "满足下列至少两项：上年度研发费用不低于100万元；上年度营业收入同比增长不低于20%；具有独立法人资格",
    "行业代码属于C26、C39，且自成立日期起已满一年",
)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_among_the_cases_is_one_that_meets_it_and_one_that_does_not(sentence: str) -> None:
    circuit = lower(parse(sentence, MANY), Context(vocabulary=MANY, parameters=series(()), day=DAY, known_at=NOW))
    cases = [{column.name: value for column, value in case.items()} for case in boundary_cases(circuit, MANY)]
    assert {asked(circuit, case) for case in cases} == {Truth.YES, Truth.NO, Truth.UNKNOWN}
