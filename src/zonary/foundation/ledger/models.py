"""The ledger's tables. Nobody outside this package reads or writes them directly.

The rows beside an entry are written by the function that writes the entry, and entries are never deleted, so the
database is not asked to look up each of them once more (``db_constraint``): at a million rows that costs minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:  # the classes take type arguments in their stubs only
    _BigInteger = models.BigIntegerField[int, int]
    _BigAuto = models.BigAutoField[int, int]
else:
    _BigInteger, _BigAuto = models.BigIntegerField, models.BigAutoField


class Number(_BigInteger):
    """A primary key of 64 bits. SQLite keeps rows in the order of a key declared ``integer``, and only then."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class AutoNumber(_BigAuto):
    """The same, given out by the database; a key that refers to it is declared the same way."""

    def rel_db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        return "integer" if connection.vendor == "sqlite" else super().rel_db_type(connection)


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

    id = AutoNumber(primary_key=True)
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

    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, primary_key=True, related_name="content", db_constraint=False
    )
    body = models.BinaryField()
    salt = models.BinaryField()

    def __str__(self) -> str:
        return f"body of {self.entry_id}"


class Pending(models.Model):
    """The outbox: an entry that has no index yet.

    Written in the transaction that writes the entry, deleted in the one that gives it its index. A row that is
    here is not yet sequenced, whatever its id: commit order is not id order, so no watermark is ever kept.
    """

    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, primary_key=True, related_name="pending", db_constraint=False
    )

    def __str__(self) -> str:
        return f"{self.entry_id} not yet sequenced"


class Sequenced(models.Model):
    """The order of the log: which entry is the leaf of which index. Written by the sequencer alone."""

    index = Number(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="place", db_constraint=False)

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

    index = Number(primary_key=True)
    data = models.BinaryField()

    def __str__(self) -> str:
        return f"open leaf {self.index}"
