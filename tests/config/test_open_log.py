"""The open log: anyone adds, every addition counts, and it is not there unless it was asked for."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from zonary.proof.tlog.fsck import check_log
from zonary.proof.tlog.keys import VerifierKey
from zonary.proof.tlog.tiles import TILE_WIDTH, MissingResource, decode_bundle, entries_path


def read(server: Any, path: str) -> bytes:
    answer = server.get(f"/openlog/{path}")
    if answer.status == 404:
        raise MissingResource(path)
    body: bytes = answer.body
    return body


def published(server: Any, size: int) -> list[bytes]:
    """All leaves, once at least ``size`` are published and the whole log is right."""
    key = VerifierKey.parse(server.get("/openlog/vkey").body.decode().strip())
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if int(read(server, "checkpoint").split(b"\n")[1]) >= size:
            break
        time.sleep(0.02)
    report = check_log(lambda path: read(server, path), [key])
    assert report.size >= size
    leaves: list[bytes] = []
    for index in range(-(-report.size // TILE_WIDTH)):
        width = min(TILE_WIDTH, report.size - index * TILE_WIDTH)
        leaves += decode_bundle(read(server, entries_path(index, width)))
    return leaves


def test_the_answer_is_the_index(server: Any) -> None:
    first = server.request("POST", "/openlog/add", b"leaf")
    assert first.status == 200
    assert first.headers["content-type"] == "text/plain; charset=utf-8"
    again = server.request("POST", "/openlog/add", b"leaf")
    assert int(again.body) == int(first.body) + 1
    leaves = published(server, int(again.body) + 1)
    assert leaves[int(first.body)] == leaves[int(again.body)] == b"leaf"


def test_many_at_once_get_one_index_each(server: Any) -> None:
    answers: dict[int, bytes] = {}

    def add(client: int) -> None:
        for number in range(40):
            leaf = f"{client}:{number}".encode()
            answer = server.request("POST", "/openlog/add", leaf)
            assert answer.status == 200
            assert answers.setdefault(int(answer.body), leaf) == leaf

    clients = [threading.Thread(target=add, args=(n,)) for n in range(10)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert len(answers) == 400
    leaves = published(server, max(answers) + 1)
    assert {index: leaves[index] for index in answers} == answers


def test_the_largest_leaf(server: Any) -> None:
    index = int(server.request("POST", "/openlog/add", b"x" * 65535).body)
    assert published(server, index + 1)[index] == b"x" * 65535


@pytest.mark.parametrize(("body", "status", "code"), [(b"", 400, "empty"), (b"x" * 65536, 413, "too-large")])
def test_leaves_that_cannot_be(server: Any, body: bytes, status: int, code: str) -> None:
    answer = server.request("POST", "/openlog/add", body)
    assert answer.status == status
    assert answer.problem()["code"] == code


def test_a_body_in_pieces(server: Any) -> None:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request(
        "POST", "/openlog/add", iter([b"in ", b"pieces"]), encode_chunked=True, headers={"Transfer-Encoding": "chunked"}
    )
    index = int(connection.getresponse().read())
    connection.request(
        "POST", "/openlog/add", iter([b"x" * 40000] * 2), encode_chunked=True, headers={"Transfer-Encoding": "chunked"}
    )
    assert connection.getresponse().status == 413
    connection.close()
    assert published(server, index + 1)[index] == b"in pieces"


@pytest.mark.parametrize(
    "sent",
    [
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\nno number\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\n0\r\nTrailer: x\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nbeg",
        b"Content-Length: 9\r\n\r\nbegin",
        b"Content-Length: 65535\r\n\r\nbegin",
    ],
    ids=["bad chunk", "trailers", "no last chunk", "half a chunk", "short", "long and short"],
)
def test_half_a_body_is_no_leaf(server: Any, sent: bytes) -> None:
    before = int(server.request("POST", "/openlog/add", b"before").body)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(b"POST /openlog/add HTTP/1.1\r\nHost: x\r\n" + sent)
        time.sleep(0.2)
        client.shutdown(socket.SHUT_WR)
        assert client.recv(20) in (b"", b"HTTP/1.1 400 Bad Req")
    time.sleep(0.2)
    assert int(server.request("POST", "/openlog/add", b"after").body) == before + 1


def test_adding_is_a_post(server: Any) -> None:
    answer = server.get("/openlog/add")
    assert answer.status == 405
    assert answer.headers["allow"] == "POST"


def test_its_key_is_not_the_zones(server: Any) -> None:
    vkey = server.get("/openlog/vkey").body
    assert vkey.strip() not in server.get("/trust").body
    assert read(server, "checkpoint").split(b"\n")[0] != server.get("/log/checkpoint").body.split(b"\n")[0]


def test_it_is_off_unless_asked_for(new_server: Callable[..., Any]) -> None:
    server = new_server()
    server.start()
    for method, path in (("POST", "/openlog/add"), ("GET", "/openlog/checkpoint"), ("GET", "/openlog/vkey")):
        answer = server.request(method, path, b"leaf" if method == "POST" else None)
        assert answer.status == 404
        answer.problem()
    assert not (server.data / "openlog").exists()
