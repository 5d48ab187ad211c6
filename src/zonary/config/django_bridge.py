"""Django behind the server's interface: its ASGI application is given a whole request, its answer is handed on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from zonary.config.http import SECURITY_HEADERS, Connection, Pairs, ResponseStream, Scope

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiScope = dict[str, Any]
AsgiApplication = Callable[[AsgiScope, Receive, Send], Awaitable[None]]


def asgi_scope(scope: Scope) -> AsgiScope:
    """The request in the words of ASGI."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": scope.http_version,
        "method": scope.method,
        "scheme": scope.scheme,
        "path": scope.path,
        "root_path": "",
        "query_string": scope.query_string.encode(),
        "headers": [(name.encode("ascii"), value.encode("ascii")) for name, value in scope.headers.items()],
        "client": _address(scope.client),
        "server": _address(scope.server),
    }


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def given(body: bytes, connection: Connection) -> Receive:
    """What Django receives: the body at once; then it waits for the client to go, so that it need not work on."""
    done = False

    async def receive() -> Message:
        nonlocal done
        if done:
            await connection.client_disconnect()
            return {"type": "http.disconnect"}
        done = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


class Outgoing:
    """Where Django sends to: ``connection``, with the headers every response has.

    :param count: told the status.
    """

    def __init__(self, connection: Connection, count: Callable[[int], None]) -> None:
        self._connection = connection
        self._count = count
        self._status = 0
        self._headers: Pairs = []
        self._stream: ResponseStream | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            given = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
            self._headers = [*given, *SECURITY_HEADERS]
            self._count(self._status)
            return
        body = message.get("body", b"")
        if self._stream is None:
            if not message.get("more_body"):
                self._connection.response_bytes(self._status, self._headers, body)
                return
            self._stream = self._connection.response_stream(self._status, self._headers)
        if body:
            await self._stream.send_bytes(body)
