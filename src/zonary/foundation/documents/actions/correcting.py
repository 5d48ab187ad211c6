"""A title written down wrongly is put right, once somebody else has agreed: see organizations.corrections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from zonary.foundation.documents.errors import UnknownDocumentError
from zonary.foundation.documents.events import DocumentTitleCorrected
from zonary.foundation.documents.models import Document
from zonary.foundation.ledger.receipts import ActEntry
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing


@action
def correct_document_title(
    act: ActEntry, changes: Mapping[str, str], *, reason: str, by: Standing, at: datetime
) -> None:
    """Give the document that ``act`` brought in the title it ought to have: what an approved correction does.

    :raises UnknownDocumentError: when there is no such document.
    """
    found = Document.objects.select_for_update().filter(public_id=as_uuid(act.about)).first()
    if found is None:
        raise UnknownDocumentError("There is no such document of yours.")
    title = changes["title"]
    Document.objects.filter(pk=found.pk).update(title=title, changed_at=at)
    event = DocumentTitleCorrected(before={"title": found.title}, after={"title": title}, reason=reason)
    record(event, by=by, about=act.about, at=at)
