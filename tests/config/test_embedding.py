"""Which other sites may show pages of this one in a frame: those the operator names, those pages, and no sign-in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from zonary.config.embedding import FrameSettingError, frames

PORTAL, NEWS = "https://portal.example.gov.cn", "https://news.example:8443"


def test_without_a_setting_nobody_frames_anything() -> None:
    assert frames("").of("/published") == ""


def test_each_origin_frames_what_it_was_given() -> None:
    named = frames(f"{PORTAL} /published /evidence/ ; {NEWS} /published")
    assert named.of("/published") == f"{PORTAL} {NEWS}"
    assert named.of("/evidence") == named.of("/evidence/x") == PORTAL
    for path in ("/", "/evidencex", "/search", "/account/login/", "/publishedx"):
        assert named.of(path) == ""


@pytest.mark.parametrize(
    "setting",
    [
        "https://portal.example.gov.cn",
        "http://portal.example.gov.cn /published",
        "* /published",
        "'self' /published",
        "https://*.gov.cn /published",
        "https://portal.example.gov.cn/x /published",
        "https://portal.example.gov.cn /",
        "https://portal.example.gov.cn /account/login/",
        "https://portal.example.gov.cn /administration",
        "https://portal.example.gov.cn published",
        "https://portal.example.gov.cn\t/a;b",
    ],
)
def test_what_is_no_origin_or_must_not_be_framed_stops_the_server(setting: str) -> None:
    with pytest.raises(FrameSettingError):
        frames(setting)


def test_the_headers_say_so(new_server: Callable[..., Any]) -> None:
    server = new_server(environment={"ZONARY_FRAMES": f"{PORTAL} /published /evidence"})
    server.start()
    framed = server.get("/published").headers
    assert f"frame-ancestors {PORTAL}" in framed["content-security-policy"]
    assert "'none'" not in framed["content-security-policy"].partition("frame-ancestors")[2]
    assert "x-frame-options" not in framed
    for path in ("/", "/account/login/", "/trust", "/publishedx", "/log/checkpoint"):
        refused = server.get(path).headers
        assert "frame-ancestors 'none'" in refused["content-security-policy"], path
        assert refused["x-frame-options"] == "DENY", path
