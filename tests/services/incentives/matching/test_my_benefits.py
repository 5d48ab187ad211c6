"""What a company sees: what fits, what is one condition short, what is not known; and what it does about it."""

from __future__ import annotations

import html
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.foundation import zone_at_work
from tests.services.incentives.matching.zone import THEN, measure, promise, release, say, spends

pytestmark = pytest.mark.parametrize("data", ["sqlite"], indirect=True)
"""What the database answers is tried on both by the actions' own tests."""


@pytest.fixture
def at_work(demo: None, data: Any) -> None:
    zone_at_work.start(data)


@pytest.fixture
def support(five: Any, at_work: None) -> Any:
    release(five, with_promise=True)
    return measure()


def page(client: Any, path: str, status: int = 200) -> str:
    answer = client.get(path, headers={"Accept-Language": "zh"})
    assert answer.status_code == status, path
    return html.unescape(answer.content.decode())


def test_the_page_says_what_is_not_known_and_leads_there(five: Any, support: Any) -> None:
    client = browser(five.owner)
    assert "缺少数据" in page(client, "/incentives/mine")
    text = page(client, f"/incentives/mine/{support.public_id}")
    assert "/facts/new?indicator=rd-expense&period=2025" in text
    form = page(client, "/facts/new?indicator=rd-expense&period=2025")
    assert 'value="2025"' in form
    assert '<option value="rd-expense" selected>' in form


def test_one_condition_short_says_which_by_how_much_and_what_would_do(five: Any, support: Any) -> None:
    spends(five, "880000")
    say_reserve(five, support)
    text = page(browser(five.colleague), "/incentives/mine")
    assert "只差一个条件" in text
    assert "还差 12万元，须达到 100万元。" in text


def say_reserve(five: Any, support: Any) -> Any:
    return promise(five, str(support.public_id), at=THEN)


def test_what_fits_stands_first_with_amount_and_reason(five: Any, support: Any) -> None:
    spends(five, "1000000")
    say_reserve(five, support)
    client = browser(five.owner)
    text = page(client, "/incentives/mine")
    assert "100,000 元" in text
    shown = page(client, f"/incentives/mine/{support.public_id}")
    assert "研发费用：100万元（截至 2025-12-31，来源：政务共享：tax office）。" in shown
    assert "上年度研发费用不低于100万元" in shown


def test_an_answer_is_kept_and_its_file_is_downloaded(five: Any, support: Any) -> None:
    from zonary.engines.clauses.bundles import read_bundle, repeat

    spends(five, "10")
    client = browser(five.owner)
    answer = client.post(f"/incentives/mine/{support.public_id}/keep", follow=True)
    address = answer.redirect_chain[-1][0]
    assert "此刻据存档重新判断，结果一致" in page(client, address)
    file = client.get(f"{address}/file")
    assert 'filename="decision-' in file.headers["Content-Disposition"]
    assert repeat(read_bundle(file.content)).decision.short == ()
    for who in (five.rival, five.outsider):
        page(browser(who), address, 404)
        page(browser(who), f"{address}/file", 404)


def test_who_is_no_enterprise_has_no_benefits(five: Any, support: Any) -> None:
    assert "请先代表企业" in page(browser(five.outsider), "/incentives/mine")
    page(browser(five.outsider), f"/incentives/mine/{support.public_id}", 404)
    assert "此页面供片区工作人员使用" in page(browser(five.outsider), "/incentives/promises", 403)
    assert browser(five.officer).get("/incentives/mine").headers["Location"] == "/incentives/promises"


def test_a_measure_that_is_not_published_is_nobodys(five: Any, at_work: None) -> None:
    release(five)
    hidden = measure(state="prepared")
    client = browser(five.owner)
    assert "研发支持" not in page(client, "/incentives/mine")
    page(client, f"/incentives/mine/{hidden.public_id}", 404)


def test_facts_that_were_not_meant_for_this_are_not_read(five: Any, support: Any) -> None:
    say(five, "rd-expense", "1000000", unit="yuan", use_limit=["statistics"])
    assert "缺少 2025 年研发费用" in page(browser(five.owner), f"/incentives/mine/{support.public_id}")


def test_not_for_us_is_said_and_taken_back(five: Any, support: Any) -> None:
    client = browser(five.owner)
    path = f"/incentives/mine/{support.public_id}"
    assert client.post(f"{path}/not-for-us", {"reason": ""}).status_code == 422
    client.post(f"{path}/not-for-us", {"reason": "我们不做研发"})
    assert "已表示不适用" in page(client, "/incentives/mine")
    client.post(f"{path}/for-us")
    assert "已表示不适用" not in page(client, "/incentives/mine")


def test_an_officer_who_opens_the_data_of_a_decision_leaves_a_reading(five: Any, support: Any) -> None:
    from zonary.foundation.facts.queries import readings
    from zonary.services.incentives.matching.actions import keep_answer

    spends(five, "1000000")
    kept = keep_answer(str(support.public_id), by=five.owner, at=THEN)
    assert not readings(five.owner).exists()
    officer, address = browser(five.officer), f"/incentives/decisions/{kept.public_id}"
    path = f"{address}/file"
    seen = officer.get(address)
    assert (seen.status_code, b"1,000,000" in seen.content, b"1000000" in seen.content) == (200, False, False)
    assert officer.get(f"{address}/file").status_code == 302
    assert Caller(five.officer)("GET", path).status_code == 403
    assert not readings(five.owner).exists()
    ways = [officer.post(address), officer.post(f"{address}/file"), Caller(five.officer)("POST", path)]
    assert [each.status_code for each in ways] == [200, 200, 200]
    assert [each.facts.count() for each in readings(five.owner)] == [2, 2, 2]
    assert ways[1].content == ways[2].content == Caller(five.owner)("GET", path).content
    assert browser(five.owner).post(address).status_code == 404
    assert readings(five.owner).count() == 3


def test_being_too_large_is_nothing_to_work_on_and_what_can_be_raised_stands_apart(five: Any, at_work: None) -> None:
    from zonary.services.incentives.matching.queries import own_results

    release(five)
    measure()
    spends(five, "880000")
    spends(five, "1000000", staff="999999", of=five.competitor)
    assert [each.group.value for each in own_results(five.owner, at=THEN)] == ["short"]
    assert [each.group.value for each in own_results(five.rival, at=THEN)] == ["far"]
    assert "难以改变" in page(browser(five.rival), "/incentives/mine").partition("<details")[2]


def test_a_datum_that_holds_up_measures_is_asked_for_once(five: Any, support: Any) -> None:
    text = page(browser(five.owner), "/incentives/mine")
    assert "1 个事项待此数据" in text
    assert text.count("/facts/new?indicator=rd-expense&period=2025") == 1
