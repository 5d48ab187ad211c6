from __future__ import annotations

from django.db import models


class Kind(models.TextChoices):
    """What the two registered digests are those of."""

    STATEMENT = "statement"
    DIGEST = "digest"


class EvidenceRecord(models.Model):
    """Whose a piece of evidence is, and by which digests its owner finds it again.

    Derived from the entry ``public_id`` of the ledger, which is the evidence; this is its index.
    """

    public_id = models.UUIDField(primary_key=True)
    owner = models.CharField(max_length=96)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    sha256 = models.BinaryField(max_length=32)
    sm3 = models.BinaryField(max_length=32)

    class Meta:
        indexes = (
            models.Index(fields=("owner", "sha256"), name="evidence_by_sha256"),
            models.Index(fields=("owner", "sm3"), name="evidence_by_sm3"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class EvidenceTimestamps(models.Model):
    """The two tokens of a package the server makes: made once, so that a package asked for again is the same."""

    record = models.OneToOneField(EvidenceRecord, on_delete=models.PROTECT, primary_key=True, related_name="timestamps")
    package_token = models.BinaryField()
    plain_token = models.BinaryField()

    def __str__(self) -> str:
        return f"timestamps of {self.record_id}"
