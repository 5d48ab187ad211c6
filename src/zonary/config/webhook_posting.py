"""Webhooks are posted in the background, by whoever leads; of two who think they do, one claims each message."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from zonary.common.clock import now
from zonary.config.background import BackgroundWork
from zonary.foundation.notifications.deliveries import AT_ONCE, deliver, follow


class WebhookPosting(BackgroundWork):
    """Follows the ledger and posts what is due."""

    called, waits = "webhooks", "webhooks wait"

    def __init__(self, leads: Callable[[], bool], stopping: threading.Event) -> None:
        super().__init__(leads, stopping)
        self._pool = ThreadPoolExecutor(AT_ONCE, "webhook")

    def work(self) -> bool:
        looked, tried = follow(at=now()), deliver(now, self._pool)
        return bool(looked or tried)

    def end(self) -> None:
        self._pool.shutdown()
