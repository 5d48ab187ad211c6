"""Files that arrive in pieces. Nothing here is decided by anybody: what came whole becomes a version by an action.

A piece is on disk before its offset is in the database, so that a kill at any moment leaves at worst bytes behind the
offset, which the next piece is written over. When the last piece is there, four steps follow, each of which may be
done again: the digests are taken, the content gets its row, its bytes move into the store, and the action adds the
version; only this moves the offset to the end. A client that heard of no success sends its last piece again.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection, transaction

from zonary.common.ids import new_id
from zonary.foundation.documents.actions import add_document, add_version
from zonary.foundation.documents.announcements import announcement, parse_metadata
from zonary.foundation.documents.arriving import HASHING, Arrived, examine
from zonary.foundation.documents.contents import contents
from zonary.foundation.documents.errors import DocumentError, QuotaError, RefusedContentError
from zonary.foundation.documents.models import Content, DocumentVersion, Upload
from zonary.foundation.documents.permissions import WRITE
from zonary.foundation.documents.queries import bytes_held, find_upload, own_document, quota
from zonary.foundation.documents.rules import (
    KEPT_WITHOUT_VERSION,
    MAX_DOCUMENT_BYTES,
    MAX_OPEN_UPLOADS,
    UPLOAD_TERM,
)
from zonary.foundation.ledger.layout import PRIVATE_FILE, make_private_directory
from zonary.foundation.organizations.permissions import NotAllowedError, require_scope
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error

PIECE_BYTES = 1024 * 1024
_QUOTA_LOCK = 0x7A6F_6E61
"""First half of the key of PostgreSQL's advisory locks; the second is the holder's."""


class BusyUploadError(DocumentError):
    """Somebody is adding to this upload at this moment."""


class OffsetError(DocumentError):
    """A piece does not begin where the upload stands."""


class LostUploadError(DocumentError):
    """Bytes that were acknowledged are not on this machine."""


def begin_upload(reader: Standing, *, length: int, metadata: str, at: datetime) -> Upload:
    """Begin an upload of ``length`` bytes; ``metadata`` as tus has it.

    :raises RefusedContentError: when that is no announcement, or the file is empty or too large.
    :raises QuotaError: when the holder has no room for it, or too many uploads under way.
    :raises UnknownDocumentError: when it is to be a version of a document that is not the holder's.
    :raises NotAllowedError: when the reader may only look.
    """
    require_scope(reader, WRITE)
    if not reader.may_act:
        raise NotAllowedError("You may look at what this organisation has here, not change it. Ask an owner of it.")
    announced = announcement(parse_metadata(metadata))
    if announced.document:
        own_document(reader, announced.document, at=at)
    if length < 1:
        raise RefusedContentError("An empty file is no document.")
    if length > MAX_DOCUMENT_BYTES:
        raise RefusedContentError("The file has {size} bytes; at most {limit} are taken.", size=length,
                                  limit=MAX_DOCUMENT_BYTES)  # fmt: skip
    with transaction.atomic():
        _wait_for_turn(reader.holder)
        _require_room(reader.holder, length, at=at)
        return Upload.objects.create(
            public_id=new_id(at),
            holder=reader.holder,
            person=reader.actor_id,
            length=length,
            metadata=metadata,
            document=announced.document,
            started_at=at,
            expires_at=at + UPLOAD_TERM,
        )


def _wait_for_turn(holder: str) -> None:
    """Of the uploads of one holder one at a time is counted. SQLite's transactions take turns anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_QUOTA_LOCK, holder])


def _require_room(holder: str, length: int, *, at: datetime) -> None:
    if Upload.objects.filter(holder=holder, version__isnull=True, expires_at__gt=at).count() >= MAX_OPEN_UPLOADS:
        raise QuotaError(
            "There are {count} unfinished uploads already. Finish or cancel one of them first.", count=MAX_OPEN_UPLOADS
        )
    held = bytes_held(holder, at=at)
    if held + length > quota():
        raise QuotaError(
            "There is no room for {size} bytes: {held} of {quota} are taken. Ask the zone for more, or erase versions "
            "you no longer need.",
            size=length,
            held=held,
            quota=quota(),
        )


def append(public_id: str, *, offset: int, piece: bytes, by: Standing, at: datetime) -> Upload:
    """Add ``piece`` at ``offset``; with the last one the document gets its version.

    :raises UnknownDocumentError: when it is no upload of theirs.
    :raises BusyUploadError: when another piece is being added.
    :raises OffsetError: when the upload stands elsewhere.
    :raises RefusedContentError: when the whole is not what was announced; the upload is gone then.
    """
    find_upload(by, public_id, at=at)
    with _held(public_id):
        upload = find_upload(by, public_id, at=at)
        if upload.version_id is not None or offset != upload.offset:
            raise OffsetError("The upload stands at byte {offset}.", offset=upload.offset)
        if offset + len(piece) > upload.length:
            raise RefusedContentError("That is more than the {size} bytes announced.", size=upload.length)
        if upload.content is None:
            written = _write(upload, piece)
            if written < upload.length:
                Upload.objects.filter(pk=upload.pk).update(offset=written, expires_at=at + UPLOAD_TERM)
                # Only now, for what is not acknowledged may be written over, by another process too.
                HASHING.update(public_id, _staged(public_id), offset, piece)
                return find_upload(by, public_id, at=at)
            HASHING.update(public_id, _staged(public_id), offset, piece)
        _finish(upload, by=by, at=at)
    _staged(public_id, ".lock").unlink(missing_ok=True)
    return find_upload(by, public_id, at=at)


def receive_whole(file: IO[bytes], announced: Mapping[str, str], *, by: Standing, at: datetime) -> DocumentVersion:
    """Take a file that came in one piece, by the same steps as any other.

    Raises what :func:`begin_upload` and :func:`append` raise.
    """
    metadata = ",".join(
        f"{key} {base64.b64encode(value.encode('utf-8')).decode('ascii')}" for key, value in announced.items() if value
    )
    length = file.seek(0, os.SEEK_END)
    upload = begin_upload(by, length=length, metadata=metadata, at=at)
    file.seek(0)
    try:
        while piece := file.read(PIECE_BYTES):
            upload = append(str(upload.public_id), offset=upload.offset, piece=piece, by=by, at=at)
    except Error:
        # Nobody knows of it, so nobody would go on with it.
        with contextlib.suppress(DocumentError):
            abandon(str(upload.public_id), by=by, at=at)
        raise
    if upload.version is None:
        raise RefusedContentError("The file did not come whole. Send it again.")
    return upload.version


def abandon(public_id: str, *, by: Standing, at: datetime) -> None:
    """Forget an upload and what came of it.

    :raises UnknownDocumentError: when it is no upload of theirs.
    :raises BusyUploadError: when a piece is being added.
    """
    upload = find_upload(by, public_id, at=at)
    with _held(public_id):
        _forget(upload)
    _staged(public_id, ".lock").unlink(missing_ok=True)


def expire_uploads(*, at: datetime, limit: int = 100) -> int:
    """Forget uploads whose time is over, at most ``limit``; returns how many."""
    forgotten = 0
    for upload in Upload.objects.filter(expires_at__lte=at).order_by("expires_at")[:limit]:
        with contextlib.suppress(BusyUploadError), _held(str(upload.public_id)):
            _forget(upload)
            forgotten += 1
        _staged(str(upload.public_id), ".lock").unlink(missing_ok=True)
    return forgotten


def remove_unreferenced(*, at: datetime, limit: int = 100) -> int:
    """Remove contents that no version and no upload refers to any more, at most ``limit``; returns how many.

    The row is locked while the bytes go: whoever brings the same content again comes before and keeps it, or after and
    stores it anew.
    """
    removed = 0
    for found in Content.objects.filter(remove_after__lte=at)[:limit]:
        with transaction.atomic():
            content = Content.objects.select_for_update().filter(pk=found.pk, remove_after__lte=at).first()
            if content is None or content.versions.exists() or content.uploads.exists():
                continue
            sha256 = bytes(content.sha256)
            content.delete()
            contents().remove(sha256)
            removed += 1
    return removed


def _forget(upload: Upload) -> None:
    # The file first: without its row nobody would find it.
    _staged(str(upload.public_id)).unlink(missing_ok=True)
    HASHING.forget(str(upload.public_id))
    Upload.objects.filter(pk=upload.pk).delete()


def _staged(public_id: str, ending: str = "") -> Path:
    folder: Path = settings.ZONARY_DATA.path / "uploads"
    return folder / f"{public_id}{ending}"


@contextlib.contextmanager
def _held(public_id: str) -> Iterator[None]:
    """Only one at a time, in whatever process, adds to an upload."""
    lock = _staged(public_id, ".lock")
    make_private_directory(lock.parent)
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyUploadError("Another piece of this upload is being added. Try again in a moment.") from None
        yield
    finally:
        os.close(descriptor)


def _write(upload: Upload, piece: bytes) -> int:
    """Have ``piece`` on disk at the offset, and nothing behind it; returns where the file ends then."""
    path, offset = _staged(str(upload.public_id)), upload.offset
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    with open(descriptor, "r+b", buffering=0) as file:
        if os.fstat(file.fileno()).st_size < offset:
            raise LostUploadError(
                "The first {offset} bytes of this upload are not on this server. Begin again.", offset=offset
            )
        # What a crash left behind the offset.
        file.truncate(offset)
        file.seek(offset)
        view = memoryview(piece)
        while view:
            view = view[file.write(view) :]
        os.fsync(file.fileno())
    return offset + len(piece)


def _finish(upload: Upload, *, by: Standing, at: datetime) -> DocumentVersion:
    announced = announcement(parse_metadata(upload.metadata))
    staged = _staged(str(upload.public_id))
    if upload.content is None:
        try:
            arrived = examine(staged, str(upload.public_id), announced)
        except RefusedContentError:
            _forget(upload)
            raise
        upload.content = _announced_content(upload, arrived, at=at)
    contents().put(bytes(upload.content.sha256), upload.content.size, staged)
    add = add_version if announced.document else add_document
    return add(announced, upload, by=by, at=at)


def _announced_content(upload: Upload, arrived: Arrived, *, at: datetime) -> Content:
    """The row of what has arrived, which from now on is not removed as long as the upload is there."""
    remove_after = at + UPLOAD_TERM + KEPT_WITHOUT_VERSION
    digests = arrived.digests
    known = {"sm3": digests.sm3, "size": arrived.size, "media_type": arrived.media_type, "remove_after": remove_after}
    with transaction.atomic():
        content, _ = Content.objects.select_for_update().get_or_create(sha256=digests.sha256, defaults=known)
        if content.remove_after is not None:
            Content.objects.filter(pk=content.pk).update(remove_after=remove_after)
        Upload.objects.filter(pk=upload.pk).update(content=content, expires_at=at + UPLOAD_TERM)
    return content
