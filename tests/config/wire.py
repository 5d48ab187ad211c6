"""Talking to the listener of a worker process byte by byte, in this process."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import io
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

import uvloop
from tests.servers.processes import free_port

Step = bytes | float | Callable[[Any], None]


@dataclass(frozen=True)
class Answer:
    """One response, as the standard library's client understands it."""

    status: int
    headers: dict[str, str]
    body: bytes


class Application:
    """What a listener asks, made of one function; ``refused`` has the status of every answer to what was no request."""

    def __init__(self, answer: Callable[[Any], Awaitable[Any]]) -> None:
        self.answer = answer
        self.statuses: list[int] = []

    def refused(self, status: int) -> None:
        self.statuses.append(status)


def talk(application: Any, *script: Step, close: bool = False) -> bytes:
    """All that a listener sends to a client who does what ``script`` says.

    :param script: bytes to send, seconds to pause, or a function to call with the listener.
    :param close: the client then sends no more, instead of waiting for the server to end the connection.
    """
    from zonary.config.address import shared_address
    from zonary.config.listener import Listener

    async def run() -> bytes:
        listener = Listener(application, asyncio.get_running_loop())
        port = free_port()
        await listener.listen(shared_address("127.0.0.1", port))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        received = asyncio.create_task(_read(reader))
        try:
            async with asyncio.timeout(20):
                with contextlib.suppress(ConnectionError):  # the server may end it at any point
                    await _follow(script, listener, writer)
                    if close:
                        writer.write_eof()
                return await received
        finally:
            writer.close()
            await listener.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run())


async def _follow(script: Iterable[Step], listener: Any, writer: asyncio.StreamWriter) -> None:
    for step in script:
        if isinstance(step, bytes):
            writer.write(step)
            await writer.drain()
            await asyncio.sleep(0.005)  # so that it arrives by itself
        elif callable(step):
            step(listener)
        else:
            await asyncio.sleep(step)


async def _read(reader: asyncio.StreamReader) -> bytes:
    received = b""
    try:
        while piece := await reader.read(65536):
            received += piece
    except ConnectionResetError:
        received += b"(reset)"
    return received


def answers(received: bytes, *methods: str) -> list[Answer]:
    """The responses in ``received``, to requests with ``methods`` (GET after those named)."""

    class Kept(io.BytesIO):
        """Stays open when a response is done with it: the next one is read from it too."""

        def close(self) -> None:
            pass

        def makefile(self, _mode: str) -> Kept:
            return self

    stream: Any = Kept(received)
    found = []
    while stream.tell() < len(received):
        method = methods[len(found)] if len(found) < len(methods) else "GET"
        response = http.client.HTTPResponse(stream, method=method)
        response.begin()
        found.append(Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()))
    return found
