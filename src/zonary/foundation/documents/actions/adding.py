"""How documents come in: by an upload that is whole."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from zonary.common.ids import new_id
from zonary.foundation.documents.announcements import Announcement
from zonary.foundation.documents.arriving import encryption_of
from zonary.foundation.documents.errors import DocumentError, UnknownDocumentError
from zonary.foundation.documents.events import DocumentAdded, VersionAdded
from zonary.foundation.documents.models import Content, Document, DocumentVersion, Upload
from zonary.foundation.documents.permissions import require_may_write
from zonary.foundation.documents.queries import own_document
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.standing import Standing


@action
def add_document(announced: Announcement, upload: Upload, *, by: Standing, at: datetime) -> DocumentVersion:
    """Make what ``upload`` brought a document of ``by``'s holder; returns its first version.

    :raises NotAllowedError: when ``by`` may not, or no longer.
    :raises DocumentError: when the upload is gone, or was finished by another request.
    """
    require_may_write(by, at=at)
    document = Document.objects.create(
        public_id=new_id(at),
        holder=by.holder,
        title=announced.title,
        kind=announced.kind,
        confidential=announced.confidential,
        retain_until=announced.retain_until,
        added_by=by.actor_id,
        added_at=at,
        changed_at=at,
    )
    return _version(DocumentAdded, document, 1, announced, upload, by=by, at=at)


@action
def add_version(announced: Announcement, upload: Upload, *, by: Standing, at: datetime) -> DocumentVersion:
    """Make what ``upload`` brought the next version of the document ``announced`` names.

    :raises UnknownDocumentError: when ``by``'s holder has no such document.
    :raises NotAllowedError: when ``by`` may not, or no longer.
    :raises DocumentError: when the upload is gone, or was finished by another request.
    """
    require_may_write(by, at=at)
    seen = own_document(by, announced.document, at=at)
    # Of two versions at one time the second gets the next number.
    document = Document.objects.select_for_update().filter(pk=seen.pk).first()
    if document is None:
        raise UnknownDocumentError("There is no such document of yours.")
    last = document.versions.aggregate(last=Max("number"))["last"] or 0
    Document.objects.filter(pk=document.pk).update(changed_at=at)
    return _version(VersionAdded, document, last + 1, announced, upload, by=by, at=at)


def _version(
    kind: type[DocumentAdded],
    document: Document,
    number: int,
    announced: Announcement,
    upload: Upload,
    *,
    by: Standing,
    at: datetime,
) -> DocumentVersion:
    content = _whole(upload)
    public_id, encryption = new_id(at), encryption_of(content.media_type)
    event = kind(
        holder=document.holder,
        document=str(document.public_id),
        document_version=public_id,
        number=number,
        sha256=bytes(content.sha256).hex(),
        sm3=bytes(content.sm3).hex(),
        size=content.size,
        media_type=content.media_type,
        encryption=encryption,
        escrow=announced.escrow,
    )
    recorded = record(event, by=by, about=str(document.public_id), at=at)
    version = DocumentVersion.objects.create(
        public_id=public_id,
        document=document,
        number=number,
        content=content,
        size=content.size,
        media_type=content.media_type,
        file_name=announced.file_name,
        encryption=encryption,
        escrow=announced.escrow,
        entry=recorded.public_id,
        added_by=by.actor_id,
        added_at=at,
    )
    Upload.objects.filter(pk=upload.pk).update(version=version, content=None, offset=upload.length)
    Content.objects.filter(pk=content.pk).update(remove_after=None)
    return version


def _whole(upload: Upload) -> Content:
    """The content of ``upload``, which nobody removes until the present action has ended."""
    held = Upload.objects.select_for_update().filter(pk=upload.pk, version__isnull=True).first()
    if held is None or held.content_id is None:
        raise DocumentError("This upload was finished or cancelled by another request.")
    return Content.objects.select_for_update().get(pk=held.content_id)
