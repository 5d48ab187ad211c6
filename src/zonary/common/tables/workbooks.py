"""XLSX: a zip with XML in it, whose sheet is held whole; so what it holds is looked at before it is opened.

Sizes in the zip's directory may lie, so everything is unpacked once, piece by piece, and counted. A sheet with two
cells far apart would be held as all the cells between them; the names of the cells tell that.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import python_calamine as calamine

from zonary.common.tables.bounds import Bounds, Table, TableError, check_row, checked_header, too_many_rows
from zonary.common.tables.cells import as_text

_MEMBERS = 2_000
_PIECE = 1 << 18
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})(\d{1,7})["']""")  # of a cell, or of a row alone
_OVERLAP = 64
_LOCAL_HEADER = struct.Struct("<4s22xHH")


@dataclass(frozen=True, slots=True)
class _Sheet:
    path: Path
    name: str
    bounds: Bounds
    header: tuple[str, ...]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        bounds, width = self.bounds, len(self.header)
        count = 0
        for number, cells in _sheet_rows(self.path, self.name):
            if number == 1 or not any(cells):
                continue
            count += 1
            if count > bounds.rows:
                raise too_many_rows(bounds.rows)
            check_row(number, cells, width, bounds)
            yield number, cells


def open_workbook(path: Path, sheet: str, bounds: Bounds) -> Table:
    """:raises TableError: when it is no workbook, is damaged, has no such sheet, or exceeds the bounds."""
    _check_unpacked(path, bounds)
    name = _sheet_name(path, sheet)
    number, first = next(_sheet_rows(path, name), (1, []))
    while first and not first[-1]:
        first.pop()
    return _Sheet(path, name, bounds, checked_header(first if number == 1 else [], bounds))


def _sheet_rows(path: Path, name: str) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of the rows of the sheet; those before its first cell are counted, too."""
    with _opened(path) as workbook:
        sheet = workbook.get_sheet_by_name(name)
        for number, values in enumerate(sheet.iter_rows(), 1):
            yield number, [as_text(value) or "" for value in values]


def _sheet_name(path: Path, wanted: str) -> str:
    with _opened(path) as workbook:
        work_sheet = calamine.SheetTypeEnum.WorkSheet
        names = [each.name for each in workbook.sheets_metadata if each.typ == work_sheet]
    if not names:
        raise TableError("The workbook has no sheet.")
    if wanted and wanted not in names:
        raise TableError(
            "The workbook has no sheet “{sheet}”; it has: {names}", sheet=wanted, names="、".join(names)[:200]
        )
    return wanted or names[0]


@contextmanager
def _opened(path: Path) -> Iterator[calamine.CalamineWorkbook]:
    """:raises TableError: for whatever goes wrong inside."""
    try:
        with calamine.CalamineWorkbook.from_path(path) as workbook:
            yield workbook
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise _damaged(error) from error
    except BaseException as error:
        # A panic of the reader's, which is written in Rust, is no Exception, and no import of a class finds it.
        if type(error).__name__ == "PanicException":
            raise _damaged(error) from None
        raise


def _check_unpacked(path: Path, bounds: Bounds) -> None:
    """:raises TableError: unless all that is packed in the file can be unpacked within the bounds."""
    try:
        with zipfile.ZipFile(path) as packed, path.open("rb") as file:
            members = packed.infolist()
            if len(members) > _MEMBERS or sum(each.file_size for each in members) > bounds.unpacked_bytes:
                raise _too_large(bounds)
            left = bounds.unpacked_bytes
            for member in members:
                left -= _check_member(file, member, left, bounds)
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, ValueError, NotImplementedError) as error:
        raise _damaged(error) from error


def _check_member(file: BinaryIO, member: zipfile.ZipInfo, left: int, bounds: Bounds) -> int:
    """Bytes of ``member``, at most ``left``; the cells in it are within the bounds."""
    size, last = 0, b""
    rows = columns = 1
    for piece in _unpacked(file, member):
        size += len(piece)
        if size > left:
            raise _too_large(bounds)
        for letters, digits in set(_PLACE.findall(last + piece)):
            rows = max(rows, int(digits))
            columns = max(columns, _column(letters))
        _check_reach(rows, columns, bounds)
        last = piece[-_OVERLAP:]
    return size


def _unpacked(file: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """What ``member`` really unpacks to, however large its directory says it is."""
    if member.flag_bits & 1:
        raise TableError("The workbook has a password. Save it without one.")
    file.seek(member.header_offset)
    mark, name, extra = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    if mark != b"PK\x03\x04" or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile("unknown packing")
    file.seek(name + extra, 1)
    left = member.compress_size
    unpack = zlib.decompressobj(-zlib.MAX_WBITS) if member.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0 and (packed := file.read(min(_PIECE, left))):
        left -= len(packed)
        if unpack is None:
            yield packed
            continue
        while packed and not unpack.eof:
            yield unpack.decompress(packed, _PIECE)
            packed = unpack.unconsumed_tail


def _check_reach(rows: int, columns: int, bounds: Bounds) -> None:
    if rows > bounds.rows + 1:
        raise too_many_rows(bounds.rows)
    if columns > bounds.columns or rows * columns > bounds.cells:
        raise TableError(
            "The sheet reaches over {rows} rows and {columns} columns, which is too many. Remove cells that stand far "
            "off, or save it as CSV.",
            rows=rows,
            columns=columns,
        )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _too_large(bounds: Bounds) -> TableError:
    return TableError(
        "Unpacked, the workbook has more than {limit} MB, or far too many parts. Save it as CSV.",
        limit=bounds.unpacked_bytes // 1_000_000,
    )


def _damaged(error: BaseException) -> TableError:
    reason = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
    return TableError("The file is no XLSX workbook, or is damaged: {reason}.", reason=reason.rstrip("."))
