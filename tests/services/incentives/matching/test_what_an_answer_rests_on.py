"""Beside a condition stands who says the datum, on what basis, who has what is missing, and what is disputed of it."""

from __future__ import annotations

import html
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.services.incentives.matching.zone import THEN, measure, release, say, spends

pytestmark = [pytest.mark.parametrize("data", ["sqlite"], indirect=True), pytest.mark.usefixtures("demo")]
ZH = "“研发费用 2025”存在异议，尚未答复；此处按现有数据判断。"


def page(client: Any, path: str, *, language: str = "zh", post: bool = False) -> str:
    answer = (client.post if post else client.get)(path, headers={"Accept-Language": language})
    assert answer.status_code == 200, path
    return html.unescape(answer.content.decode())


def disputed(five: Any) -> tuple[str, str, Any]:
    """The measure's address, the disputed fact, and its dispute."""
    from zonary.foundation.facts.actions import dispute_fact

    release(five)
    say(five, "staff", "20")
    fact = str(say(five, "rd-expense", "880000", unit="yuan", sharing_basis="共享目录第 7 项").public_id)
    address = f"/incentives/mine/{measure().public_id}"
    return address, fact, dispute_fact(fact, reason="未计入委托研发", ought="1200000", by=five.owner, at=THEN)


def test_a_disputed_fact_is_said_beside_the_clause_with_the_way_to_the_dispute(five: Any) -> None:
    address, fact, dispute = disputed(five)
    text = page(browser(five.owner), address)
    assert ZH in text
    assert f"/facts/disputes/{dispute.public_id}" in text
    assert page(browser(five.owner), f"/facts/disputes/{dispute.public_id}")
    assert "is disputed and waits for an answer" in page(browser(five.owner), address, language="en")
    rd, size = Caller(five.owner)("GET", address).json()["clauses"]
    assert rd["disputed"] == [{"fact": fact, "dispute": str(dispute.public_id)}]
    assert size["disputed"] == []
    row = page(browser(five.owner), "/incentives/mine")
    assert "异议中" in row


def test_once_it_is_answered_nothing_is_said(five: Any) -> None:
    from tests.services.incentives.matching.zone import second_of

    from zonary.foundation.facts.actions import answer_dispute

    address, _fact, dispute = disputed(five)
    answer_dispute(
        str(dispute.public_id), is_upheld=False, answer="经核对无误", claim=None, by=second_of(five), at=THEN
    )
    for path in (address, "/incentives/mine"):
        assert "异议" not in page(browser(five.owner), path).partition("<main")[2].partition("</main>")[0]


def test_an_officer_who_opened_the_decision_reads_it_and_nobody_before(five: Any) -> None:
    from zonary.services.incentives.matching.actions import keep_answer

    address, _fact, dispute = disputed(five)
    kept = keep_answer(address.rpartition("/")[2], by=five.owner, at=THEN)
    path = f"/incentives/decisions/{kept.public_id}"
    officer = browser(five.officer)
    assert str(dispute.public_id) not in page(officer, path)
    opened = page(officer, path, post=True)
    assert ZH in opened
    assert page(officer, f"/facts/disputes/{dispute.public_id}")


def test_the_basis_on_which_an_authority_shared_it_stands_there(five: Any) -> None:
    address, _fact, _dispute = disputed(five)
    text = page(browser(five.owner), address)
    assert "来源：政务共享：tax office" in text
    assert "研发费用 2025的共享依据：共享目录第 7 项" in text


def test_who_had_it_for_another_year_is_named_for_the_year_that_is_missing(five: Any) -> None:
    release(five)
    say(five, "staff", "20")
    say(five, "rd-expense", "900000", unit="yuan", period="2024", source="某某税务局")
    address = f"/incentives/mine/{measure().public_id}"
    assert "缺少 2025 年研发费用。数据来源：政务共享：某某税务局。" in page(browser(five.owner), address)
    assert "数据出自：政务共享：某某税务局" in page(browser(five.owner), "/incentives/mine")


def test_where_nobody_said_it_yet_the_rules_say_who_has_it(five: Any) -> None:
    from tests.foundation.rules.packs import pack

    terms = [{**each, "source": "统计部门"} if each["id"] == "rd-expense" else each for each in pack()["terms"]]
    release(five, terms=terms)
    say(five, "staff", "20")
    address = f"/incentives/mine/{measure().public_id}"
    assert "数据来源：统计部门。" in page(browser(five.owner), address)


def test_facts_nobody_disputes_ask_for_no_more_words(five: Any) -> None:
    release(five)
    spends(five, "1000000")
    assert "异议中" not in page(browser(five.owner), f"/incentives/mine/{measure().public_id}")
