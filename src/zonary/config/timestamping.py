"""``/tsa``: the timestamp authority over HTTP (RFC 3161 §3.4), and what is needed to check its tokens."""

from __future__ import annotations

from pathlib import Path

from prometheus_client import Counter

from zonary.common import problems
from zonary.common.clock import Clock, ClockInDoubtError
from zonary.config.http import Endpoint, Request, Response, read_body, require_method
from zonary.proof.timestamp.authority import Authority, time_not_available

MAX_REQUEST_BYTES = 64 * 1024
QUERY = "application/timestamp-query"
REPLY = b"application/timestamp-reply"
_NO_STORE = [(b"cache-control", b"no-store")]


def timestamping(authority: Authority, clock: Clock, answered: Counter) -> Endpoint:
    """Answers timestamp requests; what the authority refuses is an answer too, status 200 (RFC 3161 §3.4)."""

    async def endpoint(request: Request) -> Response:
        require_method(request, "POST")
        if request.media_type() != QUERY:
            raise problems.wrong_content_type(QUERY)
        query = await read_body(request, MAX_REQUEST_BYTES)
        try:
            reply = authority.respond(query, clock())
        except ClockInDoubtError as doubt:
            reply = time_not_available(str(doubt))
        answered.inc()
        return Response(200, reply, REPLY, _NO_STORE)

    return endpoint


def file_endpoint(path: Path, content_type: bytes) -> Endpoint:
    """One file of the data directory, read each time: it may be renewed while the server runs."""

    async def endpoint(request: Request) -> Response:
        require_method(request, "GET, HEAD")
        try:
            body = path.read_bytes()
        except FileNotFoundError:
            raise problems.not_found() from None
        return Response(200, body, content_type, [(b"cache-control", b"public, max-age=60")])

    return endpoint
