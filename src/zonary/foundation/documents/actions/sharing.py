"""With whom a document is shared, and until when."""

from __future__ import annotations

from datetime import date, datetime

from zonary.common.clock import zone_date
from zonary.common.ids import new_id
from zonary.foundation.accounts.models import Person
from zonary.foundation.documents.errors import DocumentError, UnknownDocumentError
from zonary.foundation.documents.events import DocumentShared, ShareEnded
from zonary.foundation.documents.models import Document, DocumentGrant
from zonary.foundation.documents.permissions import require_may_write
from zonary.foundation.documents.queries import own_document
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.queries import as_uuid, last_day
from zonary.foundation.organizations.standing import Standing


@action
def share_document(document: str, *, grantee: str, until: date | None, by: Standing, at: datetime) -> DocumentGrant:
    """Let ``grantee`` see and fetch a document and all its versions, those to come too; an earlier grant ends.

    :param document: its public id.
    :param grantee: public id of an organisation or a person.
    :param until: the last day; None: until it is ended.
    :raises UnknownDocumentError: when ``by``'s holder has no such document.
    :raises DocumentError: when there is nobody of that id, or the day is past.
    """
    require_may_write(by, at=at)
    found = own_document(by, document, at=at)
    if until is not None and until < zone_date(at):
        raise DocumentError("The last day, {day}, is past.", day=until.isoformat())
    if grantee == by.holder or not _is_somebody(grantee):
        raise DocumentError("There is nobody of that name or number to share this with.")
    # Of two who share at one time, the second waits here and then ends the first one's grant.
    Document.objects.select_for_update().get(pk=found.pk)
    DocumentGrant.objects.filter(document=found, grantee=grantee, ended_at=None).update(ended_at=at)
    grant = DocumentGrant.objects.create(
        public_id=new_id(at), document=found, grantee=grantee, until=until, granted_by=by.actor_id, since=at
    )
    event = DocumentShared(grant=str(grant.public_id), grantee=grantee, until=last_day(until))
    record(event, by=by, about=document, at=at)
    return grant


def _is_somebody(public_id: str) -> bool:
    wanted = as_uuid(public_id)
    organizations = Organization.objects.filter(public_id=wanted, state=Organization.State.ACTIVE)
    return organizations.exists() or Person.objects.filter(public_id=wanted, is_active=True).exists()


@action
def end_share(grant: str, *, by: Standing, at: datetime) -> None:
    """Stop sharing; what was fetched before is out of anybody's hands.

    :raises UnknownDocumentError: when there is no such grant of a document of ``by``'s holder that still runs.
    """
    require_may_write(by, at=at)
    held = DocumentGrant.objects.filter(public_id=as_uuid(grant), document__holder=by.holder, ended_at=None)
    found = held.select_related("document").first()
    if found is None or not DocumentGrant.objects.filter(pk=found.pk, ended_at=None).update(ended_at=at):
        raise UnknownDocumentError("There is no such share of a document of yours.")
    own_document(by, str(found.document.public_id), at=at)
    record(ShareEnded(grant=grant, grantee=found.grantee), by=by, about=str(found.document.public_id), at=at)
