"""Dossiers and what lies in them. Rows are never deleted: what is taken out says when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zonary.services.evidence.dossiers.rules import MAX_NOTE, MAX_TITLE, Cover, Stage


class Dossier(models.Model):
    """What its holder puts together on one matter. ``version`` grows with each change of what is written on it, so that
    of two who change it at one time the second is told."""

    public_id = models.UUIDField(unique=True)
    holder = models.CharField(max_length=96)
    title = models.CharField(max_length=MAX_TITLE)
    note = models.CharField(max_length=MAX_NOTE, blank=True)
    template = models.CharField(max_length=16)
    stands_at = models.CharField(max_length=12, choices=[(each.value, each.name) for each in Stage])
    version = models.PositiveIntegerField(default=1)
    opened_by = models.CharField(max_length=96)
    opened_at = models.DateTimeField()
    changed_by = models.CharField(max_length=96)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("holder", "public_id"), name="dossiers_of_a_holder"),)

    def __str__(self) -> str:
        return f"dossier {self.public_id}"

    def cover(self) -> Cover:
        return Cover(title=self.title, template=self.template, stands_at=self.stands_at, note=self.note)


class DossierItem(models.Model):
    """That a record (public id) lies in a dossier, at a stage, as what is asked for under ``ask``; empty: as something
    else."""

    public_id = models.UUIDField(unique=True)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="items")
    record = models.UUIDField(db_index=True)
    stage = models.CharField(max_length=12, choices=[(each.value, each.name) for each in Stage])
    ask = models.CharField(max_length=40, blank=True)
    put_by = models.CharField(max_length=96)
    put_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("dossier", "record", "stage", "ask"),
                condition=Q(taken_at__isnull=True),
                name="dossiers_item_once",
            ),
        )

    def __str__(self) -> str:
        return f"item {self.public_id}"
