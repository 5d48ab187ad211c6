"""Rule packs over HTTP: the officers' way from draft to release, what anybody reads, and what is refused."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

pytest.importorskip("django", reason="the API needs the [web] extra")

from tests.api.calls import Caller
from tests.foundation.facts.stating import second_officer
from tests.foundation.rules.packs import data_of, pack

NOTE = "/rules/drafts?note=first%20edition"
REVIEW = {"conclusion": "passes", "grounds": "open to every enterprise alike"}


def nobody(path: str, **headers: str) -> Any:
    """Somebody without an account."""
    from django.test import Client

    shown = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client().get(f"/api/v1{path}", headers=shown)


def released(five: Any) -> tuple[Caller, Caller, Any]:
    first, second = Caller(five.officer), Caller(second_officer(five))
    draft = first("POST", NOTE, data_of(pack())).json()["id"]
    assert first("POST", f"/rules/drafts/{draft}/reviews", REVIEW).status_code == 201
    answer = second("POST", f"/rules/drafts/{draft}/release")
    assert answer.status_code == 201, answer.content
    return first, second, answer.json()


def test_a_pack_goes_from_draft_to_release(five: Any) -> None:
    first, second = Caller(five.officer), Caller(second_officer(five))
    made = first("POST", NOTE, data_of(pack()))
    assert made.status_code == 201
    draft = made.json()
    assert (draft["pack"], draft["state"], draft["note"]) == ("rd-support", "proposed", "first edition")
    shown = second("GET", f"/rules/drafts/{draft['id']}").json()
    assert shown["reviews"] == []
    (told,) = shown["findings"]  # nobody recorded its document
    assert (told["place"], told["is_blocking"]) == ("", False)
    assert "示范〔2026〕1号" in told["reason"]
    assert hashlib.sha256(shown["content"].encode()).hexdigest() == draft["digest"]
    refused = second("POST", f"/rules/drafts/{draft['id']}/release")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong-state")
    assert "fair-competition review" in refused.json()["detail"] or "公平竞争审查" in refused.json()["detail"]
    assert first("POST", f"/rules/drafts/{draft['id']}/reviews", REVIEW).json()["conclusion"] == "passes"
    own = first("POST", f"/rules/drafts/{draft['id']}/release")
    assert (own.status_code, own.json()["code"]) == (403, "not-allowed")
    done = second("POST", f"/rules/drafts/{draft['id']}/release", None, Idempotency_Key="k")
    again = second("POST", f"/rules/drafts/{draft['id']}/release", None, Idempotency_Key="k")
    assert (done.status_code, done.content) == (201, again.content)
    assert (done.json()["number"], done.json()["digest"]) == (1, draft["digest"])
    assert [each["state"] for each in first("GET", "/rules/drafts").json()["items"]] == ["released"]


def test_anybody_reads_what_was_released_byte_for_byte(five: Any) -> None:
    _, _, release = released(five)
    (listed,) = nobody("/rules/packs").json()["items"]
    assert listed == release
    assert nobody("/rules/packs/rd-support/releases").json()["items"] == [release]
    answer = nobody("/rules/packs/rd-support/releases/1")
    assert answer.status_code == 200
    assert hashlib.sha256(answer.content).hexdigest() == release["digest"]
    assert answer["ETag"] == f'"{release["digest"]}"'
    assert json.loads(answer.content)["number"] == "示范〔2026〕1号"
    assert nobody("/rules/packs/rd-support/releases/1", If_None_Match=answer["ETag"]).status_code == 304
    for wrong in ("rd-support/releases/2", "rd-support/releases/0", "rd-support/releases/x", "none/releases/1",
                  "none/releases", f"rd-support/releases/{10**30}"):  # fmt: skip
        answer = nobody(f"/rules/packs/{wrong}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found"), wrong


def test_drafts_are_the_officers(five: Any) -> None:
    draft = Caller(five.officer)("POST", NOTE, data_of(pack())).json()["id"]
    for who in (five.owner, five.rival, five.outsider):
        caller = Caller(who)
        for method, path, body in (
            ("GET", "/rules/drafts", None),
            ("GET", f"/rules/drafts/{draft}", None),
            ("GET", "/rules/shipped", None),
            ("POST", NOTE, data_of(pack())),
            ("POST", f"/rules/drafts/{draft}/reviews", REVIEW),
            ("POST", f"/rules/drafts/{draft}/release", None),
            ("POST", f"/rules/drafts/{draft}/withdraw", {"reason": "x"}),
        ):
            assert caller(method, path, body).status_code == 403, (who.person, path)
    assert nobody("/rules/drafts").status_code == 401


def test_a_draft_is_withdrawn_once(five: Any) -> None:
    officer = Caller(five.officer)
    draft = officer("POST", NOTE, data_of(pack())).json()["id"]
    assert officer("POST", f"/rules/drafts/{draft}/withdraw", {"reason": "typo"}).json()["state"] == "withdrawn"
    again = officer("POST", f"/rules/drafts/{draft}/withdraw", {"reason": "typo"})
    assert (again.status_code, again.json()["code"]) == (409, "wrong-state")


DEEP = b"[" * 100_000
BAD = {
    "no JSON": b"{",
    "an unknown field": data_of(pack(surprise=1)),
    "wrong UTF-8": data_of(pack()).replace("研发支持".encode(), b"\xff\xfe"),
    "half a surrogate pair": data_of(pack()).replace("研发支持办法".encode(), b"\\ud800"),
    "NUL": data_of(pack()).replace("研发支持办法".encode(), b"a\\u0000b"),
    "deep nesting": b'{"version": ' + DEEP,
    "deep condition": data_of(pack()).replace(b'"condition": {', b'"condition": ' + b'{"none":' * 5_000 + b" {", 1),
    "another form": data_of(pack(version="zonary-rules/2")),
    "no sentence": data_of(pack(clauses=[{**pack()["clauses"][0], "sentence": "差不多就行"}])),
    "nothing but blanks": b"  ",
}


@pytest.mark.parametrize("data", ["sqlite"], indirect=True)  # refused before a database sees it
@pytest.mark.parametrize("bad", BAD, ids=BAD)
def test_what_cannot_be_read_is_refused_in_a_sentence_and_not_kept(five: Any, bad: str) -> None:
    from zonary.foundation.rules.models import PackDraft

    answer = Caller(five.officer)("POST", NOTE, BAD[bad])
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-rules"), answer.content
    assert len(answer.json()["detail"]) > 10
    assert not PackDraft.objects.exists()


def test_too_large_a_pack_is_refused(five: Any) -> None:
    from zonary.engines.clauses.packs.shapes import MAX_PACK_BYTES

    answer = Caller(five.officer)("POST", NOTE, data_of(pack()) + b" " * MAX_PACK_BYTES)
    assert answer.status_code in (413, 422)
    assert Caller(five.officer)("POST", "/rules/drafts", data_of(pack())).status_code == 422  # says nothing


def test_every_shipped_pack_can_be_taken_up_once(five: Any) -> None:
    from zonary.foundation.rules.offered import offered_packs

    officer = Caller(five.officer)
    listed = officer("GET", "/rules/shipped").json()["items"]
    assert [each["pack"] for each in listed] == [each.shape.id for each in offered_packs()]
    assert listed
    first = listed[0]
    made = officer("POST", f"/rules/shipped/{first['pack']}/take-up", {"note": "as shipped"})
    assert (made.status_code, made.json()["digest"]) == (201, first["digest"])
    again = officer("POST", f"/rules/shipped/{first['pack']}/take-up", {"note": "as shipped"})
    assert (again.status_code, again.json()["code"]) == (409, "wrong-state")
    assert officer("POST", "/rules/shipped/none/take-up", {"note": "x"}).status_code == 404
    shown = officer("GET", f"/rules/drafts/{made.json()['id']}").json()
    assert [each for each in shown["findings"] if each["is_blocking"]] == []
