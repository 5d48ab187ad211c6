"""Every read, the reader first: copies of the reader's own records, of documents they may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from zonary.foundation.documents.models import DocumentVersion
from zonary.foundation.documents.queries import documents
from zonary.foundation.documents.references import Reference
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.services.evidence.copies.models import StoredCopy
from zonary.services.evidence.models import EvidenceRecord

MAX_COPIES = 100
"""Of one record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A stored copy, and the version of a document that it is."""

    stored: StoredCopy
    version: DocumentVersion

    @property
    def document(self) -> str:
        return str(self.stored.document)

    @property
    def is_there(self) -> bool:
        """Whether it can be fetched."""
        return self.version.content is not None and self.version.restricted_at is None


def copies_of(reader: Standing, record: str, *, at: datetime) -> list[Copy]:
    """The copies of a record of the reader's holder that the reader may see, oldest first."""
    rows = list(StoredCopy.objects.filter(record=as_uuid(record), holder=reader.holder).order_by("pk")[:MAX_COPIES])
    if not rows:
        return []
    seen = documents(reader, at=at).filter(public_id__in=[each.document for each in rows])
    versions = DocumentVersion.objects.filter(document__in=seen.order_by()).select_related("document", "content")
    known = {(each.document.public_id, each.number): each for each in versions}
    found = ((each, known.get((each.document, each.number))) for each in rows)
    return [Copy(stored=each, version=version) for each, version in found if version is not None]


def copy_of(record: str, document: str, number: int) -> StoredCopy | None:
    """The row that says this version is a copy of the record."""
    return StoredCopy.objects.filter(record=as_uuid(record), document=as_uuid(document), number=number).first()


def records_with(reader: Standing, document: str) -> Sequence[Reference]:
    """The records of the reader's holder of which versions of a document are copies, for the document's own page."""
    rows = StoredCopy.objects.filter(document=as_uuid(document), holder=reader.holder).order_by("pk")[:MAX_COPIES]
    numbers: dict[str, list[int]] = {}
    for each in rows:
        numbers.setdefault(str(each.record), []).append(each.number)
    if not numbers:
        return ()
    said = EvidenceRecord.objects.filter(holder=reader.holder, public_id__in=list(numbers))
    titles = {str(public_id): title for public_id, title in said.values_list("public_id", "title")}
    return [
        Reference(titles.get(record, ""), reverse("evidence:record", args=[record]), tuple(versions))
        for record, versions in numbers.items()
    ]
