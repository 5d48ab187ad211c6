"""The pages of rules, without JavaScript: an officer's way to a release, and what anybody reads."""

from __future__ import annotations

import base64
import hashlib
import html
from typing import Any

import pytest

pytest.importorskip("django", reason="pages need the [web] extra")

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.foundation.facts.stating import second_officer
from tests.foundation.facts.test_facts_pages import browser, text
from tests.foundation.rules.packs import data_of, pack

pytestmark = [
    pytest.mark.usefixtures("demo"),
    pytest.mark.parametrize("data", ["sqlite"], indirect=True),  # no database says what a page shows
]


def nobody() -> Any:
    from django.test import Client

    return Client(headers={"accept": "text/html", "accept-language": "en", "host": "127.0.0.1"})


def propose(client: Any, data: bytes) -> Any:
    return client.post("/rules/drafts/new", {"file": SimpleUploadedFile("pack.json", data), "note": "first"})


def test_a_whole_way_from_a_file_to_a_rule_that_decides(five: Any) -> None:
    first, second = browser(five.officer), browser(second_officer(five))
    assert "No rule has been released yet" in text(nobody().get("/rules/"))
    where = propose(first, data_of(pack())).headers["location"]
    own = text(first.get(where))
    assert "another officer has to release it" in own
    assert "Nothing stands in the way" in own
    assert "Release the rule pack" not in own
    other = text(second.get(where))
    assert "First a fair-competition review has to let it pass." in other
    for early in (first, second):  # the proposer, and before a review
        assert early.get(f"{where}/release").headers["location"] == where
    sent = second.post(f"{where}/review", {"conclusion": "passes", "grounds": "open to all alike"})
    assert sent.headers["location"] == where
    assert "open to all alike" in text(second.get(where))
    assert "A release is public and stays." in text(second.get(f"{where}/release"))
    refused = first.post(f"{where}/release", follow=True)
    assert "another officer has to release it" in text(refused)
    done = second.post(f"{where}/release")
    assert done.headers["location"] == "/rules/packs/rd-support/1"
    shown = text(nobody().get("/rules/packs/rd-support/1"))
    for words in (
        "上年度研发费用不低于100万元",
        "the figure for R&D spending in the previous year is at least 1,000,000 yuan",
        "示范〔2026〕1号 第二条第（一）项",
        "All of these:",
        "Compatible with fair competition",
        "an officer of the zone",
        "Cases: 4",
    ):
        assert words in shown, words
    assert "研发支持办法" in nobody().get("/rules/", headers={"accept-language": "zh"}).content.decode()
    content = nobody().get("/rules/packs/rd-support/1/pack.json")
    assert hashlib.sha256(content.content).hexdigest() in shown
    assert where in text(first.get("/rules/drafts"))
    assert "Release 1" in text(first.get(where))


def test_names_of_officers_are_shown_to_officers_alone(five: Any) -> None:
    from tests.foundation.rules.releasing import release

    from zonary.foundation.accounts.models import Person
    from zonary.foundation.ledger.guard import unrecorded

    release(five)
    name = "段有为"  # fictional
    with unrecorded("a name, for a test"):
        Person.objects.filter(public_id=five.officer.person).update(name=name)
    assert name in text(browser(five.officer).get("/rules/packs/rd-support/1"))
    assert name not in text(nobody().get("/rules/packs/rd-support/1"))


def test_anybody_has_the_receipt_once_it_is_published(five: Any, data: Any) -> None:
    from tests.foundation import zone_at_work
    from tests.foundation.rules.releasing import release

    from zonary.foundation.ledger.publishing import publish
    from zonary.foundation.ledger.sequencing import tick

    log = zone_at_work.start(data)
    made = release(five)
    early = nobody().get("/rules/packs/rd-support/1/receipt")
    assert early.status_code == 409
    tick(log, at=made.released_at)
    publish(log)
    receipt = nobody().get("/rules/packs/rd-support/1/receipt")
    assert receipt.status_code == 200
    assert receipt.content.startswith(b"c2sp.org/tlog-proof@v1")
    extra = next(line for line in receipt.content.decode().splitlines() if line.startswith("extra "))
    assert made.digest.encode() in base64.b64decode(extra.removeprefix("extra "))


def test_officers_find_packs_by_their_sentences_and_nobody_else_does(five: Any) -> None:
    from zonary.foundation.rules.search import SEARCHED

    where = propose(browser(five.officer), data_of(pack())).headers["location"]
    draft = where.rpartition("/")[2]
    (indexed,) = SEARCHED["rules"].texts([draft])
    assert "上年度研发费用不低于100万元" in indexed.texts
    assert indexed.scopes == {"officers"}
    from tests.five_accounts import AT

    assert SEARCHED["rules"].show(five.officer, [draft], AT)[draft].address == where
    assert SEARCHED["rules"].show(five.owner, [draft], AT) == {}


def test_findings_stand_on_the_draft(five: Any) -> None:
    client = browser(five.officer)
    where = propose(client, data_of(pack(cases=[]))).headers["location"]
    shown = text(client.get(where))
    assert "Stands in the way of the release" in shown
    assert "has no test case" in shown


@pytest.mark.parametrize("sent", [b"{", b"\xff", data_of(pack(surprise=1))], ids=["no JSON", "no text", "unknown"])
def test_a_file_that_is_no_pack_is_refused_on_the_form(five: Any, sent: bytes) -> None:
    answer = propose(browser(five.officer), sent)
    assert answer.status_code == 422
    assert "cannot be read" in text(answer)


def test_who_is_no_officer_finds_no_drafts(five: Any) -> None:
    where = propose(browser(five.officer), data_of(pack())).headers["location"]
    for who in (five.owner, five.rival, five.outsider):
        client = browser(who)
        for path in ("/rules/drafts", "/rules/drafts/new", "/rules/drafts/shipped/tech-sme"):
            refused = client.get(path)
            assert refused.status_code == 403, path
            assert "Released rules are open to everybody under “Rules”." in text(refused)  # where to go instead
        for path in (where, f"{where}/release", f"{where}/withdraw"):
            assert client.get(path).status_code == 404, path
        assert client.post(f"{where}/review", {"conclusion": "passes", "grounds": "x"}).status_code == 404
    assert nobody().get("/rules/drafts").status_code == 302  # to sign in
    assert nobody().get("/rules/packs/rd-support/1").status_code == 404


def test_a_draft_is_withdrawn_with_a_reason(five: Any) -> None:
    client = browser(five.officer)
    where = propose(client, data_of(pack())).headers["location"]
    assert client.post(f"{where}/withdraw", {"reason": ""}).status_code == 422
    assert client.post(f"{where}/withdraw", {"reason": "a slip"}).headers["location"] == where
    assert "Withdrawn" in text(client.get(where))


def test_a_pack_that_comes_with_the_program_is_taken_up(five: Any) -> None:
    from zonary.foundation.rules.offered import offered_packs

    client, offered = browser(five.officer), offered_packs()[0]
    path = f"/rules/drafts/shipped/{offered.shape.id}"
    assert path in text(client.get("/rules/drafts"))
    where = client.post(path, {"note": "as shipped"}).headers["location"]
    assert offered.shape.title.en in text(client.get(where))
    assert path not in text(client.get("/rules/drafts"))
    assert "already, exactly as it comes" in text(client.post(path, {"note": "again"}))


def test_every_pack_that_comes_with_the_program_is_shown_whole(five: Any) -> None:
    """Whatever kind of table, list or condition it has, in both languages."""
    from django.template.loader import render_to_string

    from zonary.common.language import speaking
    from zonary.engines.clauses.packs.writing import canonical
    from zonary.foundation.rules.loaded import _read
    from zonary.foundation.rules.offered import offered_packs
    from zonary.foundation.rules.shown import shown

    for offered in offered_packs():
        read = _read(canonical(offered.shape))
        for language in ("zh", "en"):
            with speaking(language):
                page = html.unescape(render_to_string("rules/_pack.html", {"pack": shown(read)}))
            named = [each.sentence for each in offered.shape.clauses]
            named += [each.name for each in offered.shape.parameters]
            named += [each.title.zh if language == "zh" else each.title.en for each in offered.shape.items]
            named += [each.name.zh if language == "zh" else each.name.en for each in offered.shape.tables]
            assert [each for each in named if each not in page] == [], offered.shape.id


def test_waiting_packs_wait_for_who_may_release_them(five: Any) -> None:
    from zonary.portal.waiting import tasks

    second = second_officer(five)
    propose(browser(five.officer), data_of(pack()))
    assert [each.count for each in tasks(second) if each.address == "/rules/drafts"] == [1]
    assert [each for each in tasks(five.officer) if each.address == "/rules/drafts"] == []
    assert [each for each in tasks(five.owner) if each.address == "/rules/drafts"] == []
