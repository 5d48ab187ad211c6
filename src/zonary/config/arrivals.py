"""Waiting for what clients have not sent yet, and not for longer than they may take."""

from __future__ import annotations

import asyncio

from zonary.common.problems import Problem


class Arrivals:
    """The bodies being waited for in this process, each with its deadline; a stop need not wait for clients."""

    def __init__(self) -> None:
        self.ended = False
        self._until: dict[asyncio.Future[None], float] = {}

    async def wait(self, arrival: asyncio.Future[None], seconds: float) -> None:
        """Wait until ``arrival`` is done.

        :raises Problem: 408 when it takes longer than ``seconds`` and somebody looks, 503 when the server stops
            meanwhile.
        """
        if self.ended:
            raise _stopping()
        self._until[arrival] = arrival.get_loop().time() + seconds
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

    def expire(self, now: float) -> None:
        """Give up what should have come by ``now``, in the loop's time."""
        for arrival, until in self._until.items():
            if until <= now and not arrival.done():
                arrival.set_exception(Problem(408, "too-slow", "The request took too long to arrive."))


def _stopping() -> Problem:
    return Problem(503, "stopping", "The server is stopping. Try again.", {"Retry-After": "1"})
