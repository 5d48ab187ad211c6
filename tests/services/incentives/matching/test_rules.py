"""What one enterprise gets together."""

from __future__ import annotations

import pytest

pytest.importorskip("django", reason="matching needs the [web] extra")

from hypothesis import given
from hypothesis import strategies as st

from zonary.services.incentives.matching.rules import total_of

AMOUNTS = st.lists(st.tuples(st.sampled_from(["", "a", "b"]), st.integers(0, 10**12)))


def test_of_a_group_only_the_highest_counts() -> None:
    assert total_of([("step", 60), ("step", 30), ("", 20), ("", 15), ("other", 1)]) == 96


@given(AMOUNTS, st.randoms())
def test_the_order_does_not_matter_and_nothing_counts_twice(amounts: list[tuple[str, int]], luck: object) -> None:
    shuffled = sorted(amounts, key=lambda _each: luck.random())  # type: ignore[attr-defined]
    assert total_of(shuffled) == total_of(amounts) <= sum(amount for _group, amount in amounts)
