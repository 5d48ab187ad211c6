"""No number is told that would say something of fewer than five enterprises, nor one from which it would follow."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

ROWS = 40


def side(yes: int, unknown: int, paid: Any) -> Any:
    """The first rows have it, the next are not known."""
    import numpy as np

    from zonary.engines.clauses.planes import Cost, ItemSets, RowSet
    from zonary.services.incentives.simulating.queries import Side

    def rows(first: int, last: int) -> Any:
        word = sum(1 << row for row in range(first, last))
        return RowSet(np.array([word], np.uint64), ROWS)

    has, no = rows(0, yes), rows(yes + unknown, ROWS)
    given = [paid if isinstance(paid, int) else paid[row] for row in range(yes)]
    cost = Cost(sum(each or 0 for each in given), given.count(None))
    return Side(ItemSets(has, no, has, no, {}), cost, {}, paid)


def told(now: Any, then: Any) -> Any:
    from zonary.services.incentives.simulating import withholding
    from zonary.services.incentives.simulating.queries import Outcome

    at = datetime(2026, 11, 20, tzinfo=UTC)
    winners, losers = then.sets.yes - now.sets.yes, now.sets.yes - then.sets.yes
    nothing: Any = None
    return withholding.told(Outcome(ROWS, date(2026, 11, 20), at, now, then, winners, losers, [], nothing))


@pytest.fixture(autouse=True)
def _ready(migrated: Any) -> None:
    """The models behind these queries are there."""


def test_five_and_more_are_told_with_what_they_cost() -> None:
    found = told(side(10, 10, 100), side(15, 5, 100))
    assert (found.now.yes, found.now.unknown, found.now.no, found.now.cost) == (10, 10, 20, 1000)
    assert (found.then.yes, found.winners, found.losers, found.more) == (15, 5, 0, 500)
    assert not found.is_withheld


@pytest.mark.parametrize("few", [1, 4])
def test_a_change_that_moves_a_few_tells_nothing_of_how_it_would_be(few: int) -> None:
    for then in (side(10 + few, 10 - few, 100), side(10 - few, 10, 100), side(10, 10 + few, 100)):
        found = told(side(10, 10, 100), then)
        assert {found.then.yes, found.then.unknown, found.then.no, found.then.short} == {"hidden"}
        assert (found.then.cost, found.more, found.is_withheld) == (None, None, True)
    assert told(side(10, 10, 100), side(10 + few, 10 - few, 100)).winners == "few"


@pytest.mark.parametrize("few", [1, 4])
def test_a_few_follow_from_nothing_else_that_is_shown(few: int) -> None:
    found = told(side(few, 10, 100), side(few, 10, 100)).now
    assert (found.yes, found.unknown, found.no, found.cost) == ("few", "hidden", "hidden", None)
    found = told(side(10, few, 100), side(10, few, 100)).now
    assert (found.yes, found.unknown, found.no, found.cost) == (10, "hidden", "hidden", 1000)
    found = told(side(ROWS - few, 0, 100), side(ROWS - few, 0, 100)).now
    assert (found.yes, found.no, found.cost) == ("hidden", "hidden", None)


def test_none_and_all_are_told() -> None:
    found = told(side(0, 0, 100), side(ROWS, 0, 100))
    assert (found.now.yes, found.then.yes, found.more) == (0, ROWS, 4000)


def test_a_cap_that_one_enterprise_reaches_tells_no_cost() -> None:
    usual: dict[int, int | None] = {row: 100 for row in range(10)}
    found = told(side(10, 10, {**usual, 0: 900}), side(10, 10, {**usual, 0: 500}))
    assert (found.now.cost, found.then.cost, found.more) == (1800, None, None)
    alone: dict[int, int | None] = {row: None for row in range(10)} | {3: 700}
    assert told(side(10, 10, alone), side(10, 10, alone)).now.cost is None
