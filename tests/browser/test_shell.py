"""What surrounds every page, as people use it: by keyboard, on a phone, in both languages, for whom they act."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="the pages need the [web] extra")


@pytest.mark.parametrize("javascript", [True, False])
def test_switching_the_language_keeps_the_page(visit: Any, javascript: bool) -> None:
    page = visit("/?from=a", java_script_enabled=javascript)
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    page.click("text=English")
    assert page.url.endswith("/?from=a&lang=en")
    assert page.locator("html").get_attribute("lang") == "en"
    page.goto(visit.zone.url)
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_first_tab_leads_to_the_content(visit: Any) -> None:
    page = visit(lang="en")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Skip to content"
    assert skip.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_demonstration_says_so(visit: Any) -> None:
    assert "Nothing done here counts" in visit(lang="en").locator(".demo-banner").inner_text()
    assert "均为虚构" in visit(lang="zh", phone=True).locator(".demo-banner").inner_text()


def test_the_zone_is_named_in_the_readers_language(visit: Any) -> None:
    assert visit(lang="en").locator(".brand").inner_text() == "Example Zone"
    assert visit(lang="zh").locator(".brand").inner_text() == "示例片区管委会"


@pytest.mark.parametrize("javascript", [True, False])
def test_acting_for_an_organisation_or_oneself(visit: Any, javascript: bool) -> None:
    page = visit(lang="en", who="owner", java_script_enabled=javascript)
    for choice, told in (("", "You act for yourself."), ("星河精工（虚构）", "You act for 星河精工（虚构）.")):
        page.click(".menu summary")
        page.select_option("#act-for", label=choice or "Myself")
        page.click(".act-for button")
        assert page.locator(".page-head .lead").inner_text() == told


def test_the_menu_closes_on_escape(visit: Any) -> None:
    page = visit(who="owner")
    page.click(".menu summary")
    assert page.locator(".menu-body").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".menu-body").is_visible()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_the_menu_of_a_phone_stays_on_the_screen(visit: Any) -> None:
    page = visit(who="owner", phone=True)
    page.tap(".menu summary")
    box = page.locator(".menu-body").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_navigation_of_a_phone_unfolds_and_never_slides(visit: Any, lang: str, javascript: bool) -> None:
    page = visit("/receipts/", lang, who="officer", phone=True, java_script_enabled=javascript)
    fold, destinations = page.locator(".nav-fold summary"), page.locator(".site-nav a")
    assert {"zh": "回执", "en": "Receipts"}[lang] in fold.inner_text()
    assert not any(each.is_visible() for each in destinations.all())
    fold.click()
    boxes = [each.bounding_box() for each in destinations.all()]
    assert len(boxes) > 5
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 360 and box["height"] >= 44 for box in boxes)
    destinations.last.click()
    page.wait_for_load_state()
    assert not page.url.endswith("/receipts/")


def test_a_desktop_shows_the_navigation_at_once(visit: Any) -> None:
    page = visit("/receipts/", who="officer")
    assert not page.locator(".nav-fold").is_visible()
    assert all(each.is_visible() for each in page.locator(".site-nav a").all())


def test_a_code_is_copied_whole(visit: Any) -> None:
    page = visit(lang="en", permissions=["clipboard-read", "clipboard-write"])
    page.click("#root .btn-copy")
    page.locator("#root .btn-copy", has_text="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#root code").inner_text()


def test_no_button_offers_what_the_browser_cannot_do(visit: Any) -> None:
    page = visit(java_script_enabled=False)
    assert page.locator("#root code").is_visible()
    assert not page.locator("#root .btn-copy").is_visible()


def test_what_one_person_saw_is_kept_nowhere(visit: Any) -> None:
    answer = visit.context(who="owner").request.get(visit.zone.url + "/")
    assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    "where", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:1"]
)
def test_switching_leads_nowhere_else(visit: Any, where: str) -> None:
    page = visit(who="owner")
    page.evaluate("where => document.querySelector('.act-for [name=next]').value = where", where)
    page.click(".menu summary")
    page.click(".act-for button")
    page.wait_for_load_state()
    assert page.url == visit.zone.url + "/"


def test_nobody_acts_for_an_organisation_that_is_not_theirs(visit: Any) -> None:
    theirs = visit(who="rival").locator("#act-for option").nth(1).get_attribute("value")
    page = visit(lang="en", who="outsider")
    assert page.locator("#act-for").count() == 0
    token = visit(lang="en", who="colleague").locator(".act-for [name=csrfmiddlewaretoken]")
    assert token.count() == 1
    page = visit(lang="en", who="colleague")
    page.click(".menu summary")
    page.evaluate(
        "theirs => { const o = document.querySelector('#act-for option'); o.value = theirs; o.selected = true }", theirs
    )
    page.click(".act-for button")
    assert page.locator(".page-head .lead").inner_text() == "You act for yourself."
