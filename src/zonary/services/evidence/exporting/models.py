"""Who accepted the notice, when and for what. Rows are never changed or deleted."""

from __future__ import annotations

from django.db import models


class ExportAcceptance(models.Model):
    """That ``accepted_by`` accepted the notice with the SHA-256 ``notice`` for the record or dossier ``thing``.

    ``share`` is the public id of the share it was accepted for; None: for a package taken along. ``entry`` is that of
    the act.
    """

    thing = models.UUIDField()
    holder = models.CharField(max_length=96)
    receiver = models.CharField(max_length=16)
    notice = models.CharField(max_length=64)
    share = models.UUIDField(null=True)
    accepted_by = models.CharField(max_length=96)
    accepted_at = models.DateTimeField()
    entry = models.UUIDField()

    class Meta:
        indexes = (models.Index(fields=("thing", "accepted_at"), name="exporting_of_a_thing"),)

    def __str__(self) -> str:
        return f"acceptance {self.entry}"
