"""Nothing is written outside an action: statements are looked at before the database sees them.

A slip that went around :func:`~zonary.foundation.ledger.recording.action` would be a change without evidence; it is
refused, whatever table it is about. The few tables that may be written without evidence are named in the settings,
each with its reason (``zonary.config.unrecorded``). What a statement is, is told by its first word; one that is not
known is refused, and so are several at once.

Not seen are other programs; cascades and functions inside the database (rows refer to others with ``PROTECT``); and
what goes around Django's cursors: ``executescript``, ``copy``, ``callproc`` and the driver's own connection, which a
test forbids (``tests/architecture/test_actions.py``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from zonary.foundation.ledger.errors import UnrecordedChangeError
from zonary.foundation.ledger.recording import is_recording, note_write

_READ = frozenset(("SELECT", "VALUES", "PRAGMA", "SHOW"))  # not EXPLAIN, which may carry out what it explains
_SESSION = frozenset(
    ("SET", "RESET", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "DECLARE", "FETCH", "CLOSE")
)
_UPKEEP = frozenset(("ANALYZE", "VACUUM", "REINDEX"))
_HARMLESS = _READ | _SESSION | _UPKEEP

_FIRST_WORD = re.compile(r"[A-Za-z]+")
_BLANK = " \t\r\n"
_TABLE = r'(?:ONLY\s+)?((?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))?)'
_WRITE = re.compile(
    rf"(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)\s+{_TABLE}", re.IGNORECASE
)
_WRITE_IN_WITH = re.compile(r"\b(?:INSERT|UPDATE|DELETE|MERGE|REPLACE)\b", re.IGNORECASE)

_reason: ContextVar[str] = ContextVar("reason_for_writing_without_evidence", default="")


@contextmanager
def unrecorded(reason: str) -> Iterator[None]:
    """Let what runs inside write without evidence: for moving tables to another release, and nothing else.

    :param reason: why this leaves none; for whoever reads the code.
    """
    token = _reason.set(reason)
    try:
        yield
    finally:
        _reason.reset(token)


def watch(connection: BaseDatabaseWrapper, **_signal: object) -> None:
    """Have every statement of ``connection`` looked at. Called for every new one."""
    if refuse_unrecorded not in connection.execute_wrappers:
        # First of all: Django's own `execute_wrapper` takes the last one off when it ends.
        connection.execute_wrappers.insert(0, refuse_unrecorded)


def refuse_unrecorded(
    execute: Callable[..., Any], sql: str, params: object, many: bool, context: dict[str, Any]
) -> object:
    """A wrapper of Django's around every statement.

    :raises UnrecordedChangeError: for a write outside an action to a table that may not be.
    """
    statement = str(sql)  # psycopg's composed ones are none
    table = written_table(statement)
    if table is not None and not _reason.get() and table not in settings.ZONARY_UNRECORDED:
        if is_recording():
            note_write()
            return execute(sql, params, many, context)
        raise UnrecordedChangeError(
            f"A write to {table or 'an unknown place'} outside an action was refused: {statement[:80]!r}. Write in an "
            "action, which records what happened; migrate with zonary.config.zone.migrate."
        )
    return execute(sql, params, many, context)


def written_table(sql: str) -> str | None:
    """The table ``sql`` writes to; None when it writes to none, empty when that cannot be told."""
    sql = sql.strip(_BLANK)
    first = _FIRST_WORD.match(sql.lstrip("(" + _BLANK))
    word = first[0].upper() if first else ""
    if ";" in sql[:-1]:
        return ""  # PostgreSQL would carry out the second, too; values are never written into statements
    if word == "PRAGMA" and "=" in sql:
        return ""
    if word in _HARMLESS:
        return None
    if word == "WITH":
        return "" if _WRITE_IN_WITH.search(sql) else None
    write = _WRITE.match(sql)
    return write[1].rpartition(".")[2].strip('"') if write else ""
