"""Parse, call one action or query, answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router

from zonary.common.clock import now
from zonary.common.json_answers import json_answer
from zonary.common.json_body import read_json, takes
from zonary.common.pagination import DEFAULT_LIMIT, listing, paginate
from zonary.foundation.documents import queries
from zonary.foundation.documents.actions import end_share, erase_document_version, share_document
from zonary.foundation.documents.handing_out import hand_out, no_content
from zonary.foundation.documents.refusals import telling
from zonary.foundation.documents.schemas import (
    AccessesOut,
    DocumentsOut,
    DocumentWithVersionsOut,
    ErasureIn,
    ShareIn,
    ShareOut,
    SharesOut,
    VersionOut,
    access_out,
    document_out,
    share_out,
    version_out,
)
from zonary.foundation.ledger.repeats import once
from zonary.foundation.organizations.access import needs
from zonary.foundation.organizations.standing import Standing

router = Router(tags=["documents"])
ADDRESS = "/api/v1/documents"
READ, WRITE = needs("documents:read"), needs("documents:write")


@router.get("", auth=READ, response=DocumentsOut, summary="Your documents, and those shared with you")
def listed(request: HttpRequest, cursor: str = "", limit: int = DEFAULT_LIMIT) -> HttpResponse:
    """Newest change first."""
    page = paginate(queries.documents(_reader(request), at=now()), "-changed_at", "-id", cursor=cursor, limit=limit)
    return json_answer(listing([document_out(each) for each in page], page.link(ADDRESS, limit=limit)))


@router.get("/{document_id}", auth=READ, response=DocumentWithVersionsOut, summary="A document and its versions")
@telling
def document(request: HttpRequest, document_id: str) -> HttpResponse:
    """404 for one that is not shared with you, as for one that does not exist."""
    found = queries.find_document(_reader(request), document_id, at=now())
    return json_answer({**document_out(found), "versions": [version_out(each) for each in found.versions.all()]})


@router.api_operation(
    ["HEAD"],
    "/{document_id}/versions/{number}/content",
    auth=READ,
    response={200: None},
    summary="How large a version is, and its digest",
)
@telling
def content_head(request: HttpRequest, document_id: str, number: int) -> HttpResponseBase:
    """Nothing is handed out, and nothing recorded."""
    return hand_out(_reader(request), document_id, number, method="HEAD", wanted="", unless="", at=now())


@router.get(
    "/{document_id}/versions/{number}/content",
    auth=READ,
    summary="What a version consists of, whole or a range of it",
    openapi_extra={"responses": {200: {"description": "OK", "content": {"application/octet-stream": {}}}}},
)
@telling
def content(request: HttpRequest, document_id: str, number: int) -> HttpResponseBase:
    """Fetching somebody else's is recorded, and its holder sees it."""
    wanted, unless = request.headers.get("Range", ""), request.headers.get("If-Range", "")
    return hand_out(_reader(request), document_id, number, method="GET", wanted=wanted, unless=unless, at=now())


@router.post(
    "/{document_id}/versions/{number}/erasure",
    auth=WRITE,
    response=VersionOut,
    summary="Erase a version, or restrict it while a law wants it kept",
    openapi_extra=takes(ErasureIn),
)
@telling
@once
def erase(request: HttpRequest, document_id: str, number: int) -> HttpResponse:
    """Its receipt stays, and says nothing any more of what it was made of."""
    wanted = read_json(request.body, request.content_type or "", ErasureIn)
    erased = erase_document_version(document_id, number=number, reason=wanted.reason, by=_reader(request), at=now())
    return json_answer(version_out(erased))


@router.get("/{document_id}/shares", auth=READ, response=SharesOut, summary="With whom your document is shared")
@telling
def shares(request: HttpRequest, document_id: str) -> HttpResponse:
    reader, at = _reader(request), now()
    found = queries.grants(reader, queries.own_document(reader, document_id, at=at), at=at)
    return json_answer({"items": [share_out(each) for each in found]})


@router.post(
    "/{document_id}/shares",
    auth=WRITE,
    response={201: ShareOut},
    summary="Share your document, versions to come too",
    openapi_extra=takes(ShareIn),
)
@telling
@once
def share(request: HttpRequest, document_id: str) -> HttpResponse:
    """An earlier share with the same ends."""
    wanted = read_json(request.body, request.content_type or "", ShareIn)
    grant = share_document(document_id, grantee=wanted.grantee, until=wanted.last_day(), by=_reader(request), at=now())
    return json_answer(share_out(grant), 201)


@router.api_operation(
    ["DELETE"], "/{document_id}/shares/{grant_id}", auth=WRITE, response={204: None}, summary="Stop sharing"
)
@telling
@once
def unshare(request: HttpRequest, document_id: str, grant_id: str) -> HttpResponse:
    at = now()
    queries.own_document(_reader(request), document_id, at=at)
    end_share(grant_id, by=_reader(request), at=at)
    return no_content({})


@router.get("/{document_id}/accesses", auth=READ, response=AccessesOut, summary="Who of others fetched your document")
@telling
def accesses(request: HttpRequest, document_id: str, cursor: str = "", limit: int = DEFAULT_LIMIT) -> HttpResponse:
    reader = _reader(request)
    found = queries.accesses(reader, queries.own_document(reader, document_id, at=now()))
    page = paginate(found, "-at", "-id", cursor=cursor, limit=limit)
    following = page.link(f"{ADDRESS}/{document_id}/accesses", limit=limit)
    return json_answer(listing([access_out(each) for each in page], following))


def _reader(request: HttpRequest) -> Standing:
    reader: Standing = request.standing  # type: ignore[attr-defined]  # set by zonary.foundation.organizations.access
    return reader
