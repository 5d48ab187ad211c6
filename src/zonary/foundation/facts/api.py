"""Parse, call one action or query, answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import AwareDatetime

from zonary.common import problems
from zonary.common.clock import now
from zonary.common.json_answers import json_answer
from zonary.common.json_body import read_json, takes
from zonary.common.pagination import DEFAULT_LIMIT, listing, paginate
from zonary.common.problems import Problem
from zonary.foundation.facts import actions, queries, schemas
from zonary.foundation.facts.actions.importing import ImportRow
from zonary.foundation.facts.indicators import INDICATORS, PURPOSES
from zonary.foundation.facts.rules import read_day
from zonary.foundation.facts.schemas import FactOut, FactsOut, ItemsOut
from zonary.foundation.ledger.repeats import once
from zonary.foundation.organizations.access import asked_by, needs
from zonary.foundation.organizations.standing import Standing

router = Router(tags=["facts"])
ADDRESS = "/api/v1/facts"
_READ, _WRITE = needs("facts:read"), needs("facts:write")
_YEARS = range(1900, 9999)


def _answers(status: int, schema: Any) -> dict[Any, Any]:
    return {status: schema, frozenset({400, 401, 403, 404, 409, 413, 415, 422}): dict[str, Any]}


@router.get("", auth=_READ, response=_answers(200, FactsOut), summary="Facts about your own enterprise")
def own(
    request: HttpRequest,
    valid_on: date | None = None,
    known_at: AwareDatetime | None = None,
    cursor: str = "",
    limit: int = DEFAULT_LIMIT,
) -> HttpResponse:
    """All, newest first; with `valid_on` those about that day, as they were known at `known_at` (now without)."""
    by, at = _standing(request), now()
    if valid_on is not None or known_at is not None:
        known = known_at or at
        if known.year not in _YEARS:
            raise Problem(422, "invalid", "known_at is no moment anything was known at.")
        day = valid_on or known.date()
        found = queries.facts_as_of(by, by.organisation, valid_on=day, known_at=known)
        return json_answer(listing([schemas.fact_out(fact) for fact in found], None))
    page = paginate(queries.own_facts(by), "-id", cursor=cursor, limit=limit)
    return json_answer(listing([schemas.fact_out(fact) for fact in page], page.link(ADDRESS, limit=limit)))


@router.get("/dictionary", auth=_READ, response=_answers(200, dict[str, Any]), summary="Indicators and purposes")
def dictionary(request: HttpRequest) -> HttpResponse:
    names = ("code", "chinese", "english", "type", "unit", "citation", "is_personal")
    indicators = [{name: getattr(each, name) for name in names} | {"units": each.units} for each in INDICATORS.values()]
    purposes = [{"code": code, "chinese": name[0], "english": name[1]} for code, name in PURPOSES.items()]
    return json_answer({"indicators": indicators, "purposes": purposes})


@router.post(
    "", auth=_WRITE, response=_answers(201, FactOut), openapi_extra=takes(schemas.FactIn), summary="State a fact"
)
@once
def state(request: HttpRequest) -> HttpResponse:
    wanted, by, at = _body(request, schemas.FactIn), _standing(request), now()
    if wanted.subject:
        kind = wanted.source_kind
        made = actions.record_fact(wanted.subject, wanted.claim.claim(), source_kind=kind, by=by, at=at)
    else:
        made = actions.declare_fact(wanted.claim.claim(), by=by, at=at)
    return json_answer(schemas.fact_out(made), 201)


@router.post(
    "/import",
    auth=_WRITE,
    response=_answers(200, dict[str, Any]),
    openapi_extra=takes(schemas.ImportIn),
    summary="Record many facts about many enterprises",
)
@once
def import_many(request: HttpRequest) -> HttpResponse:
    wanted = _body(request, schemas.ImportIn)
    rows = [ImportRow(number, row.uscc, row.claim.claim()) for number, row in enumerate(wanted.items, 1)]
    done = actions.import_facts(
        rows,
        source=wanted.source,
        sharing_basis=wanted.sharing_basis,
        consent_not_needed=wanted.consent_not_needed,
        by=_standing(request),
        at=now(),
    )
    return json_answer(schemas.imported_out(done))


@router.get("/disputes", auth=_READ, response=_answers(200, ItemsOut), summary="Your disputes; for officers all")
def disputes(request: HttpRequest, cursor: str = "", limit: int = DEFAULT_LIMIT) -> HttpResponse:
    return _page(queries.disputes(_standing(request)), schemas.dispute_out, "/disputes", cursor, limit)


@router.post(
    "/disputes/{dispute_id}/answer",
    auth=_WRITE,
    response=_answers(200, dict[str, Any]),
    openapi_extra=takes(schemas.AnswerIn),
    summary="Answer a dispute, as an officer who did not record the fact",
)
@once
def answer(request: HttpRequest, dispute_id: str) -> HttpResponse:
    wanted = _body(request, schemas.AnswerIn)
    if wanted.outcome not in ("upheld", "rejected"):
        raise Problem(422, "invalid", "The outcome is “upheld” or “rejected”.")
    answered = actions.answer_dispute(
        dispute_id,
        is_upheld=wanted.outcome == "upheld",
        answer=wanted.answer,
        claim=wanted.claim.claim() if wanted.claim else None,
        by=_standing(request),
        at=now(),
    )
    return json_answer(schemas.dispute_out(answered))


@router.get("/consents", auth=_READ, response=_answers(200, ItemsOut), summary="What your enterprise agreed to")
def consents(request: HttpRequest, cursor: str = "", limit: int = DEFAULT_LIMIT) -> HttpResponse:
    return _page(queries.consents(_standing(request)), schemas.consent_out, "/consents", cursor, limit)


@router.post(
    "/consents",
    auth=_WRITE,
    response=_answers(201, dict[str, Any]),
    openapi_extra=takes(schemas.ConsentIn),
    summary="Agree to facts being recorded and read",
)
@once
def agree(request: HttpRequest) -> HttpResponse:
    wanted = _body(request, schemas.ConsentIn)
    given = actions.give_consent(
        indicators=wanted.indicators,
        purposes=wanted.purposes,
        until=read_day(wanted.until) if wanted.until else None,
        by=_standing(request),
        at=now(),
    )
    return json_answer(schemas.consent_out(given), 201)


@router.post(
    "/consents/{consent_id}/withdraw",
    auth=_WRITE,
    response=_answers(204, None),
    openapi_extra=takes(schemas.ReasonIn),
    summary="Withdraw a consent",
)
@once
def withdraw(request: HttpRequest, consent_id: str) -> HttpResponse:
    wanted = _body(request, schemas.ReasonIn)
    actions.withdraw_consent(consent_id, reason=wanted.reason, by=_standing(request), at=now())
    return HttpResponse(status=204)


@router.get("/shares", auth=_READ, response=_answers(200, ItemsOut), summary="To whom you handed your profile")
def shares(request: HttpRequest, cursor: str = "", limit: int = DEFAULT_LIMIT) -> HttpResponse:
    return _page(queries.shares(_standing(request)), schemas.share_out, "/shares", cursor, limit)


@router.get("/shares/received", auth=_READ, response=_answers(200, ItemsOut), summary="Profiles you may read now")
def received(request: HttpRequest, cursor: str = "", limit: int = DEFAULT_LIMIT) -> HttpResponse:
    found = queries.shares_received(_standing(request), at=now())
    return _page(found, schemas.share_out, "/shares/received", cursor, limit)


@router.post(
    "/shares",
    auth=_WRITE,
    response=_answers(201, dict[str, Any]),
    openapi_extra=takes(schemas.ShareIn),
    summary="Hand your profile to another organisation",
)
@once
def share(request: HttpRequest) -> HttpResponse:
    wanted = _body(request, schemas.ShareIn)
    given = actions.share_profile(
        wanted.recipient,
        indicators=wanted.indicators,
        purpose=wanted.purpose,
        until=read_day(wanted.until),
        by=_standing(request),
        at=now(),
    )
    return json_answer(schemas.share_out(given), 201)


@router.post("/shares/{share_id}/end", auth=_WRITE, response=_answers(204, None), summary="Take a profile back")
@once
def end_share(request: HttpRequest, share_id: str) -> HttpResponse:
    actions.end_profile_share(share_id, by=_standing(request), at=now())
    return HttpResponse(status=204)


@router.get("/readings", auth=_READ, response=_answers(200, ItemsOut), summary="Who read facts about your enterprise")
def readings(request: HttpRequest, cursor: str = "", limit: int = DEFAULT_LIMIT) -> HttpResponse:
    return _page(queries.readings(_standing(request)), schemas.reading_out, "/readings", cursor, limit)


@router.post(
    "/readings",
    auth=_WRITE,
    response=_answers(201, dict[str, Any]),
    openapi_extra=takes(schemas.ReadingIn),
    summary="Read facts about another enterprise; this is recorded, and it sees it",
)
@once
def read(request: HttpRequest) -> HttpResponse:
    """A token needs `facts:read` as well as `facts:write`, since a reading is an act."""
    wanted = _body(request, schemas.ReadingIn)
    profile = actions.read_profile(
        wanted.subject,
        purpose=wanted.purpose,
        occasion=wanted.occasion,
        indicators=wanted.indicators,
        valid_on=read_day(wanted.valid_on) if wanted.valid_on else None,
        by=_standing(request),
        at=now(),
    )
    made = {"reading": str(profile.reading.public_id), "receipt": str(profile.reading.entry)}
    return json_answer({**made, "items": [schemas.fact_out(fact) for fact in profile.facts]}, 201)


@router.get("/{fact_id}", auth=_READ, response=_answers(200, FactOut), summary="One fact")
def one(request: HttpRequest, fact_id: str) -> HttpResponse:
    found = queries.find_fact(_standing(request), fact_id)
    if found is None:
        raise problems.not_found("There is no such fact, or it is not about your enterprise.")
    return json_answer(schemas.fact_out(found))


@router.get("/{fact_id}/history", auth=_READ, response=_answers(200, FactsOut), summary="What it took the place of")
def history(request: HttpRequest, fact_id: str) -> HttpResponse:
    found = queries.history_of(_standing(request), fact_id)
    if not found:
        raise problems.not_found("There is no such fact, or it is not about your enterprise.")
    return json_answer(listing([schemas.fact_out(fact) for fact in found], None))


@router.post(
    "/{fact_id}/correct",
    auth=_WRITE,
    response=_answers(201, FactOut),
    openapi_extra=takes(schemas.CorrectionIn),
    summary="Have another fact take its place",
)
@once
def correct(request: HttpRequest, fact_id: str) -> HttpResponse:
    wanted, by, at = _body(request, schemas.CorrectionIn), _standing(request), now()
    made = actions.correct_fact(fact_id, wanted.claim.claim(), reason=wanted.reason, by=by, at=at)
    return json_answer(schemas.fact_out(made), 201)


@router.post(
    "/{fact_id}/retract",
    auth=_WRITE,
    response=_answers(200, FactOut),
    openapi_extra=takes(schemas.ReasonIn),
    summary="Say that it should never have been recorded",
)
@once
def retract(request: HttpRequest, fact_id: str) -> HttpResponse:
    """Its history shows it still, and why it was retracted; nobody else reads it any more."""
    wanted = _body(request, schemas.ReasonIn)
    made = actions.retract_fact(fact_id, reason=wanted.reason, by=_standing(request), at=now())
    return json_answer(schemas.fact_out(made.fact))


@router.post(
    "/{fact_id}/erase",
    auth=_WRITE,
    response=_answers(204, None),
    openapi_extra=takes(schemas.ReasonIn),
    summary="Erase the value of a fact about a person, as an officer",
)
@once
def erase(request: HttpRequest, fact_id: str) -> HttpResponse:
    """That there was one stays on record. Nothing brings the value back; never repeat it in the reason."""
    wanted = _body(request, schemas.ReasonIn)
    actions.erase_fact(fact_id, reason=wanted.reason, by=_standing(request), at=now())
    return HttpResponse(status=204)


@router.post(
    "/{fact_id}/dispute",
    auth=_WRITE,
    response=_answers(201, dict[str, Any]),
    openapi_extra=takes(schemas.DisputeIn),
    summary="Say that a fact about your enterprise is wrong",
)
@once
def dispute(request: HttpRequest, fact_id: str) -> HttpResponse:
    wanted, by, at = _body(request, schemas.DisputeIn), _standing(request), now()
    made = actions.dispute_fact(fact_id, reason=wanted.reason, ought=wanted.ought, by=by, at=at)
    return json_answer(schemas.dispute_out(made), 201)


def _standing(request: HttpRequest) -> Standing:
    by = asked_by(request)
    return by


def _body(request: HttpRequest, schema: type[Any]) -> Any:
    return read_json(request.body, request.content_type or "", schema)


def _page(rows: Any, out: Callable[[Any], dict[str, Any]], path: str, cursor: str, limit: int) -> HttpResponse:
    page = paginate(rows, "-id", cursor=cursor, limit=limit)
    return json_answer(listing([out(row) for row in page], page.link(f"{ADDRESS}{path}", limit=limit)))
