"""Claims over the API: the number of a listed enterprise makes one, and an officer decides."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="the API needs the [web] extra")

from tests.api.calls import Caller, token_for
from tests.foundation.organizations.listed import list_enterprises

CONFIRM = {"decision": "confirm", "compared": "licence-seen"}
REFUSE = {"decision": "refuse", "answer": "执照上的单位不符"}


@pytest.fixture
def callers(five: Any) -> dict[str, Caller]:
    return {name: Caller(getattr(five, name)) for name in ("owner", "colleague", "rival", "officer", "outsider")}


@pytest.fixture
def listed(five: Any) -> list[Any]:
    return list_enterprises(five, 3)


def _claim(caller: Caller, listed: Any, **headers: str) -> Any:
    body = {"kind": "enterprise", "name": "甲", "uscc": listed.uscc, "statement": "经理，0731-0000"}
    return caller("POST", "/organizations", body, **headers)


def test_from_a_number_to_an_owner(callers: dict[str, Caller], listed: list[Any], five: Any) -> None:
    made = _claim(callers["outsider"], listed[0])
    assert made.status_code == 202, made.content
    claim = made.json()
    assert (claim["state"], claim["name"], claim["uscc"]) == ("open", listed[0].name, listed[0].uscc)
    assert callers["outsider"]("GET", "/organization").status_code == 404
    one = callers["outsider"]("GET", f"/claims/{claim['id']}").json()
    assert {**one, "claimed_at": claim["claimed_at"]} == claim
    assert callers["officer"]("GET", "/claims?state=open").json() == {"items": [one], "next": None}
    decided = callers["officer"]("POST", f"/claims/{claim['id']}/decision", CONFIRM)
    assert decided.status_code == 200, decided.content
    assert (decided.json()["state"], decided.json()["compared"]) == ("confirmed", "licence-seen")
    from zonary.common.clock import now
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.organizations.queries import standing_of

    person = Person.objects.get(public_id=five.outsider.person)
    owner = Caller(standing_of(person, claim["organization"], at=now.last_trusted()))
    own = owner("GET", "/organization").json()
    assert (own["state"], own["is_confirmed"]) == ("active", True)
    assert callers["owner"]("GET", "/organization").json()["is_confirmed"] is False
    late = _claim(callers["rival"], listed[0])
    assert (late.status_code, late.json()["code"]) == (409, "already-founded")


def test_a_repetition_claims_once(callers: dict[str, Caller], listed: list[Any]) -> None:
    from zonary.foundation.organizations.models import Claim

    first, again = (_claim(callers["outsider"], listed[0], Idempotency_Key="k") for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.content == again.content
    twice = _claim(callers["outsider"], listed[0])
    assert (twice.status_code, twice.json()["code"]) == (409, "claim")
    path = f"/claims/{first.json()['id']}/decision"
    for _ in range(2):
        assert callers["officer"]("POST", path, REFUSE, Idempotency_Key="d").status_code == 200
    other = callers["officer"]("POST", path, CONFIRM)
    assert (other.status_code, other.json()["code"]) == (409, "claim")
    assert [each.state for each in Claim.objects.all()] == ["refused"]


@pytest.mark.parametrize("who", ["owner", "colleague", "rival"])
def test_anothers_claim_is_not_there(callers: dict[str, Caller], listed: list[Any], who: str) -> None:
    claim = _claim(callers["outsider"], listed[0]).json()["id"]
    stranger = callers[who]
    assert stranger("GET", "/claims").json()["items"] == []
    assert stranger("GET", f"/claims/{claim}").status_code == 404
    assert stranger("POST", f"/claims/{claim}/withdrawal").status_code == 404
    assert stranger("POST", f"/claims/{claim}/decision", CONFIRM).status_code == 403
    assert callers["outsider"]("POST", f"/claims/{claim}/decision", CONFIRM).status_code == 403
    assert callers["officer"]("POST", f"/claims/{claim}/withdrawal").status_code == 404
    assert callers["outsider"]("GET", f"/claims/{claim}").json()["state"] == "open"


def test_withdrawn_it_is_decided_on_no_more(callers: dict[str, Caller], listed: list[Any]) -> None:
    claim = _claim(callers["outsider"], listed[0]).json()["id"]
    taken_back = callers["outsider"]("POST", f"/claims/{claim}/withdrawal")
    assert (taken_back.status_code, taken_back.json()["state"]) == (200, "withdrawn")
    for caller, path, body in (
        (callers["outsider"], f"/claims/{claim}/withdrawal", None),
        (callers["officer"], f"/claims/{claim}/decision", CONFIRM),
    ):
        answer = caller("POST", path, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "claim")


def test_they_come_in_pages_oldest_first(callers: dict[str, Caller], listed: list[Any]) -> None:
    made = [_claim(callers["outsider"], each).json()["id"] for each in listed]
    callers["officer"]("POST", f"/claims/{made[1]}/decision", REFUSE)

    def ids(path: str, who: str = "officer") -> list[str]:
        found = []
        while path:
            page = callers[who]("GET", path.removeprefix("/api/v1")).json()
            assert len(page["items"]) == 1
            found += [each["id"] for each in page["items"]]
            path = page["next"]
        return found

    assert ids("/claims?limit=1") == made
    assert ids("/claims?limit=1", "outsider") == made
    assert ids("/claims?limit=1&state=open") == [made[0], made[2]]
    assert ids("/claims?limit=1&state=decided") == [made[1]]
    for wrong in ("limit=0", "state=x", "cursor=x"):
        assert callers["officer"]("GET", f"/claims?{wrong}").status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"decision": "x"},
        {"decision": "confirm"},
        {"decision": "confirm", "compared": "x"},
        {"decision": "refuse"},
        {"decision": "refuse", "answer": " "},
        {"decision": "refuse", "answer": "x" * 301},
        {"decision": "refuse", "answer": "a\u0000"},
        {"decision": "refuse", "answer": "x", "decided_by": "x"},
        [],
    ],
)
def test_what_is_no_decision(callers: dict[str, Caller], listed: list[Any], body: object) -> None:
    claim = _claim(callers["outsider"], listed[0]).json()["id"]
    answer = callers["officer"]("POST", f"/claims/{claim}/decision", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), answer.content


def test_a_token_that_only_reads_claims_and_decides_nothing(five: Any, listed: list[Any]) -> None:
    reads = Caller(five.outsider, token_for(five.outsider, "organization:read"))
    assert _claim(reads, listed[0]).status_code == 403
    assert reads("GET", "/claims").status_code == 200
    claim = _claim(Caller(five.outsider), listed[0]).json()["id"]
    officer = Caller(five.officer, token_for(five.officer, "organization:read"))
    assert officer("POST", f"/claims/{claim}/decision", CONFIRM).status_code == 403
    assert officer("GET", f"/claims/{claim}").json()["state"] == "open"
