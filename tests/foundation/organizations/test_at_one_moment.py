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


@pytest.mark.parametrize("name", ["示例片区管委会", "星河\u202e精工", "\u200b", "  "])
def test_nobody_enters_under_a_name_that_is_not_what_it_seems(five: Any, name: str) -> None:
    from zonary.foundation.organizations.actions import found_organization
    from zonary.foundation.organizations.actions.founding import Founding
    from zonary.foundation.organizations.rules import WrongNameError

    with pytest.raises(WrongNameError):
        found_organization(Founding(kind="verifier", name=name), by=five.outsider, at=LATER)
