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
from zonary.services.evidence.exporting.actions import accept_export_notice
from zonary.services.evidence.exporting.queries import acceptances_of
from zonary.services.evidence.exporting.schemas import (
    AcceptanceIn,
    AcceptanceOut,
    AcceptancesOut,
    ExportNoticeOut,
    acceptance_out,
    notice_out,
)
from zonary.services.evidence.schemas import ProblemOut

router = Router(tags=["evidence"])


@router.get(
    "/export-notice",
    auth=needs("evidence:read"),
    response={200: ExportNoticeOut, frozenset({401, 403}): ProblemOut},
    summary="What is to be read before evidence goes abroad",
)
def export_notice(request: HttpRequest) -> HttpResponse:
    return json_answer(notice_out(), 200)


@router.get(
    "/{record_id}/export-acceptances",
    auth=needs("evidence:read"),
    response={200: AcceptancesOut, frozenset({401, 403, 404}): ProblemOut},
    summary="When the export notice was accepted for your record",
)
def acceptances(request: HttpRequest, record_id: str) -> HttpResponse:
    found = acceptances_of(asked_by_holder(request, record_id), record_id)
    return json_answer({"items": [acceptance_out(each) for each in found]}, 200)


@router.post(
    "/{record_id}/export-acceptances",
    auth=needs("evidence:write"),
    response={201: AcceptanceOut, frozenset({400, 401, 403, 404, 409, 413, 415, 422}): ProblemOut},
    openapi_extra=takes(AcceptanceIn),
    summary="Accept the export notice before you hand the package of your record to somebody abroad",
)
@once
def accept(request: HttpRequest, record_id: str) -> HttpResponse:
    """It is put on record. 409 when the digest is not that of the text of now."""
    by = asked_by_holder(request, record_id)
    wanted = read_json(request.body, request.content_type or "", AcceptanceIn)
    accepted = accept_export_notice(record_id, wanted.receiver, wanted.export_notice, by=by, at=now())
    return json_answer(acceptance_out(accepted), 201)
