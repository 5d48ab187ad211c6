"""The worker processes of ``zonary serve``: how they are started, and how they end together."""

from __future__ import annotations

import logging
import multiprocessing
import os
import sys
import time
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess

from zonary.config.counts import SharedCounts
from zonary.config.listener import work

STOP_SECONDS = 25
"""How long all workers together may take to end; each has ten for its connections, and ten for the open log."""
_TOLD_SECONDS = 0.3
_log = logging.getLogger("zonary.server")


class WorkerEndedError(Exception):
    """A worker process ended by itself."""


def _worker_context() -> SpawnContext | ForkServerContext:
    """How workers are made. Not by fork: one must share neither threads' locks nor database connections with us.

    On Linux they are forked off a process that has loaded the application and nothing else, so that it is loaded once
    for all of them and lies in memory once.
    """
    if not sys.platform.startswith("linux"):
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["zonary.config.loaded"])
    return context


class WebServer:
    """``workers`` processes, each listening on the same address, over which the kernel spreads clients."""

    def __init__(self, host: str, port: int, workers: int) -> None:
        context = _worker_context()
        self._counts = SharedCounts(workers)
        self._workers: list[BaseProcess] = [
            context.Process(target=work, args=(host, port, self._counts, number), daemon=True)
            for number in range(workers)
        ]
        self._stopped, self._stop = os.pipe()

    def run(self) -> None:
        """Serve until :meth:`stop`.

        :raises WorkerEndedError: when a worker ended by itself; the others were ended then.
        """
        running: dict[int, BaseProcess] = {}
        try:
            for worker in self._workers:
                worker.start()
                running[worker.sentinel] = worker
            wait([self._stopped, *running])
        finally:
            # Who stops a whole group of processes tells the workers too, perhaps first.
            told = wait([self._stopped], _TOLD_SECONDS)
            self._end(running)
        if not told:
            raise WorkerEndedError

    def stop(self) -> None:
        """Have :meth:`run` return; may be called from any thread, from a signal handler, and more than once."""
        os.write(self._stop, b"x")

    def _end(self, running: dict[int, BaseProcess]) -> None:
        started = list(running.values())
        for worker in started:
            worker.terminate()
        until = time.monotonic() + STOP_SECONDS
        while running and (left := until - time.monotonic()) > 0:
            for sentinel in wait(list(running), left):
                del running[int(sentinel)]  # type: ignore[arg-type]
        for worker in running.values():
            _log.warning("Killing worker %d, which did not end in %d seconds", worker.pid, STOP_SECONDS)
            worker.kill()
        for worker in started:
            worker.join()
