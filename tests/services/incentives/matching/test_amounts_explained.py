"""Beside an amount stands what it was reckoned from: to the enterprise, and to an officer who opened the data."""

from __future__ import annotations

import html
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.services.incentives.grants import paying
from tests.services.incentives.matching.zone import THEN, measure, release, spends

pytestmark = [pytest.mark.parametrize("data", ["sqlite"], indirect=True), pytest.mark.usefixtures("demo")]
ZH = "上年度研发费用：1,000,000 元 × 10% = 100,000 元，上限 200,000 元。"
EN = ": 1,000,000 yuan × 10% = 100,000 yuan, within the limit of 200,000 yuan."
FIGURE = "研发费用：100万元（截至 2025-12-31，来源：政务共享：tax office）。"


def page(who: Any, path: str, language: str = "zh") -> str:
    answer = browser(who).get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200, path
    return html.unescape(answer.content.decode())


def test_the_explained_answer_the_list_and_a_program_say_it(five: Any) -> None:
    release(five)
    spends(five, "1000000")
    address = f"/incentives/mine/{measure().public_id}"
    for path in (address, "/incentives/mine"):
        assert ZH in page(five.owner, path)
        assert EN in page(five.owner, path, "en")
    assert FIGURE in page(five.owner, address).partition("逐条说明")[0]
    assert Caller(five.owner)("GET", address).json()["amount_said"][1:]


def test_without_an_amount_nothing_is_reckoned(five: Any) -> None:
    release(five)
    spends(five, "10")
    address = f"/incentives/mine/{measure().public_id}"
    assert "金额如何得出" not in page(five.owner, address)
    assert Caller(five.owner)("GET", address).json()["amount_said"] == []


def test_the_enterprise_reads_it_on_its_grant_and_an_officer_only_where_the_data_were_opened(five: Any) -> None:
    batch = paying.asked(five)
    grant = paying.grant_of(batch, five.owner)
    address, decision = f"/incentives/grants/{grant.public_id}", f"/incentives/decisions/{grant.decision.public_id}"
    assert ZH in page(five.owner, address)
    assert ZH in page(five.owner, decision)
    for path in (address, decision):
        assert "1,000,000" not in page(five.officer, path)
    opened = browser(five.officer).post(decision, headers={"Accept-Language": "zh"})
    assert ZH in html.unescape(opened.content.decode())


def test_a_kept_amount_is_reckoned_from_what_was_kept(five: Any) -> None:
    from zonary.services.incentives.matching.actions import keep_answer

    release(five)
    spends(five, "1000000")
    kept = keep_answer(str(measure().public_id), by=five.owner, at=THEN)
    spends(five, "1500000", at=THEN)
    assert ZH in page(five.owner, f"/incentives/decisions/{kept.public_id}")
