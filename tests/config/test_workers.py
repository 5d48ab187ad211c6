"""Several workers are one server: counted together, stopped together, and all gone when one of them dies."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.servers.processes import workers

pytest.importorskip("django", reason="the server needs the [web] extra")

from zonary.config.counts import SharedCounts, area_of, private_counts
from zonary.proof.timestamp.request import TimestampRequest

NewServer = Callable[..., Any]
QUERY = {"Content-Type": "application/timestamp-query"}


def metrics(server: Any) -> dict[str, float]:
    lines = server.get("/metrics").body.decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}


def started(new_server: NewServer, number: int) -> Any:
    """A server all of whose workers answer."""
    server = new_server(workers=number, environment={"ZONARY_OPEN_LOG": "1"})
    server.start()
    deadline = time.monotonic() + 30
    while metrics(server)["zonary_workers"] < number:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert len(workers(server.process.pid)) == number
    return server


def test_whichever_worker_is_asked_tells_of_all(new_server: NewServer) -> None:
    server = started(new_server, 3)
    before = metrics(server)
    query = TimestampRequest.new("sha256", hashlib.sha256(b"content").digest()).encode()
    for _ in range(30):  # each over a connection of its own, which the kernel gives to one of them
        assert server.request("POST", "/tsa", query, QUERY).status == 200
        assert server.get("/tsa").status == 405
    told = [metrics(server) for _ in range(12)]
    assert {each["zonary_timestamp_answers_total"] for each in told} == {before["zonary_timestamp_answers_total"] + 30}
    for status, number in (("200", 30), ("405", 30)):
        assert {each[f'zonary_http_requests_total{{area="tsa",status="{status}"}}'] for each in told} == {number}
    # Being asked is counted too: nobody starts from nothing.
    asked = [each.get('zonary_http_requests_total{area="metrics",status="200"}', 0) for each in told]
    assert asked == [asked[0] + number for number in range(12)]
    resident = [
        int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
        for pid in (*workers(server.process.pid), server.process.pid)
    ]
    assert told[-1]["process_resident_memory_bytes"] > 0.9 * sum(resident)
    assert server.stop() == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_they_stop_together(new_server: NewServer, how: int) -> None:
    server = started(new_server, 2)
    half = b"POST /openlog/add HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nhalf"
    clients = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(16)]
    for client in clients:
        client.sendall(half)
    time.sleep(0.3)
    running = workers(server.process.pid)
    began = time.monotonic()
    assert server.stop(how) == 0
    assert time.monotonic() - began < 8
    for client in clients:
        answer = client.recv(1000)
        assert answer.startswith(b"HTTP/1.1 503")
        assert b'"code": "stopping"' in answer
        client.close()
    assert not any(Path(f"/proc/{pid}").exists() for pid in running)
    said = server.output.read_text()
    assert "Stopped" in said
    assert "Killing" not in said
    assert "panicked" not in said


def test_when_one_dies_all_end(new_server: NewServer) -> None:
    server = started(new_server, 2)
    running = workers(server.process.pid)
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        # A client that is slow to send does not hold up the end of the others.
        client.sendall(b"POST /openlog/add HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nhalf")
        time.sleep(0.3)
        began = time.monotonic()
        os.kill(min(running), signal.SIGKILL)
        assert server.process.wait(30) == 2
        assert time.monotonic() - began < 8
    assert server.output.read_text().splitlines()[-1] == (
        "zonary: A web worker ended by itself; what it said last stands above."
    )
    assert not any(Path(f"/proc/{pid}").exists() for pid in running)


def test_they_do_not_outlive_the_one_that_started_them(new_server: NewServer) -> None:
    server = started(new_server, 2)
    running = workers(server.process.pid)
    server.process.kill()
    server.process.wait()
    deadline = time.monotonic() + 5
    while any(alive(pid) for pid in running):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Not gone, and not dead and waiting for somebody to ask how it ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("number", ["0", "-1", "65"])
def test_numbers_that_cannot_be(new_server: NewServer, number: str) -> None:
    server = new_server(workers=number)
    server.start(wait=False)
    assert server.process.wait(30) == 2
    assert server.output.read_text() == f"zonary: {number} workers cannot be had; name 1 to 64 with --workers.\n"


def test_rows_are_added_up() -> None:
    shared = SharedCounts(2)
    first, second = shared.row(0), shared.row(1)
    first.count("tsa", 200)
    second.count("tsa", 200)
    second.count("tsa", 415)
    second.count("pages", 999)
    second.timestamps.inc()
    for counts in (first, second):
        assert sorted(counts.responses()) == [("pages", 500, 1), ("tsa", 200, 2), ("tsa", 415, 1)]
        assert counts.all_timestamps() == 1
        assert counts.processes() == [os.getpid()] * 2
    with pytest.raises(ValueError, match="no row"):
        shared.row(2)


@pytest.mark.parametrize(
    ("path", "area"),
    [
        ("/", "pages"),
        ("/tsa", "tsa"),
        ("/tsa/ca.pem", "tsa"),
        ("/openlog/add", "openlog"),
        ("/pages", "other"),
        ("/other", "other"),
        ("/\u4e2d", "other"),
        ("*", "other"),
        ("", "other"),
    ],
)
def test_every_address_has_an_area(path: str, area: str) -> None:
    assert area_of(path) == area
    counts = private_counts()
    counts.count(area, 200)
    assert list(counts.responses()) == [(area, 200, 1)]
