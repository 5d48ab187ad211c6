"""One import at a time: held by the operating system, or by PostgreSQL, both of which let go when the process ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection

from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.layout import DataDirectory

_LOCK = 0x7A6F_6E61_7279_0003
_NAME = "registry-import.lock"


class ImportBusyError(LedgerError):
    """Another import runs."""


@contextmanager
def only_import(data: DataDirectory) -> Iterator[None]:
    """Be the one import of this database.

    :raises ImportBusyError: when there is one.
    """
    with _held_by_database() if connection.vendor == "postgresql" else _held_by_file(data):
        yield


@contextmanager
def _held_by_file(data: DataDirectory) -> Iterator[None]:
    descriptor = os.open(data.path / _NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _busy() from None
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _held_by_database() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise _busy()
    try:
        yield
    finally:
        # A connection that broke has let go already.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _busy() -> ImportBusyError:
    return ImportBusyError("Another import of a registry is running. Wait until it has ended; nothing was changed.")
