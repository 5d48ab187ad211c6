"""How documents are found: by title, and by the names of the files that can still be fetched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db.models import Prefetch
from django.urls import reverse

from zonary.foundation.documents.models import Document, DocumentGrant, DocumentVersion
from zonary.foundation.documents.queries import documents
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.searching import Found, Indexed, Searchable, about, ids_of
from zonary.foundation.organizations.standing import Standing

_FETCHABLE = Prefetch(
    "versions", DocumentVersion.objects.filter(erased_at=None, restricted_at=None).order_by("-number"), "fetchable"
)


def _names(document: Document) -> tuple[str, ...]:
    """Of files that are neither erased nor restricted, each once, the latest first."""
    versions: list[DocumentVersion] = getattr(document, "fetchable", [])
    return tuple(dict.fromkeys(version.file_name for version in versions if version.file_name))


def _texts(public_ids: Collection[str]) -> Iterable[Indexed]:
    shared = Prefetch("grants", DocumentGrant.objects.filter(ended_at=None), "shared")
    rows = Document.objects.filter(public_id__in=[as_uuid(each) for each in public_ids], set_apart=False)
    for each in rows.prefetch_related(_FETCHABLE, shared):
        # A grant that ends with its day stays here until something else happens; what is shown asks what holds now.
        grants: list[DocumentGrant] = getattr(each, "shared", [])
        scopes = frozenset((each.holder, *(grant.grantee for grant in grants)))
        yield Indexed(str(each.public_id), scopes, (each.title, *_names(each)))


def _show(reader: Standing, public_ids: Collection[str], at: datetime) -> Mapping[str, Found]:
    rows = documents(reader, at=at).filter(public_id__in=[as_uuid(each) for each in public_ids])
    return {
        str(each.public_id): Found(
            each.title, "\n".join(_names(each)), reverse("documents:document", args=[each.public_id])
        )
        for each in rows.prefetch_related(_FETCHABLE)
    }


SEARCHED = {
    "documents": Searchable(
        name="Documents",
        scope="documents:read",
        events={
            "documents.document.added": about,
            "documents.version.added": about,
            "documents.version.erased": about,
            "documents.version.restricted": about,
            "documents.document-title.corrected": about,
            "documents.document.shared": about,
            "documents.share.ended": about,
            "documents.document.set-apart": about,
            "documents.document.returned": about,
        },
        texts=_texts,
        after=ids_of(Document),
        show=_show,
    )
}
