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


_IS_ACT = models.Q(leaf_class="act")


class Entry(models.Model):
    """What was recorded in one go: one thing, or the items of a batch, alike in everything but leaf and body.

    Everything here is public or pseudonymous; what can be personal is in the body. ``leaves`` holds ``count`` leaves
    (see :mod:`~zonary.foundation.ledger.packing`). ``public_id`` is that of the first item; those of the others follow
    it by one each, so that an item is found without a row of its own.
    """

    id = AutoNumber(primary_key=True)
    public_id = models.UUIDField(unique=True)
    count = models.PositiveIntegerField()
    kind = models.CharField(max_length=96)
    version = models.PositiveSmallIntegerField()
    leaf_class = models.CharField(max_length=32)
    actor = models.CharField(max_length=96)
    organisation = models.CharField(max_length=96, default="")
    about = models.CharField(max_length=128, default="")
    leaves = models.BinaryField()
    recorded_at = models.DateTimeField()

    objects = _ImmutableQuerySet.as_manager()

    class Meta:
        # Acts alone are looked for by these; evidence, of which there is a thousand times more, pays nothing for them.
        indexes = (
            models.Index(fields=("actor", "id"), condition=_IS_ACT, name="ledger_acts_by_actor"),
            models.Index(fields=("organisation", "id"), condition=_IS_ACT, name="ledger_acts_for"),
            models.Index(fields=("about", "id"), condition=_IS_ACT, name="ledger_acts_about"),
            models.Index(fields=("kind", "id"), condition=_IS_ACT, name="ledger_acts_of_kind"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    def save(self, *_arguments: object, **_options: object) -> NoReturn:
        # Entries are only ever inserted, by recording.py.
        raise ImmutableEntryError

    def delete(self, *_arguments: object, **_options: object) -> NoReturn:
        raise ImmutableEntryError


class EntryKey(models.Model):
    """The idempotency key under which an actor recorded an item, or a whole batch; the item's public id."""

    id = AutoNumber(primary_key=True)
    actor = models.CharField(max_length=96)
    key = models.CharField(max_length=128)
    public_id = models.UUIDField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("actor", "key"), name="ledger_once_per_key"),)

    def __str__(self) -> str:
        return f"{self.key} of {self.actor}"


class EntryBody(models.Model):
    """What the items of an entry are about and the salts that hide it, packed as its leaves are.

    Both of an item go together when it is erased, and are empty then; an entry of one item loses its row.
    """

    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, primary_key=True, related_name="content", db_constraint=False
    )
    bodies = models.BinaryField()
    salts = models.BinaryField()

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
    """The order of the log: which entry's leaves begin at which place. Written by the sequencer alone.

    ``place`` holds the generation of the log above its lowest 40 bits, and the index of the first leaf in them: a
    successor log counts from 0 again (see :mod:`~zonary.foundation.ledger.places`).
    """

    place = Number(primary_key=True)
    count = models.PositiveIntegerField()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="place", db_constraint=False)

    def __str__(self) -> str:
        return f"{self.entry_id} at {self.place}"


class LogState(models.Model):
    """How far each log has come; one row a log, changed only by compare-and-swap on size and epoch.

    ``note`` is the signed checkpoint of exactly this size: what is published is what was committed here. ``epoch``
    counts who has led the log; ``leader_until`` is the database's own time, and null where no other machine can lead
    (see :mod:`~zonary.foundation.ledger.leadership`).
    """

    name = models.CharField(max_length=16, primary_key=True)
    generation = models.PositiveIntegerField(default=1)
    origin = models.CharField(max_length=255)
    size = models.BigIntegerField()
    root = models.BinaryField()
    frontier = models.BinaryField()
    note = models.BinaryField()
    signed_at = models.DateTimeField()
    epoch = models.BigIntegerField(default=0)
    leader = models.CharField(max_length=96, default="")
    leader_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.origin} at {self.size}"


class ClosedLog(models.Model):
    """A log that has ended: its last signed checkpoint. Its successor's first entry names it."""

    id = AutoNumber(primary_key=True)
    name = models.CharField(max_length=16)
    generation = models.PositiveIntegerField()
    origin = models.CharField(max_length=255)
    size = models.BigIntegerField()
    note = models.BinaryField()
    closed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("name", "generation"), name="ledger_closed_once"),)

    def __str__(self) -> str:
        return f"{self.origin}, closed at {self.size}"


class OpenGroup(models.Model):
    """Leaves added to the open log in one commit; their indices are final when that is done."""

    index = Number(primary_key=True)
    count = models.PositiveIntegerField()
    leaves = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.count} open leaves from {self.index}"


class IdempotentRequest(models.Model):
    """What was answered to a request that may be sent again, for a day; see :mod:`~zonary.foundation.ledger.repeats`.

    :ivar actor: within which the key means one thing (``key_space``).
    :ivar key: what the key is found by; it says nothing of the key itself.
    :ivar request: SHA-256 of all that was asked.
    :ivar body: nonce and enciphered answer.
    """

    actor = models.CharField(max_length=96)
    key = models.BinaryField(max_length=32)
    request = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    content_type = models.CharField(max_length=80)
    body = models.BinaryField()
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("actor", "key"), name="ledger_answered_once"),)

    def __str__(self) -> str:
        return f"answer to {self.actor}"
