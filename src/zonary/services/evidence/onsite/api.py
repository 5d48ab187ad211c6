"""Captures on the spot: parse, call one action or query, answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from zonary.common import problems
from zonary.common.clock import now
from zonary.common.json_body import read_json, takes
from zonary.common.language import language
from zonary.common.pagination import DEFAULT_LIMIT, MAX_LIMIT, listing, paginate
from zonary.foundation.ledger.repeats import once
from zonary.foundation.organizations.access import asked_by, needs
from zonary.services.evidence.onsite import queries
from zonary.services.evidence.onsite.actions import give_code, seal_recording
from zonary.services.evidence.onsite.schemas import (
    OnsiteIn,
    OnsiteListOut,
    OnsiteOut,
    ProblemOut,
    RecordingIn,
    onsite_out,
)
from zonary.services.evidence.tasks import stamp_evidence

router = Router(tags=["captures"])
_READ, _WRITE = needs("evidence:read"), needs("evidence:write")
_LIMIT: Any = Query(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)  # type: ignore[type-arg]  # a function to whoever calls it
_ADDRESS = "/api/v1/onsite"
_READ_ERRORS = frozenset({401, 403, 404, 422})
_WRITE_ERRORS = frozenset({400, 401, 403, 404, 409, 410, 413, 415, 422})


@router.get("", auth=_READ, response={200: OnsiteListOut, _READ_ERRORS: ProblemOut}, summary="Your codes, newest first")
def onsite_captures(request: HttpRequest, cursor: str = "", limit: int = _LIMIT) -> dict[str, object]:
    page = paginate(queries.onsite_captures(asked_by(request)), "-public_id", cursor=cursor, limit=limit)
    return listing([onsite_out(each) for each in page], page.link(_ADDRESS, limit=limit))


@router.post(
    "",
    auth=_WRITE,
    response={201: OnsiteOut, _WRITE_ERRORS: ProblemOut},
    openapi_extra=takes(OnsiteIn),
    summary="Be given a fresh code for a recording",
)
@once
def begin(request: HttpRequest) -> Any:
    """Say it aloud in the recording, or have it in the picture; it is good for ten minutes and one recording."""
    wanted = read_json(request.body, request.content_type or "", OnsiteIn)
    return 201, onsite_out(give_code(wanted.plan(), language=language(), by=asked_by(request), at=now()))


@router.get(
    "/{onsite_id}", auth=_READ, response={200: OnsiteOut, _READ_ERRORS: ProblemOut}, summary="One code, and what came"
)
def one(request: HttpRequest, onsite_id: str) -> dict[str, object]:
    found = queries.find_onsite_capture(asked_by(request), onsite_id)
    if found is None:
        raise problems.not_found("There is no such code of yours.")
    return onsite_out(found)


@router.post(
    "/{onsite_id}/recording",
    auth=_WRITE,
    response={201: OnsiteOut, _WRITE_ERRORS: ProblemOut},
    openapi_extra=takes(RecordingIn),
    summary="Seal the recording made under a code",
)
@once
def seal(request: HttpRequest, onsite_id: str) -> Any:
    """By whom the code was given to, while it is good. The same digests again change nothing."""
    at, by = now(), asked_by(request)
    given = read_json(request.body, request.content_type or "", RecordingIn)
    told = given.told(request.headers.get("User-Agent", ""))
    sealed = seal_recording(onsite_id, given.digests(), told, by=by, at=at)
    stamp_evidence(str(sealed.evidence), clock=lambda: at)
    return 201, onsite_out(sealed)
