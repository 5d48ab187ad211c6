"""The certificates that were issued. Rows are never changed; they go when the record is erased."""

from __future__ import annotations

from django.db import models


class EvidenceCertificate(models.Model):
    """A certificate about ``record``; its number is ``public_id``, ``entry`` the public id of the act.

    ``facts`` are those that stand in it, as canonical JSON, and ``package`` is what is attached: both as of issuing, so
    that whoever fetches it again gets the same. ``is_disclosure``: it shows only some of the record's files.
    """

    public_id = models.UUIDField(unique=True)
    record = models.UUIDField(db_index=True)
    holder = models.CharField(max_length=96)
    facts = models.BinaryField()
    package = models.BinaryField()
    is_disclosure = models.BooleanField(default=False)
    issued_by = models.CharField(max_length=96)
    issued_at = models.DateTimeField()
    entry = models.UUIDField()

    class Meta:
        # How many a holder was issued today, and what they take.
        indexes = (models.Index(fields=("holder", "issued_at"), name="certificates_of_a_holder"),)

    def __str__(self) -> str:
        return f"certificate {self.public_id}"
