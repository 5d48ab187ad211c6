"""One HTTP/1.1 connection: requests are answered in the order they came, one at a time, and it ends in time."""

from __future__ import annotations

import asyncio
import logging
import math
from http import HTTPStatus
from typing import Protocol, cast

from zonary.common.problems import Problem
from zonary.config.arrivals import Arrivals
from zonary.config.http import DisconnectedError, Headers, Request, Response, problem_response
from zonary.config.request_reader import RequestReader

HEAD_SECONDS = 10.0
"""How long a client may take over a request's head, and until the first begins."""
IDLE_SECONDS = 75.0
"""How long a connection is kept on which nothing is asked."""
STALL_SECONDS = 30.0
"""How long a client may take nothing of what was sent to it."""
BUFFERED_BYTES = 256 * 1024
"""Of a body, kept before anybody takes it; then the client has to wait."""
LINGER_SECONDS = 5.0
LINGER_IDLE_SECONDS = 0.5
MAX_LINGER_BYTES = 64 * 1024 * 1024
"""What a refused client still sends is taken, within these bounds: many look for the answer only after their last
byte, and would never see it if the connection had ended before."""

_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus}
_BODILESS = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
_log = logging.getLogger("zonary.server")


class Server(Protocol):
    """What all connections of a process have in common."""

    loop: asyncio.AbstractEventLoop
    arrivals: Arrivals
    stopping: bool

    async def answer(self, request: Request, sender: HttpConnection) -> None:
        """Answer ``request``: ``respond``, or ``begin`` and ``end``."""
        ...

    def opened(self, connection: HttpConnection) -> bool:
        """Told of every connection; returns whether it is one too many."""
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
        self._is_reading = True
        self._has_ended = False
        """The client sends no more."""
        self._has_begun = False
        """A response in pieces is under way, in chunks or up to the end of the connection."""
        self._is_chunked = False
        self._stuck: asyncio.Future[None] | None = None
        self._unsent = math.inf
        self._is_closing = False
        self._linger_until = 0.0
        self._lingered = 0

    # --- called by the event loop ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        addresses = (_name(transport.get_extra_info(whose)) for whose in ("peername", "sockname"))
        self._reader = RequestReader(self, *addresses)
        if self._server.opened(self):
            self._refuse(Problem(503, "overloaded", "Too many connections; try again.", {"Retry-After": "1"}))

    def connection_lost(self, _error: Exception | None) -> None:
        self._server.closed(self)
        self._transport = self._current = None
        self._is_closing = True
        if self._reader.body is not None:
            self._reader.body.break_off()
        self.resume_writing()

    def data_received(self, data: bytes) -> None:
        reader = self._reader
        if self._is_closing or reader.is_deaf:
            self._linger(len(data))
            return
        if not reader.head_bytes and self._current is None:
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
        self._stuck = self.loop.create_future()
        self._expect_taking(STALL_SECONDS)

    def resume_writing(self) -> None:
        if self._stuck is not None and not self._stuck.done():
            self._stuck.set_result(None)
        self._stuck = None
        if self._current is None:
            self._next()
        else:
            self.deadline = math.inf

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

    def regulate(self) -> None:
        """Read on, or not: while requests wait, or much of a body does, the client has to."""
        reader = self._reader
        held = 0 if reader.body is None else reader.body.held
        reading = self._is_closing or (not reader.requests and held <= BUFFERED_BYTES)
        if reading != self._is_reading and self._transport is not None:
            self._is_reading = reading
            (self._transport.resume_reading if reading else self._transport.pause_reading)()

    # --- answers; the way back that zonary.config.http.Sender describes ---

    def respond(self, response: Response) -> None:
        request, transport = self._current, self._transport
        if request is None or transport is None:
            return
        if self._has_begun:
            transport.abort()  # it broke in the middle; that it breaks off says that it is not whole
            return
        keep = self._goes_on(request)
        head = self._head(response.status, response.headers, keep)
        if response.status in _BODILESS:
            transport.write(head + b"\r\n")
        else:
            body = b"" if request.method == "HEAD" else response.body
            transport.write(b"%bcontent-length: %d\r\n\r\n%b" % (head, len(response.body), body))
        self._answered(keep)

    def begin(self, status: int, headers: Headers) -> None:
        request, transport = self._current, self._transport
        if request is None or transport is None:
            return
        self._has_begun = True
        self._is_chunked = request.http_version == "1.1"
        self._keep = self._keep and self._is_chunked  # else the end of the connection is the end of the body
        head = self._head(status, headers, self._goes_on(request))
        transport.write(head + (b"transfer-encoding: chunked\r\n\r\n" if self._is_chunked else b"\r\n"))

    async def send(self, piece: bytes) -> None:
        request, transport = self._current, self._transport
        if request is None or transport is None:
            raise DisconnectedError
        if piece and request.method != "HEAD":
            transport.write(b"%x\r\n%b\r\n" % (len(piece), piece) if self._is_chunked else piece)
        if self._stuck is not None:
            await self._stuck

    def end(self) -> None:
        request, transport = self._current, self._transport
        if request is None or transport is None:
            return
        if self._is_chunked and request.method != "HEAD":
            transport.write(b"0\r\n\r\n")
        self._has_begun = False
        self._answered(self._goes_on(request))

    # --- from one request to the next, and to the end ---

    def _next(self) -> None:
        reader = self._reader
        if self._stuck is not None or self._is_closing:
            return
        if reader.requests:
            self._current, self._keep = reader.requests.popleft()
            self.deadline = math.inf
            self._task = self.loop.create_task(self._answer(self._current))
            if not self._is_reading:
                self.regulate()
        elif reader.refusal is not None:
            self._refuse(reader.refusal)

    async def _answer(self, request: Request) -> None:
        try:
            await self._server.answer(request, self)
        except DisconnectedError:
            pass
        except Exception:
            _log.exception("%s %s failed", request.method, request.path)
        if self._current is request and self._transport is not None:
            self._transport.abort()  # else the client would wait for ever

    def _goes_on(self, request: Request) -> bool:
        return self._keep and request.body.is_whole and not self._server.stopping

    def _head(self, status: int, headers: Headers, keep: bool) -> bytes:
        line = _LINES.get(status) or b"HTTP/1.1 %d \r\n" % status
        more = b"" if keep else b"connection: close\r\n"
        if keep and self._current is not None and self._current.http_version == "1.0":
            more = b"connection: keep-alive\r\n"
        return b"%b%bdate: %b\r\n%b" % (line, headers, self._server.date(), more)

    def _answered(self, keep: bool) -> None:
        request, self._current = self._current, None
        reader = self._reader
        if not keep:
            self._close(gently=reader.is_deaf or (request is not None and not request.body.is_whole))
        elif reader.requests or reader.refusal is not None:
            self._next()
        elif self._has_ended:
            self._close(gently=False)
        else:
            self._expect_taking(HEAD_SECONDS if reader.head_bytes else IDLE_SECONDS)

    def _refuse(self, problem: Problem) -> None:
        """Answer what is no request, and end."""
        response = problem_response(problem)
        head = self._head(response.status, response.headers, keep=False)
        if self._transport is not None:
            self._transport.write(b"%bcontent-length: %d\r\n\r\n%b" % (head, len(response.body), response.body))
        self._server.refused(response.status)
        self._close(gently=True)

    def _close(self, *, gently: bool) -> None:
        """End when all is sent; gently: only after the client has had time to read it."""
        if self._transport is None:
            return
        self._is_closing = True
        if not gently or self._has_ended:
            self._transport.close()
            self._expect_taking(STALL_SECONDS)
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
