"""Where the leaves of a log come from. The sequencer knows nothing else about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection

from zonary.foundation.ledger.errors import ForkError
from zonary.foundation.ledger.models import Entry, OpenLeaf, Pending, Sequenced
from zonary.foundation.ledger.rows import insert, table
from zonary.proof.merkle import leaf_hash


@dataclass(frozen=True, slots=True)
class Batch:
    """Leaves about to get the indices ``first``, ``first + 1``, …: their hashes and, where there are any, entries."""

    first: int
    hashes: list[bytes]
    entries: list[int]


class LeafSource(Protocol):
    """Leaves in the database, some with an index and some waiting for one."""

    def is_waiting(self, size: int) -> bool:
        """Whether anything has no place yet in a log of ``size``; cheap, asked many times a second."""
        ...

    def take(self, size: int, limit: int) -> Batch:
        """What comes next, at most ``limit`` leaves; inside the sequencer's transaction."""
        ...

    def place(self, batch: Batch) -> None:
        """Write down the indices; inside the same transaction."""
        ...

    def leaves(self, start: int, end: int) -> list[bytes]:
        """The leaves with the indices ``[start, end)``, at most a bundle of them."""
        ...


class EntrySource:
    """Recorded entries: an outbox row says that one has no index yet."""

    def is_waiting(self, size: int) -> bool:
        return bool(_fetch(f"SELECT 1 FROM {table(Pending)} LIMIT 1", []))  # noqa: S608

    def take(self, size: int, limit: int) -> Batch:
        # Whatever row is there, in order of id. An entry whose transaction commits after that of a later id is
        # taken in a later tick; asking for "ids above the last one" would lose it.
        rows = _fetch(
            f"SELECT e.id, e.leaf FROM {table(Pending)} p JOIN {table(Entry)} e ON e.id = p.entry_id "  # noqa: S608
            "ORDER BY p.entry_id LIMIT %s",
            [limit],
        )
        return Batch(size, [leaf_hash(bytes(leaf)) for _, leaf in rows], [entry for entry, _ in rows])

    def place(self, batch: Batch) -> None:
        insert(Sequenced, ("index", "entry_id"), enumerate(batch.entries, start=batch.first))
        remove = f"DELETE FROM {table(Pending)} WHERE entry_id = %s"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.executemany(remove, [(entry,) for entry in batch.entries])

    def leaves(self, start: int, end: int) -> list[bytes]:
        index = connection.ops.quote_name("index")
        rows = _fetch(
            f"SELECT s.{index}, e.leaf FROM {table(Sequenced)} s JOIN {table(Entry)} e ON e.id = s.entry_id "  # noqa: S608
            f"WHERE s.{index} >= %s AND s.{index} < %s ORDER BY s.{index}",
            [start, end],
        )
        return _gapless(rows, start, end)


class OpenSource:
    """Leaves of the open log: they got their index when they were added."""

    def is_waiting(self, size: int) -> bool:
        index = connection.ops.quote_name("index")
        return bool(_fetch(f"SELECT 1 FROM {table(OpenLeaf)} WHERE {index} >= %s LIMIT 1", [size]))  # noqa: S608

    def take(self, size: int, limit: int) -> Batch:
        hashes: list[bytes] = []
        index = connection.ops.quote_name("index")
        query = f"SELECT {index}, data FROM {table(OpenLeaf)} WHERE {index} >= %s ORDER BY {index} LIMIT %s"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(query, [size, limit])
            # Row by row: leaves may be 64 KiB each, their hashes are all that is kept.
            for number, (found, data) in enumerate(cursor, start=size):
                if found != number:
                    raise _gap(number)
                hashes.append(leaf_hash(bytes(data)))
        return Batch(size, hashes, [])

    def place(self, batch: Batch) -> None:
        """Nothing to do: an open leaf is stored under its index."""

    def leaves(self, start: int, end: int) -> list[bytes]:
        index = connection.ops.quote_name("index")
        rows = _fetch(
            f"SELECT {index}, data FROM {table(OpenLeaf)} WHERE {index} >= %s AND {index} < %s ORDER BY {index}",  # noqa: S608
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


def _fetch(query: str, parameters: list[int]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def _gapless(rows: list[tuple[int, bytes]], start: int, end: int) -> list[bytes]:
    if [index for index, _ in rows] != list(range(start, end)):
        missing = next((number for number, row in zip(range(start, end), rows, strict=False) if row[0] != number), end)
        raise _gap(missing)
    return [bytes(leaf) for _, leaf in rows]


def _gap(index: int) -> ForkError:
    return ForkError(
        "The database has no leaf for index {index} of the log, though it has counted it. Restore the database from a "
        "backup that is not older than the published checkpoint.",
        index=index,
    )
