"""即申即享 of what gives no money: reached by a button, granted on the spot, with evidence and without an account."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="the pages need the [web] extra")

from tests.five_accounts import browser
from tests.services.incentives.grants import paying
from tests.services.incentives.grants.paying import AFTER_ANSWERS
from tests.services.incentives.matching import zone

pytestmark = [pytest.mark.parametrize("data", ["sqlite"], indirect=True), pytest.mark.usefixtures("demo")]
USUAL = {"mode": "instant", "kind": "right", "amount": "", "notice_workdays": 0, "pay_workdays": 0}


def right(five: Any, **changes: Any) -> Any:
    """A right that the owner's enterprise fulfils and the competitor does not; it gives no money."""
    (item,) = zone.measure_pack()["items"]
    case = {**zone.measure_pack()["cases"][0]}
    case.pop("tables", None)
    without = {each: value for each, value in item.items() if each != "amount"}
    cases = [case, *zone.measure_pack()["cases"][1:]]
    zone.release(five, tables=[], items=[without], cases=cases)
    zone.spends(five, "1000000")
    zone.spends(five, "5", of=five.competitor)
    return zone.measure(**{**USUAL, "summary": "列入信用贷款白名单推荐", **changes})


def claim(five: Any, measure: Any, who: Any = None, account: Any = None) -> Any:
    from zonary.services.incentives.grants.actions import claim_measure

    return claim_measure(str(measure.public_id), account, by=who or five.owner, at=AFTER_ANSWERS)


def test_a_right_is_claimed_by_two_clicks_from_its_card_and_asks_for_no_account(five: Any) -> None:
    measure = right(five)
    address = f"/incentives/grants/claim/{measure.public_id}"
    owner = browser(five.owner)
    for page in (
        f"/incentives/measures/{measure.public_id}",
        "/incentives/mine",
        f"/incentives/mine/{measure.public_id}",
    ):
        assert f'href="{address}"' in owner.get(page).content.decode(), page
    form = owner.get(address).content.decode()
    assert 'name="number"' not in form
    assert "无需填写账户" in form
    sent = owner.post(address, {})
    assert sent.status_code == 302, sent.content.decode()
    page = owner.get(sent["Location"]).content.decode()
    assert "列入信用贷款白名单推荐" in page
    assert "已享受" in page
    assert "/receipts/" in page
    assert "元</dd>" not in page


def test_it_is_had_at_once_with_a_decision_and_an_act_of_its_own(five: Any) -> None:
    from zonary.foundation.ledger.models import Entry

    grant = claim(five, right(five))
    assert (grant.state, grant.batch.state, grant.computed, grant.allocated) == ("granted", "given", 0, None)
    assert (grant.account, grant.account_digest, grant.account_tail) == ("", "", "")
    assert (grant.decision.truth, grant.decision.amount) == ("yes", None)
    assert Entry.objects.get(public_id=grant.entry).kind == "grants.right.granted"
    assert not grant.batch.files.exists()


def test_it_stands_in_no_payment_file_and_the_batch_comes_out_the_same(five: Any) -> None:
    from zonary.services.incentives.grants.actions import export_batch, prepare_payment
    from zonary.services.incentives.grants.repeating import replay_batch
    from zonary.services.incentives.grants.rules.repeating import read_batch, repeat_batch
    from zonary.services.incentives.grants.rules.steps import WrongStepError

    batch = claim(five, right(five)).batch
    with pytest.raises(WrongStepError):
        prepare_payment(str(batch.public_id), by=five.officer, at=AFTER_ANSWERS)
    assert replay_batch(batch).decisions == 1
    told = repeat_batch(read_batch(export_batch(str(batch.public_id), by=five.officer, at=AFTER_ANSWERS)))
    assert (told.decisions, told.allocated) == (1, 0)
    page = browser(five.officer).get(f"/incentives/grants/batches/{batch.public_id}").content.decode()
    assert "当场办结" in page
    assert "0.00" not in page


def test_who_does_not_fulfil_it_has_claimed_it_or_names_an_account_is_refused(five: Any) -> None:
    from zonary.services.incentives.grants.actions.claiming import NotEligibleError
    from zonary.services.incentives.grants.permissions import GrantError

    measure = right(five)
    with pytest.raises(NotEligibleError, match="does not fulfil"):
        claim(five, measure, five.rival)
    with pytest.raises(GrantError, match="gives no money"):
        claim(five, measure, account=paying.account())
    claim(five, measure)
    with pytest.raises(GrantError, match="claimed this already"):
        claim(five, measure)


def test_a_right_taken_back_with_a_reason_can_be_claimed_again(five: Any) -> None:
    from zonary.services.incentives.grants.actions import remove_grant

    measure = right(five)
    first = claim(five, measure)
    removed = remove_grant(str(first.public_id), reason="重复享受", by=five.officer, at=AFTER_ANSWERS)
    assert (removed.state, removed.reason) == ("removed", "重复享受")
    again = claim(five, measure)
    assert (again.state, again.batch.number != first.batch.number) == ("granted", True)


def test_money_is_claimed_with_an_account_alone(five: Any) -> None:
    from zonary.services.incentives.grants.permissions import GrantError

    measure = paying.ready(five, mode="instant", notice_workdays=0)
    with pytest.raises(GrantError, match="which account"):
        claim(five, measure)


def test_a_card_promises_no_notice_before_what_is_had_at_once(five: Any) -> None:
    from dataclasses import replace

    from zonary.services.incentives.grants.permissions import GrantError
    from zonary.services.incentives.measures.queries import card_of
    from zonary.services.incentives.measures.rules import WrongMeasureError, require_card

    measure = right(five, notice_workdays=3, audience=["all"], contact="科", telephone="1")
    with pytest.raises(WrongMeasureError, match="no public notice"):
        require_card(card_of(measure))
    require_card(replace(card_of(measure), notice_workdays=0))
    with pytest.raises(GrantError, match="asks for a public notice"):
        claim(five, measure)


def test_a_card_that_is_not_claimed_has_no_button(five: Any) -> None:
    measure = right(five, claim_until="2020-01-01")
    card = f"/incentives/measures/{measure.public_id}"
    assert "/grants/claim/" not in browser(five.owner).get(card).content.decode()
    from zonary.foundation.ledger.guard import unrecorded

    with unrecorded("that a card is open again is not what is tried"):
        type(measure).objects.update(claim_until=None)
    assert "/grants/claim/" not in browser(five.officer).get(card).content.decode()
    page = browser(None).get(card).content.decode()
    assert f"/incentives/grants/claim/{measure.public_id}" in page  # the next page asks to sign in


def test_over_http_it_is_claimed_without_an_account(five: Any) -> None:
    from tests.api.calls import Caller

    measure = right(five)
    answer = Caller(five.owner)("POST", f"/incentives/grants/claims/{measure.public_id}", {})
    assert answer.status_code == 201, answer.content
    assert answer.json()["state"] == "granted"
