"""Every read, the reader first: the register for who keeps it, and for others what they were named for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from zonary.common.clock import zone_date
from zonary.common.pagination import DEFAULT_LIMIT, Page, paginate
from zonary.foundation.accounts.models import Person
from zonary.foundation.documents.models import Document, DocumentVersion
from zonary.foundation.ledger.actors import NamedActor
from zonary.foundation.organizations.models import Membership, Organization
from zonary.foundation.organizations.queries import as_uuid, in_force
from zonary.foundation.organizations.standing import Standing
from zonary.services.evidence import queries as evidence
from zonary.services.evidence.copies.queries import copies_of
from zonary.services.evidence.models import EvidenceRecord
from zonary.services.evidence.queries import Receipt
from zonary.services.evidence.secrets.models import AccessGrant, Agreement, LeaverCheck, SecretOpening, TradeSecret
from zonary.services.evidence.secrets.permissions import may_keep
from zonary.services.evidence.secrets.rules import DOCUMENT, ONE_OPENING, RECORD

MAX_LISTED = 200
"""Grants, openings and people listed on one page, newest first."""
MAX_CHOICES = 100
"""Records and documents that a form offers, newest first."""


@dataclass(frozen=True, slots=True)
class Access:
    """By what right a reader gets to a secret.

    :param grant: None for its holder.
    """

    secret: TradeSecret
    grant: AccessGrant | None

    @property
    def is_accepted(self) -> bool:
        return self.grant is None or self.grant.accepted_at is not None


def secrets(reader: Standing, *, at: datetime, cursor: str = "", limit: int = DEFAULT_LIMIT) -> Page[TradeSecret]:
    """The register of the reader's holder, newest first, each with its ``open_grants``; empty for who keeps none."""
    members = _members(reader, at).values("person__public_id")
    may_come = Q(grants__organisation="") | Q(grants__person__in=members)
    is_open_now = may_come & Q(grants__withdrawn_at__isnull=True, grants__until__gte=zone_date(at))
    rows = _register(reader).annotate(open_grants=Count("grants", filter=is_open_now))
    return paginate(rows, "-public_id", cursor=cursor, limit=limit)


def own_secret(reader: Standing, secret: str) -> TradeSecret | None:
    """A secret of the register the reader keeps."""
    return _register(reader).filter(public_id=as_uuid(secret)).first()


def _register(reader: Standing) -> QuerySet[TradeSecret]:
    return TradeSecret.objects.filter(holder=reader.holder) if may_keep(reader) else TradeSecret.objects.none()


def access_to(reader: Standing, secret: str, *, at: datetime) -> Access | None:
    """By what right the reader gets to a secret now; None when there is none, or nothing like it."""
    own = own_secret(reader, secret)
    if own is not None:
        return Access(own, None)
    grant = shown_to(reader, at=at).filter(secret__public_id=as_uuid(secret)).first()
    return None if grant is None else Access(grant.secret, grant)


def shown_to(reader: Standing, *, at: datetime) -> QuerySet[AccessGrant]:
    """Grants by which the reader sees others' secrets now, accepted or not; as a member only for whom they act."""
    own = Q(organisation="") | Q(organisation=reader.organisation)
    found = open_grants(at).filter(own, person=as_uuid(reader.person), secret__ended_at__isnull=True)
    return found.select_related("secret", "agreement").order_by("-public_id")


def open_grants(at: datetime) -> QuerySet[AccessGrant]:
    return AccessGrant.objects.filter(withdrawn_at__isnull=True, until__gte=zone_date(at))


def is_open(grant: AccessGrant, at: datetime) -> bool:
    return grant.withdrawn_at is None and zone_date(at) <= grant.until


def grants_of(secret: TradeSecret) -> list[AccessGrant]:
    """Of a secret that was found for who keeps it: all grants there ever were, newest first."""
    return list(secret.grants.select_related("agreement").order_by("-public_id")[:MAX_LISTED])


def own_grant(reader: Standing, grant: str) -> AccessGrant | None:
    """A grant in the register the reader keeps."""
    if not may_keep(reader):
        return None
    found = AccessGrant.objects.filter(public_id=as_uuid(grant), secret__holder=reader.holder)
    return found.select_related("secret").first()


def openings_of(secret: TradeSecret) -> list[SecretOpening]:
    """Of a secret that was found for who keeps it: who opened it, newest first."""
    return list(secret.openings.select_related("grant").order_by("-at", "-pk")[:MAX_LISTED])


def last_opening(reader: Standing, secret: TradeSecret, what: str, *, at: datetime) -> SecretOpening | None:
    """The reader's opening of the same within so short a time that it is this one."""
    same = SecretOpening.objects.filter(secret=secret, what=what, person=as_uuid(reader.person))
    return same.filter(at__gt=at - ONE_OPENING, at__lte=at).order_by("pk").last()


def agreements(reader: Standing) -> QuerySet[Agreement]:
    """The versions of the confidentiality agreement of the register the reader keeps, newest first."""
    found = Agreement.objects.filter(holder=reader.holder) if may_keep(reader) else Agreement.objects.none()
    return found.order_by("-number")


def own_agreement(reader: Standing, agreement: str) -> Agreement | None:
    return agreements(reader).filter(public_id=as_uuid(agreement)).first()


def acceptances_of(agreement: Agreement) -> list[AccessGrant]:
    """Who accepted it, newest first; of one that was found for who keeps it."""
    found = agreement.grants.filter(accepted_at__isnull=False).select_related("secret").order_by("-accepted_at", "-pk")
    return list(found[:MAX_LISTED])


def leavers_waiting(reader: Standing, *, at: datetime) -> list[str]:
    """Public ids of those who were members and are no more, and had something open that nobody checked since."""
    if not (may_keep(reader) and reader.organisation):
        return []
    held = _members(reader, at)
    unchecked = AccessGrant.objects.filter(organisation=reader.organisation, leaver_check__isnull=True)
    gone = unchecked.exclude(person__in=held.values("person__public_id"))
    return [str(each) for each in gone.order_by("person").values_list("person", flat=True).distinct()[:MAX_LISTED]]


def people_with_grants(reader: Standing) -> list[str]:
    """Public ids of all who ever were to see something of the register the reader keeps."""
    if not may_keep(reader):
        return []
    found = AccessGrant.objects.filter(secret__holder=reader.holder).order_by("person")
    return [str(each) for each in found.values_list("person", flat=True).distinct()[:MAX_LISTED]]


def outsider_names(reader: Standing) -> dict[str, str]:
    """Public id -> what the reader's holder calls those who are no members, the latest name last."""
    if not may_keep(reader):
        return {}
    found = AccessGrant.objects.filter(secret__holder=reader.holder).exclude(name="").order_by("public_id")
    return {str(person): name for person, name in found.values_list("person", "name")}


def grants_to(reader: Standing, person: str) -> list[AccessGrant]:
    """What somebody could see of the register the reader keeps, newest first."""
    if not may_keep(reader):
        return []
    found = AccessGrant.objects.filter(secret__holder=reader.holder, person=as_uuid(person))
    return list(found.select_related("secret", "leaver_check").order_by("-public_id")[:MAX_LISTED])


def openings_by(reader: Standing, person: str) -> list[SecretOpening]:
    """What somebody opened of it, newest first."""
    if not may_keep(reader):
        return []
    found = SecretOpening.objects.filter(secret__holder=reader.holder, person=as_uuid(person))
    return list(found.select_related("secret").order_by("-at", "-pk")[:MAX_LISTED])


def checks_of(reader: Standing, person: str) -> list[LeaverCheck]:
    if not may_keep(reader):
        return []
    found = LeaverCheck.objects.filter(holder=reader.holder, person=as_uuid(person))
    return list(found.order_by("-checked_at", "-pk")[:MAX_LISTED])


def members_to_choose(reader: Standing, *, at: datetime) -> list[tuple[str, str]]:
    """Public id and name of those who act for the reader's organisation and are no owners, by name."""
    if not (may_keep(reader) and reader.organisation):
        return []
    held = (
        _members(reader, at).exclude(role=Membership.Role.OWNER).select_related("person").order_by("person__name", "pk")
    )
    return [(str(each.person.public_id), each.person.name) for each in held[:MAX_CHOICES]]


def is_member(reader: Standing, person: str, *, at: datetime) -> bool:
    """Whether somebody acts for the reader's organisation."""
    return _members(reader, at).filter(person__public_id=as_uuid(person)).exists()


def left_since(reader: Standing, grants: Iterable[AccessGrant], *, at: datetime) -> set[str]:
    """Public ids of those who were named as members, and are none any more: nothing is open to them."""
    named = {str(each.person) for each in grants if each.organisation}
    held = _members(reader, at).filter(person__public_id__in=[as_uuid(each) for each in named])
    return named - {str(each) for each in held.values_list("person__public_id", flat=True)}


def _members(reader: Standing, at: datetime) -> QuerySet[Membership]:
    return Membership.objects.filter(in_force(at), organization__public_id=as_uuid(reader.organisation))


def is_person(person: str) -> bool:
    return Person.objects.filter(public_id=as_uuid(person), is_active=True).exists()


def names_in(reader: Standing, people: Iterable[object]) -> dict[str, str]:
    """Public id -> name, of those who are, or were, members of the reader's organisation; and of the reader."""
    wanted = {as_uuid(str(each)) for each in people}
    known = Q(public_id=as_uuid(reader.person)) | Q(memberships__organization__public_id=as_uuid(reader.organisation))
    found = Person.objects.filter(known, public_id__in=wanted, restricted_at=None).exclude(name="").distinct()
    return {str(public_id): name for public_id, name in found.values_list("public_id", "name")}


def holder_name(holder: str) -> str:
    """What the organisation is called; empty for a person, whom nobody else is told the name of."""
    found = Organization.objects.filter(public_id=as_uuid(holder)).values_list("name", flat=True)
    return found.first() or ""


def holder_names(holders: Iterable[str]) -> dict[str, str]:
    found = Organization.objects.filter(public_id__in={as_uuid(each) for each in holders})
    return {str(public_id): name for public_id, name in found.values_list("public_id", "name")}


def registered_things(reader: Standing) -> set[str]:
    """What stands in the reader's register already."""
    return {str(each) for each in _register(reader).filter(ended_at=None).values_list("thing", flat=True)}


def things_to_choose(reader: Standing) -> list[tuple[str, str, str]]:
    """Source, public id and title of what the reader could register: documents they encrypted, and newest records."""
    if not may_keep(reader):
        return []
    taken = registered_things(reader)
    encrypted = DocumentVersion.objects.filter(encryption="age", content__isnull=False, restricted_at=None)
    documents = Document.objects.filter(holder=reader.holder, set_apart=False, versions__in=encrypted)
    records = EvidenceRecord.objects.filter(holder=reader.holder)
    offered = [
        (source, str(public_id), title)
        for source, rows in ((DOCUMENT, documents.distinct()), (RECORD, records))
        for public_id, title in rows.order_by("-public_id").values_list("public_id", "title")[:MAX_CHOICES]
    ]
    return [each for each in offered if each[1] not in taken]


def encrypted_version(reader: Standing, document: str) -> DocumentVersion | None:
    """The newest version of a document of the reader's holder, if they encrypted it and it can be fetched."""
    found = DocumentVersion.objects.filter(document__public_id=as_uuid(document), document__holder=reader.holder)
    newest = found.filter(document__set_apart=False).select_related("document").order_by("-number").first()
    is_usable = newest is not None and newest.encryption == "age" and newest.content_id and not newest.restricted_at
    return newest if is_usable else None


def has_plain_copy(reader: Standing, record: str, *, at: datetime) -> bool:
    """Whether a copy of a record of the reader's holder is stored here that the server can read."""
    return any(each.is_there and not each.version.encryption for each in copies_of(reader, record, at=at))


def version_of(secret: TradeSecret) -> DocumentVersion | None:
    """The version a secret consists of, whose bytes can still be fetched; None without one."""
    if secret.source != DOCUMENT or secret.number is None:
        return None
    found = DocumentVersion.objects.filter(document__public_id=secret.thing, number=secret.number)
    return found.filter(content__isnull=False, restricted_at=None).select_related("content", "document").first()


def receipt_of(secret: TradeSecret) -> Receipt | None:
    """The receipt of the record a secret consists of; None without one, and once it was erased."""
    if secret.source != RECORD:
        return None
    return evidence.find_receipt(NamedActor(secret.holder), str(secret.thing))
