"""Waiting for what clients have not sent yet, and not for longer than they may take."""

from __future__ import annotations

import asyncio

from zonary.common.problems import Problem

SWEEP_SECONDS = 0.25
"""How often deadlines are looked at: one look at all of them costs less than a timer for each."""


class Arrivals:
    """The bodies being waited for in this process, each with its deadline; a stop need not wait for clients."""

    def __init__(self) -> None:
        self.ended = False
        self._until: dict[asyncio.Future[None], float] = {}
        self._sweeping = False

    async def wait(self, arrival: asyncio.Future[None], seconds: float) -> None:
        """Wait until ``arrival`` is done.

        :raises Problem: 408 when it takes longer than ``seconds`` (by up to a quarter of a second), 503 when the
            server stops meanwhile.
        """
        if self.ended:
            raise _stopping()
        loop = arrival.get_loop()
        self._until[arrival] = loop.time() + seconds
        if not self._sweeping:
            self._sweeping = True
            loop.call_later(SWEEP_SECONDS, self._sweep, loop)
        try:
            await arrival
        finally:
            del self._until[arrival]

    def end(self) -> None:
        """Give up every body that is not whole, and those to come; requests that are whole go on."""
        self.ended = True
        for arrival in self._until:
            if not arrival.done():
                arrival.set_exception(_stopping())

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for arrival, until in self._until.items():
            if until <= now and not arrival.done():
                arrival.set_exception(Problem(408, "too-slow", "The request took too long to arrive."))
        if self._until:
            loop.call_later(SWEEP_SECONDS, self._sweep, loop)
        else:
            self._sweeping = False


def _stopping() -> Problem:
    return Problem(503, "stopping", "The server is stopping. Try again.", {"Retry-After": "1"})
