"""Pools of experts, mediators and inspectors: the zone opens them, and whoever keeps one invites who is in it."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the application needs the [web] extra")

from tests.api.calls import Caller, token_for
from tests.five_accounts import AT, browser

LATER = AT + timedelta(hours=1)
POOL = {"kind": "expert-pool", "name": "示例专家库"}


def _kinds_about(public_id: Any) -> list[str]:
    from zonary.foundation.ledger.models import Entry

    return list(Entry.objects.filter(about=str(public_id)).order_by("pk").values_list("kind", flat=True))


def test_whoever_keeps_it_comes_by_the_link_and_invites_the_others(five: Any) -> None:
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.organizations.actions import accept_invitation, invite_member, open_pool
    from zonary.foundation.organizations.queries import founding_act, pools_seen_by, standing_of

    pool, _invitation, secret = open_pool("expert-pool", "示例专家库", by=five.officer, at=LATER)
    assert _kinds_about(pool.public_id) == ["organizations.pool.opened", "organizations.member.invited"]
    accept_invitation(secret, by=five.outsider, at=LATER)
    keeper = standing_of(Person.objects.get(public_id=five.outsider.person), str(pool.public_id), at=LATER)
    assert (keeper.role, keeper.is_officer) == ("owner", False)
    _, secret = invite_member(role="agent", email="", until=None, by=keeper, at=LATER)
    accept_invitation(secret, by=five.rival, at=LATER)
    assert [(each.name, each.people) for each in pools_seen_by(five.officer, at=LATER)] == [("示例专家库", 2)]
    opened = founding_act(keeper)
    assert opened is not None
    assert opened.kind == "organizations.pool.opened"


@pytest.mark.parametrize("who", ["owner", "colleague", "rival", "outsider"])
def test_only_the_zone_opens_one(five: Any, demo: None, who: str) -> None:
    from zonary.foundation.organizations.actions import open_pool
    from zonary.foundation.organizations.models import Organization
    from zonary.foundation.organizations.permissions import NotAllowedError

    standing = getattr(five, who)
    with pytest.raises(NotAllowedError):
        open_pool("expert-pool", "x", by=standing, at=LATER)
    assert Caller(standing)("POST", "/organization/pools", POOL).status_code == 403
    assert Caller(standing)("GET", "/organization/pools").json()["items"] == []
    assert browser(standing).get("/organization/pools").status_code == 403
    assert not Organization.objects.filter(kind="expert-pool").exists()


def test_an_officer_who_is_no_owner_looks_and_opens_none(five: Any, demo: None) -> None:
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.organizations.actions import accept_invitation, invite_member
    from zonary.foundation.organizations.queries import standing_of

    _, secret = invite_member(role="agent", email="", until=None, by=five.officer, at=AT)
    accept_invitation(secret, by=five.outsider, at=AT)
    agent = standing_of(Person.objects.get(public_id=five.outsider.person), str(five.authority.public_id), at=LATER)
    client = browser(agent)
    assert client.get("/organization/pools").status_code == 200
    assert client.post("/organization/pools", POOL).status_code == 403
    assert Caller(agent)("POST", "/organization/pools", POOL).status_code == 403


def test_one_of_a_name_is_enough(five: Any) -> None:
    from zonary.foundation.organizations.actions import AlreadyFoundedError, open_pool
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.foundation.organizations.rules import WrongNameError

    open_pool("mediator-pool", "示例调解员库", by=five.officer, at=LATER)
    with pytest.raises(AlreadyFoundedError):
        open_pool("mediator-pool", " 示例调解员库 ", by=five.officer, at=LATER)
    for wrong in ("示例片区管委会", " ", "a\u202eb"):
        with pytest.raises(WrongNameError):
            open_pool("mediator-pool", wrong, by=five.officer, at=LATER)
    with pytest.raises(NotAllowedError):
        open_pool("enterprise", "x", by=five.officer, at=LATER)


def test_on_the_page_the_link_is_shown_once(five: Any, demo: None) -> None:
    from zonary.foundation.organizations.actions import accept_invitation

    client = browser(five.officer)
    page = client.post("/organization/pools", POOL)
    text = html.unescape(page.content.decode())
    link = re.search(r"/organization/join/([\w-]+)", text)
    assert link is not None
    accept_invitation(link[1], by=five.outsider, at=LATER)
    listed = client.get("/organization/pools").content.decode()
    assert "示例专家库" in listed
    assert link[1] not in listed
    assert client.post("/organization/pools", POOL).status_code == 422


def test_by_the_api(five: Any) -> None:
    officer = Caller(five.officer)
    opened = officer("POST", "/organization/pools", POOL, Idempotency_Key="p")
    assert opened.status_code == 201, opened.content
    assert officer("POST", "/organization/pools", POOL, Idempotency_Key="p").content == opened.content
    assert officer("POST", "/organization/pools", POOL).status_code == 409
    pool, invitation = opened.json()["pool"], opened.json()["invitation"]
    assert Caller(five.outsider)("POST", "/invitations/accept", {"secret": invitation["secret"]}).status_code == 201
    listed = officer("GET", "/organization/pools").json()["items"]
    assert listed == [pool | {"people": 1}]
    for wrong in ({"kind": "enterprise", "name": "x"}, {"kind": "expert-pool"}, {"kind": "expert-pool", "name": ""}):
        assert officer("POST", "/organization/pools", wrong).status_code == 422
    reads = Caller(five.officer, token_for(five.officer, "organization:read"))
    assert reads("POST", "/organization/pools", POOL).status_code == 403
