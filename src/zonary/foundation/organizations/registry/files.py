"""The file a registry comes in: opened, told apart by its digest, and read in batches of checked rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from zonary.common.tables import Bounds, Columns, Table, TableError, find_columns, open_table, wanted_cells
from zonary.foundation.organizations.registry.rules import COLUMNS, REQUIRED, Listing, Remark, RowChecker

BATCH_ROWS = 2_000
"""Rows of one transaction: it holds up everybody else who writes for a fraction of a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryFile:
    """An opened file.

    :param name: what the user calls it.
    :param digest: SHA-256 of its bytes in hexadecimal digits; with the sheet it tells whether it was imported before.
    :param rows: how many it has, without the header.
    """

    path: Path
    name: str
    digest: str
    sheet: str
    table: Table
    columns: Columns
    rows: int


@dataclass(slots=True)
class Batch:
    """Rows one after the other: those that can be listed, and what is to be said of others.

    :param last_row: number of its last row, as a spreadsheet counts.
    :param size: rows in it.
    """

    last_row: int = 1
    size: int = 0
    listings: list[Listing] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def open_registry(path: Path, *, name: str, sheet: str = "", bounds: Bounds | None = None) -> RegistryFile:
    """Open the file and look whether all of it can be read, before anything is done with it.

    :raises TableError: when it cannot be, has too many rows, or a column is missing.
    """
    table = open_table(path, sheet=sheet, bounds=bounds)
    columns = find_columns(table.header, COLUMNS, REQUIRED)
    rows = sum(1 for _row in table.rows())
    if not rows:
        raise TableError("The file has a header and no rows.")
    return RegistryFile(
        path=path, name=name, digest=digest_of(path), sheet=sheet, table=table, columns=columns, rows=rows
    )


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def batches(file: RegistryFile, *, today: date, after: int = 1, size: int = BATCH_ROWS) -> Iterator[Batch]:
    """All rows of ``file`` after row ``after``, checked; those before are looked at, too, for what stands there twice.

    :raises TableError: when the file was changed since it was opened, and cannot be read any more.
    """
    checker = RowChecker(file.columns.names, today=today)
    batch = Batch()
    for number, cells in file.table.rows():
        found = checker.check(number, wanted_cells(cells, file.columns))
        if number <= after:
            continue
        if isinstance(found, Listing):
            batch.listings.append(found)
        else:
            batch.remarks.append(found)
        batch.last_row = number
        batch.size += 1
        if batch.size == size:
            yield batch
            batch = Batch()
    if batch.size:
        yield batch
