"""Codes that were given, and the recordings that were sealed under them. Rows are never deleted."""

from __future__ import annotations

from django.db import models

from zonary.services.evidence.onsite.rules import MAX_PLACE, MAX_SHOWS, Medium, Plan
from zonary.services.evidence.rules import MAX_TITLE


class OnsiteCapture(models.Model):
    """One code, given to ``given_to`` for ``holder``; good until ``good_until``, and for one recording.

    ``evidence`` is the record of that recording once its digests came, ``sha256`` and ``sm3``: both empty before, and
    again when the record is erased. Title, place and what it shows stand here only until then: from then on the record
    and its statement have them.
    """

    public_id = models.UUIDField(unique=True)
    holder = models.CharField(max_length=96)
    organisation = models.CharField(max_length=96, default="")
    medium = models.CharField(max_length=8, choices=[(each.value, each.name) for each in Medium])
    code = models.CharField(max_length=80)
    title = models.CharField(max_length=MAX_TITLE, default="")
    subject = models.CharField(max_length=16, default="")
    place = models.CharField(max_length=MAX_PLACE, default="")
    shows = models.CharField(max_length=MAX_SHOWS, default="")
    given_to = models.CharField(max_length=96)
    given_at = models.DateTimeField()
    good_until = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)
    evidence = models.UUIDField(null=True, db_index=True)
    sha256 = models.BinaryField(max_length=32, default=b"")
    sm3 = models.BinaryField(max_length=32, default=b"")

    class Meta:
        indexes = (models.Index(fields=("holder", "public_id"), name="onsite_of_a_holder"),)

    def __str__(self) -> str:
        return f"onsite capture {self.public_id}"

    def plan(self) -> Plan:
        return Plan(medium=self.medium, title=self.title, subject=self.subject, place=self.place, shows=self.shows)
