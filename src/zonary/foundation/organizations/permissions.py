"""Who may do what, for whom; and that they still may at the moment it is done."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from zonary.foundation.accounts.models import AdminAppointment, Person
from zonary.foundation.organizations.models import Claim, Correction, Membership, Organization
from zonary.foundation.organizations.queries import as_uuid, in_force
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error

OPERATOR = "operator"
"""Who is at the terminal of the server's machine, and holds its token; no person is called so."""


class NotAllowedError(Error):
    """Whoever asked may not do this."""


def hold_standing(by: Standing, *, at: datetime) -> None:
    """Make sure ``by`` still stands for whom they say, until the present action ends; call it first in one.

    The membership's row is locked: who takes it away in the meantime waits until this is done, or came before and then
    this is refused.

    :raises NotAllowedError: when it ended since the request began, or only lets them read.
    """
    if not by.may_act:
        raise NotAllowedError("You may look at what this organisation has here, not change it. Ask an owner of it.")
    hold_membership(by, at=at)


def hold_membership(by: Standing, *, at: datetime) -> None:
    """The same for who may look as well: that they still act for their organisation, as what they say.

    :raises NotAllowedError: when it ended since the request began.
    """
    if not by.organisation:
        return
    held = Membership.objects.filter(in_force(at), public_id=as_uuid(by.membership), role=by.role)
    held = held.exclude(organization__state=Organization.State.CLOSED)
    if connection.features.has_select_for_update:
        held = held.select_for_update(of=("self",))
    if held.first() is None:
        raise NotAllowedError("You no longer act for this organisation. Nothing was changed.")


def hold_appointment(by: Standing, role: str) -> None:
    """Make sure ``by`` is this kind of administrator, until the present action ends.

    :raises NotAllowedError: when they are not, or no longer.
    """
    held = AdminAppointment.objects.filter(person__public_id=as_uuid(by.person), role=role, ended_at=None)
    if connection.features.has_select_for_update:
        held = held.select_for_update(of=("self",))
    if by.admin != role or by.scopes is not None or held.first() is None:
        raise NotAllowedError("Only the administrator whose task this is may do it: {role}.", role=role)


def hold_person(person: Person) -> None:
    """Until the present action ends nobody else makes ``person`` an administrator or an officer: nobody is both."""
    if connection.features.has_select_for_update:
        Person.objects.select_for_update().get(pk=person.pk)


def require_person(by: Standing) -> None:
    """:raises NotAllowedError: for a program, such as whoever holds the operator's token."""
    if as_uuid(by.person) == as_uuid(""):
        raise NotAllowedError("Only a person can do this. Sign in, or use a token of your own.")


def require_owner(by: Standing) -> None:
    """:raises NotAllowedError: unless ``by`` acts as an owner."""
    if by.role != Membership.Role.OWNER:
        raise NotAllowedError("Only an owner of the organisation may do this.")


def require_officer(by: Standing) -> None:
    """:raises NotAllowedError: unless ``by`` acts for the zone authority, and may do more than look."""
    if not (by.is_officer and by.may_act):
        raise NotAllowedError("Only an officer of the zone may do this.")


def require_may_import_registry(by: Standing) -> None:
    """:raises NotAllowedError: unless ``by`` is an officer, or the operator, who types on the server's machine."""
    if by.person != OPERATOR or by.organisation:
        require_officer(by)


def require_may_decide_correction(by: Standing, correction: Correction) -> None:
    """:raises NotAllowedError: for whoever proposed it, and for strangers: a colleague or an officer decides."""
    if by.actor_id == correction.proposed_by:
        raise NotAllowedError("You proposed this correction yourself; somebody else has to approve it.")
    is_colleague = bool(by.organisation) and by.organisation == correction.organization
    if not (by.may_act and (is_colleague or by.is_officer)):
        raise NotAllowedError("Only a colleague or an officer of the zone decides on this correction.")


def require_may_decide_claim(by: Standing, claim: Claim) -> None:
    """:raises NotAllowedError: unless ``by`` is an officer, and not whoever claims."""
    require_officer(by)
    if str(claim.person.public_id) == by.person:
        raise NotAllowedError("You made this claim yourself; another officer has to decide on it.")


def require_scope(by: Standing, scope: str) -> None:
    """:raises NotAllowedError: when the token used does not reach so far."""
    if not by.may(scope):
        raise NotAllowedError("This access token has no scope “{scope}”. Make one that has.", scope=scope)
