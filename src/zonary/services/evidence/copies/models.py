"""Which version of which document is a copy of what was registered. Rows are never changed; they go with the record."""

from __future__ import annotations

from django.db import models


class StoredCopy(models.Model):
    """That version ``number`` of ``document`` is what was registered as ``record``; both are public ids.

    ``is_compared``: its digests are those of the record. It is not where the server has ciphertext, or an archive of a
    folder. ``entry`` is the public id of the act.
    """

    public_id = models.UUIDField(unique=True)
    record = models.UUIDField()
    holder = models.CharField(max_length=96)
    document = models.UUIDField(db_index=True)
    number = models.PositiveIntegerField()
    is_compared = models.BooleanField()
    stored_by = models.CharField(max_length=96)
    stored_at = models.DateTimeField()
    entry = models.UUIDField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("record", "document", "number"), name="copies_once_a_version"),)

    def __str__(self) -> str:
        return f"copy {self.public_id}"
