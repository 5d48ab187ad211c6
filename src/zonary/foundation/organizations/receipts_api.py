"""The receipts of acts over the API: what the pages of receipts show."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from zonary.common import problems
from zonary.common.pagination import DEFAULT_LIMIT, MAX_LIMIT, listing
from zonary.foundation.ledger.receipts import ActEntry, receipt_of
from zonary.foundation.organizations.access import asked_by, needs
from zonary.foundation.organizations.queries import act_seen_by, acts_page
from zonary.foundation.organizations.schemas import ActOut, ActsOut, ProblemOut, act_out

router = Router(tags=["receipts"])
ADDRESS = "/api/v1/receipts"
_READ = needs("receipts:read")
_LOOKED = frozenset({401, 403, 404, 422})
_LIMIT: Any = Query(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)  # type: ignore[type-arg]  # a function to whoever calls it


@router.get("", auth=_READ, response={200: ActsOut, _LOOKED: ProblemOut}, summary="Acts that concern you, newest first")
def acts(request: HttpRequest, cursor: str = "", limit: int = _LIMIT) -> dict[str, object]:
    """Your own, those of the organisation you act for, and those about either."""
    page = acts_page(asked_by(request), cursor=cursor, limit=limit)
    return listing([act_out(each, ADDRESS) for each in page], page.link(ADDRESS, limit=limit))


@router.get("/{act}", auth=_READ, response={200: ActOut, _LOOKED: ProblemOut}, summary="One act, and how far it is")
def act(request: HttpRequest, act: str) -> dict[str, object]:
    return act_out(_seen(request, act), ADDRESS)


@router.get(
    "/{act}/file",
    auth=_READ,
    response={frozenset({401, 403, 404, 409, 410}): ProblemOut},
    summary="The receipt of an act (C2SP tlog-proof), to be checked by anyone",
    openapi_extra={"responses": {200: {"description": "OK", "content": {"text/plain": {}}}}},
)
def file(request: HttpRequest, act: str) -> HttpResponse:
    """409 until the log has published it: ask again in a moment. 410 once what it said was erased."""
    made = receipt_of(_seen(request, act).public_id)
    return HttpResponse(made, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


def _seen(request: HttpRequest, act: str) -> ActEntry:
    found = act_seen_by(asked_by(request), act)
    if found is None:
        raise problems.not_found("There is no such act that concerns you.")
    return found
