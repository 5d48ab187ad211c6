"""``/tsa``: the timestamp authority over HTTP (RFC 3161 §3.4), and what is needed to check its tokens."""

from __future__ import annotations

from pathlib import Path

from zonary.common import problems
from zonary.common.clock import Clock, ClockInDoubtError
from zonary.config.bodies import read_body
from zonary.config.counts import Tally
from zonary.config.http import Endpoint, Request, Response, require_method, response_headers
from zonary.proof.timestamp.authority import Authority, time_not_available

MAX_REQUEST_BYTES = 64 * 1024
QUERY = "application/timestamp-query"
_REPLY = response_headers("application/timestamp-reply", ("cache-control", "no-store"))


def timestamping(authority: Authority, clock: Clock, answered: Tally) -> Endpoint:
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
        return Response(200, reply, _REPLY)

    return endpoint


def file_endpoint(path: Path, content_type: str) -> Endpoint:
    """One file of the data directory, read each time: it may be renewed while the server runs."""
    headers = response_headers(content_type, ("cache-control", "public, max-age=60"))

    async def endpoint(request: Request) -> Response:
        require_method(request, "GET, HEAD")
        try:
            body = path.read_bytes()
        except FileNotFoundError:
            raise problems.not_found() from None
        return Response(200, body, headers)

    return endpoint
