"""What was answered to whom. A decision is never changed nor removed; what becomes of a promise is."""

from __future__ import annotations

from django.db import models

from zonary.foundation.organizations.models import Organization
from zonary.services.incentives.measures.models import Measure


class StoredDecision(models.Model):
    """The answer of one measure for one enterprise, with all it takes to repeat it.

    ``snapshot`` and ``record`` are canonical JSON (``specs/decision.md``), the digests their SHA-256. ``release`` is
    the public id of the pack's release. ``amount`` is in fen; None when the measure pays nothing, or it is not known.
    Decisions of one list share the ``entry`` that names their digests.
    """

    class Truth(models.TextChoices):
        YES = "yes"
        NO = "no"
        UNKNOWN = "unknown"
        STOPPED = "stopped"

    public_id = models.UUIDField(unique=True)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="decisions")
    subject = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="incentive_decisions")
    release = models.UUIDField()
    day = models.DateField()
    known_at = models.DateTimeField()
    truth = models.CharField(max_length=7, choices=Truth.choices)
    amount = models.BigIntegerField(null=True)
    snapshot = models.TextField()
    snapshot_digest = models.CharField(max_length=64)
    record = models.TextField()
    digest = models.CharField(max_length=64)
    occasion = models.CharField(max_length=40)
    made_by = models.CharField(max_length=96)
    made_at = models.DateTimeField()
    entry = models.UUIDField()

    class Meta:
        indexes = (models.Index(fields=("subject", "measure", "made_at"), name="incentives_decisions_of_one"),)

    def __str__(self) -> str:
        return f"{self.truth} {self.digest[:8]}"


class Promise(models.Model):
    """That an enterprise promised a clause whose data are not known (承诺即入制), in the words it was shown.

    ``due`` is the day by which it is checked. A broken one stays broken; ``lifted_at`` is when it stopped standing in
    the way of further promises, because by ``repair_basis`` of the day ``repaired_on`` the credit was repaired.
    """

    class State(models.TextChoices):
        OPEN = "open"
        KEPT = "kept"
        BROKEN = "broken"

    public_id = models.UUIDField(unique=True)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="promises")
    subject = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="incentive_promises")
    clause = models.CharField(max_length=60)
    words = models.TextField()
    words_digest = models.CharField(max_length=64)
    promised_by = models.CharField(max_length=96)
    promised_at = models.DateTimeField()
    due = models.DateField()
    state = models.CharField(max_length=6, choices=State.choices)
    finding = models.CharField(max_length=400, default="")
    checked_by = models.CharField(max_length=96, default="")
    checked_at = models.DateTimeField(null=True)
    repair_basis = models.CharField(max_length=120, default="")
    repaired_on = models.DateField(null=True)
    lifted_by = models.CharField(max_length=96, default="")
    lifted_at = models.DateTimeField(null=True)
    entry = models.UUIDField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("measure", "subject", "clause"),
                condition=models.Q(state="open"),
                name="incentives_one_open_promise",
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} promise {self.clause}"


class NotForUs(models.Model):
    """That an enterprise said a measure is not for it, and why; from then on it is not told of it again."""

    public_id = models.UUIDField(unique=True)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="not_for_us")
    subject = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="incentives_not_for_us")
    reason = models.CharField(max_length=200)
    said_by = models.CharField(max_length=96)
    said_at = models.DateTimeField()
    entry = models.UUIDField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("measure", "subject"), name="incentives_said_once"),)

    def __str__(self) -> str:
        return f"{self.measure_id} not for {self.subject_id}"


class Push(models.Model):
    """That an enterprise was told of a measure it has, because of ``decision``."""

    public_id = models.UUIDField(unique=True)
    decision = models.OneToOneField(StoredDecision, on_delete=models.PROTECT, related_name="push")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="pushes")
    subject = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="incentive_pushes")
    told_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("measure", "subject"), name="incentives_told_once"),)

    def __str__(self) -> str:
        return f"{self.measure_id} told to {self.subject_id}"


class Reached(models.Model):
    """How many enterprises a measure was matched with when the whole zone was last looked at: numbers, no names.

    Derived, so lost it is found again at the next look. ``as_of`` is the moment of that look.
    """

    measure = models.OneToOneField(Measure, on_delete=models.PROTECT, related_name="reached")
    as_of = models.DateTimeField()
    asked = models.PositiveIntegerField()
    eligible = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.eligible} of {self.asked}"
