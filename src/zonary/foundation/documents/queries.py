"""Every read, the reader first: their holder's documents, and what was shared with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from zonary.common.clock import zone_date
from zonary.foundation.documents.errors import UnknownDocumentError
from zonary.foundation.documents.models import Document, DocumentAccess, DocumentGrant, DocumentVersion, Upload
from zonary.foundation.documents.reviews.queries import stood_aside
from zonary.foundation.documents.rules import ONE_ACCESS
from zonary.foundation.ledger.receipts import ActEntry
from zonary.foundation.organizations.models import Membership, Organization, Zone
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing


def documents(reader: Standing, *, at: datetime) -> QuerySet[Document]:
    """All that the reader may see, newest change first. Nobody sees more, an officer of the zone neither.

    What is set apart nobody sees here, its holder neither.
    """
    granted = grants_in_force(at).filter(document=OuterRef("pk"), grantee=reader.holder)
    # Who stood aside from a review has no business with the file any more, though their pool has.
    open_to_them = Q(Exists(granted)) & ~Q(Exists(stood_aside(reader)))
    seen = Document.objects.filter(Q(holder=reader.holder) | open_to_them, set_apart=False)
    if reader.role == Membership.Role.READER:
        seen = seen.filter(confidential=False)
    return seen.order_by("-changed_at", "-pk")


def grants_in_force(at: datetime) -> QuerySet[DocumentGrant]:
    return DocumentGrant.objects.filter(Q(until__isnull=True) | Q(until__gte=zone_date(at)), ended_at__isnull=True)


def find_document(reader: Standing, public_id: str, *, at: datetime) -> Document:
    """:raises UnknownDocumentError: when there is none, or none the reader may see: the same answer."""
    newest_first = Prefetch("versions", DocumentVersion.objects.select_related("content").order_by("-number"))
    seen = documents(reader, at=at).filter(public_id=as_uuid(public_id)).prefetch_related(newest_first)
    found = seen.first()
    if found is None:
        raise UnknownDocumentError("There is no such document, or it is not shared with you.")
    return found


def find_version(reader: Standing, public_id: str, number: int, *, at: datetime) -> DocumentVersion:
    """Version ``number`` of a document.

    :raises UnknownDocumentError: when there is none that the reader may see.
    """
    document = find_document(reader, public_id, at=at)
    found = next((version for version in document.versions.all() if version.number == number), None)
    if found is None:
        raise UnknownDocumentError("This document has no such version.")
    return found


def own_document(reader: Standing, public_id: str, *, at: datetime) -> Document:
    """A document of the reader's own holder.

    :raises UnknownDocumentError: when it is no such one; also when it is only shared with them.
    """
    found = documents(reader, at=at).filter(public_id=as_uuid(public_id), holder=reader.holder).first()
    if found is None:
        raise UnknownDocumentError("There is no such document of yours.")
    return found


def grants(reader: Standing, document: Document, *, at: datetime) -> QuerySet[DocumentGrant]:
    """With whom a document is shared now: for its holder alone."""
    if document.holder != reader.holder:
        return DocumentGrant.objects.none()
    return grants_in_force(at).filter(document=document).order_by("-since")


def accesses(reader: Standing, document: Document) -> QuerySet[DocumentAccess]:
    """Who of others fetched it, newest first: for its holder alone."""
    if document.holder != reader.holder:
        return DocumentAccess.objects.none()
    found = DocumentAccess.objects.filter(version__document=document).select_related("version")
    return found.order_by("-at", "-pk")


def has_accessed(reader: Standing, version: DocumentVersion, *, at: datetime) -> bool:
    """Whether this reader's fetching of ``version`` is recorded already."""
    return DocumentAccess.objects.filter(
        version=version, person=reader.actor_id, organisation=reader.organisation_id, at__gt=at - ONE_ACCESS
    ).exists()


def read_by(reader: Standing, seen: Iterable[Document]) -> set[int]:
    """Keys of those of ``seen`` of which the reader fetched a version before, for whom they act now."""
    fetched = DocumentAccess.objects.filter(person=reader.actor_id, organisation=reader.organisation_id)
    return set(fetched.filter(version__document__in=list(seen)).values_list("version__document_id", flat=True))


def find_upload(reader: Standing, public_id: str, *, at: datetime) -> Upload:
    """An upload that the reader began, for whom they stand now, and that has not expired.

    :raises UnknownDocumentError: otherwise.
    """
    wanted = Upload.objects.filter(
        public_id=as_uuid(public_id), holder=reader.holder, person=reader.actor_id, expires_at__gt=at
    )
    found = wanted.select_related("version__document", "content").first()
    if found is None:
        raise UnknownDocumentError("There is no such upload of yours, or it has expired. Begin again.")
    return found


def open_uploads(reader: Standing, *, at: datetime) -> QuerySet[Upload]:
    """The uploads the reader began and did not finish."""
    found = Upload.objects.filter(holder=reader.holder, person=reader.actor_id, expires_at__gt=at, version__isnull=True)
    return found.order_by("started_at")


def bytes_held(holder: str, *, at: datetime) -> int:
    """What a holder's versions and announced uploads take together."""
    kept = DocumentVersion.objects.filter(document__holder=holder, content__isnull=False).aggregate(all=Sum("size"))
    coming = Upload.objects.filter(holder=holder, version__isnull=True, expires_at__gt=at).aggregate(all=Sum("length"))
    return int(kept["all"] or 0) + int(coming["all"] or 0)


def quota() -> int:
    """Bytes a holder may have here."""
    allowed: int = settings.ZONARY_DOCUMENT_QUOTA
    return allowed


def address_of_receipt(version: DocumentVersion) -> str:
    """Public id of the entry that says this version was added."""
    return version.entry


def names_of(public_ids: Iterable[str]) -> dict[str, str]:
    """Public id -> name, of those that are organisations."""
    wanted = {as_uuid(each) for each in public_ids if each}
    found = Organization.objects.filter(public_id__in=wanted).values_list("public_id", "name")
    return {str(public_id): name for public_id, name in found}


def grantee(*, with_zone: bool, uscc: str) -> str:
    """Public id of the zone authority, or of the organisation with that number; empty when there is none."""
    if with_zone:
        zone = Zone.objects.select_related("authority").first()
        return "" if zone is None else str(zone.authority.public_id)
    number = "".join(uscc.split()).upper()
    found = Organization.objects.filter(uscc=number).first() if number else None
    return "" if found is None else str(found.public_id)


def document_of_grant(reader: Standing, grant: str) -> str:
    """Public id of the document of the reader's holder that a grant is about.

    :raises UnknownDocumentError: when there is no such grant.
    """
    held = DocumentGrant.objects.filter(public_id=as_uuid(grant), document__holder=reader.holder)
    found = held.select_related("document").first()
    if found is None:
        raise UnknownDocumentError("There is no such share of a document of yours.")
    return str(found.document.public_id)


def holder_of_act(act: ActEntry) -> str:
    """Public id of the organisation, or person, whose document an act is about; empty when it is about none."""
    found = Document.objects.filter(public_id=as_uuid(act.about)).values_list("holder", flat=True).first()
    return found or ""


def present_title(act: ActEntry) -> dict[str, str]:
    """What the document an act is about is called now."""
    found = Document.objects.filter(public_id=as_uuid(act.about)).values_list("title", flat=True).first()
    return {} if found is None else {"title": found}
