"""What the API takes and gives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta
from ninja import Schema

from zonary.common.clock import rfc3339
from zonary.common.json_body import Body
from zonary.common.plain_text import PLAIN, PlainBody
from zonary.foundation.documents.models import Document, DocumentAccess, DocumentGrant, DocumentVersion, Upload

DAY = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


class ShareIn(Body, frozen=True, kw_only=True):
    """``grantee``: the public id of an organisation or a person. ``until``: the last day, or none."""

    grantee: str
    until: str | None = None

    def misfit(self) -> str | None:
        if self.until is None:
            return None
        try:
            date.fromisoformat(self.until)
        except ValueError:
            return "“until” must be a day such as 2030-12-31"
        return None

    def last_day(self) -> date | None:
        return None if self.until is None else date.fromisoformat(self.until)


class ErasureIn(PlainBody, frozen=True):
    """``reason`` becomes part of the ledger: never put into it what is being erased."""

    reason: Annotated[str, Meta(min_length=1, max_length=200, extra_json_schema={"pattern": PLAIN})]


class VersionOut(Schema):
    number: int
    id: str
    size: int
    media_type: str
    file_name: str
    sha256: str | None
    sm3: str | None
    encryption: str
    escrow: bool
    receipt: str
    added_by: str
    added_at: datetime
    restricted_at: datetime | None
    erased_at: datetime | None


class DocumentOut(Schema):
    id: str
    holder: str
    title: str
    kind: str
    confidential: bool
    retain_until: date | None
    added_at: datetime
    changed_at: datetime


class DocumentWithVersionsOut(DocumentOut):
    versions: list[VersionOut]


class DocumentsOut(Schema):
    items: list[DocumentOut]
    next: str | None


class ShareOut(Schema):
    id: str
    grantee: str
    until: date | None
    since: datetime


class SharesOut(Schema):
    items: list[ShareOut]


class AccessOut(Schema):
    version: int
    person: str
    organisation: str
    at: datetime
    receipt: str


class AccessesOut(Schema):
    items: list[AccessOut]
    next: str | None


class UploadOut(Schema):
    id: str
    length: int
    offset: int
    expires_at: datetime
    document: str | None
    version: int | None


class UploadsOut(Schema):
    items: list[UploadOut]


def document_out(document: Document) -> dict[str, object]:
    return {
        "id": str(document.public_id),
        "holder": document.holder,
        "title": document.title,
        "kind": document.kind,
        "confidential": document.confidential,
        "retain_until": None if document.retain_until is None else document.retain_until.isoformat(),
        "added_at": rfc3339(document.added_at),
        "changed_at": rfc3339(document.changed_at),
    }


def version_out(version: DocumentVersion) -> dict[str, object]:
    content = version.content
    return {
        "number": version.number,
        "id": str(version.public_id),
        "size": version.size,
        "media_type": version.media_type,
        "file_name": version.file_name,
        "sha256": None if content is None else bytes(content.sha256).hex(),
        "sm3": None if content is None else bytes(content.sm3).hex(),
        "encryption": version.encryption,
        "escrow": version.escrow,
        "receipt": version.entry,
        "added_by": version.added_by,
        "added_at": rfc3339(version.added_at),
        "restricted_at": None if version.restricted_at is None else rfc3339(version.restricted_at),
        "erased_at": None if version.erased_at is None else rfc3339(version.erased_at),
    }


def share_out(grant: DocumentGrant) -> dict[str, object]:
    return {
        "id": str(grant.public_id),
        "grantee": grant.grantee,
        "until": None if grant.until is None else grant.until.isoformat(),
        "since": rfc3339(grant.since),
    }


def access_out(access: DocumentAccess) -> dict[str, object]:
    return {
        "version": access.version.number,
        "person": access.person,
        "organisation": access.organisation,
        "at": rfc3339(access.at),
        "receipt": access.entry,
    }


def upload_out(upload: Upload) -> dict[str, object]:
    version = upload.version
    return {
        "id": str(upload.public_id),
        "length": upload.length,
        "offset": upload.offset,
        "expires_at": rfc3339(upload.expires_at),
        "document": None if version is None else str(version.document.public_id),
        "version": None if version is None else version.number,
    }
