from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSetUp(Event):
    """An organisation wants to be told at an address what happens."""

    kind: ClassVar[str] = "notifications.webhook.set-up"
    webhook: str
    url: str
    kinds: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookStopped(Event):
    """Nothing is posted there any more; an owner said so."""

    kind: ClassVar[str] = "notifications.webhook.stopped"
    webhook: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDisabled(Event):
    """Nothing is posted there any more: it took nothing for a day, or said that it is gone."""

    kind: ClassVar[str] = "notifications.webhook.disabled"
    webhook: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRepeated(Event):
    """An owner had one event posted again."""

    kind: ClassVar[str] = "notifications.delivery.repeated"
    webhook: str
    delivery: str
