"""Parse, call one action or query, answer."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Router

from zonary.common import problems
from zonary.common.clock import now
from zonary.common.json_answers import json_answer
from zonary.common.json_body import read_json, takes
from zonary.common.pagination import DEFAULT_LIMIT
from zonary.common.problems import Problem
from zonary.foundation.ledger.batching import batching
from zonary.foundation.ledger.repeats import once
from zonary.foundation.organizations.access import asked_by, needs
from zonary.foundation.organizations.standing import Standing
from zonary.proof.digests import digest_from_hex
from zonary.proof.errors import MalformedError
from zonary.proof.stages import Stage
from zonary.services.evidence import queries, tasks
from zonary.services.evidence.actions import describe_evidence, keep_material, register_described, register_evidence
from zonary.services.evidence.dossiers.queries import records_in
from zonary.services.evidence.queries import Receipt
from zonary.services.evidence.rules import Kind, read_material
from zonary.services.evidence.schemas import (
    BatchIn,
    BatchOut,
    DescribedListOut,
    DescribedOut,
    DescriptionIn,
    FoundOut,
    PartsOut,
    ProblemOut,
    ReceiptOut,
    RegistrationIn,
    asked_for,
    batch_out,
    described_out,
    parts_out,
    receipt_out,
)
from zonary.services.evidence.schemas.further import FurtherOut, further_out
from zonary.services.evidence.tokens import further_over

router = Router(tags=["evidence"])

ADDRESS = "/api/v1/evidence"
LINES = "application/jsonl"
PROOF = "text/plain; charset=utf-8"
PACKAGE = "application/vnd.etsi.asic-e+zip"


@router.post(
    "",
    auth=needs("evidence:write"),
    response={201: ReceiptOut, 200: ReceiptOut, frozenset({400, 401, 403, 409, 413, 415, 422}): ProblemOut},
    openapi_extra=takes(RegistrationIn),
    summary="Register one piece of evidence",
)
def register(request: HttpRequest) -> HttpResponse:
    """201 with its receipt; 200 when the same was registered before under the same idempotency key."""
    by, at = asked_by(request), now()
    given = read_json(request.body, request.content_type or "", RegistrationIn)
    if given.description is None:
        registered = register_evidence(given.registrations(), by=by, at=at)
    else:
        registered = register_described(given.registrations(), given.description.description(), by=by, at=at)
    public_id = registered.public_ids[0]
    if given.digest is not None:
        tasks.stamp_evidence(public_id, clock=lambda: at)
    else:  # whoever made a statement gets its own tokens when the package is to be made
        tasks.want_further(public_id, clock=lambda: at, own_too=True)
    return _receipt(_mine(by, public_id), 201 if registered.is_new else 200)


@router.post(
    "/batch",
    auth=needs("evidence:write"),
    response={201: BatchOut, 200: BatchOut, frozenset({400, 401, 403, 409, 413, 415, 422}): ProblemOut},
    openapi_extra=takes(BatchIn),
    summary="Register up to 10,000 pieces of evidence, all or none",
)
def register_batch(request: HttpRequest) -> HttpResponse:
    """Short receipts in the order of the items; ask for the full one by its id. 200 when all was registered before."""
    by = asked_by(request)
    wanted = read_json(request.body, request.content_type or "", BatchIn).registrations()
    registered = register_evidence(wanted, by=by, at=now())
    return json_answer(batch_out(registered), 201 if registered.is_new else 200)


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
            found = queries.find_by_digest(asked_by(request), "sha256", digest_from_hex(sha256, "SHA-256"))
        else:
            found = queries.find_by_digest(asked_by(request), "sm3", digest_from_hex(sm3, "SM3"))
    except MalformedError as error:
        raise Problem(422, "invalid", str(error)) from None
    return json_answer({"items": [receipt_out(each, _address(each)) for each in found]}, 200)


@router.get(
    "/described",
    auth=needs("evidence:read"),
    response={200: DescribedListOut, frozenset({401, 403, 422}): ProblemOut},
    summary="Your records that have a title, newest first",
)
def described(
    request: HttpRequest,
    q: str = "",
    subject: str = "",
    since: str = "",
    until: str = "",
    dossier: str = "",
    cursor: str = "",
    limit: int = DEFAULT_LIMIT,
) -> HttpResponse:
    """Those with all words of `q` in their title, of one subject, recorded from the day `since` to the day `until`,
    in the dossier of that id.

    Words are looked for in 10,000 titles at a time: a page with none may have one after it.
    """
    asked = {"q": q, "subject": subject, "since": since, "until": until}
    wanted = asked_for(**asked, among=records_in(asked_by(request), dossier) if dossier else None)
    page = queries.described(asked_by(request), wanted, cursor=cursor, limit=limit)
    items = [described_out(each, f"{ADDRESS}/{each.public_id}") for each in page]
    same = {name: value for name, value in {**asked, "dossier": dossier}.items() if value}
    return json_answer({"items": items, "next": page.link(f"{ADDRESS}/described", **same, limit=limit)}, 200)


@router.get(
    "/{record_id}/description",
    auth=needs("evidence:read"),
    response={200: DescribedOut, frozenset({401, 403, 404}): ProblemOut},
    summary="What one of your records is called",
)
def description(request: HttpRequest, record_id: str) -> HttpResponse:
    """404 also when it was never described."""
    by = asked_by(request)
    record = _mine(by, record_id)
    known = queries.description_of(by, record.public_id)
    if known is None:
        raise problems.not_found("This record has no title yet: PUT one here.")
    return json_answer(described_out(known, _address(record)), 200)


@router.put(
    "/{record_id}/description",
    auth=needs("evidence:write"),
    response={200: DescribedOut, frozenset({400, 401, 403, 404, 413, 415, 422}): ProblemOut},
    openapi_extra=takes(DescriptionIn),
    summary="Say what a record is called",
)
@once
def describe(request: HttpRequest, record_id: str) -> HttpResponse:
    by = asked_by(request)
    record = _mine(by, record_id)
    wanted = read_json(request.body, request.content_type or "", DescriptionIn).description()
    saved = describe_evidence(record.public_id, wanted, by=by, at=now())
    return json_answer(described_out(saved, _address(record)), 200)


@router.get(
    "/{record_id}",
    auth=needs("evidence:read"),
    response={200: ReceiptOut, frozenset({401, 403, 404}): ProblemOut},
    summary="The receipt of one of your records",
)
def receipt(request: HttpRequest, record_id: str) -> HttpResponse:
    return _receipt(_mine(asked_by(request), record_id), 200)


@router.get(
    "/{record_id}/proof",
    auth=needs("evidence:read"),
    response={frozenset({401, 403, 404, 409}): ProblemOut},
    summary="Proof that the record is in the log (C2SP tlog-proof)",
    openapi_extra={"responses": {200: {"description": "OK", "content": {"text/plain": {}}}}},
)
def proof(request: HttpRequest, record_id: str) -> HttpResponse:
    """409 until the log has published it: ask again in a moment."""
    record = _mine(asked_by(request), record_id)
    _require_published(record)
    return HttpResponse(queries.proof_of(record), content_type=PROOF, headers={"Cache-Control": "no-store"})


@router.get(
    "/{record_id}/package",
    auth=needs("evidence:read"),
    response={frozenset({401, 403, 404, 409}): ProblemOut},
    summary="The evidence package of a record whose statement is here",
    openapi_extra={"responses": {200: {"description": "OK", "content": {PACKAGE: {}}}}},
)
def package(request: HttpRequest, record_id: str) -> HttpResponse:
    """409 until the log has published it, and for a record whose statement you keep yourself."""
    record = _mine(asked_by(request), record_id)
    if not record.has_package:
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


@router.get(
    "/{record_id}/parts",
    auth=needs("evidence:read"),
    response={200: PartsOut, frozenset({401, 403, 404, 409}): ProblemOut},
    summary="What goes into a package beside the statement and list that you keep yourself",
)
def parts(request: HttpRequest, record_id: str) -> HttpResponse:
    """Members of the package by name, in base64 and in their order. 409 until the log has published the record."""
    record = _mine(asked_by(request), record_id)
    _require_published(record)
    tasks.stamp_evidence(record.public_id, clock=now)
    found = queries.parts_of(record)
    if found is None or record.kind is not Kind.STATEMENT:
        raise problems.not_found("The package of this record is made here: ask for that.")
    return json_answer(parts_out(found, record.digests.sha256), 200)


@router.put(
    "/{record_id}/material",
    auth=needs("evidence:write"),
    response={200: ReceiptOut, frozenset({400, 401, 403, 404, 413, 415, 422}): ProblemOut},
    openapi_extra={"requestBody": {"required": True, "content": {LINES: {"schema": {"type": "string"}}}}},
    summary="Keep here what a statement was made of",
)
@once
def keep(request: HttpRequest, record_id: str) -> HttpResponse:
    """The statement in the first line, the lines of its manifest after it. The package can then be had here."""
    by, at = asked_by(request), now()
    record = _mine(by, record_id)
    if request.content_type != LINES:
        raise problems.wrong_content_type(LINES)
    if record.kind is not Kind.STATEMENT:
        raise Problem(422, "invalid", "The server made the statement of this record itself, and keeps it.")
    keep_material(record.public_id, read_material(request.body, record.digests), by=by, at=at)
    tasks.stamp_evidence(record.public_id, clock=lambda: at)
    return _receipt(_mine(by, record.public_id), 200)


@router.get(
    "/timestamps/{statement}",
    auth=None,
    response={200: FurtherOut, frozenset({403, 404, 422}): ProblemOut},
    summary="Timestamps that other authorities have given for a statement since",
)
def timestamps(request: HttpRequest, statement: str) -> HttpResponse:
    """By the SHA-256 of `statement.json`, without signing in: a token says no more than that the digest existed.

    403 where the zone publishes its log in batches: a token's time would tell strangers when its record was made.
    """
    if batching() is not None:
        detail = "This zone does not tell strangers when records were made. Their holders fetch the package anew."
        raise Problem(403, "not-told", detail)
    try:
        digest = digest_from_hex(statement, "SHA-256")
    except MalformedError as error:
        raise Problem(422, "invalid", str(error)) from None
    found = further_over(digest)
    if found is None:
        raise problems.not_found("No other timestamp authority was asked about this statement here.")
    return json_answer(further_out(*found), 200)


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
    return json_answer(receipt_out(record, _address(record)), status)
