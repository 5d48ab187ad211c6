"""Measures over HTTP: parse, call one action or query, answer. Reading published ones needs no token."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from ninja import Router

from zonary.common import problems
from zonary.common.clock import now
from zonary.common.json_answers import json_answer
from zonary.common.json_body import read_json, takes
from zonary.common.pagination import DEFAULT_LIMIT, listing, paginate
from zonary.common.problems import Problem
from zonary.foundation.ledger.repeats import once
from zonary.foundation.organizations.access import asked_by, needs
from zonary.foundation.organizations.schemas import ProblemOut
from zonary.foundation.search.rules import QueryError
from zonary.services.incentives.measures import queries
from zonary.services.incentives.measures.actions import (
    change_measure,
    confirm_change,
    end_measure,
    prepare_measure,
    publish_measure,
    reject_change,
)
from zonary.services.incentives.measures.budgets import budget_use, budget_uses
from zonary.services.incentives.measures.models import Measure
from zonary.services.incentives.measures.schemas import (
    BudgetOut,
    CardChangeIn,
    ChangeOut,
    ChangesOut,
    EndIn,
    MeasureIn,
    MeasureOut,
    MeasuresOut,
    PublicationIn,
    change_out,
    measure_out,
)

router = Router(tags=["measures"])
ADDRESS = "/api/v1/incentives/measures"
READ, WRITE = needs("incentives:read"), needs("incentives:write")
_REFUSED = frozenset({400, 401, 403, 404, 409, 413, 415, 422})


@router.get("", auth=None, response={200: MeasuresOut, frozenset({422}): ProblemOut}, summary="Published measures")
def listed(
    request: HttpRequest,
    q: str = "",
    kind: str = "",
    mode: str = "",
    audience: str = "",
    cursor: str = "",
    limit: int = DEFAULT_LIMIT,
) -> HttpResponse:
    """The last prepared first; with `q` those on whose card all its words stand."""
    wanted, at = queries.Wanted(kind=kind, mode=mode, audience=audience), now()
    try:
        if q.strip():
            page = queries.measures_with(None, q, wanted, cursor=cursor, limit=limit, at=at)
        else:
            page = queries.measures(None, wanted, cursor=cursor, limit=limit)
    except QueryError as error:
        raise Problem(422, "invalid-query", str(error)) from None
    releases, uses = _releases(at), budget_uses(list(page))
    asked = {name: text for name, text in (("q", q), ("kind", kind), ("mode", mode), ("audience", audience)) if text}
    return json_answer(
        listing(
            [measure_out(each, releases, uses.get(each.pk)) for each in page], page.link(ADDRESS, **asked, limit=limit)
        )
    )


@router.post(
    "",
    auth=WRITE,
    response={201: MeasureOut, _REFUSED: ProblemOut},
    openapi_extra=takes(MeasureIn),
    summary="Prepare the card of an item of released rules",
)
@once
def prepare(request: HttpRequest) -> HttpResponse:
    wanted, at = read_json(request.body, request.content_type or "", MeasureIn), now()
    return _out(prepare_measure(wanted.pack, wanted.item, wanted.card(), by=asked_by(request), at=at), at, 201)


@router.get(
    "/changes",
    auth=READ,
    response={200: ChangesOut, frozenset({401, 403, 422}): ProblemOut},
    summary="Changes of cards that wait for a second officer",
)
def waiting(request: HttpRequest, cursor: str = "", limit: int = DEFAULT_LIMIT) -> HttpResponse:
    """Of what decides about money on published cards; for officers, for others there are none."""
    page = paginate(queries.changes_waiting(asked_by(request)), "-id", cursor=cursor, limit=limit)
    return json_answer(listing([change_out(each) for each in page], page.link(f"{ADDRESS}/changes", limit=limit)))


@router.post(
    "/changes/{card_change}/confirmation",
    auth=WRITE,
    response={200: MeasureOut, _REFUSED: ProblemOut},
    summary="Confirm, as another officer, what was proposed for a published card",
)
@once
def confirm(request: HttpRequest, card_change: str) -> HttpResponse:
    """It counts from now on; batches that began before keep their terms."""
    at = now()
    return _out(confirm_change(card_change, by=asked_by(request), at=at), at)


@router.post(
    "/changes/{card_change}/rejection",
    auth=WRITE,
    response={200: ChangeOut, _REFUSED: ProblemOut},
    openapi_extra=takes(EndIn),
    summary="Refuse what was proposed for a published card, or take it back",
)
@once
def reject(request: HttpRequest, card_change: str) -> HttpResponse:
    wanted, at = read_json(request.body, request.content_type or "", EndIn), now()
    return json_answer(change_out(reject_change(card_change, reason=wanted.reason, by=asked_by(request), at=at)))


@router.get(
    "/{measure_id}/budget",
    auth=READ,
    response={200: BudgetOut, frozenset({401, 403, 404, 422}): ProblemOut},
    summary="How much of a measure's budget is granted and left, for officers",
)
def budget(request: HttpRequest, measure_id: str) -> HttpResponse:
    """404 for a measure without a budget."""
    by = asked_by(request)
    found = queries.measure_of(by, measure_id)
    use = budget_use(by, found) if found else None
    if use is None:
        raise problems.not_found("There is no such measure, or it has no budget.")
    return json_answer({"budget": use.budget, "year": use.year, "granted": use.granted, "left": use.left})


@router.get(
    "/{measure_id}/changes",
    auth=None,
    response={200: ChangesOut, frozenset({404, 422}): ProblemOut},
    summary="What was changed on a card since it was published",
)
def changes(request: HttpRequest, measure_id: str, cursor: str = "", limit: int = DEFAULT_LIMIT) -> HttpResponse:
    """The last first, each with the fields that became another, and the receipt of the act."""
    found = queries.measure_of(None, measure_id)
    if found is None:
        raise problems.not_found("There is no such measure.")
    rows = queries.changes_made(found).select_related("measure")
    page = paginate(rows, "-number", cursor=cursor, limit=limit)
    link = page.link(f"{ADDRESS}/{measure_id}/changes", limit=limit)
    return json_answer(listing([change_out(each) for each in page], link))


@router.get(
    "/{measure_id}",
    auth=None,
    response={200: MeasureOut, frozenset({404, 422}): ProblemOut},
    summary="A published measure",
)
def one(request: HttpRequest, measure_id: str) -> HttpResponse:
    found = queries.measure_of(None, measure_id)
    if found is None:
        raise problems.not_found("There is no such measure.")
    return _out(found, now(), is_written=False)


@router.put(
    "/{measure_id}",
    auth=WRITE,
    response={200: MeasureOut, _REFUSED: ProblemOut},
    openapi_extra=takes(CardChangeIn),
    summary="Write something else on a card",
)
@once
def change(request: HttpRequest, measure_id: str) -> HttpResponse:
    """409 when somebody changed it since the version you name; nothing is changed then.

    Of a published card, what decides about money is only proposed by this: `waiting` names the change that another
    officer confirms. What describes it is changed at once.
    """
    wanted, at = read_json(request.body, request.content_type or "", CardChangeIn), now()
    changed = change_measure(measure_id, wanted.card(), version=wanted.version, by=asked_by(request), at=at)
    return _out(changed, at)


@router.post(
    "/{measure_id}/publication",
    auth=WRITE,
    response={200: MeasureOut, _REFUSED: ProblemOut},
    openapi_extra=takes(PublicationIn),
    summary="Publish a measure",
)
@once
def publish(request: HttpRequest, measure_id: str) -> HttpResponse:
    """What gives money is published by another officer than who prepared it; 403 for who did."""
    wanted, at = read_json(request.body, request.content_type or "", PublicationIn), now()
    return _out(publish_measure(measure_id, version=wanted.version, by=asked_by(request), at=at), at)


@router.post(
    "/{measure_id}/end",
    auth=WRITE,
    response={200: MeasureOut, _REFUSED: ProblemOut},
    openapi_extra=takes(EndIn),
    summary="Offer a measure no longer",
)
@once
def end(request: HttpRequest, measure_id: str) -> HttpResponse:
    wanted, at = read_json(request.body, request.content_type or "", EndIn), now()
    return _out(end_measure(measure_id, reason=wanted.reason, by=asked_by(request), at=at), at)


def _releases(at: datetime) -> dict[tuple[str, str], str]:
    return {(each.loaded.pack_id, each.item.id): each.loaded.release for each in queries.offered(at)}


def _out(measure: Measure, at: datetime, status: int = 200, *, is_written: bool = True) -> HttpResponse:
    waiting = queries.waiting_change(measure) if is_written else None
    return json_answer(measure_out(measure, _releases(at), budget_uses([measure]).get(measure.pk), waiting), status)
