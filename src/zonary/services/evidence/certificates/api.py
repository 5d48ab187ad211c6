"""Parse, call one action or query, answer."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Router

from zonary.common import problems
from zonary.common.clock import now
from zonary.common.json_answers import json_answer
from zonary.common.json_body import read_json, takes
from zonary.foundation.ledger.repeats import once
from zonary.foundation.organizations.access import asked_by, needs
from zonary.services.evidence.asking import asked_by_holder
from zonary.services.evidence.certificates.actions import issue_certificate
from zonary.services.evidence.certificates.making import PDF, file_of
from zonary.services.evidence.certificates.many import issued_files, require_certifiable
from zonary.services.evidence.certificates.queries import certificate_of, certificates_of
from zonary.services.evidence.certificates.schemas import (
    CertificateOut,
    CertificatesIn,
    CertificatesOut,
    certificate_out,
)
from zonary.services.evidence.schemas import ProblemOut

router = Router(tags=["evidence"])

ZIP = "application/zip"


@router.post(
    "/certificates",
    auth=needs("evidence:write"),
    response={frozenset({400, 401, 403, 404, 409, 413, 415, 422}): ProblemOut},
    openapi_extra={**takes(CertificatesIn), "responses": {200: {"description": "OK", "content": {ZIP: {}}}}},
    summary="Issue evidence certificates about up to 1,000 of your records, and fetch them as a ZIP file",
)
def issue_many(request: HttpRequest) -> HttpResponse:
    """All are looked at before the first byte comes; each is issued and made as it is sent, and stays to be fetched."""
    by = asked_by(request)
    wanted = read_json(request.body, request.content_type or "", CertificatesIn)
    records = require_certifiable(wanted.records, by=by)
    headers = {"Content-Disposition": 'attachment; filename="certificates.zip"', "Cache-Control": "no-store"}
    pieces = issued_files(records, by=by, clock=now)
    return cast("HttpResponse", StreamingHttpResponse(pieces, content_type=ZIP, headers=headers))


@router.get(
    "/{record_id}/certificates",
    auth=needs("evidence:read"),
    response={200: CertificatesOut, frozenset({401, 403, 404}): ProblemOut},
    summary="The evidence certificates issued about a record",
)
def certificates(request: HttpRequest, record_id: str) -> HttpResponse:
    by = asked_by_holder(request, record_id)
    return json_answer({"items": [certificate_out(each) for each in certificates_of(by, record_id)]}, 200)


@router.post(
    "/{record_id}/certificate",
    auth=needs("evidence:write"),
    response={201: CertificateOut, frozenset({400, 401, 403, 404, 409, 422}): ProblemOut},
    summary="Issue an evidence certificate about a record",
)
@once
def issue(request: HttpRequest, record_id: str) -> HttpResponse:
    """What stands in it is fixed now. 409 until the log has published the record."""
    by = asked_by_holder(request, record_id)
    issued = issue_certificate(record_id, by=by, at=now())
    return json_answer(certificate_out(issued), 201)


@router.get(
    "/{record_id}/certificate",
    auth=needs("evidence:read"),
    response={frozenset({401, 403, 404, 409}): ProblemOut},
    summary="An evidence certificate as PDF: the one of that number, or the latest",
    openapi_extra={"responses": {200: {"description": "OK", "content": {PDF.media_type: {}}}}},
)
def certificate(request: HttpRequest, record_id: str, number: str = "") -> HttpResponse:
    """Signed anew each time; what stands in it and what is attached is what was issued. 404 until one was."""
    by = asked_by_holder(request, record_id)
    found = certificate_of(by, record_id, number)
    if found is None:
        raise problems.not_found("No such certificate was issued about this record: POST here to issue one.")
    headers = {
        "Content-Disposition": f'attachment; filename="{found.public_id}{PDF.suffix}"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(file_of(found), content_type=PDF.media_type, headers=headers)
