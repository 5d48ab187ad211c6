"""As of a day, as known at a moment, against asking every fact in turn."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zonary.engines.clauses.errors import DatumError
from zonary.engines.clauses.facts import Fact, select
from zonary.engines.clauses.snapshots import Stored

START = datetime(2026, 1, 1, tzinfo=UTC)
_days = st.integers(0, 8).map(lambda n: date(2026, 1, 1) + timedelta(days=n))
_moments = st.integers(0, 8).map(lambda n: START + timedelta(days=n))


@st.composite
def _facts(draw: st.DrawFn) -> list[Fact]:
    return [
        Fact(
            term=draw(st.sampled_from("ab")),
            year=draw(st.sampled_from([None, None, 2024, 2025, 2026, 2027])),
            value=draw(st.integers(0, 3)),
            first=draw(_days),
            last=draw(st.none() | _days),
            recorded_at=draw(_moments),
            ended_at=draw(st.none() | _moments),
            source="测试",
            reference=str(number),
        )
        for number in range(draw(st.integers(0, 12)))
    ]


def slowly(facts: list[Fact], term: str, year: int | None, day: date, known_at: datetime) -> Stored | None:
    """Every fact against every other: the one that none outdoes."""
    standing = [
        each
        for each in facts
        if (each.term, each.year) == (term, year)
        and each.recorded_at <= known_at
        and not (each.ended_at is not None and each.ended_at <= known_at)
        and (each.year <= day.year if each.year is not None else each.first <= day <= (each.last or date.max))
    ]

    def reach(fact: Fact) -> date:
        if fact.year is None:
            return fact.first
        return min(fact.last or date.max, date(fact.year, 12, 31))

    for one in standing:
        if all(
            reach(one) > reach(other)
            or (reach(one) == reach(other) and one.recorded_at > other.recorded_at)
            or (reach(one) == reach(other) and one.recorded_at == other.recorded_at and one.reference > other.reference)
            for other in standing
            if other is not one
        ):
            return one.value
    return None


@settings(max_examples=300, deadline=None)
@given(_facts(), _days, _moments, st.randoms(use_true_random=False))
def test_what_is_chosen_is_what_none_outdoes(facts: list[Fact], day: date, known: datetime, mixed: object) -> None:
    chosen = select("x", facts, day, known)
    keys = [(term, year) for term in "ab" for year in (None, 2024, 2025, 2026, 2027)]
    expected = {key: slowly(facts, *key, day, known) for key in keys}
    assert {key: each.value for key, each in chosen.data.items()} == {
        k: v for k, v in expected.items() if v is not None
    }
    mixed.shuffle(facts)  # type: ignore[attr-defined]
    assert select("x", facts, day, known).digest() == chosen.digest()


def fact(value: int, first: date, recorded: int, ended: int | None = None, reference: str = "1") -> Fact:
    return Fact(
        term="capital", year=None, value=value, first=first, last=None, recorded_at=START + timedelta(days=recorded),
        ended_at=None if ended is None else START + timedelta(days=ended), source="市场监管部门", reference=reference,
    )  # fmt: skip


def test_what_was_known_then_is_asked_not_what_is_known_now() -> None:
    wrong, right = fact(5, date(2025, 1, 1), 0, 10), fact(7, date(2025, 1, 1), 10, reference="2")
    day = date(2026, 1, 5)
    before = select("x", [wrong, right], day, START + timedelta(days=9))
    after = select("x", [right, wrong], day, START + timedelta(days=10))
    assert [each.data[("capital", None)].value for each in (before, after)] == [5, 7]
    assert before.digest() != after.digest()
    assert select("x", [wrong, right], date(2024, 12, 31), START + timedelta(days=20)).data == {}


def test_one_moment_has_one_digest_in_whatever_zone_it_was_kept() -> None:
    from zoneinfo import ZoneInfo

    facts = [fact(5, date(2025, 1, 1), 0)]
    here = START.astimezone(ZoneInfo("Asia/Shanghai"))
    moved = [Fact(**{name: getattr(facts[0], name) for name in Fact.__slots__} | {"recorded_at": here})]
    day = date(2026, 1, 5)
    assert select("x", facts, day, START).digest() == select("x", moved, day, here).digest()
    with pytest.raises(DatumError, match="no zone"):
        select("x", [], day, START.replace(tzinfo=None)).digest()


def test_two_facts_with_one_reference_are_refused_in_every_order() -> None:
    one, two = fact(5, date(2025, 1, 1), 0), fact(6, date(2025, 1, 1), 0)
    later = fact(7, date(2025, 6, 1), 0, reference="3")
    for order in ([one, two], [two, one]):
        with pytest.raises(DatumError, match="one reference"):
            select("x", order, date(2026, 1, 5), START)
    for order in ([one, two, later], [later, one, two], [one, later, two]):
        assert select("x", order, date(2026, 1, 5), START).data[("capital", None)].value == 7
