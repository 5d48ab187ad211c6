"""``/verify`` serves the verifying page as it is, to anybody, under a policy that lets it reach nothing."""

from __future__ import annotations

import gzip
import hashlib
from typing import Any

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")

from zonary.common.verify_page import verify_page


def test_it_is_the_file_byte_for_byte(server: Any) -> None:
    answer = server.get("/verify")
    assert answer.status == 200
    assert answer.body == verify_page()
    packed = server.get("/verify", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == verify_page()


def test_it_may_reach_nothing_not_even_this_server(server: Any) -> None:
    policy = server.get("/verify").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "'self'" not in policy


def test_its_digests_stand_where_it_is_offered(server: Any) -> None:
    told = server.get("/published").body.decode()
    assert 'href="/verify"' in told
    assert hashlib.sha256(verify_page()).hexdigest() in told
    assert hashlib.new("sm3", verify_page()).hexdigest() in told
