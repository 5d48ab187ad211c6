"""CSV: UTF-8 or GB18030, with commas, semicolons or tabs between the cells."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zonary.common.tables.bounds import Bounds, Table, TableError, check_row, checked_header, too_many_rows

_PIECE = 1 << 20
_UTF_8, _GB18030 = "utf-8-sig", "gb18030"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SEPARATORS = ",;\t"
_QUOTED_LINES = 100
"""Further lines that a quoted header may have."""


@dataclass(frozen=True, slots=True)
class _CSV:
    path: Path
    encoding: str
    separator: str
    bounds: Bounds
    header: tuple[str, ...]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        bounds, width = self.bounds, len(self.header)
        count = 0
        for number, cells in _records(self.path, self.encoding, self.separator):
            if number == 1 or not any(cells):
                continue
            count += 1
            if count > bounds.rows:
                raise too_many_rows(bounds.rows)
            check_row(number, cells, width, bounds)
            yield number, cells


def open_csv(path: Path, bounds: Bounds) -> Table:
    """:raises TableError: when it is no text, or its first row names no columns."""
    encoding = _encoding(path)
    separator = _separator(path, encoding)
    _number, first = next(_records(path, encoding, separator), (1, []))
    return _CSV(path, encoding, separator, bounds, checked_header(first, bounds))


def _records(path: Path, encoding: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of every record, empty ones too. Strict, since a quote amiss would swallow rows in silence."""
    number = 0
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=separator, strict=True)
        try:
            for cells in reader:
                number += 1
                yield number, cells
        except csv.Error as error:
            raise TableError(
                "Row {row} (line {line} of the file) is no CSV: {reason}. Look for a quote that is not closed, or not "
                "doubled inside a cell.",
                row=number + 1,
                line=reader.line_num,
                reason=str(error),
            ) from error


def _encoding(path: Path) -> str:
    """The one in which all of the file can be read; UTF-8 first, because no GB18030 text of any length passes for it.

    :raises TableError: when it is in neither.
    """
    with path.open("rb") as file:
        if file.read(2) in _UTF_16:
            raise TableError("The file is in UTF-16. Save it as “CSV UTF-8”.")
    wrong = 0
    for encoding in (_UTF_8, _GB18030):
        line = _first_wrong(path, encoding)
        if line is None:
            return encoding
        wrong = max(wrong, line)  # the encoding that fits further is the one that was meant
    raise TableError(
        "The file is neither CSV in UTF-8 or GB18030, nor XLSX, nor Parquet: line {line} cannot be read. Save it as "
        "“CSV UTF-8”.",
        line=wrong,
    )


def _first_wrong(path: Path, encoding: str) -> int | None:
    """The first line that is not in ``encoding``, or holds a zero byte, which no text does; None without one."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as file:
        while True:
            piece = file.read(_PIECE)
            try:
                decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                return line + piece.count(b"\n", 0, max(error.start, 0))
            if (zero := piece.find(b"\0")) >= 0:
                return line + piece.count(b"\n", 0, zero)
            if not piece:
                return None
            line += piece.count(b"\n")


def _separator(path: Path, encoding: str) -> str:
    """The one that stands most often in the header, outside quotes."""
    counts = dict.fromkeys(_SEPARATORS, 0)
    is_quoted = False
    with path.open(encoding=encoding, newline="") as file:
        for _line in range(_QUOTED_LINES):
            text = file.readline(_PIECE)
            for character in text:
                if character == '"':
                    is_quoted = not is_quoted
                elif not is_quoted and character in counts:
                    counts[character] += 1
            if not is_quoted or not text:
                break
    return max(_SEPARATORS, key=lambda separator: counts[separator])
