"""What goes in and out over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta
from pydantic import BaseModel

from zonary.common.clock import rfc3339
from zonary.common.json_body import Body
from zonary.services.evidence.copies.queries import Copy


class CopyIn(Body, frozen=True):
    """A version of one of your documents: what the finished upload said in `Zonary-Document` and `Zonary-Version`."""

    document: Annotated[str, Meta(min_length=1, max_length=36)]
    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]


class CopyOut(BaseModel):
    """`compared`: its digests are the registered ones. `content` is null once it cannot be fetched any more."""

    id: str
    document: str
    version: int
    file_name: str
    size: int
    encryption: str
    compared: bool
    content: str | None
    stored_at: datetime
    receipt: str


class CopiesOut(BaseModel):
    """Oldest first; those you may see."""

    items: list[CopyOut]


def copy_out(each: Copy) -> dict[str, object]:
    stored, version = each.stored, each.version
    address = f"/api/v1/documents/{stored.document}/versions/{stored.number}/content"
    return {
        "id": str(stored.public_id),
        "document": str(stored.document),
        "version": stored.number,
        "file_name": version.file_name,
        "size": version.size,
        "encryption": version.encryption,
        "compared": stored.is_compared,
        "content": address if each.is_there else None,
        "stored_at": rfc3339(stored.stored_at),
        "receipt": str(stored.entry),
    }
