"""Django behind the server's interface: called in threads of its own, which keep their database connections.

Django is called as WSGI has it (PEP 3333). Behind its ASGI interface every request would have a new thread, and a new
database connection with it, which cost more than most requests do.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.http.response import HttpResponseBase

from zonary.config.http import SECURITY_HEADERS, Connection, Pairs, Scope

_APART = ("content-type", "content-length")
"""Request headers whose names in the environment have no ``HTTP_`` in front."""


Handler = Callable[[dict[str, Any], Callable[..., Any]], HttpResponseBase]
"""Django's own: what it returns is its response, iterable as WSGI wants it."""


class DjangoBridge:
    """Calls ``handler`` in at most ``threads`` threads; whoever comes then has to wait for one.

    :param count: told address and status of every response.
    """

    def __init__(self, handler: Handler, threads: int, count: Callable[[str, int], None]) -> None:
        self._handler = handler
        self._count = count
        self._threads = ThreadPoolExecutor(threads, "django")

    async def answer(self, scope: Scope, body: bytes, connection: Connection) -> None:
        """Answer one request whose whole ``body`` is here."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._threads, self._answer, environ(scope, body), connection, loop)

    def _answer(self, request: dict[str, Any], connection: Connection, loop: asyncio.AbstractEventLoop) -> None:
        status = 0
        headers: Pairs = []

        def start(line: str, given: Pairs, _error: object = None) -> None:
            nonlocal status, headers
            status = int(line[:3])
            headers = [*given, *SECURITY_HEADERS]

        response = self._handler(request, start)
        try:
            self._count(request["PATH_INFO"], status)
            if response.streaming:
                stream = connection.response_stream(status, headers)
                for piece in response:
                    asyncio.run_coroutine_threadsafe(stream.send_bytes(piece), loop).result()
            else:
                connection.response_bytes(status, headers, b"".join(response))
        finally:
            response.close()


def environ(scope: Scope, body: bytes) -> dict[str, Any]:
    """The request in the words of WSGI."""
    host, _, port = scope.server.rpartition(":")
    made: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
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
