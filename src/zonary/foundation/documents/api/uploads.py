"""Resumable uploads by the tus protocol 1.0.0 (tus.io): core, creation, expiration, checksum and termination.

What an upload is to become stands in ``Upload-Metadata``: ``filename``, ``title``, ``kind``, ``confidential``,
``document`` (another version of that), ``sha256``, ``encryption``, ``escrow``, ``retain_until``.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Router

from zonary.common.clock import now
from zonary.common.json_body import JSON
from zonary.common.problems import CHECKSUM_MISMATCH, Problem
from zonary.foundation.documents import queries
from zonary.foundation.documents.handing_out import no_content
from zonary.foundation.documents.models import Upload
from zonary.foundation.documents.refusals import telling
from zonary.foundation.documents.rules import MAX_DOCUMENT_BYTES
from zonary.foundation.documents.schemas import UploadsOut, upload_out
from zonary.foundation.documents.uploads import abandon, append, begin_upload
from zonary.foundation.organizations.access import needs
from zonary.foundation.organizations.standing import Standing

router = Router(tags=["uploads"])
ADDRESS = "/api/v1/uploads"
VERSION = "1.0.0"
_TUS = {"Tus-Resumable": VERSION}
_OFFSET_TYPE = "application/offset+octet-stream"
_ABILITIES = {
    **_TUS,
    "Tus-Version": VERSION,
    "Tus-Extension": "creation,expiration,checksum,termination",
    "Tus-Max-Size": str(MAX_DOCUMENT_BYTES),
    "Tus-Checksum-Algorithm": "sha1,sha256",
}
_NUMBER = re.compile(r"[0-9]{1,15}")
Endpoint = Callable[..., HttpResponse]


def _tus(function: Endpoint) -> Endpoint:
    """Every request says which version of the protocol it speaks, and so does every answer, refusals too."""

    @telling
    @functools.wraps(function)
    def told(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.headers.get("Tus-Resumable") != VERSION:
            raise Problem(412, "tus-version", "Send Tus-Resumable: 1.0.0.", {"Tus-Version": VERSION})
        return function(request, *args, **kwargs)

    @functools.wraps(function)
    def run(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return told(request, *args, **kwargs)
        except Problem as problem:
            problem.headers.update(_TUS)
            raise

    return run


@router.api_operation(["OPTIONS"], "", auth=None, response={204: None}, summary="What of tus is known here")
def abilities(request: HttpRequest) -> HttpResponse:
    return no_content(_ABILITIES)


@router.get("", auth=needs("documents:read"), response=UploadsOut, summary="Your unfinished uploads")
def listed(request: HttpRequest) -> HttpResponse:
    found = queries.open_uploads(_reader(request), at=now())
    body = msgspec.json.encode({"items": [upload_out(each) for each in found]})
    return HttpResponse(body, content_type=JSON, headers={"Cache-Control": "no-store"})


@router.post("", auth=needs("documents:write"), response={201: None}, summary="Begin an upload")
@_tus
def begin(request: HttpRequest) -> HttpResponse:
    """201, and in Location where the bytes go."""
    metadata = request.headers.get("Upload-Metadata", "")
    if "Upload-Defer-Length" in request.headers:
        raise Problem(400, "length-needed", "Upload-Defer-Length is not known here; send Upload-Length.")
    length = _number(request, "Upload-Length")
    if length > MAX_DOCUMENT_BYTES:
        detail = f"At most {MAX_DOCUMENT_BYTES} bytes are taken."
        raise Problem(413, "too-large", detail, {"Tus-Max-Size": str(MAX_DOCUMENT_BYTES)})
    upload = begin_upload(_reader(request), length=length, metadata=metadata, at=now())
    headers = {**_TUS, "Location": f"{ADDRESS}/{upload.public_id}", "Upload-Expires": _expires(upload)}
    return HttpResponse(status=201, headers={"Cache-Control": "no-store", **headers})


@router.api_operation(
    ["HEAD"], "/{upload_id}", auth=needs("documents:write"), response={200: None}, summary="How far an upload has come"
)
@_tus
def progress(request: HttpRequest, upload_id: str) -> HttpResponse:
    upload = queries.find_upload(_reader(request), upload_id, at=now())
    headers = {**_state(upload), "Upload-Length": str(upload.length), "Cache-Control": "no-store"}
    if upload.metadata:
        headers["Upload-Metadata"] = upload.metadata
    return HttpResponse(status=200, headers=headers)


@router.patch("/{upload_id}", auth=needs("documents:write"), response={204: None}, summary="Add to an upload")
@_tus
def add(request: HttpRequest, upload_id: str) -> HttpResponse:
    """With the last byte it becomes a version, of the document in ``Zonary-Document``."""
    if request.content_type != _OFFSET_TYPE:
        raise Problem(415, "wrong-content-type", f"Send this request with Content-Type: {_OFFSET_TYPE}.")
    offset = _number(request, "Upload-Offset")
    piece = request.read()  # and not body, which would stay in memory as long as the request
    _require_checksum(request.headers.get("Upload-Checksum", ""), piece)
    upload = append(upload_id, offset=offset, piece=piece, by=_reader(request), at=now())
    return no_content(_state(upload))


@router.api_operation(
    ["DELETE"], "/{upload_id}", auth=needs("documents:write"), response={204: None}, summary="Cancel an upload"
)
@_tus
def cancel(request: HttpRequest, upload_id: str) -> HttpResponse:
    """What it became stays: a finished upload is only forgotten."""
    abandon(upload_id, by=_reader(request), at=now())
    return no_content(_TUS)


def _state(upload: Upload) -> dict[str, str]:
    headers = {**_TUS, "Upload-Offset": str(upload.offset), "Upload-Expires": _expires(upload)}
    if upload.version is not None:
        headers["Zonary-Document"] = str(upload.version.document.public_id)
        headers["Zonary-Version"] = str(upload.version.number)
    return headers


def _expires(upload: Upload) -> str:
    at: datetime = upload.expires_at
    return format_datetime(at, usegmt=True)


def _number(request: HttpRequest, name: str) -> int:
    text = request.headers.get(name, "")
    if not _NUMBER.fullmatch(text):
        raise Problem(400, "bad-number", f"{name} has to be a whole number from 0 on.")
    return int(text)


def _require_checksum(header: str, piece: bytes) -> None:
    """:raises Problem: 460 when ``piece`` has not the digest the header says; it is not kept then."""
    if not header:
        return
    algorithm, _, encoded = header.partition(" ")
    if algorithm not in ("sha1", "sha256"):
        raise Problem(400, "unknown-checksum", "Upload-Checksum takes sha1 and sha256.")
    try:
        wanted = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise Problem(400, "unknown-checksum", "Upload-Checksum is no base64.") from None
    # SHA-1 is against errors of transmission; the digests that are recorded are SHA-256 and SM3.
    if not hmac.compare_digest(hashlib.new(algorithm, piece, usedforsecurity=False).digest(), wanted):
        raise Problem(CHECKSUM_MISMATCH, "checksum", "What arrived has another checksum. Send it again.")


def _reader(request: HttpRequest) -> Standing:
    reader: Standing = request.standing  # type: ignore[attr-defined]  # set by zonary.foundation.organizations.access
    return reader
