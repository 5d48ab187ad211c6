"""Parse, call one action or query, answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from zonary.common.clock import now
from zonary.common.json_answers import json_answer
from zonary.common.json_body import read_json, takes
from zonary.foundation.documents.refusals import telling
from zonary.foundation.ledger.repeats import once
from zonary.foundation.organizations.access import needs
from zonary.services.evidence.asking import asked_by_holder
from zonary.services.evidence.copies.actions import store_copy
from zonary.services.evidence.copies.queries import copies_of
from zonary.services.evidence.copies.schemas import CopiesOut, CopyIn, CopyOut, copy_out
from zonary.services.evidence.schemas import ProblemOut

router = Router(tags=["evidence"])


@router.get(
    "/{record_id}/copies",
    auth=needs("evidence:read"),
    response={200: CopiesOut, frozenset({401, 403, 404}): ProblemOut},
    summary="The stored copies of what you registered",
)
def copies(request: HttpRequest, record_id: str) -> HttpResponse:
    """Those of documents that you may see."""
    by = asked_by_holder(request, record_id)
    return json_answer({"items": [copy_out(each) for each in copies_of(by, record_id, at=now())]}, 200)


@router.post(
    "/{record_id}/copies",
    auth=needs("evidence:write"),
    response={201: CopyOut, frozenset({400, 401, 403, 404, 409, 413, 415, 422}): ProblemOut},
    openapi_extra=takes(CopyIn),
    summary="Say that a document is a copy of what you registered",
)
@telling
@once
def store(request: HttpRequest, record_id: str) -> HttpResponse:
    """A plain one has to have the registered digests. Said again it changes nothing."""
    by, at = asked_by_holder(request, record_id), now()
    wanted = read_json(request.body, request.content_type or "", CopyIn)
    stored = store_copy(record_id, document=wanted.document, number=wanted.version, by=by, at=at)
    [copy] = [each for each in copies_of(by, record_id, at=at) if each.stored.pk == stored.pk]
    return json_answer(copy_out(copy), 201)
