"""Parse, call one action or query, answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from zonary.common.clock import now, zone_date
from zonary.common.json_answers import json_answer
from zonary.common.json_body import read_json, takes
from zonary.common.language import say
from zonary.common.pagination import DEFAULT_LIMIT, listing, paginate
from zonary.foundation.ledger.repeats import once
from zonary.foundation.organizations.access import asked_by, needs
from zonary.foundation.organizations.permissions import require_officer
from zonary.foundation.organizations.schemas import ProblemOut
from zonary.services.incentives.matching import actions, queries, schemas

router = Router(tags=["policy benefits"])
ADDRESS = "/api/v1/incentives"
READ, WRITE = needs("incentives:read"), needs("incentives:write")
_UNSEEN = frozenset({401, 403, 404, 409, 422})
_REFUSED = frozenset({400, 401, 403, 404, 409, 413, 415, 422})


@router.get(
    "/mine",
    auth=READ,
    response={200: schemas.ResultsOut, _UNSEEN: ProblemOut},
    summary="What every published measure comes to for your enterprise",
)
def mine(request: HttpRequest) -> HttpResponse:
    """The best first, from the facts of now. Nothing is recorded by looking."""
    reader, at = asked_by(request), now()
    found = queries.own_results(reader, at=at)
    known = queries.circumstances(reader, found, at=at)
    return json_answer(listing([schemas.result_out(each, known) for each in found], None))


@router.get(
    "/mine/{measure_id}",
    auth=READ,
    response={200: schemas.ResultWholeOut, _UNSEEN: ProblemOut},
    summary="One measure for your enterprise, clause by clause",
)
def one(request: HttpRequest, measure_id: str) -> HttpResponse:
    """With what was read, what is missing, what would do, and the words of what may be promised."""
    reader, at = asked_by(request), now()
    found = queries.own_result(reader, measure_id, at=at)
    return json_answer(schemas.result_whole_out(found, queries.circumstances(reader, [found], at=at)))


@router.post(
    "/mine/{measure_id}/keep",
    auth=WRITE,
    response={201: schemas.DecisionOut, _REFUSED: ProblemOut},
    summary="Keep the answer of a measure, with a receipt",
)
@once
def keep(request: HttpRequest, measure_id: str) -> HttpResponse:
    return json_answer(schemas.decision_out(actions.keep_answer(measure_id, by=asked_by(request), at=now())), 201)


@router.post(
    "/mine/{measure_id}/promises",
    auth=WRITE,
    response={201: schemas.PromiseOut, _REFUSED: ProblemOut},
    openapi_extra=takes(schemas.PromiseIn),
    summary="Promise a clause whose data are not known",
)
@once
def give_promise(request: HttpRequest, measure_id: str) -> HttpResponse:
    wanted = read_json(request.body, request.content_type or "", schemas.PromiseIn)
    given = actions.give_promise(
        measure_id, wanted.clause, words_sha256=wanted.words_sha256, by=asked_by(request), at=now()
    )
    return json_answer(schemas.promise_out(given), 201)


@router.post(
    "/mine/{measure_id}/not-for-us",
    auth=WRITE,
    response={204: None, _REFUSED: ProblemOut},
    openapi_extra=takes(schemas.ReasonIn),
    summary="Say that a measure is not for you, and be told of it no more",
)
@once
def not_for_us(request: HttpRequest, measure_id: str) -> HttpResponse:
    wanted = read_json(request.body, request.content_type or "", schemas.ReasonIn)
    actions.say_not_for_us(measure_id, reason=wanted.reason, by=asked_by(request), at=now())
    return HttpResponse(status=204)


@router.post(
    "/mine/{measure_id}/for-us",
    auth=WRITE,
    response={204: None, _REFUSED: ProblemOut},
    summary="Be told of a measure again",
)
@once
def for_us(request: HttpRequest, measure_id: str) -> HttpResponse:
    actions.say_for_us(measure_id, by=asked_by(request), at=now())
    return HttpResponse(status=204)


@router.get(
    "/decisions",
    auth=READ,
    response={200: schemas.DecisionsOut, _UNSEEN: ProblemOut},
    summary="Kept decisions about your enterprise; for officers all",
)
def decisions(request: HttpRequest, measure: str = "", cursor: str = "", limit: int = DEFAULT_LIMIT) -> HttpResponse:
    found = queries.decisions_of(asked_by(request), measure=measure)
    page = paginate(found, "-id", cursor=cursor, limit=limit)
    link = page.link(f"{ADDRESS}/decisions", measure=measure, limit=limit)
    return json_answer(listing([schemas.decision_out(each) for each in page], link))


@router.post(
    "/decisions",
    auth=WRITE,
    response={201: schemas.DecisionsOut, _REFUSED: ProblemOut},
    openapi_extra=takes(schemas.DecideIn),
    summary="Decide a measure for enterprises, as an officer",
)
@once
def decide(request: HttpRequest) -> HttpResponse:
    """One act for all. Each enterprise sees that its facts were read."""
    wanted = read_json(request.body, request.content_type or "", schemas.DecideIn)
    at = now()
    made = actions.decide_measures(
        wanted.measure, wanted.subjects, day=wanted.as_of(zone_date(at)), known_at=at, by=asked_by(request), at=at
    )
    return json_answer(listing([schemas.decision_out(each) for each in made], None), 201)


@router.get(
    "/decisions/{decision_id}",
    auth=READ,
    response={200: schemas.DecisionOut, _UNSEEN: ProblemOut},
    summary="A kept decision",
)
def decision(request: HttpRequest, decision_id: str) -> HttpResponse:
    return json_answer(schemas.decision_out(queries.decision_of(asked_by(request), decision_id)))


@router.get(
    "/decisions/{decision_id}/file",
    auth=READ,
    response={200: dict[str, object], _UNSEEN: ProblemOut},
    summary="The file a decision is repeated from without the zone",
)
def file(request: HttpRequest, decision_id: str) -> HttpResponse:
    """`zonary replay FILE` decides again from it (specs/decision.md). Officers take it with POST, which is recorded."""
    kept = queries.own_decision_of(asked_by(request), decision_id)
    return HttpResponse(queries.bundle_of(kept), content_type="application/json")


@router.post(
    "/decisions/{decision_id}/file",
    auth=WRITE,
    response={200: dict[str, object], _REFUSED: ProblemOut},
    summary="Take the file of a decision, as an officer; this is recorded, and the enterprise sees it",
)
@once
def take_file(request: HttpRequest, decision_id: str) -> HttpResponse:
    """The enterprise's figures are in it, so that every fact of it stands with the enterprise as read."""
    kept = actions.open_decision(decision_id, by=asked_by(request), at=now())
    return HttpResponse(queries.bundle_of(kept), content_type="application/json")


@router.get(
    "/promises",
    auth=READ,
    response={200: schemas.PromisesOut, _UNSEEN: ProblemOut},
    summary="Promises of your enterprise; for officers all",
)
def promises(request: HttpRequest, cursor: str = "", limit: int = DEFAULT_LIMIT) -> HttpResponse:
    page = paginate(queries.promises_of(asked_by(request)), "-id", cursor=cursor, limit=limit)
    link = page.link(f"{ADDRESS}/promises", limit=limit)
    return json_answer(listing([schemas.promise_out(each) for each in page], link))


@router.post(
    "/promises/{promise_id}/check",
    auth=WRITE,
    response={200: schemas.PromiseOut, _REFUSED: ProblemOut},
    openapi_extra=takes(schemas.CheckIn),
    summary="Record whether a promise was kept, as an officer",
)
@once
def check(request: HttpRequest, promise_id: str) -> HttpResponse:
    wanted = read_json(request.body, request.content_type or "", schemas.CheckIn)
    found = actions.check_promise(
        promise_id, outcome=wanted.outcome, finding=wanted.finding, by=asked_by(request), at=now()
    )
    return json_answer(schemas.promise_out(found))


@router.post(
    "/promises/{promise_id}/lifting",
    auth=WRITE,
    response={200: schemas.PromiseOut, _REFUSED: ProblemOut},
    openapi_extra=takes(schemas.LiftIn),
    summary="Take promises again after a credit repair, as another officer than who found one broken",
)
@once
def lift(request: HttpRequest, promise_id: str) -> HttpResponse:
    wanted = read_json(request.body, request.content_type or "", schemas.LiftIn)
    lifted = actions.lift_promise(
        promise_id, basis=wanted.basis, repaired_on=wanted.day(), by=asked_by(request), at=now()
    )
    return json_answer(schemas.promise_out(lifted))


@router.get(
    "/matches/{benefit_id}",
    auth=READ,
    response={200: schemas.MatchesOut, _UNSEEN: ProblemOut},
    summary="How many enterprises have a measure, and how many are one clause short, as an officer",
)
def matches(request: HttpRequest, benefit_id: str) -> HttpResponse:
    require_officer(asked_by(request))
    at = now()
    found = queries.matched_enterprises(benefit_id, day=zone_date(at), known_at=at, at=at)
    return json_answer(
        {
            "rows": found.rows,
            "yes": len(found.yes),
            "unknown": len(found.unknown),
            "short": {clause: len(names) for clause, names in found.short.items()},
            "stopped": None if found.stopped is None else say(found.stopped),
        }
    )
