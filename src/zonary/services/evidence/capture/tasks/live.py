"""The steps of a running capture, for its page: kept for minutes where every process of the server finds them.

Nothing rests on them: what is sealed has all steps. So an error of the database costs a look at them, and no capture.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError

from zonary.services.evidence.capture.models import Capture
from zonary.services.evidence.capture.rules import GRACE

MOST = 40
"""Steps that are shown, the latest ones."""
_EVERY = 0.5
"""Seconds between two writes."""


class Steps:
    """Keeps what is told of one capture."""

    def __init__(self, capture: Capture) -> None:
        self._key = _key(capture)
        self._written = 0.0

    def tell(self, steps: Sequence[Mapping[str, Any]]) -> None:
        """:param steps: all so far; told again with each further one."""
        if time.monotonic() - self._written < _EVERY:
            return
        self._written = time.monotonic()
        with suppress(DatabaseError):
            cache.set(self._key, [dict(each) for each in steps[-MOST:]], int(GRACE.total_seconds()))


def steps_so_far(capture: Capture) -> list[dict[str, Any]]:
    """Those of a capture that runs; none when nothing was told yet."""
    found = cache.get(_key(capture))
    return found if isinstance(found, list) else []


def _key(capture: Capture) -> str:
    return f"capture-steps-{capture.public_id}"
