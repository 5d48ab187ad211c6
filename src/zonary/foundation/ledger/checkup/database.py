"""Whether the database opens, is whole, and still refuses to change what was recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import DatabaseError, connection

from zonary.foundation.ledger.checkup.findings import Finding, Severity
from zonary.foundation.ledger.immutability import missing_triggers
from zonary.foundation.ledger.layout import DataDirectory
from zonary.foundation.ledger.logs import MAIN
from zonary.foundation.ledger.queries import log_status
from zonary.proof.package.report import Sentence


def check_database(data: DataDirectory, _now: datetime) -> Iterator[Finding]:
    """Reads every page of a SQLite database, which takes its time on a large one; a server beside it goes on."""
    question = "PRAGMA quick_check(5)" if connection.vendor == "sqlite" else "SELECT 'ok'"
    return _check(
        data,
        question,
        lambda size: Sentence("The database opens and is whole; it has counted {size} entries.", {"size": size}),
    )


def check_opening(data: DataDirectory, _now: datetime) -> Iterator[Finding]:
    """As fast as a page is to come: a database is asked, and not read."""
    return _check(
        data,
        "SELECT 'ok'",
        lambda size: Sentence(
            "The database opens; it has counted {size} entries. Whether all of it is whole: zonary doctor.",
            {"size": size},
        ),
    )


def _check(data: DataDirectory, question: str, good: Callable[[int], Sentence]) -> Iterator[Finding]:
    try:
        problems = _problems(question)
        status = log_status(MAIN)
    except DatabaseError as error:
        connection.close()
        yield _broken(data, str(error))
        return
    if problems:
        yield _broken(data, "; ".join(problems))
    elif status is None:
        found = Sentence("The database opens; no log has begun in it.")
        mend = Sentence("Start the server once: zonary serve.")
        yield Finding("database", Severity.WARNING, found, mend)
    else:
        yield Finding("database", Severity.OK, good(status.size))


def _problems(question: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return [str(row[0]).replace("\n", " ") for row in cursor.fetchall() if row[0] != "ok"]


def _broken(data: DataDirectory, reason: str) -> Finding:
    return Finding(
        "database",
        Severity.FAULT,
        Sentence("The database cannot be used: {reason}.", {"reason": reason.rstrip(".")}),
        Sentence(
            "Stop the server, keep a copy of {path} as it is, and restore the database from a backup that is not older "
            "than the published checkpoint.",
            {"path": str(data.path)},
        ),
    )


def check_triggers(_data: DataDirectory, _now: datetime) -> Iterator[Finding]:
    missing = missing_triggers()
    if not missing:
        found = Sentence("The database refuses to change or delete what was recorded.")
        yield Finding("triggers", Severity.OK, found)
        return
    yield Finding(
        "triggers",
        Severity.FAULT,
        Sentence(
            "The database would let somebody change what was recorded: it lacks {triggers}.",
            {"triggers": ", ".join(missing)},
        ),
        Sentence(
            "Restart the server, which puts them back. They do not go by themselves: find out who removed them, and "
            "check the log: zonary fsck."
        ),
    )
