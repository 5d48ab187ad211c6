"""Amounts on a card are said as a document says them, and what a right does not have is not listed as 0."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="the pages need the [web] extra")


@pytest.mark.parametrize(
    ("amount", "unit", "said"),
    [("300000", "元", "30万元"), ("20000", "万元", "2亿元"), ("10", "万元", "10万元"), ("12345", "元", "1.2345万元"),
     ("123456789", "元", "123456789元"), ("0", "元", "0元"), ("500", "元", "500元"), ("15000", "万元", "1.5亿元"),
     ("【最高奖励】", "元", "【最高奖励】元"), ("5", "分", "5分")],
)  # fmt: skip
def test_an_amount_has_the_unit_people_say_it_in(amount: str, unit: str, said: str) -> None:
    from zonary.services.incentives.measures.queries import said_amount

    assert said_amount(amount, unit) == said


@pytest.mark.parametrize(("rate", "said"), [("0.01", "1%"), ("0.1", "10%"), ("0.015", "1.5%"), ("0.5", "50%")])
def test_a_rate_is_a_percentage(rate: str, said: str) -> None:
    from zonary.services.incentives.measures.queries import said_rate

    assert said_rate(rate) == said


@pytest.mark.parametrize("data", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("demo")
def test_a_card_says_its_share_in_words_and_no_days_that_it_does_not_have(five: Any) -> None:
    from tests.five_accounts import browser
    from tests.services.incentives.matching import zone

    zone.release(five)
    paid = zone.measure()
    page = browser(None).get(f"/incentives/measures/{paid.public_id}").content.decode()
    assert "上年度研发费用的10%，不超过20万元" in page
    assert "公示工作日" in page
    right = zone.measure(kind="right", mode="instant", amount="", notice_workdays=0, pay_workdays=0)
    page = browser(None).get(f"/incentives/measures/{right.public_id}").content.decode()
    assert "工作日" not in page
