"""The start page, in both languages."""

from __future__ import annotations

import base64
import html
import re
from typing import Any

import pytest

pytest.importorskip("django", reason="the portal needs the [web] extra")

from zonary.common.language import translate
from zonary.common.language.preference import HTML_LANGUAGES, choose_language
from zonary.proof.trust import parse_trust

NOTICE = "Development timestamp authority"


def page(server: Any, query: str = "", accept: str | None = None) -> tuple[Any, str]:
    answer = server.get("/" + query, headers={} if accept is None else {"Accept-Language": accept})
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer, html.unescape(answer.body.decode())


@pytest.mark.parametrize(
    ("query", "accept", "language"),
    [
        ("", None, "zh"),
        ("", "*", "zh"),
        ("", "fr-FR,fr;q=0.9", "zh"),
        ("", "en-US,en;q=0.9", "en"),
        ("", "en;q=0.5,zh-CN;q=0.9", "zh"),
        ("", "zh-TW,zh;q=0.8,en;q=0.9", "zh"),
        ("", "en;q=high,zh;q=0.1", "zh"),
        ("?lang=en", "zh-CN", "en"),
        ("?lang=zh", "en", "zh"),
        ("?lang=xx", "en", "en"),
        ("?lang=%3Cscript%3E", None, "zh"),
    ],
)
def test_the_language(server: Any, query: str, accept: str | None, language: Any) -> None:
    answer, text = page(server, query, accept)
    assert f'<html lang="{HTML_LANGUAGES[language]}">' in text
    assert answer.headers["content-language"] == HTML_LANGUAGES[language]
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["vary"].split(", "))
    assert f"<strong>{translate(NOTICE, language, {})}</strong>" in text
    assert "/?lang=zh" in text
    assert "/?lang=en" in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_shows_the_log_as_it_is(server: Any, language: str) -> None:
    record = server.api("POST", "/evidence", {"statement": {"sha256": "ab" * 32, "sm3": "cd" * 32}}).json()
    server.wait_until_published(record["id"])
    _, text = page(server, f"?lang={language}")
    origin, size, root = server.get("/log/checkpoint").body.decode().split("\n")[:3]
    assert origin in text
    assert re.search(r'id="size">(\d+)<', text).group(1) == size  # type: ignore[union-attr]
    assert len(base64.b64decode(re.search(r'id="root">.*?<code>([^<]+)<', text).group(1))) == 32  # type: ignore[union-attr]
    assert root in text
    for key in parse_trust(server.get("/trust").body).log_keys:
        assert key.encode() in text
    for address in ("/log/checkpoint", "/trust", "/tsa/ca.pem", "/tsa/crl.der", "/api/v1/openapi.json"):
        assert f'href="{address}"' in text
        assert server.get(address).status == 200
    text = re.sub(r"</?span>", "", text)
    for command in ("zonary seal", "zonary verify", "--trust", f"zonary fsck --url {server.url}/log"):
        assert command in text
    assert server.token not in text


def test_everything_comes_from_this_server(server: Any) -> None:
    answer, text = page(server)
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "style=" not in text
    assert "<style" not in text
    assert re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", text) == []
    assert re.findall(r"<[^>]*\son[a-z]+=", text) == []
    addresses = re.findall(r'(?:href|src)="([^"]+)"', text)
    assert any(address.startswith("/static/portal-") for address in addresses)
    for address in addresses:
        assert address.startswith(("/", "#"))
        if address.startswith("/static/"):
            assert server.get(address).status == 200
    (style,) = (server.get(address) for address in addresses if address.endswith(".css"))
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    assert re.findall(rb"url\((?![\"']?data:)", style.body) == []
    assert b"@import" not in style.body


def test_the_language_chosen_stays_on_the_next_page(server: Any) -> None:
    answer, _ = page(server, "?lang=en", "zh-CN")
    cookie = answer.headers["set-cookie"].partition(";")[0]
    again = server.get("/", headers={"Accept-Language": "zh-CN", "Cookie": cookie})
    assert '<html lang="en">' in again.body.decode()


def test_the_switch_of_languages_keeps_the_rest_of_the_address(server: Any) -> None:
    _, text = page(server, "?from=here&lang=zh")
    assert 'href="/?from=here&lang=en"' in text


def test_chinese_comes_first() -> None:
    assert choose_language(None, "") == "zh"
    assert choose_language(None, ",;q=,,zh;;q=5" * 5000) == "zh"
