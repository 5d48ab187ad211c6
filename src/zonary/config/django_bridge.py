"""Django behind the server's interface: called in threads of its own, which keep their database connections.

Django is called as WSGI has it (PEP 3333). Behind its ASGI interface every request would have a new thread, and a new
database connection with it, which cost more than most requests do.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase

from zonary.common.problems import Problem
from zonary.config.http import Headers, Pairs, Request, Response, encode_headers

MAX_STREAMS = 128
"""Bodies sent in pieces at one time, each of which holds a file or a connection, and a piece, in one worker."""
MAX_READERS = 8
"""Threads that read them."""
_APART = ("content-type", "content-length")
"""Request headers whose names in the environment have no ``HTTP_`` in front."""


Handler = Callable[[dict[str, Any], Callable[..., Any]], HttpResponseBase]
"""Django's own: what it returns is its response, iterable as WSGI wants it."""


class DjangoBridge:
    """Calls ``handler`` in at most ``threads`` threads; whoever comes then has to wait for one."""

    def __init__(self, handler: Handler, threads: int) -> None:
        self._handler = handler
        self._threads = ThreadPoolExecutor(threads, "django")
        self._readers = ThreadPoolExecutor(MAX_READERS, "streams")
        self._streams = 0

    async def answer(self, request: Request, body: bytes) -> Response:
        """The response to a request whose whole ``body`` is here; its own body is taken whole, too."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._answer, environ(request, body))

    def _answer(self, request: dict[str, Any]) -> Response:
        status = 0
        headers = Headers(b"")

        def start(line: str, given: Pairs, _error: object = None) -> None:
            nonlocal status, headers
            status = int(line[:3])
            # How long the body is, is the connection's to say.
            kept = (pair for pair in given if pair[0].lower() != "content-length")
            headers = encode_headers(kept, framed_by=settings.ZONARY_FRAMES.of(request["PATH_INFO"]))

        response = self._handler(request, start)
        # Requests are in circles that the collector finds late; what they brought is not to stay as long.
        request["wsgi.input"].close()
        if getattr(response, "streaming", False) and response.has_header("Content-Length"):
            return self._streamed(response, status, headers)
        try:
            return Response(status, b"".join(response), headers)
        finally:
            response.close()

    def _streamed(self, response: HttpResponseBase, status: int, headers: Headers) -> Response:
        if self._streams >= MAX_STREAMS:
            response.close()
            raise Problem(503, "overloaded", "Too many downloads at this moment; try again.", {"Retry-After": "5"})
        self._streams += 1
        return Response(status, b"", headers, _DjangoStream(self, response, int(response["Content-Length"])))

    async def read(self, pieces: Iterator[bytes]) -> bytes:
        """The next of ``pieces``, read in a thread: a disk or an object store may take its time."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, next, pieces, b"")

    async def end(self, response: HttpResponseBase) -> None:
        """Close a response that was streamed."""
        self._streams -= 1
        await asyncio.get_running_loop().run_in_executor(self._readers, response.close)


class _DjangoStream:
    """See :class:`zonary.config.http.Stream`."""

    def __init__(self, bridge: DjangoBridge, response: HttpResponseBase, size: int) -> None:
        self._bridge = bridge
        self._response = response
        self._pieces: Iterator[bytes] = iter(response)
        self._size = size

    @property
    def size(self) -> int:
        return self._size

    async def next(self) -> bytes:
        return await self._bridge.read(self._pieces)

    async def close(self) -> None:
        await self._bridge.end(self._response)


def environ(request: Request, body: bytes) -> dict[str, Any]:
    """The request in the words of WSGI."""
    host, _, port = request.server.rpartition(":")
    made: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": request.query_string,
        "REMOTE_ADDR": request.client.rpartition(":")[0].strip("[]"),
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{request.http_version}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        if "_" in name:
            continue  # in the environment it could not be told from the same with hyphens
        key = name.upper().replace("-", "_")
        if name not in _APART:
            key = f"HTTP_{key}"
        made[key] = f"{made[key]},{value}" if key in made else value
    # The body is whole, however it was sent.
    made["CONTENT_LENGTH"] = str(len(body))
    made.pop("HTTP_TRANSFER_ENCODING", None)
    return made
