"""One worker process: listens, and ends in order."""

from __future__ import annotations

import asyncio
import gc
import resource
import signal
import socket
import time
from email.utils import formatdate

import uvloop

from zonary.config.address import shared_address
from zonary.config.application import Application
from zonary.config.arrivals import Arrivals
from zonary.config.counts import SharedCounts
from zonary.config.http1 import HttpConnection
from zonary.config.lifeline import die_with_server

MAX_CONNECTIONS = 2048
"""Of one process at one time, if it may open so many files."""
OTHER_FILES = 256
"""Files the process opens beside: the database's, the log's, connections that are refused."""
MAX_UNSENT_BYTES = 256 * 1024 * 1024
"""In memory of one process for clients that take their time; beyond that, those for whom most is held have to go."""
SWEEP_SECONDS = 0.25
"""How often deadlines are looked at: one look at all of them costs less than a timer for each."""
BACKLOG = 2048
STOP_SECONDS = 10.0
"""How long requests that are whole may take to be answered, and answers to be taken, when the server stops."""
_COLLECT_AFTER = 10_000
"""Objects made and not yet freed. Python's own 700 is fewer than some hundred requests at once have."""


def work(host: str, port: int, shared: SharedCounts, number: int) -> None:
    """Answer requests until told to stop by SIGTERM; the whole of a worker process.

    It has its own socket on the address, which has to be held by the process that starts it.

    :param number: of this process, among those that count in ``shared``.
    """
    die_with_server()
    application = Application(shared.row(number))
    _spare_the_collector()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(application, host, port))


async def _serve(application: Application, host: str, port: int) -> None:
    loop = asyncio.get_running_loop()
    listener = Listener(application, loop)
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    application.start(loop)
    try:
        await listener.listen(shared_address(host, port))
        await stop.wait()
        await listener.close()
    finally:
        application.stop()


class Listener:
    """All connections of this process; see :class:`zonary.config.http1.Server`."""

    def __init__(self, application: Application, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.arrivals = Arrivals()
        self.stopping = False
        self.answer = application.answer
        self.refused = application.refused
        self._connections: set[HttpConnection] = set()
        self._most = _connections_allowed()
        self._server: asyncio.Server | None = None
        self._empty = asyncio.Event()
        self._date = b""
        self._second = 0

    async def listen(self, address: socket.socket) -> None:
        """Begin; every worker listens on the same address, and the kernel spreads clients over them."""
        self._server = await self.loop.create_server(lambda: HttpConnection(self), sock=address, backlog=BACKLOG)
        self._sweep()

    async def close(self) -> None:
        """Take nothing more, answer what is whole, and end the connections."""
        self.stopping = True
        if self._server is not None:
            self._server.close()
        self.arrivals.end()
        for connection in list(self._connections):
            connection.stop()
        if self._connections:
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await self._empty.wait()
            except TimeoutError:
                pass

    def opened(self, connection: HttpConnection) -> int:
        self._connections.add(connection)
        return len(self._connections) - self._most

    def closed(self, connection: HttpConnection) -> None:
        self._connections.discard(connection)
        if self.stopping and not self._connections:
            self._empty.set()

    def date(self) -> bytes:
        second = int(time.time())
        if second != self._second:
            self._second = second
            self._date = formatdate(second, usegmt=True).encode("ascii")
        return self._date

    def _sweep(self) -> None:
        self.loop.call_later(SWEEP_SECONDS, self._sweep)
        now = self.loop.time()
        for connection in [each for each in self._connections if each.deadline <= now]:
            connection.expire()
        self.arrivals.expire(now)
        unsent = sum(each.unsent for each in self._connections)
        while unsent > MAX_UNSENT_BYTES:
            greediest = max(self._connections, key=lambda each: each.unsent)
            unsent -= greediest.unsent
            greediest.abort()
            self._connections.discard(greediest)


def _connections_allowed() -> int:
    """As many as there may be open files, which are as many as this process may allow itself."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS + OTHER_FILES
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return max(1, min(MAX_CONNECTIONS, allowed - OTHER_FILES))


def _spare_the_collector() -> None:
    """What is loaded now stays; looking through it again and again for garbage took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)
