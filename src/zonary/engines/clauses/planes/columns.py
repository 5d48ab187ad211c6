"""A table of enterprises, read by blocks of rows: values where they lie in Arrow's memory, and which are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zonary.engines.clauses.circuits.gates import Column
from zonary.engines.clauses.errors import DatumError
from zonary.engines.clauses.planes.sets import WORD, Words


class Shape(Enum):
    """How a column is stored."""

    NUMBER = "int64"
    FLAG = "bool"
    CODE = "string"


class Enterprises:
    """A table whose columns are called as :attr:`Column.name` says; a null is what is not known.

    Numbers and days are int64 in the term's smallest unit, yes and no are bool, codes are strings, as they are or in a
    dictionary. A column of Arrow's type null is one of which nothing is known. Chunks and offsets may be any.
    """

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._ready: dict[str, pa.ChunkedArray] = {}
        self.rows: int = table.num_rows

    def require(self, columns: Mapping[Column, Shape]) -> None:
        """Makes them ready to be read.

        :raises DatumError: when one is not there, or is not stored as it has to be.
        """
        for column, shape in columns.items():
            if column.name not in self._ready:
                self._ready[column.name] = self._prepared(column.name, shape)

    def _prepared(self, name: str, shape: Shape) -> pa.ChunkedArray:
        if self._table.column_names.count(name) != 1:
            raise DatumError("The table has no single column “{column}”.", column=name)
        column = self._table.column(name)
        if pa.types.is_null(column.type):
            column = column.cast(_TYPES[shape])
        if shape is Shape.CODE and _is_text(column.type):
            column = column.dictionary_encode()
        if not _FITS[shape](column.type):
            raise DatumError(
                "The column “{column}” is stored as {found}, and has to be {wanted}.",
                column=name,
                found=str(column.type),
                wanted=shape.value,
            )
        # One dictionary for all chunks, so that codes are looked up once and blocks may lie across chunks.
        return column.unify_dictionaries() if shape is Shape.CODE else column

    def block(self, first: int, width: int) -> Block:
        """Rows from ``first`` on; of the last ones, ``width`` with nothing known beyond the end."""
        return Block(self._ready, first, min(width, self.rows - first), width)

    def column(self, name: str) -> pa.ChunkedArray:
        """Numbers of one column, such as the amount each enterprise would get.

        :raises DatumError: as :meth:`require`.
        """
        return self._prepared(name, Shape.NUMBER)


def _is_text(type: pa.DataType) -> bool:
    return bool(pa.types.is_string(type) or pa.types.is_large_string(type))


_TYPES: Final = {Shape.NUMBER: pa.int64(), Shape.FLAG: pa.bool_(), Shape.CODE: pa.string()}
_FITS: Final[Mapping[Shape, Callable[[pa.DataType], bool]]] = {
    Shape.NUMBER: pa.types.is_int64,
    Shape.FLAG: pa.types.is_boolean,
    Shape.CODE: lambda type: pa.types.is_dictionary(type) and _is_text(type.value_type),
}


@dataclass(frozen=True)
class Numbers:
    """``values`` where ``known`` has no bit are whatever lay in memory."""

    values: NDArray[np.int64]
    known: Words

    @cached_property
    def ends(self) -> tuple[int, int]:
        """The smallest and the largest of all values, looked at: what proves that a sum of them cannot overflow."""
        return int(self.values.min()), int(self.values.max())


@dataclass(frozen=True)
class Block:
    """Some rows of a table. Every array it gives is ``width`` rows long."""

    columns: Mapping[str, pa.ChunkedArray]
    first: int
    rows: int
    width: int
    _numbers: dict[Column, Numbers] = field(default_factory=dict)

    @cached_property
    def present(self) -> Words:
        """The rows that there are: all, but in the last block."""
        return _packed(np.arange(self.width) < self.rows)

    def numbers(self, column: Column) -> Numbers:
        if column not in self._numbers:
            array = self._slice(column)
            values = np.frombuffer(array.buffers()[1], np.int64, self.rows, 8 * array.offset)
            self._numbers[column] = Numbers(self._padded(values), self._known(array))
        return self._numbers[column]

    def said(self, column: Column) -> tuple[Words, Words]:
        """Where it says yes, and where it is known; yes may be set where it is not known."""
        array = self._slice(column)
        return _bits(array.buffers()[1], array.offset, self.rows, self.width), self._known(array)

    def codes(self, column: Column) -> Codes:
        """The codes of a column, and which of the dictionary each row has."""
        array = self._slice(column)
        places = array.indices
        kind = places.type.to_pandas_dtype()
        size = np.dtype(kind).itemsize
        numbers = np.frombuffer(places.buffers()[1], kind, self.rows, size * places.offset)
        known = self._known(array)
        dictionary: pa.Array = array.dictionary
        if dictionary.null_count:
            known = known & _packed(
                _looked_up(dictionary.is_valid().to_numpy(zero_copy_only=False), numbers, self.width)
            )
        return Codes(dictionary, numbers, known, self.width)

    def _slice(self, column: Column) -> pa.Array:
        found = self.columns[column.name].slice(self.first, self.rows)
        return found.chunk(0) if found.num_chunks == 1 else pa.concat_arrays(found.chunks)

    def _known(self, array: pa.Array) -> Words:
        validity = array.buffers()[0]
        return self.present if validity is None else _bits(validity, array.offset, self.rows, self.width)

    def _padded(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        if self.rows == self.width:
            return values
        padded = np.zeros(self.width, np.int64)
        padded[: self.rows] = values
        return padded


@dataclass(frozen=True)
class Codes:
    """``places`` in the dictionary; of a row that is not known, whatever lay in memory."""

    dictionary: pa.Array
    places: NDArray[np.integer]
    known: Words
    width: int

    def among(self, is_member: NDArray[np.bool_]) -> Words:
        """Rows whose code is a member, by its place in the dictionary; anything where it is not known."""
        return _packed(_looked_up(is_member, self.places, self.width))


def _looked_up(table: NDArray[np.bool_], places: NDArray[np.integer], width: int) -> NDArray[np.bool_]:
    found = np.zeros(width, np.bool_)
    if len(table):
        np.take(table, places, out=found[: len(places)], mode="clip")
    return found


def _packed(truths: NDArray[np.bool_]) -> Words:
    return np.packbits(truths, bitorder="little").view(np.uint64)


def _bits(buffer: pa.Buffer, offset: int, rows: int, width: int) -> Words:
    """A bitmap of Arrow's (least bit first), from ``offset`` on, as words with nothing set beyond ``rows``."""
    found = np.zeros(width // WORD, np.uint64)
    skipped, shift = divmod(offset, 8)
    raw = np.frombuffer(buffer, np.uint8)[skipped : (offset + rows + 7) // 8]
    if shift:
        raw = np.packbits(np.unpackbits(raw, bitorder="little")[shift : shift + rows], bitorder="little")
    octets = found.view(np.uint8)
    octets[: len(raw)] = raw
    if rows % 8:
        octets[rows // 8] &= (1 << rows % 8) - 1
    return found
