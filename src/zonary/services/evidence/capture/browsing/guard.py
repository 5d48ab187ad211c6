"""The forward proxy that guards a capture: the only thing its browser can talk to.

Each name is resolved once, every address it has is checked, and the connection goes to an address that was checked: a
name that means something else a moment later (DNS rebinding) means nothing here. It listens on 127.0.0.1 alone and
wants the secret of this capture, so nobody else on the machine gets anywhere with it. For plain HTTP a refusal is a
closed connection, never an answer: an answer of ours must not be taken for one of the site.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
import re
import secrets
import socket
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from zonary.common.reach import is_inside_by_name, may_be_reached
from zonary.services.evidence.capture.browsing.orders import Limits, Teller

USER = "capture"
_HEAD_BYTES = 64 * 1024
_PIECE_BYTES = 64 * 1024
_RESOLVE_SECONDS = 5.0
_CONNECT_SECONDS = 6.0
_HEAD_SECONDS = 20.0
_AT_ONCE = 96
_TRIED = 3
"""Addresses of one name that are connected to in turn."""
_MAX_NAMES = 300
_WEB_PORTS = (80, 443)
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]")
_FORBIDDEN_HEADERS = (b"proxy-", b"connection:", b"keep-alive:")


class RefusedError(Exception):
    """Nothing is connected: a word for why, which is a step of the log."""


@dataclass(slots=True)
class Name:
    """What became of one host and port.

    :ivar answers: the addresses DNS gave, in its order.
    :ivar connected: the address connected to; empty: none.
    :ivar outcome: empty, or the step that says why it was not connected.
    """

    host: str
    port: int
    answers: list[str] = field(default_factory=list)
    connected: str = ""
    outcome: str = ""
    connections: int = 0
    bytes: int = 0


class Guard:
    """Begun by :meth:`start`; :meth:`close` ends every connection.

    :param allowed: ``host:port`` of what may be reached though it is inside.
    """

    def __init__(self, allowed: Collection[str], limits: Limits, tell: Teller) -> None:
        self.secret = secrets.token_urlsafe(24)
        self.names: dict[tuple[str, int], Name] = {}
        self.received = 0
        self.is_exhausted = False
        self._expected = b"Basic " + base64.b64encode(f"{USER}:{self.secret}".encode("ascii"))
        self._allowed = allowed
        self._limits = limits
        self._tell = tell
        self._resolving: dict[tuple[str, int], asyncio.Task[Name]] = {}
        self._open: set[asyncio.StreamWriter] = set()
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen; returns the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_HEAD_BYTES)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
        self._break_off()

    def _break_off(self) -> None:
        for writer in list(self._open):
            if writer.transport is not None:
                writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            async with self._at_once:
                await self._answer(reader, writer)
        except (
            OSError,
            ValueError,
            RefusedError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
            TimeoutError,
        ):
            pass  # the browser is told by the end of the connection; the log by whoever refused
        finally:
            self._open.discard(writer)
            with contextlib.suppress(OSError):
                writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(_HEAD_SECONDS):
            head = await reader.readuntil(b"\r\n\r\n")
        first, *fields = head[:-4].split(b"\r\n")
        if not any(self._is_ours(each) for each in fields):
            writer.write(
                b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=capture\r\n"
                b"Content-Length: 0\r\nConnection: close\r\n\r\n"
            )
            await writer.drain()
            return
        method, target, _version = first.decode("ascii").split(" ")
        if method == "CONNECT":
            await self._tunnel(target, reader, writer)
        else:
            await self._forward(method, target, fields, reader, writer)

    def _is_ours(self, line: bytes) -> bool:
        name, _, value = line.partition(b":")
        return name.strip().lower() == b"proxy-authorization" and hmac.compare_digest(value.strip(), self._expected)

    async def _tunnel(self, target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, _, port = target.rpartition(":")
        try:
            found, upstream, sink = await self.connect(host, int(port))
        except RefusedError:
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return
        writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        await self._pump(found, reader, writer, upstream, sink)

    async def _forward(
        self,
        method: str,
        target: str,
        fields: list[bytes],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        parts = urlsplit(target)
        if parts.scheme != "http" or not parts.hostname:
            raise RefusedError("scheme")
        found, upstream, sink = await self.connect(parts.hostname, parts.port or 80)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        kept = [each for each in fields if not each.lower().startswith(_FORBIDDEN_HEADERS)]
        # One request for each connection: what follows on it could not be for another host.
        lines = [f"{method} {path} HTTP/1.1".encode("ascii"), *kept, b"Connection: close"]
        sink.write(b"\r\n".join(lines) + b"\r\n\r\n")
        await self._pump(found, reader, writer, upstream, sink)

    async def connect(self, host: str, port: int) -> tuple[Name, asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to an address that was checked.

        :raises RefusedError: when there is none that may be connected to, or none answers.
        """
        if self.is_exhausted:
            raise RefusedError("too-much")
        found = await self.resolve(host, port)
        if found.outcome in ("refused", "unresolved"):
            raise RefusedError(found.outcome)
        for address in found.answers[:_TRIED]:
            try:
                async with asyncio.timeout(_CONNECT_SECONDS):
                    reader, writer = await asyncio.open_connection(address, port, limit=_PIECE_BYTES)
            except (OSError, TimeoutError):
                continue
            if not found.connections:
                found.connected, found.outcome = address, ""
                self._tell("connected", host=found.host, port=port, address=address)
            found.connections += 1
            return found, reader, writer
        if not found.outcome:
            found.outcome = "unconnected"
            self._tell("unconnected", host=found.host, port=port)
        raise RefusedError("unconnected")

    async def resolve(self, host: str, port: int) -> Name:
        """What ``host`` is, asked once for each port; ``outcome`` says whether it may be connected to."""
        key = (host.lower().rstrip(".").strip("[]"), port)
        if key not in self._resolving:
            if len(self._resolving) >= _MAX_NAMES:
                raise RefusedError("too-many-names")
            self._resolving[key] = asyncio.create_task(self._resolve(host, *key))
        return await asyncio.shield(self._resolving[key])

    async def _resolve(self, written: str, host: str, port: int) -> Name:
        found = self.names[host, port] = Name(host, port)
        is_named = f"{host}:{port}" in self._allowed or f"[{host}]:{port}" in self._allowed
        shown = written if ":" not in host else f"[{host}]"
        if not _HOST.fullmatch(shown) or (not is_named and (is_inside_by_name(host) or not _is_web_port(port))):
            return self._refuse(found, host)
        try:
            async with asyncio.timeout(_RESOLVE_SECONDS):
                answers = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError, TimeoutError):
            found.outcome = "unresolved"
            self._tell("unresolved", host=host)
            return found
        found.answers = list(dict.fromkeys(str(each[4][0]) for each in answers))
        # If any is inside, none is used: the name is not one of the public network.
        inside = [each for each in found.answers if not may_be_reached(each)]
        if inside and not is_named:
            return self._refuse(found, inside[0])
        self._tell("resolved", host=host, addresses=" ".join(found.answers))
        return found

    def _refuse(self, found: Name, address: str) -> Name:
        found.outcome = "refused"
        self._tell("refused", host=found.host, port=found.port, address=address)
        return found

    async def _pump(
        self,
        found: Name,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        upstream: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
    ) -> None:
        self._open.add(sink)
        up = asyncio.create_task(self._copy(reader, sink, None))
        try:
            await self._copy(upstream, writer, found)
        finally:
            up.cancel()
            await asyncio.gather(up, return_exceptions=True)
            self._open.discard(sink)
            with contextlib.suppress(OSError):
                sink.close()

    async def _copy(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, counted: Name | None) -> None:
        while piece := await source.read(_PIECE_BYTES):
            if counted is not None:
                counted.bytes += len(piece)
                self.received += len(piece)
                if self.received > self._limits.bytes:
                    self._exhaust()
                    return
            sink.write(piece)
            await sink.drain()

    def _exhaust(self) -> None:
        if not self.is_exhausted:
            self.is_exhausted = True
            self._tell("too-many-bytes", limit=self._limits.bytes)
            self._break_off()


def _is_web_port(port: int) -> bool:
    """Below 1024 other services listen, which take what a browser sends for something else."""
    return port in _WEB_PORTS or 1024 <= port <= 65535
