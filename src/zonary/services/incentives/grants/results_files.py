"""What a bank answered, as officers get it: which column is which."""

from __future__ import annotations

from pathlib import Path

from zonary.common.tables import Bounds, find_columns, open_table, wanted_cells
from zonary.services.incentives.grants.rules.payment_files import MAX_LINES

COLUMNS = {
    "line": ("序号",),
    "grant": ("发放编号",),
    "amount": ("金额", "金额（元）"),
    "result": ("结果", "支付结果"),
    "reason": ("原因", "失败原因"),
}
"""Field -> its names in files."""
MAX_BYTES = 4_000_000
BOUNDS = Bounds(file_bytes=MAX_BYTES, unpacked_bytes=40_000_000, rows=MAX_LINES + 10, columns=32, cells=200_000)


def read_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """All rows; whether each fits is for the payment file to say.

    :raises TableError: when it is no table that can be read, or lacks a column.
    """
    table = open_table(path, bounds=BOUNDS)
    columns = find_columns(table.header, COLUMNS, ("line", "grant", "result"))
    return [(number, wanted_cells(cells, columns)) for number, cells in table.rows()]
