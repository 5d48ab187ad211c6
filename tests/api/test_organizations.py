"""Organisations over the API: the same as on the pages, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="the API needs the [web] extra")

from tests.api.calls import Caller

NEW_USCC = "91110108MA01ABCD4E"


@pytest.fixture
def callers(five: Any) -> dict[str, Caller]:
    names = ("owner", "colleague", "rival", "officer", "outsider")
    return {name: Caller(getattr(five, name)) for name in names}


def test_an_organisation_from_founding_to_its_second_owner(callers: dict[str, Caller], five: Any) -> None:
    outsider = callers["outsider"]
    assert outsider("GET", "/organization").status_code == 404
    founded = outsider("POST", "/organizations", {"kind": "enterprise", "name": "新云（虚构）"})
    assert founded.status_code == 201, founded.content
    from zonary.common.clock import now
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.organizations.queries import standing_of

    person = Person.objects.get(public_id=five.outsider.person)
    owner = Caller(standing_of(person, founded.json()["id"], at=now.last_trusted()))
    assert owner("GET", "/organization").json()["name"] == "新云（虚构）"
    invited = owner("POST", "/organization/invitations", {"role": "agent", "until": "2999-12-31"})
    assert invited.status_code == 201, invited.content
    assert [each["state"] for each in owner("GET", "/organization/invitations").json()["items"]] == ["open"]
    assert owner("GET", "/organization/invitations").json()["items"][0]["secret"] is None
    joined = callers["rival"]("POST", "/invitations/accept", {"secret": invited.json()["secret"]})
    assert joined.status_code == 201, joined.content
    again = callers["officer"]("POST", "/invitations/accept", {"secret": invited.json()["secret"]})
    assert (again.status_code, again.json()["code"]) == (410, "invitation-over")
    member = joined.json()["id"]
    changed = owner("POST", f"/organization/members/{member}/change", {"role": "owner"})
    assert changed.json()["role"] == "owner"
    second = owner("POST", "/organization/invitations", {"role": "reader"}).json()
    assert owner("POST", f"/organization/invitations/{second['id']}/withdraw").status_code == 204
    assert owner("POST", f"/organization/invitations/{second['id']}/withdraw").status_code == 404
    ended = owner("POST", f"/organization/members/{changed.json()['id']}/end", {"reason": "left"})
    assert ended.status_code == 204
    assert [each["role"] for each in owner("GET", "/organization/members").json()["items"]] == ["owner"]
    own = owner("GET", "/organization/members").json()["items"][0]["id"]
    alone = owner("POST", f"/organization/members/{own}/end", {"reason": "left"})
    assert (alone.status_code, alone.json()["code"]) == (409, "membership")


def test_members_come_in_pages(callers: dict[str, Caller]) -> None:
    first = callers["owner"]("GET", "/organization/members?limit=1").json()
    assert len(first["items"]) == 1
    second = callers["colleague"]("GET", first["next"].removeprefix("/api/v1")).json()
    # Both came in the same moment, so that either may come first.
    assert sorted(each["role"] for each in first["items"] + second["items"]) == ["agent", "owner"]
    assert second["next"] is None
    for wrong in ("limit=0", "limit=201", "limit=x", "cursor=x"):
        assert callers["owner"]("GET", f"/organization/members?{wrong}").status_code == 422


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "enterprise", "name": "甲", "uscc": "91430100MA4L8XYA1X"}, "invalid-uscc"),
        ({"kind": "enterprise", "name": "甲", "uscc": "1"}, "invalid-uscc"),
        ({"kind": "zone-authority", "name": "假管委会"}, "invalid"),
        ({"kind": "mediator-pool", "name": "假"}, "invalid"),
        ({"kind": "enterprise", "name": ""}, "invalid"),
        ({"kind": "enterprise", "name": "x" * 121}, "invalid"),
        ({"kind": "enterprise", "name": "a\u0000b"}, "invalid"),
        ({"kind": "enterprise", "name": "甲", "state": "active"}, "invalid"),
        ({"kind": "enterprise", "name": "甲", "registered_by": "operator"}, "invalid"),
        ({"kind": "enterprise", "name": None}, "invalid"),
        ([], "invalid"),
    ],
)
def test_what_cannot_be_founded(callers: dict[str, Caller], body: object, code: str) -> None:
    answer = callers["outsider"]("POST", "/organizations", body)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.content


def test_nobody_makes_themselves_an_officer(five: Any) -> None:
    from zonary.common.clock import now
    from zonary.foundation.organizations.actions import found_organization
    from zonary.foundation.organizations.actions.founding import Founding
    from zonary.foundation.organizations.permissions import NotAllowedError

    for kind in ("zone-authority", "mediator-pool", "inspector-pool", "expert-pool"):
        with pytest.raises(NotAllowedError):
            found_organization(Founding(kind=kind, name="假"), by=five.outsider, at=now.last_trusted())


def test_a_taken_number_is_a_conflict(callers: dict[str, Caller], five: Any) -> None:
    body = {"kind": "enterprise", "name": "冒名", "uscc": five.enterprise.uscc}
    answer = callers["outsider"]("POST", "/organizations", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "already-founded")


def test_an_agent_decides_about_nobody(callers: dict[str, Caller], five: Any) -> None:
    agent = callers["colleague"]
    assert agent("POST", "/organization/invitations", {"role": "owner"}).status_code == 403
    path = f"/organization/members/{five.owner.membership}"
    assert agent("POST", f"{path}/change", {"role": "reader"}).status_code == 403
    assert agent("POST", f"{path}/end", {"reason": "x"}).status_code == 403
    assert agent("POST", "/organization/hand-over", {"membership": five.owner.membership}).status_code == 403
    assert agent("GET", "/organization/invitations").json()["items"] == []


def test_the_operators_program_is_no_person(data: Any) -> None:
    from zonary.common.clock import now
    from zonary.foundation.accounts.actions import issue_token
    from zonary.foundation.ledger.actors import SYSTEM

    issue_token("operator-token-operator", by=SYSTEM, owner="operator", at=now.last_trusted())
    operator = Caller(None, "operator-token-operator")
    for path, body in (
        ("/organizations", {"kind": "enterprise", "name": "甲"}),
        ("/invitations/accept", {"secret": "x"}),
        ("/organization/invitations", {"role": "owner"}),
        ("/tokens", {"name": "t", "scopes": ["evidence:read"], "last_day": "2026-12-31"}),
    ):
        assert operator("POST", path, body).status_code == 403, path


def test_corrections_go_from_one_to_another(callers: dict[str, Caller], five: Any) -> None:
    from zonary.foundation.organizations.queries import acts_seen_by

    (act,) = acts_seen_by(five.owner, before=None, limit=9, kinds=["organizations.organization.founded"])
    body = {"act": act.public_id, "changes": [{"field": "address", "text": "云路 1 号"}], "reason": "slip"}
    assert callers["rival"]("POST", "/corrections", body).status_code == 409
    made = callers["owner"]("POST", "/corrections", body)
    assert made.status_code == 201, made.content
    decision = f"/corrections/{made.json()['id']}/decision"
    assert callers["owner"]("POST", decision, {"decision": "approve"}).status_code == 403
    for other in ("rival", "outsider"):
        assert callers[other]("POST", decision, {"decision": "approve"}).status_code in (403, 404, 409)
    assert len(callers["colleague"]("GET", "/corrections").json()["items"]) == 1
    agreed = callers["colleague"]("POST", decision, {"decision": "approve"})
    assert agreed.status_code == 200, agreed.content
    assert callers["owner"]("GET", "/organization").json()["address"] == "云路 1 号"
