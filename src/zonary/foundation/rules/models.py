"""Rule packs from their draft to what decides. A review and a release are never changed nor removed."""

from __future__ import annotations

from django.db import models


class PackDraft(models.Model):
    """A pack somebody proposes. ``content`` is its canonical JSON (RFC 8785), ``digest`` the SHA-256 of that.

    A change is another draft: what was reviewed stays what it was. ``written_by`` are those who saved what it was
    proposed from, where it was written here; empty where it was handed in.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        RELEASED = "released"
        WITHDRAWN = "withdrawn"

    public_id = models.UUIDField(unique=True)
    pack = models.CharField(max_length=60, db_index=True)
    title = models.CharField(max_length=200)
    title_english = models.CharField(max_length=200)
    content = models.TextField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=State.choices)
    note = models.CharField(max_length=200)
    written_by = models.JSONField(default=list)
    proposed_by = models.CharField(max_length=96)
    proposed_at = models.DateTimeField()
    entry = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.pack} {self.digest[:8]}"


class FairCompetitionReview(models.Model):
    """That a draft was reviewed for fair competition (公平竞争审查条例, 国令第783号, in force since 2024-08-01).

    ``grounds`` says why, ``document`` is the SHA-256 of the reviewer's paper, or empty.
    """

    class Conclusion(models.TextChoices):
        PASSES = "passes"
        EXCEPTION = "exception"  # 例外规定: allowed, with its grounds and end
        FAILS = "fails"

    public_id = models.UUIDField(unique=True)
    draft = models.ForeignKey(PackDraft, on_delete=models.PROTECT, related_name="reviews")
    conclusion = models.CharField(max_length=9, choices=Conclusion.choices)
    grounds = models.CharField(max_length=2000)
    document = models.CharField(max_length=64)
    reviewed_by = models.CharField(max_length=96)
    reviewed_at = models.DateTimeField()
    entry = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.conclusion} for {self.draft_id}"


class PackRelease(models.Model):
    """A pack that decides, from ``released_at`` on until the next one of the same name.

    ``number`` counts from 1. The content is the draft's, copied: a release is whole by itself.
    """

    public_id = models.UUIDField(unique=True)
    pack = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    draft = models.OneToOneField(PackDraft, on_delete=models.PROTECT, related_name="release")
    content = models.TextField()
    digest = models.CharField(max_length=64)
    released_by = models.CharField(max_length=96)
    released_at = models.DateTimeField()
    entry = models.UUIDField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("pack", "number"), name="rules_one_release_a_number"),)

    def __str__(self) -> str:
        return f"{self.pack} {self.number}"
