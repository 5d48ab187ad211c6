"""Work that waits for nobody: what is derived from the ledger is brought up to date in the background."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.db import DatabaseError, connection

from zonary.services.evidence.digest_index import advance

PAUSE_SECONDS = 1.0
_log = logging.getLogger("zonary.server")


class Upkeep(threading.Thread):
    """Builds the index of digests, piece by piece, while this server ``leads``.

    Failing or stopped, it leaves searches slower and nothing wrong: they read from the ledger what is not indexed.
    """

    def __init__(self, leads: Callable[[], bool], stopping: threading.Event) -> None:
        super().__init__(name="upkeep", daemon=True)
        self._leads = leads
        self._stopping = stopping
        self._failing = False

    def run(self) -> None:
        try:
            while not self._stopping.wait(self._attempt()):
                pass
        finally:
            connection.close()

    def _attempt(self) -> float:
        """One piece of the work; returns how long to wait before the next."""
        if not self._leads():
            return PAUSE_SECONDS
        try:
            pause = 0.0 if advance() else PAUSE_SECONDS
        except (DatabaseError, OSError) as error:
            if not self._failing:
                _log.warning("the index of digests waits: %s", error)
            self._failing = True
            connection.close()
            return PAUSE_SECONDS
        self._failing = False
        return pause
