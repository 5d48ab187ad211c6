"""What is shown to whom, until when, and when they looked. Rows are never deleted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zonary.services.evidence.sharing.rules import MAX_NAME


class Share(models.Model):
    """That ``grantee`` may see the ``thing`` of ``kind`` that is ``holder``'s; all three are public ids.

    ``grantee`` is an organisation's, a person's, or ``link:`` and the share's own for whoever has the secret of its
    link, of which ``secret_digest`` is the SHA-256. ``name`` is what the holder calls them then. It ends by
    ``ended_at``, or with the day ``until``.
    """

    public_id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=16)
    thing = models.UUIDField()
    holder = models.CharField(max_length=96)
    grantee = models.CharField(max_length=96)
    secret_digest = models.BinaryField(max_length=32, null=True, unique=True)
    name = models.CharField(max_length=MAX_NAME, blank=True)
    until = models.DateField()
    shared_by = models.CharField(max_length=96)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("thing", "since"), name="sharing_of_a_thing"),
            models.Index(fields=("grantee", "public_id"), name="sharing_with_somebody"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("thing", "grantee"), condition=Q(ended_at__isnull=True), name="sharing_once_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"share {self.public_id}"


class ShareOpening(models.Model):
    """That somebody looked at what was shared with them. ``record`` is the public id of the record, or None for the
    first page; ``entry`` is that of the act."""

    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="openings")
    what = models.CharField(max_length=8)
    record = models.UUIDField(null=True)
    person = models.CharField(max_length=96)
    organisation = models.CharField(max_length=96, blank=True)
    at = models.DateTimeField()
    entry = models.UUIDField()

    def __str__(self) -> str:
        return f"opening of {self.share_id}"
