"""A table of enterprises, read by blocks of rows: values where they lie in Arrow's memory, and which are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zonary.engines.clauses.circuits.gates import Column
from zonary.engines.clauses.errors import DatumError
from zonary.engines.clauses.planes.sets import WORD, Words

_FEW: Final = 1000
"""Rows of a table whose classifications are not worth keeping whole."""
AT_ONCE: Final = 8
"""Bounds compared in one call: their truths, a byte for each row, still fit into a core's own cache."""


_BITS: Final = (1 << np.arange(AT_ONCE)).astype(np.uint8)[:, None]


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
        self._codes: dict[str, Codes] = {}
        self.rows: int = table.num_rows

    def require(self, columns: Mapping[Column, Shape]) -> None:
        """Makes them ready to be read.

        :raises DatumError: when one is not there, or is not stored as it has to be.
        """
        for column, shape in columns.items():
            if column.name not in self._ready:
                ready = self._prepared(column.name, shape)
                self._ready[column.name] = ready
                if shape is Shape.CODE:
                    self._codes[column.name] = Codes(ready.chunk(0).dictionary if ready.num_chunks else pa.array([]))

    def _prepared(self, name: str, shape: Shape) -> pa.ChunkedArray:
        if self._table.column_names.count(name) != 1:
            raise DatumError("The table has no single column “{column}”.", column=name)
        column = self._table.column(name)
        if pa.types.is_null(column.type):
            column = column.cast(_TYPES[shape])
        if shape is Shape.CODE and pa.types.is_dictionary(column.type) and self.rows < _FEW:
            column = column.cast(column.type.value_type)  # a few rows need not drag a whole classification along
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

    def block(self, first: int, scratch: Scratch) -> Block:
        """Rows from ``first`` on; of the last ones, as many as there is room for, with nothing known of the others."""
        rows = min(scratch.width, self.rows - first)
        return Block(self._ready, self._codes, first, rows, scratch.width, scratch)

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


class Scratch:
    """Room to calculate in, for one block after another: new memory for each sum costs more than the sum."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.total = np.empty(width, np.int64)
        self.product = np.empty(width, np.int64)
        self.small = np.empty(width, np.int16)
        self.truths = np.empty((AT_ONCE, width), np.bool_)


@dataclass(frozen=True)
class Block:
    """Some rows of a table. Every array it gives is ``width`` rows long."""

    columns: Mapping[str, pa.ChunkedArray]
    codebooks: Mapping[str, Codes]
    first: int
    rows: int
    width: int
    scratch: Scratch
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

    def codes(self, column: Column) -> Coded:
        array = self._slice(column)
        places = array.indices
        kind = places.type.to_pandas_dtype()
        size = np.dtype(kind).itemsize
        numbers = np.frombuffer(places.buffers()[1], kind, self.rows, size * places.offset)
        codes = self.codebooks[column.name]
        found = Coded(codes, numbers.astype(np.intp), self._known(array), self.width)
        # A dictionary may hold a null, too.
        return replace(found, known=found.known & found.where(codes.is_known)) if codes.has_unknown else found

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


class Codes:
    """The codes of a column's dictionary, and which of them lie inside others."""

    def __init__(self, dictionary: pa.Array) -> None:
        self._codes: list[str | None] = dictionary.to_pylist()
        self.has_unknown = None in self._codes
        self.is_known = np.array([code is not None for code in self._codes], np.bool_)
        self._beginning: dict[int, dict[str, list[int]]] = {}
        self._inside: dict[frozenset[str], NDArray[np.bool_]] = {}
        self._coarser: dict[frozenset[str], NDArray[np.bool_]] = {}
        self._together: dict[tuple[tuple[frozenset[str], ...], bool], NDArray[np.uint8]] = {}

    def inside(self, listed: frozenset[str]) -> NDArray[np.bool_]:
        """For each code of the dictionary, whether it is one of ``listed``, or begins with one."""
        if listed not in self._inside:
            found = np.zeros(len(self._codes), np.bool_)
            for code in listed:
                if places := self._begin(len(code)).get(code):
                    found[places] = True
            self._inside[listed] = found
        return self._inside[listed]

    def coarser(self, listed: frozenset[str]) -> NDArray[np.bool_]:
        """For each code of the dictionary, whether one of ``listed`` lies inside it, so that more has to be known."""
        if listed not in self._coarser:
            beginnings = {code[:length] for code in listed for length in range(len(code))}
            found = np.array([code in beginnings for code in self._codes], np.bool_)
            self._coarser[listed] = found & ~self.inside(listed)
        return self._coarser[listed]

    def together(self, lists: tuple[frozenset[str], ...], *, are_coarser: bool) -> NDArray[np.uint8]:
        """For each code of the dictionary a bit for each of at most eight lists: :meth:`inside`, or :meth:`coarser`."""
        key = (lists, are_coarser)
        if key not in self._together:
            each = [self.coarser(listed) if are_coarser else self.inside(listed) for listed in lists]
            self._together[key] = np.packbits(np.array(each), axis=0, bitorder="little")[0]
        return self._together[key]

    def _begin(self, length: int) -> dict[str, list[int]]:
        if length not in self._beginning:
            found: dict[str, list[int]] = {}
            for place, code in enumerate(self._codes):
                if code is not None:
                    found.setdefault(code[:length], []).append(place)
            self._beginning[length] = found
        return self._beginning[length]


@dataclass(frozen=True)
class Coded:
    """``places`` in the dictionary of ``codes``; of a row that is not known, whatever lay in memory."""

    codes: Codes
    places: NDArray[np.integer]
    known: Words
    width: int

    def where(self, is_member: NDArray[np.bool_]) -> Words:
        """Rows whose code is a member, by its place in the dictionary; anything where it is not known."""
        (found,) = self.lines(is_member.view(np.uint8), 1)
        words: Words = found
        return words

    def lines(self, bits: NDArray[np.uint8], count: int) -> Words:
        """The same for as many memberships as ``bits`` has for each code, a line for each of them."""
        found = np.zeros(self.width, np.uint8)
        if len(bits):
            np.take(bits, self.places, out=found[: len(self.places)], mode="clip")
        apart = np.bitwise_and(found, _BITS[:count])
        lines: Words = np.packbits(apart, axis=1, bitorder="little").view(np.uint64)
        return lines


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
