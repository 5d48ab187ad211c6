"""Every write."""

from __future__ import annotations

from datetime import datetime

from zonary.common.ids import new_id
from zonary.foundation.documents.models import Document, DocumentVersion
from zonary.foundation.documents.permissions import require_may_read
from zonary.foundation.documents.queries import find_version, own_document
from zonary.foundation.ledger.erasure import erase_body
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.queries import Item
from zonary.foundation.ledger.recording import action, record, repeat
from zonary.foundation.organizations.permissions import hold_standing
from zonary.foundation.organizations.standing import Standing
from zonary.proof.digests import Digests
from zonary.services.evidence.actions import UnknownRecordError
from zonary.services.evidence.copies.events import CopiesForgotten, CopyStored
from zonary.services.evidence.copies.models import StoredCopy
from zonary.services.evidence.copies.queries import MAX_COPIES, copy_of
from zonary.services.evidence.queries import only_file_of, record_of
from zonary.services.evidence.rules import KINDS, Kind, content_in, digests_in


class CopyError(LedgerError):
    """This is no copy of what was registered, or not to be had."""


@action
def store_copy(public_id: str, *, document: str, number: int, by: Standing, at: datetime) -> StoredCopy:
    """Say that a version of a document is a copy of what was registered; the same again changes nothing.

    :param number: of the version.
    :raises UnknownRecordError: when ``by`` has no such record.
    :raises UnknownDocumentError: when ``by``'s holder has no such document, or it no such version.
    :raises CopyError: when it is plain and has other digests than the registered file, or was erased, or there are
        too many.
    """
    hold_standing(by, at=at)
    require_may_read(by)
    item = record_of(by, public_id)
    if item is None:
        raise UnknownRecordError("There is no record {public_id} of yours.", public_id=public_id)
    found = own_document(by, document, at=at)
    # Of two who say so at one time the second waits here, and then finds it said.
    Document.objects.select_for_update().get(pk=found.pk)
    earlier = copy_of(public_id, document, number)
    if earlier is not None:
        repeat([str(earlier.entry)])
        return earlier
    if StoredCopy.objects.filter(record=public_id).count() >= MAX_COPIES:
        raise CopyError("At most {count} copies can be stored for one record.", count=MAX_COPIES)
    version = find_version(by, document, number, at=at)
    is_compared = _compare(version, item)
    event = CopyStored(document=document, number=number, encryption=version.encryption, is_compared=is_compared)
    recorded = record(event, by=by, about=public_id, at=at)
    return StoredCopy.objects.create(
        public_id=new_id(at),
        record=public_id,
        holder=by.holder,
        document=document,
        number=number,
        is_compared=is_compared,
        stored_by=by.actor_id,
        stored_at=at,
        entry=recorded.public_id,
    )


def _compare(version: DocumentVersion, item: Item) -> bool:
    """Whether a version has the digests that were registered; False where they cannot be compared.

    :raises CopyError: when it has others.
    """
    content = version.content
    if content is None or version.restricted_at is not None:
        raise CopyError("The content of this version is not to be had any more.")
    if version.encryption:
        return False
    is_digest = KINDS[item.body[:1]] is Kind.DIGEST
    file = digests_in(content_in(item.leaf, item.body)) if is_digest else only_file_of(item.public_id)
    if file is None:
        return False
    if Digests(bytes(content.sha256), bytes(content.sm3)) != file:
        raise CopyError("This is not the file that was registered: it has other digests.")
    return True


@action
def forget_copies(public_id: str, *, by: Standing, reason: str, at: datetime) -> int:
    """Erase which documents are copies of a record; the documents themselves stay, and are erased as documents are.

    :raises UnknownRecordError: when ``by`` has no such record.
    """
    hold_standing(by, at=at)
    if record_of(by, public_id) is None:
        raise UnknownRecordError("There is no record {public_id} of yours.", public_id=public_id)
    rows = StoredCopy.objects.filter(record=public_id, holder=by.holder)
    entries = [str(entry) for entry in rows.values_list("entry", flat=True)]
    for entry in entries:
        erase_body(entry, by=by, reason=reason, at=at)
    rows.delete()
    record(CopiesForgotten(count=len(entries), reason=reason), by=by, about=public_id, at=at)
    return len(entries)
