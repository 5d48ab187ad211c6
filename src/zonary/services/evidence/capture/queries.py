"""Every read, the reader first: nobody sees another's captures."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from zonary.foundation.documents.contents import contents
from zonary.foundation.documents.errors import MissingContentError
from zonary.foundation.documents.models import DocumentVersion
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.services.evidence.capture.files import LOG, MEDIA_TYPES
from zonary.services.evidence.capture.models import Capture
from zonary.services.evidence.capture.rules import DAY, GRACE

_MAX_SHOWN = 64 * 1024**2
_UNDER_WAY = (Capture.State.WAITING, Capture.State.RUNNING)


@dataclass(frozen=True, slots=True)
class Shown:
    """One file of a capture."""

    data: bytes
    media_type: str


def captures(reader: Standing) -> QuerySet[Capture]:
    """All of the reader's holder."""
    return Capture.objects.filter(holder=reader.holder)


def find_capture(reader: Standing, public_id: str) -> Capture | None:
    return captures(reader).filter(public_id=as_uuid(public_id)).first()


def count_under_way(holder: str) -> int:
    return Capture.objects.filter(holder=holder, state__in=_UNDER_WAY).count()


def count_of_a_day(holder: str, *, at: datetime) -> int:
    """How many were asked for within the last 24 hours."""
    return Capture.objects.filter(holder=holder, asked_at__gt=at - DAY).count()


def next_waiting() -> Capture | None:
    """That which waits longest; for the server, not for a reader."""
    return Capture.objects.filter(state=Capture.State.WAITING).order_by("pk").first()


def forsaken(*, at: datetime) -> QuerySet[Capture]:
    """Those whose server was stopped while they ran."""
    return Capture.objects.filter(state=Capture.State.RUNNING, begun_at__lt=at - GRACE)


def log_of(capture: Capture) -> dict[str, Any] | None:
    """What was seen; None while it is not sealed, and once its files were erased."""
    found = file_of(capture, LOG)
    return None if found is None else json.loads(found.data)


def names_of(capture: Capture) -> list[str]:
    """The files there are, in the order of the archive."""
    with _opened(capture) as archive:
        return archive.namelist() if archive is not None else []


def file_of(capture: Capture, name: str) -> Shown | None:
    """One file of the capture, or None when there is none of that name."""
    if name not in MEDIA_TYPES:
        return None
    with _opened(capture) as archive:
        if archive is None or name not in archive.namelist() or archive.getinfo(name).file_size > _MAX_SHOWN:
            return None
        return Shown(archive.read(name), MEDIA_TYPES[name])


@contextmanager
def _opened(capture: Capture) -> Iterator[zipfile.ZipFile | None]:
    version = version_of(capture)
    if version is None or version.content is None or version.restricted_at is not None:
        yield None
        return
    try:
        with zipfile.ZipFile(_StoredContent(bytes(version.content.sha256), version.size)) as archive:
            yield archive
    except MissingContentError:
        yield None


def version_of(capture: Capture) -> DocumentVersion | None:
    """The version of the document that holds the files."""
    if capture.document is None:
        return None
    held = DocumentVersion.objects.filter(document__public_id=capture.document, number=1, erased_at=None)
    return held.select_related("content", "document").first()


class _StoredContent(io.RawIOBase):
    """A content of the store that can be read from anywhere, piece by piece."""

    def __init__(self, sha256: bytes, size: int) -> None:
        self._sha256, self._size, self._place = sha256, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._size - self._place)
        wanted = left if size < 0 else min(size, left)
        data = b"".join(contents().read(self._sha256, self._place, wanted)) if wanted else b""
        self._place += len(data)
        return data
