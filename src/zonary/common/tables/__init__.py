"""Tables that people send, as CSV, XLSX or Parquet: read row by row, bounded, every cell as text.

Whatever is wrong with a file is a :class:`TableError`: one sentence that names the row, as a spreadsheet counts it (the
header is row 1), and the column where that is known.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from zonary.common.tables.bounds import Bounds, Table, TableError
from zonary.common.tables.csv_files import open_csv
from zonary.common.tables.header import Columns, find_columns, wanted_cells

__all__ = ["Bounds", "Columns", "Table", "TableError", "find_columns", "open_table", "wanted_cells"]

_ZIP = b"PK\x03\x04"
_PARQUET = b"PAR1"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_START = 8


def open_table(path: Path, *, sheet: str = "", bounds: Bounds | None = None) -> Table:
    """The table in ``path``; its first bytes say what it is, not its name.

    :param sheet: of an XLSX file, the name of one; its first without.
    :raises TableError: when it is none, or exceeds the bounds.
    """
    bounds = bounds or Bounds()
    with path.open("rb") as file:
        start = file.read(_START)
        size = file.seek(0, 2)
    if not start:
        raise TableError("The file is empty.")
    if size > bounds.file_bytes:
        raise TableError(
            "The file has {size} MB; at most {limit} MB are read. Split it.",
            size=-(-size // 1_000_000),
            limit=bounds.file_bytes // 1_000_000,
        )
    if start.startswith(_OLD_OFFICE):
        raise TableError(
            "This is an old .xls workbook, or one with a password. Save it as .xlsx without a password, or as CSV."
        )
    if sheet and not start.startswith(_ZIP):
        raise TableError("Only an XLSX file has sheets; leave out the sheet “{sheet}”.", sheet=sheet)
    return _opener(start)(path, sheet, bounds)


def _opener(start: bytes) -> Callable[[Path, str, Bounds], Table]:
    """Readers are imported when they are needed: they are large."""
    if start.startswith(_ZIP):
        from zonary.common.tables.workbooks import open_workbook

        return open_workbook
    if start.startswith(_PARQUET):
        from zonary.common.tables.parquet_files import open_parquet

        return open_parquet
    return lambda path, _sheet, bounds: open_csv(path, bounds)
