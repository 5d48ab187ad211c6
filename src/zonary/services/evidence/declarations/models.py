"""What holders declare of their evidence. Rows are never changed; they go when the record is erased."""

from __future__ import annotations

from django.db import models

from zonary.services.evidence.declarations.rules import MAX_TEXT, MAX_WHO, Said, Topic


class Declaration(models.Model):
    """One statement of the holder of ``record`` (public id). ``entry`` is that of the act, and so of its receipt.

    ``replaces`` is the public id of an earlier one of the same record that it corrects; each is replaced once at most.
    """

    public_id = models.UUIDField(unique=True)
    record = models.UUIDField(db_index=True)
    holder = models.CharField(max_length=96)
    topic = models.CharField(max_length=16, choices=[(each.value, each.name) for each in Topic])
    text = models.CharField(max_length=MAX_TEXT)
    who = models.CharField(max_length=MAX_WHO, blank=True)
    happened_on = models.DateField(null=True)
    replaces = models.UUIDField(null=True, unique=True)
    declared_by = models.CharField(max_length=96)
    declared_at = models.DateTimeField()
    entry = models.UUIDField()

    def __str__(self) -> str:
        return f"declaration {self.public_id}"

    def said(self) -> Said:
        return Said(topic=self.topic, text=self.text, who=self.who, happened_on=self.happened_on)
