from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.conf import settings

from zonary.common.ids import new_id
from zonary.foundation.ledger.actors import SYSTEM, Actor
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.notifications import queries
from zonary.foundation.notifications.events import DeliveryRepeated, WebhookDisabled, WebhookSetUp, WebhookStopped
from zonary.foundation.notifications.models import Delivery, WebhookEndpoint
from zonary.foundation.notifications.rules import MAX_ENDPOINTS, target_of
from zonary.foundation.organizations.happenings import HAPPENINGS
from zonary.foundation.organizations.permissions import hold_standing, require_owner
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing

_State = WebhookEndpoint.State


class WebhookError(LedgerError):
    """This cannot be done with a webhook."""


class WrongKindError(LedgerError):
    """There are no events of this kind."""


class UnknownWebhookError(WebhookError):
    """There is none, or it is another organisation's."""


@action
def set_up_webhook(url: str, *, kinds: Collection[str], by: Standing, at: datetime) -> WebhookEndpoint:
    """Have the organisation's events posted to ``url``.

    :param kinds: which; none: all.
    :raises WrongKindError: for one there is not.
    :raises WrongAddressError: for an address to which nothing may be posted.
    :raises WebhookError: when there are too many already.
    """
    hold_standing(by, at=at)
    require_owner(by)
    target_of(url, settings.ZONARY_WEBHOOK_HOSTS)
    for kind in sorted(kinds):
        if kind not in HAPPENINGS:
            raise WrongKindError("There is no kind of event “{kind}”.", kind=kind[:96])
    if WebhookEndpoint.objects.filter(organisation=by.organisation, state=_State.ACTIVE).count() >= MAX_ENDPOINTS:
        raise WebhookError("There are {most} webhooks already. Stop one first.", most=MAX_ENDPOINTS)
    made = WebhookEndpoint.objects.create(
        public_id=new_id(at),
        organisation=by.organisation,
        url=url,
        kinds=" ".join(sorted(kinds)),
        state=_State.ACTIVE,
        made_by=by.actor_id,
        made_at=at,
    )
    event = WebhookSetUp(webhook=str(made.public_id), url=url, kinds=sorted(kinds))
    record(event, by=by, about=by.organisation, at=at)
    return made


@action
def stop_webhook(webhook: str, *, by: Standing, at: datetime) -> None:
    """Have nothing posted there any more, also of what waits.

    :raises UnknownWebhookError: when there is none of this organisation that is active.
    """
    hold_standing(by, at=at)
    require_owner(by)
    found = queries.webhooks(by).filter(public_id=as_uuid(webhook), state=_State.ACTIVE)
    if not found.update(state=_State.STOPPED, ended_at=at):
        raise UnknownWebhookError("There is no such webhook that is active.")
    record(WebhookStopped(webhook=webhook), by=by, about=by.organisation, at=at)


@action
def disable_webhook(endpoint: WebhookEndpoint, *, answer: str, by: Actor = SYSTEM, at: datetime) -> None:
    """Have nothing posted any more to what takes nothing.

    :param answer: what it said last.
    :raises UnknownWebhookError: when it is not active any more.
    """
    if not WebhookEndpoint.objects.filter(pk=endpoint.pk, state=_State.ACTIVE).update(
        state=_State.DISABLED, ended_at=at
    ):
        raise UnknownWebhookError("There is no such webhook that is active.")
    event = WebhookDisabled(webhook=str(endpoint.public_id), answer=answer)
    record(event, by=by, about=endpoint.organisation, at=at)


@action
def repeat_delivery(webhook: str, delivery: str, *, by: Standing, at: datetime) -> Delivery:
    """Post one event again, now, whatever became of it.

    :raises UnknownWebhookError: when there is no such delivery of an active webhook.
    """
    hold_standing(by, at=at)
    require_owner(by)
    found = queries.deliveries(by, webhook).filter(public_id=as_uuid(delivery), endpoint__state=_State.ACTIVE).first()
    if found is None:
        raise UnknownWebhookError("There is no such webhook that is active.")
    Delivery.objects.filter(pk=found.pk).update(
        state=Delivery.State.WAITING, next_at=at, made_at=at, attempts=0, claimed_until=None
    )
    record(DeliveryRepeated(webhook=webhook, delivery=delivery), by=by, about=by.organisation, at=at)
    found.refresh_from_db()
    return found
