"""The start page, in both languages."""

from __future__ import annotations

import base64
import html
import re
from typing import Any

import pytest

pytest.importorskip("django", reason="the portal needs the [web] extra")

from zonary.portal.texts import TEXTS, choose_language
from zonary.proof.trust import parse_trust


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
    assert f'<html lang="{TEXTS[language]["html_lang"]}">' in text
    assert answer.headers["content-language"] == TEXTS[language]["html_lang"]
    assert answer.headers["vary"] == "Accept-Language"
    assert TEXTS[language]["notice_title"] in text
    assert "/?lang=zh" in text
    assert "/?lang=en" in text
    assert "<script" not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_shows_the_log_as_it_is(server: Any, language: str) -> None:
    record = server.api("POST", "/evidence", {"statement": {"sha256": "ab" * 32, "sm3": "cd" * 32}}).json()
    server.wait_until_published(record["id"])
    _, text = page(server, f"?lang={language}")
    origin, size, root = server.get("/log/checkpoint").body.decode().split("\n")[:3]
    assert origin in text
    assert re.search(r'id="size">(\d+)<', text).group(1) == size  # type: ignore[union-attr]
    assert len(base64.b64decode(re.search(r'id="root">([^<]+)<', text).group(1))) == 32  # type: ignore[union-attr]
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
    assert "style=" not in text
    assert "<style" not in text
    for address in re.findall(r'(?:href|src)="([^"]+)"', text):
        assert address.startswith(("/", "#"))
    style = server.get("/static/portal.css")
    assert style.status == 200
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    assert b"url(" not in style.body
    assert b"@import" not in style.body


def test_both_languages_say_everything() -> None:
    assert set(TEXTS["zh"]) == set(TEXTS["en"])
    same = {key for key in TEXTS["zh"] if TEXTS["zh"][key] == TEXTS["en"][key]}
    assert not same


def test_chinese_comes_first() -> None:
    assert choose_language(None, "") == "zh"
    assert choose_language(None, ",;q=,,zh;;q=5" * 5000) == "zh"
