"""Webhooks: parse, call one action or query, answer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router

from zonary.common import problems
from zonary.common.clock import now
from zonary.common.json_body import read_json, takes
from zonary.common.pagination import DEFAULT_LIMIT, MAX_LIMIT, listing, paginate
from zonary.foundation.ledger.repeats import once
from zonary.foundation.notifications import actions, queries
from zonary.foundation.notifications.rules import secret_of
from zonary.foundation.notifications.schemas import (
    DeliveriesOut,
    DeliveryOut,
    WebhookIn,
    WebhookOut,
    WebhooksOut,
    delivery_out,
    webhook_out,
)
from zonary.foundation.organizations.access import asked_by, needs
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.schemas import ProblemOut

router = Router(tags=["webhooks"])
_MANAGE = needs("webhooks:manage")
_LIMIT: Any = Query(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)  # type: ignore[type-arg]  # a function to whoever calls it
_ADDRESS = "/api/v1/webhooks"
_LOOKED = frozenset({401, 403, 404, 422})
_ASKED = frozenset({400, 401, 403, 404, 409, 413, 415, 422})
_TAKES = takes(WebhookIn)


@router.get("", auth=_MANAGE, response={200: WebhooksOut, _LOOKED: ProblemOut}, summary="Webhooks of your organisation")
def webhooks(request: HttpRequest, cursor: str = "", limit: int = _LIMIT) -> dict[str, object]:
    page = paginate(queries.webhooks(asked_by(request)), "-public_id", cursor=cursor, limit=limit)
    return listing([webhook_out(each) for each in page], page.link(_ADDRESS, limit=limit))


@router.post(
    "",
    auth=_MANAGE,
    response={201: WebhookOut, _ASKED: ProblemOut},
    openapi_extra=_TAKES,
    summary="Have events posted to an address",
)
@once
def set_up(request: HttpRequest) -> Any:
    """The secret is in this answer and in no other."""
    asked = read_json(request.body, request.content_type or "", WebhookIn)
    made = actions.set_up_webhook(asked.url, kinds=asked.kinds, by=asked_by(request), at=now())
    return 201, webhook_out(made, secret_of(str(made.public_id), settings.SECRET_KEY))


@router.post("/{webhook}/stop", auth=_MANAGE, response={204: None, _ASKED: ProblemOut}, summary="Have nothing posted")
@once
def stop(request: HttpRequest, webhook: str) -> Any:
    actions.stop_webhook(webhook, by=asked_by(request), at=now())
    return 204, None


@router.get(
    "/{webhook}/deliveries",
    auth=_MANAGE,
    response={200: DeliveriesOut, _LOOKED: ProblemOut},
    summary="What was posted, newest first",
)
def deliveries(request: HttpRequest, webhook: str, cursor: str = "", limit: int = _LIMIT) -> dict[str, object]:
    if not queries.webhooks(asked_by(request)).filter(public_id=as_uuid(webhook)).exists():
        raise problems.not_found("There is no such webhook of yours.")
    page = paginate(queries.deliveries(asked_by(request), webhook), "-public_id", cursor=cursor, limit=limit)
    return listing([delivery_out(each) for each in page], page.link(f"{_ADDRESS}/{webhook}/deliveries", limit=limit))


@router.post(
    "/{webhook}/deliveries/{delivery}/repeat",
    auth=_MANAGE,
    response={200: DeliveryOut, _ASKED: ProblemOut},
    summary="Post one event again",
)
@once
def repeat(request: HttpRequest, webhook: str, delivery: str) -> Any:
    return delivery_out(actions.repeat_delivery(webhook, delivery, by=asked_by(request), at=now()))
