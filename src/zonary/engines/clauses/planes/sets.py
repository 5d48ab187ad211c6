"""Sets of rows of a table, a bit for each row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Words: TypeAlias = NDArray[np.uint64]
"""Row i is bit i % 8 of byte i // 8; kept as words because these are joined eight bytes at a time."""

WORD = 64


@dataclass(frozen=True, eq=False)
class RowSet:
    """Rows of one table. ``words`` has as many as ``rows`` take, with nothing set beyond."""

    words: Words
    rows: int

    @cached_property
    def count(self) -> int:
        return int(np.bitwise_count(self.words).sum(dtype=np.int64))

    def listed(self, first: int = 0, limit: int | None = None) -> NDArray[np.int64]:
        """Row numbers, ascending, from the ``first``-th of the set on."""
        found = np.flatnonzero(self.mask())
        return found[first : None if limit is None else first + limit]

    def mask(self) -> NDArray[np.bool_]:
        """One truth for each row of the table."""
        bits = np.unpackbits(self.words.view(np.uint8), count=self.rows, bitorder="little")
        return bits.view(np.bool_)

    def __contains__(self, row: int) -> bool:
        if not 0 <= row < self.rows:
            return False
        return bool(self.words.view(np.uint8)[row >> 3] >> (row & 7) & 1)

    def __and__(self, other: RowSet) -> RowSet:
        return RowSet(self.words & other.words, self.rows)

    def __or__(self, other: RowSet) -> RowSet:
        return RowSet(self.words | other.words, self.rows)

    def __sub__(self, other: RowSet) -> RowSet:
        return RowSet(self.words & ~other.words, self.rows)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RowSet):
            return NotImplemented
        return self.rows == other.rows and bool(np.array_equal(self.words, other.words))

    __hash__ = None  # type: ignore[assignment]
