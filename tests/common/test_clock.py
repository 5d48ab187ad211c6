"""The clock that doubts itself: what it gives, what it refuses, and that it never goes back."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from zonary.common.clock import ClockInDoubtError, GuardedClock, boot_time

START = datetime(2026, 11, 22, 3, 4, 5, 678901, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


class Machine:
    """The two clocks of a machine, moved by hand."""

    def __init__(self) -> None:
        self.real_ns = (START - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000
        self.boot_ns = 1_000_000_000_000

    def goes_on(self, by: timedelta, *, ppm: int = 0) -> None:
        """Time passes; the real clock runs fast by ``ppm``."""
        passed = by // timedelta(microseconds=1) * 1000
        self.boot_ns += passed
        self.real_ns += passed + passed * ppm // 1_000_000

    def is_set(self, by: timedelta) -> None:
        """Somebody steps the real clock."""
        self.real_ns += by // timedelta(microseconds=1) * 1000

    def clock(self, **options: datetime | timedelta) -> GuardedClock:
        return GuardedClock(real=lambda: self.real_ns, boot=lambda: self.boot_ns, **options)  # type: ignore[arg-type]


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_it_gives_the_present_to_the_microsecond(machine: Machine) -> None:
    clock = machine.clock()
    assert clock() == START
    machine.goes_on(timedelta(microseconds=7))
    assert clock() == START + timedelta(microseconds=7)
    assert clock().utcoffset() == timedelta(0)
    for _ in range(1000):
        machine.goes_on(timedelta(microseconds=random.randrange(1, 10**7)))
        assert clock() == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=machine.real_ns // 1000)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (timedelta(seconds=2.1), "forward by 2.1 seconds"),
        (DAY, "forward by 86400.0 seconds"),
        (-timedelta(seconds=2.1), "back by 2.1 seconds"),
        (-3650 * DAY, "back by 315360000.0 seconds"),
    ],
)
def test_a_jump_is_refused_until_somebody_has_looked(machine: Machine, step: timedelta, words: str) -> None:
    clock = machine.clock()
    clock()
    machine.goes_on(SECOND / 10)
    machine.is_set(step)
    with pytest.raises(ClockInDoubtError, match=words) as told:
        clock()
    # What time it was, not what the clock says now; and what to do.
    assert "at 2026-11-22T03:04:05.778901Z" in str(told.value)
    assert "restart the server" in str(told.value)
    # Put right again, or left alone for long: which of the times given are true nobody can say without looking.
    machine.goes_on(DAY)
    machine.is_set(-step)
    for _ in range(3):
        with pytest.raises(ClockInDoubtError, match=words):
            clock()
    assert str(clock.doubt()) == str(told.value)
    # A restart is a new clock.
    assert machine.clock().doubt() is None


@pytest.mark.parametrize("step", [timedelta(seconds=1), timedelta(seconds=1.9)])
def test_a_small_step_back_is_bridged(machine: Machine, step: timedelta) -> None:
    """A leap second, for one: Linux steps the clock back by a second."""
    clock = machine.clock()
    given = [clock()]
    machine.is_set(-step)
    for _ in range(25):
        machine.goes_on(SECOND / 10)
        given.append(clock())
    assert given == sorted(set(given))
    assert given[1] - given[0] == timedelta(microseconds=1)
    assert given[-1] == START + 25 * SECOND / 10 - step


def test_a_small_step_forward_is_followed(machine: Machine) -> None:
    clock = machine.clock()
    clock()
    machine.is_set(1.9 * SECOND)
    assert clock() == START + 1.9 * SECOND


def test_small_steps_add_up(machine: Machine) -> None:
    clock = machine.clock()
    machine.is_set(1.5 * SECOND)
    clock()
    machine.goes_on(10 * SECOND)
    machine.is_set(1.5 * SECOND)
    with pytest.raises(ClockInDoubtError, match=r"forward by 3\.0 seconds"):
        clock()


def test_small_steps_are_forgotten_in_time(machine: Machine) -> None:
    clock = machine.clock()
    for _ in range(10):
        machine.is_set(1.5 * SECOND)
        clock()
        for _ in range(60):
            machine.goes_on(timedelta(minutes=1))
            clock()


@pytest.mark.parametrize("ppm", [500, -500])
@pytest.mark.parametrize("pause", [timedelta(seconds=7), timedelta(hours=5), timedelta(days=40)])
def test_slewing_for_months_is_no_jump(machine: Machine, ppm: int, pause: timedelta) -> None:
    clock = machine.clock()
    given = [clock()]
    for _ in range(min(200 * DAY // pause, 5000) + 2):
        machine.goes_on(pause, ppm=ppm)
        given.append(clock())
    assert given == sorted(set(given))


def test_a_jump_is_seen_while_the_clock_is_slewed(machine: Machine) -> None:
    clock = machine.clock()
    for _ in range(1000):
        machine.goes_on(10 * SECOND, ppm=500)
        clock()
    machine.is_set(-2.1 * SECOND)
    with pytest.raises(ClockInDoubtError, match="back by"):
        clock()


def test_sleep_is_no_jump(machine: Machine) -> None:
    """Both clocks count while a machine sleeps."""
    clock = machine.clock()
    clock()
    machine.goes_on(30 * DAY)
    assert clock() == START + 30 * DAY


def test_a_thread_stopped_between_its_two_looks_is_no_jump(machine: Machine) -> None:
    stopped = iter([False] * 20 + [True])

    def real() -> int:
        if next(stopped, False):
            machine.goes_on(5 * SECOND)
        return machine.real_ns

    clock = GuardedClock(real=real, boot=lambda: machine.boot_ns)
    for _ in range(30):
        machine.goes_on(SECOND)
        clock()
    assert clock.doubt() is None


def test_nothing_is_issued_before_what_was_recorded(machine: Machine) -> None:
    recorded = START + timedelta(hours=1)
    clock = machine.clock(not_before=recorded)
    with pytest.raises(ClockInDoubtError) as told:
        clock()
    assert "shows 2026-11-22T03:04:05.678901Z" in str(told.value)
    assert "recorded at 2026-11-22T04:04:05.678901Z" in str(told.value)
    assert clock.last_trusted() >= recorded
    # Not yet: the moment itself was given out before.
    machine.goes_on(timedelta(hours=1))
    with pytest.raises(ClockInDoubtError):
        clock()
    machine.goes_on(timedelta(microseconds=1))
    assert clock() > recorded
    assert clock.doubt() is None


def test_a_clock_set_right_before_anything_was_issued_is_believed(machine: Machine) -> None:
    """A machine without a battery starts in the past, and NTP sets it a little later."""
    clock = machine.clock(not_before=START + DAY)
    with pytest.raises(ClockInDoubtError):
        clock()
    machine.goes_on(SECOND)
    machine.is_set(2 * DAY)
    assert clock() == START + 2 * DAY + SECOND
    machine.is_set(DAY)
    with pytest.raises(ClockInDoubtError, match="jumped forward"):
        clock()


def test_a_floor_is_never_lowered(machine: Machine) -> None:
    clock = machine.clock()
    clock.hold_until(START - DAY)
    assert clock() == START
    clock.hold_until(START + DAY)
    clock.hold_until(START + timedelta(hours=1))
    machine.goes_on(timedelta(hours=2))
    with pytest.raises(ClockInDoubtError):
        clock()


def test_a_floor_does_not_excuse_a_jump(machine: Machine) -> None:
    clock = machine.clock()
    clock()
    machine.is_set(-DAY)
    clock.hold_until(START)
    machine.is_set(2 * DAY)
    with pytest.raises(ClockInDoubtError, match="jumped back"):
        clock()


def test_the_last_trusted_time_goes_on_through_a_jump(machine: Machine) -> None:
    clock = machine.clock()
    before = clock()
    machine.is_set(-DAY)
    given = [before]
    for _ in range(10):
        machine.goes_on(SECOND)
        given.append(clock.last_trusted())
    assert given == sorted(set(given))
    assert given[-1] == before + 10 * SECOND
    with pytest.raises(ClockInDoubtError):
        clock()


def test_whatever_happens_no_time_is_earlier_than_one_before(machine: Machine) -> None:
    for seed in range(200):
        chance = random.Random(seed)
        here = Machine()
        clock, last = here.clock(), START - DAY
        for _ in range(100):
            here.goes_on(timedelta(microseconds=chance.randrange(0, 10**6)))
            if chance.random() < 0.2:
                here.is_set(SECOND * chance.uniform(-1.5, 1.5))
            try:
                given = clock() if chance.random() < 0.7 else clock.last_trusted()
            except ClockInDoubtError:
                given = clock.last_trusted()
            assert given > last, seed
            last = given


def test_threads_share_it(machine: Machine) -> None:
    clock = GuardedClock()
    begin = threading.Barrier(4)

    def ask(_number: int) -> list[datetime]:
        begin.wait()
        return [clock() for _ in range(5000)]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, range(4)))
    assert all(each == sorted(each) for each in answers)
    assert len({moment for each in answers for moment in each}) == 20000


def test_the_real_clocks() -> None:
    before, boot = datetime.now(UTC), boot_time()
    given = GuardedClock()()
    assert before <= given <= datetime.now(UTC)
    assert boot <= boot_time()
