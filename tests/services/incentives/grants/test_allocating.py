"""Who gets how much of a budget: to the fen, and as a slow reader of the words would reckon it with a pencil."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zonary.services.incentives.grants.rules.allocating import (
    MAX_FEN,
    AmountError,
    Asked,
    Exhaustion,
    Last,
    Share,
    Why,
    allocate,
    entitled,
    first_come,
    pro_rata,
)

NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)
AMOUNTS = st.integers(0, 10**12) | st.integers(0, 30)


def asked(*amounts: int, at: tuple[int, ...] | None = None) -> list[Asked]:
    times = at or tuple(range(len(amounts)))
    return [
        Asked(f"g{number:03}", amount, NOON + timedelta(seconds=second))
        for number, (amount, second) in enumerate(zip(amounts, times, strict=True))
    ]


lists = st.lists(st.tuples(AMOUNTS, st.integers(0, 3)), max_size=12).map(
    lambda rows: asked(*[amount for amount, _ in rows], at=tuple(second for _, second in rows)) if rows else []
)


def slow_pro_rata(those: list[Asked], budget: int) -> dict[str, int]:
    """Exact shares first; then fen by fen to whoever is furthest below theirs."""
    total = sum(each.amount for each in those)
    exact = {each.grant: Fraction(each.amount) * min(budget, total) / total if total else Fraction(0) for each in those}
    given_ = {grant: int(share) for grant, share in exact.items()}
    while sum(given_.values()) < min(budget, total):
        grant = min(exact, key=lambda each: (given_[each] - exact[each], each))
        given_[grant] += 1
    return given_


def slow_first_come(those: list[Asked], budget: int, last: Last) -> dict[str, int]:
    """Coin by coin out of one purse; who finds too little in it ends the queue."""
    given_, purse, is_over = dict.fromkeys((each.grant for each in those), 0), budget, False
    queue = sorted(those, key=lambda each: (each.at, each.grant))
    while queue:
        each = queue.pop(0)
        if is_over:
            continue
        if each.amount > purse:
            is_over = True
            given_[each.grant] = purse if last is Last.REST else 0
        else:
            given_[each.grant] = each.amount
        purse -= given_[each.grant]
    return given_


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lists, AMOUNTS)
def test_in_proportion_as_a_slow_reader_reckons(those: list[Asked], budget: int) -> None:
    shares = {each.grant: each.amount for each in pro_rata(those, budget)}
    assert shares == slow_pro_rata(those, budget)
    assert sum(shares.values()) == min(budget, sum(each.amount for each in those))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lists, AMOUNTS, st.randoms(use_true_random=False))
def test_in_proportion_the_order_changes_nothing(those: list[Asked], budget: int, random: object) -> None:
    mixed = list(those)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    by_grant = {each.grant: each for each in pro_rata(mixed, budget)}
    assert [by_grant[each.grant] for each in those] == pro_rata(those, budget)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lists, AMOUNTS, st.sampled_from(Last))
def test_first_come_as_a_slow_reader_reckons(those: list[Asked], budget: int, last: Last) -> None:
    assert {each.grant: each.amount for each in first_come(those, budget, last=last)} == slow_first_come(
        those, budget, last
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lists, st.none() | AMOUNTS, st.sampled_from(Exhaustion), st.sampled_from(Last))
def test_nobody_gets_more_than_asked_and_all_no_more_than_there_is(
    those: list[Asked], budget: int | None, exhaustion: Exhaustion, last: Last
) -> None:
    shares = allocate(those, budget, exhaustion=exhaustion, last=last)
    assert [each.grant for each in shares] == [each.grant for each in those]
    assert all(0 <= share.amount <= each.amount for share, each in zip(shares, those, strict=True))
    total, wanted = sum(each.amount for each in shares), sum(each.amount for each in those)
    assert total <= wanted
    assert budget is None or total <= budget
    if exhaustion is Exhaustion.PRO_RATA or last is Last.REST:
        assert total == (wanted if budget is None else min(wanted, budget))


@given(AMOUNTS, st.lists(AMOUNTS, max_size=4), st.none() | AMOUNTS)
def test_of_a_group_only_the_highest_counts_in_a_year(computed: int, earlier: list[int], cap: int | None) -> None:
    due = entitled(computed, earlier=earlier, cap=cap).amount
    most = computed if cap is None else min(computed, cap)
    assert due + sum(earlier) == max(most, sum(earlier))


@given(st.permutations([3_000_00, 5_000_00, 4_000_00]), st.none() | st.integers(0, 6_000_00))
def test_in_whatever_order_a_group_is_paid_it_comes_to_the_highest(amounts: list[int], cap: int | None) -> None:
    had: list[int] = []
    for each in amounts:
        had.append(entitled(each, earlier=had, cap=cap).amount)
    assert sum(had) == min(5_000_00, 5_000_00 if cap is None else cap)


def test_the_last_one_gets_what_is_left_or_nothing_and_nobody_overtakes() -> None:
    those = asked(60, 60, 10)
    assert first_come(those, 100, last=Last.REST) == [
        Share("g000", 60, Why.FULL), Share("g001", 40, Why.REST), Share("g002", 0, Why.EXHAUSTED)
    ]  # fmt: skip
    assert [each.amount for each in first_come(those, 100, last=Last.NOTHING)] == [60, 0, 0]


def test_who_consents_first_is_served_first_and_of_two_at_once_the_smaller_id() -> None:
    late_first = asked(70, 70, 70, at=(5, 1, 1))
    by_grant = {each.grant: each.amount for each in first_come(late_first, 100, last=Last.REST)}
    assert by_grant == {"g001": 70, "g002": 30, "g000": 0}


def test_three_equal_ones_share_a_hundred_fen_and_one() -> None:
    assert [each.amount for each in pro_rata(asked(1000, 1000, 1000), 100)] == [34, 33, 33]
    assert [each.why for each in pro_rata(asked(10**12, 1), 1)] == [Why.SHARE, Why.EXHAUSTED]


def test_why_an_amount_is_what_it_is() -> None:
    assert entitled(100, earlier=(), cap=None).why is Why.FULL
    assert entitled(100, earlier=(), cap=80).why is Why.CAPPED
    assert entitled(100, earlier=(30,), cap=80).why is Why.TOPPED_UP
    assert entitled(100, earlier=(100,), cap=None).why is Why.HAD_IT


@pytest.mark.parametrize("wrong", [-1, MAX_FEN + 1])
def test_what_is_no_amount_is_refused(wrong: int) -> None:
    with pytest.raises(AmountError):
        allocate(asked(wrong), 10, exhaustion=Exhaustion.PRO_RATA, last=Last.REST)
    with pytest.raises(AmountError):
        allocate(asked(1), wrong, exhaustion=Exhaustion.PRO_RATA, last=Last.REST)
    with pytest.raises(AmountError):
        entitled(1, earlier=(wrong,), cap=None)


def test_a_grant_that_asks_twice_is_refused() -> None:
    with pytest.raises(AmountError):
        allocate([*asked(1), *asked(1)], 10, exhaustion=Exhaustion.PRO_RATA, last=Last.REST)
