"""Following the ledger, and posting what happened: a queue that may be worked off by any server.

Nothing in the ledger knows of webhooks. What has its place in the log is looked through once, in order of place; what
concerns an organisation that wants to be told becomes a delivery, in the transaction that says how far this has come.
After a crash at any moment a message may be posted twice, under the same ``webhook-id``, and is never lost.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from zonary.common.clock import rfc3339
from zonary.common.ids import new_id
from zonary.foundation.ledger.queries import PlacedHead, heads_after, last_place
from zonary.foundation.notifications.actions import UnknownWebhookError, disable_webhook
from zonary.foundation.notifications.models import Delivery, Follower, WebhookEndpoint
from zonary.foundation.notifications.posting import Posted, post
from zonary.foundation.notifications.rules import GIVE_UP_AFTER, delay_after, secret_of, signature_of

FOLLOWED = 1000
"""Entries looked through in one transaction."""
AT_ONCE = 8
"""Posted at one time, each to another address: a slow one holds up no other."""
_CLAIM = timedelta(seconds=60)
_GONE = 410
_State = Delivery.State


def follow(*, at: datetime) -> int:
    """Make deliveries of what happened since; returns how many entries were looked through."""
    if not Follower.objects.exists():
        with transaction.atomic():
            Follower.objects.get_or_create(id=1, defaults={"place": last_place()})
        return 0
    last = last_place()
    if not WebhookEndpoint.objects.filter(state=WebhookEndpoint.State.ACTIVE).exists():
        # Whoever comes later is told of what comes later.
        Follower.objects.filter(id=1, place__lt=last).update(place=last)
        return 0
    with transaction.atomic():
        follower = Follower.objects.select_for_update().get(id=1)
        heads = list(heads_after(follower.place, FOLLOWED))
        if not heads:
            return 0
        made = [each for head in heads for each in _deliveries(head, _wanted(heads), at)]
        Delivery.objects.bulk_create(made, ignore_conflicts=True)
        Follower.objects.filter(id=1).update(place=heads[-1].place)
    return len(heads)


def _wanted(heads: Iterable[PlacedHead]) -> list[WebhookEndpoint]:
    concerned = {name for head in heads for name in (head.organisation, head.about) if name}
    active = WebhookEndpoint.objects.filter(state=WebhookEndpoint.State.ACTIVE)
    return [endpoint for endpoint in active if endpoint.organisation in concerned]


def _deliveries(head: PlacedHead, endpoints: list[WebhookEndpoint], at: datetime) -> Iterable[Delivery]:
    for endpoint in endpoints:
        kinds = endpoint.kinds.split()
        if endpoint.organisation not in (head.organisation, head.about) or (kinds and head.kind not in kinds):
            continue
        yield Delivery(
            public_id=new_id(at),
            endpoint=endpoint,
            entry=head.public_id,
            kind=head.kind,
            about=head.about,
            count=head.count,
            happened_at=head.recorded_at,
            made_at=at,
            state=_State.WAITING,
            next_at=at,
        )


def deliver(clock: Callable[[], datetime], pool: ThreadPoolExecutor) -> int:
    """Post what is due, at most one message to each address; returns how many were tried."""
    at = clock()
    claimed = [each for each in _due(at) if _claim(each, at)]
    for delivery, posted in zip(claimed, pool.map(_post, claimed, [at] * len(claimed)), strict=True):
        _settle(delivery, posted, at=clock())
    return len(claimed)


def _due(at: datetime) -> list[Delivery]:
    """The oldest that is due to each address."""
    due = Delivery.objects.filter(_free(at), state=_State.WAITING, next_at__lte=at)
    due = due.filter(endpoint__state=WebhookEndpoint.State.ACTIVE).select_related("endpoint").order_by("next_at", "id")
    first: dict[int, Delivery] = {}
    for each in due[: 50 * AT_ONCE]:
        first.setdefault(each.endpoint_id, each)
    return list(first.values())[:AT_ONCE]


def _free(at: datetime) -> Q:
    return Q(claimed_until=None) | Q(claimed_until__lte=at)


def _claim(delivery: Delivery, at: datetime) -> bool:
    """Whether this server may send it: of two that ask, one."""
    free = Delivery.objects.filter(_free(at), pk=delivery.pk, state=_State.WAITING, attempts=delivery.attempts)
    return bool(free.update(claimed_until=at + _CLAIM))


def message_of(delivery: Delivery) -> bytes:
    """What is posted: what happened and where its receipt is, nothing of what it says."""
    entry = str(delivery.entry)
    value = {
        "type": delivery.kind,
        "timestamp": rfc3339(delivery.happened_at),
        "data": {
            "entry": entry,
            "count": delivery.count,
            "about": delivery.about,
            "organisation": delivery.endpoint.organisation,
            "receipt": _receipt_address(delivery.kind, entry),
        },
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _receipt_address(kind: str, entry: str) -> str:
    folder = "evidence" if kind == "evidence.registered" else "receipts"
    return f"{settings.ZONARY_URL}/api/v1/{folder}/{entry}"


def _post(delivery: Delivery, at: datetime) -> Posted:
    body, message, seconds = message_of(delivery), str(delivery.public_id), int(at.timestamp())
    secret = secret_of(str(delivery.endpoint.public_id), settings.SECRET_KEY)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Zonary",
        "Webhook-Id": message,
        "Webhook-Timestamp": str(seconds),
        "Webhook-Signature": signature_of(secret, message, seconds, body),
    }
    allowed, ca = settings.ZONARY_WEBHOOK_HOSTS, settings.ZONARY_WEBHOOK_CA
    return post(delivery.endpoint.url, body, headers, allowed=allowed, ca=ca)


def _settle(delivery: Delivery, posted: Posted, *, at: datetime) -> None:
    own = Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts)
    attempts = delivery.attempts + 1
    if posted.is_taken:
        own.update(state=_State.DELIVERED, next_at=None, claimed_until=None, attempts=attempts, answer=posted.answer)
        return
    is_over = posted.status == _GONE or at - delivery.made_at >= GIVE_UP_AFTER
    own.update(
        state=_State.GIVEN_UP if is_over else _State.WAITING,
        next_at=None if is_over else at + delay_after(attempts),
        claimed_until=None,
        attempts=attempts,
        answer=posted.answer,
    )
    if is_over:
        with suppress(UnknownWebhookError):  # it was stopped meanwhile
            disable_webhook(delivery.endpoint, answer=posted.answer, at=at)
