"""Handing out what a version consists of: as a file to be saved, never as a page to be shown."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from zonary.common.problems import Problem
from zonary.foundation.documents.actions import download_document
from zonary.foundation.documents.contents import contents
from zonary.foundation.documents.errors import UnknownDocumentError
from zonary.foundation.documents.models import DocumentVersion
from zonary.foundation.documents.permissions import is_holder, require_may_read
from zonary.foundation.documents.queries import find_version, has_accessed
from zonary.foundation.documents.rules import attachment, byte_range
from zonary.foundation.documents.sniffing import sent_as
from zonary.foundation.organizations.standing import Standing


def hand_out(
    reader: Standing, document: str, number: int, *, method: str, wanted: str, unless: str, at: datetime
) -> HttpResponseBase:
    """The bytes of a version as a response; somebody else's are handed out once that is recorded.

    :param wanted: a Range header, or empty.
    :param unless: an If-Range header, or empty: of another content the whole is sent.
    :raises UnknownDocumentError: when the reader may not see it, or its content is not to be had any more.
    :raises Problem: 416 for a range outside of it.
    """
    require_may_read(reader)
    version = find_version(reader, document, number, at=at)
    if version.content is None or version.restricted_at is not None:
        raise UnknownDocumentError("The content of this version is not to be had any more.")
    if method != "HEAD" and not is_holder(reader, version.document) and not has_accessed(reader, version, at=at):
        download_document(document, number=number, by=reader, at=at)
    return content_response(version, method=method, wanted=wanted, unless=unless)


def content_response(version: DocumentVersion, *, method: str, wanted: str, unless: str) -> HttpResponseBase:
    """The bytes of a version for whoever may have them: nothing is asked or recorded here.

    :raises UnknownDocumentError: when they are not there any more.
    :raises Problem: 416 for a range outside of them.
    """
    if version.content is None:
        raise UnknownDocumentError("The content of this version is not to be had any more.")
    sha256 = bytes(version.content.sha256)
    tag = f'"{sha256.hex()}"'
    start, size, status = 0, version.size, 200
    if wanted and unless in ("", tag):
        try:
            part = byte_range(wanted, version.size)
        except ValueError:
            detail = f"The content has {version.size} bytes."
            headers = {"Content-Range": f"bytes */{version.size}"}
            raise Problem(416, "range", detail, headers) from None
        if part is not None:
            (start, size), status = part, 206
    pieces = iter(()) if method == "HEAD" else contents().read(sha256, start, size)
    response = StreamingHttpResponse(pieces, status=status, headers=_headers(version, tag))
    response["Content-Length"] = str(size)
    if status == 206:
        response["Content-Range"] = f"bytes {start}-{start + size - 1}/{version.size}"
    return response


def _headers(version: DocumentVersion, tag: str) -> dict[str, str]:
    return {
        "Content-Type": sent_as(version.media_type),
        "Content-Disposition": attachment(version.file_name),
        # Beside those of every response: should it ever be opened as a page, it is one that may do nothing.
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "ETag": tag,
    }


def no_content(headers: dict[str, str]) -> HttpResponse:
    """An answer without a body."""
    return HttpResponse(status=204, headers={"Cache-Control": "no-store", **headers})
