"""The little of HTTP that the paths in front of Django need, on plain ASGI."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from zonary.common import problems
from zonary.common.problems import Problem

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

BODY_SECONDS = 30.0
"""How long a client may take to send a body, at whatever address."""
BODY_GRACE_SECONDS = 5.0
MIN_BODY_BYTES_PER_SECOND = 8 * 1024
"""Asked of a body on average, once the grace is over: one that trickles is refused long before its deadline."""
MAX_DRAINED_BYTES = 64 * 1024 * 1024
DRAIN_SECONDS = 5.0
DRAIN_IDLE_SECONDS = 0.5
"""A refused client that sends nothing for so long is answered."""

SECURITY_HEADERS: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (
        b"content-security-policy",
        b"default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
]
"""Sent with every response, whoever made it."""


@dataclass(slots=True)
class Request:
    """One request: what the paths in front of Django look at."""

    method: str
    path: str
    headers: Headers
    receive: Receive

    def header(self, name: bytes) -> bytes:
        """The first header called ``name`` (lower case), or nothing."""
        for key, value in self.headers:
            if key == name:
                return value
        return b""

    def media_type(self) -> str:
        """The content type without parameters, in lower case."""
        return self.header(b"content-type").split(b";")[0].strip().lower().decode("latin-1")

    def charset(self) -> str:
        """The content type's parameter of that name, in lower case, or nothing (RFC 9110 §8.3.2)."""
        for parameter in self.header(b"content-type").split(b";")[1:]:
            name, _, value = parameter.partition(b"=")
            if name.strip().lower() == b"charset":
                return value.strip().strip(b'"').lower().decode("latin-1")
        return ""


@dataclass(slots=True)
class Response:
    """One response whose body is at hand."""

    status: int
    body: bytes
    content_type: bytes
    headers: Headers = field(default_factory=list)


Endpoint = Callable[[Request], Awaitable[Response]]


class DisconnectedError(Exception):
    """The request never became whole: the client went away, or what it sent is no HTTP (a bad chunk)."""


class Arrivals:
    """The bodies being waited for in this process, so that a stop need not wait for clients."""

    def __init__(self) -> None:
        self.ended = False
        self._timers: set[asyncio.Timeout] = set()

    @contextlib.contextmanager
    def waiting(self, timer: asyncio.Timeout) -> Iterator[None]:
        self._timers.add(timer)
        if self.ended:
            timer.reschedule(0)
        try:
            yield
        finally:
            self._timers.discard(timer)

    def end(self) -> None:
        """Give up every body that is not whole, and those to come; requests that are whole go on."""
        self.ended = True
        for timer in self._timers:
            timer.reschedule(0)


ARRIVALS = Arrivals()


class Body:
    """A request's body while it arrives, ``limit`` bytes at most, by a deadline and not slower than allowed.

    :raises Problem: 413 when a larger one is announced, 400 for a Content-Length that is no number.
    """

    def __init__(self, request: Request, limit: int) -> None:
        self._receive = request.receive
        self._arrivals = ARRIVALS
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self._seconds = 0.0
        self._whole = False
        declared = request.header(b"content-length")
        if declared:
            if not declared.isdigit():
                raise Problem(400, "bad-request", "Content-Length is not a number.")
            if len(declared) > 18 or int(declared) > limit:
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
            allowed = min(BODY_SECONDS, BODY_GRACE_SECONDS + self._size / MIN_BODY_BYTES_PER_SECOND)
            try:
                async with asyncio.timeout_at(began + allowed) as timer:
                    with self._arrivals.waiting(timer):
                        message = await self._receive()
            except TimeoutError:
                if self._arrivals.ended:
                    raise Problem(503, "stopping", "The server is stopping. Try again.", {"Retry-After": "1"}) from None
                raise Problem(408, "too-slow", "The request took too long to arrive.") from None
            self._take(message)
        self._seconds = loop.time() - began
        return self._whole

    def _take(self, message: Message) -> None:
        if message["type"] != "http.request":
            raise DisconnectedError
        self._parts.append(message.get("body", b""))
        self._size += len(self._parts[-1])
        if self._size > self._limit:
            raise problems.too_large(self._limit)
        self._whole = not message.get("more_body")

    def whole(self) -> bytes:
        """Everything that arrived."""
        return self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body, at most ``limit`` bytes; errors as :class:`Body` has them."""
    body = Body(request, limit)
    await body.arrive()
    return body.whole()


async def drain(request: Request) -> None:
    """Take what a refused client still sends, within bounds: many look for the answer only after their last byte."""
    size = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            while size < MAX_DRAINED_BYTES:
                async with asyncio.timeout(DRAIN_IDLE_SECONDS):
                    message = await request.receive()
                size += len(message.get("body", b""))
                if not message.get("more_body"):
                    return


async def send_response(send: Send, response: Response, *, head: bool = False) -> None:
    """Send ``response``; to a HEAD request its headers alone, as they would be for GET."""
    headers = [
        (b"content-type", response.content_type),
        (b"content-length", b"%d" % len(response.body)),
        *response.headers,
        *SECURITY_HEADERS,
    ]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else response.body})


def problem_response(problem: Problem) -> Response:
    """``problem`` as a response."""
    headers = [(name.lower().encode("ascii"), value.encode("latin-1")) for name, value in problem.headers.items()]
    return Response(
        problem.status,
        problem.encode(),
        problems.MEDIA_TYPE.encode("ascii"),
        [*headers, (b"cache-control", b"no-store")],
    )


def require_method(request: Request, allowed: str) -> None:
    """:raises Problem: 405 unless the request's method is one of ``allowed``, as the Allow header lists them."""
    if request.method not in allowed.split(", "):
        raise problems.method_not_allowed(request.method, allowed)
