"""Erasing what a document consists of; that it was there, and that it was erased, stays in the log."""

from __future__ import annotations

from datetime import datetime

from zonary.common.clock import zone_date
from zonary.foundation.documents.errors import DocumentError, UnknownDocumentError
from zonary.foundation.documents.events import DocumentVersionErased, DocumentVersionRestricted
from zonary.foundation.documents.models import Content, DocumentVersion
from zonary.foundation.documents.permissions import require_may_erase
from zonary.foundation.documents.queries import own_document
from zonary.foundation.ledger.erasure import erase_body
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.queries import last_day
from zonary.foundation.organizations.standing import Standing


@action
def erase_document_version(document: str, *, number: int, reason: str, by: Standing, at: datetime) -> DocumentVersion:
    """Erase a version: its bytes, unless another version consists of the same, its file's name, and its digests.

    While a law wants the document kept the version is restricted instead: it stays, and nobody can fetch it.

    :param reason: becomes part of the ledger; never put into it what is being erased.
    :raises UnknownDocumentError: when ``by``'s holder has no such version.
    :raises DocumentError: when it was erased before, or is restricted and still has to be kept.
    """
    require_may_erase(by, at=at)
    found = own_document(by, document, at=at)
    version = DocumentVersion.objects.select_for_update().filter(document=found, number=number).first()
    if version is None:
        raise UnknownDocumentError("This document has no such version.")
    if version.erased_at is not None:
        raise DocumentError("This version was erased before.")
    if found.retain_until is not None and found.retain_until >= zone_date(at):
        return _restrict(version, last_day(found.retain_until), reason, by=by, at=at)
    DocumentVersion.objects.filter(pk=version.pk).update(
        content=None, file_name="", erased_at=at, removal_reason=reason[:200]
    )
    if version.content is not None and not version.content.versions.exists():
        Content.objects.filter(pk=version.content.pk).update(remove_after=at)
    erase_body(version.entry, by=by, reason=reason, at=at)
    event = DocumentVersionErased(document_version=str(version.public_id), number=number, reason=reason)
    record(event, by=by, about=document, at=at)
    version.refresh_from_db()
    return version


def _restrict(version: DocumentVersion, until: str, reason: str, *, by: Standing, at: datetime) -> DocumentVersion:
    if version.restricted_at is not None:
        raise DocumentError("This version is restricted already, and has to be kept until {day}.", day=until)
    DocumentVersion.objects.filter(pk=version.pk).update(restricted_at=at, removal_reason=reason[:200])
    event = DocumentVersionRestricted(
        document_version=str(version.public_id), number=version.number, until=until, reason=reason
    )
    record(event, by=by, about=str(version.document.public_id), at=at)
    version.refresh_from_db()
    return version
