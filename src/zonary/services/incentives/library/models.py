"""Policy documents as they were published. An edition and a repeal are never changed nor removed."""

from __future__ import annotations

from django.db import models


class PolicyDocument(models.Model):
    """A document with its number (文号), such as 国科发政〔2017〕115号; its words are in its editions."""

    public_id = models.UUIDField(unique=True)
    number = models.CharField(max_length=100, unique=True)
    title = models.CharField(max_length=200)
    title_english = models.CharField(max_length=200)
    issuer = models.CharField(max_length=100)
    entry = models.UUIDField()

    def __str__(self) -> str:
        return self.number


class PolicyEdition(models.Model):
    """Its words, from ``first`` on until ``last``; None while they are in force.

    ``number`` counts from 1 within the document. ``digest`` is the SHA-256 of ``text`` in UTF-8.
    """

    public_id = models.UUIDField(unique=True)
    document = models.ForeignKey(PolicyDocument, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    issued_on = models.DateField()
    first = models.DateField()
    last = models.DateField(null=True)
    source = models.CharField(max_length=400)
    recorded_by = models.CharField(max_length=96)
    recorded_at = models.DateTimeField()
    entry = models.UUIDField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("document", "number"), name="incentives_one_edition_a_number"),)

    def __str__(self) -> str:
        return f"{self.document_id} edition {self.number}"


class Repeal(models.Model):
    """That ``repealed`` ceased to be in force from ``since`` on, by ``by`` or, where that is none, by itself.

    ``articles`` empty: the whole of it.
    """

    public_id = models.UUIDField(unique=True)
    repealed = models.ForeignKey(PolicyDocument, on_delete=models.PROTECT, related_name="repeals")
    by = models.ForeignKey(PolicyDocument, on_delete=models.PROTECT, null=True, related_name="repealing")
    articles = models.CharField(max_length=200)
    since = models.DateField()
    reason = models.CharField(max_length=200)
    recorded_by = models.CharField(max_length=96)
    recorded_at = models.DateTimeField()
    entry = models.UUIDField()

    def __str__(self) -> str:
        return f"repeal of {self.repealed_id}"
