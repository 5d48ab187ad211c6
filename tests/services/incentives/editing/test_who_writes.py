"""Whose the editor is: others are told so, and where else to look; officers read its headings in their language."""

from __future__ import annotations

import html
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.five_accounts import browser
from tests.services.incentives.documents import record
from tests.services.incentives.editing.test_editor import BEGIN, TEXT, Editor

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.parametrize("data", ["sqlite"], indirect=True)]


@pytest.fixture
def editor(five: Any) -> Editor:
    return Editor(five.officer, record(five.officer, "示范〔2026〕7号", TEXT))


@pytest.mark.parametrize("who", ["owner", "outsider"])
def test_who_is_no_officer_writes_no_rules(editor: Editor, five: Any, who: str) -> None:
    client = browser(getattr(five, who))
    refused = client.get("/incentives/editor/", headers={"accept": "text/html", "accept-language": "en"})
    assert refused.status_code == 403
    assert "Only officers of the zone write rules." in html.unescape(refused.content.decode())
    assert "under “Policy documents”" in html.unescape(refused.content.decode())  # where to go instead
    assert client.get(f"/incentives/editor/begin/{editor.draft().edition.public_id}").status_code == 403
    for part in ("clauses", "check", "items", "words", "tables", "tables/0.xlsx", "table?kind=rows", "table/look",
                 "cases", "propose"):  # fmt: skip
        assert client.get(f"{editor.where}/{part}").status_code in (404, 405)
        assert client.post(f"{editor.where}/{part}", {"version": 1}).status_code in (404, 405)


def test_an_officer_who_may_only_look_is_told_who_writes(editor: Editor, five: Any) -> None:
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.foundation.organizations.models import Membership

    with unrecorded("another role, for a test"):
        person = Person.objects.get(public_id=five.officer.person)
        Membership.objects.filter(person=person).update(role="viewer")
    refused = editor.client.get("/incentives/editor/", headers={"accept": "text/html", "accept-language": "en"})
    assert refused.status_code == 403
    shown = html.unescape(refused.content.decode())
    assert "Rules are written by owners and agents of the zone authority; you may look only." in shown
    drafts = editor.client.get("/rules/drafts", headers={"accept": "text/html", "accept-language": "en"})
    assert drafts.status_code == 403
    assert "Drafts of rules are for owners and agents of the zone authority" in html.unescape(drafts.content.decode())


def test_the_heading_is_in_the_readers_language(editor: Editor) -> None:
    titled = {"en": BEGIN["title_english"], "zh": editor.draft().title}
    for language, title in titled.items():
        shown = html.unescape(
            editor.client.get(f"{editor.where}/clauses", headers={"accept-language": language}).content.decode()
        )
        assert f"<title>{title}" in shown.replace("\n", "")
        assert title in shown.partition("<h1")[2].partition("</h1>")[0]
