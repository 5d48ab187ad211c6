"""The machine's clock is compared with other time sources; off by more than a bound, no timestamp is signed.

Off until time sources are named. Each machine watches its own clock, whether it leads or not.
"""

from __future__ import annotations

import logging
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from zonary.common.clock import now, rfc3339
from zonary.common.sntp import Difference, TimeSourceError, compare
from zonary.config.background import BackgroundWork
from zonary.config.clock_sources import ClockWatching, Source
from zonary.foundation.ledger.checkup import Finding, Severity
from zonary.foundation.ledger.layout import DataDirectory
from zonary.foundation.ledger.watched_clock import Watched, keep, watched
from zonary.proof.package.report import Sentence

_LATE_ROUNDS: Final = 5
_log = logging.getLogger("zonary.server")


Compare = Callable[[str, int], Difference]


def look(wanted: ClockWatching, *, at: datetime, before: Watched | None, ask: Compare = compare) -> Watched:
    """Ask every source once, all at the same time.

    What counts is how many are configured, not how many answered: else whoever silences the others and answers in the
    place of one would be the majority. While most are silent, or too few say the same, nothing is known: the clock
    stays what it was, and everybody is told.
    """
    with ThreadPoolExecutor(len(wanted.sources)) as pool:
        answers = list(pool.map(lambda each: _asked(each, ask), wanted.sources))
    found = [each for each in answers if isinstance(each, Difference)]
    verdict = _verdict(len(answers), len(found), sum(each.exceeds(wanted.bound) for each in found))
    was_off = before is not None and before.is_off
    named = dict(zip((each.name for each in wanted.sources), answers, strict=True))
    return Watched(
        checked_at=rfc3339(at),
        is_off=was_off if verdict is None else verdict,
        is_known=verdict is not None,
        known_at=(before.known_at if before else "") if verdict is None else rfc3339(at),
        behind=_told([] if verdict is None else [each.behind.total_seconds() for each in found], before),
        bound=wanted.bound.total_seconds(),
        sources={k: v.behind.total_seconds() if isinstance(v, Difference) else None for k, v in named.items()},
        problems={k: (v.msgid, _flat(v)) for k, v in named.items() if isinstance(v, TimeSourceError)},
    )


def _verdict(configured: int, answered: int, wrong: int) -> bool | None:
    """Whether the clock is off, None for not known.

    Half of those configured are enough for off: of two that disagree nobody knows which is right.
    """
    if 2 * answered <= configured:
        return None
    if wrong and 2 * wrong >= configured:
        return True
    return False if 2 * (answered - wrong) > configured else None


def _told(seconds: Sequence[float], before: Watched | None) -> float | None:
    if seconds:
        return statistics.median(seconds)
    return before.behind if before is not None and before.is_off else None


def _flat(error: TimeSourceError) -> dict[str, str]:
    return {name: str(value) for name, value in error.params.items()}


def _asked(source: Source, ask: Compare) -> Difference | TimeSourceError:
    try:
        return ask(source.host, source.port)
    except TimeSourceError as error:
        return error


class ClockWatch(BackgroundWork):
    """Compares at an interval, and tells whoever signs."""

    called, waits = "clock watch", "the watch over the clock waits"

    def __init__(self, data: DataDirectory, stopping: threading.Event) -> None:
        super().__init__(lambda: True, stopping)
        self._data = data
        self._wanted: ClockWatching = settings.ZONARY_CLOCK
        self._next = 0.0

    def work(self) -> bool:
        if not self._wanted.sources or time.monotonic() < self._next:
            return False
        before = watched(self._data)
        found = look(self._wanted, at=now.last_trusted(), before=before)
        keep(self._data, found)
        if found.is_known != (before is None or before.is_known):
            answered = sum(each is not None for each in found.sources.values())
            said = "is known again" if found.is_known else "is not known; it counts as it did"
            _log.warning(
                "%d of %d time sources answered: whether the clock is right %s.", answered, len(found.sources), said
            )
        if found.is_off != (before is not None and before.is_off):
            said = "is off by more than the bound: no timestamp is signed" if found.is_off else "is right again"
            _log.critical("The clock %s (%.3f seconds).", said, found.behind or 0.0)
        self._next = time.monotonic() + self._wanted.interval.total_seconds()
        return False


def check_sources(data: DataDirectory, at: datetime) -> Iterator[Finding]:
    """What the doctor says of the watch; nothing where there is none."""
    wanted: ClockWatching = settings.ZONARY_CLOCK
    if not wanted.sources:
        return
    found = watched(data)
    late = None if found is None else at - datetime.fromisoformat(found.checked_at)
    if found is None or late is None or late > _LATE_ROUNDS * wanted.interval + timedelta(seconds=30):
        yield Finding(
            "clock-sources",
            Severity.WARNING,
            Sentence("The clock was not compared with other time sources of late, though they are configured."),
            Sentence("Start the server: it does so while it runs."),
        )
        return
    yield _judged(found)
    for name, (msgid, params) in found.problems.items():
        problem = TimeSourceError(msgid, **params)
        yield Finding(
            "clock-sources",
            Severity.WARNING,
            Sentence("The time source {name} gave no time: {problem}", {"name": name, "problem": problem}),
            Sentence("Look whether UDP to it is let through, or name another in ZONARY_CLOCK_SOURCES."),
        )


def _judged(found: Watched) -> Finding:
    seconds = "–" if found.behind is None else f"{found.behind:+.3f}"
    if not found.is_known:
        return _unknown(found)
    if found.is_off:
        return Finding(
            "clock-sources",
            Severity.FAULT,
            Sentence(
                "The clock is off by {seconds} seconds, as other time sources have it; {bound} are allowed. No "
                "timestamp is signed.",
                {"seconds": seconds, "bound": f"{found.bound:.3f}"},
            ),
            Sentence("Set it right with NTP. Timestamps are signed again by themselves once it is."),
        )
    return Finding(
        "clock-sources",
        Severity.OK,
        Sentence(
            "Other time sources have the clock behind by {seconds} seconds, compared at {time}; {bound} are allowed.",
            {"seconds": seconds, "time": found.checked_at, "bound": f"{found.bound:.3f}"},
        ),
    )


def _unknown(found: Watched) -> Finding:
    answered, count = sum(each is not None for each in found.sources.values()), len(found.sources)
    mend = Sentence("Look why the others are silent or disagree. Name three or more that do not fail together.")
    if found.is_off:
        sentence = Sentence(
            "Whether the clock is right is not known: {answered} of {count} time sources answered, and not enough say "
            "the same. It was off when that was known last, so that no timestamp is signed.",
            {"answered": answered, "count": count},
        )
        return Finding("clock-sources", Severity.FAULT, sentence, mend)
    sentence = Sentence(
        "Whether the clock is right is not known: {answered} of {count} time sources answered, and not enough say the "
        "same. Timestamps are signed as before; known for the last time: {time}.",
        {"answered": answered, "count": count, "time": found.known_at or "–"},
    )
    return Finding("clock-sources", Severity.WARNING, sentence, mend)
