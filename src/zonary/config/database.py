"""Which database: the file in the data directory, or the PostgreSQL that ``ZONARY_DATABASE_URL`` names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.db import connection

from zonary.foundation.ledger.layout import DataDirectory
from zonary.proof.errors import Error

IDLE_TRANSACTION_SECONDS = 10
"""After so long PostgreSQL ends a transaction whose client does nothing: a stopped machine must not hold the log."""
LOCK_SECONDS = 20
CONNECTIONS = 8
"""Of each process at most: with four workers and the main process 40 of the 100 that PostgreSQL allows by default."""
_START_LOCK = 0x7A6F_6E61_7279_0002
_OPTIONS = frozenset(("sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name"))


class DatabaseURLError(Error):
    """``ZONARY_DATABASE_URL`` is not one."""


def database(url: str, data: DataDirectory) -> dict[str, Any]:
    """Django's settings of the database.

    :param url: ``postgresql://user:password@host:port/name?sslmode=verify-full``, or empty for the embedded one.
    :raises DatabaseURLError: for anything else; the password is not repeated.
    """
    return _postgresql(url) if url else _sqlite(data)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Of all servers that start on the same PostgreSQL, one is in here; the next waits until it has left."""
    if connection.vendor != "postgresql":
        yield  # the lock on the data directory has seen to it
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_START_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_START_LOCK])


def _sqlite(data: DataDirectory) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(data.database),
        # The threads that answer requests keep their connections.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A transaction takes the write lock when it begins. What it reads is then still true when it commits, and
            # it waits for its turn instead of failing half-way.
            "transaction_mode": "IMMEDIATE",
            # Acknowledged is on disk: FULL syncs the write-ahead log at every commit.
            # recursive_triggers: REPLACE, which removes rows, is refused as DELETE is (see ledger.immutability).
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000; "
                "PRAGMA recursive_triggers=ON;"
            ),
            "timeout": 20,
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    options = dict(parse_qsl(parts.query))
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in ("postgresql", "postgres") or not name or "/" in name or port == -1:
        raise DatabaseURLError(
            "ZONARY_DATABASE_URL is not the address of a PostgreSQL database; write "
            "postgresql://user:password@host:5432/name."
        )
    unknown = sorted(set(options) - _OPTIONS)
    if unknown:
        raise DatabaseURLError(
            "ZONARY_DATABASE_URL has the unknown option “{name}”; these are known: {known}.",
            name=unknown[0],
            known=", ".join(sorted(_OPTIONS)),
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            **options,
            # Acknowledged is on disk, whatever the server's own default. A query or lock that takes for ever would
            # hold up everybody behind it.
            "options": (
                "-c synchronous_commit=on "
                f"-c idle_in_transaction_session_timeout={IDLE_TRANSACTION_SECONDS}s -c lock_timeout={LOCK_SECONDS}s "
                "-c tcp_user_timeout=20s -c default_transaction_isolation=read\\ committed"
            ),
            # Connections are made once and lent to the threads that answer requests, each looked at before: of those
            # from before the database was restarted, every one would fail once.
            "pool": {"min_size": 1, "max_size": CONNECTIONS, "timeout": 20},
        },
    }
