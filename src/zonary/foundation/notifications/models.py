"""Where an organisation wants to be told what happens, and what has been told."""

from __future__ import annotations

from django.db import models


class WebhookEndpoint(models.Model):
    """An address to which an organisation's events are posted.

    Its secret stands nowhere: it follows from ``public_id`` and the server's own (``rules.secret_of``).

    :ivar kinds: kinds of events separated by spaces; empty: all.
    """

    class State(models.TextChoices):
        ACTIVE = "active"
        STOPPED = "stopped"  # by an owner
        DISABLED = "disabled"  # it took nothing for a day, or said that it is gone

    public_id = models.UUIDField(unique=True)
    organisation = models.CharField(max_length=96, db_index=True)
    url = models.CharField(max_length=500)
    kinds = models.CharField(max_length=1000, default="")
    state = models.CharField(max_length=8, choices=State.choices)
    made_by = models.CharField(max_length=96)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"webhook of {self.organisation}"


class Delivery(models.Model):
    """One event on its way to one address: a queue, derived from the ledger.

    :ivar next_at: when it is tried next; None once it is delivered or given up.
    :ivar claimed_until: until when the server that took it may be sending it; another one then tries again.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        GIVEN_UP = "given-up"

    public_id = models.UUIDField(unique=True)
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries")
    entry = models.UUIDField()
    kind = models.CharField(max_length=96)
    about = models.CharField(max_length=128, default="")
    count = models.PositiveIntegerField(default=1)
    happened_at = models.DateTimeField()
    made_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, db_index=True)
    claimed_until = models.DateTimeField(null=True)
    answer = models.CharField(max_length=160, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("endpoint", "entry"), name="notifications_told_once"),)

    def __str__(self) -> str:
        return f"{self.kind} to {self.endpoint_id}"


class Follower(models.Model):
    """How far the ledger has been looked through for events to tell: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    place = models.BigIntegerField()

    def __str__(self) -> str:
        return f"followed up to {self.place}"
