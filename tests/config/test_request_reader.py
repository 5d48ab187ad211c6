"""The reader that remembers what a client usually sends understands the same as one that does not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("django", reason="the server needs the [web] extra")

from zonary.config import request_reader
from zonary.config.http import DisconnectedError
from zonary.config.request_reader import RequestReader

HOST = b"Host: a\r\n"
REQUESTS = [
    b"GET /one HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /two HTTP/1.1\r\n" + HOST + b"\r\n",
    b"POST /one HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\n\r\nbody",
    b"POST /one HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\n\r\nBODY",
    b"POST /one HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\n\r\nGET ",
    b"POST /one HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\n\r\n",
    b"POST /one HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n",
    b"POST /one HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\nConnection: close\r\n\r\nbody",
    b"POST /one HTTP/1.0\r\nContent-Length: 4\r\nConnection: keep-alive\r\n\r\nbody",
    b"\r\nGET /one HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /one HTTP/1.1\r\n" + HOST + b"Upgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
    b"POST /one HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\n\r\nbo",
    b"dy",
    b"nonsense\r\n\r\n",
    b"POST /one HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\n\r\nbody\r\n",
    b"POST /one HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\n\r\nbody!\n",
    b"POST /one HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\n\r\nbo\r\n\r\n",
    b"\r\n",
    b"\r\n\r\nGET /one HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /one HTTP/1.1\r\n" + HOST + b"\r\n\r\n",
    b"GET /one HTTP/1.1\r\n" + HOST + b"\r\nGET /one HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",
]


class Receiver:
    loop: Any = None
    arrivals: Any = None

    def invite(self) -> None: ...

    def regulate(self) -> None: ...


def understood(feeds: list[bytes]) -> list[object]:
    reader = RequestReader(Receiver(), "client:1", "server:2")
    for data in feeds:
        if reader.is_deaf:
            break
        reader.feed(data)
    found: list[object] = []
    for request, keep in reader.requests:
        try:
            body: object = request.body.take()
        except DisconnectedError:
            body = "broken off"
        head = (request.method, request.path, request.http_version, request.headers.items(), request.size)
        found.append((head, keep, request.body.is_whole, body))
    return [*found, reader.is_deaf, reader.refusal and reader.refusal.code, reader.head_bytes]


@settings(max_examples=3000, deadline=None)
@given(st.data())
def test_memory_changes_nothing(data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(REQUESTS[:7]) | st.sampled_from(REQUESTS), max_size=8))
    feeds = []
    for request in chosen:
        at = data.draw(st.sampled_from([0] * 5 + [*range(len(request))]))
        feeds += [part for part in (request[:at], request[at:]) if part]
    for _ in range(data.draw(st.integers(0, 2))):
        joined = data.draw(st.integers(0, len(feeds)))
        feeds = [*feeds[:joined], b"".join(feeds[joined : joined + 2]), *feeds[joined + 2 :]]
    feeds = [part for part in feeds if part]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(request_reader, "MAX_REMEMBERED_BYTES", 0)
        expected = understood(feeds)
    assert understood(feeds) == expected


def test_what_comes_again_is_not_parsed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bytes] = []
    parse = RequestReader._parse
    monkeypatch.setattr(RequestReader, "_parse", lambda self, data: (parsed.append(data), parse(self, data)))
    assert len(understood([REQUESTS[2], REQUESTS[3], REQUESTS[2], REQUESTS[0], REQUESTS[0]])) == 8
    assert parsed == [REQUESTS[2], REQUESTS[0]]


def test_a_line_break_after_a_body_is_no_part_of_it() -> None:
    one, two = REQUESTS[2] + b"\r\n", REQUESTS[3] + b"\r\n"
    bodies = [entry[-1] for entry in understood([one, two, one])[:3]]  # type: ignore[index]
    assert bodies == [b"body", b"BODY", b"body"]
