"""The table that is printed: every figure of this very run, as a ratio to its limit."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One claim. ``ratio`` is how far the limit is met: 1 and more is met."""

    what: str
    measured: str
    limit: str
    ratio: float
    beside: str = ""


def show(rows: list[Row]) -> None:
    """Print ``rows`` under a line on the machine; misses are marked."""
    print(f"\n{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}\n")
    heads = ("what", "measured", "limit", "of limit", "beside")
    cells = [
        (row.what, row.measured, row.limit, f"{row.ratio:.2f} x{'' if row.ratio >= 1 else '  MISSED'}", row.beside)
        for row in rows
    ]
    widths = [max(len(line[i]) for line in (heads, *cells)) for i in range(len(heads))]
    for line in (heads, tuple("-" * width for width in widths), *cells):
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())
