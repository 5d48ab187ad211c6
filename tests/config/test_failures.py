"""When something breaks inside, the caller is told so, and nothing else."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")

Make = Callable[..., Any]
AUTHORIZED = {"HTTP_AUTHORIZATION": "Bearer some-token"}


@pytest.fixture
def call(data: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], Any]:
    """Calls the API while the look-up of the token fails in the given way."""
    from django.test import Client

    from zonary.config import api

    def run(failure: BaseException) -> Any:
        def fail(_token: str) -> None:
            raise failure

        monkeypatch.setattr(api, "holder_of", fail)
        return Client(raise_request_exception=False).get("/api/v1/evidence?sha256=" + "ab" * 32, **AUTHORIZED)

    return run


def test_the_unexpected_is_told_without_its_words(call: Make, caplog: pytest.LogCaptureFixture) -> None:
    answer = call(RuntimeError("the inner secret"))
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["code"] == "unexpected"
    assert b"secret" not in answer.content
    assert "the inner secret" in caplog.text
    assert "some-token" not in caplog.text


def test_a_store_that_cannot_is_told_as_such(call: Make) -> None:
    from django.db import IntegrityError, OperationalError

    for message, code in (("database or disk is full", "disk-full"), ("database is locked", "store-unavailable")):
        refused = call(OperationalError(message))
        assert refused.status_code == 503
        assert refused["Retry-After"] == "1"
        assert json.loads(refused.content)["code"] == code
    assert call(IntegrityError("UNIQUE constraint failed")).status_code == 409


@pytest.fixture
def dispatch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """One request through the dispatcher, with endpoints of the test's own."""
    from zonary.common.problems import Problem
    from zonary.config import dispatch as module
    from zonary.config import http
    from zonary.config.http import Response, read_body, response_headers

    monkeypatch.setattr(http, "BODY_SECONDS", 0.05)
    monkeypatch.setattr(http, "SWEEP_SECONDS", 0.01)
    monkeypatch.setattr(http, "DRAIN_IDLE_SECONDS", 0.05)

    async def broken(_request: Any) -> Response:
        raise RuntimeError("the inner secret")

    async def echo(request: Any) -> Response:
        return Response(200, await read_body(request, 1000), response_headers("text/plain"))

    async def admit(request: Any) -> None:
        if request.header("authorization") != "Bearer good":
            raise Problem(401, "unauthenticated", "Send the access token.")

    def django(environ: Any, start: Any) -> Any:
        from django.http import HttpResponse

        start("200 OK", [])
        return HttpResponse(environ["wsgi.input"].read())

    def run(path: str, chunks: AsyncIterator[bytes], headers: Any = ()) -> tuple[int | None, bytes, list[Any]]:
        monkeypatch.setattr(http, "ARRIVALS", http.Arrivals())
        connection = Connection(chunks)
        counted: list[tuple[str, int]] = []

        async def go() -> None:
            dispatcher = module.Dispatcher(
                {"/broken": broken, "/echo": echo},
                {},
                django,
                lambda area, status: counted.append((area, status)),
                admit,
            )
            await dispatcher(Scope("POST", path, dict(headers)), connection)

        asyncio.run(go())
        assert connection.headers is None or set(http.SECURITY_HEADERS) <= set(connection.headers)
        return connection.status, connection.body, counted

    return run


@dataclass
class Scope:
    """A request's head as the server shows it."""

    method: str
    path: str
    headers: dict[str, str]
    http_version: str = "1.1"
    scheme: str = "http"
    query_string: str = ""
    client: str = "127.0.0.1:1234"
    server: str = "127.0.0.1:8000"


class Connection:
    """A body and the way back, as the server has them."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks
        self.status: int | None = None
        self.headers: Any = None
        self.body = b""

    async def __call__(self) -> bytes:
        from granian.rsgi import ProtocolClosed

        body = b""
        async for chunk in self._chunks:
            if chunk == GONE:
                raise ProtocolClosed
            body += chunk
        return body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._chunks:
            yield b"" if chunk == GONE else chunk
        yield b""

    async def client_disconnect(self) -> None:
        await asyncio.sleep(60)

    def response_bytes(self, status: int, headers: Any, body: bytes) -> None:
        assert self.status is None
        self.status, self.headers, self.body = status, headers, body


GONE = b"gone"


async def chunks(*parts: bytes, then: bytes = b"", pause: float = 0) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    await asyncio.sleep(pause)
    if then:
        yield then


def test_an_endpoint_that_breaks(dispatch: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        status, body, counted = dispatch("/broken", chunks())
    assert status == 500
    assert b"secret" not in body
    assert counted == [("other", 500)]
    assert "the inner secret" in caplog.text


def test_a_body_in_pieces_arrives_whole(dispatch: Any) -> None:
    assert dispatch("/api/x", chunks(b"in ", b"pieces")) == (200, b"in pieces", [("api", 200)])


@pytest.mark.parametrize("path", ["/api/x", "/echo"])
def test_a_body_that_is_never_finished(dispatch: Any, path: str) -> None:
    status, body, _ = dispatch(path, chunks(b"begin", pause=1))
    assert status == 408
    assert json.loads(body)["code"] == "too-slow"


def test_a_body_that_trickles(dispatch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.config import http

    monkeypatch.setattr(http, "BODY_SECONDS", 60)
    monkeypatch.setattr(http, "BODY_GRACE_SECONDS", 0.05)
    status, body, _ = dispatch("/echo", chunks(b"begin", pause=5))
    assert status == 408
    assert json.loads(body)["code"] == "too-slow"


def test_a_body_that_breaks_off_is_a_problem(dispatch: Any) -> None:
    status, body, counted = dispatch("/api/x", chunks(b"begin", then=GONE))
    assert (status, counted) == (400, [("api", 400)])
    assert json.loads(body)["code"] == "incomplete"


def test_an_announced_body_that_is_never_finished(dispatch: Any) -> None:
    status, body, _ = dispatch("/echo", chunks(b"begin", pause=1), [("content-length", "9")])
    assert status == 408
    assert json.loads(body)["code"] == "too-slow"


@pytest.mark.parametrize("declared", ["9", "100000"])
def test_an_announced_body_that_breaks_off(dispatch: Any, declared: str) -> None:
    headers = [("content-length", declared), ("authorization", "Bearer good")]
    status, body, counted = dispatch("/api/v1/evidence/batch", chunks(b"begin", then=GONE), headers)
    assert (status, counted) == (400, [("api", 400)])
    assert json.loads(body)["code"] == "incomplete"


def test_an_announced_body_that_ends_early(dispatch: Any) -> None:
    headers = [("content-length", "100000"), ("authorization", "Bearer good")]
    assert dispatch("/api/v1/evidence/batch", chunks(b"begin"), headers)[0] == 400


def test_a_stop_gives_up_what_has_not_arrived(dispatch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.config import http

    monkeypatch.setattr(http, "BODY_SECONDS", 60)

    async def stopped() -> AsyncIterator[bytes]:
        yield b"begin"
        asyncio.get_running_loop().call_later(0.05, http.ARRIVALS.end)
        await asyncio.sleep(10)

    status, body, _ = dispatch("/echo", stopped())
    assert status == 503
    assert json.loads(body)["code"] == "stopping"


def test_a_large_body_of_a_stranger_is_not_read(dispatch: Any) -> None:
    path = "/api/v1/evidence/batch"
    status, body, _ = dispatch(path, chunks(b"x", pause=5), [("content-length", "5000000")])
    assert status == 401
    assert json.loads(body)["code"] == "unauthenticated"
    large = chunks(*[b"x" * 50_000] * 3)
    assert dispatch(path, large, [("authorization", "Bearer good")])[:2] == (200, b"x" * 150_000)


@pytest.mark.parametrize("charset", ["utf-16", '"latin-1"'])
def test_json_is_utf_8(dispatch: Any, charset: str) -> None:
    kind = f"application/json; charset={charset}"
    assert dispatch("/api/x", chunks(b"{}"), [("content-type", kind)])[0] == 415
    assert dispatch("/api/x", chunks(b"{}"), [("content-type", 'application/json; Charset="UTF-8"')])[0] == 200


@pytest.mark.parametrize("declared", ["65537", "9" * 30])
def test_a_declared_length_is_believed_when_it_is_too_much(dispatch: Any, declared: str) -> None:
    status, _, _ = dispatch("/api/x", chunks(), [("content-length", declared)])
    assert status == 413


@pytest.mark.parametrize("declared", ["-1", "1e3", "", " 5", "٣"])
def test_a_length_that_is_no_number(dispatch: Any, declared: str) -> None:
    status, _, _ = dispatch("/api/x", chunks(), [("content-length", declared)])
    assert status == (200 if declared == "" else 400)


def test_an_undeclared_length_is_counted(dispatch: Any) -> None:
    status, _, _ = dispatch("/api/x", chunks(*[b"x" * 1000] * 66))
    assert status == 413
