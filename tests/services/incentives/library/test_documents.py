"""Policy documents: recorded by officers, read and found by everybody, cited down to the quoted words."""

from __future__ import annotations

import hashlib
import html
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.services.incentives.documents import LATER, NUMBER, TEXT, record

FORM = {
    "number": NUMBER,
    "title": "研发支持办法",
    "title_english": "Measures to support research",
    "issuer": "示例管委会",
    "text": TEXT.replace("\n", "\r\n"),
    "issued_on": "2026-01-01",
    "source": "公报 2026 年第 1 期",
}
BODY = {**FORM, "text": TEXT}
ON_SQLITE = pytest.mark.parametrize("data", ["sqlite"], indirect=True)

pytestmark = pytest.mark.usefixtures("demo")


def page(client: Any, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return html.unescape(answer.content.decode())


def count() -> int:
    from zonary.services.incentives.library.models import PolicyDocument

    return int(PolicyDocument.objects.count())


@ON_SQLITE
def test_an_officer_pastes_a_document_and_a_passer_by_reads_it(five: Any) -> None:
    answer = browser(five.officer).post("/incentives/documents/new", FORM)
    assert answer.status_code == 302, html.unescape(answer.content.decode())
    where = answer.headers["location"]
    shown = page(browser(None), where)
    assert 'id="art-2-1"' in shown
    assert "现行有效" in shown or "in force" in shown
    bytes_ = browser(None).get(f"{where}/1.txt")
    assert bytes_.content.decode() == TEXT  # line ends as a browser sends them are not kept
    assert hashlib.sha256(bytes_.content).hexdigest() in shown


@ON_SQLITE
def test_a_file_is_as_good_as_what_is_pasted(five: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = browser(five.officer)
    file = SimpleUploadedFile("a.txt", b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert client.post("/incentives/documents/new", FORM | {"text": "", "file": file}).status_code == 302
    second = {"number": "示范〔2026〕2号", "text": ""}
    wrong = SimpleUploadedFile("b.txt", TEXT.encode("gb18030"))
    refused = client.post("/incentives/documents/new", FORM | second | {"file": wrong})
    assert refused.status_code == 422
    assert "UTF-8" in refused.content.decode()
    both = SimpleUploadedFile("c.txt", TEXT.encode())
    assert client.post("/incentives/documents/new", FORM | {"number": "x", "file": both}).status_code == 422
    assert count() == 1


@ON_SQLITE
def test_who_is_no_officer_records_nothing(five: Any) -> None:
    from zonary.foundation.organizations.permissions import NotAllowedError

    document = record(five.officer).document.public_id
    for who in (five.owner, five.rival, five.outsider):
        client = browser(who)
        for path in ("new", f"{document}/edition", f"{document}/repeal"):
            assert client.get(f"/incentives/documents/{path}").status_code == 403
            assert client.post(f"/incentives/documents/{path}", FORM).status_code == 403
        with pytest.raises(NotAllowedError):
            record(who, "示范〔2026〕9号")
    assert count() == 1


def test_two_characters_find_the_document_and_its_paragraph(five: Any) -> None:
    record(five.officer)
    record(five.officer, "示范〔2026〕2号", "第一条　本办法支持外贸。", first=date(2026, 1, 1))
    shown = page(browser(None), "/incentives/documents/?" + urlencode({"q": "从业"}))
    assert "/1#art-2-2" in shown
    assert "<mark>从业</mark>人员不超过500人" in shown
    assert "示范〔2026〕2号" not in shown
    nothing = page(browser(None), "/incentives/documents/?" + urlencode({"q": "海关"}))
    assert "hit-title" not in nothing
    assert browser(None).get("/incentives/documents/?q=x").status_code == 422
    found = Caller(five.owner)("GET", "/search?" + urlencode({"q": "研发费用"})).json()["items"]
    assert [each["kind"] for each in found] == ["policy-documents"]
    api = Caller(five.owner)("GET", "/incentives/documents?" + urlencode({"q": "外贸"})).json()["items"]
    assert [(each["number"], each["anchor"]) for each in api] == [("示范〔2026〕2号", "art-1")]


@ON_SQLITE
def test_a_later_edition_decides_from_its_day_on_and_the_earlier_one_stays(five: Any) -> None:
    from zonary.services.incentives.library.actions import Words, record_edition
    from zonary.services.incentives.library.permissions import DocumentStateError
    from zonary.services.incentives.library.queries import document_of, edition_in_force

    first = record(five.officer)
    changed = Words(text=TEXT.replace("500人", "800人"), issued_on=date(2026, 6, 1), first=date(2026, 7, 1), last=None,
                    source="公报")  # fmt: skip
    id = str(first.document.public_id)
    second = record_edition(id, changed, by=five.officer, at=LATER)
    with pytest.raises(DocumentStateError, match="very words"):
        record_edition(id, changed, by=five.officer, at=LATER)
    document = document_of(id)
    assert document is not None
    days = {"2026-06-30": 1, "2026-07-01": 2}
    for day, number in days.items():
        found = edition_in_force(document, date.fromisoformat(day))
        assert found is not None
        assert found.number == number
    assert "800人" in page(browser(None), f"/incentives/documents/{id}")
    assert "500人" in page(browser(None), f"/incentives/documents/{id}/1")
    from django.db import DatabaseError, connection, transaction

    from zonary.foundation.ledger.guard import unrecorded

    # Not even whoever is at the database changes it by a slip.
    with pytest.raises(DatabaseError), transaction.atomic(), unrecorded("a test"):
        connection.cursor().execute("UPDATE incentives_library_policyedition SET text = 'x'")
    assert second.digest != first.digest


@ON_SQLITE
def test_repeals_are_shown_from_both_sides_and_never_in_a_circle(five: Any) -> None:
    old, new = record(five.officer), record(five.officer, "示范〔2026〕2号", "第一条　废止旧办法。")
    newest = record(five.officer, "示范〔2026〕3号", "第一条　再次废止。")
    ids = [str(each.document.public_id) for each in (old, new, newest)]
    officer = browser(five.officer)
    form = {"since": "2026-02-01", "reason": "第一条", "articles": ""}
    assert officer.post(f"/incentives/documents/{ids[0]}/repeal", form | {"by_document": ids[1]}).status_code == 302
    assert officer.post(f"/incentives/documents/{ids[1]}/repeal", form | {"by_document": ids[2]}).status_code == 302
    circle = officer.post(f"/incentives/documents/{ids[2]}/repeal", form | {"by_document": ids[0]})
    assert circle.status_code == 422
    assert "cannot repeal one that repealed it" in html.unescape(
        circle.content.decode()
    ) or "不能废止" in html.unescape(circle.content.decode())
    again = officer.post(f"/incentives/documents/{ids[0]}/repeal", form | {"by_document": ids[2]})
    assert again.status_code == 422
    before, after = (page(browser(None), f"/incentives/documents/{each}") for each in (ids[2], ids[0]))
    assert before.index(NUMBER) < before.index("<strong>示范〔2026〕3号</strong>")
    assert after.index(f"<strong>{NUMBER}</strong>") < after.rindex("示范〔2026〕3号")
    assert "alert-warning" in after
    listed = page(browser(None), "/incentives/documents/")
    assert listed.count("state-good") == 1


@ON_SQLITE
def test_single_articles_are_repealed_and_one_that_is_not_there_is_refused(five: Any) -> None:
    edition = record(five.officer)
    id = edition.document.public_id
    call = Caller(five.officer)
    body = {"since": "2026-02-01", "reason": "修改决定"}
    made = call("POST", f"/incentives/documents/{id}/repeals", body | {"articles": "第二条第（一）项、第三条"})
    assert made.status_code == 201, made.content
    wrong = call("POST", f"/incentives/documents/{id}/repeals", body | {"articles": "第二条第（九）项"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")
    assert "第二条第（九）项" in wrong.json()["detail"]
    shown = page(browser(None), f"/incentives/documents/{id}")
    assert shown.count(" repealed") >= 2
    assert call("GET", f"/incentives/documents/{id}").json()["in_force"] == 1


@ON_SQLITE
def test_a_citation_leads_to_the_quoted_words_and_says_when_they_do_not_stand_there(five: Any) -> None:
    record(five.officer)
    client = browser(None)

    def follow(**asked: str) -> str:
        answer = client.get("/incentives/documents/cite?" + urlencode({"number": NUMBER, **asked}))
        assert answer.status_code == 302
        return page(client, answer.headers["location"].partition("#")[0])

    right = follow(article="第二条第（二）项", quote="从业人员不超过500人")
    assert '<mark id="quoted">从业人员不超过500人</mark>' in right
    elsewhere = follow(article="第三条", quote="从业人员不超过500人")
    assert "第二条第（二）项" in elsewhere
    assert "alert-warning" in elsewhere
    missing = follow(article="第二条", quote="从业人员不超过900人")
    assert "alert-danger" in missing
    unknown = client.get("/incentives/documents/cite?" + urlencode({"number": "无〔2026〕9号"}))
    assert unknown.status_code == 404
    assert "无〔2026〕9号" in unknown.content.decode()


@ON_SQLITE
def test_the_api_says_the_same_and_needs_no_token_to_read(five: Any) -> None:
    from django.test import Client

    call = Caller(five.officer)
    made = call("POST", "/incentives/documents", BODY, Idempotency_Key="d-1")
    assert made.status_code == 201, made.content
    assert call("POST", "/incentives/documents", BODY, Idempotency_Key="d-1").json() == made.json()
    assert call("POST", "/incentives/documents", BODY).json()["code"] == "wrong-state"
    id = made.json()["id"]
    read = Client().get(f"/api/v1/incentives/documents/{id}/editions/1").json()
    assert read["text"] == TEXT
    assert hashlib.sha256(read["text"].encode()).hexdigest() == read["sha256"]
    part = next(each for each in read["articles"] if each["anchor"] == "art-2-1")
    assert read["text"][part["start"] : part["end"]].startswith("（一）上年度研发费用")
    assert part["label"] == "第二条第（一）项"
    assert Caller(five.owner)("POST", "/incentives/documents", BODY | {"number": "x"}).status_code == 403
    for wrong in ({"issued_on": "2026-02-30"}, {"text": "a\x00b"}, {"last": "2025-01-01"}, {"nonsense": "1"}):
        answer = call("POST", "/incentives/documents", BODY | {"number": "y"} | wrong)
        assert answer.status_code == 422, wrong
    assert count() == 1


@ON_SQLITE
def test_what_is_recorded_is_in_the_ledger_by_its_digest(five: Any) -> None:
    from tests.foundation import zone_at_work

    edition = record(five.officer)
    acts = zone_at_work.acts("library.edition.recorded")
    assert [each["text_sha256"] for each in acts] == [hashlib.sha256(TEXT.encode()).hexdigest()]
    assert edition.recorded_at - LATER < timedelta(seconds=1)
