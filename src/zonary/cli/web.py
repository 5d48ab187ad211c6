"""The worker processes of ``zonary serve``: how they are started, and how they end together."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import wait
from typing import Any

from granian.constants import HTTPModes, Interfaces, Loops, RuntimeModes
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from zonary.config.counts import SharedCounts
from zonary.config.lifeline import STOP_READING
from zonary.config.rsgi import build

STOP_SECONDS = 15
"""How long all workers together may take to end."""
HEADER_MILLISECONDS = 10_000
"""How long a client may take over a request's head; shorter than a stop, which waits for it."""
BACKLOG = 2048
_log = logging.getLogger("zonary.server")


class WebServer(MPServer):
    """Granian with ``workers`` processes, each listening on the same address, over which the kernel spreads clients.

    When one of them ends by itself, the others are ended too, and :meth:`run` raises SystemExit.
    """

    def __init__(self, host: str, port: int, workers: int) -> None:
        # Not fork: a worker must share neither threads' locks nor database connections with this process.
        multiprocessing.set_start_method("spawn", force=True)
        super().__init__(
            "zonary.config.rsgi:build",
            address=host,
            port=port,
            workers=workers,
            interface=Interfaces.RSGI,
            loop=Loops.uvloop,
            # With the other mode, two workers answered little more than half as many of the smallest requests.
            runtime_mode=RuntimeModes.mt,
            # Over HTTP/2 there is no deadline for a request's head; proxies speak HTTP/1.1 to what is behind them.
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
            websockets=False,
            log_level=LogLevels.warning,
            backlog=BACKLOG,
            backpressure=BACKLOG,
        )
        self._shared = SharedCounts(workers)
        # Ignored here and so at first in a worker, which may be told before it knows how to listen.
        self.on_startup(lambda: signal.signal(STOP_READING, signal.SIG_IGN))

    def run(self) -> None:
        """Serve until told to stop."""
        load: Callable[..., Any] = partial(build, self._shared)
        self.serve(target_loader=load, wrap_loader=False)

    def _stop_workers(self) -> None:
        # However it comes to the end: each worker gives up what has not arrived, then is told to end, and all of them
        # have the same time. Only its sentinel says that a process has ended: Granian's own threads wait for them as
        # well, and whoever comes second is told that it still runs.
        running = {worker.inner.sentinel: worker for worker in self.wrks}
        for sentinel in wait(list(running), 0):
            del running[sentinel]
        for worker in running.values():
            with suppress(ProcessLookupError):
                os.kill(worker.inner.pid, STOP_READING)
        for worker in self.wrks:
            worker.terminate()  # type: ignore[no-untyped-call]
        until = time.monotonic() + STOP_SECONDS
        while running and (left := until - time.monotonic()) > 0:
            for sentinel in wait(list(running), left):
                del running[sentinel]
        for worker in running.values():
            _log.warning("Killing worker %d, which did not end in %d seconds", worker.inner.pid, STOP_SECONDS)
            worker.kill()  # type: ignore[no-untyped-call]
        for worker in self.wrks:
            worker.join()  # type: ignore[no-untyped-call]
        self.wrks.clear()
