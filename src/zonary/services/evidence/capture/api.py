"""Captures: parse, call one action or query, answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from zonary.common import problems
from zonary.common.clock import now
from zonary.common.json_body import read_json, takes
from zonary.common.pagination import DEFAULT_LIMIT, MAX_LIMIT, listing, paginate
from zonary.foundation.documents.rules import attachment
from zonary.foundation.ledger.repeats import once
from zonary.foundation.organizations.access import asked_by, needs
from zonary.services.evidence.capture import queries
from zonary.services.evidence.capture.actions import withdraw_capture
from zonary.services.evidence.capture.models import Capture
from zonary.services.evidence.capture.schemas import CaptureIn, CaptureOut, CapturesOut, ProblemOut, capture_out
from zonary.services.evidence.capture.tasks.carrying_out import ask_for_capture, packaged
from zonary.services.evidence.queries import find_receipt

router = Router(tags=["captures"])
_READ, _WRITE = needs("evidence:read"), needs("evidence:write")
_LIMIT: Any = Query(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)  # type: ignore[type-arg]  # a function to whoever calls it
_ADDRESS = "/api/v1/captures"
_PACKAGE = "application/vnd.etsi.asic-e+zip"
_LOOKED = frozenset({401, 403, 404, 422})
_TAKES = takes(CaptureIn)


def _gives(kind: str) -> dict[str, Any]:
    return {"responses": {200: {"description": "OK", "content": {kind: {}}}}}


@router.get("", auth=_READ, response={200: CapturesOut, _LOOKED: ProblemOut}, summary="Your captures, newest first")
def captures(request: HttpRequest, cursor: str = "", limit: int = _LIMIT) -> dict[str, object]:
    page = paginate(queries.captures(asked_by(request)), "-public_id", cursor=cursor, limit=limit)
    return listing([capture_out(each) for each in page], page.link(_ADDRESS, limit=limit))


@router.post(
    "",
    auth=_WRITE,
    response={201: CaptureOut, frozenset({400, 401, 403, 409, 413, 415, 422, 503}): ProblemOut},
    openapi_extra=_TAKES,
    summary="Have a web page captured",
)
@once
def request(request: HttpRequest) -> Any:
    """It waits for its turn; ask for it again until its state is `sealed`, `failed` or `withdrawn`."""
    asked = read_json(request.body, request.content_type or "", CaptureIn)
    goes_on, by = asked.in_spite_of_certificate, asked_by(request)
    made = ask_for_capture(asked.address, goes_on=goes_on, subject=asked.subject, by=by, at=now())
    return 201, capture_out(made)


@router.get("/{capture}", auth=_READ, response={200: CaptureOut, _LOOKED: ProblemOut}, summary="One capture")
def one(request: HttpRequest, capture: str) -> dict[str, object]:
    return capture_out(_mine(request, capture))


@router.post(
    "/{capture}/withdrawal",
    auth=_WRITE,
    response={200: CaptureOut, frozenset({401, 403, 404, 409, 422}): ProblemOut},
    summary="Withdraw a capture that waits for its turn",
)
@once
def withdraw(request: HttpRequest, capture: str) -> Any:
    return capture_out(withdraw_capture(capture, by=asked_by(request), at=now()))


@router.get(
    "/{capture}/files/{file}",
    auth=_READ,
    response={_LOOKED: ProblemOut},
    openapi_extra=_gives("application/octet-stream"),
    summary="One file of a capture, such as page.wacz or log.json",
)
def file(request: HttpRequest, capture: str, file: str) -> HttpResponse:
    found = queries.file_of(_mine(request, capture), file)
    if found is None:
        raise problems.not_found("This capture has no such file, or not yet.")
    headers = {"Content-Disposition": attachment(file), "Cache-Control": "no-store"}
    return HttpResponse(found.data, content_type=found.media_type, headers=headers)


@router.get(
    "/{capture}/package",
    auth=_READ,
    response={frozenset({401, 403, 404, 409, 422}): ProblemOut},
    openapi_extra=_gives(_PACKAGE),
    summary="The evidence package over the files of a capture",
)
def package(request: HttpRequest, capture: str) -> HttpResponse:
    """409 until the log has published it."""
    found = _mine(request, capture)
    receipt = find_receipt(asked_by(request), str(found.evidence)) if found.evidence else None
    made = None if receipt is None else packaged(receipt)
    if made is None:
        raise problems.not_found("This capture has no package, or not yet.")
    headers = {"Content-Disposition": attachment(f"{found.public_id}.zonary"), "Cache-Control": "no-store"}
    return HttpResponse(made, content_type=_PACKAGE, headers=headers)


def _mine(request: HttpRequest, public_id: str) -> Capture:
    found = queries.find_capture(asked_by(request), public_id)
    if found is None:
        raise problems.not_found("There is no such capture of yours.")
    return found
