"""Who acts for an organisation: inviting, delegating for a term, ending, handing over.

Memberships are never overwritten: one that changes ends, and another begins, so that who might do what at any moment of
the past can be said.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from zonary.common.clock import rfc3339, zone_date
from zonary.common.ids import new_id
from zonary.foundation.accounts.models import Person
from zonary.foundation.accounts.queries import holds_appointment
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.events import (
    InvitationAccepted,
    InvitationsForgotten,
    InvitationWithdrawn,
    MemberInvited,
    MembershipChanged,
    MembershipEnded,
    OrganizationHandedOver,
)
from zonary.foundation.organizations.models import Department, Invitation, Membership, Organization
from zonary.foundation.organizations.permissions import hold_person, hold_standing, require_owner, require_person
from zonary.foundation.organizations.queries import as_uuid, in_force, last_day
from zonary.foundation.organizations.rules import INVITATION_TERM, digest_of_secret
from zonary.foundation.organizations.standing import Standing


class InvitationError(LedgerError):
    """This invitation cannot be taken up."""


class UnknownInvitationError(InvitationError):
    """There is none, or it is another organisation's."""


class MembershipError(LedgerError):
    """This change of who acts for whom cannot be made."""


class UnknownMemberError(MembershipError):
    """There is none, or they are another organisation's."""


@action
def invite_member(
    *, role: str, email: str, until: date | None, department: str = "", by: Standing, at: datetime
) -> tuple[Invitation, str]:
    """Offer membership in the organisation ``by`` is an owner of; returns the invitation and the secret of its link.

    The secret is nowhere kept: whoever loses the link needs another invitation.

    :param until: last day of the term; None: without end.
    :param department: public id of one, for officers.
    :raises MembershipError: when the term is over already, or there is no such department.
    """
    hold_standing(by, at=at)
    require_owner(by)
    if until is not None and until < zone_date(at):
        raise MembershipError("The term would end on {day}, which is past.", day=until.isoformat())
    organization = Organization.objects.get(public_id=by.organisation)
    return _offer(organization, role, department=department, email=email, until=until, by=by, at=at)


def _offer(
    organization: Organization,
    role: str,
    *,
    department: str = "",
    email: str = "",
    until: date | None = None,
    by: Actor,
    at: datetime,
) -> tuple[Invitation, str]:
    secret = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        public_id=new_id(at),
        organization=organization,
        role=role,
        department=_department(organization, department),
        email=email,
        secret_digest=digest_of_secret(secret),
        until=until,
        invited_by=by.actor_id,
        invited_at=at,
        expires_at=at + INVITATION_TERM,
    )
    event = MemberInvited(
        invitation=str(invitation.public_id),
        role=role,
        department=department,
        until=last_day(until),
        expires_at=rfc3339(invitation.expires_at),
    )
    record(event, by=by, about=str(organization.public_id), at=at)
    return invitation, secret


def _department(organization: Organization, public_id: str) -> Department | None:
    if not public_id:
        return None
    found = Department.objects.filter(authority=organization, public_id=as_uuid(public_id), closed_at=None).first()
    if found is None:
        raise MembershipError("There is no such department.")
    return found


@action
def withdraw_invitation(invitation: str, *, by: Standing, at: datetime) -> None:
    """Take an invitation back.

    :raises InvitationError: when there is none of this organisation that is still open.
    """
    hold_standing(by, at=at)
    require_owner(by)
    opened = _open_invitations().filter(public_id=as_uuid(invitation), organization__public_id=by.organisation)
    if not opened.update(withdrawn_at=at):
        raise UnknownInvitationError("There is no such invitation that is still open.")
    record(InvitationWithdrawn(invitation=invitation), by=by, about=by.organisation, at=at)


def _open_invitations() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None)


@action
def accept_invitation(secret: str, *, by: Standing, at: datetime) -> Membership:
    """Become a member, by the secret of an invitation's link.

    :raises InvitationError: when it is no invitation's, or that has expired, was taken back or used.
    :raises MembershipError: when ``by`` acts for that organisation already.
    """
    require_person(by)
    found = Invitation.objects.filter(secret_digest=digest_of_secret(secret))
    if connection.features.has_select_for_update:
        found = found.select_for_update(of=("self",))
    invitation = found.select_related("organization").first()
    if invitation is None:
        raise UnknownInvitationError("This invitation is not known. Check that the link is whole.")
    if invitation.withdrawn_at is not None:
        raise InvitationError("This invitation was withdrawn. Ask whoever sent it for another.")
    if invitation.accepted_at is not None:
        raise InvitationError("This invitation was used already.")
    if invitation.expires_at <= at:
        raise InvitationError("This invitation has expired. Ask whoever sent it for another.")
    person = Person.objects.get(public_id=by.actor_id)
    membership = _begin(
        person, invitation.organization, invitation.role, invitation.until, invitation.department,
        granted_by=invitation.invited_by, at=at,
    )  # fmt: skip
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=at, accepted_by=by.actor_id)
    event = InvitationAccepted(
        invitation=str(invitation.public_id),
        person=by.actor_id,
        membership=str(membership.public_id),
        role=invitation.role,
        until=last_day(invitation.until),
    )
    record(event, by=by, about=str(invitation.organization.public_id), at=at)
    return membership


def _begin(
    person: Person,
    organization: Organization,
    role: str,
    until: date | None,
    department: Department | None,
    *,
    granted_by: str,
    at: datetime,
) -> Membership:
    if organization.kind == Organization.Kind.ZONE_AUTHORITY:
        hold_person(person)
    if organization.kind == Organization.Kind.ZONE_AUTHORITY and holds_appointment(person):
        raise MembershipError("You are an administrator of this zone, and so may not act for its authority.")
    open_ones = Membership.objects.filter(person=person, organization=organization, ended_at=None)
    if open_ones.filter(in_force(at)).exists():
        raise MembershipError("You act for {name} already.", name=organization.name)
    open_ones.update(ended_at=at, end_reason="term over")  # its term ran out, and nobody had to end it
    try:
        with transaction.atomic():
            return Membership.objects.create(
                public_id=new_id(at),
                person=person,
                organization=organization,
                role=role,
                department=department,
                granted_by=granted_by,
                since=at,
                until=until,
            )
    except IntegrityError:
        # They came in by another invitation at the same moment.
        raise MembershipError("You act for {name} already.", name=organization.name) from None


@action
def change_membership(membership: str, *, role: str, until: date | None, by: Standing, at: datetime) -> Membership:
    """Have a member of the organisation act in another role, or for another term (delegation, 委托).

    :raises MembershipError: when there is no such member, or no owner would be left.
    """
    hold_standing(by, at=at)
    require_owner(by)
    held = _member(by, membership, at=at)
    _end(held, reason="changed", at=at)
    changed = _begin(held.person, held.organization, role, until, held.department, granted_by=by.actor_id, at=at)
    _require_an_owner(held.organization, at=at)
    event = MembershipChanged(
        membership=membership,
        successor=str(changed.public_id),
        person=str(held.person.public_id),
        role=role,
        until=last_day(until),
    )
    record(event, by=by, about=by.organisation, at=at)
    return changed


@action
def end_membership(membership: str, *, reason: str, by: Standing, at: datetime) -> None:
    """End somebody's membership: an owner anybody's, everybody their own.

    :raises MembershipError: when there is no such member, or no owner would be left.
    """
    if membership != by.membership:
        hold_standing(by, at=at)
        require_owner(by)
    held = _member(by, membership, at=at)
    _end(held, reason=reason, at=at)
    _require_an_owner(held.organization, at=at)
    event = MembershipEnded(membership=membership, person=str(held.person.public_id), reason=reason)
    record(event, by=by, about=by.organisation, at=at)


@action
def hand_over_organization(membership: str, *, stay_as: str, by: Standing, at: datetime) -> None:
    """Make another member its owner, and step back to ``stay_as`` (a role, or empty to leave).

    :raises MembershipError: when there is no such member, or it is ``by``.
    """
    hold_standing(by, at=at)
    require_owner(by)
    heir, own = _member(by, membership, at=at), _member(by, by.membership, at=at)
    if heir.pk == own.pk:
        raise MembershipError("You are the owner already. Choose the member who is to take over.")
    _end(heir, reason="handed over", at=at)
    _begin(heir.person, heir.organization, Membership.Role.OWNER, None, heir.department, granted_by=by.actor_id, at=at)
    _end(own, reason="handed over", at=at)
    if stay_as:
        _begin(own.person, own.organization, stay_as, None, own.department, granted_by=by.actor_id, at=at)
    event = OrganizationHandedOver(predecessor=by.actor_id, successor=str(heir.person.public_id), stays_as=stay_as)
    record(event, by=by, about=by.organisation, at=at)


@action
def leave_organizations(person: Person, *, by: Actor, at: datetime) -> None:
    """End every membership of a person who closes their account.

    :raises MembershipError: when an organisation would be left without an owner.
    """
    for each in Membership.objects.filter(person=person, ended_at=None).select_related("organization"):
        _end(each, reason="account closed", at=at)
        if each.role == Membership.Role.OWNER:
            _require_an_owner(each.organization, at=at)
        event = MembershipEnded(membership=str(each.public_id), person=str(person.public_id), reason="account closed")
        record(event, by=by, about=str(each.organization.public_id), at=at)


@action
def forget_invitations(person: Person, *, by: Actor, at: datetime) -> None:
    """Take the address of an erased person out of the invitations they came in by."""
    count = Invitation.objects.filter(accepted_by=str(person.public_id)).update(email="")
    record(InvitationsForgotten(count=count), by=by, about=str(person.public_id), at=at)


def _member(by: Standing, membership: str, *, at: datetime) -> Membership:
    held = Membership.objects.filter(
        in_force(at), public_id=as_uuid(membership), organization__public_id=as_uuid(by.organisation)
    )
    found = held.select_related("person", "organization", "department").first()
    if found is None:
        raise UnknownMemberError("There is no such member of this organisation.")
    return found


def _end(held: Membership, *, reason: str, at: datetime) -> None:
    if not Membership.objects.filter(pk=held.pk, ended_at=None).update(ended_at=at, end_reason=reason):
        raise UnknownMemberError("There is no such member of this organisation.")


def _require_an_owner(organization: Organization, *, at: datetime) -> None:
    if connection.features.has_select_for_update:
        # Of two owners who step back at one time the second waits here, and then sees that the first has gone.
        Organization.objects.select_for_update().get(pk=organization.pk)
    owners = Membership.objects.filter(in_force(at), organization=organization, role=Membership.Role.OWNER, until=None)
    if not owners.exists():
        raise MembershipError("The organisation would be without an owner. Hand it over first.")
