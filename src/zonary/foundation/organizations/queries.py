"""Every read. Who may stand for whom is asked with each request, so it is one query."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from zonary.common.clock import zone_date
from zonary.common.pagination import DEFAULT_LIMIT, Page, make_cursor, read_cursor
from zonary.foundation.accounts.models import AccessToken, AdminAppointment, Person
from zonary.foundation.accounts.queries import grant_of
from zonary.foundation.ledger.receipts import ActEntry, act_of, acts_where
from zonary.foundation.organizations.events import CorrectionDecided, CorrectionProposed
from zonary.foundation.organizations.models import (
    Area,
    Correction,
    Department,
    Invitation,
    Membership,
    Organization,
    Zone,
)
from zonary.foundation.organizations.rules import CORRECTABLE, POOLS, digest_of_secret
from zonary.foundation.organizations.standing import Standing

_NIL = uuid.UUID(int=0)
_ACTS = "acts"
_CORRECTIONS = 100


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


def standing_of_token(token: str, *, at: datetime) -> Standing | None:
    """Who acts with ``token``; None unless it is in force, and its owner still may act for whom it was made.

    What an administrator may do, no token may.
    """
    grant = grant_of(token, at=at)
    if grant is None:
        return None
    if not grant.token:
        return Standing(person=grant.owner)
    person = Person.objects.filter(public_id=as_uuid(grant.owner), is_active=True, erased_at=None).first()
    if person is None:
        return None
    if not grant.organisation:
        return Standing(person=grant.owner, scopes=grant.scopes)
    held = membership_of(person, grant.organisation, at=at)
    if held is None:
        return None
    return Standing(
        person=grant.owner,
        organisation=grant.organisation,
        kind=held.organization.kind,
        role=held.role,
        membership=str(held.public_id),
        scopes=grant.scopes,
    )


def tokens_of(reader: Standing) -> QuerySet[AccessToken]:
    """The reader's own tokens for whom they act now, newest first, revoked and expired ones too."""
    own = AccessToken.objects.filter(owner=reader.person, organisation=reader.organisation, public_id__isnull=False)
    return own.order_by("-public_id")


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


def founded_zone() -> Zone | None:
    """The zone; None until ``zonary init`` made it."""
    return Zone.objects.first()


def areas_of_zone() -> QuerySet[Area]:
    """The parts of the zone; everybody may know them."""
    return Area.objects.order_by("pk")


def is_officer(person: Person, *, at: datetime) -> bool:
    """Whether ``person`` acts for the zone authority, whomever they stand for at the moment."""
    kind = Organization.Kind.ZONE_AUTHORITY
    return Membership.objects.filter(in_force(at), person=person, organization__kind=kind).exists()


def own_organization(reader: Standing) -> Organization | None:
    """The organisation the reader acts for."""
    return Organization.objects.filter(public_id=reader.organisation).first() if reader.organisation else None


def members(reader: Standing, *, at: datetime) -> QuerySet[Membership]:
    """Who acts for the reader's organisation; nobody without one."""
    if not reader.organisation:
        return Membership.objects.none()
    held = Membership.objects.filter(in_force(at), organization__public_id=reader.organisation)
    return held.select_related("person", "department").order_by("since", "pk")


def invitations(reader: Standing) -> QuerySet[Invitation]:
    """All invitations of the reader's organisation, if they are an owner of it."""
    if reader.role != Membership.Role.OWNER:
        return Invitation.objects.none()
    return Invitation.objects.filter(organization__public_id=reader.organisation)


def member(reader: Standing, membership: str, *, at: datetime) -> Membership | None:
    """One of those who act for the reader's organisation."""
    return members(reader, at=at).filter(public_id=as_uuid(membership)).first()


def open_invitations(reader: Standing, *, at: datetime) -> QuerySet[Invitation]:
    """Invitations to the reader's organisation that can still be accepted, for an owner of it."""
    waiting = invitations(reader).filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)
    return waiting.select_related("department").order_by("-invited_at")


def invitation_by(secret: str, *, at: datetime) -> Invitation | None:
    """The invitation whose link has this secret, if it can still be accepted. Whoever has the link may know."""
    waiting = Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)
    return waiting.filter(secret_digest=digest_of_secret(secret)).select_related("organization", "department").first()


def departments_of(authority: Organization) -> QuerySet[Department]:
    """The departments of the zone authority."""
    return Department.objects.filter(authority=authority, closed_at=None).order_by("name")


def pools_seen_by(reader: Standing, *, at: datetime) -> QuerySet[Organization]:
    """The pools of the zone, each with the number of its ``people``; for officers."""
    if not reader.is_officer:
        return Organization.objects.none()
    held = Membership.objects.filter(in_force(at), organization=OuterRef("pk")).order_by()
    count = held.values("organization").annotate(count=Count("pk")).values("count")
    people = Coalesce(Subquery(count), 0)
    return Organization.objects.filter(kind__in=POOLS).annotate(people=people).order_by("name", "pk")


def founding_act(reader: Standing) -> ActEntry | None:
    """The act by which the reader's organisation came to be here."""
    if not reader.organisation:
        return None
    founded = ("organizations.organization.founded", "organizations.zone.founded", "organizations.pool.opened")
    return next(iter(acts_where(Q(about=reader.organisation), before=None, limit=1, kinds=founded)), None)


def acts_page(reader: Standing, *, cursor: str, limit: int = DEFAULT_LIMIT) -> Page[ActEntry]:
    """Some of the acts that concern the reader, newest first.

    :raises Problem: 422 when the cursor is not one of this list.
    """
    before = read_cursor(cursor, _ACTS, 1)[0] if cursor else None
    found = acts_seen_by(reader, before=None if before is None else int(before), limit=limit + 1)
    following = make_cursor([found[limit - 1].number], _ACTS) if len(found) > limit else ""
    return Page(found[:limit], following)


def names_of(reader: Standing, acts: Iterable[ActEntry], *, also: Iterable[str] = ()) -> dict[str, str]:
    """Public id -> name of whoever did these acts, and for whom, as far as the reader may know.

    People are named to themselves and to those they act, or acted, for; organisations to everybody.

    :param also: further public ids.
    """
    ids = {as_uuid(each) for act in acts for each in (act.actor, act.organisation)}
    ids = (ids | {as_uuid(each) for each in also}) - {_NIL}
    people = Person.objects.filter(public_id__in=ids, restricted_at=None)
    own = Q(public_id=as_uuid(reader.person))
    if reader.organisation:
        own |= Q(memberships__organization__public_id=as_uuid(reader.organisation))
    named = {str(each.public_id): each.name for each in people.filter(own).distinct() if each.name}
    organizations = Organization.objects.filter(public_id__in=ids)
    return named | {str(each.public_id): each.name for each in organizations}


def acts_seen_by(reader: Standing, *, before: int | None, limit: int, kinds: Collection[str] = ()) -> list[ActEntry]:
    """The latest acts that concern the reader, newest first: their own, their organisation's, and those about either.

    :param before: continue after the act of this ``number``.
    """
    concerning = [Q(about=reader.person), Q(actor=reader.person, organisation=reader.organisation)]
    if reader.organisation:
        concerning += [Q(organisation=reader.organisation), Q(about=reader.organisation)]
    # Each has an index of its own; one condition over all of them would have none.
    found = {
        act.number: act for which in concerning for act in acts_where(which, before=before, limit=limit, kinds=kinds)
    }
    return [found[number] for number in sorted(found, reverse=True)[:limit]]


def act_seen_by(reader: Standing, public_id: str) -> ActEntry | None:
    """The act called ``public_id``, if it concerns the reader."""
    act = act_of(public_id) if as_uuid(public_id) != _NIL else None
    return act if act is not None and _concerns(act, reader) else None


def _concerns(act: ActEntry, reader: Standing) -> bool:
    is_own = act.actor == reader.person and act.organisation in ("", reader.organisation)
    is_about = act.about in {reader.person, reader.organisation} - {""}
    is_for = bool(reader.organisation) and act.organisation == reader.organisation
    return is_own or is_about or is_for


def present_organization(act: ActEntry) -> Mapping[str, str]:
    """What is written down now about the organisation an act is about, as far as it can be corrected."""
    found = Organization.objects.filter(public_id=as_uuid(act.about)).values(*CORRECTABLE).first()
    return found or {}


def corrections_of(reader: Standing, act: str) -> QuerySet[Correction]:
    """Corrections of an act, for whoever may see it; nothing otherwise."""
    if act_seen_by(reader, act) is None:
        return Correction.objects.none()
    return Correction.objects.filter(act=as_uuid(act)).order_by("proposed_at")


def correction_acts(reader: Standing, about: str) -> dict[str, str]:
    """Public id of a correction -> of the act that proposed it or, later, decided on it; of those about ``about``."""
    kinds = (CorrectionProposed.kind, CorrectionDecided.kind)
    latest = acts_where(Q(about=about), before=None, limit=_CORRECTIONS, kinds=kinds)
    seen = [act for act in reversed(latest) if act.body and _concerns(act, reader)]
    return {str(act.body["correction"]): act.public_id for act in seen if act.body}


def corrections_waiting(reader: Standing) -> QuerySet[Correction]:
    """Corrections the reader may decide on: of their colleagues, and for officers of everybody; never their own."""
    waiting = Correction.objects.filter(state=Correction.State.PROPOSED).exclude(proposed_by=reader.person)
    if not reader.organisation or not reader.may_act:
        return waiting.none()
    return (waiting if reader.is_officer else waiting.filter(organization=reader.organisation)).order_by("proposed_at")


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
