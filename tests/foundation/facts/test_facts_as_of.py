"""What was known at a moment about a day, compared with a slow look at everything that was done."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="facts need the [web] extra")

from tests.foundation.facts.stating import LATER, REASON, claim, everyone, record

PERIODS = ("2025", "2025-Q1", "2025-Q2", "2025-02", "2025-02-01/", "2025-05-01/", "2025-03-15", "2024-11-01/2025-02-10")


@pytest.mark.parametrize("seed", range(6))
def test_as_of_is_what_a_slow_look_says(five: Any, seed: int) -> None:
    from zonary.foundation.facts.actions import correct_fact, declare_fact
    from zonary.foundation.facts.queries import facts_as_of

    drawn = random.Random(seed)
    done: list[tuple[Any, str]] = []  # a fact, and the id of the one it took the place of
    for step in range(25):
        at = LATER + timedelta(minutes=step // 2)
        said = claim(
            indicator=drawn.choice(("revenue", "rd-expense")), value=str(drawn.randrange(99)),
            period=drawn.choice(PERIODS),
        )  # fmt: skip
        taken = {before for _, before in done}
        mendable = [fact for fact, _ in done if str(fact.public_id) not in taken and fact.indicator == said.indicator]
        if mendable and drawn.random() < 0.4:
            before = drawn.choice(mendable)
            by = five.owner if before.source_kind == "self-declared" else five.officer
            fact = correct_fact(str(before.public_id), said, reason=REASON, by=by, at=at)
            done.append((fact, str(before.public_id)))
        elif drawn.random() < 0.5:
            done.append((declare_fact(said, by=five.owner, at=at), ""))
        else:
            done.append((record(five, at=at, indicator=said.indicator, value=said.value, period=said.period), ""))
    for _ in range(30):
        day = date(2024, 10, 1) + timedelta(days=drawn.randrange(480))
        known = LATER + timedelta(minutes=drawn.randrange(-1, 14))
        found = facts_as_of(five.colleague, str(five.enterprise.public_id), valid_on=day, known_at=known)
        assert {str(fact.public_id) for fact in found} == slowly(done, day, known)


def slowly(done: list[tuple[Any, str]], day: date, known: datetime) -> set[str]:
    heard = [(fact, before) for fact, before in done if fact.recorded_at <= known]
    gone = {before for _, before in heard}
    covering = [
        fact
        for fact, _ in heard
        if str(fact.public_id) not in gone
        and fact.valid_from <= day
        and (fact.valid_until is None or day <= fact.valid_until)
    ]
    return {
        str(fact.public_id)
        for fact in covering
        if fact.valid_until is not None
        or not any(
            other.valid_until is None
            and other.valid_from > fact.valid_from
            and (other.indicator, other.source_kind) == (fact.indicator, fact.source_kind)
            for other in covering
        )
    }


def test_nobody_but_the_enterprise_asks_without_a_purpose(five: Any) -> None:
    from zonary.foundation.facts import queries

    fact = record(five)
    enterprise, name = str(five.enterprise.public_id), str(fact.public_id)
    for who, reader in everyone(five).items():
        mine = who in ("owner", "colleague")
        seen = queries.facts_as_of(reader, enterprise, valid_on=fact.valid_from, known_at=LATER)
        assert bool(seen) is mine, who
        # The officer recorded it, and so knows it.
        assert (queries.find_fact(reader, name) is not None) is (mine or who == "officer"), who
        assert bool(queries.history_of(reader, name)) is (mine or who == "officer"), who
    assert queries.facts_as_of(five.outsider, "", valid_on=fact.valid_from, known_at=LATER) == []
    for public_id in ("", "x", name.upper(), "0" * 36):
        assert queries.find_fact(five.owner, public_id) is None
