"""Parse, call one action or query, answer."""

from __future__ import annotations

import uuid
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Router

from zonary.common import problems
from zonary.common.clock import now
from zonary.common.json_body import JSON, Body, inlined, read_json
from zonary.common.pagination import DEFAULT_LIMIT
from zonary.common.problems import Problem
from zonary.foundation.ledger.repeats import once
from zonary.foundation.organizations.access import needs
from zonary.foundation.organizations.standing import Standing
from zonary.proof.digests import digest_from_hex
from zonary.proof.errors import MalformedError
from zonary.proof.stages import Stage
from zonary.services.evidence import queries, tasks
from zonary.services.evidence.actions import describe_evidence, register_described, register_evidence
from zonary.services.evidence.queries import Receipt
from zonary.services.evidence.rules import Kind
from zonary.services.evidence.schemas import (
    BatchIn,
    BatchOut,
    DescribedListOut,
    DescribedOut,
    DescriptionIn,
    FoundOut,
    ProblemOut,
    ReceiptOut,
    RegistrationIn,
    batch_out,
    described_out,
    receipt_out,
)

router = Router(tags=["evidence"])

ADDRESS = "/api/v1/evidence"
PROOF = "text/plain; charset=utf-8"
PACKAGE = "application/vnd.etsi.asic-e+zip"


def _takes(schema: type[Body]) -> dict[str, Any]:
    """The body of an operation for OpenAPI; it is parsed by read_json, not by ninja, which would parse it twice."""
    return {"requestBody": {"required": True, "content": {JSON: {"schema": inlined(schema)}}}}


@router.post(
    "",
    auth=needs("evidence:write"),
    response={201: ReceiptOut, 200: ReceiptOut, frozenset({400, 401, 403, 409, 413, 415, 422}): ProblemOut},
    openapi_extra=_takes(RegistrationIn),
    summary="Register one piece of evidence",
)
def register(request: HttpRequest) -> HttpResponse:
    """201 with its receipt; 200 when the same was registered before under the same idempotency key."""
    by, at = _actor(request), now()
    given = read_json(request.body, request.content_type or "", RegistrationIn)
    if given.description is None:
        registered = register_evidence(given.registrations(), by=by, at=at)
    else:
        registered = register_described(given.registrations(), given.description.description(), by=by, at=at)
    public_id = registered.public_ids[0]
    tasks.stamp_evidence(public_id, clock=lambda: at)
    return _receipt(_mine(by, public_id), 201 if registered.is_new else 200)


@router.post(
    "/batch",
    auth=needs("evidence:write"),
    response={201: BatchOut, 200: BatchOut, frozenset({400, 401, 403, 409, 413, 415, 422}): ProblemOut},
    openapi_extra=_takes(BatchIn),
    summary="Register up to 10,000 pieces of evidence, all or none",
)
def register_batch(request: HttpRequest) -> HttpResponse:
    """Short receipts in the order of the items; ask for the full one by its id. 200 when all was registered before."""
    by = _actor(request)
    wanted = read_json(request.body, request.content_type or "", BatchIn).registrations()
    registered = register_evidence(wanted, by=by, at=now())
    return _json(batch_out(registered), 201 if registered.is_new else 200)


@router.get(
    "",
    auth=needs("evidence:read"),
    response={200: FoundOut, frozenset({401, 403, 422}): ProblemOut},
    summary="Your own records of a digest, newest first",
)
def find(request: HttpRequest, sha256: str | None = None, sm3: str | None = None) -> HttpResponse:
    """Give exactly one of the two digests."""
    if (sha256 is None) == (sm3 is None):
        raise Problem(422, "invalid", "Give exactly one of sha256 and sm3.")
    try:
        if sha256 is not None:
            found = queries.find_by_digest(_actor(request), "sha256", digest_from_hex(sha256, "SHA-256"))
        else:
            found = queries.find_by_digest(_actor(request), "sm3", digest_from_hex(sm3, "SM3"))
    except MalformedError as error:
        raise Problem(422, "invalid", str(error)) from None
    return _json({"items": [receipt_out(each, _address(each)) for each in found]}, 200)


@router.get(
    "/described",
    auth=needs("evidence:read"),
    response={200: DescribedListOut, frozenset({401, 403, 422}): ProblemOut},
    summary="Your records that have a title, newest first",
)
def described(request: HttpRequest, cursor: str = "", limit: int = DEFAULT_LIMIT) -> HttpResponse:
    page = queries.described(_actor(request), cursor=cursor, limit=limit)
    items = [described_out(each, f"{ADDRESS}/{each.public_id}") for each in page]
    return _json({"items": items, "next": page.link(f"{ADDRESS}/described", limit=limit)}, 200)


@router.get(
    "/{record_id}/description",
    auth=needs("evidence:read"),
    response={200: DescribedOut, frozenset({401, 403, 404}): ProblemOut},
    summary="What one of your records is called",
)
def description(request: HttpRequest, record_id: str) -> HttpResponse:
    """404 also when it was never described."""
    by = _actor(request)
    record = _mine(by, record_id)
    known = queries.description_of(by, record.public_id)
    if known is None:
        raise problems.not_found("This record has no title yet: PUT one here.")
    return _json(described_out(known, _address(record)), 200)


@router.put(
    "/{record_id}/description",
    auth=needs("evidence:write"),
    response={200: DescribedOut, frozenset({400, 401, 403, 404, 413, 415, 422}): ProblemOut},
    openapi_extra=_takes(DescriptionIn),
    summary="Say what a record is called",
)
@once
def describe(request: HttpRequest, record_id: str) -> HttpResponse:
    by = _actor(request)
    record = _mine(by, record_id)
    wanted = read_json(request.body, request.content_type or "", DescriptionIn).description()
    saved = describe_evidence(record.public_id, wanted, by=by, at=now())
    return _json(described_out(saved, _address(record)), 200)


@router.get(
    "/{record_id}",
    auth=needs("evidence:read"),
    response={200: ReceiptOut, frozenset({401, 403, 404}): ProblemOut},
    summary="The receipt of one of your records",
)
def receipt(request: HttpRequest, record_id: str) -> HttpResponse:
    return _receipt(_mine(_actor(request), record_id), 200)


@router.get(
    "/{record_id}/proof",
    auth=needs("evidence:read"),
    response={frozenset({401, 403, 404, 409}): ProblemOut},
    summary="Proof that the record is in the log (C2SP tlog-proof)",
    openapi_extra={"responses": {200: {"description": "OK", "content": {"text/plain": {}}}}},
)
def proof(request: HttpRequest, record_id: str) -> HttpResponse:
    """409 until the log has published it: ask again in a moment."""
    record = _mine(_actor(request), record_id)
    _require_published(record)
    return HttpResponse(queries.proof_of(record), content_type=PROOF, headers={"Cache-Control": "no-store"})


@router.get(
    "/{record_id}/package",
    auth=needs("evidence:read"),
    response={frozenset({401, 403, 404, 409}): ProblemOut},
    summary="The evidence package of a record of the kind “digest”",
    openapi_extra={"responses": {200: {"description": "OK", "content": {PACKAGE: {}}}}},
)
def package(request: HttpRequest, record_id: str) -> HttpResponse:
    """409 until the log has published it, and for a record whose statement you keep yourself."""
    record = _mine(_actor(request), record_id)
    if record.kind is not Kind.DIGEST:
        detail = "Only you have the statement of this record, so only you can make its package: zonary seal does."
        raise Problem(409, "no-package", detail)
    _require_published(record)
    tasks.stamp_evidence(record.public_id, clock=now)
    made = queries.package_of(record)
    if made is None:
        raise problems.not_found("What this record was made of has been erased.")
    name = f'attachment; filename="{record.public_id}.zonary"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return HttpResponse(made, content_type=PACKAGE, headers=headers)


def _actor(request: HttpRequest) -> Standing:
    by: Standing = request.auth  # type: ignore[attr-defined]  # set by ninja: see organizations.access
    return by


def _mine(by: Standing, record_id: str) -> Receipt:
    try:
        wanted = str(uuid.UUID(record_id))
    except ValueError:
        wanted = ""
    found = queries.find_receipt(by, wanted) if wanted == record_id else None
    if found is None:
        raise problems.not_found("There is no such record, or it is not yours.")
    return found


def _require_published(record: Receipt) -> None:
    if record.stage is not Stage.PUBLISHED:
        detail = "The log has not published this record yet; ask again in a moment."
        raise Problem(409, "not-yet-published", detail, {"Retry-After": "1"})


def _address(record: Receipt) -> str:
    return f"{ADDRESS}/{record.public_id}"


def _receipt(record: Receipt, status: int) -> HttpResponse:
    return _json(receipt_out(record, _address(record)), status)


def _json(value: object, status: int) -> HttpResponse:
    body = msgspec.json.encode(value)
    return HttpResponse(body, status=status, content_type=JSON, headers={"Cache-Control": "no-store"})
