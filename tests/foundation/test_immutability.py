"""The database refuses to change what was recorded, after the last migration and whoever asks."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")

Make = Callable[..., Any]
TABLES = ("ledger_entry", "ledger_entrykey", "ledger_sequenced", "ledger_opengroup", "ledger_closedlog")


@pytest.fixture
def filled(data: Any, make_log: Make) -> Any:
    """A row in each of the tables."""

    from zonary.common.clock import now
    from zonary.foundation.ledger.actors import NamedActor
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.foundation.ledger.models import ClosedLog
    from zonary.foundation.ledger.openlog import append_open
    from zonary.foundation.ledger.recording import Draft, action, record_draft
    from zonary.foundation.ledger.sequencer import start_up
    from zonary.foundation.ledger.sequencing import tick

    log = make_log()
    start_up(log, now)
    draft = Draft(
        kind="test", version=1, leaf_class="evidence", leaves=[b"l"], bodies=[b"b"], salts=[b"s"], keys={0: "key"}
    )
    action(record_draft)(draft, by=NamedActor("somebody"), at=now())
    tick(log, at=now())
    append_open([b"leaf"])
    with unrecorded("a log that ended, without all that ends one"):
        ClosedLog.objects.create(name="old", generation=1, origin="old", size=1, note=b"note", closed_at=now())
    return data


def rows(table: str) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return cursor.fetchall()


def refused(statement: str, *parameters: Any) -> None:
    from django.db import DatabaseError, connection, transaction

    from zonary.foundation.ledger.guard import unrecorded

    with (
        unrecorded("what gets past the guard is the database's to refuse"),
        pytest.raises(DatabaseError, match=r"append-only|only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, parameters)


@pytest.mark.parametrize("table", TABLES)
def test_rows_stay(filled: Any, table: str) -> None:
    from django.db import connection

    before = rows(table)
    assert len(before) == 1
    column = {"ledger_entry": "kind", "ledger_entrykey": "key", "ledger_closedlog": "origin"}.get(table, "count")
    refused(f"UPDATE {table} SET {column} = {column}")
    refused(f"DELETE FROM {table}")
    if connection.vendor == "postgresql":
        refused(f"TRUNCATE {table} CASCADE")
    else:
        marks = ", ".join(["%s"] * len(before[0]))
        refused(f"REPLACE INTO {table} VALUES ({marks})", *before[0])
        refused(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", *before[0])
    assert rows(table) == before


@pytest.mark.parametrize("data", ["postgresql"], indirect=True)
def test_a_replica_session_is_refused_too(filled: Any) -> None:
    """PostgreSQL's session_replication_role = replica puts ordinary triggers to sleep."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    refused("DELETE FROM ledger_entry")


@pytest.mark.parametrize("data", ["sqlite"], indirect=True)
def test_other_programs_are_refused_too(filled: Any) -> None:
    """A SQLite shell sets none of our PRAGMAs."""
    from django.db import connections

    connections.close_all()
    shell = sqlite3.connect(filled.database)
    for statement in ("UPDATE ledger_entry SET kind = 'x'", "DELETE FROM ledger_entry"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            shell.execute(statement)
    row = shell.execute("SELECT * FROM ledger_entry").fetchone()
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        shell.execute(f"REPLACE INTO ledger_entry VALUES ({', '.join('?' * len(row))})", row)
    # The same public id under another number would push the first row out as well.
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        shell.execute(f"REPLACE INTO ledger_entry VALUES ({', '.join('?' * len(row))})", (row[0] + 1, *row[1:]))
    shell.close()


def test_an_entry_cannot_be_kept_out_of_the_log(data: Any, record_leaves: Make, make_log: Make) -> None:
    """Its row in the outbox stays until the sequencer has given it a place; only then may the sequencer forget it."""
    from zonary.common.clock import now
    from zonary.foundation.ledger.models import Pending, Sequenced
    from zonary.foundation.ledger.sequencer import start_up
    from zonary.foundation.ledger.sequencing import tick

    log = make_log()
    start_up(log, now)
    record_leaves(b"one", b"two")
    refused("DELETE FROM ledger_pending")
    refused("UPDATE ledger_pending SET entry_id = entry_id + 1")
    assert Pending.objects.count() == 2
    assert tick(log, at=now()) == 2
    assert (Pending.objects.count(), Sequenced.objects.count()) == (0, 2)


def test_the_log_only_grows(filled: Any) -> None:
    from zonary.foundation.ledger.models import LogState

    state = LogState.objects.get(name="main")
    assert state.size == 1
    for change in ("size = 0", "epoch = -1", "generation = 0", "origin = 'other'", "name = 'other'"):
        refused(f"UPDATE ledger_logstate SET {change}")
    refused("UPDATE ledger_logstate SET root = %s", b"r" * 32)
    refused("DELETE FROM ledger_logstate")
    assert LogState.objects.get(name="main").size == 1


def test_a_later_migration_cannot_drop_them_unnoticed(filled: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Django makes a SQLite table anew when it alters it; the triggers of the old one are gone with it."""
    from django.db import connection, models

    from zonary.config.zone import migrate
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.foundation.ledger.immutability import missing_triggers
    from zonary.foundation.ledger.models import Entry

    assert missing_triggers() == []
    field = models.CharField(max_length=97)
    field.set_attributes_from_name("kind")
    with unrecorded("a migration"), connection.schema_editor() as editor:
        editor.alter_field(Entry, Entry._meta.get_field("kind"), field)
    if connection.vendor == "sqlite":
        assert "ledger_entry_no_delete" in missing_triggers()
    migrate()
    assert missing_triggers() == []
    if connection.vendor == "sqlite":
        assert "ledger_entry_no_delete" in caplog.text
    refused("DELETE FROM ledger_entry")
