"""How organisations come to be here, and how what is written down about them is put right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from zonary.common.ids import new_id
from zonary.common.plain_text import is_plain
from zonary.foundation.accounts.models import Person
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.actions.membership import _offer
from zonary.foundation.organizations.events import (
    DepartmentOpened,
    OrganizationFounded,
    PoolOpened,
    ZoneFounded,
)
from zonary.foundation.organizations.models import Area, Department, Invitation, Membership, Organization, Zone
from zonary.foundation.organizations.permissions import (
    NotAllowedError,
    hold_standing,
    require_officer,
    require_owner,
    require_person,
)
from zonary.foundation.organizations.rules import FOUNDABLE, POOLS, WrongNameError, checked_uscc
from zonary.foundation.organizations.standing import Standing


class AlreadyFoundedError(LedgerError):
    """There is one already."""


class ListedError(LedgerError):
    """It is in the zone's registry, where it waits to be claimed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """What an organisation is called and known by."""

    kind: str
    name: str
    uscc: str = ""
    address: str = ""
    legal_representative: str = ""


@action
def found_zone(
    *,
    name: str,
    english_name: str,
    authority_name: str = "",
    areas: Sequence[tuple[str, str]],
    by: Standing,
    at: datetime,
) -> tuple[Organization, str]:
    """Set up the zone and its authority, of which there is one.

    Returns the authority, and the secret of the invitation by which its first owner comes in.

    :param authority_name: of who runs the zone (管委会); empty: it is called as the zone is.
    :param areas: Chinese and English name of each.
    :raises AlreadyFoundedError: when there is a zone.
    """
    if Zone.objects.exists():
        raise AlreadyFoundedError("This zone has been set up already, as “{name}”.", name=Zone.objects.get().name)
    authority = Organization.objects.create(
        public_id=new_id(at),
        kind=Organization.Kind.ZONE_AUTHORITY,
        state=Organization.State.ACTIVE,
        name=authority_name or name,
        registered_by=by.actor_id,
        registered_at=at,
        changed_at=at,
    )
    Zone.objects.create(name=name, english_name=english_name, authority=authority, founded_at=at)
    for chinese, english in areas:
        Area.objects.create(public_id=new_id(at), name=chinese, english_name=english)
    event = ZoneFounded(
        name=name,
        english_name=english_name,
        authority=str(authority.public_id),
        areas=[each[0] for each in areas],
        authority_name=authority_name,
    )
    record(event, by=by, about=str(authority.public_id), at=at)
    _invitation, secret = _offer(authority, Membership.Role.OWNER, by=by, at=at)
    return authority, secret


@action
def found_organization(founding: Founding, *, by: Standing, at: datetime) -> Organization:
    """Have an organisation act here, with ``by`` as its owner. One that is listed has to be claimed instead.

    :raises NotAllowedError: for a kind that only the zone makes, and for programs, which own nothing.
    :raises WrongUSCCError: when its number is none.
    :raises WrongNameError: for a name that cannot be read as what it is, or is the zone authority's.
    :raises AlreadyFoundedError: when somebody acts for it already: an owner of it has to invite them.
    :raises ListedError: when it is known from the registry: an officer has to confirm who acts for it.
    """
    require_person(by)
    if founding.kind not in FOUNDABLE:
        raise NotAllowedError("Only the zone can have an organisation of the kind “{kind}”.", kind=founding.kind[:24])
    uscc = checked_uscc(founding.uscc) if founding.uscc else None
    known = Organization.objects.filter(uscc=uscc).first() if uscc else None
    if known is not None:
        raise _known(known)
    organization = _enter(founding, uscc, by=by, at=at)
    _begin_acting(organization, Person.objects.get(public_id=by.actor_id), is_claimed=False, by=by, at=at)
    return organization


def _enter(founding: Founding, uscc: str | None, *, by: Standing, at: datetime) -> Organization:
    try:
        with transaction.atomic():
            return Organization.objects.create(
                public_id=new_id(at),
                kind=founding.kind,
                state=Organization.State.ACTIVE,
                name=_own_name(founding.name),
                uscc=uscc,
                address=founding.address,
                legal_representative=founding.legal_representative,
                registered_by=by.actor_id,
                registered_at=at,
                changed_at=at,
            )
    except IntegrityError:
        # Somebody entered the same number at the same moment.
        raise _known(Organization.objects.get(uscc=uscc)) from None


def _own_name(name: str) -> str:
    """``name``, if it can be read as what it is, and is not the zone authority's."""
    if not name.strip() or not is_plain(name):
        raise WrongNameError("A name is text that can be read, with nothing hidden in it.")
    taken = Q(name=name.strip()) | Q(zone__name=name.strip())
    if Organization.objects.filter(taken, kind=Organization.Kind.ZONE_AUTHORITY).exists():
        raise WrongNameError(
            "“{name}” is the name of the zone or of its authority. Enter the organisation's own.", name=name
        )
    return name


def _known(organization: Organization) -> LedgerError:
    """Why nobody founds what is here already."""
    if organization.state == Organization.State.LISTED:
        return ListedError(
            "{name} ({uscc}) is listed in the registry of the zone. Send it once more to claim it.",
            name=organization.name,
            uscc=organization.uscc or "",
        )
    return AlreadyFoundedError(
        "Somebody acts for {name} ({uscc}) here already. Ask an owner of it to invite you, or the zone to help.",
        name=organization.name,
        uscc=organization.uscc or "",
    )


def _begin_acting(organization: Organization, owner: Person, *, is_claimed: bool, by: Standing, at: datetime) -> None:
    """Make ``owner`` the first to act for ``organization``, and record that it acts here from now on."""
    Membership.objects.create(
        public_id=new_id(at),
        person=owner,
        organization=organization,
        role=Membership.Role.OWNER,
        granted_by=by.actor_id,
        since=at,
    )
    event = OrganizationFounded(
        organisation_kind=organization.kind,
        name=organization.name,
        uscc=organization.uscc or "",
        owner=str(owner.public_id),
        claimed=is_claimed,
    )
    record(event, by=by, about=str(organization.public_id), at=at)


@action
def open_department(name: str, *, by: Standing, at: datetime) -> Department:
    """A further department of the zone authority.

    :raises AlreadyFoundedError: when it has one of that name.
    """
    hold_standing(by, at=at)
    require_officer(by)
    require_owner(by)
    authority = Organization.objects.get(public_id=by.organisation)
    if Department.objects.filter(authority=authority, name=name).exists():
        raise AlreadyFoundedError("There is a department “{name}” already.", name=name)
    department = Department.objects.create(public_id=new_id(at), authority=authority, name=name)
    event = DepartmentOpened(department=str(department.public_id), name=name)
    record(event, by=by, about=by.organisation, at=at)
    return department


@action
def open_pool(kind: str, name: str, *, by: Standing, at: datetime) -> tuple[Organization, Invitation, str]:
    """A pool of experts (专家库), mediators (调解员库) or inspectors (检查人员名录库).

    Returns it with the invitation of its first owner and the secret of the link; who is in the pool, they invite.

    :raises NotAllowedError: unless ``by`` is an owner of the zone authority.
    :raises AlreadyFoundedError: when there is one of that kind and name.
    :raises WrongNameError: for a name that cannot be read as what it is, or is the zone authority's.
    """
    hold_standing(by, at=at)
    require_officer(by)
    require_owner(by)
    if kind not in POOLS:
        raise NotAllowedError("“{kind}” is no kind of pool.", kind=kind[:24])
    called = _own_name(name).strip()
    if Organization.objects.filter(kind=kind, name=called).exists():
        raise AlreadyFoundedError("There is a pool “{name}” already.", name=called)
    pool = _enter(Founding(kind=kind, name=called), None, by=by, at=at)
    opened = record(PoolOpened(organisation_kind=kind, name=called), by=by, about=str(pool.public_id), at=at)
    Organization.objects.filter(pk=pool.pk).update(confirmation_act=opened.public_id)
    invitation, secret = _offer(pool, Membership.Role.OWNER, by=by, at=at)
    return pool, invitation, secret
