"""Taking the bodies of requests: how large, by when, and how fast they have to come."""

from __future__ import annotations

import asyncio

from zonary.common import problems
from zonary.common.problems import Problem
from zonary.config.http import DisconnectedError, Request

BODY_SECONDS = 30.0
"""How long a client may take to send a body, at whatever address."""
BODY_GRACE_SECONDS = 5.0
MIN_BODY_BYTES_PER_SECOND = 8 * 1024
"""Asked of a body on average, once the grace is over: one that trickles is refused long before its deadline."""

PIECE_SECONDS = 2.0
"""After so long what has come of a body that is taken in pieces is handed on."""


class Body:
    """A request's body while it arrives, ``limit`` bytes at most, by a deadline and not slower than allowed.

    :raises Problem: 413 when a larger one is announced.
    """

    __slots__ = ("_incoming", "_limit", "_parts", "_seconds", "_size", "_whole")

    def __init__(self, request: Request, limit: int) -> None:
        self._incoming = request.body
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self._seconds = 0.0
        self._whole = False
        if request.size is not None and request.size > limit:
            raise problems.too_large(limit)

    async def arrive(self, size: int | None = None) -> bool:
        """Take what comes until the body is whole or, if given, more than ``size`` bytes are here.

        Time counts only in here: a caller may let the client wait between two calls.

        :returns: whether it is whole.
        :raises Problem: 413 as soon as it is too large, 408 when it is too slow.
        :raises DisconnectedError: when the rest will not come.
        """
        loop = asyncio.get_running_loop()
        began = loop.time() - self._seconds
        while not self._whole and (size is None or self._size <= size):
            await self._incoming.wait(began + _seconds_for(self._size) - loop.time())
            self._take(self._incoming.take())
        self._seconds = loop.time() - began
        return self._whole

    def _take(self, piece: bytes) -> None:
        self._parts.append(piece)
        self._size += len(piece)
        if self._size > self._limit:
            raise problems.too_large(self._limit)
        self._whole = self._incoming.is_whole

    def whole(self) -> bytes:
        """Everything that arrived."""
        return self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)


def _seconds_for(size: int) -> float:
    """How long a body may take of which ``size`` bytes are here."""
    return min(BODY_SECONDS, BODY_GRACE_SECONDS + size / MIN_BODY_BYTES_PER_SECOND)


class Pieces:
    """A body of whatever size, a piece at a time: what is in memory is bounded, and what has come is not lost.

    A piece ends when it is large enough, or when it has taken long enough to arrive; slow clients come forward, too.
    """

    def __init__(self, request: Request, size: int) -> None:
        self._incoming = request.body
        self._size = size
        self._taken = 0
        self._waited = 0.0
        self._fault: Exception | None = None

    async def next(self) -> tuple[bytes, bool]:
        """About ``size`` bytes at most, and whether they are the last. Time counts only in here.

        :raises Problem: 408 when the body is too slow, 503 when the server stops.
        :raises DisconnectedError: when the rest will not come; of what came before that nothing is lost.
        """
        if self._fault is not None:
            raise self._fault
        loop = asyncio.get_running_loop()
        began, parts, held = loop.time(), list[bytes](), 0
        while not self._incoming.is_whole and held < self._size:
            patience = PIECE_SECONDS if held else BODY_GRACE_SECONDS + self._taken / MIN_BODY_BYTES_PER_SECOND
            waited = loop.time() - began + (0.0 if held else self._waited)
            if held and waited >= patience:
                break
            try:
                await self._incoming.wait(patience - waited)
                parts.append(self._incoming.take())
            except (Problem, DisconnectedError) as fault:
                if not held:
                    raise
                if not isinstance(fault, Problem) or fault.status != 408:
                    self._fault = fault
                break
            held += len(parts[-1])
        if self._incoming.is_whole and held < self._size:
            parts.append(self._incoming.take())
        piece = b"".join(parts)
        self._taken += len(piece)
        self._waited += loop.time() - began
        return piece, self._incoming.is_whole and self._fault is None


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body, at most ``limit`` bytes; errors as :class:`Body` has them."""
    if request.body.is_whole:  # as with nearly every small one
        body = request.body.take()
        if len(body) > limit:
            raise problems.too_large(limit)
        return body
    arriving = Body(request, limit)
    await arriving.arrive()
    return arriving.whole()
