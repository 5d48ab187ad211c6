"""The timestamp authority over HTTP."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from zonary.proof.timestamp.request import TimestampRequest
from zonary.proof.timestamp.token import RefusedError, TimestampToken
from zonary.proof.timestamp.verify import verify_token
from zonary.proof.trust import parse_trust

QUERY = {"Content-Type": "application/timestamp-query"}


def test_a_token_that_verifies(server: Any) -> None:
    digest = hashlib.sha256(b"content").digest()
    request = TimestampRequest.new("sha256", digest)
    answer = server.request("POST", "/tsa", request.encode(), QUERY)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/timestamp-reply"
    token = TimestampToken.parse(answer.body)
    request.check_answer(token)
    roots = parse_trust(server.get("/trust").body).timestamp_roots
    assert verify_token(token, digest=digest, roots=roots).development


def test_openssl_accepts_the_token_and_the_revocation_list(server: Any, tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    (tmp_path / "file").write_bytes(b"content")
    openssl(tmp_path, "ts", "-query", "-data", "file", "-sha256", "-cert", "-out", "query.tsq")
    answer = server.request("POST", "/tsa", (tmp_path / "query.tsq").read_bytes(), QUERY)
    (tmp_path / "reply.tsr").write_bytes(answer.body)
    (tmp_path / "ca.pem").write_bytes(server.get("/tsa/ca.pem").body)
    verified = openssl(tmp_path, "ts", "-verify", "-data", "file", "-in", "reply.tsr", "-CAfile", "ca.pem")
    assert "Verification: OK" in verified
    crl = server.get("/tsa/crl.der")
    assert crl.headers["content-type"] == "application/pkix-crl"
    (tmp_path / "crl.der").write_bytes(crl.body)
    assert "verify OK" in openssl(
        tmp_path, "crl", "-inform", "DER", "-in", "crl.der", "-CAfile", "ca.pem", "-noout", "-verify"
    )


def openssl(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("body", [b"", b"no DER", b"0" * 65536])
def test_a_refusal_is_an_answer(server: Any, body: bytes) -> None:
    answer = server.request("POST", "/tsa", body, QUERY)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/timestamp-reply"
    with pytest.raises(RefusedError):
        TimestampToken.parse(answer.body)


@pytest.mark.parametrize("kind", ["", "application/octet-stream", "application/json"])
def test_wrong_content_type(server: Any, kind: str) -> None:
    answer = server.request("POST", "/tsa", b"x", {"Content-Type": kind} if kind else {})
    assert answer.status == 415
    assert "application/timestamp-query" in answer.problem()["detail"]


def test_too_large(server: Any) -> None:
    answer = server.request("POST", "/tsa", b"x" * 65537, QUERY)
    assert answer.status == 413
    answer.problem()


@pytest.mark.parametrize("path", ["/tsa", "/tsa/"])
def test_get_is_not_how_one_asks(server: Any, path: str) -> None:
    answer = server.get(path)
    assert answer.status == (405 if path == "/tsa" else 404)
    answer.problem()
