"""Parse, call one action or query, answer."""

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
from zonary.services.evidence.dossiers import queries
from zonary.services.evidence.dossiers.actions import change_dossier, file_evidence, open_dossier, take_evidence
from zonary.services.evidence.dossiers.models import Dossier
from zonary.services.evidence.dossiers.schemas import (
    DossierChangeIn,
    DossierContentsOut,
    DossierIn,
    DossierOut,
    DossiersOut,
    FileIn,
    contents_out,
    dossier_out,
)
from zonary.services.evidence.schemas import ProblemOut
from zonary.services.evidence.sharing.api import share_thing, unshare_thing
from zonary.services.evidence.sharing.queries import openings_of, shares_of
from zonary.services.evidence.sharing.schemas import (
    OpeningsOut,
    ShareIn,
    ShareOut,
    SharesOut,
    opening_out,
    share_out,
)

router = Router(tags=["dossiers"])
ADDRESS = "/api/v1/dossiers"
READ, WRITE = needs("evidence:read"), needs("evidence:write")
_UNSEEN = frozenset({401, 403, 404})
_REFUSED = frozenset({400, 401, 403, 404, 409, 413, 415, 422})


@router.get("", auth=READ, response={200: DossiersOut, frozenset({401, 403, 422}): ProblemOut}, summary="Your dossiers")
def listed(request: HttpRequest, cursor: str = "", limit: int = DEFAULT_LIMIT) -> HttpResponse:
    page = queries.dossiers(asked_by(request), cursor=cursor, limit=limit)
    return json_answer({"items": [dossier_out(each) for each in page], "next": page.link(ADDRESS, limit=limit)})


@router.post(
    "",
    auth=WRITE,
    response={201: DossierOut, _REFUSED: ProblemOut},
    openapi_extra=takes(DossierIn),
    summary="Open a dossier",
)
@once
def open_new(request: HttpRequest) -> HttpResponse:
    wanted = read_json(request.body, request.content_type or "", DossierIn)
    return json_answer(dossier_out(open_dossier(wanted.cover(), by=asked_by(request), at=now())), 201)


@router.get(
    "/{dossier_id}",
    auth=READ,
    response={200: DossierContentsOut, _UNSEEN: ProblemOut},
    summary="A dossier: what lies in it, and what is missing",
)
def one(request: HttpRequest, dossier_id: str) -> HttpResponse:
    found = _own(request, dossier_id)
    return json_answer(contents_out(found, queries.contents_of(found)))


@router.put(
    "/{dossier_id}",
    auth=WRITE,
    response={200: DossierOut, _REFUSED: ProblemOut},
    openapi_extra=takes(DossierChangeIn),
    summary="Write something else on a dossier",
)
@once
def change(request: HttpRequest, dossier_id: str) -> HttpResponse:
    """409 when somebody changed it since the version you name; nothing is changed then."""
    _own(request, dossier_id)
    wanted = read_json(request.body, request.content_type or "", DossierChangeIn)
    changed = change_dossier(dossier_id, wanted.cover(), version=wanted.version, by=asked_by(request), at=now())
    return json_answer(dossier_out(changed))


@router.post(
    "/{dossier_id}/items",
    auth=WRITE,
    response={201: DossierContentsOut, _REFUSED: ProblemOut},
    openapi_extra=takes(FileIn),
    summary="Put one of your records into a dossier",
)
@once
def file(request: HttpRequest, dossier_id: str) -> HttpResponse:
    found = _own(request, dossier_id)
    wanted = read_json(request.body, request.content_type or "", FileIn)
    file_evidence(dossier_id, wanted.record, stage=wanted.stage, ask=wanted.ask, by=asked_by(request), at=now())
    return json_answer(contents_out(found, queries.contents_of(found)), 201)


@router.api_operation(
    ["DELETE"],
    "/{dossier_id}/items/{item_id}",
    auth=WRITE,
    response={204: None, _UNSEEN: ProblemOut},
    summary="Take a record out of a dossier",
)
@once
def take(request: HttpRequest, dossier_id: str, item_id: str) -> HttpResponse:
    _own(request, dossier_id)
    take_evidence(dossier_id, item_id, by=asked_by(request), at=now())
    return HttpResponse(status=204)


@router.get(
    "/{dossier_id}/shares",
    auth=READ,
    response={200: SharesOut, _UNSEEN: ProblemOut},
    summary="With whom your dossier is shared, or was",
)
def shares(request: HttpRequest, dossier_id: str) -> HttpResponse:
    _own(request, dossier_id)
    return json_answer({"items": [share_out(each) for each in shares_of(asked_by(request), dossier_id)]})


@router.post(
    "/{dossier_id}/shares",
    auth=WRITE,
    response={201: ShareOut, _REFUSED: ProblemOut},
    openapi_extra=takes(ShareIn),
    summary="Share your dossier, and the records in it, for a term",
)
@once
def share(request: HttpRequest, dossier_id: str) -> HttpResponse:
    _own(request, dossier_id)
    return share_thing(request, asked_by(request), queries.DOSSIER, dossier_id)


@router.api_operation(
    ["DELETE"],
    "/{dossier_id}/shares/{dossier_share}",
    auth=WRITE,
    response={204: None, _UNSEEN: ProblemOut},
    summary="Stop sharing your dossier",
)
@once
def unshare(request: HttpRequest, dossier_id: str, dossier_share: str) -> HttpResponse:
    _own(request, dossier_id)
    return unshare_thing(asked_by(request), dossier_id, dossier_share)


@router.get(
    "/{dossier_id}/openings",
    auth=READ,
    response={200: OpeningsOut, _UNSEEN: ProblemOut},
    summary="Who opened your shared dossier",
)
def openings(request: HttpRequest, dossier_id: str) -> HttpResponse:
    _own(request, dossier_id)
    return json_answer({"items": [opening_out(each) for each in openings_of(asked_by(request), dossier_id)]})


def _own(request: HttpRequest, dossier_id: str) -> Dossier:
    """:raises Problem: 404 when it is not of whoever asks."""
    found = queries.dossier_of(asked_by(request), dossier_id)
    if found is None:
        raise problems.not_found("There is no such dossier, or it is not yours.")
    return found
