"""What Django is told of a request, and what becomes of its answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")

from zonary.config.django_bridge import DjangoBridge, environ
from zonary.config.http import SECURITY_HEADERS


class Fields(list[tuple[str, str]]):
    """Header fields as the server gives them: pairs, a name more than once."""

    def items(self) -> Iterator[tuple[str, str]]:
        return iter(self)


def scope(**changes: Any) -> Any:
    given = {
        "http_version": "1.1",
        "server": "127.0.0.1:8000",
        "client": "[::1]:51234",
        "scheme": "http",
        "method": "POST",
        "path": "/api/v1/证据",
        "query_string": "a=1",
        "headers": Fields([("content-type", "application/json"), ("accept", "a/b"), ("accept", "c/d")]),
    }
    return SimpleNamespace(**(given | changes))


def test_a_request_in_the_words_of_wsgi() -> None:
    made = environ(scope(), b"body")
    assert made["PATH_INFO"].encode("latin-1").decode() == "/api/v1/证据"
    assert (made["REQUEST_METHOD"], made["QUERY_STRING"], made["REMOTE_ADDR"]) == ("POST", "a=1", "::1")
    assert (made["SERVER_NAME"], made["SERVER_PORT"]) == ("127.0.0.1", "8000")
    assert (made["CONTENT_TYPE"], made["CONTENT_LENGTH"]) == ("application/json", "4")
    assert made["HTTP_ACCEPT"] == "a/b,c/d"
    assert made["wsgi.input"].read() == b"body"


def test_no_header_passes_for_another() -> None:
    """With an underscore a name could pretend to be the one with a hyphen."""
    headers = Fields([("x_forwarded-for", "forged"), ("content_length", "9"), ("transfer-encoding", "chunked")])
    made = environ(scope(headers=headers), b"body")
    assert made["CONTENT_LENGTH"] == "4"
    assert not {name for name in made if name.startswith("HTTP_")}


class Sent:
    """The way back to the client."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: list[tuple[str, str]] = []
        self.body = b""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Sent:
        self.status, self.headers = status, headers
        return self

    async def send_bytes(self, data: bytes) -> None:
        self.body += data


@pytest.mark.usefixtures("migrated")  # sets Django up
@pytest.mark.parametrize("streaming", [False, True])
def test_an_answer_whole_or_in_pieces(streaming: bool) -> None:
    from django.http import HttpResponse, StreamingHttpResponse

    answers: list[Any] = []
    threads: set[str] = set()
    counted: list[tuple[str, int]] = []

    def handler(_environ: Any, start: Any) -> Any:
        threads.add(threading.current_thread().name)
        start("201 Created", [("x-own", "yes")])
        made: Any = StreamingHttpResponse([b"one ", b"two"]) if streaming else HttpResponse(b"one two")
        answers.append(made)
        return made

    bridge = DjangoBridge(handler, 2, lambda path, status: counted.append((path, status)))

    async def several() -> list[Sent]:
        sent = [Sent() for _ in range(6)]
        await asyncio.gather(*(bridge.answer(scope(path="/x"), b"", each) for each in sent))  # type: ignore[arg-type]
        return sent

    for each in asyncio.run(several()):
        assert (each.status, each.body) == (201, b"one two")
        assert each.headers == [("x-own", "yes"), *SECURITY_HEADERS]
    assert counted == [("/x", 201)] * 6
    assert all(answer.closed for answer in answers)
    assert len(threads) <= 2
