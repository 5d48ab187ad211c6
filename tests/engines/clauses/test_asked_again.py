"""What a plan keeps from one enterprise to the next never shows: each is answered as if it were asked alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines.clauses.situations import DAY, FLOOR, SETTING, VOCABULARY, data, document, documents, snapshot

from zonary.engines.clauses.documents import Document
from zonary.engines.clauses.errors import ClausesError
from zonary.engines.clauses.expressions import ClauseRef, Compare, Comparison, Growth, Share
from zonary.engines.clauses.interpreter.asking import Asking, Setting
from zonary.engines.clauses.interpreter.decisions import decide
from zonary.engines.clauses.interpreter.plans import Plan
from zonary.engines.clauses.interpreter.records import record
from zonary.engines.clauses.quantities import Amount, Parameter, Period, Reading
from zonary.engines.clauses.snapshots import Key, Snapshot, Stored

# On the second of these days another value of a parameter is in force; more terms are from the future there.
DAYS = (DAY, date(2024, 7, 1), date(2025, 7, 1))


def answer(plan: Plan, setting: Setting, of: Snapshot) -> bytes | str:
    try:
        return record(decide(plan, "item", Asking(setting, of)), setting.vocabulary)
    except ClausesError as error:
        return str(error)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents(), st.lists(st.tuples(data(), st.sampled_from(DAYS)), min_size=2, max_size=5))
def test_one_plan_answers_many_enterprises_as_a_plan_for_each_would(
    rules: Document, asked: list[tuple[dict[Key, Stored], date]]
) -> None:
    rules = replace(rules, items=tuple(replace(each, first=min(DAYS)) for each in rules.items))
    shared, kept = Plan(rules), Setting(VOCABULARY, SETTING.parameters, SETTING.tables)
    for known, day in asked:
        dated = {key: value for key, value in known.items() if key[1] is None or key[1] <= day.year}
        alone = Setting(VOCABULARY, SETTING.parameters, SETTING.tables)
        of = snapshot(dated, day)
        assert answer(shared, kept, of) == answer(Plan(rules), alone, of)


def test_what_is_needed_is_that_of_the_words_asked_with() -> None:
    """Where a term cannot reach a bound nothing is named; where the same plan is asked with other words, it is."""
    clause = Compare(Reading("patents"), Comparison.NOT_FEWER, Amount(Decimal(20), "项"))
    plan = Plan(document({"a": clause}, ClauseRef("a")))
    terms = tuple(replace(each, high=10) if each.id == "patents" else each for each in VOCABULARY.terms)
    narrow, wide = Setting(replace(VOCABULARY, terms=terms)), Setting(VOCABULARY)
    found = []
    for setting, number in ((wide, 3), (narrow, 4), (wide, 5), (wide, 6), (narrow, 7)):
        (clause_,) = decide(plan, "item", Asking(setting, snapshot({"patents": number}))).clauses
        found.append([(each.to, each.by) for each in clause_.needs])
    assert found == [[(20, 17)], [], [(20, 15)], [(20, 14)], []]


def needed(plan: Plan, data: dict[Key | str, Stored], day: date = DAY) -> list[object]:
    (clause,) = decide(plan, "item", Asking(SETTING, snapshot(data, day))).clauses
    return [each.to for each in clause.needs]


def test_a_share_needs_what_the_enterprises_own_whole_asks() -> None:
    share = Share(
        Reading("rnd", Period.LAST_YEAR), Reading("revenue", Period.SAME), Comparison.NOT_BELOW, Amount(Decimal(4), "%")
    )
    plan = Plan(document({"a": share}, ClauseRef("a")))
    found = [needed(plan, {("rnd", 2025): 1, ("revenue", 2025): whole}) for whole in (1_000, 5_000, 1_000)]
    assert found == [[40], [200], [40]]


def test_growth_needs_what_the_enterprises_own_year_before_asks() -> None:
    growth = Growth(Reading("revenue", Period.LAST_YEAR), Comparison.NOT_BELOW, Amount(Decimal(20), "%"))
    plan = Plan(document({"a": growth}, ClauseRef("a")))
    found = [needed(plan, {("revenue", 2025): 1, ("revenue", 2024): before}) for before in (100, 1_000)]
    assert found == [[120], [1_200]]


def test_a_parameter_asks_what_it_is_on_the_day() -> None:
    clause = Compare(Reading("quota"), Comparison.NOT_BELOW, Parameter(FLOOR))
    rules = document({"a": clause}, ClauseRef("a"))
    plan = Plan(replace(rules, items=tuple(replace(each, first=min(DAYS)) for each in rules.items)))
    assert [needed(plan, {"quota": 1}, day) for day in DAYS] == [[40_000], [30_000], [40_000]]
