"""What holds for every page, and those to come: no barriers, no need of JavaScript, within the policy, one language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("django", reason="the pages need the [web] extra")

from tests.browser.conftest import PHONE

READERS = ["", "owner", "officer"]
NOT_PRINTED = (".site-nav", ".site-tools", ".skip")
Pages = Callable[[str], list[str]]


@pytest.mark.parametrize("who", READERS)
def test_there_are_pages(pages_of: Pages, who: str) -> None:
    assert "/" in pages_of(who)


@pytest.mark.parametrize("who", READERS)
def test_without_barriers(visit: Any, pages_of: Pages, barriers: Callable[[Any], list[str]], who: str) -> None:
    """WCAG 2.2 AA, as far as a program can tell; on a desktop. As wide as a phone: ``test_lived_in.py``."""
    page = visit(who=who, bypass_csp=True)
    # An officer's pages that an owner has too differ in what stands on them, and in the navigation.
    looked_at = set(pages_of("owner")) - {"/"} if who == "officer" else set()
    found = {}
    for path in pages_of(who):
        if path in looked_at:
            continue
        page.goto(visit.zone.url + path)
        found[path] = barriers(page)
    assert {path: what for path, what in found.items() if what} == {}


def test_a_barrier_would_be_found(visit: Any, barriers: Callable[[Any], list[str]]) -> None:
    page = visit(bypass_csp=True)
    page.evaluate("document.querySelector('main').innerHTML = '<h1>x</h1><input><p style=\"color:#ccc\">pale</p>'")
    rules = {found.partition(":")[0] for found in barriers(page)}
    assert {"label", "color-contrast"} <= rules


@pytest.mark.parametrize(("lang", "phone"), [("zh", False), ("en", True)], ids=["desktop", "phone"])
@pytest.mark.parametrize("who", READERS)
def test_as_it_should_be(visit: Any, pages_of: Pages, who: str, lang: str, phone: bool) -> None:
    """Within the policy, nothing that the browser complains of, no wider than a phone, one language, on paper too."""
    page = visit(lang=lang, phone=phone, who=who)
    found = {}
    for path in pages_of(who):
        page.goto(visit.zone.url + path)
        found[path] = [*_language(page, lang), *_printed(page), *_width(page)]
        found[path] += visit.said
        visit.said.clear()
    assert {path: what for path, what in found.items() if what} == {}


def _width(page: Any) -> list[str]:
    before = page.viewport_size
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(before)
    return [f"{width} px wide on a phone"] if width > PHONE["width"] else []


def _language(page: Any, lang: str) -> list[str]:
    """English pages hold no Chinese but names people gave (links that head a row), and the other language by name."""
    told = page.locator("html").get_attribute("lang")
    wrong = [] if told.startswith(lang) else [f"says that its language is {told}"]
    if lang == "en":
        headings = page.locator("h1, h2, h3, label, button, th:not(:has(a)), dt").all_inner_texts()
        given = ("（虚构）", "示例")
        chinese = [t for t in headings if any("\u4e00" <= c <= "\u9fff" for c in t) and not any(g in t for g in given)]
        wrong += [f"Chinese in English: {text}" for text in chinese]
    return wrong


def _printed(page: Any) -> list[str]:
    page.emulate_media(media="print")
    wrong = [] if page.locator("h1").is_visible() else ["printed without its title"]
    shown = [hidden for hidden in NOT_PRINTED if any(each.is_visible() for each in page.locator(hidden).all())]
    page.emulate_media(media="screen")
    return wrong + [f"printed: {each}" for each in shown]


def test_a_breach_of_the_policy_would_be_seen(visit: Any) -> None:
    page = visit()
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">red</p>')")
    page.wait_for_timeout(100)
    assert any("Content Security Policy" in said for said in visit.said)


def test_what_is_wrong_would_be_found(visit: Any) -> None:
    page = visit(lang="en")
    page.evaluate("""() => {
        document.querySelector('h1').hidden = true;
        document.querySelector('main').innerHTML += '<h2>中文</h2><pre class="wide"></pre>';
        document.querySelector('.wide').style.width = '2000px';
        document.querySelector('.site-nav').className = 'site-tools';
    }""")
    assert _width(page)
    assert _language(page, "en") == ["Chinese in English: 中文"]
    assert _language(page, "zh") == ["says that its language is en"]
    assert _printed(page) == ["printed without its title"]


@pytest.mark.parametrize("who", READERS)
def test_without_javascript(visit: Any, pages_of: Pages, who: str) -> None:
    page = visit(who=who, java_script_enabled=False)
    for path in pages_of(who):
        page.goto(visit.zone.url + path)
        assert page.locator("h1").count() == 1, path
        assert page.locator("h1").is_visible(), path
        # What cannot do without says so in place of its button (a passkey is asked for by a script).
        for form in page.locator("form:not(:has([data-needs-script]))").all():
            assert form.get_attribute("method") in ("post", "get", None), path
            assert form.locator("button[type=submit], input[type=submit], button:not([type])").count() >= 1, path
