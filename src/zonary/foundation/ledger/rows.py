"""Rows where the ORM is too slow or too coarse, in SQL that SQLite and PostgreSQL both know."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

from django.db import connection, models

Value: TypeAlias = int | str | bytes | bool | date | datetime | uuid.UUID | None
"""What a column may hold, as the database takes it."""
_INSERTED = 500
"""Rows of one statement."""
_FETCHED = 16
"""Rows held at one time while many are looked through: each may hold a batch."""


def insert(model: type[models.Model], columns: tuple[str, ...], rows: Iterable[tuple[Value, ...]]) -> None:
    """Insert ``rows``, values given as the database takes them.

    The ORM's own bulk insert spends ten times as long on preparing each row. SQLite takes row after row under one
    prepared statement; for PostgreSQL that is a message there and back for each, so many rows make one statement.
    """
    every = list(rows)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql" or len(every) < 2:
            cursor.executemany(_insertion(model, columns), every)
            return
        one = f"({', '.join(['%s'] * len(columns))})"
        for start in range(0, len(every), _INSERTED):
            some = every[start : start + _INSERTED]
            further = f", {one}" * (len(some) - 1)
            cursor.execute(_insertion(model, columns) + further, [value for row in some for value in row])


def update(model: type[models.Model], columns: tuple[str, ...], rows: Iterable[tuple[Value, ...]]) -> None:
    """Set ``columns`` of rows with one prepared statement; the last value of each row is the ``id``."""
    settings = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in columns)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table(model)} SET {settings} WHERE id = %s", list(rows))  # noqa: S608


def insert_one(model: type[models.Model], columns: tuple[str, ...], row: tuple[Value, ...]) -> int:
    """Insert ``row``; returns the ``id`` the database gave it."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_insertion(model, columns)} RETURNING id", row)
        return int(cursor.fetchone()[0])


def _insertion(model: type[models.Model], columns: tuple[str, ...]) -> str:
    names = ", ".join(map(connection.ops.quote_name, columns))
    return f"INSERT INTO {table(model)} ({names}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608


def fetch(query: str, parameters: Sequence[Value]) -> list[Any]:
    """All rows of ``query``: for those known to be few."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def stream(query: str, parameters: Sequence[Value]) -> Iterator[tuple[Any, ...]]:
    """The rows of ``query``, a few at a time, in whatever transaction is open."""
    cursor = connection.chunked_cursor()
    try:
        cursor.execute(query, parameters)
        while rows := cursor.fetchmany(_FETCHED):
            yield from rows
    finally:
        # The one method of a cursor whose errors Django leaves as the driver's: a connection that broke off has to
        # reach whoever tries again as what it is.
        with connection.wrap_database_errors:
            cursor.close()


def moment(at: datetime) -> Value:
    """``at`` as the database takes it."""
    adapted: Value = connection.ops.adapt_datetimefield_value(at)
    return adapted


def day(value: date | None) -> Value:
    """``value`` as the database takes it."""
    adapted: Value = connection.ops.adapt_datefield_value(value)
    return adapted


def identifier(public_id: str) -> Value:
    """A UUID as the database takes it; texts without hyphens sort as the numbers do."""
    return uuid.UUID(public_id) if connection.features.has_native_uuid_field else public_id.replace("-", "")


def table(model: type[models.Model]) -> str:
    """The table of ``model``, quoted."""
    return connection.ops.quote_name(model._meta.db_table)
