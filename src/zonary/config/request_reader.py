"""HTTP/1.1 requests out of the bytes of one connection (RFC 9112).

What is HTTP and what is not, llhttp decides, in its strict mode; what is too much, and what we refuse, stands here.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Protocol
from urllib.parse import unquote_to_bytes

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from zonary.common.problems import Problem
from zonary.config.arrivals import Arrivals
from zonary.config.http import DisconnectedError, Request, RequestHeaders

MAX_HEAD_BYTES = 32 * 1024
MAX_FIELDS = 100
MAX_REMEMBERED_BYTES = 4096
"""Of a request that may come again."""
MAX_AHEAD = 64
"""Requests a client may send before the first of them is answered."""
METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_SLICE = 4096
"""Bytes the parser gets at a time, so that what is too much is noticed before all of it is taken apart."""
_PIECE = 64
"""What a piece of a body takes beside its bytes: many small ones are not to take more than a few large ones."""


class Receiver(Protocol):
    """The connection that requests come from."""

    loop: asyncio.AbstractEventLoop
    arrivals: Arrivals

    def invite(self) -> None:
        """Tell the client to send the body (RFC 9110 §10.1.1)."""
        ...

    def regulate(self) -> None:
        """Something of a body was taken, so that perhaps more can be read."""
        ...


class IncomingBody:
    """See :class:`zonary.config.http.Incoming`. ``held`` is about how many bytes of memory it takes."""

    __slots__ = ("_arrival", "_broken", "_expects", "_pieces", "_receiver", "held", "is_whole")

    def __init__(self, receiver: Receiver, expects: bool) -> None:
        self.is_whole = False
        self.held = 0
        self._receiver = receiver
        self._expects = expects
        self._pieces: list[bytes] = []
        self._arrival: asyncio.Future[None] | None = None
        self._broken = False

    def feed(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self.held += len(piece) + _PIECE
        self._wake()

    def finish(self) -> None:
        self.is_whole = True
        self._wake()

    def break_off(self) -> None:
        """Nothing more comes."""
        self._broken = not self.is_whole
        self._wake()

    def drop(self) -> None:
        """Forget what nobody will take."""
        self._pieces.clear()

    async def wait(self, seconds: float) -> None:
        if self._pieces or self.is_whole or self._broken:
            return
        if self._expects:
            self._expects = False
            self._receiver.invite()
        self._arrival = self._receiver.loop.create_future()
        await self._receiver.arrivals.wait(self._arrival, seconds)

    def take(self) -> bytes:
        if self._broken:
            raise DisconnectedError
        taken = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        if self.held:
            self.held = 0
            self._receiver.regulate()
        return taken

    def _wake(self) -> None:
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)


class _RefusedError(Exception):
    """Stops the parser; what to answer stands in the reader."""


class _BodyAlone:
    """What a parser tells of the body that follows a head it has not seen."""

    def __init__(self, body: IncomingBody) -> None:
        self.on_body = body.feed
        self.on_message_complete = body.finish


class RequestReader:
    """Takes the bytes of one connection.

    ``requests`` has every request whose head is whole, in order, and whether the connection goes on after it: to be
    taken from there. ``body`` is that of the last, which may still be arriving. Once ``is_deaf``, nothing more is
    understood; then ``refusal``, if there is one, is the answer after those to all requests. ``head_bytes`` is how much
    there is of a head that is not whole.

    :param client: the client's address, and ``server`` ours, as requests have them.
    """

    def __init__(self, receiver: Receiver, client: str, server: str) -> None:
        self.requests: deque[tuple[Request, bool]] = deque()
        self.body: IncomingBody | None = None
        self.refusal: Problem | None = None
        self.is_deaf = False
        self.head_bytes = 0
        self._receiver = receiver
        self._client = client
        self._server = server
        self._parser = HttpRequestParser(self)
        self._fields: list[tuple[bytes, bytes]] = []
        self._usual: Request
        self._usual_head = b""
        self._usual_bytes = 0
        self._begun = 0
        self.on_message_begin()
        self._in_head = False

    def feed(self, data: bytes) -> None:
        """Take bytes. Whatever they are, it is told by the attributes."""
        between = not self._in_head and (self.body is None or self.body.is_whole)
        if between and len(data) == self._usual_bytes and data.startswith(self._usual_head):
            self._repeat(data)
            return
        self._begun = self._usual_bytes = 0
        if len(data) <= _SLICE:
            self._parse(data)
        else:
            view = memoryview(data)
            for at in range(0, len(data), _SLICE):
                self._parse(view[at : at + _SLICE])
                if self.is_deaf:
                    break
        if between and self._begun == 1:
            self._remember(data)

    def close(self) -> None:
        """Let go of everything that refers to this reader."""
        del self._parser
        if self.body is not None and not self.body.is_whole:
            self.body.break_off()
            self.body.drop()

    def _remember(self, data: bytes) -> None:
        """Whoever sends many requests sends nearly the same each time: what the same bytes mean is not asked again.

        For requests alone that are whole in ``data``, with nothing after them, and whose length is announced.
        """
        if self.is_deaf or not self.requests or self.body is None or not self.body.is_whole:
            return
        self._usual, keep = self.requests[-1]
        head = data.find(b"\r\n\r\n") + 4
        if keep and not self._codings and head + (self._usual.size or 0) == len(data) <= MAX_REMEMBERED_BYTES:
            self._usual_bytes = len(data)
            self._usual_head = data[:head]

    def _repeat(self, data: bytes) -> None:
        usual = self._usual
        self.body = body = IncomingBody(self._receiver, expects=False)
        if usual.size:
            body.feed(data[len(self._usual_head) :])
        body.is_whole = True
        request = Request(
            usual.method,
            usual.path,
            usual.query_string,
            usual.http_version,
            usual.headers,
            usual.size,
            body,
            self._client,
            self._server,
        )
        self.requests.append((request, True))

    def _parse(self, data: bytes | memoryview) -> None:
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade as upgrade:
            self._stay_with_http(bytes(data[upgrade.args[0] :]))
        except HttpParserError:
            self._misunderstood()
        if self._in_head:
            # A field is told only when all of it is here, so bytes are counted too; a slice more than the head itself.
            self.head_bytes += len(data)
            if self.head_bytes > MAX_HEAD_BYTES + _SLICE:
                self.refusal = _too_large()
                self._misunderstood()

    def _stay_with_http(self, rest: bytes) -> None:
        """The request asked for another protocol, and is answered as if it had not (RFC 9110 §7.8).

        The parser takes what follows its head for that protocol, so another one reads the body, if there is one.
        """
        if self.body is None or self.body.is_whole:
            self.is_deaf = True
            return
        framing = b"Transfer-Encoding: chunked" if self._codings else b"Content-Length: %d" % (self._size or 0)
        self._parser = HttpRequestParser(_BodyAlone(self.body))
        self._parser.feed_data(b"POST / HTTP/1.1\r\nHost: a\r\n" + framing + b"\r\n\r\n")
        self._parse(rest)

    def _misunderstood(self) -> None:
        self.is_deaf = True
        self._in_head = False
        self._fields = []
        if self.body is not None and not self.body.is_whole:
            self.body.break_off()  # the answer to that request says so
        elif self.refusal is None:
            self.refusal = Problem(400, "bad-request", "This is not HTTP/1.1.")

    # --- called by the parser ---

    def on_message_begin(self) -> None:
        self._begun += 1
        self._in_head = True
        self.head_bytes = 0
        self._target = b""
        self._fields = []
        self._field_bytes = 0
        self._size: int | None = None
        self._hosts = 0
        self._codings: list[bytes] = []
        self._expects = False

    def on_url(self, target: bytes) -> None:
        self._target += target

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._in_head:
            raise _RefusedError  # a field after the body: nobody here asks for them
        name, value = name.lower(), value.rstrip(b" \t")
        self._fields.append((name, value))
        self._field_bytes += len(name) + len(value)
        if len(self._fields) > MAX_FIELDS or self._field_bytes > MAX_HEAD_BYTES:
            self.refusal = _too_large()
            raise _RefusedError
        if name == b"content-length":
            self._size = int(value)
        elif name == b"host":
            self._hosts += 1
        elif name == b"transfer-encoding":
            self._codings.append(value.lower())
        elif name == b"expect":
            self._expects = value.lower() == b"100-continue"

    def on_headers_complete(self) -> None:
        self._in_head = False
        self.head_bytes = 0
        method, version = self._parser.get_method().decode("ascii"), self._parser.get_http_version()
        path, query = _split(self._target)
        self.refusal = self._refused(method, version, path)
        if self.refusal is not None:
            raise _RefusedError
        self.body = IncomingBody(self._receiver, self._expects and version == "1.1")
        headers = RequestHeaders(self._fields)
        request = Request(method, path, query, version, headers, self._size, self.body, self._client, self._server)
        self.requests.append((request, self._parser.should_keep_alive() and not self._parser.should_upgrade()))

    def on_body(self, piece: bytes) -> None:
        assert self.body is not None  # noqa: S101 - a head came before
        self.body.feed(piece)

    def on_message_complete(self) -> None:
        assert self.body is not None  # noqa: S101 - a head came before
        if not (self._parser.should_upgrade() and (self._size or self._codings)):  # else its body is still to come
            self.body.finish()

    def _refused(self, method: str, version: str, path: str) -> Problem | None:
        if version not in ("1.0", "1.1"):
            return Problem(505, "http-version", "Speak HTTP/1.1.")
        if method not in METHODS:
            return Problem(501, "unknown-method", f"{method} is not understood here.")
        if len(self._target) + self._field_bytes > MAX_HEAD_BYTES:
            return _too_large()
        if len(self.requests) >= MAX_AHEAD:
            return Problem(429, "too-many-ahead", f"Wait for answers: {MAX_AHEAD} requests may be sent ahead of them.")
        if self._hosts != 1 and (version == "1.1" or self._hosts):
            return Problem(400, "bad-request", "Send one Host header.")
        if self._codings and version == "1.0":  # RFC 9112 §6.1
            return Problem(400, "bad-request", "HTTP/1.0 has no Transfer-Encoding.")
        if self._codings not in ([], [b"chunked"]):
            return Problem(501, "unknown-coding", "Of transfer codings only chunked is understood.")
        if not path:
            return Problem(400, "bad-request", "This is no address of this server.")
        return None


def _too_large() -> Problem:
    detail = f"The head of a request may have {MAX_HEAD_BYTES} bytes and {MAX_FIELDS} fields."
    return Problem(431, "head-too-large", detail)


def _split(target: bytes) -> tuple[str, str]:
    """Path, decoded, and query of a request target (RFC 9112 §3.2); no path where it names none."""
    raw, _, query = target.partition(b"?")
    if not raw.startswith(b"/"):
        # In absolute form, as to a proxy. Which host is meant does not matter: whatever comes here is for this server.
        scheme, separator, rest = raw.partition(b"://")
        if not separator or scheme.lower() not in (b"http", b"https"):
            return "", ""
        raw = b"/" + rest.partition(b"/")[2]
    if b"%" in raw:
        raw = unquote_to_bytes(raw)
    return raw.decode("utf-8", "surrogateescape"), query.decode("latin-1")
