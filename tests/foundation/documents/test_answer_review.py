"""A document shared with a pool invites its members: each accepts, declines or stands aside, for themselves."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="documents need the [web] extra")

from tests.five_accounts import AT, browser
from tests.foundation.documents.arriving import bring
from tests.foundation.notifications.inbox.test_messages import kinds

LATER = AT + timedelta(hours=1)


@dataclass(frozen=True)
class Invited:
    """The pool's keeper and a member of it, and the document of the zone that was shared with it."""

    keeper: Any
    member: Any
    document: str


@pytest.fixture
def invited(five: Any, demo: None) -> Invited:
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.documents.actions import share_document
    from zonary.foundation.organizations.actions import accept_invitation, invite_member, open_pool
    from zonary.foundation.organizations.queries import standing_of

    def member(of: Any) -> Any:
        return standing_of(Person.objects.get(public_id=of.person), str(pool.public_id), at=LATER)

    pool, _invitation, secret = open_pool("expert-pool", "示例专家库", by=five.officer, at=LATER)
    accept_invitation(secret, by=five.outsider, at=LATER)
    keeper = member(five.outsider)
    _, secret = invite_member(role="agent", email="", until=None, by=keeper, at=LATER)
    accept_invitation(secret, by=five.rival, at=LATER)
    document = str(bring(five.officer, at=LATER).document.public_id)
    share_document(document, grantee=str(pool.public_id), until=None, by=five.officer, at=LATER)
    return Invited(keeper, member(five.rival), document)


def _page(who: Any, path: str) -> str:
    return html.unescape(browser(who).get(path).content.decode())


def test_each_answers_for_themselves_and_the_holder_sees_who_and_why(five: Any, invited: Invited) -> None:
    from zonary.foundation.ledger.models import Entry

    place = f"/documents/{invited.document}"
    assert browser(invited.member).post(f"{place}/review", {"answer": "accepted"}).status_code == 302
    assert browser(invited.member).post(f"{place}/review", {"answer": "accepted"}).status_code == 422
    assert browser(invited.keeper).post(f"{place}/review", {"answer": "recused"}).status_code == 422  # without a reason
    recused = {"answer": "recused", "cause": "involved", "note": "曾任其代理人"}
    assert browser(invited.keeper).post(f"{place}/review", recused).status_code == 302
    shown = _page(five.officer, place)
    for word in ("接受评审", "已回避", "曾作为代理人", "曾任其代理人", "rival", "outsider"):
        assert word in shown
    assert "专家答复" not in _page(invited.member, place)
    rows = Entry.objects.filter(kind__startswith="reviews.").order_by("pk")
    assert [(each.kind, each.actor, each.organisation, each.about) for each in rows] == [
        ("reviews.review.accepted", invited.member.person, "", invited.document),
        ("reviews.review.recused", invited.keeper.person, "", invited.document),
    ]
    assert {"reviews.review.accepted", "reviews.review.recused"} <= kinds(five.officer)
    assert not {kind for who in (invited.keeper, invited.member) for kind in kinds(who) if "review" in kind}


def test_who_stood_aside_gets_no_further_and_who_declined_may_come_back(five: Any, invited: Invited) -> None:
    from zonary.portal.home.views import home_of

    place = f"/documents/{invited.document}"
    member = browser(invited.member)
    assert member.post(f"{place}/review", {"answer": "declined"}).status_code == 302
    declined = home_of(invited.member, at=LATER)
    assert (declined["unread"], [each.is_declined for each in declined["reviews"]]) == (0, [True])
    assert member.post(f"{place}/review", {"answer": "accepted"}).status_code == 302
    assert b"".join(member.get(f"{place}/versions/1/content"))
    assert member.post(f"{place}/review", {"answer": "recused", "cause": "kinship"}).status_code == 302
    for path in (place, f"{place}/review", f"{place}/versions/1/content"):
        assert member.get(path).status_code == 404
    assert member.post(f"{place}/review", {"answer": "accepted"}).status_code == 404
    aside = home_of(invited.member, at=LATER)
    assert (aside["reviews"], [str(each.document.public_id) for each in aside["stood_aside"]]) == (
        [],
        [invited.document],
    )
    assert b"".join(browser(invited.keeper).get(f"{place}/versions/1/content"))


def test_nobody_else_answers(five: Any, invited: Invited) -> None:
    from zonary.foundation.documents.actions import share_document

    place = f"/documents/{invited.document}/review"
    until = {"grantee": five.owner.organisation, "until": None}
    share_document(invited.document, **until, by=five.officer, at=LATER)
    for who in (five.owner, five.colleague, five.rival, five.outsider, five.officer):
        for method in ("get", "post"):
            assert getattr(browser(who), method)(place, {"answer": "accepted"}).status_code == 403


def test_an_officer_invites_a_pool_by_its_name_and_a_note_goes_with_who_wrote_it(five: Any, invited: Invited) -> None:
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.documents.models import DocumentGrant
    from zonary.foundation.documents.reviews.actions import decline_review
    from zonary.foundation.documents.reviews.leaving import erase
    from zonary.foundation.documents.reviews.models import ReviewAnswer
    from zonary.foundation.organizations.models import Organization

    pool = str(Organization.objects.get(kind="expert-pool").public_id)
    other = str(bring(five.officer, at=LATER).document.public_id)
    assert "示例专家库" in _page(five.officer, f"/documents/{other}/share")
    assert "共享给管委会" not in _page(five.officer, f"/documents/{other}/share")  # it is theirs already
    assert browser(five.officer).post(f"/documents/{other}/share", {"pool": pool}).status_code == 302
    assert DocumentGrant.objects.filter(document__public_id=other, grantee=pool).exists()
    own = str(bring(five.owner, at=LATER).document.public_id)
    assert "示例专家库" not in _page(five.owner, f"/documents/{own}/share")
    assert "共享给管委会" in _page(five.owner, f"/documents/{own}/share")
    made = decline_review(other, note="在外地", by=invited.member, at=LATER)
    erase(Person.objects.get(public_id=five.rival.person), by=five.rival, at=LATER)
    assert ReviewAnswer.objects.get(pk=made.pk).note == ""


def test_over_http_as_on_the_pages(five: Any, invited: Invited) -> None:
    from tests.api.calls import token_for
    from tests.foundation.documents.test_api import Caller

    place = f"/documents/{invited.document}/reviews"
    member, keeper, officer, owner = (Caller(who) for who in (invited.member, invited.keeper, five.officer, five.owner))
    assert member.json("POST", place, {"answer": "accepted"}).status_code == 201
    assert member.json("POST", place, {"answer": "accepted"}).status_code == 409
    for wrong in (
        {"answer": "perhaps"},
        {"answer": "recused"},
        {"answer": "recused", "cause": "lazy"},
        {"answer": "declined", "cause": "kinship"},
        {"answer": "declined", "note": "x" * 301},
        {"answer": "declined", "note": "x\x00"},
    ):
        assert keeper.json("POST", place, wrong).status_code == 422, wrong
    recused = keeper.json("POST", place, {"answer": "recused", "cause": "office", "note": "现任职于监管部门"})
    assert (recused.status_code, recused.json()["cause"]) == (201, "office")
    assert keeper("GET", place).status_code == 404
    shown = officer("GET", place).json()["items"]
    assert [(each["name"], each["answer"], each["note"]) for each in shown] == [
        ("rival", "accepted", ""),
        ("outsider", "recused", "现任职于监管部门"),
    ]
    assert [each["answer"] for each in member("GET", place).json()["items"]] == ["accepted"]
    assert officer.json("POST", place, {"answer": "accepted"}).status_code == 403
    assert (owner("GET", place).status_code, owner.json("POST", place, {"answer": "accepted"}).status_code) == (
        404,
        403,
    )
    reading = Caller(invited.member)
    reading.token = token_for(invited.member, "documents:read")
    assert reading("GET", place).status_code == 200
    assert reading.json("POST", place, {"answer": "declined"}).status_code == 403
