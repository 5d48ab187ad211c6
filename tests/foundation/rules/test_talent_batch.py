"""A recognition of talent for 620 people in one batch, by the shipped template: an exact list, and why not for each."""

from __future__ import annotations

from datetime import date

from tests.foundation.rules.shipped import Data, asking, first_case, plan
from tests.foundation.rules.test_shipped_everywhere import lowered, table_of

from zonary.engines.clauses.interpreter.decisions import decide
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.planes import Enterprises, Plan, match

TEMPLATE, ITEM = "talent-recognition-template", "key-talent"
DAY = date(2026, 6, 1)
PEOPLE = 620
LISTED = [at for at in range(PEOPLE) if at % 5 == 0 or at % 5 == 4]
"""Those who meet the template's bounds: by their salary exactly, or by two patents without it."""
NOT_KNOWN = [at for at in range(PEOPLE) if at % 5 == 2]
"""Those whom the jury has not looked at yet: on no list, and not refused either."""


def person(at: int) -> Data:
    """What is known of one of five kinds of people, in turn."""
    changed: list[dict[str, str | bool | None]] = [
        {},
        {"insured-months": "11月"},
        {"found-key-talent": None},
        {"dishonest-debtors-list": True},
        {"salary@2025": "19.9999万元", "invention-patents": "2件"},
    ]
    return {**first_case(TEMPLATE), **changed[at % 5]}


def test_620_people_in_one_batch_give_exactly_the_list_and_each_has_a_decision_that_says_the_same() -> None:
    askings = [asking(TEMPLATE, person(at), DAY) for at in range(PEOPLE)]
    network = Plan(lowered(TEMPLATE, DAY))
    matched = match(network, Enterprises(table_of(askings, network, DAY)))
    found = [matched.row(at)[ITEM] for at in range(PEOPLE)]
    assert matched.rows == PEOPLE
    assert [at for at, each in enumerate(found) if each.result is Truth.YES] == LISTED
    assert [at for at, each in enumerate(found) if each.result is Truth.UNKNOWN] == NOT_KNOWN
    assert [matched.count(ITEM, each) for each in (Truth.YES, Truth.UNKNOWN, Truth.NO)] == [248, 124, 248]
    assert {each.short for at, each in enumerate(found) if at % 5 == 1} == {("insured",)}
    assert {each.short for at, each in enumerate(found) if at % 5 == 3} == {("not-dishonest",)}
    assert [decide(plan(TEMPLATE), ITEM, each).truth for each in askings] == [each.result for each in found]
