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
from zonary.services.evidence.certificates.contents import WHOLE, Shown
from zonary.services.evidence.certificates.making import PDF, file_of
from zonary.services.evidence.certificates.many import issued_files, require_certifiable
from zonary.services.evidence.certificates.queries import certificate_of, certificates_of
from zonary.services.evidence.certificates.schemas import (
    CertificateIn,
    CertificateOut,
    CertificatesIn,
    CertificatesOut,
    certificate_out,
)
from zonary.services.evidence.schemas import ProblemOut

router = Router(tags=["evidence"])

ZIP = "application/zip"
PACKAGE = "application/vnd.etsi.asic-e+zip"


@router.post(
    "/certificates",
    auth=needs("evidence:write"),
    response={frozenset({400, 401, 403, 404, 409, 413, 415, 422, 429}): ProblemOut},
    openapi_extra={**takes(CertificatesIn), "responses": {200: {"description": "OK", "content": {ZIP: {}}}}},
    summary="Issue evidence certificates about up to 1,000 of your records, and fetch them as a ZIP file",
)
def issue_many(request: HttpRequest) -> HttpResponse:
    """All are looked at before the first byte comes; each is issued and made as it is sent, and stays to be fetched.

    429 when they are more than the zone issues to one holder in a day.
    """
    by = asked_by(request)
    asked = read_json(request.body, request.content_type or "", CertificatesIn)
    wanted = require_certifiable(asked.wanted(), by=by, at=now())
    headers = {"Content-Disposition": 'attachment; filename="certificates.zip"', "Cache-Control": "no-store"}
    pieces = issued_files(wanted, by=by, clock=now)
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
    response={201: CertificateOut, frozenset({400, 401, 403, 404, 409, 413, 415, 422, 429}): ProblemOut},
    openapi_extra={
        "requestBody": {
            "required": False,
            "content": {
                **takes(CertificateIn)["requestBody"]["content"],
                PACKAGE: {"schema": {"type": "string", "format": "binary"}},
            },
        }
    },
    summary="Issue an evidence certificate about a record, or about some of its files",
)
@once
def issue(request: HttpRequest, record_id: str) -> HttpResponse:
    """What stands in it is fixed now. 409 until the log has published the record.

    Without a body it is about the whole record. With `files` it shows these alone. Of a record whose list you keep
    yourself, send a disclosure made by `zonary disclose`. 429 when the zone issues no more to one holder today.
    """
    by = asked_by_holder(request, record_id)
    issued = issue_certificate(record_id, shown=_shown(request), by=by, at=now())
    return json_answer(certificate_out(issued), 201)


def _shown(request: HttpRequest) -> Shown:
    """What a request wants to be shown of a record.

    :raises Problem: as :func:`~zonary.common.json_body.read_json` does.
    """
    if not request.body:
        return WHOLE
    if request.content_type == PACKAGE:
        return Shown(disclosure=request.body)
    return read_json(request.body, request.content_type or "", CertificateIn).shown()


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
