"""Webhooks are posted in the background, by whoever leads; of two who think they do, one claims each message."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import DatabaseError, connection

from zonary.common.clock import ClockInDoubtError, now
from zonary.foundation.notifications.deliveries import AT_ONCE, deliver, follow

PAUSE_SECONDS = 1.0
_log = logging.getLogger("zonary.server")


class WebhookPosting(threading.Thread):
    """Follows the ledger and posts what is due while this server ``leads``. Failing, it goes on where it was."""

    def __init__(self, leads: Callable[[], bool], stopping: threading.Event) -> None:
        super().__init__(name="webhooks", daemon=True)
        self._leads = leads
        self._stopping = stopping
        self._failing = False

    def run(self) -> None:
        with ThreadPoolExecutor(AT_ONCE, "webhook") as pool:
            try:
                while not self._stopping.wait(self._attempt(pool)):
                    pass
            finally:
                connection.close()

    def _attempt(self, pool: ThreadPoolExecutor) -> float:
        """One piece of the work; returns how long to wait before the next."""
        if not self._leads():
            return PAUSE_SECONDS
        try:
            looked, tried = follow(at=now()), deliver(now, pool)
        except (DatabaseError, OSError, ClockInDoubtError) as error:
            if not self._failing:
                _log.warning("webhooks wait: %s", error)
            self._failing = True
            connection.close()
            return PAUSE_SECONDS
        self._failing = False
        return 0.0 if looked or tried else PAUSE_SECONDS
