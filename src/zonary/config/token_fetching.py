"""Further timestamp authorities are asked in the background, by whoever leads; never while somebody waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from zonary.common.clock import now
from zonary.config.background import BackgroundWork
from zonary.proof.package.further import MAX_FURTHER
from zonary.services.evidence.tasks.further import Asking


class TokenFetching(BackgroundWork):
    """Works off what registrations wait for."""

    called, waits = "timestamps", "timestamps of further authorities wait"

    def __init__(self, leads: Callable[[], bool], stopping: threading.Event) -> None:
        super().__init__(leads, stopping)
        self._pool = ThreadPoolExecutor(MAX_FURTHER + 1, "authority")
        self._asking = Asking(now, self._pool)

    def work(self) -> bool:
        self._asking.begin()
        return bool(self._asking.settle(self.pause))

    def end(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
