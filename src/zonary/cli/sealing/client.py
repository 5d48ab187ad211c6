"""HTTP to a Zonary server: few calls, bounded answers, bounded patience.

Every call may be repeated without harm (registering carries an idempotency key), so a connection that breaks or a
server that stumbles is tried again for a while. Nothing received is believed here.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from zonary.proof.errors import Error

if TYPE_CHECKING:
    from http.client import HTTPConnection

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0
CLOCK_SECONDS = 3.0
"""How long the answer is waited for by which the clocks are compared."""
PATIENCE_SECONDS = 20.0
"""How long a call that fails is tried again."""
_FIRST_PAUSE, _LAST_PAUSE = 0.1, 3.0
MAX_JSON_BYTES = 1024 * 1024
MAX_TEXT_BYTES = 1024 * 1024
MAX_TOKEN_BYTES = 1024 * 1024
MAX_FURTHER_BYTES = 4 * 1024 * 1024
"""Sixteen tokens of the largest size, in base64, with their certificates."""
_PASSING = frozenset({429, 500, 502, 503, 504})
"""Statuses that may be gone a moment later."""

_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
_RECORD = re.compile(r"[A-Za-z0-9._-]{1,128}")
_ACCESS_TOKEN = re.compile(r"[!-~]{1,4096}")


class ServerError(Error):
    """The server cannot be reached, refused, or answered something that makes no sense."""


class WrongServerError(ServerError):
    """It is not the server it should be; trying again would not help."""


class NotThereError(ServerError):
    """The server has nothing of what was asked for (404)."""


class NotYetError(ServerError):
    """The server has it, but is not ready to hand it out (409)."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What of the server's receipt is used here: the record's id, and the log leaf in base64."""

    id: str
    leaf: str


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    content_type: str
    body: bytes
    date: str = ""


class Server:
    """One connection to the server at ``url``; not to be shared by threads.

    :param url: ``http`` or ``https``, perhaps with a path the server is mounted at.
    :param token: access token; sent to this server and shown to nobody.
    :raises ServerError: when ``url`` is not such an address, or ``token`` cannot be sent in a header.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.url = url.rstrip("/")
        self._address = _Address.parse(self.url)
        if token is not None and not _ACCESS_TOKEN.fullmatch(token):
            raise ServerError("The access token holds characters no token has: look at where it comes from.")
        self._token = token
        self._clock = clock
        self._sleep = sleep
        self._wall = wall
        self._connection: HTTPConnection | None = None

    @property
    def is_private(self) -> bool:
        """Whether nobody on the way can read what is sent: TLS, or this machine itself."""
        return self._address.secure or _is_loopback(self._address.host)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def reach(self) -> None:
        """Find out, before much work is done, whether anybody listens there.

        :raises ServerError: when nobody does.
        """
        try:
            self._address.knock()
        except OSError as error:
            raise self._failure(error) from error

    def clock_ahead(self) -> int | None:
        """Whole seconds by which this machine's clock is ahead of the server's; None when the server does not say.

        It says whole seconds (RFC 9110, Date), and the answer takes a moment: right to about two. Asked once.
        """
        from email.utils import parsedate_to_datetime
        from http.client import HTTPException

        began = self._wall()
        try:
            said = self._exchange("GET", "/trust", None, "", MAX_TEXT_BYTES, CLOCK_SECONDS).date
            return round((began + self._wall()) / 2 - 0.5 - parsedate_to_datetime(said).timestamp())
        except (OSError, HTTPException, ServerError, ValueError):
            return None
        finally:
            self.close()

    # --- calls --------------------------------------------------------------------------------------------------------

    def trust(self) -> bytes:
        """The trust file the server shows."""
        return self._text("/trust", MAX_TEXT_BYTES)

    def authority_chain(self) -> bytes:
        """The timestamp authority's certificates, PEM."""
        return self._text("/tsa/ca.pem", MAX_TEXT_BYTES)

    def register(self, digests: Mapping[str, str], idempotency_key: str) -> Receipt:
        """Register a statement by its digests (``{"sha256": hex, "sm3": hex}``); the same again gives the same."""
        body = json.dumps({"statement": dict(digests), "idempotency_key": idempotency_key}).encode("ascii")
        return self._receipt(self._call("POST", "/api/v1/evidence", body, "application/json", MAX_JSON_BYTES))

    def log_proof(self, record: str) -> bytes:
        """The ``.tlog-proof`` of ``record``. :raises NotYetError: before it is published."""
        return self._text(f"/api/v1/evidence/{quote(record, safe='')}/proof", MAX_TEXT_BYTES)

    def published(self, path: str) -> bytes:
        """What the server publishes at ``path``, below the address of a log. :raises ServerError: when it does not."""
        return self._text(path, MAX_TEXT_BYTES)

    def timestamp(self, request: bytes) -> bytes:
        """The authority's DER answer to a DER request."""
        answer = self._call("POST", "/tsa", request, "application/timestamp-query", MAX_TOKEN_BYTES)
        if answer.content_type != "application/timestamp-reply":
            raise self._senseless()
        return answer.body

    def further_timestamps(self, statement: str) -> bytes:
        """What other authorities have signed for the statement with this SHA-256 (hexadecimal): JSON.

        :raises NotThereError: when the server knows of none, and waits for none.
        """
        return self._text(f"/api/v1/evidence/timestamps/{quote(statement, safe='')}", MAX_FURTHER_BYTES)

    def _text(self, path: str, limit: int) -> bytes:
        return self._call("GET", path, limit=limit).body

    def _receipt(self, answer: _Answer) -> Receipt:
        try:
            value: object = json.loads(answer.body)
        except (ValueError, RecursionError) as error:
            raise self._senseless() from error
        record, leaf = (value.get("id"), value.get("leaf")) if isinstance(value, dict) else (None, None)
        if not isinstance(record, str) or not isinstance(leaf, str) or not _RECORD.fullmatch(record):
            raise self._senseless()
        return Receipt(record, leaf)

    # --- one exchange -------------------------------------------------------------------------------------------------

    def _call(
        self, method: str, path: str, body: bytes | None = None, content_type: str = "", limit: int = 0
    ) -> _Answer:
        from http.client import HTTPException

        pause = _FIRST_PAUSE
        until = self._clock() + PATIENCE_SECONDS
        while True:
            try:
                answer = self._exchange(method, path, body, content_type, limit)
            except (OSError, HTTPException) as error:
                self.close()
                problem = self._failure(error)
                passing = isinstance(error, OSError) and not isinstance(problem, WrongServerError)
            else:
                if answer.status < 300:
                    return answer
                problem = self._refusal(answer)
                passing = answer.status in _PASSING
            if not passing or self._clock() + pause > until:
                raise problem
            self._sleep(pause)
            pause = min(2 * pause, _LAST_PAUSE)

    def _exchange(
        self,
        method: str,
        path: str,
        body: bytes | None,
        content_type: str,
        limit: int,
        seconds: float = ANSWER_SECONDS,
    ) -> _Answer:
        if self._connection is None:
            self._connection = self._address.connect()
        headers = {"Accept": "*/*", "User-Agent": "zonary"}
        if content_type:
            headers["Content-Type"] = content_type
        if self._token is not None and path.startswith("/api/"):
            headers["Authorization"] = f"Bearer {self._token}"
        self._connection.request(method, self._address.target(path), body, headers)
        if self._connection.sock is not None:
            self._connection.sock.settimeout(seconds)
        response = self._connection.getresponse()
        data = response.read(limit + 1)
        if len(data) > limit:
            self.close()
            raise ServerError(
                "The server at {url} sent more than {limit} bytes where little was expected; it was not read.",
                url=self.url,
                limit=limit,
            )
        media_type = (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()
        return _Answer(response.status, media_type, data, response.getheader("Date") or "")

    # --- what went wrong ----------------------------------------------------------------------------------------------

    def _refusal(self, answer: _Answer) -> ServerError:
        detail = _detail(answer)
        if answer.status == 401:
            return ServerError(
                "The server at {url} does not accept the access token, or was given none. Name the right one with "
                "--token-file or ZONARY_TOKEN.",
                url=self.url,
            )
        if answer.status == 409:
            return NotYetError("The server at {url} refuses for now: {detail}", url=self.url, detail=detail)
        if 300 <= answer.status < 400:
            return ServerError(
                "The server at {url} sends us elsewhere (status {status}). Give its own address with --server.",
                url=self.url,
                status=answer.status,
            )
        kind = NotThereError if answer.status == 404 else ServerError
        return kind(
            "The server at {url} refused (status {status}): {detail}",
            url=self.url,
            status=answer.status,
            detail=detail,
        )

    def _failure(self, error: Exception) -> ServerError:
        if not isinstance(error, OSError):
            return self._senseless()
        complaint = getattr(error, "verify_message", "")
        if complaint:
            return WrongServerError(
                "The certificate of the server at {url} does not verify: {reason}.", url=self.url, reason=complaint
            )
        return ServerError(
            "The server at {url} cannot be reached: {reason}. Is it running (zonary serve), and is the address right "
            "(--server)?",
            url=self.url,
            reason=error.strerror or str(error) or type(error).__name__,
        )

    def _senseless(self) -> ServerError:
        return WrongServerError(
            "What answers at {url} is not a Zonary server. Is the address right (--server)?", url=self.url
        )


def fetch_trust(url: str) -> bytes:
    """The trust file the server at ``url`` shows. :raises ServerError: when it cannot be had."""
    server = Server(url)
    with contextlib.closing(server):
        return server.trust()


@dataclass(frozen=True, slots=True)
class _Address:
    secure: bool
    host: str
    port: int
    path: str
    proxy: tuple[str, int] | None

    @classmethod
    def parse(cls, url: str) -> _Address:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            parts, host, port = urlsplit(""), "", None
        good = parts.scheme in ("http", "https") and _HOST.fullmatch(host) and url.isascii() and url.isprintable()
        if not good or " " in url or "@" in parts.netloc or parts.query or parts.fragment:
            raise ServerError(
                "“{url}” is not the address of a server; it looks like https://zone.example or http://127.0.0.1:8000.",
                url=url,
            )
        secure = parts.scheme == "https"
        return cls(secure, host, port or (443 if secure else 80), parts.path.rstrip("/"), _proxy(parts.scheme, host))

    def target(self, path: str) -> str:
        if self.proxy is None or self.secure:
            return self.path + path
        return f"http://{self._netloc()}{self.path}{path}"

    def connect(self) -> HTTPConnection:
        from http.client import HTTPConnection, HTTPSConnection

        kind = HTTPSConnection if self.secure else HTTPConnection
        if self.proxy is None:
            return kind(self.host, self.port, timeout=CONNECT_SECONDS)
        connection = kind(*self.proxy, timeout=CONNECT_SECONDS)
        if self.secure:
            connection.set_tunnel(self.host, self.port)
        return connection

    def knock(self) -> None:
        import socket

        with socket.create_connection(self.proxy or (self.host, self.port), CONNECT_SECONDS):
            pass

    def _netloc(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def _proxy(scheme: str, host: str) -> tuple[str, int] | None:
    """The proxy the environment names for ``host``; never one for this machine itself."""
    if not any(name.lower().endswith("_proxy") for name in os.environ) or _is_loopback(host):
        return None
    from urllib.request import getproxies, proxy_bypass

    address = getproxies().get(scheme)
    if not address or proxy_bypass(host):
        return None
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        return (parts.hostname, parts.port or 80) if parts.hostname else None
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.endswith(".localhost") or host.startswith("127.")


def _detail(answer: _Answer) -> str:
    """What a problem document (RFC 9457) says, in one line."""
    text = ""
    if answer.content_type.endswith("json"):
        with contextlib.suppress(ValueError, RecursionError):
            value = json.loads(answer.body)
            if isinstance(value, dict):
                text = str(value.get("detail") or value.get("title") or "")
    words = "".join(c if c.isprintable() else " " for c in text[:500]).split()
    return " ".join(words) or f"HTTP {answer.status}"
