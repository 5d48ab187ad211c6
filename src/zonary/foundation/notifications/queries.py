from __future__ import annotations

from django.db.models import QuerySet

from zonary.foundation.notifications.models import Delivery, WebhookEndpoint
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing


def webhooks(reader: Standing) -> QuerySet[WebhookEndpoint]:
    """The webhooks of the reader's organisation, if they are an owner of it: addresses may hold secrets."""
    if reader.role != "owner":
        return WebhookEndpoint.objects.none()
    return WebhookEndpoint.objects.filter(organisation=reader.organisation)


def deliveries(reader: Standing, webhook: str) -> QuerySet[Delivery]:
    """What was, and is to be, posted to one of them."""
    return Delivery.objects.filter(endpoint__in=webhooks(reader).filter(public_id=as_uuid(webhook)))
