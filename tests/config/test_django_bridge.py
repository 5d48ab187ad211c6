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
from zonary.config.http import Headers, RequestHeaders, Response, encode_headers


def request(**changes: Any) -> Any:
    given: dict[str, Any] = {
        "http_version": "1.1",
        "server": "127.0.0.1:8000",
        "client": "[::1]:51234",
        "method": "POST",
        "path": "/api/v1/证据",
        "query_string": "a=1",
        "headers": RequestHeaders([(b"content-type", b"application/json"), (b"accept", b"a/b"), (b"accept", b"c/d")]),
    }
    return SimpleNamespace(**(given | changes))


def test_a_request_in_the_words_of_wsgi() -> None:
    made = environ(request(), b"body")
    assert made["PATH_INFO"].encode("latin-1").decode() == "/api/v1/证据"
    assert (made["REQUEST_METHOD"], made["QUERY_STRING"], made["REMOTE_ADDR"]) == ("POST", "a=1", "::1")
    assert (made["SERVER_NAME"], made["SERVER_PORT"]) == ("127.0.0.1", "8000")
    assert (made["CONTENT_TYPE"], made["CONTENT_LENGTH"]) == ("application/json", "4")
    assert made["HTTP_ACCEPT"] == "a/b,c/d"
    assert made["wsgi.input"].read() == b"body"


def test_no_header_passes_for_another() -> None:
    """With an underscore a name could pretend to be the one with a hyphen."""
    fields = [(b"x_forwarded-for", b"forged"), (b"content_length", b"9"), (b"transfer-encoding", b"chunked")]
    made = environ(request(headers=RequestHeaders(fields)), b"body")
    assert made["CONTENT_LENGTH"] == "4"
    assert not {name for name in made if name.startswith("HTTP_")}


class Sent:
    """The way back to the client."""

    def __init__(self) -> None:
        self.status = 0
        self.headers = Headers(b"")
        self.body = b""
        self.ended = False

    def respond(self, response: Response) -> None:
        self.status, self.headers, self.body, self.ended = response.status, response.headers, response.body, True

    def begin(self, status: int, headers: Headers) -> None:
        self.status, self.headers = status, headers

    async def send(self, piece: bytes) -> None:
        self.body += piece

    def end(self) -> None:
        self.ended = True


@pytest.mark.usefixtures("migrated")  # sets Django up
@pytest.mark.parametrize("streaming", [False, True])
def test_an_answer_whole_or_in_pieces(streaming: bool) -> None:
    from django.http import HttpResponse, StreamingHttpResponse

    answers: list[Any] = []
    threads: set[str] = set()

    def handler(_environ: Any, start: Any) -> Any:
        threads.add(threading.current_thread().name)
        start("201 Created", [("x-own", "yes"), ("Content-Length", "7")])
        made: Any = StreamingHttpResponse([b"one ", b"two"]) if streaming else HttpResponse(b"one two")
        answers.append(made)
        return made

    bridge = DjangoBridge(handler, 2)

    async def answer(sent: Sent) -> Sent:
        response = await bridge.answer(request(path="/x"), b"", sent)
        assert (response.status, response.is_sent) == (201, streaming)
        if not response.is_sent:
            sent.respond(response)
        return sent

    async def several() -> list[Sent]:
        return await asyncio.gather(*(answer(Sent()) for _ in range(6)))

    for each in asyncio.run(several()):
        assert (each.status, each.body, each.ended) == (201, b"one two", True)
        assert each.headers == encode_headers([("x-own", "yes")])
    assert all(answer.closed for answer in answers)
    assert len(threads) <= 2


@pytest.mark.usefixtures("migrated")
def test_who_goes_away_is_sent_no_more() -> None:
    from django.http import StreamingHttpResponse

    from zonary.config.http import DisconnectedError

    made: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(100):
            made.append(number)
            yield b"piece"

    def handler(_environ: Any, start: Any) -> Any:
        start("200 OK", [])
        return StreamingHttpResponse(pieces())

    class Gone(Sent):
        async def send(self, piece: bytes) -> None:
            if len(made) > 3:
                raise DisconnectedError

    with pytest.raises(DisconnectedError):
        asyncio.run(DjangoBridge(handler, 1).answer(request(), b"", Gone()))
    assert len(made) < 10
