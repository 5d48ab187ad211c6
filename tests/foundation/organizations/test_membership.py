"""Who acts for whom: invited, for a term, ended, handed over; and what an agent who was revoked meanwhile may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="organisations need the [web] extra")

from tests.five_accounts import AT

LATER = AT + timedelta(hours=1)


def test_a_member_comes_in_by_the_link_and_no_other_way(five: Any) -> None:
    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.organizations.actions import InvitationError, accept_invitation, invite_member
    from zonary.foundation.organizations.queries import members

    invitation, secret = invite_member(role="reader", email="", until=date(2026, 12, 31), by=five.owner, at=LATER)
    with pytest.raises(InvitationError):
        accept_invitation(secret + "x", by=five.outsider, at=LATER)
    membership = accept_invitation(secret, by=five.outsider, at=LATER)
    assert membership.until == date(2026, 12, 31)
    assert [each.role for each in members(five.owner, at=LATER)] == ["owner", "agent", "reader"]
    assert Entry.objects.latest("id").kind == "organizations.invitation.accepted"
    with pytest.raises(InvitationError):
        accept_invitation(secret, by=five.rival, at=LATER)
    assert bytes(type(invitation).objects.get(pk=invitation.pk).secret_digest) not in secret.encode()


def test_an_expired_or_withdrawn_invitation_says_so(five: Any) -> None:
    from zonary.foundation.organizations.actions import (
        InvitationError,
        accept_invitation,
        invite_member,
        withdraw_invitation,
    )

    _, secret = invite_member(role="agent", email="", until=None, by=five.owner, at=LATER)
    with pytest.raises(InvitationError, match="expired"):
        accept_invitation(secret, by=five.outsider, at=LATER + timedelta(days=7))
    invitation, secret = invite_member(role="agent", email="", until=None, by=five.owner, at=LATER)
    with pytest.raises(InvitationError):
        withdraw_invitation(str(invitation.public_id), by=five.rival, at=LATER)
    withdraw_invitation(str(invitation.public_id), by=five.owner, at=LATER)
    with pytest.raises(InvitationError, match="withdrawn"):
        accept_invitation(secret, by=five.outsider, at=LATER)


def test_a_term_ends_by_itself_at_the_end_of_its_last_day(five: Any) -> None:
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.organizations.actions import change_membership
    from zonary.foundation.organizations.queries import standing_of

    changed = change_membership(
        five.colleague.membership, role="agent", until=date(2026, 11, 25), by=five.owner, at=LATER
    )
    person = Person.objects.get(public_id=five.colleague.person)
    enterprise = str(five.enterprise.public_id)
    last_moment = changed.since.replace(day=25, hour=15, minute=59)  # 23:59 in China
    assert standing_of(person, enterprise, at=last_moment).role == "agent"
    assert standing_of(person, enterprise, at=last_moment + timedelta(minutes=1)).role == ""


def test_an_agent_revoked_in_the_middle_of_an_act_is_refused(five: Any) -> None:
    from zonary.foundation.organizations.actions import end_membership, hand_over_organization, invite_member
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.foundation.organizations.queries import members

    hand_over_organization(five.colleague.membership, stay_as="reader", by=five.owner, at=LATER)
    with pytest.raises(NotAllowedError):
        invite_member(role="owner", email="", until=None, by=five.owner, at=LATER)
    with pytest.raises(NotAllowedError):
        end_membership(five.colleague.membership, reason="", by=five.owner, at=LATER)
    assert [each.role for each in members(five.colleague, at=LATER)] == ["owner", "reader"]


def test_an_organisation_is_never_without_an_owner(five: Any) -> None:
    from zonary.foundation.organizations.actions import MembershipError, change_membership, end_membership
    from zonary.foundation.organizations.queries import members

    with pytest.raises(MembershipError):
        end_membership(five.owner.membership, reason="gone", by=five.owner, at=LATER)
    with pytest.raises(MembershipError):
        change_membership(five.owner.membership, role="agent", until=None, by=five.owner, at=LATER)
    assert [each.role for each in members(five.owner, at=LATER)] == ["owner", "agent"]


@pytest.mark.parametrize("who", ["colleague", "rival", "officer", "outsider"])
def test_only_an_owner_says_who_acts(five: Any, who: str) -> None:
    from zonary.foundation.ledger.errors import LedgerError
    from zonary.foundation.organizations.actions import change_membership, end_membership, invite_member
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.foundation.organizations.queries import members

    by = getattr(five, who)
    for attempt in (
        lambda: end_membership(five.owner.membership, reason="", by=by, at=LATER),
        lambda: change_membership(five.colleague.membership, role="owner", until=None, by=by, at=LATER),
    ):
        with pytest.raises((NotAllowedError, LedgerError)):
            attempt()
    if who in ("colleague", "outsider"):
        with pytest.raises(NotAllowedError):
            invite_member(role="owner", email="", until=None, by=by, at=LATER)
    assert [each.role for each in members(five.owner, at=LATER)] == ["owner", "agent"]


def test_two_cannot_found_the_same_enterprise(five: Any) -> None:
    from zonary.foundation.organizations.actions import AlreadyFoundedError, found_organization
    from zonary.foundation.organizations.actions.founding import Founding
    from zonary.foundation.organizations.models import Membership

    founding = Founding(kind="enterprise", name="冒名", uscc=five.enterprise.uscc)
    with pytest.raises(AlreadyFoundedError):
        found_organization(founding, by=five.outsider, at=LATER)
    assert not Membership.objects.filter(person__public_id=five.outsider.person).exists()
