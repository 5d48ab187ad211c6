"""When something breaks inside, the caller is told so, and nothing else."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")

from tests.config.wire import Application, answers, talk

Make = Callable[..., Any]
AUTHORIZED = {"HTTP_AUTHORIZATION": "Bearer some-token"}


@pytest.fixture
def call(data: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], Any]:
    """Calls the API while the look-up of the token fails in the given way."""
    from django.test import Client

    from zonary.foundation.organizations import access

    def run(failure: BaseException) -> Any:
        def fail(_token: str, **_at: object) -> None:
            raise failure

        monkeypatch.setattr(access, "standing_of_token", fail)
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


def test_a_page_that_breaks_is_in_the_log_without_the_secret_of_its_address(
    five: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from tests.five_accounts import browser

    from zonary.foundation.organizations.views import members

    def fail(*_given: object, **_at: object) -> None:
        raise RuntimeError("the inner reason")

    monkeypatch.setattr(members, "invitation_by", fail)
    client = browser(five.owner)
    client.raise_request_exception = False
    answer = client.get("/organization/join/some-secret", headers={"accept": "text/html"})
    assert answer.status_code == 500
    assert "the inner reason" not in answer.content.decode()
    assert "the inner reason" in caplog.text
    assert "some-secret" not in caplog.text


def test_a_store_that_cannot_is_told_as_such(call: Make) -> None:
    from django.db import IntegrityError, OperationalError

    for message, code in (("database or disk is full", "disk-full"), ("database is locked", "store-unavailable")):
        refused = call(OperationalError(message))
        assert refused.status_code == 503
        assert refused["Retry-After"] == "1"
        assert json.loads(refused.content)["code"] == code
    assert call(IntegrityError("UNIQUE constraint failed")).status_code == 409


@pytest.fixture
def dispatch(monkeypatch: pytest.MonkeyPatch, migrated: Any) -> Any:
    """One POST through listener and dispatcher, with endpoints of the test's own."""
    from zonary.common.problems import Problem
    from zonary.config import bodies, listener
    from zonary.config import dispatch as module
    from zonary.config.http import Response, response_headers

    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.3)
    monkeypatch.setattr(listener, "SWEEP_SECONDS", 0.01)

    async def broken(_request: Any) -> Response:
        raise RuntimeError("the inner secret")

    async def echo(request: Any) -> Response:
        return Response(200, await bodies.read_body(request, 1000), response_headers("text/plain"))

    async def admit(request: Any) -> None:
        if request.header("authorization") != "Bearer good":
            raise Problem(401, "unauthenticated", "Send the access token.")

    def django(environ: Any, start: Any) -> Any:
        from django.http import HttpResponse

        start("200 OK", [])
        return HttpResponse(environ["wsgi.input"].read())

    def run(path: str, *script: Any, close: bool = False, **fields: str) -> tuple[int, bytes, list[Any]]:
        counted: list[tuple[str, int]] = []
        dispatcher = module.Dispatcher(
            {"/broken": broken, "/echo": echo}, {}, django, lambda area, status: counted.append((area, status)), admit
        )
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
        head = f"POST {path} HTTP/1.1\r\nHost: zone.example\r\nConnection: close\r\n{lines}\r\n"
        (answer,) = answers(talk(Application(dispatcher), head.encode(), *script, close=close))
        assert answer.headers["x-content-type-options"] == "nosniff"
        return answer.status, answer.body, counted

    return run


CHUNKED = {"transfer_encoding": "chunked"}


def chunks(*pieces: bytes, last: bytes = b"0\r\n\r\n") -> tuple[bytes, ...]:
    return (*(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces), last)


def test_an_endpoint_that_breaks(dispatch: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        status, body, counted = dispatch("/broken")
    assert status == 500
    assert b"secret" not in body
    assert counted == [("other", 500)]
    assert "the inner secret" in caplog.text


@pytest.mark.parametrize("path", ["/api/x", "/echo"])
def test_a_body_in_pieces_arrives_whole(dispatch: Any, path: str) -> None:
    assert dispatch(path, *chunks(b"in ", b"pieces"), **CHUNKED)[:2] == (200, b"in pieces")
    assert dispatch(path, b"in ", b"pieces", content_length="9")[:2] == (200, b"in pieces")
    assert dispatch(path) == (200, b"", [("api" if path == "/api/x" else "other", 200)])


@pytest.mark.parametrize("path", ["/api/x", "/echo"])
def test_a_body_that_is_never_finished(dispatch: Any, path: str) -> None:
    for sent, fields in ((chunks(b"begin", last=b""), CHUNKED), ((b"begin",), {"content_length": "9"})):
        status, body, _ = dispatch(path, *sent, **fields)
        assert status == 408
        assert json.loads(body)["code"] == "too-slow"


def test_a_body_that_trickles(dispatch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.config import bodies

    monkeypatch.setattr(bodies, "BODY_SECONDS", 60)
    monkeypatch.setattr(bodies, "BODY_GRACE_SECONDS", 0.3)
    status, body, _ = dispatch("/echo", *[b"x", 0.05] * 10, content_length="900")
    assert status == 408
    assert json.loads(body)["code"] == "too-slow"


@pytest.mark.parametrize("path", ["/api/x", "/echo", "/api/v1/evidence/batch"])
def test_a_body_that_breaks_off_is_a_problem(dispatch: Any, path: str) -> None:
    area = "other" if path == "/echo" else "api"
    for sent, fields in (
        (chunks(b"begin", last=b""), CHUNKED),
        (chunks(b"begin", last=b"no chunk\r\n"), CHUNKED),
        ((b"begin",), {"content_length": "9"}),
        ((b"begin",), {"content_length": "900"}),
    ):
        status, body, counted = dispatch(path, *sent, authorization="Bearer good", close=True, **fields)
        assert (status, counted) == (400, [(area, 400)])
        assert json.loads(body)["code"] == "incomplete"


def test_a_stop_gives_up_what_has_not_arrived(dispatch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.config import bodies

    monkeypatch.setattr(bodies, "BODY_SECONDS", 60)
    stops: list[Any] = []

    def stop(listener: Any) -> None:
        stops.append(asyncio.get_running_loop().create_task(listener.close()))

    status, body, _ = dispatch("/echo", b"begin", stop, content_length="9")
    assert status == 503
    assert json.loads(body)["code"] == "stopping"


def test_a_large_body_of_a_stranger_is_not_read(dispatch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.config import bodies

    monkeypatch.setattr(bodies, "BODY_SECONDS", 60)
    path = "/api/v1/evidence/batch"
    status, body, _ = dispatch(path, b"x", content_length="5000000")
    assert status == 401
    assert json.loads(body)["code"] == "unauthenticated"
    large = chunks(*[b"x" * 50_000] * 3)
    assert dispatch(path, *large, authorization="Bearer good", **CHUNKED)[:2] == (200, b"x" * 150_000)


@pytest.mark.parametrize("charset", ["utf-16", '"latin-1"'])
def test_json_is_utf_8(dispatch: Any, charset: str) -> None:
    sent = {"content_length": "2"}
    assert dispatch("/api/x", b"{}", content_type=f"application/json; charset={charset}", **sent)[0] == 415
    assert dispatch("/api/x", b"{}", content_type='application/json; Charset="UTF-8"', **sent)[0] == 200


def test_a_declared_length_is_believed_when_it_is_too_much(dispatch: Any) -> None:
    for declared in ("65537", "9" * 15):
        assert dispatch("/api/x", content_length=declared)[0] == 413


def test_an_undeclared_length_is_counted(dispatch: Any) -> None:
    assert dispatch("/api/x", b"".join(chunks(*[b"x" * 1000] * 66)), **CHUNKED)[0] == 413
    assert dispatch("/echo", *chunks(b"x" * 1001), **CHUNKED)[0] == 413
    assert dispatch("/echo", *chunks(b"x" * 1000), **CHUNKED)[0] == 200
