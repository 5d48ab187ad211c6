"""However a pack is proposed, its quotations are looked up in the library; what nobody could look up is said."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.api.calls import Caller
from tests.foundation.facts.stating import second_officer
from tests.foundation.facts.test_facts_pages import browser, text
from tests.foundation.rules.packs import data_of, pack
from tests.foundation.rules.test_rules_pages import propose
from tests.services.incentives.documents import LATER, record

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.parametrize("data", ["sqlite"], indirect=True)]

TEXT = """研发支持办法

第一条　为鼓励企业研发，制定本办法。
第二条　申报企业应当同时符合下列条件：
（一）上年度研发费用不低于100万元；
（二）从业人员不超过500人。"""
AFTER = TEXT.replace("500人", "300人")
NOT_LOOKED_UP = "The policy library does not have 示范〔2026〕1号: no quotation of these rules was looked up."
WRONG = "“从业人员不超过500人” quotes “从业人员不超过500人”, and 示范〔2026〕1号 of 2026-03-01 says so nowhere."


def _places(**of_size: str) -> list[dict[str, str]]:
    rd, size = pack()["clauses"]
    return [rd, {**size, **of_size}]


def _reviewed(by: Any, data: bytes) -> str:
    where: str = propose(browser(by), data).headers["location"]
    browser(by).post(f"{where}/review", {"conclusion": "passes", "grounds": "open to all alike"})
    return where


FALSE = {
    ("第二条", "从业人员不超过900人"): "“从业人员不超过500人” quotes “从业人员不超过900人”, and 示范〔2026〕1号 of",
    (
        "第九条",
        "从业人员不超过500人",
    ): "“从业人员不超过500人” cites 第九条, and 示范〔2026〕1号 of 2026-01-01 has none.",
    ("第二条第（一）项", "从业人员不超过500人"): "it says so in 第二条第（二）项",
}


@pytest.mark.parametrize(("cited", "said"), FALSE.items(), ids=["quote", "article", "place"])
def test_a_false_citation_of_a_file_stands_in_the_way_of_its_release(five: Any, cited: Any, said: str) -> None:
    record(five.officer, text=TEXT)
    article, quote = cited
    where = _reviewed(five.officer, data_of(pack(clauses=_places(article=article, quote=quote))))
    second = browser(second_officer(five))
    shown = text(second.get(where))
    assert said in shown
    assert "Stands in the way of the release" in shown
    assert second.get(f"{where}/release").headers["location"] == where  # not offered
    refused = second.post(f"{where}/release")
    assert (refused.status_code, refused.headers["location"]) == (302, where)
    told = text(second.get(where))
    assert "findings that stand in the way: 1" in told
    assert told.count(said) == 2  # in the message, and among the findings
    assert "/rules/packs/rd-support/1" not in text(second.get("/rules/"))


def test_a_pack_whose_words_stand_there_is_released(five: Any) -> None:
    record(five.officer, text=TEXT)
    where = _reviewed(five.officer, data_of(pack()))
    second = browser(second_officer(five))
    assert "looked up" not in text(second.get(where))
    assert "Worth knowing" not in text(second.get(f"{where}/release"))
    assert second.post(f"{where}/release").headers["location"] == "/rules/packs/rd-support/1"


def test_what_could_not_be_looked_up_is_read_before_the_release(five: Any) -> None:
    where = _reviewed(five.officer, data_of(pack()))
    second = browser(second_officer(five))
    assert NOT_LOOKED_UP in text(second.get(where))
    assert NOT_LOOKED_UP in text(second.get(f"{where}/release"))
    record(five.officer, text=AFTER)  # from now on it can be
    assert NOT_LOOKED_UP not in text(second.get(where))
    assert "says so nowhere" in text(second.get(where))
    refused = second.post(f"{where}/release", follow=True)
    assert "findings that stand in the way: 1" in text(refused)


def test_a_pack_that_quotes_nothing_says_nothing_of_looking_up(five: Any) -> None:
    rows = [{**each, "quote": ""} for each in pack()["clauses"]]
    where = _reviewed(five.officer, data_of(pack(clauses=rows)))
    shown = text(browser(five.officer).get(where))
    assert "does not say where it stands" in shown
    assert "looked up" not in shown


def test_words_are_looked_up_in_the_editions_in_force_while_the_items_are(five: Any) -> None:
    from zonary.services.incentives.library.actions import Words, record_edition

    edition = record(five.officer, text=TEXT)
    words = Words(text=AFTER, issued_on=date(2026, 3, 1), first=date(2026, 3, 1), last=None, source="公报")
    record_edition(str(edition.document.public_id), words, by=five.officer, at=LATER)
    (item,) = pack()["items"]
    periods = {
        ("2026-01-01", None): "",
        ("2026-01-01", "2026-02-28"): "",
        ("2026-03-01", None): WRONG,
        ("2020-01-01", "2020-12-31"): WRONG,  # before any edition: the last one is looked at
    }
    client = browser(five.officer)
    for (first, last), said in periods.items():
        cases = [{**each, "day": first} for each in pack()["cases"]]
        dated = {**item, "first": first} | ({"last": last} if last else {})
        shown = text(client.get(propose(client, data_of(pack(items=[dated], cases=cases))).headers["location"]))
        assert ("says so nowhere" in shown) == bool(said), (first, last)
        assert said in shown


def test_a_table_that_a_program_proposes_is_asked_the_same(five: Any) -> None:
    record(five.officer, text=TEXT)
    table = {"kind": "fixed", "name": {"zh": "奖励金额", "en": "Reward"}, "article": "第二条", "quote": "奖励10万元",
             "unit": "万元", "gives": "10"}  # fmt: skip
    program = Caller(five.officer)
    draft = program("POST", "/rules/drafts?note=x", data_of(pack(tables=[table]))).json()["id"]
    found = program("GET", f"/rules/drafts/{draft}", Accept_Language="en").json()["findings"]
    wrong = [each for each in found if "says so nowhere" in each["reason"] or "全文没有这段文字" in each["reason"]]
    assert [(each["place"], each["is_blocking"]) for each in wrong] == [("奖励金额", True)]


def test_a_draft_that_cites_another_document_is_looked_up_there(five: Any) -> None:
    from zonary.services.incentives.editing import checks

    edition = record(five.officer, number="示范〔2026〕2号", text=TEXT)
    content = {"lists": [], "parameters": [], "points": [], "tables": [], **pack()}
    said = [str(each.reason) for each in checks.looked_at(content, LATER.date(), edition).findings]
    assert any(each.startswith(NOT_LOOKED_UP) for each in said), said
    record(five.officer, text=TEXT.replace("500人", "300人"))
    said = [str(each.reason) for each in checks.looked_at(content, LATER.date(), edition).findings]
    assert len([each for each in said if "says so nowhere" in each]) == 1, said


def test_a_long_text_that_is_quoted_often_is_looked_up_in_passing(five: Any) -> None:
    """No bound of time: looked up anew for each clause it would take minutes, and the suite would stop it."""
    from zonary.services.incentives.library.citing import looked_up

    lines = [f"第{index}条　上年度营业收入不低于{index}万元。" for index in range(1, 1000)]
    record(five.officer, text=("\n".join(lines) + "\n").ljust(190_000, "。"))
    clauses = [
        {"id": f"c{index}", "article": f"第{index % 999 + 1}条", "quote": "营业收入不低于1万元", "sentence": "x"}
        for index in range(2000)
    ]
    found = looked_up(json.dumps({"number": "示范〔2026〕1号", "clauses": clauses}))
    assert found is not None
    assert len(found) == 2000 - 3  # it stands in 第1条, which three of them cite
