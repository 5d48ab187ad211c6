"""The zone's calendar as far as people decide it, and the terms that run by it. Rows are never deleted."""

from __future__ import annotations

from django.db import models


class HolidayNotice(models.Model):
    """A year as the State Council's notice arranges it, entered here because no release of the calendar has it yet.

    ``holidays`` and ``makeup`` have a name by day (ISO 8601). Of several for one year the latest counts.
    """

    public_id = models.UUIDField(unique=True)
    year = models.PositiveSmallIntegerField()
    document = models.CharField(max_length=120)
    holidays = models.JSONField()
    makeup = models.JSONField()
    entered_by = models.CharField(max_length=96)
    entered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.year}: {self.document}"


class ZoneClosure(models.Model):
    """Days on which the zone authority does not work though others do; ``last`` is the last of them."""

    public_id = models.UUIDField(unique=True)
    first = models.DateField()
    last = models.DateField()
    reason = models.CharField(max_length=200)
    decided_by = models.CharField(max_length=96)
    decided_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


class Deadline(models.Model):
    """When what ``about`` (a public id) is waiting for has to be done.

    ``due`` is None while the clock stands and nobody knows until when. ``is_provisional``: it rests on days whose
    official notice is not out yet. ``calendar`` is the version it was computed with. ``near_told`` and ``missed_told``
    are the days of which it was said that they are near, and past. ``awaited_by`` is the public id of who waits for it,
    or empty.
    """

    public_id = models.UUIDField(unique=True)
    about = models.CharField(max_length=96, unique=True)
    begins = models.DateField()
    count = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=8)
    is_statutory = models.BooleanField()
    basis = models.CharField(max_length=200)
    awaited_by = models.CharField(max_length=96, default="", db_default="")
    due = models.DateField(null=True, db_index=True)
    is_provisional = models.BooleanField()
    calendar = models.CharField(max_length=64, db_index=True)
    set_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)
    near_told = models.DateField(null=True)
    missed_told = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.about} due {self.due}"


class Interruption(models.Model):
    """A stop of the clock (``first`` to ``last``, both included), or an extension by ``count`` decided on ``first``."""

    class Kind(models.TextChoices):
        STOP = "stop"
        EXTENSION = "extension"

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="interruptions")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    first = models.DateField()
    last = models.DateField(null=True)
    count = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=200)
    decided_by = models.CharField(max_length=96)
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} of {self.deadline_id}"
