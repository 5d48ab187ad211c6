"""Where the leaves of a log come from. The sequencer knows nothing else about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection

from zonary.foundation.ledger.errors import ForkError
from zonary.foundation.ledger.models import Entry, OpenGroup, Pending, Sequenced
from zonary.foundation.ledger.packing import unpack
from zonary.foundation.ledger.places import place_of
from zonary.foundation.ledger.rows import fetch, insert, stream, table
from zonary.proof.merkle import leaf_hashes

_DELETED = 500
"""Outbox rows forgotten in one statement."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Leaves about to get the indices ``first``, ``first + 1``, …: their hashes and, where there are any, entries.

    :param entries: id and number of leaves of each.
    """

    first: int
    hashes: list[bytes]
    entries: list[tuple[int, int]]


class LeafSource(Protocol):
    """Leaves in the database, some with an index and some waiting for one; ``generation`` is that of the log."""

    def is_waiting(self, size: int) -> bool:
        """Whether anything has no place yet in a log of ``size``; cheap, asked many times a second."""
        ...

    def take(self, size: int, limit: int) -> Batch:
        """What comes next: rows until there are ``limit`` leaves; inside the sequencer's transaction."""
        ...

    def place(self, batch: Batch, generation: int) -> None:
        """Write down the indices; inside the same transaction."""
        ...

    def leaves(self, start: int, end: int, generation: int) -> Iterator[bytes]:
        """The leaves with the indices ``[start, end)``, a few rows in memory at a time.

        :raises ForkError: at the first that is not there.
        """
        ...


class EntrySource:
    """Recorded entries: an outbox row says that one has no index yet."""

    def is_waiting(self, size: int) -> bool:
        return bool(fetch(f"SELECT 1 FROM {table(Pending)} LIMIT 1", []))  # noqa: S608

    def take(self, size: int, limit: int) -> Batch:
        # Whatever row is there, in order of id. An entry whose transaction commits after that of a later id is
        # taken in a later tick; asking for "ids above the last one" would lose it.
        rows = stream(
            f"SELECT e.id, e.count, e.leaves FROM {table(Pending)} p JOIN {table(Entry)} e ON e.id = p.entry_id "  # noqa: S608
            "ORDER BY p.entry_id LIMIT %s",
            [limit],
        )
        batch = Batch(size, [], [])
        for entry, count, leaves in rows:
            batch.hashes.extend(leaf_hashes(unpack(bytes(leaves), count)))
            batch.entries.append((entry, count))
            if len(batch.hashes) >= limit:
                break
        return batch

    def place(self, batch: Batch, generation: int) -> None:
        insert(Sequenced, ("place", "count", "entry_id"), _places(batch, generation))
        numbers = [entry for entry, _ in batch.entries]
        with connection.cursor() as cursor:
            for start in range(0, len(numbers), _DELETED):
                chunk = numbers[start : start + _DELETED]
                marks = ", ".join(["%s"] * len(chunk))
                cursor.execute(f"DELETE FROM {table(Pending)} WHERE entry_id IN ({marks})", chunk)  # noqa: S608

    def leaves(self, start: int, end: int, generation: int) -> Iterator[bytes]:
        first, last = place_of(generation, start), place_of(generation, end)
        rows = stream(
            f"SELECT s.place, s.count, e.leaves FROM {table(Sequenced)} s JOIN {table(Entry)} e ON e.id = s.entry_id "  # noqa: S608
            f"WHERE s.place >= (SELECT COALESCE(MAX(place), 0) FROM {table(Sequenced)} WHERE place <= %s) "
            "AND s.place < %s ORDER BY s.place",
            [first, last],
        )
        return _gapless(((place - first + start, count, leaves) for place, count, leaves in rows), start, end)


class OpenSource:
    """Leaves of the open log: they got their index when they were added."""

    def is_waiting(self, size: int) -> bool:
        index = connection.ops.quote_name("index")
        return bool(fetch(f"SELECT 1 FROM {table(OpenGroup)} WHERE {index} >= %s LIMIT 1", [size]))  # noqa: S608

    def take(self, size: int, limit: int) -> Batch:
        index = connection.ops.quote_name("index")
        rows = stream(
            f"SELECT {index}, count, leaves FROM {table(OpenGroup)} WHERE {index} >= %s ORDER BY {index} LIMIT %s",  # noqa: S608
            [size, limit],
        )
        batch = Batch(size, [], [])
        for first, count, leaves in rows:
            if first != size + len(batch.hashes):
                raise _gap(size + len(batch.hashes))
            batch.hashes.extend(leaf_hashes(unpack(bytes(leaves), count)))
            if len(batch.hashes) >= limit:
                break
        return batch

    def place(self, batch: Batch, generation: int) -> None:
        """Nothing to do: open leaves are stored under their index."""

    def leaves(self, start: int, end: int, generation: int) -> Iterator[bytes]:
        index = connection.ops.quote_name("index")
        rows = stream(
            f"SELECT {index}, count, leaves FROM {table(OpenGroup)} "  # noqa: S608
            f"WHERE {index} >= (SELECT COALESCE(MAX({index}), 0) FROM {table(OpenGroup)} WHERE {index} <= %s) "
            f"AND {index} < %s ORDER BY {index}",
            [start, end],
        )
        return _gapless(rows, start, end)


def committed_mark() -> int | None:
    """A number that changes when another connection commits anything, where the database has one.

    Some microseconds, without the ORM: an idle sequencer asks nothing else (SQLite's ``PRAGMA data_version``).
    """
    if connection.vendor != "sqlite":
        return None
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return int(connection.connection.execute("PRAGMA data_version").fetchone()[0])


def _places(batch: Batch, generation: int) -> Iterator[tuple[int, int, int]]:
    index = batch.first
    for entry, count in batch.entries:
        yield place_of(generation, index), count, entry
        index += count


def _gapless(rows: Iterable[tuple[Any, ...]], start: int, end: int) -> Iterator[bytes]:
    """The leaves ``[start, end)`` of rows (first index, count, packed leaves), which may begin before ``start``."""
    expected = start
    for first, count, leaves in rows:
        if first > expected or first + count <= expected:
            break
        items = unpack(bytes(leaves), count)[expected - first : end - first]
        yield from items
        expected += len(items)
    if expected < end:
        raise _gap(expected)


def _gap(index: int) -> ForkError:
    return ForkError(
        "The database has no leaf for index {index} of the log, though it has counted it. Restore the database from a "
        "backup that is not older than the published checkpoint.",
        index=index,
    )
