"""What a person who leaves has to do with organisations, when there is anything."""

from __future__ import annotations

from datetime import datetime

from zonary.foundation.accounts.models import Person
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.organizations.actions.claiming import forget_claims, withdraw_claims
from zonary.foundation.organizations.actions.membership import forget_invitations, leave_organizations
from zonary.foundation.organizations.models import Claim, Invitation, Membership
from zonary.foundation.organizations.permissions import hold_person


def close(person: Person, *, by: Actor, at: datetime) -> None:
    """:raises MembershipError: when an organisation would be left without an owner."""
    hold_person(person)  # an officer who confirms a claim of theirs now comes before this, or finds it withdrawn
    if Membership.objects.filter(person=person, ended_at=None).exists():
        leave_organizations(person, by=by, at=at)
    if Claim.objects.filter(person=person, decided_at=None).exists():
        withdraw_claims(person, by=by, at=at)


def erase(person: Person, *, by: Actor, at: datetime) -> None:
    """The addresses in the invitations by which they came in go, and what they said to claim organisations."""
    if Invitation.objects.filter(accepted_by=str(person.public_id)).exclude(email="").exists():
        forget_invitations(person, by=by, at=at)
    if Claim.objects.filter(person=person).exists():
        forget_claims(person, by=by, at=at)
