"""A document in the care of another part of the application, which alone says who gets to it, and back again."""

from __future__ import annotations

from datetime import datetime

from zonary.foundation.documents.errors import UnknownDocumentError
from zonary.foundation.documents.events import DocumentReturned, DocumentSetApart, ShareEnded
from zonary.foundation.documents.models import Document, DocumentGrant
from zonary.foundation.documents.queries import own_document
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.permissions import hold_standing
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing


@action
def set_document_apart(document: str, *, by: Standing, at: datetime) -> Document:
    """Take a document of ``by``'s holder out of the documents: nobody finds it there, and its shares end.

    :raises UnknownDocumentError: when they have no such document, or it is set apart already.
    """
    hold_standing(by, at=at)
    seen = own_document(by, document, at=at)
    held = Document.objects.select_for_update().filter(pk=seen.pk, set_apart=False).first()
    if held is None:
        raise UnknownDocumentError("There is no such document of yours.")
    for grant in DocumentGrant.objects.filter(document=held, ended_at=None):
        DocumentGrant.objects.filter(pk=grant.pk).update(ended_at=at)
        record(ShareEnded(grant=str(grant.public_id), grantee=grant.grantee), by=by, about=document, at=at)
    Document.objects.filter(pk=held.pk).update(set_apart=True, changed_at=at)
    record(DocumentSetApart(), by=by, about=document, at=at)
    return held


@action
def return_document(document: str, *, by: Standing, at: datetime) -> None:
    """Put it back among the documents of its holder, who is ``by``'s.

    :raises UnknownDocumentError: when none of theirs of that id is set apart.
    """
    hold_standing(by, at=at)
    apart = Document.objects.filter(public_id=as_uuid(document), holder=by.holder, set_apart=True)
    if not apart.update(set_apart=False, changed_at=at):
        raise UnknownDocumentError("There is no such document of yours.")
    record(DocumentReturned(), by=by, about=document, at=at)
