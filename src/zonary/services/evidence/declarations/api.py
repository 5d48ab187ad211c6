"""Parse, call one action or query, answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from zonary.common.clock import now
from zonary.common.json_answers import json_answer
from zonary.common.json_body import read_json, takes
from zonary.foundation.ledger.repeats import once
from zonary.foundation.organizations.access import needs
from zonary.services.evidence.asking import asked_by_holder
from zonary.services.evidence.declarations.actions import declare_fact
from zonary.services.evidence.declarations.queries import declarations_of
from zonary.services.evidence.declarations.rules import in_force
from zonary.services.evidence.declarations.schemas import (
    DeclarationIn,
    DeclarationOut,
    DeclarationsOut,
    OriginOut,
    declaration_out,
    origin_out,
)
from zonary.services.evidence.queries import find_receipt, statement_of
from zonary.services.evidence.schemas import ProblemOut

router = Router(tags=["evidence"])


@router.get(
    "/{record_id}/declarations",
    auth=needs("evidence:read"),
    response={200: DeclarationsOut, frozenset({401, 403, 404}): ProblemOut},
    summary="What you declared of a record",
)
def declarations(request: HttpRequest, record_id: str) -> HttpResponse:
    """Declared by the holder, not checked."""
    by = asked_by_holder(request, record_id)
    found = in_force(declarations_of(by, record_id))
    return json_answer({"items": [declaration_out(each, later) for each, later in found]}, 200)


@router.get(
    "/{record_id}/origin",
    auth=needs("evidence:read"),
    response={200: OriginOut, frozenset({401, 403, 404}): ProblemOut},
    summary="What was sealed with a record about where it came from",
)
def origin(request: HttpRequest, record_id: str) -> HttpResponse:
    """The holder's word and the service's, apart; neither was checked."""
    found = find_receipt(asked_by_holder(request, record_id), record_id)
    return json_answer(origin_out(None if found is None else statement_of(found)), 200)


@router.post(
    "/{record_id}/declarations",
    auth=needs("evidence:write"),
    response={201: DeclarationOut, frozenset({400, 401, 403, 404, 409, 413, 415, 422}): ProblemOut},
    openapi_extra=takes(DeclarationIn),
    summary="Declare something of a record",
)
@once
def declare(request: HttpRequest, record_id: str) -> HttpResponse:
    """It cannot be unsaid, only replaced."""
    by = asked_by_holder(request, record_id)
    wanted = read_json(request.body, request.content_type or "", DeclarationIn)
    declared = declare_fact(record_id, wanted.said(), replaces=wanted.replaces, by=by, at=now())
    return json_answer(declaration_out(declared), 201)
