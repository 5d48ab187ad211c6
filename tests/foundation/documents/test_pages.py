"""The pages of documents, as each of the five sees them, without JavaScript."""

from __future__ import annotations

import html
from typing import Any

import pytest

pytest.importorskip("django", reason="pages need the [web] extra")

from tests.five_accounts import browser
from tests.foundation.documents.arriving import TEXT, bring


def _text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def _file(body: bytes = TEXT, name: str = "合同.txt") -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, body)


def _here() -> Any:
    from zonary.common.clock import now

    return now()


def test_adding_sharing_fetching_erasing_by_forms_alone(five: Any, demo: Any) -> None:
    from zonary.foundation.documents.models import Document, DocumentGrant
    from zonary.foundation.documents.uploads import remove_unreferenced

    owner, rival = browser(five.owner), browser(five.rival)
    assert owner.post("/documents/new", {"title": "x", "kind": "contract"}).status_code == 422  # no file
    made = owner.post("/documents/new", {"file": _file(), "title": "供货合同", "kind": "contract"})
    assert made.status_code == 302
    place = made["Location"]
    assert "供货合同" in _text(owner.get("/documents/"))
    assert owner.post(f"/documents/new?document={Document.objects.get().public_id}", {"file": _file(b"%PDF-1.7 2")})
    page = _text(owner.get(place))
    assert "application/pdf" in page
    assert "合同.txt" in page
    assert rival.get(place).status_code == 404
    wrong = owner.post(f"{place}/share", {"uscc": "91430100MA4L0000XX"})
    assert wrong.status_code == 422
    assert owner.post(f"{place}/share", {"uscc": five.competitor.uscc}).status_code == 302
    assert b"".join(rival.get(f"{place}/versions/1/content")) == TEXT
    assert "远航重工" in _text(owner.get(place))
    assert "与您共享" in _text(rival.get("/documents/")) or "Shared with you" in _text(rival.get("/documents/"))
    grant = DocumentGrant.objects.get().public_id
    assert rival.post(f"/documents/shares/{grant}/end").status_code == 404
    assert owner.post(f"/documents/shares/{grant}/end").status_code == 302
    assert rival.get(place).status_code == 404
    assert owner.post(f"{place}/versions/1/erase", {"reason": ""}).status_code == 422
    assert owner.post(f"{place}/versions/1/erase", {"reason": "被取代"}).status_code == 302
    assert owner.get(f"{place}/versions/1/content").status_code == 404
    assert remove_unreferenced(at=_here()) == 1


@pytest.mark.parametrize("who", ["rival", "officer", "outsider"])
def test_ids_of_others_lead_nowhere(five: Any, demo: Any, who: str) -> None:
    document = bring(five.owner, at=_here()).document.public_id
    client = browser(getattr(five, who))
    for path in (f"{document}", f"{document}/share", f"{document}/versions/1/content", f"new?document={document}"):
        assert client.get(f"/documents/{path}").status_code == 404, path
    for path in (f"{document}/share", f"{document}/versions/1/erase"):
        assert client.post(f"/documents/{path}", {"reason": "x", "uscc": "x"}).status_code == 404, path
    assert "合同" not in _text(client.get("/documents/")).split("<main", 1)[1]
    for nonsense in ("x", "00000000-0000-0000-0000-000000000000", str(document).upper(), "%2e%2e"):
        assert client.get(f"/documents/{nonsense}").status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_hostile_name_is_text_on_every_page(five: Any, demo: Any, language: str) -> None:
    evil = "<script>alert(1)</script>"
    version = bring(five.owner, at=_here(), filename=f"{evil}.html", title=f'{evil}"onx="')
    client = browser(five.owner)
    client.cookies["language"] = language
    place = f"/documents/{version.document.public_id}"
    for page in ("/documents/", place, f"{place}/share", f"{place}/versions/1/erase", "/documents/new"):
        answer = client.get(page, headers={"Accept-Language": language})
        assert answer.status_code == 200
        assert b"<script>alert" not in answer.content
        assert b'"onx="' not in answer.content


def test_who_only_reads_is_offered_nothing_to_change(five: Any, demo: Any) -> None:
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.organizations.actions import change_membership
    from zonary.foundation.organizations.queries import standing_of

    document = bring(five.owner, at=_here()).document.public_id
    change_membership(five.colleague.membership, role="reader", until=None, by=five.owner, at=_here())
    person = Person.objects.get(public_id=five.colleague.person)
    client = browser(standing_of(person, str(five.enterprise.public_id), at=_here()))
    page = _text(client.get(f"/documents/{document}"))
    assert "/share" not in page
    assert "/erase" not in page
    assert client.get("/documents/new").status_code == 403
    assert client.post(f"/documents/{document}/versions/1/erase", {"reason": "x"}).status_code == 403


def test_whoever_is_not_signed_in_is_asked_to(five: Any) -> None:
    for page in ("/documents/", "/documents/new"):
        answer = browser(None).get(page)
        assert (answer.status_code, answer["Location"].rpartition("?")[2]) == (302, f"next={page}")
