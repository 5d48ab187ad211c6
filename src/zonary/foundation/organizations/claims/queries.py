"""Every read of claims: people see their own, officers all."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from zonary.common.language import _
from zonary.foundation.organizations.models import Claim, Organization
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.rules import OVERTAKEN, checked_uscc
from zonary.foundation.organizations.standing import Standing

STATES = ("open", "decided")
_OF_LATE = timedelta(days=30)
_AT_HOME = 10


def claims(reader: Standing, *, state: str = "") -> QuerySet[Claim]:
    """The reader's own; for an officer everybody's.

    :param state: one of ``STATES``, a withdrawn claim being a decided one; empty: all.
    """
    found = Claim.objects.select_related("organization", "person")
    if not reader.is_officer:
        found = found.filter(person__public_id=as_uuid(reader.person))
    return found.filter(decided_at__isnull=state == "open") if state in STATES else found


def claim_seen_by(reader: Standing, public_id: str) -> Claim | None:
    """The claim called ``public_id``, if it is the reader's, or they are an officer."""
    return claims(reader).filter(public_id=as_uuid(public_id)).first()


def claims_waiting(reader: Standing) -> QuerySet[Claim]:
    """Claims the reader may decide on: officers, and never their own."""
    waiting = Claim.objects.filter(decided_at=None)
    if not (reader.is_officer and reader.may_act):
        return waiting.none()
    return waiting.exclude(person__public_id=as_uuid(reader.person))


def others_on(reader: Standing, claim: Claim) -> QuerySet[Claim]:
    """Further open claims on the same organisation, the oldest first; for officers."""
    waiting = claims(reader, state="open") if reader.is_officer else Claim.objects.none()
    return waiting.filter(organization=claim.organization).exclude(pk=claim.pk).order_by("public_id")


def latest_claims(reader: Standing, *, at: datetime) -> QuerySet[Claim]:
    """The reader's own that are open, or were refused of late, the latest first."""
    refused = Q(is_confirmed=False, decided_at__gt=at - _OF_LATE)
    own = Claim.objects.filter(Q(decided_at=None) | refused, person__public_id=as_uuid(reader.person))
    return own.select_related("organization").order_by("-public_id")[:_AT_HOME]


def is_listed(_reader: Standing, uscc: str) -> bool:
    """Whether the organisation with this number is in the registry, and nobody acts for it here; anybody may know.

    :raises WrongUSCCError: when the number is none.
    """
    listed = Organization.objects.filter(state=Organization.State.LISTED)
    return bool(uscc) and listed.filter(uscc=checked_uscc(uscc)).exists()


def statement_of(claim: Claim) -> str:
    """What the claimant says; nothing once their account is closed, when only security administrators may see it."""
    return "" if claim.person.restricted_at else claim.statement


def answer_of(claim: Claim) -> str:
    """Why it was refused, in the reader's language when nobody typed it."""
    return _(OVERTAKEN) if claim.answer == OVERTAKEN else claim.answer
