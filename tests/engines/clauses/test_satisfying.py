"""Contradictions: what no enterprise can meet is named, and nothing else is called impossible."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from tests.engines.clauses.circuits import SMALL, alone, any_atom, asked, circuits

from zonary.engines.clauses.checks.satisfying import MAX_STEPS, can_hold, is_implied
from zonary.engines.clauses.circuits.gates import Circuit, Column, Conjunction, Counted, Negated, Within, linear
from zonary.engines.clauses.kleene import Truth

EVERYBODY = [
    {"x": x, "y": y, "f": f, "g": g} for x, y, f, g in product(range(-3, 7), range(5), (True, False), (True, False))
]
"""Every enterprise there can be in the small vocabulary."""


@settings(max_examples=300, deadline=None)
@given(circuits(alone))
def test_of_atoms_about_one_column_each_it_says_exactly_whether_anybody_can(circuit: Circuit) -> None:
    could = any(asked(circuit, row) is Truth.YES for row in EVERYBODY)
    assert can_hold(circuit, SMALL) is (Truth.YES if could else Truth.NO)


@settings(max_examples=300, deadline=None)
@given(circuits(any_atom))
def test_what_it_calls_impossible_nobody_can_meet(circuit: Circuit) -> None:
    if can_hold(circuit, SMALL) is Truth.NO:
        assert not any(asked(circuit, row) is Truth.YES for row in EVERYBODY)


def test_more_than_five_and_at_most_three_contradict_each_other() -> None:
    x = Column("x")
    assert can_hold(Conjunction((linear([(x, 1)], 6), Negated(linear([(x, 1)], 4)))), SMALL) is Truth.NO
    assert can_hold(Conjunction((linear([(x, 1)], 4), Negated(linear([(x, 1)], 6)))), SMALL) is Truth.YES


def test_a_bound_that_no_value_of_the_term_reaches_cannot_be_met() -> None:
    assert can_hold(linear([(Column("x"), 1)], 7), SMALL) is Truth.NO


def test_a_code_outside_a_group_is_not_inside_one_of_its_classes() -> None:
    inside, group = Within(Column("c"), frozenset({"C35"})), Within(Column("c"), frozenset({"C"}))
    assert can_hold(Conjunction((inside, Negated(group))), SMALL) is Truth.NO
    assert can_hold(Conjunction((group, Negated(inside))), SMALL) is Truth.YES


def test_a_clause_weaker_than_another_never_decides() -> None:
    x = Column("x")
    assert is_implied(linear([(x, 1)], 2), linear([(x, 1)], 5), SMALL)
    assert not is_implied(linear([(x, 1)], 5), linear([(x, 1)], 2), SMALL)


def test_a_search_that_is_given_up_claims_nothing() -> None:
    many = tuple(linear([(Column("x"), 1), (Column("y"), 2 * each + 1)], 3) for each in range(40))
    pigeons = Conjunction((Counted(20, many), Negated(Counted(20, many))))
    assert can_hold(pigeons, SMALL) is Truth.UNKNOWN
    assert MAX_STEPS < 10**6
