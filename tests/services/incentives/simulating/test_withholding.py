"""No number is told that would say something of fewer than five enterprises, nor one from which it would follow."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
    return withholding.told(Outcome(ROWS, date(2026, 11, 20), at, now, then, winners, losers, [], nothing))[0]


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
    found = told(side(10, 10, 100), side(10 + few, 10 - few, 100))
    assert (found.winners, found.losers, found.is_nothing) == ("hidden", "hidden", True)


def test_a_change_that_moves_nobody_looks_like_one_that_moves_a_few() -> None:
    """Else one would turn a number until somebody moves, and know to whom it belongs by whose figure is near."""
    nobody, a_few = (told(side(10, 10, 100), side(10 + moved, 10 - moved, 100)) for moved in (0, 2))
    assert nobody == a_few


@pytest.mark.parametrize("few", [1, 4])
def test_a_few_follow_from_nothing_else_that_is_shown(few: int) -> None:
    found = told(side(few, 10, 100), side(few, 10, 100)).now
    assert (found.yes, found.unknown, found.no, found.cost) == ("few", "hidden", "hidden", None)
    found = told(side(10, few, 100), side(10, few, 100)).now
    assert (found.yes, found.unknown, found.no, found.cost) == (10, "hidden", "hidden", 1000)
    found = told(side(ROWS - few, 0, 100), side(ROWS - few, 0, 100)).now
    assert (found.yes, found.no, found.cost) == ("hidden", "hidden", None)


def test_none_and_all_are_told_as_it_is_and_not_as_it_would_be() -> None:
    """Nobody would look like a few: else one would turn a number until the last enterprise goes."""
    assert told(side(0, 0, 100), side(0, 0, 100)).now.yes == 0
    assert told(side(ROWS, 0, 100), side(ROWS, 0, 100)).now.yes == ROWS
    for then in (0, 3, ROWS - 3, ROWS):
        assert told(side(20, 0, 100), side(then, 0, 100)).is_nothing


def test_a_cap_that_one_enterprise_reaches_tells_no_cost() -> None:
    usual: dict[int, int | None] = {row: 100 for row in range(10)}
    found = told(side(10, 10, {**usual, 0: 900}), side(10, 10, {**usual, 0: 500}))
    assert (found.now.cost, found.then.cost, found.more) == (1800, None, None)
    alone: dict[int, int | None] = {row: None for row in range(10)} | {3: 700}
    assert told(side(10, 10, alone), side(10, 10, alone)).now.cost is None


def threshold(values: list[int], least: int) -> Any:
    """Who has at least so much; nobody is unknown, and all are paid alike."""
    import numpy as np

    from zonary.engines.clauses.planes import Cost, ItemSets, RowSet
    from zonary.services.incentives.simulating.queries import Side

    def rows(has: bool) -> Any:
        bits = np.packbits(np.array([(each >= least) is has for each in values], np.bool_), bitorder="little")
        return RowSet(np.frombuffer(bits.tobytes().ljust(-(-len(values) // 64) * 8, b"\0"), np.uint64), len(values))

    yes, no = rows(True), rows(False)
    return Side(ItemSets(yes, no, yes, no, {}), Cost(100 * yes.count, 0), {}, 100)


def trials(values: list[int], now: int, asked: list[int]) -> list[tuple[int, Any]]:
    """Thresholds that were told something, each with what."""
    from zonary.services.incentives.simulating.withholding import Memory

    memory = Memory.of(threshold(values, now), len(values))
    found = []
    for least in asked:
        memory, column = memory.after(threshold(values, least), len(values))
        if column.yes != "hidden":
            found.append((least, column))
    return found


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.integers(0, 30), min_size=0, max_size=90),
    st.integers(0, 31),
    st.lists(st.integers(0, 31), max_size=12),
)
def test_whatever_is_added_up_or_subtracted_of_a_days_trials_is_about_five_or_more(
    values: list[int], now: int, asked: list[int]
) -> None:
    """Who is alike in all that was told is one group; all that follows from it is made of whole groups."""
    from zonary.services.incentives.simulating.withholding import Memory

    told_of = [least for least, _column in trials(values, now, asked)]
    is_now_told = isinstance(_told_as_it_is(values, now).yes, int)
    bounds = [*told_of, now] if is_now_told else told_of
    groups: dict[tuple[bool, ...], int] = {}
    for each in values:
        place = tuple(each >= bound for bound in bounds)
        groups[place] = groups.get(place, 0) + 1
    if bounds:
        assert min(groups.values(), default=5) >= 5
    counted = {least: sum(each >= least for each in values) for least in told_of}
    assert {least: column.yes for least, column in trials(values, now, asked)} == counted
    assert Memory.of(threshold(values, now), len(values)).groups.size == len(values)


def _told_as_it_is(values: list[int], now: int) -> Any:
    side_now = threshold(values, now)
    from zonary.services.incentives.simulating import withholding
    from zonary.services.incentives.simulating.queries import Outcome

    at = datetime(2026, 11, 20, tzinfo=UTC)
    nothing: Any = None
    none = side_now.sets.yes - side_now.sets.yes
    return withholding.told(Outcome(len(values), date(2026, 11, 20), at, side_now, side_now, none, none, [], nothing))[
        0
    ].now


def test_thresholds_side_by_side_do_not_single_out_who_lies_between() -> None:
    values = [*range(0, 40), 1000, *range(60, 100)]
    assert [least for least, _column in trials(values, 60, [1000, 1001, 30, 31, 20])] == [30, 20]


def test_sums_of_amounts_that_differ_are_told_to_three_digits() -> None:
    amounts: dict[int, int | None] = {row: 123_456 for row in range(10)}
    found = told(side(10, 10, amounts), side(10, 10, amounts)).now
    assert found.cost == 1_230_000


def with_short(plain: Any, first: int, last: int) -> Any:
    """Of those that do not have it these rows are one condition short."""
    from dataclasses import replace

    import numpy as np

    from zonary.engines.clauses.planes import RowSet

    rows = RowSet(np.array([sum(1 << row for row in range(first, last))], np.uint64), ROWS)
    return replace(plain, sets=replace(plain.sets, short={"clause": rows}), short={"clause": rows.count})


@pytest.mark.parametrize(("last", "is_told"), [(35, True), (36, False), (34, False), (40, True)])
def test_who_is_one_condition_short_is_not_subtracted_from_how_it_is(last: int, is_told: bool) -> None:
    now = with_short(side(10, 10, 100), 25, 35)
    found = told(now, with_short(side(15, 5, 100), 25, last))
    assert (found.now.short, found.then.yes) == (10, 15)
    assert found.then.short == (last - 25 if is_told else "hidden")


def test_winners_do_not_tell_how_many_the_few_are_that_have_it_now() -> None:
    found = told(side(3, 0, 100), side(20, 0, 100))
    assert (found.now.yes, found.then.yes, found.winners, found.losers) == ("few", 20, "hidden", "hidden")
