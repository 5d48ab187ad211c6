"""The pages, without JavaScript, by Django's client: what each of the five sees, and whole ways through forms."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import Any

import pytest

pytest.importorskip("django", reason="pages need the [web] extra")

from tests.foundation.facts.stating import declare, everyone, record, second_officer

CLAIM = {"indicator": "revenue", "value": "12.5", "unit": "wan-yuan", "period": "2025"}
OFFICERS = CLAIM | {"source_kind": "officer", "source": "visit", "consent_not_needed": "statutory"}
FAR = "2099-12-31"


pytestmark = pytest.mark.usefixtures("demo")


def browser(standing: Any) -> Any:
    """Signed in and acting for whom ``standing`` does, in English."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.test import Client

    from zonary.foundation.accounts.models import Person
    from zonary.foundation.organizations.standing import ACTS_FOR

    client = Client(headers={"accept": "text/html", "accept-language": "en"})
    person = Person.objects.get(public_id=standing.person)
    session = client.session
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session[ACTS_FOR] = standing.organisation
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_a_whole_way_state_dispute_answer(five: Any) -> None:
    own, officer, other = browser(five.owner), browser(five.officer), browser(second_officer(five))
    sent = own.post("/facts/new", CLAIM)
    assert (sent.status_code, sent.headers["location"]) == (302, "/facts/")
    shown = text(own.get("/facts/"))
    assert "125,000.00 yuan" in shown
    assert "Stated by the enterprise" in shown
    enterprise = five.enterprise.public_id
    assert officer.post(f"/facts/of/{enterprise}/record", OFFICERS | {"indicator": "tax-paid"}).status_code == 302
    fact = newest()
    page = text(own.get(f"/facts/{fact.public_id}"))
    assert str(fact.entry) in page
    assert f"/facts/{fact.public_id}/dispute" in page
    assert own.post(f"/facts/{fact.public_id}/dispute", {"reason": "<b>no</b>", "ought": "9"}).status_code == 302
    assert "Disputed" in text(own.get("/facts/"))
    waiting = officer.get("/facts/disputes")
    assert b"&lt;b&gt;no&lt;/b&gt;" in waiting.content
    dispute = fact.disputes.get().public_id
    answer = OFFICERS | {"outcome": "upheld", "answer": "so it is", "value": "9"}
    refused = officer.post(f"/facts/disputes/{dispute}", answer)
    assert refused.status_code == 422
    assert "Another officer can" in text(refused)
    assert other.post(f"/facts/disputes/{dispute}", answer).status_code == 302
    assert "Upheld" in text(own.get(f"/facts/disputes/{dispute}"))
    assert "so it is" in text(own.get(f"/facts/{newest().public_id}"))


def newest() -> Any:
    from zonary.foundation.facts.models import Fact

    return Fact.objects.latest("id")


def test_a_reading_asks_what_for_and_the_enterprise_sees_it(five: Any) -> None:
    record(five)
    own, officer, rival = browser(five.owner), browser(five.officer), browser(five.rival)
    assert "精工" in text(officer.get("/facts/find?q=精工"))
    address = f"/facts/of/{five.enterprise.public_id}"
    assert "1,234,567,800.00" not in text(officer.get(address))
    assert officer.post(address, {"purpose": ""}).status_code == 422
    read = officer.post(address, {"purpose": "policy", "occasion": "case 7"})
    assert "1,234,567,800.00 yuan" in text(read)
    listed = text(own.get("/facts/readings"))
    assert "case 7" in listed
    assert "示例片区管委会" in listed
    assert rival.get(address).status_code == 404
    shared = {"recipient": "91430100MA4L9ABC2E", "purpose": "finance", "until": FAR, "indicators": ["revenue"]}
    assert own.post("/facts/shares", shared | {"recipient": "nobody"}).status_code == 422
    assert own.post("/facts/shares", shared).status_code == 302
    assert "精工" in text(rival.get("/facts/received"))
    assert rival.post(address, {"purpose": "policy"}).status_code == 422
    assert "1,234,567,800.00 yuan" in text(rival.post(address, {"purpose": "finance"}))
    share = share_id()
    assert rival.post(f"/facts/shares/{share}/end").status_code == 404
    assert own.post(f"/facts/shares/{share}/end").status_code == 302
    assert rival.get(address).status_code == 404


def share_id() -> str:
    from zonary.foundation.facts.models import ProfileShare

    return str(ProfileShare.objects.get().public_id)


def test_consent_is_given_and_withdrawn(five: Any) -> None:
    from zonary.foundation.facts.models import Consent

    own = browser(five.owner)
    assert own.post("/facts/consents", {"indicators": ["revenue"], "until": FAR}).status_code == 302
    consent = Consent.objects.get()
    assert str(consent.public_id) in text(own.get("/facts/consents"))
    address = f"/facts/consents/{consent.public_id}/withdraw"
    assert own.post(address, {"reason": ""}).status_code == 422
    assert browser(five.rival).post(address, {"reason": "x"}).status_code == 404
    assert own.post(address, {"reason": "no longer"}).status_code == 302
    assert address not in text(own.get("/facts/consents"))


def test_a_correction_and_a_slip_on_a_form(five: Any) -> None:
    fact, own = declare(five), browser(five.colleague)
    address = f"/facts/{fact.public_id}/correct"
    assert 'value="123456780000"' in own.get(address).content.decode()
    refused = own.post(address, CLAIM | {"value": "12,5", "reason": "slip"})
    assert refused.status_code == 422
    assert "“12,5” is no number" in text(refused)
    assert own.post(address, CLAIM | {"reason": "slip"}).status_code == 302
    history = text(own.get(f"/facts/{fact.public_id}"))
    assert "Superseded" in history
    assert "125,000.00 yuan" in history


def test_each_of_the_five_at_every_page(five: Any) -> None:
    from django.test import Client

    declared, recorded = declare(five), record(five)
    enterprise = five.enterprise.public_id
    ours = {"owner", "colleague"}
    pages: dict[str, set[str]] = {
        f"/facts/{declared.public_id}": ours,
        f"/facts/{recorded.public_id}": ours | {"officer"},
        f"/facts/{declared.public_id}/correct": ours,
        f"/facts/{recorded.public_id}/correct": {"officer"},
        f"/facts/{declared.public_id}/dispute": ours,
        f"/facts/of/{enterprise}": {"officer"},
        f"/facts/of/{enterprise}/record": {"officer"},
        "/facts/find": {"officer"},
        "/facts/disputes/none": set(),
    }
    browsers = {name: browser(reader) for name, reader in everyone(five).items()}
    for path, seers in pages.items():
        for name, client in browsers.items():
            assert client.get(path).status_code == (200 if name in seers else 404), (name, path)
        anonymous = Client(headers={"accept": "text/html", "host": "127.0.0.1"}).get(path)
        assert anonymous.status_code == 302, anonymous.content
    for path in ("readings", "consents", "shares", "received", "disputes", "new", "export.csv"):
        for name, client in browsers.items():
            answer = client.get(f"/facts/{path}")
            assert answer.status_code == 200, (name, path)
            shown = b"".join(answer) if answer.streaming else answer.content
            assert (b"revenue" in shown and path == "export.csv") is (path == "export.csv" and name in ours)
    assert browsers["officer"].get("/facts/").headers["location"] == "/facts/find"
    assert browsers["outsider"].post("/facts/new", CLAIM).status_code == 422


def test_an_officer_imports_a_file_and_is_told_what_is_wrong(five: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    def send(client: Any, content: bytes) -> Any:
        file = SimpleUploadedFile("../facts.csv", content)
        return client.post("/facts/import", {"file": file, "source": "yearbook", "consent_not_needed": "published"})

    lines = ["统一社会信用代码,指标,数值,单位,所属期,使用范围"]
    lines += [
        f"{five.enterprise.uscc},营业收入,12.5,万元,2025,融资、统计分析",
        f"{five.enterprise.uscc},从业人员,many,,2025,",
    ]
    officer = browser(five.officer)
    done = text(send(officer, "\n".join(lines).encode("utf-8-sig")))
    assert "Recorded: 1. Here already: 0. Refused: 1." in done
    assert "“many” is no number" in done
    fact = newest()
    assert (fact.value, fact.use_limit, fact.source) == ("12500000", ["statistics", "finance"], "yearbook")
    assert "Here already: 1" in text(send(officer, "\n".join(lines).encode("gb18030")))
    for wrong in (b"", b"PK\x03\x04rubbish", b"a,b\n1,2\n"):
        assert send(officer, wrong).status_code == 422
    for name in ("owner", "rival", "outsider"):
        assert send(browser(everyone(five)[name]), b"x").status_code == 404


def test_the_table_cannot_be_a_formula(five: Any) -> None:
    declare(five, indicator="main-products", value='=HYPERLINK("http://evil.example")', unit="")
    rows = list(csv.reader(io.StringIO(b"".join(browser(five.owner).get("/facts/export.csv")).decode("utf-8-sig"))))
    assert rows[1][2].startswith("'=HYPERLINK")


def test_pages_are_whole_in_chinese(five: Any) -> None:
    fact, own = record(five), browser(five.owner)
    for path in ("", "readings", "consents", "shares", "received", "disputes", "new", str(fact.public_id)):
        shown = text(own.get(f"/facts/{path}", headers={"accept-language": "zh-CN"}))
        assert '<html lang="zh-Hans">' in shown or 'lang="zh' in shown
        assert "营业收入" in shown or path in ("readings", "received", "disputes")


def test_a_long_profile_is_shown_page_by_page_and_every_fact_once(five: Any) -> None:
    stated = {str(declare(five, period=f"{1960 + number}").public_id) for number in range(60)}
    own, where, seen = browser(five.owner), "/facts/", list[str]()
    while where:
        page = own.get(where).content.decode()
        seen += re.findall(r'href="/facts/([0-9a-f-]{36})"', page)
        following = re.search(r'href="(\?cursor=[^"]+)"', page)
        where = f"/facts/{html.unescape(following[1])}" if following else ""
    assert sorted(seen) == sorted(stated)
