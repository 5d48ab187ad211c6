"""So many at once, so many a second from then on, and each caller apart."""

from __future__ import annotations

import pytest

from zonary.common.problems import Problem
from zonary.common.rate_limit import MAX_KNOWN, Buckets, rate_of


class Clock:
    at = 100.0

    def __call__(self) -> float:
        return self.at


def taken(buckets: Buckets, caller: str, most: int) -> int:
    for number in range(most):
        try:
            buckets.take(caller)
        except Problem:
            return number
    return most


def test_a_burst_and_then_the_rate() -> None:
    clock = Clock()
    buckets = Buckets("person", 2, 5, clock=clock)
    assert taken(buckets, "one", 100) == 5
    assert taken(buckets, "other", 100) == 5
    clock.at += 1
    assert taken(buckets, "one", 100) == 2
    clock.at += 1000
    assert taken(buckets, "one", 100) == 5
    with pytest.raises(Problem) as refused:
        buckets.take("one")
    assert refused.value.status == 429
    assert refused.value.headers["Retry-After"] == "1"
    assert refused.value.headers["RateLimit"] == '"person";r=0;t=1'


def test_each_process_gives_its_share() -> None:
    assert taken(Buckets("person", 2, 8, share=4, clock=Clock()), "one", 100) == 2


def test_nought_is_no_limit() -> None:
    assert taken(Buckets("person", *rate_of("0")), "one", 1000) == 1000
    assert rate_of("20/200") == (20.0, 200.0)


def test_memory_is_bounded() -> None:
    buckets = Buckets("address", 1, 1, clock=Clock())
    for number in range(MAX_KNOWN + 100):
        buckets.take(str(number))
    assert len(buckets._known) == MAX_KNOWN
