"""What decides about money on a published card is proposed by one officer and confirmed by another, all on record."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.foundation import zone_at_work
from tests.services.incentives.measures import test_measures
from tests.services.incentives.measures.test_measures import CARD, FORM, LATER, page, published, second

released = test_measures.released
BODY = {key: value for key, value in CARD.items() if key not in ("pack", "item")}
MONEY: list[dict[str, Any]] = [
    {"budget": 900_000_000}, {"budget_year": 2027}, {"cap": 60_000_000}, {"stacking": ""}, {"notice_workdays": 0},
    {"pay_workdays": 1}, {"exhaustion": "pro-rata"}, {"claim_until": "2026-12-31"}, {"claim_from": "2026-01-01"},
    {"mode": "instant"}, {"kind": "reduction"},
    {"amount": "", "mode": "reviewed", "budget": None, "budget_year": None, "cap": None},
    {"decided_here": False, "decided_by": "省厅", "mode": "reviewed"},
]  # fmt: skip
DESCRIBED: list[dict[str, Any]] = [
    {"contact": "窗口"}, {"telephone": "0731-1"}, {"place": "一楼"}, {"summary": "另一句。"}, {"title": "研发扶持"},
    {"summary_english": "Another."}, {"title_english": "Support"}, {"audience": ["all"]},
]  # fmt: skip

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.parametrize("data", ["sqlite"], indirect=True)]


def put(call: Caller, id: str, version: int = 1, **changes: Any) -> Any:
    return call("PUT", f"/incentives/measures/{id}", BODY | {"version": version} | changes, Accept_Language="en")


def test_every_field_of_a_card_either_decides_or_describes(five: Any) -> None:
    from zonary.services.incentives.measures.events import FIELD_NAMES
    from zonary.services.incentives.measures.rules import DECIDING, Card

    fields = {each.name for each in dataclasses.fields(Card)}
    described = {name for each in DESCRIBED for name in each}
    assert DECIDING | described == fields
    assert not DECIDING & described
    assert set(FIELD_NAMES) == fields


@pytest.mark.parametrize("change", MONEY, ids=lambda each: next(iter(each)))
def test_nothing_about_money_counts_before_a_second_officer_confirmed_it(
    five: Any, released: Any, change: dict[str, Any]
) -> None:
    id, call, other = published(five), Caller(five.officer), Caller(second(five))
    before = call("GET", f"/incentives/measures/{id}").json()
    proposed = put(call, id, **change)
    assert proposed.status_code == 200, proposed.content
    waiting = proposed.json()["waiting"]
    assert waiting
    assert call("GET", f"/incentives/measures/{id}").json() == before
    own = call("POST", f"/incentives/measures/changes/{waiting}/confirmation")
    assert (own.status_code, own.json()["code"]) == (403, "not-allowed")
    assert call("GET", f"/incentives/measures/{id}").json() == before
    done = other("POST", f"/incentives/measures/changes/{waiting}/confirmation")
    assert done.status_code == 200, done.content
    after = call("GET", f"/incentives/measures/{id}").json()
    assert {name: after[name] for name in change} == change
    assert after["version"] == 2


@pytest.mark.parametrize("change", DESCRIBED, ids=lambda each: next(iter(each)))
def test_what_describes_the_card_is_changed_by_one_and_named_field_by_field(
    five: Any, released: Any, change: dict[str, Any]
) -> None:
    id, call = published(five), Caller(five.officer)
    changed = put(call, id, **change).json()
    assert ({name: changed[name] for name in change}, changed["waiting"]) == (change, None)
    (act,) = zone_at_work.acts("measures.measure.changed")
    assert set(act["before"]) == set(act["after"]) == set(change)
    assert (act["change"], act["proposed_by"]) == ("", "")


def test_acts_name_every_field_before_and_after_and_both_officers(five: Any, released: Any) -> None:
    other = second(five)
    id, call = published(five), Caller(five.officer)
    answer = put(call, id, budget=900_000_000, stacking="", contact="窗口")
    assert answer.status_code == 200, answer.content
    waiting = answer.json()["waiting"]
    (proposal,) = zone_at_work.acts("measures.change.proposed")
    assert (proposal["before"], proposal["after"]) == (
        {"budget": "100000000", "stacking": "研发类"}, {"budget": "900000000", "stacking": ""},
    )  # fmt: skip
    assert Caller(other)("POST", f"/incentives/measures/changes/{waiting}/confirmation").status_code == 200
    described, confirmed = zone_at_work.acts("measures.measure.changed")
    assert (described["before"], described["after"]) == ({"contact": "产业促进局"}, {"contact": "窗口"})
    assert (confirmed["before"], confirmed["after"]) == (proposal["before"], proposal["after"])
    assert (confirmed["change"], confirmed["proposed_by"]) == (waiting, five.officer.actor_id)
    assert (described["number"], confirmed["number"]) == (2, 3)
    listed = call("GET", f"/incentives/measures/{id}/changes?limit=1").json()
    assert [each["number"] for each in listed["items"]] == [3]
    assert [each["number"] for each in call("GET", listed["next"].removeprefix("/api/v1")).json()["items"]] == [2]


def test_everybody_reads_when_a_card_was_changed_and_nobody_but_officers_what_only_waits(
    five: Any, released: Any
) -> None:
    other = second(five)
    id, call, owner = published(five), Caller(five.officer), Caller(five.owner)
    waiting = put(call, id, budget=900_000_000).json()["waiting"]
    assert owner("GET", f"/incentives/measures/{id}/changes").json()["items"] == []
    assert owner("GET", "/incentives/measures/changes").json()["items"] == []
    assert "9,000,000.00" not in page(browser(five.owner), f"/incentives/measures/{id}")
    assert "9,000,000.00" in page(browser(five.officer), f"/incentives/measures/{id}")
    (listed,) = Caller(other)("GET", "/incentives/measures/changes").json()["items"]
    assert (listed["id"], listed["after"]) == (waiting, {"budget": 900_000_000})
    Caller(other)("POST", f"/incentives/measures/changes/{waiting}/confirmation")
    (made,) = owner("GET", f"/incentives/measures/{id}/changes").json()["items"]
    assert (made["number"], made["before"], made["after"]) == (2, {"budget": 100_000_000}, {"budget": 900_000_000})
    assert made["receipt"] != listed["receipt"]
    for where in (f"/incentives/measures/{id}", f"/incentives/measures/{id}/changes"):
        told = page(browser(None), where)
        assert "1,000,000.00" in told
        assert "9,000,000.00" in told


def test_one_change_waits_at_a_time_and_may_be_refused_or_taken_back(five: Any, released: Any) -> None:
    other = second(five)
    id, call = published(five), Caller(five.officer)
    first = put(call, id, budget=900_000_000).json()["waiting"]
    again = put(call, id, cap=60_000_000)
    assert (again.status_code, again.json()["code"]) == (409, "wrong-state")
    assert put(call, id, contact="窗口").status_code == 200
    assert call("POST", f"/incentives/measures/changes/{first}/rejection", {"reason": "写错了"}).status_code == 200
    late = Caller(other)("POST", f"/incentives/measures/changes/{first}/confirmation")
    assert (late.status_code, late.json()["code"]) == (409, "wrong-state")
    assert zone_at_work.acts("measures.change.rejected")[0]["reason"] == "写错了"
    assert put(call, id, version=2, contact="窗口", cap=60_000_000).json()["waiting"]
    nothing = put(call, id, version=2, contact="窗口")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "wrong-state")


def test_ending_a_card_and_preparing_another_is_no_way_around_the_second_officer(five: Any, released: Any) -> None:
    other = second(five)
    id, call = published(five), Caller(five.officer)
    waiting = put(call, id, budget=900_000_000).json()["waiting"]
    assert call("POST", f"/incentives/measures/{id}/end", {"reason": "换卡"}).status_code == 200
    refused = Caller(other)("POST", f"/incentives/measures/changes/{waiting}/confirmation")
    assert refused.status_code == 409
    new = call("POST", "/incentives/measures", CARD | {"budget": 900_000_000}).json()["id"]
    alone = call("POST", f"/incentives/measures/{new}/publication", {"version": 1})
    assert (alone.status_code, alone.json()["code"]) == (403, "not-allowed")
    assert Caller(other)("POST", f"/incentives/measures/{new}/publication", {"version": 1}).status_code == 200


@pytest.mark.parametrize("change", [{}, {"amount": "", "mode": "reviewed", "budget": None, "budget_year": None,
                                         "cap": None}], ids=["by-a-table", "award-that-people-set"])  # fmt: skip
def test_the_first_card_of_what_gives_money_is_published_by_another_than_who_prepared_it(
    five: Any, released: Any, change: dict[str, Any]
) -> None:
    call, other = Caller(five.officer), Caller(second(five))
    id = call("POST", "/incentives/measures", CARD | change).json()["id"]
    alone = call("POST", f"/incentives/measures/{id}/publication", {"version": 1})
    assert (alone.status_code, alone.json()["code"]) == (403, "not-allowed")
    assert call("GET", f"/incentives/measures/{id}").status_code == 404
    assert other("POST", f"/incentives/measures/{id}/publication", {"version": 1}).status_code == 200
    (act,) = zone_at_work.acts("measures.measure.published")
    assert act["prepared_by"] == five.officer.actor_id


def test_what_gives_no_money_is_prepared_and_published_by_one(five: Any, released: Any) -> None:
    call = Caller(five.officer)
    plain = {"kind": "right", "mode": "instant", "amount": "", "budget": None, "budget_year": None, "cap": None,
             "notice_workdays": 0}  # fmt: skip
    id = call("POST", "/incentives/measures", CARD | plain).json()["id"]
    assert call("POST", f"/incentives/measures/{id}/publication", {"version": 1}).status_code == 200
    # It is made to give money by two.
    assert put(call, id, **plain | {"kind": "award", "amount": "研发奖励"}).json()["waiting"]


def test_who_publishes_names_the_version_they_looked_at(five: Any, released: Any) -> None:
    other = second(five)
    call = Caller(five.officer)
    id = call("POST", "/incentives/measures", CARD).json()["id"]
    assert put(call, id, budget=900_000_000).status_code == 200
    unseen = Caller(other)("POST", f"/incentives/measures/{id}/publication", {"version": 1})
    assert (unseen.status_code, unseen.json()["code"]) == (409, "changed-meanwhile")
    browser(other).post(f"/incentives/measures/{id}/publish")
    assert call("GET", f"/incentives/measures/{id}").status_code == 404
    assert Caller(other)("POST", f"/incentives/measures/{id}/publication", {"version": 2}).status_code == 200


def test_a_card_that_gives_money_waits_with_the_other_officer_whose_page_publishes_it(five: Any, released: Any) -> None:
    from zonary.portal.home.grants import grant_items

    other = second(five)
    id = Caller(five.officer)("POST", "/incentives/measures", CARD).json()["id"]
    card = f"/incentives/measures/{id}"
    waits = [[each.address for each in grant_items(who, at=LATER)].count(card) for who in (other, five.officer)]
    assert waits == [1, 0]
    own = page(browser(five.officer), f"{card}?lang=en")
    assert "Another officer has to publish it" in own
    assert "Publish it</button>" not in own
    assert "Publish it</button>" in page(browser(other), f"{card}?lang=en")
    assert browser(other).post(f"{card}/publish", {"version": "1"}).status_code == 302
    assert browser(None).get(card).status_code == 200


def test_the_pages_lead_from_a_proposal_to_its_confirmation(five: Any, released: Any) -> None:
    from zonary.portal.home.grants import grant_items

    other = second(five)
    id = published(five)
    first, confirming = browser(five.officer), browser(other)
    card = f"/incentives/measures/{id}"
    form = FORM | {"budget": "9000000.00", "pay_workdays": "60"}
    assert first.post(f"{card}/change", form).status_code == 302
    waiting = Caller(five.officer)("GET", "/incentives/measures/changes").json()["items"][0]["id"]
    assert f"/changes/{waiting}/confirm" in page(confirming, card)
    assert "确认修改" not in page(first, f"{card}?lang=zh")
    waits = [[each.address for each in grant_items(who, at=LATER)].count(card) for who in (other, five.officer)]
    assert waits == [1, 0]
    assert browser(five.owner).post(f"/incentives/measures/changes/{waiting}/confirm").status_code in (403, 404)
    assert first.post(f"/incentives/measures/changes/{waiting}/confirm").status_code == 302
    assert "9,000,000.00" not in page(browser(None), card)
    assert confirming.get(f"/incentives/measures/changes/{waiting}/reject").status_code == 200
    assert confirming.post(f"/incentives/measures/changes/{waiting}/reject", {"reason": ""}).status_code == 422
    assert confirming.post(f"/incentives/measures/changes/{waiting}/confirm").status_code == 302
    assert "9,000,000.00" in page(browser(None), card)
