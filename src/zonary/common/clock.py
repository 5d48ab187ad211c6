"""The one place where this application asks what time it is; everything below takes the time as an argument.

A time that goes into evidence cannot be taken back, so the clock is doubted before it is believed. The machine has
two: the real one, which people and NTP set, and the one that counts since boot, which nobody sets. Linux lets NTP
speed up and slow down both alike, so they part only when the real one is stepped.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from typing import Final

from zonary.proof.errors import Error

Clock = Callable[[], datetime]
"""Gives the present as an aware datetime in UTC."""

Nanoseconds = Callable[[], int]

TOLERANCE: Final = timedelta(seconds=2)
"""How far the real clock may part from the other. More than a leap second, which Linux steps back in one go."""
FOLLOWED_PPM: Final = 500
"""How fast a difference is forgotten: the most by which NTP slews a clock (43 s a day). Small steps fade at this rate;
one that comes after a time in which nobody asked may be larger than the tolerance by as much."""

_TRIES = 5
_SECOND = 1_000_000_000
_NARROW = 1_000_000
"""Nanoseconds between two looks at one clock in which the look at the other counts as simultaneous."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_log = logging.getLogger("zonary.server")


class ClockInDoubtError(Error):
    """What time it is cannot be said; nothing that carries a time may be made."""


# Where the system has no clock that counts through sleep, a sleep will look like a jump.
boot_time: Nanoseconds = (
    partial(time.clock_gettime_ns, time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic_ns
)
"""Nanoseconds since boot, sleep included."""


class GuardedClock:
    """Gives the present in UTC, to the microsecond, each time later than the last; or refuses. Thread safe.

    - A step further than the tolerance, either way, is a doubt that only a restart ends: once a person has looked.
    - A smaller step back is bridged: each answer is a microsecond later than the one before, until the clock has
      caught up. Waiting for that instead would hold up every request of the process for as long.
    - Until the clock has passed ``not_before`` it is in doubt, and steps are as yet no matter: nothing was issued.

    :param not_before: the last time known to have been recorded; nothing may be issued that is earlier.
    :param tolerance: more than zero.
    :param real: the clock people set, in nanoseconds since 1970.
    :param boot: a clock nobody sets, in nanoseconds.
    """

    def __init__(
        self,
        *,
        not_before: datetime | None = None,
        tolerance: timedelta = TOLERANCE,
        real: Nanoseconds = time.time_ns,
        boot: Nanoseconds = boot_time,
    ) -> None:
        self._real = real
        self._boot = boot
        self._tolerance = tolerance // timedelta(microseconds=1) * 1000
        self._lock = threading.Lock()
        self._floor: int | None = None
        self._jump: ClockInDoubtError | None = None
        self._last = 0
        """The last time given, in microseconds since 1970."""
        self._offset = self._seen = self._next = 0
        self._anchor()
        if not_before is not None:
            self.hold_until(not_before)

    def __call__(self) -> datetime:
        """The present.

        :raises ClockInDoubtError: one sentence: what happened when, and how to mend it.
        """
        with self._lock:
            boot = self._boot()
            real = self._real()
            # Asked for thousands of times a second: what is plainly right is not looked at further.
            if boot >= self._next or not self._low <= real - boot <= self._high:
                self._compare(boot, real)
                doubt = self._doubt(real)
                if doubt is not None:
                    raise doubt
            given = real // 1000
            if given <= self._last:
                given = self._last + 1
            self._last = given
        # Right to the microsecond until 2106, when a float's steps grow past half of one.
        return datetime.fromtimestamp(given / 1_000_000, UTC)

    def last_trusted(self) -> datetime:
        """The present as far as it is known: never earlier than the last answer, and never refused.

        After a jump it goes on from the time before, as the boot clock counts; before the floor is passed it is the
        floor. For what has to go on in doubt and proves no time: the sequencer, and how long something has waited.
        """
        with self._lock:
            boot, real = self._look()
            if self._jump is not None:
                real = boot + self._offset
            elif self._floor is not None:
                real = max(real, self._floor)
            self._last = given = max(real // 1000, self._last + 1)
        return datetime.fromtimestamp(given / 1_000_000, UTC)

    def hold_until(self, moment: datetime) -> None:
        """Issue nothing until the clock has passed ``moment``: something was recorded then. Never lowered."""
        wanted = (moment - _EPOCH) // timedelta(microseconds=1) * 1000
        with self._lock:
            real = self._look()[1]
            if real > wanted:
                return
            self._floor = max(wanted, self._floor or 0)
            self._bound()
            _log.critical("%s", self._doubt(real))

    def doubt(self) -> ClockInDoubtError | None:
        """Why times are refused just now, or None."""
        with self._lock:
            return self._doubt(self._look()[1])

    # What follows is called with the lock held.

    def _look(self) -> tuple[int, int]:
        boot, real = self._boot(), self._real()
        self._compare(boot, real)
        return boot, real

    def _compare(self, boot: int, real: int) -> None:
        """Take note of how far the clocks have parted since they were last compared."""
        if self._jump is not None:
            return
        if self._floor is not None:
            self._anchor()
            if real > self._floor:
                self._floor = None
                self._bound()
                _log.warning("The clock has passed the last time recorded; timestamps are issued.")
            return
        drift = real - boot - self._offset
        forgotten = max(0, boot - self._seen) * FOLLOWED_PPM // 1_000_000
        jump = self._jumped(forgotten) if abs(drift) > self._tolerance + forgotten else None
        if jump is None:
            self._offset += max(-forgotten, min(drift, forgotten))
        else:
            _log.critical("%s", jump)
        self._jump = jump
        self._seen = boot
        self._bound()

    def _anchor(self) -> None:
        boot, real = self._pair()
        self._offset, self._seen = real - boot, boot
        self._bound()

    def _bound(self) -> None:
        """Between which differences, and how long, a time may be given without comparing."""
        self._low, self._high = self._offset - self._tolerance, self._offset + self._tolerance
        calm = self._jump is None and self._floor is None
        self._next = self._seen + _SECOND if calm else 0

    def _doubt(self, real: int) -> ClockInDoubtError | None:
        """A new one each time: an error that several threads raise would carry each other's traces."""
        if self._jump is not None:
            return ClockInDoubtError(self._jump.msgid, **self._jump.params)
        if self._floor is None:
            return None
        return ClockInDoubtError(
            "The clock of this server shows {time}, but something was recorded at {recorded} already, so nothing is "
            "timestamped before that has passed. Check the clock and what sets it (NTP).",
            time=_rfc3339_ns(real),
            recorded=_rfc3339_ns(self._floor),
        )

    def _jumped(self, forgotten: int) -> ClockInDoubtError | None:
        """Look again: this thread may only have been stopped between its looks at the two clocks."""
        boot, real = self._pair()
        drift = real - boot - self._offset
        if abs(drift) <= self._tolerance + forgotten:
            return None
        at = _rfc3339_ns(boot + self._offset)
        seconds = f"{abs(drift) / 1e9:.1f}"
        if drift > 0:
            return ClockInDoubtError(
                "The clock of this server jumped forward by {seconds} seconds at {time}, so what time it is is in "
                "doubt, and nothing is timestamped. Check the clock and what sets it (NTP), then restart the server.",
                seconds=seconds,
                time=at,
            )
        return ClockInDoubtError(
            "The clock of this server jumped back by {seconds} seconds at {time}, so what time it is is in doubt, "
            "and nothing is timestamped. Check the clock and what sets it (NTP), then restart the server.",
            seconds=seconds,
            time=at,
        )

    def _pair(self) -> tuple[int, int]:
        """Both clocks at one moment, as nearly as a few tries can."""
        best: tuple[int, int, int] | None = None
        for _try in range(_TRIES):
            before, real, after = self._boot(), self._real(), self._boot()
            if best is None or after - before < best[0]:
                best = (after - before, (before + after) // 2, real)
            if best[0] < _NARROW:
                break
        assert best is not None  # noqa: S101 - tried at least once
        return best[1], best[2]


now: Final = GuardedClock()
"""The clock of this process: every time that goes into evidence comes from it."""


ZONE_TIME: Final = timezone(timedelta(hours=8), "UTC+8")
"""The one official time of all China (北京时间), without summer time since 1992: days and terms are counted in it."""


def zone_date(at: datetime) -> date:
    """The day it is in the zone at the moment ``at``."""
    return at.astimezone(ZONE_TIME).date()


def end_of_day(day: date) -> datetime:
    """The moment after the last one of ``day`` in the zone."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE_TIME) + timedelta(days=1)


def rfc3339(moment: datetime) -> str:
    """``2026-11-22T03:04:05.678901Z``: UTC, always six decimals, so that texts sort as times do."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def to_the_second(moment: datetime) -> str:
    """``2026-11-22T03:04:05Z``: in sentences for people, whom six decimals only keep from reading."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _rfc3339_ns(nanoseconds: int) -> str:
    return rfc3339(_EPOCH + timedelta(microseconds=nanoseconds // 1000))
