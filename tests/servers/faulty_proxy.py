"""A proxy in front of an HTTP server that fails in the ways networks and object stores do, as a test tells it to."""

from __future__ import annotations

import contextlib
import enum
import http.client
import http.server
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

_UPSTREAM_SECONDS = 60.0


class Fault(enum.Enum):
    """What happens to a request. All but PASS and DELAY leave the client without the server's answer."""

    PASS = "pass"
    UNAVAILABLE = "unavailable"
    """503, and the server never hears of the request."""
    LIE = "lie"
    """200 with an entity tag, as after a PUT that worked, and the server never hears of the request."""
    CUT = "cut"
    """The server does what it is asked and answers; then the client's connection is closed without a word."""
    REFUSE = "refuse"
    """The client's connection is closed, and the server never hears of the request."""
    HANG = "hang"
    """Nothing, until the behaviour changes; then the client's connection is closed."""
    DELAY = "delay"
    """The request is forwarded after some seconds."""


def puts(method: str, path: str) -> bool:
    """For ``only``: what writes an object."""
    return method == "PUT"


@dataclass(frozen=True)
class Request:
    """What came by, and what was done to it. ``path`` with its query, percent-encoded as it was sent."""

    method: str
    path: str
    fault: Fault


@dataclass
class _Behaviour:
    fault: Fault = Fault.PASS
    only: Callable[[str, str], bool] | None = None
    seconds: float = 0
    left: int | None = None
    over: threading.Event = field(default_factory=threading.Event)


class FaultyProxy:
    """Listens on a port of 127.0.0.1 of its own and forwards to ``upstream_port``, headers as they are.

    ``Host`` too: signatures of S3 cover it. Requests need a Content-Length or no body. Used as a context manager.
    """

    def __init__(self, upstream_port: int) -> None:
        self.upstream_port = upstream_port
        self.requests: list[Request] = []
        self._lock = threading.Lock()
        self._behaviour = _Behaviour()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def behave(
        self,
        fault: Fault,
        *,
        only: Callable[[str, str], bool] | None = None,
        seconds: float = 0,
        times: int | None = None,
    ) -> None:
        """From the next request on: ``fault`` happens to requests, the rest passes.

        :param only: those for which it returns true, called with method and path.
        :param seconds: how long DELAY delays.
        :param times: the first so many of them.
        """
        with self._lock:
            before, self._behaviour = self._behaviour, _Behaviour(fault, only, seconds, times)
        before.over.set()

    def count(self, fault: Fault) -> int:
        """How many requests ``fault`` has happened to so far."""
        with self._lock:
            return sum(request.fault is fault for request in self.requests)

    def __enter__(self) -> FaultyProxy:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.behave(Fault.REFUSE)
        self._server.shutdown()
        self._server.disconnect()
        self._server.server_close()
        self._thread.join()

    def decide(self, method: str, path: str) -> _Behaviour:
        """What to do with a request, which is counted."""
        with self._lock:
            behaviour = self._behaviour
            applies = (behaviour.only is None or behaviour.only(method, path)) and behaviour.left != 0
            if applies and behaviour.left is not None:
                behaviour.left -= 1
            chosen = behaviour if applies else _Behaviour()
            self.requests.append(Request(method, path, chosen.fault))
            return chosen


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = False  # server_close() waits for them: none may write into a test that comes later
    proxy: FaultyProxy

    def __init__(self, *arguments: Any) -> None:
        self._connections: set[socket.socket] = set()
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def disconnect(self) -> None:
        """Ends all that clients keep open."""
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(http.server.BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        behaviour = self.server.proxy.decide(self.command, self.path)
        fault = behaviour.fault
        if fault is Fault.UNAVAILABLE:
            self._answer(503, [("Retry-After", "0")], b"unavailable")
        elif fault is Fault.LIE:
            self._answer(200, [("ETag", '"0123456789abcdef0123456789abcdef"')], b"")
        elif fault is Fault.CUT:
            self._forward(body)
            self.close_connection = True
        elif fault is Fault.REFUSE:
            self.close_connection = True
        elif fault is Fault.HANG:
            behaviour.over.wait()
            self.close_connection = True
        else:
            if fault is Fault.DELAY:
                behaviour.over.wait(behaviour.seconds)
            self._answer(*self._forward(body))

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _handle

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        """The server's answer, whole. OSError, and with it a closed connection, when there is no server."""
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.proxy.upstream_port, timeout=_UPSTREAM_SECONDS)
        try:
            upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                upstream.putheader(name, value)
            upstream.endheaders(body or None)
            response = upstream.getresponse()
            return response.status, response.getheaders(), response.read()
        except http.client.HTTPException as error:
            raise ConnectionAbortedError(f"the server broke off: {error!r}") from error
        finally:
            upstream.close()

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        dropped = {"connection", "transfer-encoding", *(("content-length",) if self.command != "HEAD" else ())}
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in dropped:
                self.send_header(name, value)
        if self.command != "HEAD":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Tests look at ``requests`` instead."""
