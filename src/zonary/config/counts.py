"""What all worker processes of a server have counted together.

Each worker adds to a row of its own in memory that all of them share, so that nobody waits for anybody, and whoever is
asked adds up the rows. A file for each process, as ``prometheus_client`` has it, would outlive a crash and be written
to for every request.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
from collections.abc import Iterator

AREAS = ("api", "healthz", "log", "metrics", "openlog", "other", "pages", "trust", "tsa")
"""The first parts of addresses that are counted apart: a small, fixed set, whatever is asked for."""
_STATUSES = range(100, 600)
_RESPONSES = len(AREAS) * len(_STATUSES)
_TIMESTAMPS = _RESPONSES
_PROCESS = _RESPONSES + 1
_ROW = _RESPONSES + 2
_FIRST = {area: number * len(_STATUSES) - _STATUSES.start for number, area in enumerate(AREAS)}
_OWN_NAMES = frozenset(AREAS) - {"pages", "other"}


def area_of(path: str) -> str:
    """The area an address is counted in."""
    name = path[1:].partition("/")[0]
    return name if name in _OWN_NAMES else "pages" if path == "/" else "other"


class SharedCounts:
    """The rows of ``workers`` processes. Made by the process that starts them, and handed to each as it starts."""

    def __init__(self, workers: int) -> None:
        self._numbers = multiprocessing.get_context("spawn").RawArray(ctypes.c_uint64, workers * _ROW)

    def row(self, number: int) -> Counts:
        """Row ``number``, counting from 0, for the one process that counts in it.

        :raises ValueError: when there is none.
        """
        numbers = memoryview(self._numbers).cast("B").cast("Q")
        if not 0 <= number < len(numbers) // _ROW:
            raise ValueError(f"there is no row {number}")
        return Counts(numbers, number)


class Tally:
    """One number that only grows."""

    __slots__ = ("_column", "_numbers")

    def __init__(self, numbers: memoryview, column: int) -> None:
        self._numbers = numbers
        self._column = column

    def inc(self) -> None:
        self._numbers[self._column] += 1


class Counts:
    """Row ``row`` of ``numbers``: to be added to by one thread of one process; every row may be read by all."""

    def __init__(self, numbers: memoryview, row: int) -> None:
        self._all = numbers
        self._own = numbers[row * _ROW : (row + 1) * _ROW]
        self._own[_PROCESS] = os.getpid()
        self.timestamps = Tally(self._own, _TIMESTAMPS)

    def count(self, area: str, status: int) -> None:
        """One more request in ``area`` was answered with ``status``."""
        self._own[_FIRST[area] + (status if status in _STATUSES else 500)] += 1

    def responses(self) -> Iterator[tuple[str, int, int]]:
        """Area, status and number of all responses there were, over all processes."""
        for area in AREAS:
            for status in _STATUSES:
                number = self._sum(_FIRST[area] + status)
                if number:
                    yield area, status, number

    def all_timestamps(self) -> int:
        """Timestamp requests answered, over all processes."""
        return self._sum(_TIMESTAMPS)

    def processes(self) -> list[int]:
        """The process ids of all who have a row."""
        return [number for number in self._all[_PROCESS::_ROW] if number]

    def _sum(self, column: int) -> int:
        return sum(self._all[column::_ROW])


def private_counts() -> Counts:
    """Counts of this process alone, for whoever runs the application without ``zonary serve``."""
    return Counts(memoryview(bytearray(8 * _ROW)).cast("Q"), 0)
