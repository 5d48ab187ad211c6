"""Rules while somebody writes them. What is proposed is kept, unchanged, by ``foundation/rules``."""

from __future__ import annotations

from django.db import models

from zonary.services.incentives.library.models import PolicyEdition


class WorkingDraft(models.Model):
    """A pack that is being written from an edition of a document.

    ``content`` is JSON in the form of a pack (``specs/rules.md``) that need not be whole. ``version`` grows with each
    change, so that of two who change it at one time the second is told. ``saved_by`` is everybody who saved it.
    ``proposal`` is the public id of the draft that was laid before the others.
    """

    class State(models.TextChoices):
        OPEN = "open"
        PROPOSED = "proposed"
        DROPPED = "dropped"

    public_id = models.UUIDField(unique=True)
    edition = models.ForeignKey(PolicyEdition, on_delete=models.PROTECT, related_name="working_drafts")
    pack = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    content = models.TextField()
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State.choices)
    proposal = models.UUIDField(null=True)
    begun_by = models.CharField(max_length=96)
    begun_at = models.DateTimeField()
    saved_by = models.JSONField(default=list)
    changed_by = models.CharField(max_length=96)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("state", "changed_at"), name="incentives_drafts_by_state"),)

    def __str__(self) -> str:
        return f"{self.pack} version {self.version}"
