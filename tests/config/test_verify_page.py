"""``/verify`` serves the verifying page as it is, to anybody, under a policy that lets it reach nothing."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")

from tests.foundation import zone_at_work
from tests.foundation.timestamps.authority_server import until

from zonary.cli.main import main
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


def test_that_it_is_offered_stands_in_the_log_once_and_anybody_may_have_the_receipt(
    server: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def receipt() -> Any:
        return server.get("/published/verify-page.tlog-proof")

    until(lambda: receipt().status == 200, seconds=30)
    answer = receipt()
    (tmp_path / "verify-page.tlog-proof").write_bytes(answer.body)
    (tmp_path / "zone.trust").write_bytes(server.get("/trust").body)
    trust = ["--trust", str(tmp_path / "zone.trust")]
    assert main(["--lang", "en", "verify", str(tmp_path / "verify-page.tlog-proof"), *trust, "--json"]) == 0
    said = capsys.readouterr().out
    assert hashlib.sha256(verify_page()).hexdigest() in said
    assert "ledger.verify_page.offered" in said
    assert 'href="/published/verify-page.tlog-proof"' in server.get("/published").body.decode()


def test_the_same_page_is_recorded_once_and_the_next_beside_it(data: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.config import zone
    from zonary.proof.digests import digests_of

    for _twice in range(2):
        zone_at_work.start(data)
    [first] = zone_at_work.acts("ledger.verify_page.offered")
    assert first["sha256"] == hashlib.sha256(verify_page()).hexdigest()
    assert first["sm3"] == hashlib.new("sm3", verify_page()).hexdigest()
    monkeypatch.setattr(zone, "verify_page_digests", lambda: digests_of(b"the next release"))
    zone_at_work.start(data)
    assert zone_at_work.acts("ledger.verify_page.offered")[0] == first
    assert len(zone_at_work.acts("ledger.verify_page.offered")) == 2
