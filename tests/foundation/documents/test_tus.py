"""Uploads and downloads through a running server, by a client of others (tuspy), and by one that breaks off."""

from __future__ import annotations

import hashlib
import http.client
import io
import os
import random
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")

from tests.foundation.documents.arriving import metadata
from tests.foundation.documents.five_tokens import tokens_beside

MEGABYTE = 1024 * 1024
BYTES = "application/offset+octet-stream"


class ZoneServer:
    """A running server with the five accounts."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.tokens = tokens_beside(server.data)

    def headers(self, who: str = "owner", **more: str) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {self.tokens[who][0]}", "Tus-Resumable": "1.0.0", **named}

    def begin(self, length: int, **values: str) -> str:
        headers = self.headers(Upload_Length=str(length), Upload_Metadata=metadata(**values))
        begun = self.server.request("POST", "/api/v1/uploads", headers=headers)
        assert begun.status == 201, begun.body
        return str(begun.headers["location"])

    def send(self, place: str, offset: int, body: bytes, **more: str) -> Any:
        headers = self.headers(Upload_Offset=str(offset), Content_Type=BYTES, **more)
        return self.server.request("PATCH", place, body, headers)

    def offset(self, place: str) -> int:
        return int(self.server.request("HEAD", place, headers=self.headers()).headers["upload-offset"])

    def documents(self, who: str = "owner") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.server.get("/api/v1/documents", self.headers(who)).json()["items"]
        return found

    def memory(self) -> int:
        """Bytes all processes of the server have in memory."""
        text = self.server.get("/metrics").body.decode()
        (line,) = (each for each in text.splitlines() if each.startswith("process_resident_memory_bytes "))
        return int(float(line.split()[1]))


@pytest.fixture
def zone_server(new_server: Callable[..., Any]) -> ZoneServer:
    server = new_server()
    server.start()
    return ZoneServer(server)


class Noise(io.RawIOBase):
    """A file of ``size`` bytes that are not kept anywhere."""

    def __init__(self, size: int) -> None:
        self.size, self.at = size, 0
        self._block = random.Random(size).randbytes(MEGABYTE)

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self.at = offset if whence == os.SEEK_SET else self.size + offset if whence == os.SEEK_END else self.at + offset
        return self.at

    def tell(self) -> int:
        return self.at

    def read(self, size: int = -1) -> bytes:
        size = self.size - self.at if size < 0 else min(size, self.size - self.at)
        start, parts = self.at, []
        while size > 0:
            within = start % MEGABYTE
            part = self._block[within : within + size]
            parts.append(part)
            start, size = start + len(part), size - len(part)
        self.at = start
        return b"".join(parts)

    def digest(self) -> str:
        made = hashlib.sha256()
        self.seek(0)
        while piece := self.read(MEGABYTE):
            made.update(piece)
        return made.hexdigest()


def download(zone: ZoneServer, document: str, who: str = "owner", **headers: str) -> Iterator[bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", zone.server.port, timeout=30)
    connection.request("GET", f"/api/v1/documents/{document}/versions/1/content", headers=zone.headers(who, **headers))
    response = connection.getresponse()
    assert response.status in (200, 206), response.read()
    try:
        while piece := response.read(MEGABYTE):
            yield piece
    finally:
        connection.close()


@pytest.mark.slow
def test_a_large_file_by_a_client_of_others_and_back_within_bounded_memory(zone_server: ZoneServer) -> None:
    from tusclient.client import TusClient

    size = 300 * MEGABYTE
    noise = Noise(size)
    sha256 = noise.digest()
    before = zone_server.memory()
    client = TusClient(f"{zone_server.server.url}/api/v1/uploads", headers=zone_server.headers())
    # Without chunks of its own the client would read all of the file first; the server takes any size.
    uploader = client.uploader(
        file_stream=noise, chunk_size=64 * MEGABYTE, metadata={"filename": "大文件.bin", "sha256": sha256}
    )
    uploader.upload()
    (document,) = zone_server.documents()
    found, came = hashlib.sha256(), 0
    for piece in download(zone_server, document["id"]):
        found.update(piece)
        came += len(piece)
        if came == 128 * MEGABYTE:
            assert zone_server.memory() - before < 80 * MEGABYTE
    assert (came, found.hexdigest()) == (size, sha256)
    assert zone_server.memory() - before < 80 * MEGABYTE


def test_one_request_for_the_whole_file_is_taken_in_pieces(zone_server: ZoneServer) -> None:
    body = random.Random(1).randbytes(20 * MEGABYTE + 17)
    place = zone_server.begin(len(body), filename="a.bin", sha256=hashlib.sha256(body).hexdigest())
    done = zone_server.send(place, 0, body)
    assert (done.status, done.headers["upload-offset"]) == (204, str(len(body)))
    assert b"".join(download(zone_server, done.headers["zonary-document"])) == body
    assert (
        b"".join(download(zone_server, done.headers["zonary-document"], Range="bytes=5000000-5999999"))
        == (body[5000000:6000000])
    )


def test_killed_in_the_middle_it_goes_on_from_what_was_acknowledged(zone_server: ZoneServer) -> None:
    server, rng = zone_server.server, random.Random(2)
    body = rng.randbytes(40 * MEGABYTE)
    place, at, kills = zone_server.begin(len(body), filename="a.bin"), 0, 0
    while at < len(body):
        size = rng.randrange(1, 8 * MEGABYTE)
        killer = threading.Timer(rng.uniform(0.0, 0.1), server.process.kill) if kills < 3 else None
        if killer is not None:
            killer.start()
        acknowledged = at
        try:
            answer = zone_server.send(place, at, body[at : at + size])
            assert answer.status in (204, 503), answer.body
            acknowledged = int(answer.headers.get("upload-offset", at))
        except (OSError, http.client.HTTPException):
            pass
        if killer is not None:
            killer.join()
            server.process.wait()
            kills += 1
            server.start()
        at = zone_server.offset(place)
        assert at >= acknowledged
    (document,) = zone_server.documents()
    assert b"".join(download(zone_server, document["id"])) == body
    assert list((server.data / "uploads").glob("*[!k]")) == []


def test_what_came_before_the_line_broke_is_kept(zone_server: ZoneServer) -> None:
    body = random.Random(3).randbytes(6 * MEGABYTE)
    place = zone_server.begin(len(body), filename="a.bin")
    headers = zone_server.headers(Upload_Offset="0", Content_Type=BYTES, Content_Length=str(len(body)), Host="x")
    head = f"PATCH {place} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
    with socket.create_connection(("127.0.0.1", zone_server.server.port)) as line:
        line.sendall(head.encode() + body[: 5 * MEGABYTE])
        line.shutdown(socket.SHUT_WR)
        while line.recv(4096):
            pass
    at = zone_server.offset(place)
    assert 2 * MEGABYTE <= at <= 5 * MEGABYTE
    done = zone_server.send(place, at, body[at:])
    assert b"".join(download(zone_server, done.headers["zonary-document"])) == body


def test_two_at_one_time_and_one_of_them_wins(zone_server: ZoneServer) -> None:
    body = random.Random(4).randbytes(24 * MEGABYTE)
    place, statuses = zone_server.begin(len(body), filename="a.bin"), []

    def send() -> None:
        at = zone_server.offset(place)
        while at < len(body):
            answer = zone_server.send(place, at, body[at:])
            statuses.append(answer.status)
            at = zone_server.offset(place)

    both = [threading.Thread(target=send) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert set(statuses) <= {204, 409, 423}
    assert statuses.count(204) >= 1
    (document,) = zone_server.documents()
    assert b"".join(download(zone_server, document["id"])) == body


def test_strangers_send_no_body_at_all(zone_server: ZoneServer) -> None:
    place = zone_server.begin(10)
    for shown in ({}, {"Authorization": "Bearer zonary_unknown"}, {"Cookie": "session=abc"}):
        headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": BYTES, **shown}
        assert zone_server.server.request("PATCH", place, b"x" * 10, headers).status == 401
    override = zone_server.headers(X_HTTP_Method_Override="PATCH", Upload_Offset="0", Content_Type=BYTES)
    assert zone_server.server.request("POST", place, b"0123456789", override).status == 204


def test_a_reader_who_takes_nothing_costs_little(zone_server: ZoneServer, tmp_path: Path) -> None:
    body = random.Random(5).randbytes(24 * MEGABYTE)
    place = zone_server.begin(len(body), filename="a.bin")
    document = zone_server.send(place, 0, body).headers["zonary-document"]
    before, lines = zone_server.memory(), []
    for _ in range(8):
        line = socket.create_connection(("127.0.0.1", zone_server.server.port))
        headers = {**zone_server.headers(), "Host": "x"}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        line.sendall(f"GET /api/v1/documents/{document}/versions/1/content HTTP/1.1\r\n{head}\r\n".encode())
        assert line.recv(12) == b"HTTP/1.1 200"
        lines.append(line)
    assert zone_server.memory() - before < 60 * MEGABYTE  # eight times the file would be 192
    for line in lines:
        line.close()
    assert b"".join(download(zone_server, document)) == body
