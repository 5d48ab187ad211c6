"""While a new password is typed the page says in words how it is; nothing leaves the browser before it is sent."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="the pages need the [web] extra")

SAID = {
    "seven": ("还差 5 个字符。", "Still 5 more characters."),
    "12345678901": ("不能只用数字。", "Digits alone are not enough."),
    "abababababab": ("重复的字符太多。", "Too often the same characters."),
    "x-Linyizhou-9": (
        "含有您的姓名或邮箱，认识您的人会首先尝试。",
        "Your name or address is in it; whoever knows you tries that first.",
    ),
    "eleven-bats": ("长度已够。再加一个词会更好。", "Long enough. One more word makes it better."),
    "seven-green-Lanterns": ("够长，也够多样。", "Long and varied."),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_password_is_judged_in_words(visit: Any, lang: str) -> None:
    from playwright.sync_api import expect

    page = visit("/account/signup/", lang)
    page.fill("[name=name]", "Linyizhou")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    told = page.locator(".strength")
    assert told.get_attribute("aria-live") == "polite"
    assert told.get_attribute("id") in page.get_attribute("[name=password1]", "aria-describedby")
    for password, sentences in SAID.items():
        page.fill("[name=password1]", password)
        expect(told).to_have_text(sentences[lang == "en"])
    page.fill("[name=password1]", "")
    expect(told).to_have_text("")
    assert asked == []
    assert visit.said == []


def test_without_a_script_the_server_says_it(visit: Any) -> None:
    page = visit("/account/signup/", java_script_enabled=False)
    assert page.locator(".strength").count() == 0
    page.fill("[name=name]", "林一舟")
    page.fill("[name=email]", "without-script@people.example")
    page.fill("[name=password1]", "seven")
    page.click("main form button[type=submit]")
    assert page.locator(".error-summary").is_visible()
