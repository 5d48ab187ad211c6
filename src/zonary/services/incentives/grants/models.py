"""Batches of 免申即享 and 即申即享, from their list to the last yuan that came back. Rows are never deleted."""

from __future__ import annotations

from django.db import models

from zonary.foundation.organizations.models import Organization
from zonary.services.incentives.grants.rules.allocating import Why
from zonary.services.incentives.grants.rules.steps import (
    MAX_TEXT,
    BatchState,
    FileState,
    GrantState,
    Reason,
)
from zonary.services.incentives.matching.models import StoredDecision
from zonary.services.incentives.measures.models import Measure


class AutomaticBatch(models.Model):
    """Enterprises that one measure is paid to, decided as of ``day`` by one release, as known at ``known_at``.

    ``terms`` is canonical JSON, frozen when the batch began; ``spent`` is what other batches had of its budget when
    this one was allocated, in fen. ``looked_at`` is when its decisions were last made anew. ``notice`` is what was
    published, ``notice_digest`` its digest (``rules/notices``); ``list_digest`` that of the list. Of instant ones
    (即申即享) there is one a day and measure that still takes claims.
    """

    public_id = models.UUIDField(unique=True)
    number = models.CharField(max_length=20, unique=True)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="batches")
    is_instant = models.BooleanField()
    day = models.DateField()
    known_at = models.DateTimeField()
    release = models.UUIDField()
    terms = models.TextField()
    terms_digest = models.CharField(max_length=64)
    year = models.PositiveSmallIntegerField()
    group = models.CharField(max_length=96)
    state = models.CharField(max_length=9, choices=[(each.value, each.name) for each in BatchState])
    list_digest = models.CharField(max_length=64, default="")
    notice = models.TextField(default="")
    notice_digest = models.CharField(max_length=64, default="")
    noticed_at = models.DateTimeField(null=True)
    notice_until = models.DateField(null=True)
    asked_at = models.DateTimeField(null=True)
    consent_until = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    spent = models.BigIntegerField(null=True)
    pay_until = models.DateField(null=True)
    settled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=MAX_TEXT, default="")
    made_by = models.CharField(max_length=96)
    made_at = models.DateTimeField()
    entry = models.UUIDField()

    class Meta:
        indexes = (models.Index(fields=("state", "made_at"), name="grants_batches_by_state"),)

    def __str__(self) -> str:
        return self.number


class PaymentFile(models.Model):
    """What a bank is handed. ``content`` is its bytes as text, enciphered; ``shown`` the same without accounts.

    Both digests are the SHA-256 of the bytes. Money in fen.
    """

    public_id = models.UUIDField(unique=True)
    batch = models.ForeignKey(AutomaticBatch, on_delete=models.PROTECT, related_name="files")
    number = models.PositiveSmallIntegerField()
    content = models.TextField()
    digest = models.CharField(max_length=64)
    shown = models.TextField()
    shown_digest = models.CharField(max_length=64)
    lines = models.PositiveIntegerField()
    total = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=[(each.value, each.name) for each in FileState])
    prepared_by = models.CharField(max_length=96)
    prepared_at = models.DateTimeField()
    decided_by = models.CharField(max_length=96, default="")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=MAX_TEXT, default="")
    entry = models.UUIDField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("batch", "number"), name="grants_one_file_a_number"),)

    def __str__(self) -> str:
        return f"payment file {self.number} of {self.batch_id}"


class Grant(models.Model):
    """What one enterprise gets from a batch, if it wants it. Money in fen.

    ``computed`` is what the rule gives, ``entitled`` what is left of it once ``earlier`` grants of the year and the
    cap are counted, ``allocated`` what the budget gives; the last three are None before the payment file. ``anew`` is
    the decision of the latest fresh look where that differs from ``decision``; ``kept_because`` why it stays all the
    same, and ``kept_by`` who said so. ``account`` is enciphered, ``account_digest`` salted, ``account_tail`` its last
    four digits.
    """

    public_id = models.UUIDField(unique=True)
    batch = models.ForeignKey(AutomaticBatch, on_delete=models.PROTECT, related_name="grants")
    subject = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="incentive_grants")
    decision = models.ForeignKey(StoredDecision, on_delete=models.PROTECT, related_name="grants")
    computed = models.BigIntegerField()
    state = models.CharField(max_length=11, choices=[(each.value, each.name) for each in GrantState])
    reason = models.CharField(max_length=MAX_TEXT, default="")
    anew = models.ForeignKey(StoredDecision, on_delete=models.PROTECT, null=True, related_name="looks")
    kept_because = models.CharField(max_length=MAX_TEXT, default="")
    kept_by = models.CharField(max_length=96, default="")
    consented_by = models.CharField(max_length=96, default="")
    consented_at = models.DateTimeField(null=True)
    account = models.TextField(default="")
    account_digest = models.CharField(max_length=64, default="")
    account_tail = models.CharField(max_length=4, default="")
    earlier = models.JSONField(null=True)
    entitled = models.BigIntegerField(null=True)
    entitled_why = models.CharField(max_length=9, default="", choices=[(each.value, each.name) for each in Why])
    allocated = models.BigIntegerField(null=True)
    allocated_why = models.CharField(max_length=9, default="", choices=[(each.value, each.name) for each in Why])
    file = models.ForeignKey(PaymentFile, on_delete=models.PROTECT, null=True, related_name="grants")
    line = models.PositiveIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    entry = models.UUIDField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("batch", "subject"), name="grants_one_a_batch"),)
        indexes = (models.Index(fields=("subject", "state"), name="grants_of_one"),)

    def __str__(self) -> str:
        return f"{self.state} grant {self.public_id}"


class PaymentLine(models.Model):
    """One line of a payment file: a grant that failed has another line, maybe with another account, in a later file.

    ``account`` is enciphered; the amount is the grant's, which stands once a file went out. ``is_paid`` is what the
    bank answered, None before; ``answered_by`` who read it, ``confirmed_by`` who else says that it failed.
    """

    file = models.ForeignKey(PaymentFile, on_delete=models.PROTECT, related_name="written")
    number = models.PositiveIntegerField()
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="lines")
    account = models.TextField()
    is_paid = models.BooleanField(null=True)
    answered_by = models.CharField(max_length=96, default="")
    confirmed_by = models.CharField(max_length=96, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("file", "number"), name="grants_one_line_a_number"),)

    def __str__(self) -> str:
        return f"line {self.number} of {self.file_id}"


class Objection(models.Model):
    """That somebody objected to a grant during its public notice; ``on_behalf``: whose words an officer took down."""

    class State(models.TextChoices):
        OPEN = "open"
        UPHELD = "upheld"
        REJECTED = "rejected"

    public_id = models.UUIDField(unique=True)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="objections")
    raised_by = models.CharField(max_length=96)
    organisation = models.CharField(max_length=96, default="")
    on_behalf = models.CharField(max_length=120, default="")
    reason = models.CharField(max_length=2000)
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices)
    answer = models.CharField(max_length=2000, default="")
    answered_by = models.CharField(max_length=96, default="")
    answered_at = models.DateTimeField(null=True)
    entry = models.UUIDField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("grant", "raised_by"), condition=models.Q(state="open"), name="grants_one_open_objection"
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} objection to {self.grant_id}"


class SampleReview(models.Model):
    """That whoever released a payment file looked at one grant in it before."""

    file = models.ForeignKey(PaymentFile, on_delete=models.PROTECT, related_name="reviews")
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="reviews")
    note = models.CharField(max_length=MAX_TEXT)
    reviewed_by = models.CharField(max_length=96)
    reviewed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("file", "grant"), name="grants_reviewed_once"),)

    def __str__(self) -> str:
        return f"review of {self.grant_id}"


class ClawBack(models.Model):
    """That a paid grant has to be paid back (追回), wholly or in part; ``until`` is the day by which. Money in fen."""

    public_id = models.UUIDField(unique=True)
    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="claw_back")
    reason = models.CharField(max_length=16, choices=[(each.value, each.name) for each in Reason])
    note = models.CharField(max_length=2000)
    amount = models.BigIntegerField()
    until = models.DateField()
    decided_by = models.CharField(max_length=96)
    decided_at = models.DateTimeField()
    repaid_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=96, default="")
    entry = models.UUIDField()

    def __str__(self) -> str:
        return f"claw-back of {self.grant_id}"
