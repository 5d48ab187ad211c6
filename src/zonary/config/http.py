"""The little of HTTP that the paths in front of Django need, on plain ASGI."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zonary.common import problems
from zonary.common.problems import Problem

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

MAX_DRAINED_BYTES = 64 * 1024 * 1024
DRAIN_SECONDS = 5.0

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


@dataclass(slots=True)
class Response:
    """One response whose body is at hand."""

    status: int
    body: bytes
    content_type: bytes
    headers: Headers = field(default_factory=list)


Endpoint = Callable[[Request], Awaitable[Response]]


class DisconnectedError(Exception):
    """The client went away before its request was whole."""


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body, at most ``limit`` bytes.

    :raises Problem: 413 as soon as it is known to be larger, 400 for a Content-Length that is no number.
    :raises DisconnectedError: when the client goes away.
    """
    declared = request.header(b"content-length")
    if declared:
        if not declared.isdigit():
            raise Problem(400, "bad-request", "Content-Length is not a number.")
        if len(declared) > 18 or int(declared) > limit:
            raise problems.too_large(limit)
    message = await request.receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        body: bytes = message.get("body", b"")
        if len(body) > limit:
            raise problems.too_large(limit)
        return body
    return await _read_rest(request, message, limit)


async def _read_rest(request: Request, message: Message, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        if message["type"] != "http.request":
            raise DisconnectedError
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            raise problems.too_large(limit)
        if not message.get("more_body"):
            return b"".join(parts)
        message = await request.receive()


async def drain(request: Request) -> None:
    """Take what a refused client still sends, within bounds: many look for the answer only after their last byte."""
    size = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            while size < MAX_DRAINED_BYTES:
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
