"""The register of marked secrets, who may see them on what terms, and who did. Rows are never deleted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zonary.services.evidence.secrets.rules import MARKINGS, MAX_NAME, MAX_REASON, MAX_TITLE


class TradeSecret(models.Model):
    """Something ``holder`` keeps secret and says so.

    ``thing`` of ``source`` is a record of evidence, of which nothing but digests is here, or a document whose bytes the
    holder encrypted; ``number`` is that of its version. ``point`` says what about it is secret; with ``point_salt`` it
    gives the digests in the act of registration, and both can be erased. In force until ``ended_at``.
    """

    public_id = models.UUIDField(unique=True)
    holder = models.CharField(max_length=96)
    title = models.CharField(max_length=MAX_TITLE)
    marking = models.CharField(max_length=8, choices=list(MARKINGS.items()))
    source = models.CharField(max_length=8)
    thing = models.UUIDField()
    number = models.PositiveIntegerField(null=True)
    point = models.TextField(blank=True)
    point_salt = models.BinaryField(max_length=16, blank=True)
    registered_by = models.CharField(max_length=96)
    registered_at = models.DateTimeField()
    entry = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=MAX_REASON, blank=True)

    class Meta:
        indexes = (models.Index(fields=("holder", "public_id"), name="secrets_of_a_holder"),)
        constraints = (
            models.UniqueConstraint(
                fields=("source", "thing"), condition=Q(ended_at__isnull=True), name="secrets_registered_once"
            ),
        )

    def __str__(self) -> str:
        return f"trade secret {self.public_id}"


class Agreement(models.Model):
    """A version of a confidentiality agreement, as whoever is to see a secret accepts it; never changed.

    ``entry`` is the act that has its digests.
    """

    public_id = models.UUIDField(unique=True)
    holder = models.CharField(max_length=96)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=MAX_TITLE)
    text = models.TextField()
    issued_by = models.CharField(max_length=96)
    issued_at = models.DateTimeField()
    entry = models.UUIDField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("holder", "number"), name="secrets_agreement_number_once"),)

    def __str__(self) -> str:
        return f"agreement {self.public_id}"


class LeaverCheck(models.Model):
    """What was said of a person who leaves: what of theirs came back, and that nothing is open to them any more."""

    public_id = models.UUIDField(unique=True)
    holder = models.CharField(max_length=96, db_index=True)
    person = models.UUIDField()
    returned = models.CharField(max_length=16)
    note = models.CharField(max_length=MAX_REASON, blank=True)
    checked_by = models.CharField(max_length=96)
    checked_at = models.DateTimeField()
    entry = models.UUIDField()

    def __str__(self) -> str:
        return f"check of {self.person}"


class AccessGrant(models.Model):
    """That ``person`` may see a secret once they accepted ``agreement``, until it is withdrawn or the day is past.

    ``organisation`` is the holder's for a member, who may then see it only while they are one; empty for an outsider,
    whom the holder calls ``name``. ``acceptance`` is the act by which they accepted. ``check`` is that of a leaver.
    """

    public_id = models.UUIDField(unique=True)
    secret = models.ForeignKey(TradeSecret, on_delete=models.PROTECT, related_name="grants")
    person = models.UUIDField()
    organisation = models.CharField(max_length=96, blank=True)
    name = models.CharField(max_length=MAX_NAME, blank=True)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="grants")
    until = models.DateField()
    granted_by = models.CharField(max_length=96)
    since = models.DateTimeField()
    entry = models.UUIDField()
    accepted_at = models.DateTimeField(null=True)
    acceptance = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    leaver_check = models.ForeignKey(LeaverCheck, on_delete=models.PROTECT, null=True, related_name="grants")

    class Meta:
        indexes = (models.Index(fields=("person", "public_id"), name="secrets_shown_to_a_person"),)
        constraints = (
            models.UniqueConstraint(
                fields=("secret", "person"), condition=Q(withdrawn_at__isnull=True), name="secrets_one_grant_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"grant {self.public_id}"


class SecretOpening(models.Model):
    """That somebody opened a secret; ``entry`` is the act. Without ``grant`` it was its holder."""

    secret = models.ForeignKey(TradeSecret, on_delete=models.PROTECT, related_name="openings")
    grant = models.ForeignKey(AccessGrant, on_delete=models.PROTECT, null=True, related_name="openings")
    what = models.CharField(max_length=8)
    person = models.UUIDField()
    at = models.DateTimeField()
    entry = models.UUIDField()

    class Meta:
        indexes = (models.Index(fields=("secret", "at"), name="secrets_who_opened"),)

    def __str__(self) -> str:
        return f"opening of {self.secret_id}"
