"""The certificates that were issued. Rows are never changed; they go when the record is erased."""

from __future__ import annotations

from django.db import models


class EvidenceCertificate(models.Model):
    """A certificate about ``record``; its number is ``public_id``, ``entry`` the public id of the act.

    ``facts`` are those that stand in it, as canonical JSON, and ``package`` is what is attached: both as of issuing, so
    that whoever fetches it again gets the same.
    """

    public_id = models.UUIDField(unique=True)
    record = models.UUIDField(db_index=True)
    holder = models.CharField(max_length=96)
    facts = models.BinaryField()
    package = models.BinaryField()
    issued_by = models.CharField(max_length=96)
    issued_at = models.DateTimeField()
    entry = models.UUIDField()

    def __str__(self) -> str:
        return f"certificate {self.public_id}"
