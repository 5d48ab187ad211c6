"""Captures that were asked for, and what came of them. Rows are never deleted."""

from __future__ import annotations

from django.db import models

from zonary.services.evidence.capture.rules import MAX_ADDRESS


class Capture(models.Model):
    """One address, asked for once.

    ``holder`` is the public id of the organisation it was asked for, else of the person. ``goes_on``: in spite of a
    certificate nobody trusts. ``subject`` is what its record will be about. ``outcome`` is a key of ``OUTCOMES`` once
    it is sealed; ``failure`` one of ``FAILURES`` when it is not.

    ``evidence`` is the record of its statement, with which statement and manifest are kept; ``document`` the public id
    of the document that holds its files.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        SEALED = "sealed"
        FAILED = "failed"
        WITHDRAWN = "withdrawn"

    public_id = models.UUIDField(unique=True)
    holder = models.CharField(max_length=96)
    organisation = models.CharField(max_length=96, default="")
    address = models.CharField(max_length=MAX_ADDRESS)
    goes_on = models.BooleanField(default=False)
    subject = models.CharField(max_length=16, default="")
    state = models.CharField(max_length=9, choices=State.choices, db_index=True)
    asked_by = models.CharField(max_length=96)
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, default="")
    failure = models.CharField(max_length=16, default="")
    title = models.CharField(max_length=300, default="")
    evidence = models.UUIDField(null=True)
    document = models.UUIDField(null=True)

    class Meta:
        indexes = (models.Index(fields=("holder", "public_id"), name="captures_of_a_holder"),)

    def __str__(self) -> str:
        return f"capture {self.public_id}"
