"""What Django is told of a request, and what becomes of its answer."""

from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")

from zonary.config.django_bridge import DjangoBridge, environ
from zonary.config.http import RequestHeaders, Response, encode_headers


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


@pytest.mark.usefixtures("migrated")  # sets Django up
@pytest.mark.parametrize("streaming", [False, True])
def test_an_answer_whole_or_in_pieces(streaming: bool) -> None:
    from django.http import HttpResponse, StreamingHttpResponse

    answers: list[Any] = []
    threads: set[str] = set()

    def handler(_environ: Any, start: Any) -> Any:
        threads.add(threading.current_thread().name)
        start("201 Created", [("x-own", "yes"), ("Content-Length", "99")])
        made: Any = StreamingHttpResponse([b"one ", b"two"]) if streaming else HttpResponse(b"one two")
        answers.append(made)
        return made

    bridge = DjangoBridge(handler, 2)

    async def several() -> list[Response]:
        return await asyncio.gather(*(bridge.answer(request(path="/x"), b"") for _ in range(6)))

    for each in asyncio.run(several()):
        assert each == Response(201, b"one two", encode_headers([("x-own", "yes")]))
    assert all(answer.closed for answer in answers)
    assert len(threads) <= 2
