from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from django.db.models import Max, QuerySet

from zonary.foundation.notifications.models import Delivery, WebhookEndpoint
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing


def webhook_addresses() -> list[str]:
    """Hosts that events are posted to, for whoever runs the server; not the paths, which may hold secrets."""
    urls = WebhookEndpoint.objects.filter(state=WebhookEndpoint.State.ACTIVE).values_list("url", flat=True)
    return sorted({urlsplit(url).netloc.rpartition("@")[2] for url in urls})


def webhooks(reader: Standing) -> QuerySet[WebhookEndpoint]:
    """The webhooks of the reader's organisation, if they are an owner of it: addresses may hold secrets."""
    if reader.role != "owner":
        return WebhookEndpoint.objects.none()
    return WebhookEndpoint.objects.filter(organisation=reader.organisation)


def deliveries(reader: Standing, webhook: str) -> QuerySet[Delivery]:
    """What was, and is to be, posted to one of them."""
    return Delivery.objects.filter(endpoint__in=webhooks(reader).filter(public_id=as_uuid(webhook)))


def last_deliveries(endpoints: Collection[WebhookEndpoint]) -> dict[int, Delivery]:
    """Key of each of these webhooks -> the latest event for it; those without any are left out."""
    latest = Delivery.objects.filter(endpoint__in=[each.pk for each in endpoints]).values("endpoint")
    keys = latest.annotate(last=Max("id")).values_list("last", flat=True)
    return {each.endpoint_id: each for each in Delivery.objects.filter(pk__in=list(keys))}
