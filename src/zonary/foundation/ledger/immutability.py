"""The database itself refuses to change or remove what was recorded, whoever asks and by whatever program.

Triggers, put there anew after every migration (Django makes SQLite tables anew when it alters them, which drops their
triggers without a word). They stop slips and most attackers with a database shell; whoever owns the database can drop
them, and then the published checkpoints tell.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.db import connection, models

from zonary.foundation.ledger.models import ClosedLog, Entry, EntryKey, LogState, OpenGroup, Pending, Sequenced

_APPEND_ONLY: dict[type[models.Model], tuple[tuple[str, ...], ...]] = {
    Entry: (("id",), ("public_id",)),
    EntryKey: (("id",), ("actor", "key")),
    Sequenced: (("place",), ("entry_id",)),
    OpenGroup: (("index",),),
    ClosedLog: (("id",), ("name", "generation")),
}
"""Table -> its unique columns: REPLACE is an insertion that would remove the row that has the same."""


@dataclass(frozen=True, slots=True)
class _Declared:
    """A table of a room above; ``emptied`` are columns that may be emptied, all together, and nothing else changed."""

    uniques: tuple[tuple[str, ...], ...]
    emptied: tuple[str, ...]


_declared: dict[type[models.Model], _Declared] = {}

_log = logging.getLogger("zonary.ledger")


def declare_append_only(
    model: type[models.Model], uniques: tuple[tuple[str, ...], ...], *, emptied: tuple[str, ...] = ()
) -> None:
    """Have the database refuse changes of ``model``'s table, too. Called by an app's ``ready``.

    :param uniques: its unique columns, each a tuple of them.
    :param emptied: columns in which personal data stands: an UPDATE may set all of them to NULL, or where that is not
        allowed to an empty string, when it changes nothing else. That is erasure.
    """
    _declared[model] = _Declared(uniques, emptied)


def protect(**_signal: object) -> None:
    """Put every trigger there; those that are there stay as they are. Called after every migration."""
    missing = missing_triggers()
    if missing and Entry.objects.exists():
        _log.warning("the database had lost %s; put there again", ", ".join(missing))
    with connection.cursor() as cursor:
        for name, statements in _triggers().items():
            if name in missing:
                for statement in statements:
                    cursor.execute(statement)


def missing_triggers() -> list[str]:
    """Names of the triggers that ought to be there and are not."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return [name for name in _triggers() if name not in present]


def _triggers() -> dict[str, list[str]]:
    return _postgresql() if connection.vendor == "postgresql" else _sqlite()


def _append_only() -> dict[type[models.Model], _Declared]:
    """The ledger's own tables, and the declared ones that are there: a migration may end before an app's first."""
    present = set(connection.introspection.table_names())
    declared = {model: it for model, it in _declared.items() if model._meta.db_table in present}
    return {model: _Declared(uniques, ()) for model, uniques in _APPEND_ONLY.items()} | declared


def _changes_more(model: type[models.Model], emptied: tuple[str, ...]) -> str:
    """A condition: this UPDATE does anything but empty the columns ``emptied``; empty when none may be."""
    if not emptied:
        return ""
    differs = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    conditions = []
    for field in model._meta.concrete_fields:
        column = connection.ops.quote_name(str(field.column))
        value = f"OLD.{column}" if field.column not in emptied else "NULL" if field.null else "''"
        conditions.append(f"NEW.{column} {differs} {value}")
    return " OR ".join(conditions)


def _sqlite() -> dict[str, list[str]]:
    quote = connection.ops.quote_name
    made: dict[str, list[str]] = {}

    def add(table: str, name: str, event: str, when: str, reason: str) -> None:
        condition = f" WHEN {when}" if when else ""
        made[f"{table}_{name}"] = [
            f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {quote(table)}{condition} "
            f"BEGIN SELECT RAISE(ABORT, '{table} {reason}'); END"
        ]

    def same(table: str, uniques: tuple[tuple[str, ...], ...]) -> str:
        # A table that is replaced into must say so itself: with recursive_triggers off, no DELETE trigger is fired.
        each = (" AND ".join(f"{quote(column)} = NEW.{quote(column)}" for column in unique) for unique in uniques)
        found = " OR ".join(f"({condition})" for condition in each)
        return f"EXISTS (SELECT 1 FROM {quote(table)} WHERE {found})"  # noqa: S608

    for model, it in _append_only().items():
        table = model._meta.db_table
        add(table, "no_update", "UPDATE", _changes_more(model, it.emptied), "is append-only")
        add(table, "no_delete", "DELETE", "", "is append-only")
        add(table, "no_replace", "INSERT", same(table, it.uniques), "is append-only")
    outbox = Pending._meta.db_table
    add(outbox, "no_update", "UPDATE", "", "is append-only")
    add(outbox, "no_loss", "DELETE", f"NOT {_PLACED}", "is append-only before the sequencer")
    state = LogState._meta.db_table
    add(state, "no_delete", "DELETE", "", "only grows")
    add(state, "only_grows", "UPDATE", _SHRINKS, "only grows")
    add(state, "no_replace", "INSERT", same(state, (("name",),)), "only grows")
    return made


_PLACED = f"EXISTS (SELECT 1 FROM {Sequenced._meta.db_table} WHERE entry_id = OLD.entry_id)"  # noqa: S608
"""An outbox row whose entry has its place, which the sequencer forgets. Any other would leave it out of the log."""
_SHRINKS = (
    "NEW.name <> OLD.name OR NEW.epoch < OLD.epoch OR NEW.generation < OLD.generation OR "
    "(NEW.generation = OLD.generation AND (NEW.size < OLD.size OR NEW.origin <> OLD.origin OR "
    "(NEW.size = OLD.size AND NEW.root <> OLD.root)))"
)


def _postgresql() -> dict[str, list[str]]:
    quote = connection.ops.quote_name
    function = (
        "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    outbox_function = (
        "CREATE OR REPLACE FUNCTION ledger_refuse_unplaced() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF NOT {_PLACED} THEN RAISE EXCEPTION '% is append-only before the sequencer', TG_TABLE_NAME "
        "USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$"
    )
    made: dict[str, list[str]] = {}

    def add(table: str, name: str, when: str, call: str = "ledger_refuse") -> None:
        made[name] = [
            function if call == "ledger_refuse" else outbox_function,
            f"DROP TRIGGER IF EXISTS {name} ON {quote(table)}",
            f"CREATE TRIGGER {name} BEFORE {when} EXECUTE FUNCTION {call}()",
            # Also for sessions that call themselves replicas, in which ordinary triggers are asleep.
            f"ALTER TABLE {quote(table)} ENABLE ALWAYS TRIGGER {name}",
        ]

    for model, it in _append_only().items():
        table = model._meta.db_table
        if changes_more := _changes_more(model, it.emptied):
            add(table, f"{table}_no_update", f"UPDATE ON {quote(table)} FOR EACH ROW WHEN ({changes_more})")
            add(table, f"{table}_no_delete", f"DELETE ON {quote(table)} FOR EACH ROW")
        else:
            add(table, f"{table}_no_update", f"UPDATE OR DELETE ON {quote(table)} FOR EACH ROW")
        add(table, f"{table}_no_truncate", f"TRUNCATE ON {quote(table)} FOR EACH STATEMENT")
    outbox = Pending._meta.db_table
    add(outbox, f"{outbox}_no_update", f"UPDATE ON {quote(outbox)} FOR EACH ROW")
    add(outbox, f"{outbox}_no_loss", f"DELETE ON {quote(outbox)} FOR EACH ROW", "ledger_refuse_unplaced")
    add(outbox, f"{outbox}_no_truncate", f"TRUNCATE ON {quote(outbox)} FOR EACH STATEMENT")
    state = LogState._meta.db_table
    add(state, f"{state}_no_delete", f"DELETE ON {quote(state)} FOR EACH ROW")
    add(state, f"{state}_no_truncate", f"TRUNCATE ON {quote(state)} FOR EACH STATEMENT")
    add(state, f"{state}_only_grows", f"UPDATE ON {quote(state)} FOR EACH ROW WHEN ({_SHRINKS})")
    return made
