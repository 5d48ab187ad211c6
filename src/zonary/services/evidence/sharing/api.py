"""Parse, call one action or query, answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from zonary.common import problems
from zonary.common.clock import now
from zonary.common.json_answers import json_answer
from zonary.common.json_body import read_json, takes
from zonary.common.pagination import DEFAULT_LIMIT
from zonary.common.problems import Problem
from zonary.foundation.ledger.repeats import once
from zonary.foundation.organizations.access import asked_by, needs
from zonary.foundation.organizations.standing import Standing
from zonary.proof.stages import Stage
from zonary.services.evidence import queries as evidence
from zonary.services.evidence import tasks
from zonary.services.evidence.asking import asked_by_holder
from zonary.services.evidence.declarations.queries import declarations_of
from zonary.services.evidence.declarations.rules import in_force
from zonary.services.evidence.declarations.schemas import declaration_out, origin_out
from zonary.services.evidence.queries import Receipt
from zonary.services.evidence.schemas import ProblemOut, receipt_out
from zonary.services.evidence.sharing import queries
from zonary.services.evidence.sharing.actions import end_share, erase_record, open_share, share_evidence
from zonary.services.evidence.sharing.models import Share
from zonary.services.evidence.sharing.rules import PACKAGE, PAGE, PROOF
from zonary.services.evidence.sharing.schemas import (
    ErasureIn,
    OpeningsOut,
    SharedOut,
    SharedRecordOut,
    ShareIn,
    ShareOut,
    SharesOut,
    opening_out,
    share_out,
)

router = Router(tags=["evidence"])
SHARED = "/api/v1/evidence/shared"
READ, WRITE = needs("evidence:read"), needs("evidence:write")
_REFUSED = frozenset({401, 403, 404, 409, 410})


@router.get(
    "/shared",
    auth=READ,
    response={200: SharesOut, frozenset({401, 403, 422}): ProblemOut},
    summary="What others share with you, or did",
)
def shared(request: HttpRequest, cursor: str = "", limit: int = DEFAULT_LIMIT) -> HttpResponse:
    page = queries.shared_with(asked_by(request), cursor=cursor, limit=limit)
    return json_answer({"items": [share_out(each) for each in page], "next": page.link(SHARED, limit=limit)})


@router.get(
    "/shared/{evidence_share}",
    auth=READ,
    response={200: SharedOut, _REFUSED: ProblemOut},
    summary="What is shared with you in one go: the ids of its records",
)
def shared_one(request: HttpRequest, evidence_share: str) -> HttpResponse:
    """That you opened it is recorded, and its holder sees it. 410 when it has ended."""
    found = open_share(evidence_share, PAGE, by=asked_by(request), at=now())
    sections = [
        {"name": each.name, "records": [record for record, _said in each.records]}
        for each in queries.shared_sections(found)
    ]
    return json_answer({"share": share_out(found), "title": queries.title_of_thing(found), "sections": sections})


@router.get(
    "/shared/{evidence_share}/records/{record_id}",
    auth=READ,
    response={200: SharedRecordOut, _REFUSED: ProblemOut},
    summary="A record that is shared with you: its receipt, and what its holder declared of it",
)
def shared_record(request: HttpRequest, evidence_share: str, record_id: str) -> HttpResponse:
    found, receipt = _opened(request, evidence_share, record_id, PAGE)
    holder = queries.as_holder(found)
    said = evidence.description_of(holder, record_id)
    declared = in_force(declarations_of(holder, record_id))
    address = f"{SHARED}/{evidence_share}/records/{record_id}"
    return json_answer(
        {
            "title": "" if said is None else said.title,
            "note": "" if said is None else said.note,
            "receipt": receipt_out(receipt, address),
            "declared": [declaration_out(each, later) for each, later in declared],
            "origin": origin_out(evidence.statement_of(receipt)),
        }
    )


@router.get(
    "/shared/{evidence_share}/records/{record_id}/proof",
    auth=READ,
    response={_REFUSED: ProblemOut},
    summary="Proof that a record shared with you is in the log",
    openapi_extra={"responses": {200: {"description": "OK", "content": {"text/plain": {}}}}},
)
def shared_proof(request: HttpRequest, evidence_share: str, record_id: str) -> HttpResponse:
    _found, receipt = _opened(request, evidence_share, record_id, PROOF)
    return HttpResponse(
        evidence.proof_of(receipt), content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
    )


@router.get(
    "/shared/{evidence_share}/records/{record_id}/package",
    auth=READ,
    response={_REFUSED: ProblemOut},
    summary="The package of a record that is shared with you",
    openapi_extra={"responses": {200: {"description": "OK", "content": {"application/vnd.etsi.asic-e+zip": {}}}}},
)
def shared_package(request: HttpRequest, evidence_share: str, record_id: str) -> HttpResponse:
    """409 until the log has published it, and for a record whose statement its holder keeps."""
    _found, receipt = _opened(request, evidence_share, record_id, PACKAGE)
    if receipt.stage is not Stage.PUBLISHED or not receipt.has_package:
        raise Problem(409, "no-package", "This record has no package here yet, or its holder keeps what it is made of.")
    tasks.stamp_evidence(record_id, clock=now)
    made = evidence.package_of(receipt)
    if made is None:
        raise problems.not_found("What this record was made of has been erased.")
    name = f'attachment; filename="{record_id}.zonary"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return HttpResponse(made, content_type="application/vnd.etsi.asic-e+zip", headers=headers)


def _opened(request: HttpRequest, share: str, record: str, what: str) -> tuple[Share, Receipt]:
    """:raises Problem: 404 for what is not shared with whoever asks; nothing is recorded then."""
    by = asked_by(request)
    found = queries.share_with(by, share)
    receipt = None if found is None else queries.shared_receipt(found, record)
    if found is None or (receipt is None and queries.is_open(found, now())):
        raise problems.not_found("There is nothing like this, or it is not shared with you.")
    opened = open_share(share, what, shown=record, by=by, at=now())
    if receipt is None:
        raise problems.not_found("There is nothing like this, or it is not shared with you.")
    return opened, receipt


@router.get(
    "/{record_id}/shares",
    auth=READ,
    response={200: SharesOut, frozenset({401, 403, 404}): ProblemOut},
    summary="With whom your record is shared, or was",
)
def shares(request: HttpRequest, record_id: str) -> HttpResponse:
    return json_answer(
        {"items": [share_out(each) for each in queries.shares_of(asked_by_holder(request, record_id), record_id)]}
    )


@router.post(
    "/{record_id}/shares",
    auth=WRITE,
    response={201: ShareOut, frozenset({400, 401, 403, 404, 409, 413, 415, 422}): ProblemOut},
    openapi_extra=takes(ShareIn),
    summary="Share your record with somebody for a term",
)
@once
def share(request: HttpRequest, record_id: str) -> HttpResponse:
    """409 (`export-notice`) when they are abroad and the export notice was not accepted: nothing is shared then."""
    return share_thing(request, asked_by_holder(request, record_id), queries.RECORD, record_id)


def share_thing(request: HttpRequest, by: Standing, kind: str, thing: str) -> HttpResponse:
    """What a request to share a thing comes to."""
    wanted = read_json(request.body, request.content_type or "", ShareIn)
    made, secret = share_evidence(
        kind, thing, grantee=wanted.grantee, name=wanted.name, until=wanted.last_day(), receiver=wanted.receiver(),
        notice=wanted.export_notice, by=by, at=now(),
    )  # fmt: skip
    return json_answer(share_out(made, secret), 201)


@router.api_operation(
    ["DELETE"],
    "/{record_id}/shares/{own_share}",
    auth=WRITE,
    response={204: None, frozenset({401, 403, 404}): ProblemOut},
    summary="Stop sharing your record",
)
@once
def unshare(request: HttpRequest, record_id: str, own_share: str) -> HttpResponse:
    return unshare_thing(asked_by_holder(request, record_id), record_id, own_share)


def unshare_thing(by: Standing, thing: str, share: str) -> HttpResponse:
    """Stop sharing a thing.

    :raises Problem: 404 when it is no share of it.
    """
    found = queries.own_share(by, share)
    if found is None or str(found.thing) != thing:
        raise problems.not_found("There is no such share of yours, or it has ended.")
    end_share(share, by=by, at=now())
    return HttpResponse(status=204)


@router.get(
    "/{record_id}/openings",
    auth=READ,
    response={200: OpeningsOut, frozenset({401, 403, 404}): ProblemOut},
    summary="Who opened your shared record",
)
def openings(request: HttpRequest, record_id: str) -> HttpResponse:
    return json_answer(
        {"items": [opening_out(each) for each in queries.openings_of(asked_by_holder(request, record_id), record_id)]}
    )


@router.post(
    "/{record_id}/erasure",
    auth=WRITE,
    response={204: None, frozenset({400, 401, 403, 404, 413, 415, 422}): ProblemOut},
    openapi_extra=takes(ErasureIn),
    summary="Erase your record, and all that was declared of it",
)
@once
def erase(request: HttpRequest, record_id: str) -> HttpResponse:
    """Its leaf stays in the log, and says nothing any more."""
    by = asked_by_holder(request, record_id)
    wanted = read_json(request.body, request.content_type or "", ErasureIn)
    erase_record(record_id, reason=wanted.reason, by=by, at=now())
    return HttpResponse(status=204)
