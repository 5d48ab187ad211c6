"""Token buckets: so many at once, and so many a second from then on; in the memory of one process."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from zonary.common.problems import Problem

MAX_KNOWN = 20_000
"""Callers remembered at one time; whoever was quiet longest is forgotten, which gives them a full bucket."""


class Buckets:
    """One bucket for each caller.

    :param name: what they are counted by, as the headers say it.
    :param rate: how many a second; 0: no limit.
    :param burst: how many at once.
    :param share: of how many processes this is one: each gives out its part.
    """

    def __init__(
        self, name: str, rate: float, burst: float, *, share: int = 1, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._name = name
        self._rate = rate / share
        self._burst = max(1.0, burst / share)
        self._clock = clock
        self._known: dict[str, tuple[float, float]] = {}

    def take(self, caller: str) -> None:
        """:raises Problem: 429 when nothing is left for ``caller``."""
        if not self._rate:
            return
        at = self._clock()
        level, before = self._known.pop(caller, (self._burst, at))
        level = min(self._burst, level + (at - before) * self._rate)
        if level >= 1.0:
            self._known[caller] = level - 1.0, at
            if len(self._known) > MAX_KNOWN:
                self._known.pop(next(iter(self._known)), None)
            return
        self._known[caller] = level, at
        raise self._refusal(math.ceil((1.0 - level) / self._rate))

    def _refusal(self, seconds: int) -> Problem:
        window = math.ceil(self._burst / self._rate)
        headers = {
            "Retry-After": str(seconds),
            # draft-ietf-httpapi-ratelimit-headers
            "RateLimit": f'"{self._name}";r=0;t={seconds}',
            "RateLimit-Policy": f'"{self._name}";q={int(self._burst)};w={window}',
        }
        return Problem(429, "too-many-requests", "These were too many requests. Wait, then go on.", headers)


def rate_of(text: str) -> tuple[float, float]:
    """``20/200`` as rate and burst: 20 a second, 200 at once; ``0``: no limit.

    :raises ValueError: for what is neither.
    """
    rate, _, burst = text.partition("/")
    return float(rate), float(burst or rate)
