"""Parse, call one action or query, answer. What is released is anybody's to read; drafts are the officers'."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from zonary.common import problems
from zonary.common.clock import now, zone_date
from zonary.common.json_answers import json_answer
from zonary.common.json_body import JSON, read_json, takes
from zonary.common.pagination import DEFAULT_LIMIT, listing, paginate
from zonary.foundation.ledger.repeats import once
from zonary.foundation.organizations.access import asked_by, count, needs
from zonary.foundation.rules import actions, queries, schemas
from zonary.foundation.rules.findings import findings_in
from zonary.foundation.rules.handing_out import released_bytes
from zonary.foundation.rules.offered import offered_packs
from zonary.foundation.rules.permissions import READ, WRITE
from zonary.foundation.rules.schemas import ReleasesOut

router = Router(tags=["rules"])
ADDRESS = "/api/v1/rules"
_READ, _WRITE = needs(READ), needs(WRITE)
_PACK = {"requestBody": {"required": True, "content": {JSON: {"schema": {"type": "object"}}}}}


def _answers(status: int, schema: Any) -> dict[Any, Any]:
    return {status: schema, frozenset({400, 401, 403, 404, 409, 413, 415, 422}): dict[str, Any]}


@router.get("/packs", auth=None, response=_answers(200, ReleasesOut), summary="The rule packs that decide now")
def packs(request: HttpRequest, cursor: str = "", limit: int = DEFAULT_LIMIT) -> HttpResponse:
    """Of each its latest release. Without signing in: whoever is decided by a rule may read it."""
    count(request, "address")
    page = paginate(queries.latest_releases().select_related("draft"), "-id", cursor=cursor, limit=limit)
    found = [schemas.release_out(each) for each in page]
    return json_answer(listing(found, page.link(f"{ADDRESS}/packs", limit=limit)))


@router.get(
    "/packs/{pack}/releases", auth=None, response=_answers(200, ReleasesOut), summary="Every release of a rule pack"
)
def releases(request: HttpRequest, pack: str, cursor: str = "", limit: int = DEFAULT_LIMIT) -> HttpResponse:
    count(request, "address")
    rows = queries.releases_of(pack).select_related("draft")
    if not rows.exists():
        raise problems.not_found("There is no such release of a rule pack.")
    page = paginate(rows, "-id", cursor=cursor, limit=limit)
    found = [schemas.release_out(each) for each in page]
    return json_answer(listing(found, page.link(f"{ADDRESS}/packs/{pack}/releases", limit=limit)))


@router.get(
    "/packs/{pack}/releases/{number}",
    auth=None,
    response=_answers(200, dict[str, Any]),
    summary="A released rule pack, byte for byte",
)
def release(request: HttpRequest, pack: str, number: str) -> HttpResponse:
    """Its canonical JSON (RFC 8785). `ETag` is the SHA-256 of these bytes, which the receipt of the release names."""
    count(request, "address")
    return released_bytes(request, pack, number)


@router.get("/drafts", auth=_READ, response=_answers(200, dict[str, Any]), summary="Drafts of rule packs, for officers")
def drafts(request: HttpRequest, cursor: str = "", limit: int = DEFAULT_LIMIT) -> HttpResponse:
    page = paginate(queries.drafts(asked_by(request)).defer("content"), "-id", cursor=cursor, limit=limit)
    found = [schemas.draft_out(each) for each in page]
    return json_answer(listing(found, page.link(f"{ADDRESS}/drafts", limit=limit)))


@router.post(
    "/drafts", auth=_WRITE, response=_answers(201, dict[str, Any]), openapi_extra=_PACK, summary="Propose a rule pack"
)
@once
def propose(request: HttpRequest, note: str = "") -> HttpResponse:
    """The body is the pack itself (`zonary-rules/1`), at most 4 MiB; `note` says what changes."""
    if request.content_type != JSON:
        raise problems.wrong_content_type(JSON)
    made = actions.propose_pack(request.body, note=note, by=asked_by(request), at=now())
    return json_answer(schemas.draft_out(made), 201)


@router.get("/drafts/{draft_id}", auth=_READ, response=_answers(200, dict[str, Any]), summary="A draft, its findings")
def draft(request: HttpRequest, draft_id: str) -> HttpResponse:
    found = queries.draft_of(asked_by(request), draft_id)
    return json_answer(schemas.whole_draft_out(found, findings_in(found.content, zone_date(now()))))


@router.post(
    "/drafts/{draft_id}/reviews",
    auth=_WRITE,
    response=_answers(201, dict[str, Any]),
    openapi_extra=takes(schemas.ReviewIn),
    summary="Record the fair-competition review of exactly this draft",
)
@once
def review(request: HttpRequest, draft_id: str) -> HttpResponse:
    wanted = read_json(request.body, request.content_type or "", schemas.ReviewIn)
    made = actions.record_fair_competition_review(
        draft_id,
        conclusion=wanted.conclusion,
        grounds=wanted.grounds,
        document=wanted.document,
        by=asked_by(request),
        at=now(),
    )
    return json_answer(schemas.review_out(made), 201)


@router.post(
    "/drafts/{draft_id}/release",
    auth=_WRITE,
    response=_answers(201, dict[str, Any]),
    summary="Release a draft that another officer proposed",
)
@once
def release_draft(request: HttpRequest, draft_id: str) -> HttpResponse:
    made = actions.release_pack(draft_id, by=asked_by(request), at=now())
    return json_answer(schemas.release_out(made), 201)


@router.post(
    "/drafts/{draft_id}/withdraw",
    auth=_WRITE,
    response=_answers(200, dict[str, Any]),
    openapi_extra=takes(schemas.ReasonIn),
    summary="Withdraw a draft that nobody has released",
)
@once
def withdraw(request: HttpRequest, draft_id: str) -> HttpResponse:
    wanted = read_json(request.body, request.content_type or "", schemas.ReasonIn)
    made = actions.withdraw_pack(draft_id, reason=wanted.reason, by=asked_by(request), at=now())
    return json_answer(schemas.draft_out(made))


@router.get(
    "/shipped", auth=_READ, response=_answers(200, dict[str, Any]), summary="Rule packs that come with the program"
)
def shipped(request: HttpRequest) -> HttpResponse:
    queries.drafts(asked_by(request))  # for officers, as drafts are
    return json_answer(listing([schemas.offered_out(each) for each in offered_packs()], None))


@router.post(
    "/shipped/{pack}/take-up",
    auth=_WRITE,
    response=_answers(201, dict[str, Any]),
    openapi_extra=takes(schemas.NoteIn),
    summary="Propose a rule pack that comes with the program",
)
@once
def take_up(request: HttpRequest, pack: str) -> HttpResponse:
    wanted = read_json(request.body, request.content_type or "", schemas.NoteIn)
    made = actions.take_up_pack(pack, note=wanted.note, by=asked_by(request), at=now())
    return json_answer(schemas.draft_out(made), 201)
