"""Parquet: read in batches, columns of numbers, dates and texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from zonary.common.tables.bounds import Bounds, Table, TableError, check_row, checked_header, too_many_rows
from zonary.common.tables.cells import as_text

_BATCH = 2_000
_HEADER = 1 << 24
"""Bytes of the description of a file at most: names and statistics of its columns."""


@dataclass(frozen=True, slots=True)
class _Parquet:
    path: Path
    bounds: Bounds
    header: tuple[str, ...]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        number = 1
        try:
            with _open(self.path) as file:
                for batch in file.iter_batches(batch_size=_BATCH, use_threads=False):
                    columns = [self._texts(column, name) for column, name in zip(batch, self.header, strict=True)]
                    for cells in zip(*columns, strict=True):
                        number += 1
                        if number - 1 > self.bounds.rows:
                            raise too_many_rows(self.bounds.rows)
                        row = list(cells)
                        check_row(number, row, len(row), self.bounds)
                        yield number, row
        except (pa.ArrowException, OSError, ValueError) as error:
            raise _damaged(error, number + 1) from error

    def _texts(self, column: pa.Array, name: str) -> list[str]:
        """:raises TableError: when it holds other things than numbers, dates and texts."""
        texts = [as_text(value) for value in column.to_pylist()]
        whole = [text for text in texts if text is not None]
        if len(whole) != len(texts):
            raise TableError(
                "The column “{column}” has the type {type}; only numbers, dates and texts are read.",
                column=name,
                type=str(column.type),
            )
        return whole


def open_parquet(path: Path, _sheet: str, bounds: Bounds) -> Table:
    """:raises TableError: when it is damaged, or exceeds the bounds."""
    try:
        with _open(path) as file:
            metadata = file.metadata
            groups = (metadata.row_group(number) for number in range(metadata.num_row_groups))
            unpacked = sum(group.total_byte_size for group in groups)
            names = list(file.schema_arrow.names)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(error, 1) from error
    if metadata.num_rows > bounds.rows:
        raise too_many_rows(bounds.rows)
    if unpacked > bounds.unpacked_bytes:
        raise TableError(
            "Unpacked, the file has {size} MB; at most {limit} MB are read. Split it.",
            size=-(-unpacked // 1_000_000),
            limit=bounds.unpacked_bytes // 1_000_000,
        )
    return _Parquet(path, bounds, checked_header(names, bounds))


def _open(path: Path) -> parquet.ParquetFile:
    return parquet.ParquetFile(
        path,
        memory_map=False,
        pre_buffer=False,
        thrift_string_size_limit=_HEADER,
        thrift_container_size_limit=_HEADER // 16,
        page_checksum_verification=True,
    )


def _damaged(error: Exception, row: int) -> TableError:
    reason = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
    return TableError(
        "The Parquet file is damaged at row {row}: {reason}. Make it again.", row=row, reason=reason.rstrip(".")
    )
