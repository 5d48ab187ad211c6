"""What two people do at one moment: one of them comes second, and is told so in a sentence."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="organisations need the [web] extra")

from tests.five_accounts import AT

LATER = AT + timedelta(hours=1)
THIRD_USCC = "91110108551385082Q"
ROUNDS = 5


def _at_once(*doings: Callable[[], Any]) -> list[Any]:
    """What each returned or raised; all are let go together, each in a thread with a connection of its own."""
    from django.db import connection

    gate, ended = threading.Barrier(len(doings)), [None] * len(doings)

    def run(number: int) -> None:
        connection.ensure_connection()
        gate.wait()
        try:
            ended[number] = doings[number]()
        except Exception as error:
            ended[number] = error  # looked at by the test
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(doings))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def test_of_those_who_enter_one_number_together_one_owns_it(five: Any) -> None:
    from zonary.foundation.organizations.actions import AlreadyFoundedError, found_organization
    from zonary.foundation.organizations.actions.founding import Founding
    from zonary.foundation.organizations.models import Organization

    founding = Founding(kind="enterprise", name="同时机械（虚构）", uscc=THIRD_USCC)

    def found(by: Any) -> Any:
        return found_organization(founding, by=by, at=LATER)

    people = (five.owner, five.colleague, five.rival, five.outsider)
    ended = _at_once(*(lambda by=by: found(by) for by in people))
    assert sum(isinstance(each, Organization) for each in ended) == 1
    assert sum(isinstance(each, AlreadyFoundedError) for each in ended) == len(people) - 1


def test_of_those_who_accept_one_invitation_together_one_comes_in(five: Any) -> None:
    from zonary.foundation.organizations.actions import InvitationError, accept_invitation, invite_member
    from zonary.foundation.organizations.models import Membership

    _, secret = invite_member(role="agent", email="", until=None, by=five.owner, at=LATER)
    people = (five.rival, five.outsider, five.officer)
    ended = _at_once(*(lambda by=by: accept_invitation(secret, by=by, at=LATER) for by in people))
    assert sum(isinstance(each, Membership) for each in ended) == 1
    assert sum(isinstance(each, InvitationError) for each in ended) == len(people) - 1


def test_a_person_who_accepts_two_invitations_together_is_a_member_once(five: Any) -> None:
    from zonary.foundation.organizations.actions import MembershipError, accept_invitation, invite_member
    from zonary.foundation.organizations.models import Membership

    secrets = [
        invite_member(role=role, email="", until=None, by=five.owner, at=LATER)[1] for role in ("agent", "reader")
    ]
    ended = _at_once(*(lambda s=s: accept_invitation(s, by=five.outsider, at=LATER) for s in secrets))
    assert [type(each) for each in ended if not isinstance(each, Membership)] == [MembershipError]


def test_of_two_owners_who_leave_together_one_stays(five: Any) -> None:
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.organizations.actions import accept_invitation, end_membership, invite_member
    from zonary.foundation.organizations.queries import members, standing_of

    staying = five.owner
    for turn in range(ROUNDS):
        other = five.outsider if staying.person == five.owner.person else five.owner
        _, secret = invite_member(role="owner", email="", until=None, by=staying, at=LATER)
        accept_invitation(secret, by=other, at=LATER)
        person = Person.objects.get(public_id=other.person)
        joined = standing_of(person, str(five.enterprise.public_id), at=LATER)
        _at_once(
            *(lambda by=by: end_membership(by.membership, reason="left", by=by, at=LATER) for by in (staying, joined))
        )
        owners = [each for each in members(five.colleague, at=LATER) if each.role == "owner"]
        assert len(owners) == 1, turn
        staying = standing_of(owners[0].person, str(five.enterprise.public_id), at=LATER)


def test_nobody_becomes_officer_and_administrator_together(five: Any) -> None:
    from zonary.foundation.accounts.actions import register_person
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.organizations.actions import (
        accept_invitation,
        appoint_admin,
        appoint_first_admins,
        invite_member,
    )
    from zonary.foundation.organizations.queries import standing_of

    def person(number: int) -> Any:
        return register_person(email=f"person{number}@zone.example", name="何以安", by=SYSTEM, at=AT)

    people = {role: person(number) for number, role in enumerate(("system", "security", "audit"))}
    appoint_first_admins(people, by=SYSTEM, at=AT)
    security = standing_of(people["security"], "", at=AT)
    for turn in range(ROUNDS):
        both = standing_of(person(10 + turn), "", at=AT)
        _, secret = invite_member(role="agent", email="", until=None, by=five.officer, at=LATER)
        ended = _at_once(
            lambda secret=secret, by=both: accept_invitation(secret, by=by, at=LATER),
            lambda who=both.person: appoint_admin(who, role="audit", by=security, at=LATER),
        )
        assert sum(isinstance(each, Exception) for each in ended) == 1, ended


def _claims(five: Any, count: int) -> list[Any]:
    """So many claims on one enterprise, each by another person."""
    from tests.foundation.organizations.listed import claim, list_enterprises, newcomer

    listed = list_enterprises(five)[0]
    return [claim(listed, newcomer(f"claimant-{number}")) for number in range(count)]


def _officers(five: Any, count: int) -> list[Any]:
    from tests.filled_zone import add_member

    return [add_member(five.officer, f"officer-{number}", LATER) for number in range(count)]


def test_of_officers_who_decide_one_claim_together_one_does(five: Any) -> None:
    from tests.foundation.organizations.listed import decide

    from zonary.foundation.organizations.actions import ClaimError
    from zonary.foundation.organizations.models import Claim, Membership

    [made], officers = _claims(five, 1), _officers(five, 3)
    answers = ("", "与执照不符", "")
    ended = _at_once(
        *(
            lambda by=by, answer=answer: decide(made, by, answer=answer)
            for by, answer in zip(officers, answers, strict=True)
        )
    )
    assert sum(isinstance(each, Claim) for each in ended) == 1, ended
    assert sum(isinstance(each, ClaimError) for each in ended) == 2, ended
    made.refresh_from_db()
    made.organization.refresh_from_db()
    owners = Membership.objects.filter(organization=made.organization).count()
    assert (made.organization.state, owners) == (("active", 1) if made.is_confirmed else ("listed", 0))


def test_of_claims_confirmed_together_one_is_and_the_others_are_refused(five: Any) -> None:
    from tests.foundation.organizations.listed import decide

    from zonary.foundation.organizations.actions import ClaimError
    from zonary.foundation.organizations.models import Claim, Membership

    claims, officers = _claims(five, 3), _officers(five, 3)
    ended = _at_once(*(lambda made=made, by=by: decide(made, by) for made, by in zip(claims, officers, strict=True)))
    assert sum(isinstance(each, Claim) for each in ended) == 1, ended
    assert sum(isinstance(each, ClaimError) for each in ended) == 2, ended
    assert sorted(each.state for each in Claim.objects.all()) == ["confirmed", "refused", "refused"]
    assert Membership.objects.filter(organization=claims[0].organization).count() == 1


def test_a_claim_confirmed_while_its_person_leaves_is_one_or_the_other(five: Any) -> None:
    from tests.foundation.organizations.listed import claim, decide, list_enterprises, newcomer

    from zonary.foundation.accounts.actions import close_account
    from zonary.foundation.organizations.actions import ClaimError, MembershipError
    from zonary.foundation.organizations.models import Membership

    for turn, listed in enumerate(list_enterprises(five, ROUNDS)):
        who = newcomer(f"leaver-{turn}")
        made = claim(listed, who)
        decided, left = _at_once(
            lambda made=made: decide(made, five.officer),
            lambda who=who: close_account(who.person, reason="", by=who, at=LATER),
        )
        listed.refresh_from_db()
        owns = Membership.objects.filter(organization=listed, ended_at=None).exists()
        if isinstance(decided, ClaimError):
            assert (listed.state, owns, isinstance(left, Exception)) == ("listed", False, False), left
        else:  # an owner alone hands it over first
            assert (listed.state, owns, type(left)) == ("active", True, MembershipError), (decided, left)


def test_one_person_claims_together_what_they_may_and_no_more(five: Any) -> None:
    from tests.foundation.organizations.listed import claim, list_enterprises

    from zonary.foundation.organizations.actions import ClaimError
    from zonary.foundation.organizations.models import Claim
    from zonary.foundation.organizations.rules import MAX_OPEN_CLAIMS

    listed = list_enterprises(five, MAX_OPEN_CLAIMS + 2)
    wanted = [*listed, listed[0]]
    ended = _at_once(*(lambda each=each: claim(each, five.outsider) for each in wanted))
    assert sum(isinstance(each, Claim) for each in ended) == MAX_OPEN_CLAIMS, ended
    assert sum(isinstance(each, ClaimError) for each in ended) == len(wanted) - MAX_OPEN_CLAIMS, ended


@pytest.mark.parametrize("name", ["示例片区管委会", "星河\u202e精工", "\u200b", "  "])
def test_nobody_enters_under_a_name_that_is_not_what_it_seems(five: Any, name: str) -> None:
    from zonary.foundation.organizations.actions import found_organization
    from zonary.foundation.organizations.actions.founding import Founding
    from zonary.foundation.organizations.rules import WrongNameError

    with pytest.raises(WrongNameError):
        found_organization(Founding(kind="verifier", name=name), by=five.outsider, at=LATER)
