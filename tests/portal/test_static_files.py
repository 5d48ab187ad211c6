"""Style sheets and scripts: kept for ever under an address that changes with them, compressed once."""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

import pytest

pytest.importorskip("django", reason="the portal needs the [web] extra")


@pytest.fixture
def style_sheet(server: Any) -> str:
    (address,) = re.findall(r'href="(/static/portal-[0-9a-f]+\.css)"', server.get("/").body.decode())
    return str(address)


def test_a_browser_may_keep_it_for_ever(server: Any, style_sheet: str) -> None:
    answer = server.get(style_sheet)
    assert answer.status == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("GZIP;q=1.0", "gzip"),
        ("identity", None),
        ("br; q=0", None),
        (",;=" * 1000, None),
    ],
)
def test_it_comes_in_a_coding_the_client_takes(
    server: Any, style_sheet: str, accepted: str, coding: str | None
) -> None:
    answer = server.get(style_sheet, headers={"Accept-Encoding": accepted})
    assert answer.status == 200
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["vary"] == "Accept-Encoding"
    plain = server.get(style_sheet).body
    if coding == "gzip":
        assert gzip.decompress(answer.body) == plain
    assert (len(answer.body) < len(plain) / 3) == (coding is not None)


@pytest.mark.parametrize(
    "path", ["/static/", "/static/manifest.json", "/static/../start", "/static/portal.css", "/static/a"]
)
def test_nothing_else_is_there(server: Any, path: str) -> None:
    assert server.get(path).status == 404


def test_the_worker_alone_compiles_and_it_reaches_nothing(server: Any) -> None:
    from zonary.portal.assets import contents

    policies = {path: server.get(path).headers["content-security-policy"] for path in [*contents(), "/", "/healthz"]}
    [worker] = [path for path in policies if path.startswith("/static/hashing-")]
    assert policies.pop(worker) == "default-src 'none'; script-src 'wasm-unsafe-eval'; frame-ancestors 'none'"
    [everywhere_else] = set(policies.values())
    assert "eval" not in everywhere_else
    assert everywhere_else.startswith("default-src 'self';")


def test_it_is_only_read(server: Any, style_sheet: str) -> None:
    assert server.request("POST", style_sheet, b"").status == 405


def test_what_is_missing_is_told_with_the_command_that_mends_it(tmp_path: Any, monkeypatch: Any) -> None:
    from zonary.portal import assets

    monkeypatch.setattr(assets, "FOLDER", tmp_path)
    assets.manifest.cache_clear()
    try:
        with pytest.raises(assets.AssetsError, match="make setup"):
            assets.contents()
        (tmp_path / "manifest.json").write_text(json.dumps({"portal.css": "portal-0.css"}))
        with pytest.raises(assets.AssetsError, match=r"portal-0\.css is missing"):
            assets.contents()
        with pytest.raises(assets.AssetsError, match="other"):
            assets.address("other")
    finally:
        assets.manifest.cache_clear()
