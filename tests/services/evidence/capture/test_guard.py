"""The proxy that guards a capture, without a browser: what it connects to, and what it never does."""

from __future__ import annotations

import asyncio
import base64
import io
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tests.services.evidence.capture.capturing import AT
from tests.services.evidence.capture.sites import listener, page, serve

from zonary.services.evidence.capture.browsing.guard import USER, Guard
from zonary.services.evidence.capture.browsing.orders import Limits, Teller


def asking(work: Callable[[Guard, int], Awaitable[Any]], *allowed: str, **limits: int) -> tuple[Any, Guard]:
    """What ``work`` gives, which is called with a guard and its port."""
    guard = Guard(frozenset(allowed), Limits(**limits), Teller(AT.isoformat(), io.BytesIO()))

    async def run() -> Any:
        port = await guard.start()
        try:
            return await work(guard, port)
        finally:
            guard.close()

    return asyncio.run(run()), guard


async def say(guard: Guard, port: int, request: str, secret: str | None = None) -> bytes:
    """The whole answer to ``request``."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    shown = base64.b64encode(f"{USER}:{guard.secret if secret is None else secret}".encode()).decode()
    writer.write(request.replace("AUTH", f"Proxy-Authorization: Basic {shown}").encode())
    answer = b""
    try:
        async with asyncio.timeout(10):
            while piece := await reader.read(65536):
                answer += piece
    except ConnectionError:
        pass
    finally:
        writer.close()
    return answer


def get(url: str) -> str:
    return f"GET {url} HTTP/1.1\r\nHost: x\r\nAUTH\r\n\r\n"


def test_without_its_secret_it_does_nothing() -> None:
    with serve({"/": page("x")}) as site:
        for secret in ("", "wrong"):
            answer, _ = asking(lambda guard, port, s=secret: say(guard, port, get(f"{site.url}/"), s), site.host)
            assert answer.startswith(b"HTTP/1.1 407")
        assert site.seen == []


def test_what_is_named_is_reached_and_the_secret_stays_here() -> None:
    with serve({"/p": page("hello")}) as site:
        answer, guard = asking(lambda guard, port: say(guard, port, get(f"{site.url}/p?q=1")), site.host)
        assert answer.endswith(b"hello")
        (asked,) = site.seen
        assert asked[0] == "/p?q=1"
        assert not any(name.lower().startswith("proxy") for name in asked[1])
        assert guard.names["127.0.0.1", site.port].connected == "127.0.0.1"


INSIDE = ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "017700000001", "[::1]", "[::ffff:127.0.0.1]",
          "[::ffff:7f00:1]", "0.0.0.0", "[::]", "localhost.", "LOCALHOST"]  # fmt: skip  # noqa: S104 - refused


@pytest.mark.parametrize("host", INSIDE)
@pytest.mark.parametrize("way", ["get", "connect"])
def test_this_machine_is_not_reached_however_it_is_written(host: str, way: str) -> None:
    with listener() as private:
        where = f"{host}:{private.port}"
        request = get(f"http://{where}/") if way == "get" else f"CONNECT {where} HTTP/1.1\r\nAUTH\r\n\r\n"
        answer, guard = asking(lambda guard, port: say(guard, port, request))
        assert answer == b"" if way == "get" else answer.startswith(b"HTTP/1.1 403")
        assert [each.outcome for each in guard.names.values()] == ["refused"]
        assert private.connections == 0


@pytest.mark.parametrize("answers", [["10.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::ffff:192.168.0.1"], ["fd00::1"]])
def test_a_name_with_any_address_inside_is_refused(answers: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _says(answers))
    answer, guard = asking(lambda guard, port: say(guard, port, "CONNECT shop.example:443 HTTP/1.1\r\nAUTH\r\n\r\n"))
    assert answer.startswith(b"HTTP/1.1 403")
    assert guard.names["shop.example", 443].answers == answers


def _says(*answers: list[str]) -> Callable[..., Any]:
    """Name servers that give one list after the other, and the last one for ever."""
    left = list(answers)
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host != "shop.example":
            return real(host, port, *rest, **more)
        given = left.pop(0) if len(left) > 1 else left[0]
        family = [socket.AF_INET6 if ":" in each else socket.AF_INET for each in given]
        return [(kind, socket.SOCK_STREAM, 6, "", (each, port)) for kind, each in zip(family, given, strict=True)]

    return getaddrinfo


def test_a_name_that_changes_its_meaning_means_what_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the second answer is inside. It is never asked for, and never connected to."""
    with listener() as private:
        monkeypatch.setattr(socket, "getaddrinfo", _says(["198.51.100.7"], ["127.0.0.1"]))
        # A test network (RFC 5737), which is not public either: taken for one, to see what is connected to.
        monkeypatch.setattr("zonary.services.evidence.capture.browsing.guard.may_be_reached", lambda _address: True)
        monkeypatch.setattr("zonary.services.evidence.capture.browsing.guard._CONNECT_SECONDS", 0.2)

        async def twice(guard: Guard, port: int) -> list[bytes]:
            request = f"CONNECT shop.example:{private.port} HTTP/1.1\r\nAUTH\r\n\r\n"
            return [await say(guard, port, request) for _time in range(2)]

        answers, guard = asking(twice)
        assert all(answer.startswith(b"HTTP/1.1 403") for answer in answers)
        assert guard.names["shop.example", private.port].answers == ["198.51.100.7"]
        assert private.connections == 0


@pytest.mark.parametrize("port", [1, 22, 25, 110, 445, 0, 70000, -1])
def test_ports_of_other_services_are_not_reached(port: int) -> None:
    request = f"CONNECT 93.184.216.34:{port} HTTP/1.1\r\nAUTH\r\n\r\n"
    answer, _ = asking(lambda guard, own: say(guard, own, request))
    assert answer == b"" or answer.startswith(b"HTTP/1.1 403")


NO_REQUESTS = [
    "GET / HTTP/1.1\r\nAUTH", "GET ftp://x/ HTTP/1.1\r\nAUTH", "", "x\r\nAUTH", "CONNECT x HTTP/1.1\r\nAUTH",
    "GET http://[::1/ HTTP/1.1\r\nAUTH", "A" * 70000, "CONNECT a b:443 HTTP/1.1\r\nAUTH",
    "GET file:///etc/passwd HTTP/1.1\r\nAUTH",
]  # fmt: skip


@pytest.mark.parametrize("request_", NO_REQUESTS)
def test_what_is_no_request_is_the_end_of_the_connection(request_: str) -> None:
    answer, guard = asking(lambda guard, port: say(guard, port, f"{request_}\r\n\r\n"))
    assert answer == b"" or answer.startswith((b"HTTP/1.1 407", b"HTTP/1.1 403"))
    assert not any(each.connected for each in guard.names.values())


def test_bytes_are_counted_over_all_connections() -> None:
    with serve({"/": page(b"x" * 600_000)}) as site:

        async def often(guard: Guard, port: int) -> list[bytes]:
            return [await say(guard, port, get(f"{site.url}/")) for _time in range(4)]

        answers, guard = asking(often, site.host, bytes=1_000_000)
        assert len(answers[0]) > 600_000
        assert answers[2] == answers[3] == b""
        assert guard.is_exhausted
