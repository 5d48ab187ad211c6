"""The ledger's tables. Nobody outside this package reads or writes them directly."""

from __future__ import annotations

from typing import NoReturn

from django.db import models


class ImmutableEntryError(RuntimeError):
    """Something tried to change or delete what has been recorded."""

    def __init__(self) -> None:
        super().__init__("A ledger entry is never changed or deleted; record another entry instead.")


class _ImmutableQuerySet(models.QuerySet["Entry"]):
    def update(self, **_fields: object) -> NoReturn:
        raise ImmutableEntryError

    def delete(self) -> NoReturn:
        raise ImmutableEntryError

    def bulk_update(self, *_arguments: object, **_options: object) -> NoReturn:
        raise ImmutableEntryError


class Entry(models.Model):
    """One thing recorded. Everything here is public or pseudonymous; what can be personal is in the body."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=96)
    version = models.PositiveSmallIntegerField()
    leaf_class = models.CharField(max_length=32)
    actor = models.CharField(max_length=96)
    organisation = models.CharField(max_length=96, default="")
    about = models.CharField(max_length=128, default="")
    idempotency_key = models.CharField(max_length=128, null=True)
    leaf = models.BinaryField()
    recorded_at = models.DateTimeField()

    objects = _ImmutableQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("actor", "idempotency_key"),
                condition=models.Q(idempotency_key__isnull=False),
                name="ledger_entry_once_per_key",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    def save(self, *_arguments: object, **_options: object) -> NoReturn:
        # Entries are only ever inserted, by recording.py, and in bulk.
        raise ImmutableEntryError

    def delete(self, *_arguments: object, **_options: object) -> NoReturn:
        raise ImmutableEntryError


class EntryBody(models.Model):
    """What an entry is about and the salts that hide it; both go together when they are erased."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="content")
    body = models.BinaryField()
    salt = models.BinaryField()

    def __str__(self) -> str:
        return f"body of {self.entry_id}"


class Pending(models.Model):
    """The outbox: an entry that has no index yet.

    Written in the transaction that writes the entry, deleted in the one that gives it its index. A row that is
    here is not yet sequenced, whatever its id: commit order is not id order, so no watermark is ever kept.
    """

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="pending")

    def __str__(self) -> str:
        return f"{self.entry_id} not yet sequenced"


class Sequenced(models.Model):
    """The order of the log: which entry is the leaf of which index. Written by the sequencer alone."""

    index = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="place")

    def __str__(self) -> str:
        return f"{self.entry_id} at {self.index}"


class LogState(models.Model):
    """How far each log has come; one row a log, changed only by compare-and-swap on its size.

    ``note`` is the signed checkpoint of exactly this size: what is published is what was committed here.
    """

    name = models.CharField(max_length=16, primary_key=True)
    origin = models.CharField(max_length=255)
    size = models.BigIntegerField()
    root = models.BinaryField()
    frontier = models.BinaryField()
    note = models.BinaryField()
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.origin} at {self.size}"


class OpenLeaf(models.Model):
    """A leaf of the open log; its index is final when its transaction commits."""

    index = models.BigIntegerField(primary_key=True)
    data = models.BinaryField()

    def __str__(self) -> str:
        return f"open leaf {self.index}"
