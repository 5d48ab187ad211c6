"""A time source is believed only so far as it answers what was asked, and says that it knows."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from tests.common.time_source import TimeSource, time_source

from zonary.common.sntp import TimeSourceError, compare

BOUND = timedelta(milliseconds=500)


def test_an_honest_source_finds_us_right_and_is_told_nothing() -> None:
    with time_source() as source:
        found = compare("127.0.0.1", source.port)
    assert abs(found.behind) < timedelta(seconds=0.3)
    assert not found.exceeds(BOUND)
    [request] = source.asked
    assert (len(request), request[0]) == (48, 0x23)
    assert request[1:40] == bytes(39)


@pytest.mark.parametrize("ahead", [3600.0, -3600.0, 1.5])
def test_by_how_much_our_clock_is_off_is_measured(ahead: float) -> None:
    with time_source(ahead=ahead) as source:
        found = compare("127.0.0.1", source.port)
    assert abs(found.behind.total_seconds() - ahead) < 0.3
    assert found.exceeds(BOUND)


def test_what_a_source_says_of_its_own_error_is_counted_for_us() -> None:
    with time_source(ahead=0.7, dispersion=0.4) as source:
        assert not compare("127.0.0.1", source.port).exceeds(BOUND)


def test_after_2036_the_count_begins_anew_and_the_time_is_still_right() -> None:
    later = 2_085_978_496 + 1000  # 2036-02-07, when 32 bits are full, and some minutes
    with time_source(ahead=later - time.time()) as source:
        found = compare("127.0.0.1", source.port, real=lambda: later * 10**9 + time.monotonic_ns() % 10**6)
    assert abs(found.behind) < timedelta(seconds=0.3)


@pytest.mark.parametrize(
    ("lie", "words"),
    [
        ({"forged": True}, "not for what was asked"),
        ({"mode": 3}, "not for what was asked"),
        ({"cut": 47}, "no time"),
        ({"stratum": 0, "kiss": b"RATE"}, r"refuses to tell the time \(RATE\)"),
        ({"stratum": 16}, "does not know the time well"),
        ({"leap": 3}, "does not know the time well"),
        ({"dispersion": 5.0}, "does not know the time well"),
    ],
)
def test_what_is_no_answer_is_refused_in_words(lie: dict[str, object], words: str) -> None:
    with time_source() as source:
        for name, value in lie.items():
            setattr(source, name, value)
        with pytest.raises(TimeSourceError, match=words):
            compare("127.0.0.1", source.port)


def test_one_that_is_silent_or_not_there_is_given_up_soon() -> None:
    with time_source() as source:
        source.silent = True
        with pytest.raises(TimeSourceError, match="did not answer in time"):
            compare("127.0.0.1", source.port, seconds=0.2)
    with pytest.raises(TimeSourceError, match=r"cannot be reached|did not answer"):
        compare("127.0.0.1", source.port, seconds=0.2)
    with pytest.raises(TimeSourceError, match="cannot be reached"):
        compare("no-such-host.invalid", 123)


def test_a_clock_that_is_set_meanwhile_measures_nothing() -> None:
    times = iter((0, 10 * 10**9))
    with time_source() as source, pytest.raises(TimeSourceError, match="was set while it answered"):
        compare("127.0.0.1", source.port, real=lambda: next(times))


def test_the_source_of_these_tests_speaks_as_the_standard_has_it() -> None:
    """RFC 5905 figure 8: where the fields lie, so that both sides of these tests cannot agree on a mistake."""
    answer = TimeSource(stratum=2).answer(bytes(40) + b"origin..")
    assert len(answer) == 48
    assert (answer[0] >> 6, answer[0] >> 3 & 7, answer[0] & 7, answer[1]) == (0, 4, 4, 2)
    assert answer[24:32] == b"origin.."
    assert int.from_bytes(answer[40:44], "big") - 2_208_988_800 == pytest.approx(time.time(), abs=5)
