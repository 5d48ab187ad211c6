"""Tables for people, as CSV that Excel and WPS open: UTF-8 with a byte order mark, and no cell is taken for a formula.

A cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break gets an apostrophe in front, which makes a
spreadsheet show it as text (OWASP, CSV Injection). Whoever reads the file with a program takes it off again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

CSV = "text/csv; charset=utf-8"
"""Its media type."""
_BOM = "\ufeff"
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # full width ones too: some programs fold them
_AT_ONCE = 500


def csv_bytes(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """``rows``, the header among them, as pieces of a file. Numbers are written as they are."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    text.write(_BOM)
    for number, row in enumerate(rows):
        writer.writerow([harmless(cell) for cell in row])
        if number % _AT_ONCE == _AT_ONCE - 1:
            yield _taken(text)
    yield _taken(text)


def harmless(cell: object) -> object:
    """``cell`` so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_ACTIVE) else cell


def _taken(text: io.StringIO) -> bytes:
    taken = text.getvalue().encode("utf-8", "backslashreplace")
    text.seek(0)
    text.truncate()
    return taken
