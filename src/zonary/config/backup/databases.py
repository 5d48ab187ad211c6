"""One state of the database as a file, however much is recorded meanwhile; and putting it back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection, transaction

from zonary.config.backup.contents import DUMP, SQLITE
from zonary.config.backup.errors import BackupError
from zonary.foundation.ledger.layout import DataDirectory

_DEBIAN = Path("/usr/lib/postgresql")
_SQLITE_SECONDS = 60


@contextmanager
def snapshot(data: DataDirectory, folder: Path) -> Iterator[Path]:
    """A file in ``folder`` with one state of the database; inside, Django reads that state and nothing newer.

    :raises BackupError: when it cannot be had, or is damaged.
    """
    if connection.vendor == "sqlite":
        yield _copy(data.database, folder / SQLITE)
        return
    program = find_program("pg_dump")
    path = folder / DUMP
    with connection.cursor() as cursor:
        # The transaction waits while the dump is made; that is not the idling which this ends.
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (name,) = cursor.fetchone()
        _run([program, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={name}", f"--file={path}"])
        yield path


def open_read_only(path: Path) -> None:
    """Have Django read the SQLite file ``path``, which nobody writes."""
    connection.close()
    connection.settings_dict["NAME"] = f"file:{quote(str(path))}?mode=ro&immutable=1"
    connection.settings_dict["OPTIONS"] = {"init_command": "PRAGMA query_only=ON"}


def require_whole(path: Path) -> None:
    """:raises BackupError: when the SQLite file ``path`` is damaged."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)) as database:
            problem = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        problem = str(error)
    if problem != "ok":
        raise BackupError("The database is damaged: {reason}. Ask the doctor: zonary doctor", reason=problem)


def require_empty_postgresql() -> None:
    """:raises BackupError: when the database that is to be restored into has tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'")
        (tables,) = cursor.fetchone()
    if tables:
        raise BackupError(
            "The database that ZONARY_DATABASE_URL names has tables already. Restore into an empty one: rename this "
            "one, and make another."
        )


def load_dump(path: Path) -> None:
    """Put the dump ``path`` into the empty PostgreSQL database: all of it or nothing.

    :raises BackupError: when it cannot be.
    """
    connection.close()
    settings = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
    _run([find_program("pg_restore"), *settings, f"--dbname={connection.settings_dict['NAME']}", str(path)])


def find_program(name: str) -> str:
    """A program of PostgreSQL: on the path, or where Debian has it, of the newest version.

    :raises BackupError: when it is nowhere.
    """
    versions = sorted(
        (path for path in _DEBIAN.glob(f"*/bin/{name}") if path.parts[-3].isdigit()), key=lambda p: int(p.parts[-3])
    )
    found = str(versions[-1]) if versions else shutil.which(name)
    if os.environ.get("ZONARY_POSTGRESQL_PROGRAMS"):
        found = shutil.which(name, path=os.environ["ZONARY_POSTGRESQL_PROGRAMS"])
    if found is None:
        raise BackupError(
            "The program {name} of PostgreSQL is not here. Install it (on Debian: postgresql-client), or name its "
            "folder in ZONARY_POSTGRESQL_PROGRAMS.",
            name=name,
        )
    return found


def _copy(database: Path, target: Path) -> Path:
    """One state of ``database`` in a file of its own; whoever records meanwhile is not held up."""
    try:
        address = f"file:{quote(str(database))}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=_SQLITE_SECONDS)) as source:
            source.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        raise BackupError(
            "The database {path} cannot be copied: {reason}.", path=str(database), reason=str(error)
        ) from None
    require_whole(target)
    open_read_only(target)
    return target


def _run(command: list[str]) -> None:
    program = Path(command[0]).name
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL  # nosec B603
        command,
        env={**_without_postgresql(os.environ), **_environment(connection.settings_dict)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        reason = next((line for line in lines if "error" in line), lines[0] if lines else "?")
        raise BackupError(
            "{program} did not do it: {reason}", program=program, reason=reason.removeprefix(f"{program}: ")[:300]
        )


def _without_postgresql(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not name.startswith("PG")} | {"LC_ALL": "C.UTF-8"}


def _environment(settings: dict[str, Any]) -> dict[str, str]:
    """How the program reaches the database; the password never stands in a command line."""
    options = settings["OPTIONS"]
    found = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
        "PGCONNECT_TIMEOUT": options.get("connect_timeout", ""),
        "PGSSLMODE": options.get("sslmode", ""),
        "PGSSLROOTCERT": options.get("sslrootcert", ""),
        "PGSSLCERT": options.get("sslcert", ""),
        "PGSSLKEY": options.get("sslkey", ""),
        "PGAPPNAME": "zonary backup",
    }
    return {name: str(value) for name, value in found.items() if value}
