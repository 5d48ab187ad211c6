"""Reading the log over HTTP: what is there, what is not, and what must never be."""

from __future__ import annotations

import http.client
import os
from typing import Any

import pytest

from zonary.proof.tlog.checkpoint import open_checkpoint
from zonary.proof.tlog.fsck import check_log
from zonary.proof.tlog.tiles import MissingResource
from zonary.proof.trust import parse_trust


@pytest.fixture
def published(server: Any) -> Any:
    digests = {"sha256": os.urandom(32).hex(), "sm3": os.urandom(32).hex()}
    record = server.api("POST", "/evidence", {"statement": digests}).json()
    return server.wait_until_published(record["id"])


def test_the_checkpoint(server: Any, published: Any) -> None:
    answer = server.get("/log/checkpoint")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "max-age=1," in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    keys = parse_trust(server.get("/trust").body).log_keys
    signed = open_checkpoint(answer.body, keys)
    assert signed.checkpoint.size >= published["size"]
    assert set(signed.log_keys) == set(keys)


def test_the_log_passes_fsck_over_http(server: Any, published: Any) -> None:
    def read(path: str) -> bytes:
        answer = server.get(f"/log/{path}")
        if answer.status == 404:
            raise MissingResource(path)
        assert "immutable" in answer.headers["cache-control"] or path == "checkpoint"
        body: bytes = answer.body
        return body

    report = check_log(read, parse_trust(server.get("/trust").body).log_keys)
    assert report.entries >= published["size"]


def test_head_is_get_without_the_body(server: Any, published: Any) -> None:
    head, get = server.request("HEAD", "/log/checkpoint"), server.get("/log/checkpoint")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(get.body))


@pytest.mark.parametrize(
    "path",
    [
        "",
        "checkpoint/",
        "Checkpoint",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/0",
        "tile/0/0000",
        "tile/64/000",
        "tile/00/000",
        "tile/0/x001/000/",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0//000",
        "tile/0/001",
        "tile/entries/999",
        "tile/0/../0/000",
        "../token",
        "..%2ftoken",
        "%2e%2e/token",
        "tile/../../token",
        "tile/0/000%00",
        "tile/0/٠٠٠",
        ".publish.lock",
        "tile/0/.000.new",
        "//etc/passwd",
        "x" * 3000,
    ],
)
@pytest.mark.parametrize("log", ["log", "openlog"])
def test_what_is_not_there(server: Any, published: Any, path: str, log: str) -> None:
    from urllib.parse import quote

    answer = server.get(f"/{log}/{quote(path, safe='/%.')}")
    assert answer.status == 404
    answer.problem()
    assert server.token.encode() not in answer.body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_reading_is_all_one_can_do(server: Any, method: str) -> None:
    answer = server.request(method, "/log/checkpoint", b"x" if method in ("POST", "PUT") else None)
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD"
    answer.problem()


@pytest.mark.parametrize(
    "path", ["/nothing", "/api/v1/nothing", "/api/v2/evidence", "/admin/", "/static/other.css", "/.."]
)
def test_other_addresses(server: Any, path: str) -> None:
    answer = server.get(path)
    assert answer.status == 404
    assert answer.problem()["code"] == "not-found"


@pytest.mark.parametrize("path", ["/", "/healthz", "/metrics"])
def test_pages_take_no_post(server: Any, path: str) -> None:
    answer = server.request("POST", path, b"")
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD"
    answer.problem()


def test_a_length_that_is_no_number(server: Any) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.putrequest("POST", "/openlog/add")
    connection.putheader("Content-Length", "-5")
    connection.endheaders()
    assert connection.getresponse().status == 400
    connection.close()


def test_health(server: Any) -> None:
    assert server.get("/healthz").json() == {"status": "ok"}


def test_metrics(server: Any, published: Any) -> None:
    text = server.get("/metrics").body.decode()
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(values['zonary_log_published_size{log="main"}']) >= published["size"]
    assert float(values['zonary_log_size{log="main"}']) >= published["size"]
    assert float(values['zonary_log_pending{log="main"}']) >= 0
    assert float(values['zonary_log_checkpoint_age_seconds{log="main"}']) >= 0
    assert 'zonary_log_size{log="open"}' in values
    assert float(values['zonary_http_requests_total{area="api",status="201"}']) >= 1
    assert "process_resident_memory_bytes" in values
    assert server.token not in text
