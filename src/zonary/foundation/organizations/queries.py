"""Every read. Who may stand for whom is asked with each request, so it is one query."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db.models import Q, QuerySet

from zonary.common.clock import zone_date
from zonary.foundation.accounts.models import AdminAppointment, Person
from zonary.foundation.organizations.models import Membership, Organization
from zonary.foundation.organizations.standing import Standing

_NIL = uuid.UUID(int=0)


def in_force(at: datetime) -> Q:
    """Memberships that hold at the moment ``at``: begun, not ended, and within their term."""
    return Q(ended_at__isnull=True, since__lte=at) & (Q(until__isnull=True) | Q(until__gte=zone_date(at)))


def standing_of(person: Person, organisation: str, *, at: datetime) -> Standing:
    """The standing of ``person`` for ``organisation`` (a public id, or empty: for themselves).

    One who has no membership there that is in force stands for themselves.
    """
    admin = AdminAppointment.objects.filter(person=person, ended_at__isnull=True).values_list("role", flat=True)
    alone = Standing(person=str(person.public_id), admin=admin.first() or "")
    held = membership_of(person, organisation, at=at)
    if held is None:
        return alone
    return Standing(
        person=alone.person,
        organisation=str(held.organization.public_id),
        kind=held.organization.kind,
        role=held.role,
        membership=str(held.public_id),
        admin=alone.admin,
    )


def membership_of(person: Person, organisation: str, *, at: datetime) -> Membership | None:
    """The membership of ``person`` in the organisation with this public id, if it is in force."""
    if not organisation:
        return None
    found = Membership.objects.filter(in_force(at), person=person, organization__public_id=as_uuid(organisation))
    return found.exclude(organization__state=Organization.State.CLOSED).select_related("organization").first()


def memberships_of(person: Person, *, at: datetime) -> QuerySet[Membership]:
    """Everything ``person`` may act for, by name."""
    held = Membership.objects.filter(in_force(at), person=person).exclude(organization__state=Organization.State.CLOSED)
    return held.select_related("organization").order_by("organization__name")


def own_organization(reader: Standing) -> Organization | None:
    """The organisation the reader acts for."""
    return Organization.objects.filter(public_id=reader.organisation).first() if reader.organisation else None


def members(reader: Standing, *, at: datetime) -> QuerySet[Membership]:
    """Who acts for the reader's organisation; nobody without one."""
    if not reader.organisation:
        return Membership.objects.none()
    held = Membership.objects.filter(in_force(at), organization__public_id=reader.organisation)
    return held.select_related("person", "department").order_by("since")


def as_uuid(public_id: str) -> uuid.UUID:
    """``public_id`` as the database asks for it; for what is none, or is one in another spelling, the nil UUID.

    Nothing is called by that (RFC 9562 §5.9), so that whoever asks for it finds nothing.
    """
    try:
        found = uuid.UUID(public_id)
    except ValueError:
        return _NIL
    return found if str(found) == public_id else _NIL


def last_day(until: date | None) -> str:
    """A term's last day as it goes into the ledger; empty without one."""
    return "" if until is None else until.isoformat()
