"""Work in the background: a thread of the main process that does one piece after the other while this server leads."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import ClassVar

from django.db import DatabaseError, connection

from zonary.common.clock import ClockInDoubtError

_log = logging.getLogger("zonary.server")


class BackgroundWork(threading.Thread):
    """Does :meth:`work` while this server ``leads``, until ``stopping``.

    Whatever goes wrong with a piece, the thread lives: later it goes on where it was. A failure is told once, until a
    piece succeeds again.

    :cvar waits: what the log says while it fails.
    :cvar pause: seconds before the next piece where there is nothing more to do, or this server does not lead.
    """

    called: ClassVar[str]
    waits: ClassVar[str]
    pause: ClassVar[float] = 1.0

    def __init__(self, leads: Callable[[], bool], stopping: threading.Event) -> None:
        super().__init__(name=self.called, daemon=True)
        self._leads = leads
        self._failing = False
        self.stopping = stopping

    def begin(self) -> None:
        """What is done once, before the first piece."""

    def work(self) -> bool:
        """One piece; whether there may be more to do at once."""
        raise NotImplementedError

    def end(self) -> None:
        """What is done once, after the last piece."""

    def run(self) -> None:
        try:
            self.begin()
            while not self.stopping.wait(self._attempt()):
                pass
        finally:
            self.end()
            connection.close()

    def _attempt(self) -> float:
        """Returns how long to wait before the next."""
        if not self._leads():
            return self.pause
        try:
            is_more = self.work()
        except Exception as error:
            self._tell(error)
            connection.close()
            return self.pause
        self._failing = False
        return 0.0 if is_more else self.pause

    def _tell(self, error: Exception) -> None:
        if not self._failing:
            # What a machine does to us needs no traceback; a fault of ours does.
            is_expected = isinstance(error, DatabaseError | OSError | ClockInDoubtError)
            _log.warning("%s: %s", self.waits, error, exc_info=None if is_expected else error)
        self._failing = True
