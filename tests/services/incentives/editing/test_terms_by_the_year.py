"""What a document asks by the year is one button away in a draft that was begun before it was offered, or taken up."""

from __future__ import annotations

import html
import json
from datetime import date
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.five_accounts import browser
from tests.services.incentives.documents import record
from tests.services.incentives.editing.test_editor import CLAUSE, Editor
from tests.services.incentives.editing.test_next_edition import released, text_with_quotations

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.parametrize("data", ["sqlite"], indirect=True)]
__all__ = ["released"]
TEXT = "稳岗补贴办法\n第一条　上年度从业人员不少于20人。"
SENTENCE = "上年度从业人员不少于20人"
OFFERED = "Asked by the year in this document"


@pytest.fixture
def editor(five: Any) -> Editor:
    """A draft as it was begun before such terms were looked for."""
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.services.incentives.editing.models import WorkingDraft

    made = Editor(five.officer, record(five.officer, "示范〔2026〕7号", TEXT))
    content = made.content() | {"terms": []}
    with unrecorded("an earlier draft, for a test"):
        WorkingDraft.objects.filter(pk=made.draft().pk).update(content=json.dumps(content, ensure_ascii=False))
    return made


def test_an_earlier_draft_gets_its_yearly_term_by_one_button(editor: Editor) -> None:
    cited = {**CLAUSE, "article": "第一条", "quote": SENTENCE}
    assert "error-summary" in editor.post("clauses", 422, **cited, sentence=SENTENCE)
    assert OFFERED in editor.get("words")
    shown = editor.post("words", do="by-year", row="staff")
    assert "The term is there." in shown
    assert OFFERED not in shown
    assert [(each["id"], each["annual"]) for each in editor.content()["terms"]] == [("staff", True)]
    editor.post("clauses", **cited, sentence=SENTENCE)
    assert editor.content()["clauses"][0]["sentence"] == SENTENCE


def test_what_would_break_a_clause_is_refused_and_nothing_is_kept(editor: Editor) -> None:
    editor.post("clauses", **CLAUSE, sentence="从业人员不超过500人")
    version = editor.version()
    assert "alert-danger" in editor.post("words", do="by-year", row="staff")
    assert (editor.content()["terms"], editor.version()) == ([], version)
    assert "alert-danger" in editor.post("words", do="by-year", row="revenue")  # nothing of that name is offered
    assert editor.version() == version


def test_released_rules_that_are_taken_up_are_offered_it_too(five: Any, released: Any) -> None:
    from zonary.services.incentives.editing.checks import terms_to_add
    from zonary.services.incentives.editing.models import WorkingDraft

    assert released.number == 1
    text = text_with_quotations() + "\n第九十九条　上年度参保人数不少于20人。"
    edition = record(five.officer, "国科发政〔2017〕115号", text)
    client = browser(five.officer)
    sent = {"edition": str(edition.public_id), "first": date(2027, 1, 1).isoformat()}
    where = client.post("/incentives/editor/again/tech-sme", sent).headers["location"].rpartition("/")[0]
    shown = html.unescape(client.get(f"{where}/words", headers={"accept-language": "en"}).content.decode())
    content = json.loads(WorkingDraft.objects.get(public_id=where.rpartition("/")[2]).content)
    offered = [each["id"] for each in terms_to_add(content, text)]
    assert offered == ["insured-staff"]
    assert OFFERED in shown
    client.post(f"{where}/words", {"do": "by-year", "row": offered[0], "version": 1})
    content = json.loads(WorkingDraft.objects.get(public_id=where.rpartition("/")[2]).content)
    assert offered[0] in [each["id"] for each in content["terms"]]
