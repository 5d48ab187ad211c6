"""Every read, the reader first: what is shared with them, and for holders with whom they share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import QuerySet

from zonary.common.clock import zone_date
from zonary.common.pagination import DEFAULT_LIMIT, Page, paginate
from zonary.foundation.accounts.models import Person
from zonary.foundation.ledger.actors import NamedActor
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.rules import digest_of_secret
from zonary.foundation.organizations.standing import Standing
from zonary.services.evidence import queries as evidence
from zonary.services.evidence.models import EvidenceRecord
from zonary.services.evidence.queries import Receipt
from zonary.services.evidence.sharing.models import Share, ShareOpening
from zonary.services.evidence.sharing.rules import LINK, ONE_OPENING
from zonary.services.evidence.sharing.shareable import Section, shareable

RECORD = "record"
MAX_SHARES = 100
"""Of one thing that are listed, newest first."""
_OPENINGS = 100


def is_open(share: Share, at: datetime) -> bool:
    """Whether it is neither ended nor past its last day."""
    return share.ended_at is None and zone_date(at) <= share.until


def shared_with(reader: Standing, *, cursor: str = "", limit: int = DEFAULT_LIMIT) -> Page[Share]:
    """What was ever shared with the reader, or with whom they act for, newest first."""
    return paginate(granted(reader), "-public_id", cursor=cursor, limit=limit)


def share_with(reader: Standing, share: str) -> Share | None:
    """One share with the reader, ended or not."""
    return granted(reader).filter(public_id=as_uuid(share)).first()


def granted(reader: Standing) -> QuerySet[Share]:
    """Whatever was shared with the reader, or with whom they act for."""
    return Share.objects.filter(grantee__in={reader.person, reader.organisation} - {""})


def share_by_secret(secret: str) -> Share | None:
    """The share whose link has this secret, ended or not. Whoever has the link may know."""
    return Share.objects.filter(secret_digest=digest_of_secret(secret)).first()


def share_by_id(share: str) -> Share | None:
    """For whoever showed the secret of its link before."""
    return Share.objects.filter(public_id=as_uuid(share)).first()


def link_reader(share: Share) -> Standing:
    """Whoever showed the secret of a share's link: nobody but that."""
    return Standing(person=f"{LINK}{share.public_id}")


def shares_of(reader: Standing, thing: str) -> list[Share]:
    """With whom the reader's holder shares a thing of theirs, or did, newest first."""
    return list(Share.objects.filter(thing=as_uuid(thing), holder=reader.holder).order_by("-since", "-pk")[:MAX_SHARES])


def own_share(reader: Standing, share: str) -> Share | None:
    """A share of the reader's own holder."""
    return Share.objects.filter(public_id=as_uuid(share), holder=reader.holder).first()


def openings_of(reader: Standing, thing: str) -> list[ShareOpening]:
    """Who looked at a thing of the reader's holder, newest first."""
    found = ShareOpening.objects.filter(share__thing=as_uuid(thing), share__holder=reader.holder)
    return list(found.select_related("share").order_by("-at", "-pk")[:_OPENINGS])


def last_opening(reader: Standing, share: Share, what: str, record: str, *, at: datetime) -> ShareOpening | None:
    """The reader's opening of the same within so short a time that it is this one."""
    same = ShareOpening.objects.filter(share=share, what=what, person=reader.person, organisation=reader.organisation)
    same = same.filter(record=as_uuid(record)) if record else same.filter(record__isnull=True)
    return same.filter(at__gt=at - ONE_OPENING).order_by("pk").last()


def as_holder(share: Share) -> Standing:
    """As whom what is shared is read, once it is known that it may be; it acts for nobody and writes nothing."""
    return Standing(person=share.holder)


def shared_records(share: Share) -> list[str]:
    """Public ids of the records seen with a share."""
    return [record for section in shared_sections(share) for record, _said in section.records]


def shared_sections(share: Share) -> Sequence[Section]:
    """The same in groups, as they are shown."""
    known = shareable(share.kind)
    return () if known is None else known.sections(share.holder, str(share.thing))


def section_of_record(_holder: str, record: str) -> Sequence[Section]:
    return (Section("", ((record, ""),)),)


def titles_of(share: Share, records: Iterable[str]) -> dict[str, str]:
    """Public id -> title, of records seen with a share."""
    found = EvidenceRecord.objects.filter(holder=share.holder, public_id__in=list(records))
    return {str(public_id): title for public_id, title in found.values_list("public_id", "title")}


def shared_receipt(share: Share, record: str) -> Receipt | None:
    """The receipt of one of them."""
    if record not in shared_records(share):
        return None
    return evidence.find_receipt(NamedActor(share.holder), record)


def title_of_thing(share: Share) -> str:
    """What the thing shared is called now; empty when it has no title, or is gone."""
    known = shareable(share.kind)
    return "" if known is None else known.title(share.holder, str(share.thing)) or ""


def title_of_record(holder: str, record: str) -> str | None:
    """What its holder calls a record; None when they have none of that id."""
    if evidence.record_of(NamedActor(holder), record) is None:
        return None
    found = EvidenceRecord.objects.filter(holder=holder, public_id=as_uuid(record)).values_list("title", flat=True)
    return found.first() or ""


def grantee_of(*, uscc: str, person: str) -> str:
    """Public id of the organisation of that number that somebody acts for, or of the registered person; or empty."""
    number = "".join(uscc.split()).upper()
    if number:
        named = Organization.objects.filter(uscc=number, state=Organization.State.ACTIVE)
        found = named.values_list("public_id", flat=True).first()
    else:
        people = Person.objects.filter(public_id=as_uuid(person.strip()), is_active=True)
        found = people.values_list("public_id", flat=True).first()
    return "" if found is None else str(found)


def is_somebody(public_id: str) -> bool:
    wanted = as_uuid(public_id)
    active = Organization.objects.filter(public_id=wanted, state=Organization.State.ACTIVE)
    return active.exists() or Person.objects.filter(public_id=wanted, is_active=True).exists()


def names_of_organizations(public_ids: Iterable[str]) -> dict[str, str]:
    """Public id -> name, of those that are organisations."""
    found = Organization.objects.filter(public_id__in={as_uuid(each) for each in public_ids if each})
    return {str(public_id): name for public_id, name in found.values_list("public_id", "name")}
