"""The little of HTTP that the paths in front of Django need, on the interface of our server (RSGI)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import NewType, Protocol, TypeVar

from granian.rsgi import ProtocolClosed, ProtocolError  # type: ignore[attr-defined]

from zonary.common import problems
from zonary.common.problems import Problem

BODY_SECONDS = 30.0
"""How long a client may take to send a body, at whatever address."""
BODY_GRACE_SECONDS = 5.0
MIN_BODY_BYTES_PER_SECOND = 8 * 1024
"""Asked of a body on average, once the grace is over: one that trickles is refused long before its deadline."""
SWEEP_SECONDS = 0.25
"""How often deadlines are looked at: one look at all bodies costs less than a timer for each."""
WHOLE_BYTES = 64 * 1024
"""A body announced as no larger is taken in one piece."""
MAX_DRAINED_BYTES = 64 * 1024 * 1024
DRAIN_SECONDS = 5.0
DRAIN_IDLE_SECONDS = 0.5
"""A refused client that sends nothing for so long is answered."""

Pairs = list[tuple[str, str]]
Headers = NewType("Headers", Pairs)
"""Header fields of a response as :func:`response_headers` makes them: never without those of SECURITY_HEADERS."""
SECURITY_HEADERS: Pairs = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
    (
        "content-security-policy",
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
]
"""Sent with every response, whoever made it."""

T = TypeVar("T")


class RequestHeaders(Protocol):
    """Header fields as the server has them, names in lower case; one that is not ASCII is not there."""

    def get(self, key: str, /) -> str | None: ...

    def items(self) -> Pairs: ...


class Scope(Protocol):
    """What the server knows of a request; addresses as ``host:port``, the path decoded, the query not."""

    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str

    @property
    def headers(self) -> RequestHeaders: ...


class ResponseStream(Protocol):
    async def send_bytes(self, data: bytes, /) -> None: ...


class Connection(Protocol):
    """One request's body and the way back; either the whole body is asked for, or piece after piece."""

    def __call__(self) -> Awaitable[bytes]: ...

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    async def client_disconnect(self) -> None: ...

    def response_empty(self, status: int, headers: Pairs, /) -> None: ...

    def response_bytes(self, status: int, headers: Pairs, body: bytes, /) -> None: ...

    def response_stream(self, status: int, headers: Pairs, /) -> ResponseStream: ...


class DisconnectedError(Exception):
    """The request never became whole: the client went away, or what it sent is no HTTP (a bad chunk)."""


@dataclass(slots=True)
class Request:
    """One request: what the paths in front of Django look at."""

    method: str
    path: str
    headers: RequestHeaders
    connection: Connection
    _pieces: AsyncIterator[bytes] | None = field(default=None, init=False)

    def header(self, name: str) -> str:
        """The first header called ``name`` (lower case), or nothing."""
        return self.headers.get(name) or ""

    def media_type(self) -> str:
        """The content type without parameters, in lower case."""
        return self.header("content-type").partition(";")[0].strip().lower()

    def charset(self) -> str:
        """The content type's parameter of that name, in lower case, or nothing (RFC 9110 §8.3.2)."""
        for parameter in self.header("content-type").split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip('"').lower()
        return ""

    async def piece(self) -> bytes:
        """The next bytes of the body, or nothing when it has ended.

        :raises DisconnectedError: when the rest will not come.
        """
        try:
            if self._pieces is None:
                self._pieces = aiter(self.connection)
            piece = await anext(self._pieces)
            if not piece:
                # The server shows the end as one empty piece, after which there is nothing; and a body that broke off
                # as one empty piece more. Trailers look the same and are refused with it: nobody here asks for them.
                await anext(self._pieces)
                raise DisconnectedError
        except StopAsyncIteration:
            return b""
        except (ProtocolClosed, ProtocolError):
            raise DisconnectedError from None
        return piece


@dataclass(slots=True)
class Response:
    """One response whose body is at hand."""

    status: int
    body: bytes
    headers: Headers


Endpoint = Callable[[Request], Awaitable[Response]]


def response_headers(content_type: str, *more: tuple[str, str]) -> Headers:
    """The header fields of a response. Made once for all responses of a kind where there are many."""
    return Headers([("content-type", content_type), *more, *SECURITY_HEADERS])


class Arrivals:
    """The bodies being waited for in this process, each with its deadline; a stop need not wait for clients."""

    def __init__(self) -> None:
        self.ended = False
        self._until: dict[asyncio.Task[object], float] = {}
        self._sweeping = False

    async def wait(self, receive: Callable[[], Awaitable[T]], seconds: float) -> T:
        """What ``receive`` brings.

        :raises Problem: 408 when it takes longer than ``seconds`` (by up to a quarter of a second), 503 when the
            server stops meanwhile.
        """
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - requests are answered in tasks
        if self.ended:
            raise _stopping()
        loop = task.get_loop()
        self._until[task] = loop.time() + seconds
        if not self._sweeping:
            self._sweeping = True
            loop.call_later(SWEEP_SECONDS, self._sweep, loop)
        try:
            return await receive()
        except asyncio.CancelledError:
            if task in self._until:  # by somebody else
                raise
            task.uncancel()
            if self.ended:
                raise _stopping() from None
            raise Problem(408, "too-slow", "The request took too long to arrive.") from None
        finally:
            self._until.pop(task, None)

    def end(self) -> None:
        """Give up every body that is not whole, and those to come; requests that are whole go on."""
        self.ended = True
        self._give_up(list(self._until))

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        self._give_up([task for task, until in self._until.items() if until <= now])
        if self._until:
            loop.call_later(SWEEP_SECONDS, self._sweep, loop)
        else:
            self._sweeping = False

    def _give_up(self, tasks: list[asyncio.Task[object]]) -> None:
        for task in tasks:
            del self._until[task]
            task.cancel()


def _stopping() -> Problem:
    return Problem(503, "stopping", "The server is stopping. Try again.", {"Retry-After": "1"})


ARRIVALS = Arrivals()


class Body:
    """A request's body while it arrives, ``limit`` bytes at most, by a deadline and not slower than allowed.

    :raises Problem: 413 when a larger one is announced, 400 for a Content-Length that is no number.
    """

    __slots__ = ("_declared", "_limit", "_parts", "_request", "_seconds", "_size", "_whole")

    def __init__(self, request: Request, limit: int) -> None:
        self._request = request
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self._seconds = 0.0
        self._whole = False
        self._declared = _declared(request, limit)

    async def arrive(self, size: int | None = None) -> bool:
        """Take what comes until the body is whole or, if given, more than ``size`` bytes are here.

        Time counts only in here: a caller may let the client wait between two calls.

        :returns: whether it is whole.
        :raises Problem: 413 as soon as it is too large, 408 when it is too slow.
        :raises DisconnectedError: when the rest will not come.
        """
        if self._declared is not None and self._declared <= WHOLE_BYTES:
            if not self._whole:
                self._parts.append(await self._at_once(self._declared))
                self._whole = True
            return True
        loop = asyncio.get_running_loop()
        began = loop.time() - self._seconds
        while not self._whole and (size is None or self._size <= size):
            left = began + _seconds_for(self._size) - loop.time()
            self._take(await ARRIVALS.wait(self._request.piece, left))
        self._seconds = loop.time() - began
        return self._whole

    async def _at_once(self, size: int) -> bytes:
        try:
            return await ARRIVALS.wait(self._request.connection, _seconds_for(size))
        except (ProtocolClosed, ProtocolError):
            raise DisconnectedError from None

    def _take(self, piece: bytes) -> None:
        self._parts.append(piece)
        self._size += len(piece)
        if self._size > self._limit:
            raise problems.too_large(self._limit)
        self._whole = not piece
        if self._whole and self._declared not in (None, self._size):
            raise DisconnectedError

    def whole(self) -> bytes:
        """Everything that arrived."""
        return self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)


def _declared(request: Request, limit: int) -> int | None:
    declared = request.headers.get("content-length")
    if not declared:
        return None
    if not (declared.isascii() and declared.isdigit()):
        raise Problem(400, "bad-request", "Content-Length is not a number.")
    if len(declared) > 18 or int(declared) > limit:
        raise problems.too_large(limit)
    return int(declared)


def _seconds_for(size: int) -> float:
    """How long a body may take of which ``size`` bytes are here, or are announced and few."""
    return min(BODY_SECONDS, BODY_GRACE_SECONDS + size / MIN_BODY_BYTES_PER_SECOND)


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body, at most ``limit`` bytes; errors as :class:`Body` has them."""
    body = Body(request, limit)
    await body.arrive()
    return body.whole()


async def drain(request: Request) -> None:
    """Take what a refused client still sends, within bounds: many look for the answer only after their last byte."""
    size = 0
    with contextlib.suppress(TimeoutError, DisconnectedError):
        async with asyncio.timeout(DRAIN_SECONDS):
            while size < MAX_DRAINED_BYTES:
                async with asyncio.timeout(DRAIN_IDLE_SECONDS):
                    piece = await request.piece()
                size += len(piece)
                if not piece:
                    return


def send_response(connection: Connection, response: Response, *, head: bool = False) -> None:
    """Send ``response``; to a HEAD request its headers alone, as they would be for GET."""
    if head:
        connection.response_empty(response.status, [*response.headers, ("content-length", str(len(response.body)))])
    else:
        connection.response_bytes(response.status, response.headers, response.body)


def problem_response(problem: Problem) -> Response:
    """``problem`` as a response."""
    more = [(name.lower(), value) for name, value in problem.headers.items()]
    headers = response_headers(problems.MEDIA_TYPE, *more, ("cache-control", "no-store"))
    return Response(problem.status, problem.encode(), headers)


def require_method(request: Request, allowed: str) -> None:
    """:raises Problem: 405 unless the request's method is one of ``allowed``, as the Allow header lists them."""
    if request.method not in allowed.split(", "):
        raise problems.method_not_allowed(request.method, allowed)
