"""A policy document becomes an item card, in a browser and without code: pasted, read, mended, tried, released."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import serving_the_five
from tests.conftest import RunningServer

pytest.importorskip("django", reason="the pages need the [web] extra")

NUMBER = "示范〔2026〕21号"
TEXT = """智能装备应用奖励办法

第一条　为鼓励企业应用智能装备，制定本办法。
第二条　申报企业应当同时符合下列条件：
（一）是居民企业；
（二）上年度研发费用占营业收入的比例不低于3%；
（三）上年度研发费用达100万以上。
第三条　符合条件的企业，给予一次性奖励20万元。"""
"""Made up. Its third requirement says neither what is counted in, nor how the language says it."""


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[RunningServer]:
    """One of its own: the outsider becomes an officer here."""
    with serving_the_five(tmp_path_factory.mktemp("editor"), migrated) as running:
        yield running


@pytest.fixture(scope="module")
def signed_in() -> dict[str, list[Any]]:
    return {}


def send(page: Any, within: str = "main form", **fields: str) -> None:
    form = page.locator(within).last
    for name, value in fields.items():
        place = form.locator(f"[name={name}]")
        if place.evaluate("field => field.tagName == 'SELECT'"):
            place.select_option(value)
        else:
            place.fill(value)
    form.locator("button[type=submit]").click()


def second_officer(visit: Any, officer: Any) -> Any:
    """The outsider, whom the officer invites."""
    from tests.five_accounts import ADDRESSES

    officer.goto(visit.zone.url + "/organization/members")
    officer.click("main a[href*='invit']")
    send(officer, email=ADDRESSES["outsider"], role="agent")
    link = officer.locator(".copyable code").first.inner_text()
    page = visit(who="outsider")
    page.goto(link)
    page.click("main form button[type=submit]")
    page.goto(visit.zone.url)
    page.click(".menu summary")
    page.select_option("#act-for", label="示例片区管委会")
    page.click(".act-for button")
    return page


def test_the_words_of_a_document_become_a_published_measure(visit: Any, barriers: Any, tmp_path: Path) -> None:
    officer = visit("/incentives/documents/new", who="officer", bypass_csp=True)
    send(officer, number=NUMBER, title="智能装备应用奖励办法", title_english="Awards for intelligent equipment",
         issuer="示例片区管委会", text=TEXT, issued_on="2026-01-01", source="管委会公报")  # fmt: skip
    officer.wait_for_selector("#art-2-3")
    officer.click("text=编写规则 >> nth=-1")
    send(officer, item_title="智能装备应用奖励", item_title_english="Award for intelligent equipment")
    officer.wait_for_url(re.compile(r"/editor/[0-9a-f-]{36}/clauses"))
    editor = officer.url.rpartition("/")[0]

    # Two of the three requirements are rules as they stand.
    assert officer.locator("[name=place]").count() == 2
    assert "上年度研发费用达100万以上" in officer.locator("details.left-over").text_content()
    officer.click("text=采用为条款")
    officer.wait_for_selector("ol.clauses li:nth-child(2)")

    # The third is not, and what is said while one types mends it.
    sentence = officer.locator("[name=sentence]")
    sentence.press_sequentially("上年度研发费用达到100万以上", delay=5)
    officer.wait_for_selector("#check .alert-danger")
    told = officer.inner_text("#check")
    assert "万元" in told
    nearest = officer.inner_text("#check .nearest")
    assert nearest == "上年度研发费用达到100万元以上"
    officer.click("#check a")
    officer.wait_for_selector("#check .alert-success")
    assert sentence.input_value() == nearest
    assert barriers(officer) == []
    send(officer, "form:has([name=sentence])", article="第二条第（三）项", quote="上年度研发费用达100万以上")
    officer.wait_for_selector("ol.clauses li:nth-child(3)")

    # What it pays.
    officer.goto(editor + "/tables")
    officer.click("text=固定金额")
    send(officer, name="奖励金额", name_english="Award", gives="20万元", article="第三条", quote="给予一次性奖励20万元")
    officer.wait_for_selector("ul.clauses li")
    officer.goto(editor + "/items")
    assert barriers(officer) == []
    officer.select_option("[name=amount]", "奖励金额")
    officer.click("text=保存事项")
    officer.wait_for_selector(".alert-success, .messages")

    # One case by hand, and those around every bound.
    officer.goto(editor + "/cases")
    assert barriers(officer) == []
    case = {
        "name": "恰好百分之三",
        "datum-rd-expense@2025": "300万元",
        "datum-revenue@2025": "1亿元",
        "table-奖励金额": "20万元",
    }
    for name, value in case.items():
        officer.fill(f"[name='{name}']", value)
    officer.select_option("[name=datum-resident-enterprise]", label="是")
    officer.select_option("[name=item-item-1]", "符合")
    officer.click("text=添加测试用例")
    officer.wait_for_selector("ul.clauses .state-good")
    officer.click("details.asked summary")
    for box in officer.locator("[name=case]").all():
        box.check()
    officer.click("text=采用所选用例")
    officer.wait_for_selector("ul.clauses li:nth-child(5)")
    officer.goto(editor + "/propose")
    assert "没有阻止发布的问题" in officer.inner_text("main")
    officer.fill("[name=note]", "首次编写")
    officer.click("text=提交规则")
    officer.wait_for_url(re.compile(r"/rules/drafts/[0-9a-f-]{36}$"))
    draft = officer.url

    # Two people release.
    other = second_officer(visit, officer)
    other.goto(draft)
    other.check("[name=conclusion][value=passes]")
    other.fill("[name=grounds]", "不区分企业来源，不限定经营者。")
    other.click("form[action$='/review'] button[type=submit]")
    other.click("a[href$='/release']")
    other.click("main form button[type=submit]")
    other.wait_for_url(re.compile(r"/rules/(packs|drafts)/"))

    # A card, most of which is filled in; published, everybody reads who gets what and why.
    other.goto(visit.zone.url + "/incentives/measures/items")
    other.click("a[href*='/measures/prepare/']")
    other.fill("[name=summary]", "应用智能装备、研发投入达标的企业，奖励20万元。")
    other.fill("[name=contact]", "产业促进局")
    other.fill("[name=telephone]", "0731-00000000")
    assert other.input_value("[name=title_english]") == "Award for intelligent equipment"
    assert other.input_value("[name=amount]") == "奖励金额"
    other.click("text=保存事项卡")
    # It gives money: the other officer publishes it.
    other.wait_for_selector(".state-wait")
    card = other.url
    assert other.locator("form[action$='/publish'] button").count() == 0
    officer.goto(card)
    officer.click("form[action$='/publish'] button")
    officer.wait_for_selector(".state-good")

    passer_by = visit(bypass_csp=True)
    passer_by.goto(card)
    shown = passer_by.inner_text("main")
    assert "上年度研发费用达到100万元以上" in shown
    assert "20万元" in shown
    assert barriers(passer_by) == []
    passer_by.click("text=第二条第（三）项")
    assert passer_by.inner_text("mark#quoted") == "上年度研发费用达100万以上"
    assert visit.said == []
