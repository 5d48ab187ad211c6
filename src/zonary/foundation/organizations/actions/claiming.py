"""Claiming an organisation that is known only from the registry (认领): anybody may, an officer decides.

The number of an organisation is public, so that knowing it shows nothing. Rows are locked in one order: the
organisation, the person, then claims; nobody waits for another who waits for them.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import Q

from zonary.common.ids import new_id
from zonary.common.plain_text import is_plain
from zonary.foundation.accounts.models import Person
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.erasure import erase_acts
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.actions.founding import _begin_acting, _known
from zonary.foundation.organizations.events import ClaimDecided, ClaimsForgotten, ClaimWithdrawn, OrganizationClaimed
from zonary.foundation.organizations.models import Claim, Organization
from zonary.foundation.organizations.permissions import (
    NotAllowedError,
    hold_person,
    hold_standing,
    require_may_decide_claim,
    require_officer,
    require_person,
)
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.rules import COMPARED, MAX_OPEN_CLAIMS, MAX_STATEMENT, OVERTAKEN, checked_uscc
from zonary.foundation.organizations.standing import Standing

_ERASED = "what a person said who was erased"


class ClaimError(LedgerError):
    """This claim cannot be made, or not be decided on so."""


class UnknownClaimError(ClaimError):
    """There is none, or it is another person's."""


@action
def claim_organization(uscc: str, *, statement: str, by: Standing, at: datetime) -> Claim:
    """Say that ``by`` acts for the organisation with this number; it stays listed until an officer decides.

    The claim is the person's own, whomever they act for at the moment.

    :param statement: what an officer may compare or ask about, such as a position and the phone of the office.
    :raises WrongUSCCError: when the number is none.
    :raises AlreadyFoundedError: when somebody acts for it already: an owner of it has to invite them.
    :raises ClaimError: when it is not in the registry, they claimed it before, or too many claims of theirs wait.
    """
    require_person(by)
    number = checked_uscc(uscc)
    organization = _held(Q(uscc=number))
    if organization is None:
        raise ClaimError("The registry of the zone has no organisation {uscc}.", uscc=number)
    if organization.state != Organization.State.LISTED:
        raise _known(organization)
    person = Person.objects.get(public_id=by.person)
    hold_person(person)
    _require_may_wait(person, organization)
    claim = Claim.objects.create(
        public_id=new_id(at),
        person=person,
        organization=organization,
        statement=_checked_text(statement),
        claimed_at=at,
    )
    event = OrganizationClaimed(
        claim=str(claim.public_id),
        organisation=str(organization.public_id),
        uscc=number,
        statement=claim.statement,
    )
    record(event, by=_themselves(by), about=by.person, at=at)
    return claim


def _held(which: Q) -> Organization | None:
    """The organisation; nobody else claims it, or decides who acts for it, until the present action ends."""
    rows = Organization.objects.filter(which)
    return (rows.select_for_update() if connection.features.has_select_for_update else rows).first()


def _require_may_wait(person: Person, organization: Organization) -> None:
    person.refresh_from_db(fields=("is_active",))
    if not person.is_active:
        raise NotAllowedError("This account was closed or locked. Nothing was changed.")
    waiting = Claim.objects.filter(person=person, decided_at=None)
    if waiting.filter(organization=organization).exists():
        raise ClaimError(
            "You have claimed {name} already. An officer of the zone decides on it.", name=organization.name
        )
    if waiting.count() >= MAX_OPEN_CLAIMS:
        raise ClaimError(
            "{most} claims of yours wait for an officer, which is as many as may. Withdraw one, or wait.",
            most=MAX_OPEN_CLAIMS,
        )


def _themselves(by: Standing) -> Standing:
    """For themselves: what they claim is no business of whomever they act for now."""
    return Standing(person=by.person)


def _checked_text(text: str) -> str:
    """``text`` in one line."""
    line = " ".join(text.split())
    if len(line) > MAX_STATEMENT:
        raise ClaimError("This has {count} characters; at most {most} are kept.", count=len(line), most=MAX_STATEMENT)
    if not is_plain(line):
        raise ClaimError("This is text that can be read, with nothing hidden in it.")
    return line


@action
def decide_claim(claim: str, *, is_confirmed: bool, compared: str, answer: str, by: Standing, at: datetime) -> Claim:
    """Confirm that a claimant acts for the organisation, who is its owner from then on, or refuse the claim.

    With one confirmed, the others on the same organisation are refused.

    :param compared: a key of ``COMPARED``; when it is refused it may be empty.
    :param answer: why it is refused; may be empty otherwise.
    :raises NotAllowedError: unless ``by`` is an officer, and not the claimant.
    :raises UnknownClaimError: when there is no such claim.
    :raises ClaimError: when it was decided on or withdrawn meanwhile, or can no longer be confirmed.
    """
    hold_standing(by, at=at)
    require_officer(by)
    found = Claim.objects.filter(public_id=as_uuid(claim)).select_related("person").first()
    if found is None:
        raise UnknownClaimError("There is no such claim.")
    require_may_decide_claim(by, found)
    reason = _checked_decision(is_confirmed=is_confirmed, compared=compared, answer=answer)
    organization = _held(Q(pk=found.organization_id))
    hold_person(found.person)
    if not _end(found, is_confirmed=is_confirmed, compared=compared, answer=reason, by=by, at=at):
        raise _over(found)
    if is_confirmed and organization is not None:
        _confirm(found, organization, by=by, at=at)
    found.refresh_from_db()
    return found


def _checked_decision(*, is_confirmed: bool, compared: str, answer: str) -> str:
    """The answer as it is kept."""
    if compared not in COMPARED and (is_confirmed or compared):
        raise ClaimError("Say what you compared the claim with.")
    reason = _checked_text(answer)
    if not (is_confirmed or reason):
        raise ClaimError("Say why the claim is refused; whoever made it reads it.")
    return reason


def _end(claim: Claim, *, is_confirmed: bool, compared: str, answer: str, by: Actor, at: datetime) -> bool:
    """Decide on ``claim`` if it is still open; of two who do at one time the second finds that it is not.

    The act is about the claimant when it is refused, about the organisation when it is confirmed.
    """
    rows = Claim.objects.filter(pk=claim.pk, decided_at=None)
    if not rows.update(
        decided_at=at, decided_by=by.actor_id, is_confirmed=is_confirmed, compared=compared, answer=answer
    ):
        return False
    claimant, organisation = str(claim.person.public_id), str(claim.organization.public_id)
    event = ClaimDecided(
        claim=str(claim.public_id),
        organisation=organisation,
        claimant=claimant,
        is_confirmed=is_confirmed,
        compared=compared,
        reason=answer,
    )
    made = record(event, by=by, about=organisation if is_confirmed else claimant, at=at)
    if is_confirmed:
        Organization.objects.filter(pk=claim.organization_id).update(confirmation_act=made.public_id)
    return True


def _over(claim: Claim) -> ClaimError:
    claim.refresh_from_db()
    if claim.state == Claim.State.WITHDRAWN:
        return ClaimError("This claim was withdrawn meanwhile. Nothing was changed.")
    return ClaimError("This claim was decided on already. Nothing was changed.")


def _confirm(claim: Claim, organization: Organization, *, by: Standing, at: datetime) -> None:
    if organization.state != Organization.State.LISTED:
        raise ClaimError(
            "{name} is closed, or somebody acts for it already. Nothing was changed; refuse the claim.",
            name=organization.name,
        )
    owner = Person.objects.get(pk=claim.person_id)
    if not owner.is_active:
        raise ClaimError(
            "The account of whoever claims {name} is closed or locked. Nothing was changed; refuse the claim, or wait.",
            name=organization.name,
        )
    Organization.objects.filter(pk=organization.pk).update(state=Organization.State.ACTIVE, changed_at=at)
    _begin_acting(organization, owner, is_claimed=True, by=by, at=at)
    for other in Claim.objects.filter(organization=organization, decided_at=None).select_related("person"):
        _end(other, is_confirmed=False, compared="", answer=OVERTAKEN, by=by, at=at)


@action
def withdraw_claim(claim: str, *, by: Standing, at: datetime) -> Claim:
    """Take one's own claim back.

    :raises UnknownClaimError: when it is none of theirs.
    :raises ClaimError: when it was decided on already.
    """
    require_person(by)
    found = Claim.objects.filter(public_id=as_uuid(claim), person__public_id=by.person).first()
    if found is None:
        raise UnknownClaimError("There is no such claim.")
    if not _withdraw(found, by=_themselves(by), at=at):
        raise ClaimError("This claim was decided on already. Nothing was changed.")
    found.refresh_from_db()
    return found


def _withdraw(claim: Claim, *, by: Actor, at: datetime) -> bool:
    if not Claim.objects.filter(pk=claim.pk, decided_at=None).update(decided_at=at, decided_by=by.actor_id):
        return False
    event = ClaimWithdrawn(claim=str(claim.public_id), organisation=str(claim.organization.public_id))
    record(event, by=by, about=str(claim.person.public_id), at=at)
    return True


@action
def withdraw_claims(person: Person, *, by: Actor, at: datetime) -> None:
    """Take every open claim of a person back who closes their account, and is held (``hold_person``)."""
    for each in Claim.objects.filter(person=person, decided_at=None).select_related("organization", "person"):
        _withdraw(each, by=by, at=at)


@action
def forget_claims(person: Person, *, by: Actor, at: datetime) -> None:
    """Erase what an erased person said in their claims, and what they were answered, from rows and acts alike."""
    about = str(person.public_id)
    count = Claim.objects.filter(person=person).update(statement="", answer="")
    for kinds in (OrganizationClaimed.kind, ClaimDecided.kind):
        erase_acts(Q(about=about), kinds=kinds, about=about, by=by, reason=_ERASED, at=at)
    record(ClaimsForgotten(count=count), by=by, about=about, at=at)
