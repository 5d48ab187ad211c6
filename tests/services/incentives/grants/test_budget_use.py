"""The card says how much of its budget is granted and left, to officers; to everybody whether it is used up."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="grants need the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.services.incentives.grants import paying

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.parametrize("data", ["sqlite"], indirect=True)]
BUDGET = 250_000_00
"""Of which the two enterprises of ``paying`` get 100,000 and 150,000 yuan."""


def _card(who: Any, measure: Any) -> str:
    answer = browser(who).get(f"/incentives/measures/{measure.public_id}?lang=en")
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize(("budget", "left", "is_used_up"), [(BUDGET, 0, True), (BUDGET + 100, 100, False)])
def test_what_is_granted_of_a_budget(five: Any, budget: int, left: int, is_used_up: bool) -> None:
    measure = paying.released(five, budget=budget, budget_year=2026).batch.measure
    address = f"/incentives/measures/{measure.public_id}"
    told = Caller(five.officer)("GET", f"{address}/budget").json()
    assert told == {"budget": budget, "year": 2026, "granted": BUDGET, "left": left}
    assert Caller(five.owner)("GET", f"{address}/budget").status_code == 403
    assert Caller(five.owner)("GET", address).json()["budget_used_up"] is is_used_up
    (listed,) = Caller(five.owner)("GET", "/incentives/measures").json()["items"]
    assert listed["budget_used_up"] is is_used_up
    assert "granted 250,000.00" in _card(five.officer, measure)
    for who in (five.owner, None):
        assert "granted" not in _card(who, measure)
        assert ("used up" in _card(who, measure)) is is_used_up


def test_what_was_taken_out_or_declined_is_not_granted_and_what_is_listed_not_yet(five: Any) -> None:
    from zonary.services.incentives.measures.budgets import budget_use

    batch = paying.closed(five, budget=BUDGET, budget_year=2026)
    use = budget_use(five.officer, batch.measure)
    assert use is not None
    assert (use.granted, use.left) == (0, BUDGET)


def test_another_years_money_does_not_count_and_no_budget_is_never_used_up(five: Any) -> None:
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.services.incentives.measures.budgets import budget_uses

    measure = paying.released(five, budget=BUDGET, budget_year=2026).batch.measure
    with unrecorded("a card of the next year, as two officers would make it"):
        measure.budget_year = 2027
        measure.save()
    assert budget_uses([measure])[measure.pk].left == BUDGET
    measure.budget = measure.budget_year = None
    assert budget_uses([measure]) == {}
