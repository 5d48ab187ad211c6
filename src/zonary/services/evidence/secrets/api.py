"""Parse, call one action or query, answer. Agreements are accepted and secrets opened on a page, in person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from zonary.common import problems
from zonary.common.clock import now
from zonary.common.json_answers import json_answer
from zonary.common.json_body import read_json, takes
from zonary.common.pagination import DEFAULT_LIMIT
from zonary.foundation.ledger.repeats import once
from zonary.foundation.organizations.access import asked_by, needs
from zonary.services.evidence.schemas import ProblemOut
from zonary.services.evidence.secrets import queries
from zonary.services.evidence.secrets.actions import end_secret, grant_access, register_secret, withdraw_access
from zonary.services.evidence.secrets.models import TradeSecret
from zonary.services.evidence.secrets.permissions import READ, WRITE
from zonary.services.evidence.secrets.schemas import (
    AccessesOut,
    AccessIn,
    AccessOut,
    AgreementsOut,
    EndIn,
    SecretIn,
    SecretOpeningsOut,
    SecretOut,
    SecretsOut,
    access_out,
    agreement_out,
    opening_out,
    secret_out,
)

router = Router(tags=["secrets"])
ADDRESS = "/api/v1/secrets"
_READ, _WRITE = needs(READ), needs(WRITE)
_UNSEEN = frozenset({401, 403, 404})
_REFUSED = frozenset({400, 401, 403, 404, 409, 413, 415, 422})


@router.get(
    "",
    auth=_READ,
    response={200: SecretsOut, frozenset({401, 403, 422}): ProblemOut},
    summary="The register of trade secrets you keep",
)
def listed(request: HttpRequest, cursor: str = "", limit: int = DEFAULT_LIMIT) -> HttpResponse:
    """Empty for who keeps none: of an organisation its owners do."""
    page = queries.secrets(asked_by(request), at=now(), cursor=cursor, limit=limit)
    return json_answer({"items": [secret_out(each) for each in page], "next": page.link(ADDRESS, limit=limit)})


@router.post(
    "",
    auth=_WRITE,
    response={201: SecretOut, _REFUSED: ProblemOut},
    openapi_extra=takes(SecretIn),
    summary="Register a trade secret",
)
@once
def register(request: HttpRequest) -> HttpResponse:
    """A document leaves your documents. 409 when there is no such thing, or it is not encrypted, or registered."""
    wanted = read_json(request.body, request.content_type or "", SecretIn)
    made = register_secret(
        wanted.source, wanted.thing, title=wanted.title, marking=wanted.marking, point=wanted.point,
        by=asked_by(request), at=now(),
    )  # fmt: skip
    return json_answer(secret_out(made), 201)


@router.get(
    "/agreements",
    auth=_READ,
    response={200: AgreementsOut, frozenset({401, 403}): ProblemOut},
    summary="The versions of your confidentiality agreement",
)
def agreements(request: HttpRequest) -> HttpResponse:
    found = queries.agreements(asked_by(request))[: queries.MAX_LISTED]
    return json_answer({"items": [agreement_out(each) for each in found]})


@router.get("/{secret_id}", auth=_READ, response={200: SecretOut, _UNSEEN: ProblemOut}, summary="A trade secret")
def one(request: HttpRequest, secret_id: str) -> HttpResponse:
    return json_answer(secret_out(_own(request, secret_id)))


@router.post(
    "/{secret_id}/end",
    auth=_WRITE,
    response={204: None, _REFUSED: ProblemOut},
    openapi_extra=takes(EndIn),
    summary="Keep it as a trade secret no longer",
)
@once
def end(request: HttpRequest, secret_id: str) -> HttpResponse:
    _own(request, secret_id)
    wanted = read_json(request.body, request.content_type or "", EndIn)
    end_secret(secret_id, reason=wanted.reason, erase_point=wanted.erase_point, by=asked_by(request), at=now())
    return HttpResponse(status=204)


@router.get(
    "/{secret_id}/grants",
    auth=_READ,
    response={200: AccessesOut, _UNSEEN: ProblemOut},
    summary="Who may see a trade secret, or might",
)
def grants(request: HttpRequest, secret_id: str) -> HttpResponse:
    return json_answer({"items": [access_out(each) for each in queries.grants_of(_own(request, secret_id))]})


@router.post(
    "/{secret_id}/grants",
    auth=_WRITE,
    response={201: AccessOut, _REFUSED: ProblemOut},
    openapi_extra=takes(AccessIn),
    summary="Name somebody who may see a trade secret",
)
@once
def grant(request: HttpRequest, secret_id: str) -> HttpResponse:
    """They see nothing before they accepted the agreement, on a page. An earlier grant to them ends."""
    _own(request, secret_id)
    wanted = read_json(request.body, request.content_type or "", AccessIn)
    made = grant_access(
        secret_id, person=wanted.person, name=wanted.name, agreement=wanted.agreement, until=wanted.last_day(),
        by=asked_by(request), at=now(),
    )  # fmt: skip
    return json_answer(access_out(made), 201)


@router.api_operation(
    ["DELETE"],
    "/{secret_id}/grants/{access_id}",
    auth=_WRITE,
    response={204: None, _UNSEEN: ProblemOut},
    summary="Let somebody see a trade secret no longer",
)
@once
def withdraw(request: HttpRequest, secret_id: str, access_id: str) -> HttpResponse:
    by = asked_by(request)
    found = queries.own_grant(by, access_id)
    if found is None or str(found.secret.public_id) != secret_id:
        raise problems.not_found("There is no such access to a secret of yours, or it has ended.")
    withdraw_access(access_id, by=by, at=now())
    return HttpResponse(status=204)


@router.get(
    "/{secret_id}/openings",
    auth=_READ,
    response={200: SecretOpeningsOut, _UNSEEN: ProblemOut},
    summary="Who opened a trade secret",
)
def openings(request: HttpRequest, secret_id: str) -> HttpResponse:
    return json_answer({"items": [opening_out(each) for each in queries.openings_of(_own(request, secret_id))]})


def _own(request: HttpRequest, secret_id: str) -> TradeSecret:
    """:raises Problem: 404 when it is not in a register they keep."""
    found = queries.own_secret(asked_by(request), secret_id)
    if found is None:
        raise problems.not_found("There is no such trade secret, or it is not open to you.")
    return found
