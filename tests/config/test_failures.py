"""When something breaks inside, the caller is told so, and nothing else."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
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

    full = call(OperationalError("database or disk is full"))
    assert full.status_code == 503
    assert full["Retry-After"] == "1"
    assert json.loads(full.content)["code"] == "store-unavailable"
    assert call(IntegrityError("UNIQUE constraint failed")).status_code == 409


@pytest.fixture
def dispatch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """One request through the dispatcher, with endpoints of the test's own."""
    from zonary.common.problems import Problem
    from zonary.config import dispatch as module
    from zonary.config import http
    from zonary.config.http import Response, read_body

    monkeypatch.setattr(http, "BODY_SECONDS", 0.05)
    monkeypatch.setattr(http, "DRAIN_IDLE_SECONDS", 0.05)
    monkeypatch.setattr(http, "ARRIVALS", http.Arrivals())

    async def broken(_request: Any) -> Response:
        raise RuntimeError("the inner secret")

    async def echo(request: Any) -> Response:
        return Response(200, await read_body(request, 1000), b"text/plain")

    async def admit(request: Any) -> None:
        if request.header(b"authorization") != b"Bearer good":
            raise Problem(401, "unauthenticated", "Send the access token.")

    async def django(_scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": message["body"]})

    def run(path: str, chunks: AsyncIterator[dict[str, Any]], headers: Any = ()) -> tuple[int | None, bytes, list[Any]]:
        sent: list[dict[str, Any]] = []
        counted: list[tuple[str, int]] = []

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        async def go() -> None:
            dispatcher = module.Dispatcher(
                {"/broken": broken, "/echo": echo},
                {},
                django,
                lambda area, status: counted.append((area, status)),
                admit,
            )
            scope = {"type": "http", "method": "POST", "path": path, "headers": list(headers)}
            await dispatcher(scope, chunks.__anext__, send)

        asyncio.run(go())
        if not sent:
            return None, b"", counted
        return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]), counted

    return run


async def chunks(*parts: bytes, then: str = "more", pause: float = 0) -> AsyncIterator[dict[str, Any]]:
    for part in parts:
        yield {"type": "http.request", "body": part, "more_body": True}
    await asyncio.sleep(pause)
    if then == "more":
        yield {"type": "http.request", "body": b"", "more_body": False}
    else:
        yield {"type": "http.disconnect"}


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
    status, body, counted = dispatch("/api/x", chunks(b"begin", then="gone"))
    assert (status, counted) == (400, [("api", 400)])
    assert json.loads(body)["code"] == "incomplete"


def test_a_stop_gives_up_what_has_not_arrived(dispatch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.config import http

    monkeypatch.setattr(http, "BODY_SECONDS", 60)

    async def stopped() -> AsyncIterator[dict[str, Any]]:
        yield {"type": "http.request", "body": b"begin", "more_body": True}
        asyncio.get_running_loop().call_later(0.05, http.ARRIVALS.end)
        await asyncio.sleep(10)

    status, body, _ = dispatch("/echo", stopped())
    assert status == 503
    assert json.loads(body)["code"] == "stopping"


def test_a_large_body_of_a_stranger_is_not_read(dispatch: Any) -> None:
    path = "/api/v1/evidence/batch"
    status, body, _ = dispatch(path, chunks(b"x", pause=5), [(b"content-length", b"5000000")])
    assert status == 401
    assert json.loads(body)["code"] == "unauthenticated"
    large = chunks(*[b"x" * 50_000] * 3)
    assert dispatch(path, large, [(b"authorization", b"Bearer good")])[:2] == (200, b"x" * 150_000)


@pytest.mark.parametrize("charset", ["utf-16", '"latin-1"'])
def test_json_is_utf_8(dispatch: Any, charset: str) -> None:
    kind = f"application/json; charset={charset}".encode()
    assert dispatch("/api/x", chunks(b"{}"), [(b"content-type", kind)])[0] == 415
    assert dispatch("/api/x", chunks(b"{}"), [(b"content-type", b'application/json; Charset="UTF-8"')])[0] == 200


@pytest.mark.parametrize("declared", [b"65537", b"9" * 30])
def test_a_declared_length_is_believed_when_it_is_too_much(dispatch: Any, declared: bytes) -> None:
    status, _, _ = dispatch("/api/x", chunks(), [(b"content-length", declared)])
    assert status == 413


@pytest.mark.parametrize("declared", [b"-1", b"1e3", b"", b" 5"])
def test_a_length_that_is_no_number(dispatch: Any, declared: bytes) -> None:
    status, _, _ = dispatch("/api/x", chunks(), [(b"content-length", declared)])
    assert status == (200 if declared == b"" else 400)


def test_an_undeclared_length_is_counted(dispatch: Any) -> None:
    status, _, _ = dispatch("/api/x", chunks(*[b"x" * 1000] * 66))
    assert status == 413
