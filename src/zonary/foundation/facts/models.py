"""Facts, and what decides who reads them. A fact and a reading are never changed nor removed: the database refuses.

The one change the database lets through is emptying a fact's value, for erasing what is about a person.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zonary.foundation.organizations.models import Organization


class Consent(models.Model):
    """That an enterprise lets facts about it be recorded and read; it ends by ``until`` (a last day) or withdrawal.

    ``indicators`` and ``purposes`` name what it covers; empty ``purposes``: any purpose of the zone.
    """

    public_id = models.UUIDField(unique=True)
    subject = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="fact_consents")
    indicators = models.JSONField()
    purposes = models.JSONField()
    until = models.DateField(null=True)
    given_by = models.CharField(max_length=96)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdraw_reason = models.CharField(max_length=200, default="")
    entry = models.UUIDField()

    def __str__(self) -> str:
        return f"consent of {self.subject_id}"


class Fact(models.Model):
    """One thing said about an enterprise, for a period, by somebody.

    ``value`` is the one spelling of :class:`~zonary.foundation.facts.rules.Value`, ``number`` the same in the smallest
    unit. ``valid_until`` is the last day, None while it goes on. ``document`` is the SHA-256 of what it was taken from.
    ``entry`` is the ledger's entry that recorded it. One that ``supersedes`` another takes its place from
    ``recorded_at`` on; both stay.
    """

    class SourceKind(models.TextChoices):
        SELF = "self-declared"  # 企业自报
        OFFICER = "officer"  # 工作人员登记
        AUTHORITY = "shared-by-authority"  # 政务数据共享
        THIRD_PARTY = "third-party"  # 第三方
        IMPORT = "import"  # 批量导入

    public_id = models.UUIDField(unique=True)
    subject = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="facts")
    indicator = models.CharField(max_length=40)
    value = models.CharField(max_length=200)
    number = models.BigIntegerField(null=True)
    unit = models.CharField(max_length=12)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=96)
    recorded_for = models.CharField(max_length=96)
    source_kind = models.CharField(max_length=20, choices=SourceKind.choices)
    source = models.CharField(max_length=200)
    document = models.CharField(max_length=64)
    sharing_basis = models.CharField(max_length=200)
    use_limit = models.JSONField()
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True)
    consent_not_needed = models.CharField(max_length=200)
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="successor")
    reason = models.CharField(max_length=200)
    entry = models.UUIDField()

    class Meta:
        indexes = (models.Index(fields=("subject", "indicator", "valid_from"), name="facts_of_a_subject"),)

    def __str__(self) -> str:
        return f"{self.indicator} of {self.subject_id}"


class Retraction(models.Model):
    """That a fact should never have been recorded (撤回), said by whose word it was.

    From ``retracted_at`` on it is none of what is known; it stays in its history, with the reason.
    """

    fact = models.OneToOneField(Fact, on_delete=models.PROTECT, related_name="retraction")
    reason = models.CharField(max_length=200)
    retracted_by = models.CharField(max_length=96)
    retracted_at = models.DateTimeField()
    entry = models.UUIDField()

    def __str__(self) -> str:
        return f"retraction of {self.fact_id}"


class Dispute(models.Model):
    """That the enterprise says a fact about it is wrong. ``ought`` is what it says it ought to be, as it wrote it.

    ``outcome_fact`` is the fact that took the place of one that was disputed rightly.
    """

    class State(models.TextChoices):
        OPEN = "open"
        UPHELD = "upheld"
        REJECTED = "rejected"

    public_id = models.UUIDField(unique=True)
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="disputes")
    subject = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="fact_disputes")
    state = models.CharField(max_length=8, choices=State.choices)
    reason = models.CharField(max_length=200)
    ought = models.CharField(max_length=200)
    disputed_by = models.CharField(max_length=96)
    disputed_at = models.DateTimeField()
    answer = models.CharField(max_length=200, default="")
    answered_by = models.CharField(max_length=96, default="")
    answered_at = models.DateTimeField(null=True)
    outcome_fact = models.ForeignKey(Fact, on_delete=models.PROTECT, null=True, related_name="mends")
    entry = models.UUIDField()
    answer_entry = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("fact",), condition=Q(state="open"), name="facts_one_open_dispute"),
        )

    def __str__(self) -> str:
        return f"{self.state} dispute of {self.fact_id}"


class ProfileShare(models.Model):
    """That an enterprise handed its profile to another organisation, for one purpose, until a last day.

    ``indicators`` empty: all of them.
    """

    public_id = models.UUIDField(unique=True)
    subject = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="profile_shares")
    recipient = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="profiles_received")
    indicators = models.JSONField()
    purpose = models.CharField(max_length=40)
    until = models.DateField()
    shared_by = models.CharField(max_length=96)
    shared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    entry = models.UUIDField()

    def __str__(self) -> str:
        return f"profile of {self.subject_id} for {self.recipient_id}"


class Reading(models.Model):
    """That somebody else read facts about an enterprise: who, for whom, what for, and (``facts``) which."""

    public_id = models.UUIDField(unique=True)
    subject = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="profile_readings")
    reader = models.CharField(max_length=96)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="readings_made")
    purpose = models.CharField(max_length=40)
    occasion = models.CharField(max_length=200)
    share = models.ForeignKey(ProfileShare, on_delete=models.PROTECT, null=True)
    read_at = models.DateTimeField()
    entry = models.UUIDField()
    facts = models.ManyToManyField(Fact, through="ReadingFact", related_name="readings")

    def __str__(self) -> str:
        return f"reading of {self.subject_id}"


class ReadingFact(models.Model):
    """A fact that was among those read."""

    reading = models.ForeignKey(Reading, on_delete=models.PROTECT)
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("reading", "fact"), name="facts_read_once_a_reading"),)

    def __str__(self) -> str:
        return f"{self.fact_id} in {self.reading_id}"
