"""What an enterprise is told to do next about a measure: nothing, a click, an application, an account, or to wait."""

from __future__ import annotations

import html
from datetime import date, timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.foundation import zone_at_work
from tests.services.incentives.grants import paying
from tests.services.incentives.matching.zone import THEN, measure, promise, release, say, spends, three_measures

pytestmark = pytest.mark.parametrize("data", ["sqlite"], indirect=True)
"""What the database answers is tried on both by the actions' own tests."""
CARD = {"place": "政务服务中心 2 楼", "telephone": "0000-1234567", "contact": "创新处"}


@pytest.fixture
def at_work(demo: None, data: Any) -> None:
    zone_at_work.start(data)


@pytest.fixture
def fits(five: Any, at_work: None) -> None:
    """By what others recorded, the owner's enterprise has every measure of the pack."""
    release(five)
    spends(five, "1000000")


def steps(who: Any, *, at: Any = THEN) -> dict[str, Any]:
    """Title of a measure -> doing, sentence, button, last day."""
    from zonary.common.language import speaking
    from zonary.services.incentives.matching.listing import row_of
    from zonary.services.incentives.matching.queries import circumstances, own_results

    with speaking("zh"):
        results = own_results(who, at=at)
        rows = [row_of(each, circumstances(who, results, at=at)) for each in results]
    return {
        each.title: each.step and (each.step.doing.value, each.step.said, each.step.button, each.step.until)
        for each in rows
    }


def page(client: Any, path: str, language: str = "zh") -> str:
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200, path
    return html.unescape(answer.content.decode())


def test_each_mode_has_its_next_step(five: Any, fits: None) -> None:
    measure(title="自动")
    measure(title="一键", mode="instant", claim_until=date(2026, 12, 31))
    measure(title="评审", mode="reviewed", **CARD)
    measure(title="别处", mode="reviewed", decided_here=False, decided_by="税务机关")
    found = steps(five.owner)
    assert found["自动"] == ("wait", "无需办理：片区将贵企业列入名单，届时请您填写账户。", "", None)
    assert found["一键"] == ("act", "一键申领，当场判定。", "一键申领", date(2026, 12, 31))
    assert found["评审"][:2] == ("apply", "须申报并经评审：政务服务中心 2 楼，0000-1234567。")
    assert found["别处"][:2] == ("apply", "向税务机关申请，由其决定，不由片区决定。")


def test_who_may_only_look_is_told_who_claims(five: Any, fits: None) -> None:
    from dataclasses import replace

    from zonary.services.incentives.matching.queries import circumstances

    measure(mode="instant")
    known = circumstances(five.owner, [], at=THEN)
    assert known.may_act
    from zonary.services.incentives.matching.next_steps import next_step
    from zonary.services.incentives.matching.queries import own_results

    (result,) = own_results(five.owner, at=THEN)
    step = next_step(result, replace(known, may_act=False))
    assert step is not None
    assert (step.address, step.button) == ("", "")


def test_what_is_too_early_too_late_or_out_of_money_says_so(five: Any, fits: None) -> None:
    from unittest.mock import patch

    from zonary.services.incentives.measures import budgets

    measure(title="早", mode="instant", claim_from=date(2027, 1, 1))
    measure(title="晚", mode="instant", claim_until=date(2026, 11, 1))
    spent = measure(title="尽", budget=100, budget_year=2026)
    with patch.object(budgets, "_granted", [lambda measures: {spent.pk: 100}]):
        found = steps(five.owner)
    assert {title: each[:3] for title, each in found.items()} == {
        "早": ("closed", "自 2027-01-01 起可以享受。", ""),
        "晚": ("closed", "截止日 2026-11-01 已过。", ""),
        "尽": ("closed", "2026 年预算已用完。", ""),
    }


def test_what_rests_on_ones_own_word_is_not_promised_by_itself(five: Any, at_work: None) -> None:
    from tests.foundation.facts.stating import claim

    from zonary.foundation.facts.actions import declare_fact

    release(five)
    say(five, "staff", "20")
    own = claim(indicator="rd-expense", value="1000000", unit="yuan", period="2025")
    declare_fact(own, by=five.owner, at=THEN - timedelta(hours=1))
    measure(title="自动")
    measure(title="一键", mode="instant")
    found = steps(five.owner)
    assert found["自动"][:2] == (
        "act", "依据的是贵企业自报的数据（研发费用）。名单只采用他人提供的数据，请联系片区登记。",
    )  # fmt: skip
    assert found["一键"][2] == ""  # the claim would be refused
    assert "请联系片区登记后再申领" in found["一键"][1]


def test_a_listed_measure_says_how_far_it_is_until_it_is_paid(five: Any, at_work: None) -> None:
    from zonary.services.incentives.grants.actions import open_consents, open_notice

    batch = paying.batch_of(five)
    assert steps(five.owner)["研发支持"][0] == "wait"  # nobody sees a list while it is made
    open_notice(str(batch.public_id), by=five.officer, at=paying.START)
    notice = steps(five.owner, at=paying.START)["研发支持"]
    assert notice[:2] == ("wait", f"贵企业已列入批次 {batch.number}，公示至 2026-11-30；公示期满后请您填写账户。")
    open_consents(str(batch.public_id), by=five.officer, at=paying.AFTER_NOTICE)
    asked = steps(five.owner, at=paying.AFTER_NOTICE)["研发支持"]
    assert asked == (
        "act",
        f"贵企业已列入批次 {batch.number}，金额 100,000.00 元：请于 2026-12-15 前确认并填写账户。",
        "答复",
        date(2026, 12, 15),
    )
    paying.consent(batch, five.owner)
    assert "账户已填" in steps(five.owner, at=paying.AFTER_NOTICE)["研发支持"][1]


def test_what_was_paid_is_had_and_what_was_declined_may_be_had_anew(five: Any, at_work: None) -> None:
    from zonary.services.incentives.grants.actions import decline_grant

    paid = paying.paid(five)
    assert steps(five.owner, at=paying.AFTER_ANSWERS)["研发支持"][:2] == (
        "had", f"批次 {paid.number}：已支付 100,000.00 元。",
    )  # fmt: skip
    other = measure(title="另一项")
    batch = paying.start(five, other)
    decline_grant(str(paying.grant_of(batch, five.owner).public_id), reason="不需要", by=five.owner,
                  at=paying.AFTER_NOTICE)  # fmt: skip
    assert steps(five.owner, at=paying.AFTER_ANSWERS)["另一项"][0] == "wait"


def test_a_promise_is_offered_until_one_was_broken(five: Any, at_work: None) -> None:
    from zonary.services.incentives.matching.actions import check_promise

    release(five, with_promise=True)
    spends(five, "1000000")
    support = measure()
    assert steps(five.owner)["研发支持"][:3] == (
        "act", "规则允许以承诺代替所缺数据：阅读承诺全文，勾选后当场判定。", "阅读并承诺",
    )  # fmt: skip
    given = promise(five, str(support.public_id), at=THEN)
    assert steps(five.owner)["研发支持"][0] == "wait"
    check_promise(str(given.public_id), outcome="broken", finding="未建立", by=five.officer, at=THEN)
    assert steps(five.owner, at=THEN + timedelta(hours=1))["研发支持"] is None


def test_the_page_shows_kind_mode_day_contact_and_card_of_each(five: Any, fits: None) -> None:
    shown = measure(mode="instant", claim_until=date(2099, 12, 31), **CARD)
    for language, words in {
        "zh": ("奖补", "即申即享", "2099-12-31", "创新处", "0000-1234567", "一键申领"),
        "en": ("Award or subsidy", "At once, on claiming", "2099-12-31", "创新处", "Claim it with one button"),
    }.items():
        for path in ("/incentives/mine", f"/incentives/mine/{shown.public_id}"):
            text = page(browser(five.owner), path, language)
            assert [each for each in words if each not in text] == [], path
            assert f"/incentives/measures/{shown.public_id}" in text
            assert f"/incentives/grants/claim/{shown.public_id}" in text


def test_the_list_is_limited_by_kind_mode_and_group(five: Any, at_work: None) -> None:
    three_measures(five)
    client = browser(five.owner)

    def titles(query: str) -> set[str]:
        text = page(client, f"/incentives/mine{query}").partition("</form>")[2]
        return {each for each in ("研发支持", "中小企业服务券", "知识产权奖励") if f">{each}</a>" in text}

    assert len(titles("")) == 3
    assert titles("?kind=right") == {"中小企业服务券"}
    assert titles("?group=short") == {"知识产权奖励"}
    assert titles("?mode=automatic&kind=award&group=missing") == {"研发支持"}
    assert titles("?group=nonsense&kind=nothing") == titles("")
    assert "没有符合条件的事项" in page(client, "/incentives/mine?kind=right&group=short")


def test_many_of_one_turn_are_folded_but_for_the_first(five: Any, fits: None) -> None:
    for number in range(12):
        measure(title=f"事项 {number}")
    text = page(browser(five.owner), "/incentives/mine")
    assert "无需办理 (12)" in text
    assert "其余 4 项" in text
    assert text.count("事项卡：谁能享受") == 12


def test_a_program_reads_the_same(five: Any, fits: None) -> None:
    shown = measure(mode="instant", claim_until=date(2099, 12, 31), **CARD)
    (row,) = Caller(five.owner)("GET", "/incentives/mine").json()["items"]
    assert (row["kind"], row["mode"], row["claim_until"], row["contact"]) == (
        "award",
        "instant",
        "2099-12-31",
        "创新处",
    )
    assert (row["next"]["doing"], row["next"]["until"]) == ("act", "2099-12-31")
    whole = Caller(five.owner)("GET", f"/incentives/mine/{shown.public_id}").json()
    assert whole["next"] == row["next"]
