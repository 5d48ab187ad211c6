"""What evidence is about: wherever its receipt is shown, it says what evidence is not."""

from __future__ import annotations

import hashlib
import html
from typing import Any

import pytest

pytest.importorskip("django", reason="pages need the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.foundation import zone_at_work

ZH, EN = "存证不等于专利申请", "Evidence is not a patent application."
CODE = "not-a-patent-application"


@pytest.fixture
def at_work(demo: None, data: Any) -> None:
    zone_at_work.start(data)


def _register(call: Caller, subject: str, number: int = 1) -> str:
    digests = {"sha256": f"{number:064x}", "sm3": f"{number:064x}"}
    description = {"title": f"图纸 {number}", "subject": subject}
    made = call("POST", "/evidence", {"digest": digests, "description": description})
    assert made.status_code == 201, made.content
    return str(made.json()["id"])


def _page(client: Any, path: str, language: str = "zh") -> str:
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize("subject", ["idea", "invention", "design", "trade-secret", ""])
def test_every_receipt_says_it_is_no_patent_application(five: Any, at_work: Any, subject: str) -> None:
    call, client = Caller(five.owner), browser(five.owner)
    record = _register(call, subject)
    assert ZH in _page(client, f"/evidence/{record}")
    assert EN in _page(client, f"/evidence/{record}", "en")
    assert ZH in _page(client, f"/evidence/?digest={1:064x}")
    for receipt in (call("GET", f"/evidence/{record}"), call("GET", f"/evidence/{record}", Accept_Language="en")):
        assert [each["code"] for each in receipt.json()["notices"]] == [CODE]
    assert receipt.json()["notices"][0]["text"] == EN
    assert call("GET", f"/evidence?sha256={1:064x}").json()["items"][0]["notices"][0]["code"] == CODE


@pytest.mark.parametrize("subject", ["mark", "contract", "infringement"])
def test_where_there_is_nothing_to_patent_it_is_not_said(five: Any, at_work: Any, subject: str) -> None:
    call = Caller(five.owner)
    record = _register(call, subject)
    assert call("GET", f"/evidence/{record}").json()["notices"] == []
    assert ZH not in _page(browser(five.owner), f"/evidence/{record}")


def test_a_record_without_description_says_it_too(five: Any, at_work: Any) -> None:
    call = Caller(five.owner)
    made = call("POST", "/evidence", {"digest": {"sha256": "1" * 64, "sm3": "2" * 64}}).json()
    assert (made["subject"], [each["code"] for each in made["notices"]]) == ("", [CODE])
    assert ZH in _page(browser(five.owner), f"/evidence/{made['id']}")


def test_no_page_speaks_of_a_priority_certificate(five: Any) -> None:
    """优先权证明文件 is a document of the patent office; nothing here is one (domain notes)."""
    from zonary.services.evidence.words import WORDS

    assert not [text for pair in WORDS.items() for text in pair if "优先权" in text or "priority" in text.lower()]


def test_the_digest_of_a_description_without_subject_is_as_it_was() -> None:
    from zonary.services.evidence.rules import Description

    said = Description(title="a", note="b")
    assert said.sha256() != Description(title="a", note="b", subject="idea").sha256()

    assert said.sha256() == hashlib.sha256(b'{"note":"b","title":"a"}').hexdigest()
