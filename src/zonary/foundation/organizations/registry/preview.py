"""What of a file is shown before it is imported: nothing is changed by looking."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import islice

from zonary.common.tables import wanted_cells
from zonary.foundation.organizations.registry.files import RegistryFile
from zonary.foundation.organizations.registry.rules import COLUMNS, Remark, RowChecker

SHOWN_ROWS = 20
_CHECKED_ROWS = 1_000
"""Rows that are looked at for the preview, in some 30 ms; the import looks at all."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows as they are understood, and what there is to say of those that were looked at.

    :param columns: our name and the file's of each column that is read.
    :param rows: number and cells.
    """

    file: RegistryFile
    columns: list[tuple[str, str]]
    rows: list[tuple[int, list[str]]]
    remarks: list[Remark]
    looked_at: int
    refused: int


def preview_of(file: RegistryFile, *, today: date) -> Preview:
    """:raises TableError: at a row that cannot be read."""
    fields = list(file.columns.places)
    checker = RowChecker(file.columns.names, today=today)
    rows: list[tuple[int, list[str]]] = []
    remarks: list[Remark] = []
    counts = Counter[bool]()
    for number, cells in islice(file.table.rows(), _CHECKED_ROWS):
        wanted = wanted_cells(cells, file.columns)
        if len(rows) < SHOWN_ROWS:
            rows.append((number, [wanted[field] for field in fields]))
        found = checker.check(number, wanted)
        counts[isinstance(found, Remark)] += 1
        if isinstance(found, Remark) and len(remarks) < SHOWN_ROWS:
            remarks.append(found)
    columns = [(COLUMNS[field][0], file.columns.names[field]) for field in fields]
    return Preview(file, columns, rows, remarks, counts.total(), counts[True])
