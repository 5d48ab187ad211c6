"""Cases around bounds: each bound is met just below, on it and just above, and once with nothing known."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from tests.engines.clauses.circuits import SMALL, any_atom, asked, circuits
from tests.engines.clauses.test_lowering import WORDS, context, rd

from zonary.engines.clauses.checks.boundaries import MAX_CASES, boundary_cases
from zonary.engines.clauses.circuits.gates import Circuit, Column
from zonary.engines.clauses.circuits.lowering import lower
from zonary.engines.clauses.circuits.ranges import range_of_column
from zonary.engines.clauses.expressions import Comparison, Share
from zonary.engines.clauses.kleene import Truth
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
