"""The API: five accounts at every endpoint, values as texts, and no failure from whatever comes in."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the API needs the [web] extra")

from tests.foundation.facts.stating import declare, everyone, record, second_officer

CLAIM = {"indicator": "revenue", "value": "90071992547409.93", "unit": "yuan", "period": "2025"}
RECORDED = CLAIM | {"source": "tax office", "sharing_basis": "catalogue 1", "consent_not_needed": "statutory"}
FAR = "2099-12-31"


def token(by: Any, *scopes: str) -> str:
    from zonary.common.clock import now
    from zonary.foundation.organizations.actions import issue_personal_token

    at = now.last_trusted()
    scopes = scopes or ("facts:read", "facts:write")
    _, made = issue_personal_token(name="t", scopes=scopes, expires_at=at + timedelta(days=1), by=by, at=at)
    return made


class Caller:
    """Calls as each of the five, with a token each."""

    def __init__(self, five: Any) -> None:
        self.tokens = {name: token(by) for name, by in everyone(five).items()}

    def __call__(self, name: str, method: str, path: str, value: object = None) -> Any:
        from django.test import Client

        body = b"" if value is None else json.dumps(value).encode()
        headers = {"Authorization": f"Bearer {self.tokens[name]}"}
        path = f"/api/v1/facts{path}"
        return Client().generic(method, path, body, content_type="application/json", headers=headers)

    def statuses(self, method: str, path: str, value: object = None) -> dict[str, int]:
        """What each of the five is answered; of the last that is let in nothing is left for the next."""
        return {name: self(name, method, path, value).status_code for name in self.tokens}


@pytest.fixture
def call(five: Any) -> Caller:
    return Caller(five)


def all_of(status: int, **others: int) -> dict[str, int]:
    return dict.fromkeys(("owner", "colleague", "rival", "officer", "outsider"), status) | others


def test_a_value_goes_through_exactly(five: Any, call: Caller) -> None:
    made = call("owner", "POST", "", {"claim": CLAIM})
    assert made.status_code == 201, made.content
    assert made.json()["value"] == "9007199254740993"  # beyond 2^53, where a float would lose it
    found = call("colleague", "GET", f"/{made.json()['id']}").json()
    assert found == made.json()
    assert (found["period"], found["valid_until"], found["is_disputed"]) == ("2025", "2025-12-31", False)


def test_each_of_the_five_at_every_list_and_every_fact(five: Any, call: Caller) -> None:
    declared, recorded = declare(five), record(five)
    for path, seers in (
        ("", {"owner", "colleague"}),
        ("?valid_on=2025-06-01", {"owner", "colleague"}),
        ("/readings", {"owner", "colleague"}),
        ("/disputes", {"owner", "colleague", "officer"}),
        ("/shares", {"owner", "colleague"}),
        ("/shares/received", {"rival"}),
        ("/consents", {"owner", "colleague"}),
    ):
        if path == "/readings":
            assert call("officer", "POST", path, reading(five)).status_code == 201
        if path == "/disputes":
            assert call("owner", "POST", f"/{recorded.public_id}/dispute", {"reason": "no"}).status_code == 201
        if path == "/shares":
            given = {"recipient": str(five.competitor.public_id), "purpose": "finance", "until": FAR}
            assert call("owner", "POST", path, given).status_code == 201
        if path == "/consents":
            assert call("owner", "POST", path, {"indicators": ["revenue"]}).status_code == 201
        for name in call.tokens:
            answer = call(name, "GET", path)
            assert answer.status_code == 200, (name, path, answer.content)
            assert bool(answer.json()["items"]) is (name in seers), (name, path)
    for path in ("", "/history"):
        assert call.statuses("GET", f"/{declared.public_id}{path}") == all_of(404, owner=200, colleague=200)
        assert call.statuses("GET", f"/{recorded.public_id}{path}") == all_of(
            404, owner=200, colleague=200, officer=200
        )


def reading(five: Any, purpose: str = "policy") -> dict[str, str]:
    return {"subject": str(five.enterprise.public_id), "purpose": purpose}


def test_each_of_the_five_at_every_act(five: Any, call: Caller) -> None:
    enterprise, recorded, declared = str(five.enterprise.public_id), record(five), declare(five)
    given = {"claim": RECORDED, "subject": enterprise}
    assert call.statuses("POST", "", given) == all_of(403, officer=201)
    assert call.statuses("POST", "", {"claim": CLAIM}) == all_of(201, outsider=403)
    rows = {"items": [{"uscc": five.enterprise.uscc, "claim": RECORDED}], "source": "x"}
    assert call.statuses("POST", "/import", rows) == all_of(403, officer=200)
    correction = {"claim": RECORDED | {"value": "5"}, "reason": "slip"}
    path = f"/{recorded.public_id}"
    disputed = call.statuses("POST", f"{path}/dispute", {"reason": "no"})
    assert disputed == all_of(404, owner=201, colleague=409)
    assert call.statuses("POST", f"{path}/correct", correction) == all_of(404, officer=201)
    assert call.statuses("POST", f"/{declared.public_id}/correct", correction) == all_of(404, owner=201, colleague=409)
    assert call.statuses("POST", "/readings", reading(five)) == all_of(404, owner=403, colleague=403, officer=201)
    consent = call("owner", "POST", "/consents", {"indicators": ["revenue"]}).json()["id"]
    withdrawn = call.statuses("POST", f"/consents/{consent}/withdraw", {"reason": "no"})
    assert withdrawn == all_of(404, owner=204)
    terms = {"recipient": five.competitor.uscc, "purpose": "finance", "until": FAR}
    share = call("owner", "POST", "/shares", terms).json()["id"]
    assert call("rival", "POST", "/readings", reading(five, "finance")).status_code == 201
    assert call.statuses("POST", f"/shares/{share}/end") == all_of(404, owner=204)
    assert call("rival", "POST", "/readings", reading(five, "finance")).status_code == 404


def test_a_dispute_is_answered_by_another_officer(five: Any, call: Caller) -> None:
    recorded = record(five)
    dispute = call("owner", "POST", f"/{recorded.public_id}/dispute", {"reason": "no", "ought": "5"}).json()["id"]
    answer = {"outcome": "upheld", "answer": "right", "claim": RECORDED | {"value": "5"}}
    assert call.statuses("POST", f"/disputes/{dispute}/answer", answer) == all_of(403)
    call.tokens["outsider"] = token(second_officer(five))
    assert call("outsider", "POST", f"/disputes/{dispute}/answer", answer | {"outcome": "x"}).status_code == 422
    done = call("outsider", "POST", f"/disputes/{dispute}/answer", answer)
    assert done.status_code == 200
    assert done.json()["outcome_fact"]
    assert call("outsider", "POST", f"/disputes/{dispute}/answer", answer).status_code == 409


def test_a_token_reaches_as_far_as_its_scopes(five: Any, call: Caller) -> None:
    call.tokens["owner"] = token(five.owner, "facts:read")
    assert call("owner", "GET", "").status_code == 200
    assert call("owner", "POST", "", {"claim": CLAIM}).status_code == 403
    call.tokens["officer"] = token(five.officer, "facts:write")
    assert call("officer", "POST", "/readings", reading(five)).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "value", "status"),
    [
        ("GET", "?valid_on=yesterday", None, 422),
        ("GET", "?known_at=2025-01-01T00:00:00", None, 422),
        ("GET", "?known_at=0001-01-01T00:00:00%2B14:00", None, 422),
        ("GET", "?known_at=9999-12-31T23:59:59-12:00", None, 422),
        ("GET", "?valid_on=0001-01-01", None, 200),
        ("GET", "?valid_on=9999-12-31", None, 200),
        ("GET", "?cursor=x", None, 422),
        ("GET", "/%00", None, 400),
        ("GET", "/no-fact", None, 404),
        ("POST", "", {"claim": CLAIM | {"value": "1\x00"}}, 422),
        ("POST", "", {"claim": CLAIM | {"source": "\x00"}}, 422),
        ("POST", "", {"claim": CLAIM | {"period": "9" * 41}}, 422),
        ("POST", "", {"claim": CLAIM | {"score": "1"}}, 422),
        ("POST", "", {"claim": CLAIM | {"value": 5}}, 422),
        ("POST", "", {"claim": CLAIM | {"use_limit": ["x"]}}, 422),
        ("POST", "/shares", {"recipient": "\x00", "purpose": "finance", "until": FAR}, 422),
        ("POST", "/shares", {"recipient": "x", "purpose": "finance", "until": "31.12.2099"}, 422),
        ("POST", "/consents", {"indicators": ["revenue"], "until": "9999-99-99"}, 422),
        ("POST", "/readings", {"subject": "\x00", "purpose": "finance"}, 422),
        ("POST", "/readings", {"subject": "", "purpose": "finance", "occasion": "\x00"}, 422),
        ("POST", "/import", {"items": [], "source": ""}, 422),
    ],
)
def test_bad_input_is_a_problem_and_never_a_failure(
    five: Any, call: Caller, method: str, path: str, value: object, status: int
) -> None:
    answer = call("owner", method, path, value)
    assert answer.status_code == status, answer.content
    if status != 200:
        assert answer.headers["content-type"] == "application/problem+json"


def test_an_import_with_nonsense_for_a_number_is_told_row_by_row(five: Any, call: Caller) -> None:
    rows = [{"uscc": uscc, "claim": RECORDED} for uscc in ("\x7f", "", "' OR 1=1", "９" * 18)]
    done = call("officer", "POST", "/import", {"items": rows, "source": "x"})
    assert done.status_code == 200
    assert [error["row"] for error in done.json()["errors"]] == [1, 2, 3, 4]


def test_the_dictionary_is_there_for_programs(five: Any, call: Caller) -> None:
    found = call("outsider", "GET", "/dictionary").json()
    assert {"code": "finance", "chinese": "融资", "english": "Financing"} in found["purposes"]
    assert next(each for each in found["indicators"] if each["code"] == "revenue")["unit"] == "fen"
