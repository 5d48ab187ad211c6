"""Item cards: prepared from released rules, published for everybody, following the release in force."""

from __future__ import annotations

import html
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.foundation.facts.stating import second_officer
from tests.foundation.rules.packs import pack
from tests.foundation.rules.releasing import RELEASED, release
from tests.services.incentives.documents import TEXT, record

LATER = RELEASED + timedelta(hours=1)
AMOUNT = {
    "kind": "fixed",
    "name": {"zh": "研发奖励", "en": "Research award"},
    "article": "第三条",
    "quote": "给予一次性奖励10万元",
    "unit": "万元",
    "gives": "10",
}
CARD = {
    "pack": "rd-support",
    "item": "support",
    "title": "研发支持",
    "title_english": "Support for research",
    "summary": "研发投入达标即奖励10万元。",
    "kind": "award",
    "mode": "automatic",
    "audience": ["small", "high-tech"],
    "amount": "研发奖励",
    "budget": 100_000_000,
    "budget_year": 2026,
    "cap": 50_000_000,
    "stacking": "研发类",
    "contact": "产业促进局",
    "telephone": "0731-00000000",
}
FORM = {**CARD, "budget": "1000000.00", "cap": "500000", "exhaustion": "first-come", "notice_workdays": "5",
        "pay_workdays": "30", "decided_here": "on", "version": "1", "summary_english": ""}  # fmt: skip

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.parametrize("data", ["sqlite"], indirect=True)]


@pytest.fixture
def released(five: Any) -> Any:
    """The rules are in force, and the library has their document."""
    record(five.officer)
    return release(five, tables=[AMOUNT], cases=paying(pack()["cases"]), by=second(five))


def paying(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The test cases, which agree on the amount too."""
    return [each | {"tables": {"研发奖励": "10万元"}} for each in cases]


def second(five: Any) -> Any:
    """A second officer: the outsider, who became one."""
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.organizations.models import Membership
    from zonary.foundation.organizations.queries import standing_of

    if not Membership.objects.filter(person__public_id=five.outsider.person).exists():
        return second_officer(five)
    person = Person.objects.get(public_id=five.outsider.person)
    return standing_of(person, str(five.authority.public_id), at=LATER)


def page(client: Any, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return html.unescape(answer.content.decode())


def published(five: Any, **changes: Any) -> str:
    call = Caller(five.officer)
    made = call("POST", "/incentives/measures", CARD | changes)
    assert made.status_code == 201, made.content
    id: str = made.json()["id"]
    assert Caller(second(five))("POST", f"/incentives/measures/{id}/publication", {"version": 1}).status_code == 200
    return id


def test_from_an_item_of_released_rules_to_a_public_card(five: Any, released: Any) -> None:
    officer, everybody = browser(five.officer), browser(None)
    assert "/incentives/measures/prepare/rd-support/support" in page(officer, "/incentives/measures/items")
    form = page(officer, "/incentives/measures/prepare/rd-support/support")
    assert 'value="Support for research"' in form  # what the rules know is not typed again
    assert '<option value="研发奖励" selected' not in form  # the item names no amount by itself
    sent = officer.post("/incentives/measures/prepare/rd-support/support", FORM)
    assert sent.status_code == 302, html.unescape(sent.content.decode())
    where = sent.headers["location"]
    assert everybody.get(where).status_code == 404
    assert "研发支持" not in page(everybody, "/incentives/measures/")
    assert browser(second(five)).post(f"{where}/publish", {"version": "1"}).status_code == 302
    card = page(everybody, where)
    for words in ("上年度研发费用不低于100万元", "从业人员不超过500人", "1,000,000.00", "500,000.00", "10万元",
                  "0731-00000000", "研发类", "示范〔2026〕1号"):  # fmt: skip
        assert words in card, words
    assert "/incentives/documents/" in card
    assert page(everybody, "/incentives/measures/").count("/incentives/measures/0") == 1


def test_a_card_is_found_by_its_words_and_filtered(five: Any, released: Any) -> None:
    published(five)
    everybody = browser(None)

    def shown(**asked: str) -> bool:
        return "研发支持</a>" in page(everybody, "/incentives/measures/?" + urlencode(asked | {"lang": "zh"}))

    assert shown(q="奖励", audience="small", kind="award", mode="automatic")
    assert not shown(q="外贸")
    assert not shown(audience="trade")
    assert not shown(kind="right")
    assert not shown(mode="instant")
    assert not shown(state="prepared")
    api = Caller(five.rival)("GET", "/incentives/measures?audience=high-tech").json()["items"]
    assert [each["item"] for each in api] == ["support"]


def test_a_published_measure_follows_the_release_in_force(five: Any, released: Any) -> None:
    from zonary.services.incentives.library.actions import Words, record_edition
    from zonary.services.incentives.library.models import PolicyDocument

    id = published(five)
    before = Caller(five.owner)("GET", f"/incentives/measures/{id}").json()["release"]
    day = date(2026, 1, 1)
    raised = Words(text=TEXT.replace("100万元", "200万元"), issued_on=day, first=day, last=None, source="公报")
    record_edition(str(PolicyDocument.objects.get().public_id), raised, by=five.officer, at=LATER)
    clause = {"id": "rd", "article": "第二条第（一）项", "quote": "上年度研发费用不低于200万元",
              "sentence": "上年度研发费用不低于200万元"}  # fmt: skip
    cases = [
        {"name": name, "day": "2026-06-01", "data": {"rd-expense@2025": data}, "expected": {"support": result}}
        for name, data, result in (("够", "200万元", "符合"), ("不够", "199万元", "不符合"))
    ]
    later = release(five, at=LATER, by=second(five), clauses=[clause], cases=paying(cases), tables=[AMOUNT],
                    items=[{"id": "support", "title": {"zh": "研发支持", "en": "Support for research"},
                            "condition": "rd", "first": "2026-01-01"}])  # fmt: skip
    assert "200万元" in page(browser(None), f"/incentives/measures/{id}")
    after = Caller(five.owner)("GET", f"/incentives/measures/{id}").json()["release"]
    assert (before, after) == (str(released.public_id), str(later.public_id))


def test_a_card_says_what_a_rate_and_a_cap_are_today_beside_their_names(five: Any, released: Any) -> None:
    value = {"first": "2020-01-01", "recorded_at": "2020-01-01T00:00:00Z", "citation": "第三条"}
    parameters = [
        {"name": "奖励比例", "values": [{**value, "amount": "10%"}, {**value, "first": "2099-01-01", "amount": "90%"}]},
        {"name": "奖励上限", "values": [{**value, "amount": "5万元"}]},
    ]
    share = {
        **AMOUNT, "kind": "proportion", "rate": "【奖励比例】", "cap": "【奖励上限】", "rounding": "down",
        "step": "0.01", "of": {"reads": "上年度研发费用", "unit": "元"},
    }  # fmt: skip
    del share["gives"]
    cases = [{**each, "tables": {}} for each in pack()["cases"]]
    cases[0]["tables"] = {"研发奖励": "5万元"}
    release(five, at=LATER, by=second(five), parameters=parameters, tables=[share], cases=cases)
    card = page(browser(None), f"/incentives/measures/{published(five)}")
    assert "上年度研发费用的10%（奖励比例），不超过5万元（奖励上限）" in card
    assert "90%" not in card


WRONG = [
    ({"amount": ""}, "table that gives its amount"),
    ({"amount": "没有的表"}, "no table"),
    ({"budget_year": None}, "for a year"),
    ({"decided_here": False}, "who decides"),
    ({"decided_here": False, "decided_by": "省厅"}, "elsewhere"),
    ({"audience": ["martians"]}, "for whom"),
    ({"claim_from": "2026-05-02", "claim_until": "2026-05-01"}, "before the first"),
    ({"kind": "right", "amount": "", "mode": "reviewed"}, "neither a budget nor a cap"),
    (
        {"kind": "right", "amount": "", "budget": None, "budget_year": None, "cap": None},
        "Without applying is for what pays",
    ),
    ({"kind": "reduction", "amount": "", "budget": None, "budget_year": None, "cap": None}, "at once on claiming"),
    ({"item": "nothing"}, "No release in force"),
    ({"telephone": "a\x07"}, ""),
    ({"cap": 0}, ""),
]


def test_what_does_not_fit_is_named_and_nothing_is_kept(five: Any, released: Any) -> None:
    from zonary.services.incentives.measures.models import Measure

    call = Caller(five.officer)
    for change, said in WRONG:
        answer = call("POST", "/incentives/measures", CARD | change, Accept_Language="en")
        assert answer.status_code == 422, (change, answer.content)
        assert said in answer.json()["detail"], change
    assert not Measure.objects.exists()


def test_the_second_of_two_who_change_a_card_is_told(five: Any, released: Any) -> None:
    id, call = published(five), Caller(five.officer)
    body = {key: value for key, value in CARD.items() if key not in ("pack", "item")}
    assert call("PUT", f"/incentives/measures/{id}", body | {"version": 1, "contact": "甲"}).json()["version"] == 2
    late = call("PUT", f"/incentives/measures/{id}", body | {"version": 1, "contact": "乙"})
    assert (late.status_code, late.json()["code"]) == (409, "changed-meanwhile")
    assert call("GET", f"/incentives/measures/{id}").json()["contact"] == "甲"
    again = call("POST", "/incentives/measures", CARD)
    assert (again.status_code, again.json()["code"]) == (409, "wrong-state")


def test_an_ended_measure_is_offered_no_longer_and_stays_readable(five: Any, released: Any) -> None:
    id = published(five)
    officer = browser(five.officer)
    assert officer.post(f"/incentives/measures/{id}/end", {"reason": ""}).status_code == 422
    assert officer.post(f"/incentives/measures/{id}/end", {"reason": "预算用完"}).status_code == 302
    assert "研发支持" not in page(browser(None), "/incentives/measures/")
    assert browser(None).get(f"/incentives/measures/{id}").status_code == 200
    assert officer.post(f"/incentives/measures/{id}/publish", {"version": "1"}).status_code == 302
    assert Caller(five.owner)("GET", f"/incentives/measures/{id}").json()["state"] == "ended"
    # A new card of the same item goes the way of two.
    again = Caller(five.officer)("POST", "/incentives/measures", CARD).json()["id"]
    assert Caller(second(five))("POST", f"/incentives/measures/{again}/publication", {"version": 1}).status_code == 200


def test_who_is_no_officer_offers_nothing(five: Any, released: Any) -> None:
    made = Caller(five.officer)("POST", "/incentives/measures", CARD).json()
    for who in (five.owner, five.rival):
        call, client = Caller(who), browser(who)
        assert call("POST", "/incentives/measures", CARD).status_code == 403
        assert call("GET", f"/incentives/measures/{made['id']}").status_code == 404
        assert call("POST", f"/incentives/measures/{made['id']}/publication", {"version": 1}).status_code == 403
        assert client.get(f"/incentives/measures/{made['id']}").status_code == 404
        assert client.get("/incentives/measures/items").status_code == 403
        assert client.post("/incentives/measures/prepare/rd-support/support", FORM).status_code == 403


def test_each_step_is_in_the_ledger_with_the_digest_of_the_card(five: Any, released: Any) -> None:
    from tests.foundation import zone_at_work

    published(five)
    prepared, given = (zone_at_work.acts(f"measures.measure.{each}") for each in ("prepared", "published"))
    assert prepared[0]["card_sha256"] == given[0]["card_sha256"]
    assert given[0]["release"] == str(released.public_id)
