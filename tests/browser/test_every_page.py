"""What holds for every page, and those to come: no barriers, no need of JavaScript, within the policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("django", reason="the pages need the [web] extra")

READERS = ["", "owner", "officer"]


@pytest.mark.parametrize("who", READERS)
def test_there_are_pages(pages_of: Callable[[str], list[str]], who: str) -> None:
    assert "/" in pages_of(who)


@pytest.mark.parametrize(("lang", "phone"), [("zh", False), ("en", True)], ids=["desktop", "phone"])
@pytest.mark.parametrize("who", READERS)
def test_without_barriers(
    visit: Any, pages_of: Any, barriers: Callable[[Any], list[str]], who: str, lang: str, phone: bool
) -> None:
    """WCAG 2.2 AA, as far as a program can tell."""
    page = visit(lang=lang, phone=phone, who=who, bypass_csp=True)
    found = {}
    for path in pages_of(who):
        page.goto(visit.zone.url + path)
        found[path] = barriers(page)
    assert {path: what for path, what in found.items() if what} == {}


def test_a_barrier_would_be_found(visit: Any, barriers: Callable[[Any], list[str]]) -> None:
    page = visit(bypass_csp=True)
    page.evaluate("document.querySelector('main').innerHTML = '<h1>x</h1><input><p style=\"color:#ccc\">pale</p>'")
    rules = {found.partition(":")[0] for found in barriers(page)}
    assert {"label", "color-contrast"} <= rules


@pytest.mark.parametrize("who", READERS)
def test_within_the_policy_and_without_errors(visit: Any, pages_of: Any, who: str) -> None:
    page = visit(who=who)
    for path in pages_of(who):
        page.goto(visit.zone.url + path, wait_until="networkidle")
    assert visit.said == []


def test_a_breach_of_the_policy_would_be_seen(visit: Any) -> None:
    page = visit()
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">red</p>')")
    page.wait_for_timeout(100)
    assert any("Content Security Policy" in said for said in visit.said)


@pytest.mark.parametrize("who", READERS)
def test_without_javascript(visit: Any, pages_of: Any, who: str) -> None:
    page = visit(who=who, java_script_enabled=False)
    for path in pages_of(who):
        page.goto(visit.zone.url + path)
        assert page.locator("h1").count() == 1, path
        assert page.locator("h1").is_visible(), path
        # What cannot do without says so in place of its button (a passkey is asked for by a script).
        for form in page.locator("form:not(:has([data-needs-script]))").all():
            assert form.get_attribute("method") in ("post", "get", None), path
            assert form.locator("button[type=submit], input[type=submit], button:not([type])").count() >= 1, path


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("who", READERS)
def test_no_page_is_wider_than_a_phone(visit: Any, pages_of: Any, who: str, lang: str) -> None:
    page = visit(lang=lang, phone=True, who=who)
    wider = {}
    for path in pages_of(who):
        page.goto(visit.zone.url + path)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            wider[path] = width
    assert wider == {}


@pytest.mark.parametrize("who", READERS)
def test_each_page_in_one_language(visit: Any, pages_of: Any, who: str) -> None:
    """English pages hold no Chinese but names people gave, and the name of the other language."""
    page = visit(lang="en", who=who)
    for path in pages_of(who):
        page.goto(visit.zone.url + path)
        assert page.locator("html").get_attribute("lang") == "en", path
        headings = page.locator("h1, h2, h3, label, button, th, dt").all_inner_texts()
        given = ("（虚构）", "示例")
        chinese = [t for t in headings if any("\u4e00" <= c <= "\u9fff" for c in t) and not any(g in t for g in given)]
        assert chinese == [], path


@pytest.mark.parametrize("who", READERS)
def test_printed(visit: Any, pages_of: Any, who: str) -> None:
    page = visit(who=who)
    page.emulate_media(media="print")
    for path in pages_of(who):
        page.goto(visit.zone.url + path)
        assert page.locator("h1").is_visible(), path
        for hidden in (".site-nav", ".site-tools", ".skip"):
            assert not any(each.is_visible() for each in page.locator(hidden).all()), (path, hidden)
