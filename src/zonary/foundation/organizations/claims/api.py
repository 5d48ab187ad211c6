"""Claims over the API: parse, call one action or query, answer. They are made by ``POST /organizations``."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router

from zonary.common import problems
from zonary.common.clock import now
from zonary.common.json_body import read_json, takes
from zonary.common.pagination import DEFAULT_LIMIT, MAX_LIMIT, listing, paginate
from zonary.foundation.ledger.repeats import once
from zonary.foundation.organizations import actions
from zonary.foundation.organizations.access import asked_by, needs
from zonary.foundation.organizations.claims import queries
from zonary.foundation.organizations.claims.schemas import ClaimDecisionIn, ClaimOut, ClaimsOut, claim_out
from zonary.foundation.organizations.schemas import ProblemOut

router = Router(tags=["organisations"])
ADDRESS = "/api/v1/claims"
_READ, _WRITE = needs("organization:read"), needs("organization:write")
_LOOKED = frozenset({401, 403, 404, 422})
_ASKED = frozenset({400, 401, 403, 404, 409, 413, 415, 422})
_LIMIT: Any = Query(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)  # type: ignore[type-arg]  # a function to whoever calls it


@router.get(
    "",
    auth=_READ,
    response={200: ClaimsOut, _LOOKED: ProblemOut},
    summary="Your claims, oldest first; for officers everybody's",
)
def claims(
    request: HttpRequest, state: Literal["", "open", "decided"] = "", cursor: str = "", limit: int = _LIMIT
) -> dict[str, object]:
    page = paginate(queries.claims(asked_by(request), state=state), "public_id", cursor=cursor, limit=limit)
    return listing([claim_out(each) for each in page], page.link(ADDRESS, state=state, limit=limit))


@router.get("/{claim}", auth=_READ, response={200: ClaimOut, _LOOKED: ProblemOut}, summary="One claim")
def claim(request: HttpRequest, claim: str) -> dict[str, object]:
    found = queries.claim_seen_by(asked_by(request), claim)
    if found is None:
        raise problems.not_found("There is no such claim.")
    return claim_out(found)


@router.post(
    "/{claim}/decision",
    auth=_WRITE,
    response={200: ClaimOut, _ASKED: ProblemOut},
    openapi_extra=takes(ClaimDecisionIn),
    summary="Confirm a claim, or refuse it; for officers",
)
@once
def decide(request: HttpRequest, claim: str) -> Any:
    """Confirmed, the claimant is the first owner, and other claims on the same organisation are refused."""
    asked = read_json(request.body, request.content_type or "", ClaimDecisionIn)
    decided = actions.decide_claim(
        claim,
        is_confirmed=asked.decision == "confirm",
        compared=asked.compared,
        answer=asked.answer,
        by=asked_by(request),
        at=now(),
    )
    return claim_out(decided)


@router.post(
    "/{claim}/withdrawal",
    auth=_WRITE,
    response={200: ClaimOut, _ASKED: ProblemOut},
    summary="Take your own claim back",
)
@once
def withdraw(request: HttpRequest, claim: str) -> Any:
    return claim_out(actions.withdraw_claim(claim, by=asked_by(request), at=now()))
