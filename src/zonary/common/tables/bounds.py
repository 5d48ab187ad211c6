"""What a table is, and how large one may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from zonary.proof.errors import Error


class TableError(Error):
    """The file is no table that can be read, or exceeds a bound."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a file is read at most.

    :param file_bytes: of the file as it is.
    :param unpacked_bytes: of what an XLSX or Parquet file holds packed.
    :param rows: without the header.
    :param cell: characters of one cell.
    :param cells: rows times columns of a sheet: all of them are held at one time.
    """

    file_bytes: int = 500_000_000
    unpacked_bytes: int = 400_000_000
    rows: int = 1_000_000
    columns: int = 256
    cell: int = 4_000
    cells: int = 2_400_000


class Table(Protocol):
    """An opened table; its rows may be read any number of times."""

    @property
    def header(self) -> tuple[str, ...]:
        """The cells of the first row."""
        ...

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Number, from 2, and cells of each row that has any; there may be fewer cells than in the header.

        :raises TableError: at a row that cannot be read, or that is one too many.
        """
        ...


def too_many_rows(limit: int) -> TableError:
    return TableError(
        "The file has more than {limit} rows. Split it into smaller files, and import one after the other; nothing was "
        "read in.",
        limit=f"{limit:,}",
    )


def checked_header(cells: list[str], bounds: Bounds) -> tuple[str, ...]:
    """:raises TableError: when it is empty or too long."""
    if not any(cells):
        raise TableError("The first row is empty; it must hold the names of the columns.")
    if len(cells) > bounds.columns:
        raise TableError(
            "The file has {count} columns; at most {limit} are read.", count=len(cells), limit=bounds.columns
        )
    return tuple(cell.strip() for cell in cells)


def check_row(number: int, cells: list[str], width: int, bounds: Bounds) -> None:
    """:raises TableError: when it is longer than the header, or has a cell that is too long."""
    if len(cells) > width and any(cells[width:]):
        raise TableError(
            "Row {row} has {count} cells, but there are {width} columns. A cell with a separator in it needs quotes.",
            row=number,
            count=len(cells),
            width=width,
        )
    if sum(map(len, cells)) > bounds.cell:
        for column, cell in enumerate(cells):
            if len(cell) > bounds.cell:
                raise TableError(
                    "Row {row}, column {column} has a cell of {count} characters; at most {limit} are read. A quote "
                    "that is never closed may be the reason.",
                    row=number,
                    column=column + 1,
                    count=len(cell),
                    limit=bounds.cell,
                )
