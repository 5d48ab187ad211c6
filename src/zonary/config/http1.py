"""One HTTP/1.1 connection: requests are answered in the order they came, one at a time, and it ends in time."""

from __future__ import annotations

import asyncio
import logging
import math
from http import HTTPStatus
from typing import Protocol, cast

from zonary.common.problems import Problem
from zonary.config.arrivals import Arrivals
from zonary.config.http import Request, Response, Stream, problem_response
from zonary.config.request_reader import RequestReader

HEAD_SECONDS = 10.0
"""How long a client may take over a request's head, and until the first begins."""
IDLE_SECONDS = 75.0
"""How long a connection is kept on which nothing is asked."""
STALL_SECONDS = 30.0
"""How long a client may take nothing of what was sent to it; looked at so often, so up to twice as long."""
STOP_TAKING_SECONDS = 3.0
"""The same, when the server stops."""
BUFFERED_BYTES = 256 * 1024
"""Of a body, kept before anybody takes it; then the client has to wait."""
MAX_REFUSED = 64
"""Connections too many that are told so; those beyond are ended without a word."""
LINGER_SECONDS = 5.0
LINGER_IDLE_SECONDS = 0.5
MAX_LINGER_BYTES = 64 * 1024 * 1024
"""What a refused client still sends is taken, within these bounds: many look for the answer only after their last
byte, and would never see it if the connection had ended before."""

_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus}
_JOINED_BYTES = 16 * 1024
"""Bodies up to this size are copied behind their heads, which costs less than sending two things."""
_BODILESS = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
_log = logging.getLogger("zonary.server")


class Server(Protocol):
    """What all connections of a process have in common."""

    loop: asyncio.AbstractEventLoop
    arrivals: Arrivals
    stopping: bool

    async def answer(self, request: Request) -> Response:
        """The response to ``request``."""
        ...

    def opened(self, connection: HttpConnection) -> int:
        """Told of every connection; returns how many there are too many."""
        ...

    def closed(self, connection: HttpConnection) -> None: ...

    def refused(self, status: int) -> None:
        """Told of every answer to what was no request."""
        ...

    def date(self) -> bytes:
        """The present time as header fields have it (RFC 9110 §5.6.7)."""
        ...


class HttpConnection(asyncio.Protocol):
    """Requests sent ahead wait, and while one does no more is read.

    Ends when its ``deadline``, in the loop's time, has passed; :meth:`expire` is for whoever looks at the time.
    """

    def __init__(self, server: Server) -> None:
        self.loop = server.loop
        self.arrivals = server.arrivals
        self.deadline = self.loop.time() + HEAD_SECONDS
        self._server = server
        self._transport: asyncio.Transport | None = None
        self._current: Request | None = None
        self._keep = True
        """Whether the connection goes on after the present request."""
        self._task: asyncio.Task[None] | None = None
        """Kept, because the loop does not keep it."""
        self._is_reading = True
        self._awaits_head = True
        self._has_ended = False
        """The client sends no more."""
        self._is_stuck = False
        """The client takes nothing; until it does, nothing more is answered."""
        self._unsent = math.inf
        self._room: asyncio.Future[None] | None = None
        """Waited for by whoever sends a body in pieces."""
        self._is_closing = False
        self._linger_until = 0.0
        self._lingered = 0

    # --- called by the event loop ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        addresses = (_name(transport.get_extra_info(whose)) for whose in ("peername", "sockname"))
        self._reader = RequestReader(self, *addresses)
        excess = self._server.opened(self)
        if excess > MAX_REFUSED:
            self._transport.abort()
        elif excess > 0:
            self._refuse(Problem(503, "overloaded", "Too many connections; try again.", {"Retry-After": "1"}))

    def connection_lost(self, _error: Exception | None) -> None:
        self._server.closed(self)
        self._transport = self._current = None
        self._is_closing = True
        self._reader.close()
        self._tell_of_room()

    def data_received(self, data: bytes) -> None:
        reader = self._reader
        if self._is_closing or reader.is_deaf:
            self._linger(len(data))
            return
        if self._current is None and not self._awaits_head:
            # From its first byte on, and however many follow: a request has to come of them in time.
            self._awaits_head = True
            self.deadline = self.loop.time() + HEAD_SECONDS
        reader.feed(data)
        if self._current is None:
            self._next()
        if reader.requests or (reader.body is not None and reader.body.held > BUFFERED_BYTES):
            self.regulate()

    def eof_received(self) -> bool:
        self._has_ended = True
        if self._reader.body is not None:
            self._reader.body.break_off()
        # Whoever has asked and only sends no more is still answered.
        return self._current is not None or bool(self._reader.requests)

    def pause_writing(self) -> None:
        self._is_stuck = True

    def resume_writing(self) -> None:
        self._is_stuck = False
        self._tell_of_room()
        if self._current is None:
            self._next()

    # --- called by the server, and by whoever reads a body ---

    def expire(self) -> None:
        """The deadline has passed: end, unless the client is still taking what was sent."""
        if self._transport is None:
            return
        unsent = self._transport.get_write_buffer_size()
        if 0 < unsent < self._unsent:
            self._unsent = unsent
            self.deadline = self.loop.time() + STALL_SECONDS
        else:
            self._transport.abort()

    def stop(self) -> None:
        """The server stops: end, now or when the present request is answered."""
        if self._current is None and not self._is_closing:
            self._close(gently=False)

    def invite(self) -> None:
        if self._transport is not None:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    @property
    def unsent(self) -> int:
        """Bytes in memory that the client has not taken."""
        return 0 if self._transport is None else self._transport.get_write_buffer_size()

    def abort(self) -> None:
        """End now, whatever is not sent."""
        if self._transport is not None:
            self._transport.abort()

    def regulate(self) -> None:
        """Read on, or not: while requests wait, or much of a body does, the client has to."""
        reader = self._reader
        held = 0 if reader.body is None or reader.body.is_whole else reader.body.held
        reading = self._is_closing or (not reader.requests and held <= BUFFERED_BYTES)
        if reading != self._is_reading and self._transport is not None:
            self._is_reading = reading
            (self._transport.resume_reading if reading else self._transport.pause_reading)()

    # --- from one request to the next, and to the end ---

    def _next(self) -> None:
        reader = self._reader
        if self._is_stuck or self._is_closing:
            return
        if reader.requests:
            self._current, self._keep = reader.requests.popleft()
            self._awaits_head = False
            self.deadline = math.inf
            self._task = self.loop.create_task(self._answer(self._current))
            if not self._is_reading:
                self.regulate()
        elif reader.refusal is not None:
            self._refuse(reader.refusal)

    async def _answer(self, request: Request) -> None:
        try:
            response = await self._server.answer(request)
        except Exception:
            _log.exception("%s %r failed", request.method, request.path)
            if self._transport is not None:
                self._transport.abort()  # else the client would wait for ever
            return
        if response.stream is None:
            self._respond(request, response)
        else:
            await self._stream(request, response, response.stream)

    def _respond(self, request: Request, response: Response) -> None:
        if self._transport is None:
            return
        keep, more = self._going_on(request)
        self._current = None
        self._send(response, more, without_body=request.method == "HEAD")
        self._go_on(request, keep)

    async def _stream(self, request: Request, response: Response, stream: Stream) -> None:
        """Send a body in pieces, each when the client has taken most of what came before."""
        keep, more = self._going_on(request)
        left = 0 if request.method == "HEAD" else stream.size
        try:
            if self._transport is not None:
                self._transport.write(self._head(response, more, stream.size))
            while left > 0 and self._transport is not None:
                piece = await stream.next()
                if not 0 < len(piece) <= left:
                    raise RuntimeError("a body has another size than was announced")
                left -= len(piece)
                if self._transport is not None:
                    self._transport.write(piece)
                    await self._wait_for_room()
        except Exception as error:
            _log.warning("%s %r broke off: %s", request.method, request.path, error)
            self.abort()  # the client sees that it is not whole
        finally:
            await stream.close()
        if self._transport is not None:
            self._current = None
            self._go_on(request, keep)

    async def _wait_for_room(self) -> None:
        if self._is_stuck and self._transport is not None:
            self._room = self.loop.create_future()
            self._expect_taking(STALL_SECONDS)
            await self._room
            self.deadline = math.inf

    def _tell_of_room(self) -> None:
        if self._room is not None and not self._room.done():
            self._room.set_result(None)

    def _going_on(self, request: Request) -> tuple[bool, bytes]:
        """Whether the connection goes on after the answer to ``request``, and the header field that says so."""
        keep = self._keep and request.body.is_whole and not self._server.stopping
        if keep:
            return True, b"connection: keep-alive\r\n" if request.http_version == "1.0" else b""
        return False, b"connection: close\r\n"

    def _go_on(self, request: Request, keep: bool) -> None:
        reader = self._reader
        if not keep:
            unread = reader.is_deaf or not request.body.is_whole or bool(reader.requests) or not self._is_reading
            self._close(gently=unread)
        elif reader.requests or reader.refusal is not None:
            self._expect_taking(STALL_SECONDS)  # the next one waits for that
            self._next()
        elif self._has_ended:
            self._close(gently=False)
        else:
            self._awaits_head = reader.head_bytes > 0
            self._expect_taking(HEAD_SECONDS if self._awaits_head else IDLE_SECONDS)

    def _refuse(self, problem: Problem) -> None:
        """Answer what is no request, and end."""
        self._send(problem_response(problem), b"connection: close\r\n")
        self._server.refused(problem.status)
        self._close(gently=True)

    def _send(self, response: Response, more: bytes, *, without_body: bool = False) -> None:
        assert self._transport is not None  # noqa: S101 - asked by the callers
        if response.status in _BODILESS:
            self._transport.write(self._head(response, more, None))
            return
        head = self._head(response, more, len(response.body))
        if len(response.body) <= _JOINED_BYTES:
            self._transport.write(head if without_body else head + response.body)
        else:
            self._transport.writelines([head] if without_body else [head, response.body])

    def _head(self, response: Response, more: bytes, size: int | None) -> bytes:
        line = _LINES.get(response.status) or b"HTTP/1.1 %d \r\n" % response.status
        length = b"" if size is None else b"content-length: %d\r\n" % size
        return b"%b%bdate: %b\r\n%b%b\r\n" % (line, response.headers, self._server.date(), more, length)

    def _close(self, *, gently: bool) -> None:
        """End when all is sent; gently: only after the client has had time to read it."""
        if self._transport is None:
            return
        self._is_closing = True
        if self._reader.body is not None:
            self._reader.body.drop()
        if not gently or self._has_ended:
            self._transport.close()
            self._expect_taking(STOP_TAKING_SECONDS if self._server.stopping else STALL_SECONDS)
            return
        self._transport.write_eof()
        self._linger_until = self.loop.time() + LINGER_SECONDS
        self._linger(0)
        self.regulate()

    def _linger(self, size: int) -> None:
        self._lingered += size
        if self._lingered > MAX_LINGER_BYTES and self._transport is not None:
            self._transport.abort()
        elif self._linger_until:
            self.deadline = min(self.loop.time() + LINGER_IDLE_SECONDS, self._linger_until)

    def _expect_taking(self, seconds: float) -> None:
        self._unsent = math.inf
        self.deadline = self.loop.time() + seconds


def _name(address: object) -> str:
    if not isinstance(address, tuple):
        return ""
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
