"""HTTP/1.1 as clients send it, and as those do who mean no good."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("django", reason="the server needs the [web] extra")

from tests.config.wire import Answer, Application, answers, talk

pytestmark = pytest.mark.usefixtures("migrated")  # sets Django up

HOST = b"Host: zone.example\r\n"


@pytest.fixture
def echo() -> Application:
    """Answers with what it understood of the request."""
    return make_echo()


def make_echo() -> Application:
    from zonary.common.problems import Problem
    from zonary.config.bodies import read_body
    from zonary.config.http import DisconnectedError, Response, problem_response, response_headers

    async def answer(request: Any) -> Any:
        try:
            body = await read_body(request, 100_000)
        except Problem as problem:
            return problem_response(problem)
        except DisconnectedError:
            return problem_response(Problem(400, "incomplete", "The body broke off."))
        said = f"{request.method} {request.path} ?{request.query_string} {request.headers.items()} ".encode() + body
        return Response(200, said, response_headers("text/plain"))

    return Application(answer)


def one(application: Application, *script: Any, close: bool = True) -> Answer:
    (only,) = answers(talk(application, *script, close=close))
    return only


def test_a_request_and_its_answer(echo: Application) -> None:
    answer = one(echo, b"GET /a%20b/%E4%B8%AD?c=%20d HTTP/1.1\r\n" + HOST + b"X-Own: 1\r\nX-OWN:  2 \r\n\r\n")
    assert answer.body.decode() == "GET /a b/中 ?c=%20d [('host', 'zone.example'), ('x-own', '1'), ('x-own', '2')] "
    assert answer.status == 200
    assert answer.headers["x-frame-options"] == "DENY"
    assert re.fullmatch(r"\w{3}, \d\d \w{3} 20\d\d \d\d:\d\d:\d\d GMT", answer.headers["date"])


def test_the_connection_goes_on(echo: Application) -> None:
    get = b"GET /%d HTTP/1.1\r\n" + HOST + b"\r\n"
    found = answers(talk(echo, get % 1, 0.05, get % 2, get % 3 + get % 4, close=True))
    assert [each.body.split()[1] for each in found] == [b"/1", b"/2", b"/3", b"/4"]


def test_requests_sent_ahead_are_answered_in_order() -> None:
    from zonary.config.http import Response, response_headers

    working = 0

    async def answer(request: Any) -> Any:
        nonlocal working
        working += 1
        assert working == 1  # one at a time
        await asyncio.sleep(0.05 if request.path == "/0" else 0)
        working -= 1
        return Response(200, request.path.encode(), response_headers("text/plain"))

    ahead = b"".join(b"GET /%d HTTP/1.1\r\n%b\r\n" % (number, HOST) for number in range(64))
    found = answers(talk(Application(answer), ahead, close=True))
    assert [each.body for each in found] == [b"/%d" % number for number in range(64)]
    # More than that is not kept in memory.
    found = answers(talk(Application(answer), ahead * 3, close=True))
    assert [each.status for each in found] == [200] * 64 + [429]


SEVERAL = (
    b"POST /one?x HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\n\r\nbody"
    b"GET /two HTTP/1.1\r\n" + HOST + b"\r\n"
    b"POST /three HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;x=y\r\nd\r\n0\r\n\r\n"
    b"POST /four HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, len(SEVERAL)), max_size=6).map(sorted))
def test_it_does_not_matter_where_the_bytes_are_cut(cuts: list[int]) -> None:
    pieces = [SEVERAL[a:b] for a, b in zip([0, *cuts], [*cuts, len(SEVERAL)], strict=True) if a < b]
    found = answers(talk(make_echo(), *pieces))
    assert [each.body.split()[:2] + each.body.split()[-1:] for each in found] == [
        [b"POST", b"/one", b"body"],
        [b"GET", b"/two", b"'zone.example')]"],
        [b"POST", b"/three", b"abcd"],
        [b"POST", b"/four", b"'close')]"],
    ]


def test_only_the_head_is_asked_for(echo: Application) -> None:
    head = b"HEAD /x HTTP/1.1\r\n" + HOST + b"\r\n"
    received = talk(echo, head + head, close=True)
    first, second = answers(received, "HEAD", "HEAD")
    assert first.body == second.body == b""
    assert int(first.headers["content-length"]) > 0


@pytest.mark.parametrize(
    ("request_line", "goes_on"),
    [(b"GET / HTTP/1.0\r\n\r\n", False), (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", True)],
)
def test_clients_of_old(echo: Application, request_line: bytes, goes_on: bool) -> None:
    found = answers(talk(echo, request_line, 0.05, request_line, close=True))
    assert len(found) == (2 if goes_on else 1)
    assert found[0].headers["connection"] == ("keep-alive" if goes_on else "close")


def test_a_body_is_asked_for_before_it_is_sent(echo: Application) -> None:
    head = b"POST /x HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\nExpect: 100-continue\r\n\r\n"
    received = talk(echo, head, 0.05, b"body", close=True)
    asked, _, rest = received.partition(b"\r\n\r\n")
    assert asked == b"HTTP/1.1 100 Continue"
    assert answers(rest)[0].body.endswith(b"body")


def test_a_body_too_large_is_not_asked_for(echo: Application) -> None:
    head = b"POST /x HTTP/1.1\r\n" + HOST + b"Content-Length: 200000\r\nExpect: 100-continue\r\n\r\n"
    answer = one(echo, head, close=False)
    assert (answer.status, answer.headers["connection"]) == (413, "close")


def test_the_answer_reaches_a_client_that_goes_on_sending(echo: Application) -> None:
    head = b"POST /x HTTP/1.1\r\n" + HOST + b"Content-Length: 5000000\r\n\r\n"
    answer = one(echo, head, *[b"x" * 500_000] * 10)
    assert answer.status == 413


def test_another_protocol_is_not_spoken(echo: Application) -> None:
    upgrade = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n"
    answer = one(echo, b"GET /x HTTP/1.1\r\n" + HOST + upgrade, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    assert (answer.status, answer.headers["connection"]) == (200, "close")


@pytest.mark.parametrize(
    ("framing", "body"),
    [(b"Content-Length: 5", b"hello"), (b"Transfer-Encoding: chunked", b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")],
)
def test_who_would_rather_speak_http_2_has_a_body_too(echo: Application, framing: bytes, body: bytes) -> None:
    """As Java's client and ``curl --http2`` send it."""
    head = b"POST /x HTTP/1.1\r\n" + HOST + framing + b"\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    for script in ((head + body,), (head, body), (head + body[:3], body[3:])):
        answer = one(echo, *script, close=False)
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        assert answer.body.endswith(b"] hello")


def test_an_old_client_is_not_asked_for_its_body(echo: Application) -> None:
    head = b"POST /x HTTP/1.0\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
    assert talk(echo, head, 0.05, b"body", close=True).startswith(b"HTTP/1.1 200 OK")


def test_a_head_counts_for_itself(echo: Application) -> None:
    """Not what came before it in the same bytes."""
    post = b"POST /x HTTP/1.1\r\n" + HOST + b"Content-Length: 60000\r\n\r\n" + b"x" * 60_000
    get = b"GET /y HTTP/1.1\r\n" + HOST + b"\r\n"
    found = answers(talk(echo, post + get[:20], 0.05, get[20:], close=True))
    assert [each.status for each in found] == [200, 200]
    large = b"GET /y HTTP/1.1\r\n" + HOST + b"X: " + b"x" * 31_000 + b"\r\n\r\n"
    assert [each.status for each in answers(talk(echo, large[:-2], large[-2:], close=True))] == [200]


def test_a_body_nobody_takes_is_in_nobodys_way() -> None:
    from zonary.config.http import Response, response_headers

    async def answer(request: Any) -> Any:
        await asyncio.sleep(0.2)
        return Response(200, request.path.encode(), response_headers("text/plain"))

    many = b"GET /a HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 4200 + b"0\r\n\r\n"
    get = b"GET /b HTTP/1.1\r\n" + HOST + b"\r\n"
    found = answers(talk(Application(answer), many, 0.05, get, close=True))
    assert [each.body for each in found] == [b"/a", b"/b"]


def test_an_address_as_proxies_are_told_it(echo: Application) -> None:
    answer = one(echo, b"GET http://zone.example/x?y HTTP/1.1\r\n" + HOST + b"\r\n")
    assert answer.body.startswith(b"GET /x ?y ")


NOT_HTTP = {
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n", 400),
    "two lengths": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", 400),
    "signed length": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: +1\r\n\r\nx", 400),
    "length and chunks": (
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    "chunks and length": (
        b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        400,
    ),
    "chunks of old": (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "unknown coding": (b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked, x\r\n\r\n0\r\n\r\n", 400),
    "space before the colon": (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
    "folded field": (b"GET / HTTP/1.1\r\n" + HOST + b"A: b\r\n c\r\n\r\n", 400),
    "bare line feeds": (b"GET / HTTP/1.1\nHost: a\n\n", 400),
    "no target": (b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "tunnel": (b"CONNECT a:443 HTTP/1.1\r\n" + HOST + b"\r\n", 501),
    "other scheme": (b"GET ftp://a/b HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "tunnel to a path": (b"CONNECT /x HTTP/1.1\r\n" + HOST + b"\r\n", 501),
    "unknown method": (b"PROPFIND / HTTP/1.1\r\n" + HOST + b"\r\n", 501),
    "two codings": (b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
    "two coding fields": (
        b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        501,
    ),
    "coding of a GET": (b"GET / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: identity\r\n\r\n", 501),
    "other version": (b"GET / HTTP/3.0\r\n" + HOST + b"\r\n", 400),
    "version 2": (b"GET / HTTP/2.0\r\n" + HOST + b"\r\n", 505),
    "encrypted": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    "zero byte": (b"GET / HTTP/1.1\r\n" + HOST + b"A: b\0c\r\n\r\n", 400),
    "many fields": (b"GET / HTTP/1.1\r\n" + HOST + b"A: b\r\n" * 100 + b"\r\n", 431),
    "long field": (b"GET / HTTP/1.1\r\n" + HOST + b"A: " + b"b" * 40_000 + b"\r\n\r\n", 431),
    "endless field": (b"GET / HTTP/1.1\r\n" + HOST + b"A: " + b"b" * 40_000, 431),
    "endless address": (b"GET /" + b"b" * 40_000, 431),
}


@pytest.mark.parametrize("name", NOT_HTTP)
def test_what_is_no_request(echo: Application, name: str) -> None:
    sent, status = NOT_HTTP[name]
    answer = one(echo, sent)
    assert answer.status == status
    assert answer.headers["connection"] == "close"
    assert answer.headers["x-frame-options"] == "DENY"
    assert json.loads(answer.body)["status"] == status
    assert echo.statuses == [status]


def test_after_nonsense_nothing_is_a_request(echo: Application) -> None:
    get = b"GET /x HTTP/1.1\r\n" + HOST + b"\r\n"
    received = talk(echo, get + b"NONSENSE\r\n\r\n" + get, get)
    assert [each.status for each in answers(received)] == [200, 400]


@pytest.mark.parametrize("rest", [b"zz\r\n", b"0\r\nX-Trailer: 1\r\n\r\n", b"5\r\nabcdefg\r\n"])
def test_a_body_that_is_no_http(echo: Application, rest: bytes) -> None:
    head = b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
    for script in ((head + rest,), (head, rest)):
        answer = one(echo, *script)
        assert (answer.status, answer.headers["connection"]) == (400, "close")


def test_a_client_that_goes_in_the_middle_is_no_request() -> None:
    from zonary.config.bodies import read_body
    from zonary.config.http import DisconnectedError

    told: list[str] = []

    async def answer(request: Any) -> Any:
        try:
            await read_body(request, 1000)
        except DisconnectedError:
            told.append("gone")
            raise

    sent = b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 9\r\n\r\nhalf"
    assert talk(Application(answer), sent, close=True) == b""
    assert told == ["gone"]


def test_a_head_that_is_never_whole(echo: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.config import http1

    monkeypatch.setattr(http1, "HEAD_SECONDS", 0.4)
    # A byte now and then does not help.
    assert talk(echo, b"GET / HTTP/1.1\r\nX: ", *[b"x", 0.1] * 8) in (b"", b"(reset)")
    # Nor do line breaks, which are nothing at all.
    assert talk(echo, *[b"\r\n", 0.1] * 8) in (b"", b"(reset)")
    # Nor does one request that was answered.
    whole = b"GET / HTTP/1.1\r\n" + HOST + b"\r\n"
    assert talk(echo, whole + b"GET /x", *[b"y", 0.1] * 8).count(b"HTTP/1.1 ") == 1


def test_a_connection_on_which_nothing_is_asked(echo: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.config import http1

    monkeypatch.setattr(http1, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(http1, "IDLE_SECONDS", 0.6)
    assert talk(echo) in (b"", b"(reset)")
    get = b"GET / HTTP/1.1\r\n" + HOST + b"\r\n"
    assert talk(echo, get, 0.3, get).count(b"HTTP/1.1 200") == 2


def test_a_failure_ends_the_connection(caplog: pytest.LogCaptureFixture) -> None:
    async def answer(_request: Any) -> Any:
        raise RuntimeError("the inner secret")

    assert talk(Application(answer), b"GET / HTTP/1.1\r\n" + HOST + b"\r\n") in (b"", b"(reset)")
    assert "the inner secret" in caplog.text


def test_no_header_field_begins_another() -> None:
    from zonary.config.http import response_headers

    for value in ("a\r\nSet-Cookie: b", "a\nb", "a\0"):
        with pytest.raises(ValueError, match="line break"):
            response_headers("text/plain", ("x-own", value))


def test_one_connection_too_many(echo: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.config import listener

    monkeypatch.setattr(listener, "_connections_allowed", lambda: 0)
    answer = one(echo, close=False)
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert json.loads(answer.body)["code"] == "overloaded"
    monkeypatch.setattr(listener, "_connections_allowed", lambda: -100)
    assert talk(echo) in (b"", b"(reset)")


def test_as_many_connections_as_files() -> None:
    """Whoever may open few files takes few connections, and goes on answering."""
    script = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (100, 300));"
        "from zonary.config import listener; print(listener._connections_allowed(), listener.OTHER_FILES,"
        " resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "zonary.config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["44", "256", "300"]


def test_who_is_sent_most_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.servers.processes import free_port

    from zonary.config import listener as module
    from zonary.config.address import shared_address
    from zonary.config.http import Response, response_headers

    monkeypatch.setattr(module, "MAX_UNSENT_BYTES", 30_000_000)

    async def answer(request: Any) -> Any:
        return Response(200, b"x" * int(request.path[1:]), response_headers("text/plain"))

    async def ask() -> list[int]:
        listener = module.Listener(Application(answer), asyncio.get_running_loop())  # type: ignore[arg-type]
        port = free_port()
        await listener.listen(shared_address("127.0.0.1", port))
        streams = []
        for size in (20_000_000, 25_000_000, 15_000_000):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /%d HTTP/1.1\r\n%bConnection: close\r\n\r\n" % (size, HOST))
            streams.append((reader, writer))
        await asyncio.sleep(1)
        received = []
        for reader, writer in streams:
            try:
                received.append(len(await reader.read(-1)))
            except ConnectionResetError:
                received.append(0)
            writer.close()
        await listener.close()
        return received

    _first, second, third = asyncio.run(ask())
    assert second < 25_000_000
    assert third > 15_000_000


def test_who_takes_nothing_does_not_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who takes slowly does."""
    from tests.servers.processes import free_port

    from zonary.config import http1
    from zonary.config.address import shared_address
    from zonary.config.http import Response, response_headers
    from zonary.config.listener import Listener

    for limit in ("HEAD_SECONDS", "STALL_SECONDS", "IDLE_SECONDS"):
        monkeypatch.setattr(http1, limit, 0.5)
    large = b"x" * 20_000_000

    async def answer(request: Any) -> Any:
        return Response(200, large, response_headers("text/plain"))

    async def ask(*, slowly: bool, noise: bytes = b"", times: int = 1) -> int:
        listener = Listener(Application(answer), asyncio.get_running_loop())  # type: ignore[arg-type]
        port = free_port()
        await listener.listen(shared_address("127.0.0.1", port))
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**16)
        closing = b"" if noise or times > 1 else b"Connection: close\r\n"
        writer.write((b"GET / HTTP/1.1\r\n" + HOST + closing + b"\r\n") * times)
        size = 0
        if slowly:
            while piece := await reader.read(2_000_000):
                size += len(piece)
                await asyncio.sleep(0.01)
        else:
            for _ in range(20):
                await asyncio.sleep(0.1)
                writer.write(noise)
        still = len(listener._connections)
        writer.close()
        await listener.close()
        return size if slowly else still

    assert asyncio.run(ask(slowly=True)) > len(large)
    assert asyncio.run(ask(slowly=False)) == 0
    assert asyncio.run(ask(slowly=False, noise=b"\r\n")) == 0
    assert asyncio.run(ask(slowly=False, times=3)) == 0


def test_a_large_body_waits_for_its_reader() -> None:
    """What nobody takes is not read: the server's memory is not the client's to fill."""
    from zonary.config.http import Response, response_headers

    held: list[int] = []

    async def answer(request: Any) -> Any:
        size = 0
        await asyncio.sleep(0.5)
        held.append(request.body.held)
        while not request.body.is_whole:
            await request.body.wait(10)
            held.append(request.body.held)
            size += len(request.body.take())
        size += len(request.body.take())
        return Response(200, b"%d" % size, response_headers("text/plain"))

    sent = b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 50000000\r\n\r\n"
    application = Application(answer)
    (only,) = answers(talk(application, sent + b"x" * 50_000_000, close=True))
    assert only.body == b"50000000"
    assert max(held) < 2_000_000


def test_a_stop_lets_what_is_whole_be_answered() -> None:
    from zonary.config.http import Response, response_headers

    async def answer(_request: Any) -> Any:
        await asyncio.sleep(0.3)
        return Response(200, b"done", response_headers("text/plain"))

    def stop(listener: Any) -> None:
        stopping.append(asyncio.get_running_loop().create_task(listener.close()))

    stopping: list[Any] = []
    received = talk(Application(answer), b"GET / HTTP/1.1\r\n" + HOST + b"\r\n", stop)
    (only,) = answers(received)
    assert (only.body, only.headers["connection"]) == (b"done", "close")
    assert talk(Application(answer), b"GET / HT", stop) == b""
