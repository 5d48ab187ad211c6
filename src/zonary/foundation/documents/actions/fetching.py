"""That somebody else's document was fetched is an act, and its holder sees it."""

from __future__ import annotations

from datetime import datetime

from zonary.foundation.documents.errors import UnknownDocumentError
from zonary.foundation.documents.events import DocumentDownloaded
from zonary.foundation.documents.models import DocumentAccess, DocumentVersion
from zonary.foundation.documents.permissions import require_may_read
from zonary.foundation.documents.queries import find_version
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.standing import Standing


@action
def download_document(document: str, *, number: int, by: Standing, at: datetime) -> DocumentVersion:
    """Record that ``by`` fetches version ``number`` of somebody else's document; only then may it be handed out.

    :raises UnknownDocumentError: when it is not shared with them, or is not to be had any more.
    """
    require_may_read(by)
    version = find_version(by, document, number, at=at)
    if version.content is None or version.restricted_at is not None:
        raise UnknownDocumentError("The content of this version is not to be had any more.")
    event = DocumentDownloaded(document_version=str(version.public_id), number=number)
    recorded = record(event, by=by, about=document, at=at)
    DocumentAccess.objects.create(
        version=version, person=by.actor_id, organisation=by.organisation_id, at=at, entry=recorded.public_id
    )
    return version
