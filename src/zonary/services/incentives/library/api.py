"""Policy documents over HTTP: parse, call one action or query, answer. Reading needs no token."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from zonary.common import problems
from zonary.common.clock import now, zone_date
from zonary.common.json_answers import json_answer
from zonary.common.json_body import read_json, takes
from zonary.common.pagination import DEFAULT_LIMIT, listing
from zonary.common.plain_text import day_of
from zonary.common.problems import Problem
from zonary.foundation.ledger.repeats import once
from zonary.foundation.organizations.access import asked_by, needs
from zonary.foundation.organizations.schemas import ProblemOut
from zonary.foundation.search.rules import QueryError
from zonary.services.incentives.library import queries
from zonary.services.incentives.library.actions import record_document, record_edition, record_repeal
from zonary.services.incentives.library.models import PolicyDocument
from zonary.services.incentives.library.schemas import (
    DocumentIn,
    DocumentsOut,
    DocumentWholeOut,
    EditionIn,
    EditionTextOut,
    RepealIn,
    document_out,
    text_out,
    whole_out,
)

router = Router(tags=["policy documents"])
ADDRESS = "/api/v1/incentives/documents"
WRITE = needs("incentives:write")
_UNSEEN = frozenset({404, 422})
_REFUSED = frozenset({400, 401, 403, 404, 409, 413, 415, 422})


@router.get("", auth=None, response={200: DocumentsOut, frozenset({422}): ProblemOut}, summary="Policy documents")
def listed(request: HttpRequest, q: str = "", cursor: str = "", limit: int = DEFAULT_LIMIT) -> HttpResponse:
    """The last recorded first; with `q` those that have all its words, each with the paragraph."""
    at = now()
    if not q.strip():
        page = queries.documents(zone_date(at), cursor=cursor, limit=limit)
        return json_answer(listing([document_out(each) for each in page], page.link(ADDRESS, limit=limit)))
    try:
        page = queries.documents_with(None, q, cursor=cursor, limit=limit, at=at, day=zone_date(at))
    except QueryError as error:
        raise Problem(422, "invalid-query", str(error)) from None
    return json_answer(listing([document_out(each) for each in page], page.link(ADDRESS, q=q, limit=limit)))


@router.post(
    "",
    auth=WRITE,
    response={201: DocumentWholeOut, _REFUSED: ProblemOut},
    openapi_extra=takes(DocumentIn),
    summary="Record a policy document with its first edition",
)
@once
def record_new(request: HttpRequest) -> HttpResponse:
    wanted, at = read_json(request.body, request.content_type or "", DocumentIn), now()
    made = record_document(wanted.cover(), wanted.words(), by=asked_by(request), at=at)
    return json_answer(whole_out(made.document, zone_date(at)), 201)


@router.get(
    "/{policy_document}",
    auth=None,
    response={200: DocumentWholeOut, _UNSEEN: ProblemOut},
    summary="A policy document, its editions and what repealed it",
)
def one(request: HttpRequest, policy_document: str) -> HttpResponse:
    return json_answer(whole_out(_found(policy_document), zone_date(now())))


@router.get(
    "/{policy_document}/editions/{number}",
    auth=None,
    response={200: EditionTextOut, _UNSEEN: ProblemOut},
    summary="The words of one edition, with its numbered parts",
)
def edition(request: HttpRequest, policy_document: str, number: int) -> HttpResponse:
    found = queries.edition_of(_found(policy_document), number)
    if found is None:
        raise problems.not_found("There is no such edition of this document.")
    return json_answer(text_out(found))


@router.post(
    "/{policy_document}/editions",
    auth=WRITE,
    response={201: EditionTextOut, _REFUSED: ProblemOut},
    openapi_extra=takes(EditionIn),
    summary="Record what a document says from a day on",
)
@once
def record_next(request: HttpRequest, policy_document: str) -> HttpResponse:
    wanted = read_json(request.body, request.content_type or "", EditionIn)
    return json_answer(text_out(record_edition(policy_document, wanted.words(), by=asked_by(request), at=now())), 201)


@router.post(
    "/{policy_document}/repeals",
    auth=WRITE,
    response={201: DocumentWholeOut, _REFUSED: ProblemOut},
    openapi_extra=takes(RepealIn),
    summary="Record that a document, or articles of it, ceased to be in force",
)
@once
def repeal(request: HttpRequest, policy_document: str) -> HttpResponse:
    wanted, at = read_json(request.body, request.content_type or "", RepealIn), now()
    record_repeal(
        policy_document,
        by_document=wanted.by,
        articles=wanted.articles,
        since=day_of(wanted.since) or zone_date(at),
        reason=wanted.reason,
        by=asked_by(request),
        at=at,
    )
    return json_answer(whole_out(_found(policy_document), zone_date(at)), 201)


def _found(public_id: str) -> PolicyDocument:
    found = queries.document_of(public_id)
    if found is None:
        raise problems.not_found("There is no such policy document.")
    return found
