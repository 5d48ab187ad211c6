"""Nothing is written outside an action: every statement is looked at before the database sees it.

A slip that went around :func:`~zonary.foundation.ledger.recording.action` would be a change without evidence; it is
refused, whatever table it is about. The few tables that may be written without evidence are named in the settings,
each with its reason (``zonary.config.unrecorded``). What a statement is, is told by its first word; one that is not
known is refused. Not seen are other programs, and cascades inside the database: rows refer to others with ``PROTECT``.
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
from zonary.foundation.ledger.recording import is_recording

_READ = frozenset(("SELECT", "VALUES", "PRAGMA", "SHOW"))  # not EXPLAIN, which may carry out what it explains
_SESSION = frozenset(
    ("SET", "RESET", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "DECLARE", "FETCH", "CLOSE")
)
_SCHEMA = frozenset(("CREATE", "ALTER", "DROP", "COMMENT", "ANALYZE", "VACUUM", "REINDEX"))
"""They change what tables are, not what stands in them; what a table loses with them, the log still has."""
_HARMLESS = _READ | _SESSION | _SCHEMA

_FIRST_WORD = re.compile(r"\s*\(*\s*([A-Za-z]+)")
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
        connection.execute_wrappers.append(refuse_unrecorded)


def refuse_unrecorded(
    execute: Callable[..., Any], sql: str, params: object, many: bool, context: dict[str, Any]
) -> object:
    """A wrapper of Django's around every statement.

    :raises UnrecordedChangeError: for a write outside an action to a table that may not be.
    """
    table = written_table(sql)
    if table is not None and not is_recording() and not _reason.get() and table not in settings.ZONARY_UNRECORDED:
        raise UnrecordedChangeError(
            f"A write to {table or 'an unknown place'} outside an action was refused: {sql[:80]!r}. Write in an "
            "action, which records what happened."
        )
    return execute(sql, params, many, context)


def written_table(sql: str) -> str | None:
    """The table ``sql`` writes to; None when it writes to none, empty when that cannot be told."""
    first = _FIRST_WORD.match(sql)
    word = first[1].upper() if first else ""
    if word in _HARMLESS:
        return None
    if word == "WITH":
        return "" if _WRITE_IN_WITH.search(sql) else None
    write = _WRITE.match(sql.lstrip())
    return write[1].rpartition(".")[2].strip('"') if write else ""
