"""Item cards: what a zone offers under a released rule."""

from __future__ import annotations

from django.db import models

from zonary.services.incentives.library.models import PolicyDocument


class Measure(models.Model):
    """One item (事项) of a released pack, with what the fields of 川办函〔2024〕17号 ask of its card.

    Money is in fen. ``amount`` is the name of the pack's table that gives the amount, or empty for what pays nothing.
    ``budget`` is for the ``budget_year``; None: without limit. ``cap`` is what one enterprise gets at most in that year
    from all measures of one ``stacking`` group, of which only the highest counts (就高不重复); empty: of none.
    ``audience`` has keys of ``rules.AUDIENCES``. ``version`` grows with each change, so that of two who change it at
    one time the second is told. ``prepared_by`` is who last wrote what decides about money before it was published.
    """

    class Kind(models.TextChoices):
        REDUCTION = "reduction"  # 减免
        AWARD = "award"  # 奖补
        RIGHT = "right"  # 权益
        QUALIFICATION = "qualification"  # 资质

    class Mode(models.TextChoices):
        AUTOMATIC = "automatic"  # 免申即享
        INSTANT = "instant"  # 即申即享
        REVIEWED = "reviewed"  # 申报后评审

    class Exhaustion(models.TextChoices):
        FIRST_COME = "first-come"  # 先到先得
        PRO_RATA = "pro-rata"  # 按比例

    class State(models.TextChoices):
        PREPARED = "prepared"
        PUBLISHED = "published"
        ENDED = "ended"

    public_id = models.UUIDField(unique=True)
    pack = models.CharField(max_length=60)
    item = models.CharField(max_length=60)
    document = models.ForeignKey(PolicyDocument, on_delete=models.PROTECT, null=True, related_name="measures")
    title = models.CharField(max_length=200)
    title_english = models.CharField(max_length=200)
    summary = models.CharField(max_length=1000)
    summary_english = models.CharField(max_length=1000)
    kind = models.CharField(max_length=13, choices=Kind.choices)
    mode = models.CharField(max_length=9, choices=Mode.choices)
    decided_here = models.BooleanField()
    decided_by = models.CharField(max_length=100)
    audience = models.JSONField()
    amount = models.CharField(max_length=200)
    budget = models.BigIntegerField(null=True)
    budget_year = models.PositiveSmallIntegerField(null=True)
    cap = models.BigIntegerField(null=True)
    exhaustion = models.CharField(max_length=10, choices=Exhaustion.choices)
    stacking = models.CharField(max_length=60)
    claim_from = models.DateField(null=True)
    claim_until = models.DateField(null=True)
    notice_workdays = models.PositiveSmallIntegerField()
    pay_workdays = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=200)
    telephone = models.CharField(max_length=60)
    contact = models.CharField(max_length=100)
    state = models.CharField(max_length=9, choices=State.choices)
    version = models.PositiveIntegerField(default=1)
    prepared_by = models.CharField(max_length=96, default="")
    prepared_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    entry = models.UUIDField()

    class Meta:
        indexes = (models.Index(fields=("state", "pack"), name="incentives_measures_of_a_pack"),)

    def __str__(self) -> str:
        return f"{self.pack}/{self.item}"


class CardChange(models.Model):
    """What was changed on a published card, or waits for a second officer because it decides about money.

    ``before`` and ``after`` are field -> value, as ``rules.Card.written`` has them. ``number`` is the version of the
    card that it made, None while it made none. ``decided_by`` is empty where one officer was enough. ``entry`` is the
    act that made the change, before that the one that proposed it. Rows are never deleted.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        MADE = "made"
        REJECTED = "rejected"

    public_id = models.UUIDField(unique=True)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="changes")
    before = models.JSONField()
    after = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices)
    number = models.PositiveIntegerField(null=True)
    proposed_by = models.CharField(max_length=96)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=96, default="")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, default="")
    entry = models.UUIDField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("measure",), condition=models.Q(state="proposed"), name="incentives_one_change_waits"
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} change of {self.measure_id}"
