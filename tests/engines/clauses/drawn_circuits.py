"""Circuits, and tables of enterprises for them, that Hypothesis draws; and what a circuit means, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from zonary.engines.clauses.circuits.gates import (
    Assumed,
    Circuit,
    Column,
    Conjunction,
    Constant,
    Counted,
    Disjunction,
    Negated,
    Said,
    Within,
    linear,
    weighed,
)
from zonary.engines.clauses.circuits.items import ItemCircuits
from zonary.engines.clauses.kleene import Truth

Row: TypeAlias = Mapping[str, Any]

NUMBERS = (Column("revenue", -1), Column("revenue", -2), Column("staff"), Column("founded"))
FLAGS = (Column("resident"), Column("listed"))
CODES = Column("industry")
_CODES = ("C", "C3", "C39", "C3911", "I65", "I6510", "A")

_EDGES = (0, 1, -1, 99, 100, 101, 2**31, 2**32 - 1, 2**32, -(2**32), 10**17 - 1, 2**62, 2**63 - 1, -(2**63))
_FACTORS = (1, -1, 3, 100, -100, 10_000, 2**30 - 1, 2**30, -(2**31), 2**62, 10**25)
_BOUNDS = (*_EDGES, 2**63, -(2**63) - 1, 10**19, 2**94, -(2**94), 10**40)


# --- circuits --------------------------------------------------------------------------------------------------------


def _linear() -> st.SearchStrategy[Circuit]:
    terms = st.lists(st.tuples(st.sampled_from(NUMBERS), st.sampled_from((0, *_FACTORS))), min_size=1, max_size=4)
    single = st.sampled_from(NUMBERS).map(lambda column: [(column, 1)])
    return st.builds(linear, single | terms, st.sampled_from(_BOUNDS))


def atoms() -> st.SearchStrategy[Circuit]:
    codes = st.builds(Within, st.just(CODES), st.frozensets(st.sampled_from(_CODES), max_size=3))
    return _linear() | st.builds(Said, st.sampled_from(FLAGS)) | codes


def heaps(inner: st.SearchStrategy[Circuit]) -> st.SearchStrategy[Circuit]:
    """Points, some of them the same, some for the same thing, some enough by themselves."""
    weights = st.sampled_from((1, 2, 3, Fraction(1, 2), 10, 12, 20, 2**20)).map(Fraction)
    bounds = st.sampled_from((-1, 0, 1, Fraction(5, 2), 13, 30, 2**20)).map(Fraction)
    return st.builds(weighed, st.lists(st.tuples(inner, weights), max_size=6), st.booleans(), bounds)


def _joined(inner: st.SearchStrategy[Circuit]) -> st.SearchStrategy[Circuit]:
    parts = st.lists(inner, max_size=6).map(tuple)
    return (
        st.builds(Negated, inner)
        | st.builds(Conjunction, parts)
        | st.builds(Disjunction, parts)
        | st.builds(Counted, st.integers(-1, 7), parts)
        | heaps(inner)
        | st.builds(Assumed, inner, st.booleans())
    )


def circuits() -> st.SearchStrategy[Circuit]:
    constants = st.builds(Constant, st.sampled_from(Truth))
    return st.recursive(atoms() | constants, _joined, max_leaves=12)


@st.composite
def items(draw: st.DrawFn, id: str) -> ItemCircuits:
    """Of any shape, or one that asks for all its clauses: then some of them may be the same, or taken when unknown."""
    if draw(st.booleans()):
        clauses = {f"c{place}": draw(circuits()) for place in range(draw(st.integers(0, 3)))}
        without = {clause: draw(circuits()) for clause in clauses}
        return ItemCircuits(id=id, result=draw(circuits()), promised=draw(circuits()), clauses=clauses, without=without)
    inner = st.recursive(atoms(), _joined, max_leaves=3)
    parts = tuple(draw(st.lists(inner | st.builds(Assumed, inner, st.booleans()), min_size=1, max_size=8)))
    met = Constant(Truth.YES)
    return ItemCircuits(
        id=id,
        result=Conjunction(parts),
        promised=draw(st.just(Conjunction(parts)) | circuits()),
        clauses={f"c{place}": part for place, part in enumerate(parts)},
        without={f"c{place}": Conjunction((*parts[:place], met, *parts[place + 1 :])) for place in range(len(parts))},
    )


@st.composite
def several_items(draw: st.DrawFn) -> list[ItemCircuits]:
    return [draw(items(f"item-{number}")) for number in range(draw(st.integers(0, 4)))]


# --- tables ----------------------------------------------------------------------------------------------------------


def rows(size: st.SearchStrategy[int]) -> st.SearchStrategy[list[Row]]:
    """A few kinds of enterprises, many times: large tables without drawing every cell of them."""
    number = st.none() | st.sampled_from(_EDGES) | st.integers(-(2**63), 2**63 - 1)
    kinds = st.lists(
        st.fixed_dictionaries(
            {column.name: number for column in NUMBERS}
            | {column.name: st.none() | st.booleans() for column in FLAGS}
            | {CODES.name: st.none() | st.sampled_from((*_CODES, "C4", "c", "I6", "B06"))}
        ),
        min_size=1,
        max_size=12,
    )
    return st.tuples(kinds, size, st.randoms(use_true_random=False)).map(
        lambda drawn: [drawn[2].choice(drawn[0]) for _ in range(drawn[1])]
    )


@st.composite
def tables(draw: st.DrawFn, data: Sequence[Row]) -> pa.Table:
    """The rows as Arrow may hold them: in chunks, cut out of longer arrays, with rubbish where nothing is known."""
    names = [column.name for column in (*NUMBERS, *FLAGS, CODES)]
    return pa.table({name: _column(draw, name, [row[name] for row in data]) for name in names})


def _column(draw: st.DrawFn, name: str, values: list[Any]) -> pa.ChunkedArray:
    cuts = sorted(draw(st.lists(st.integers(0, len(values)), max_size=3)))
    ends = [0, *cuts, len(values)]
    pieces = [values[low:high] for low, high in pairwise(ends)]
    if name == CODES.name:
        kind = draw(st.sampled_from((pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string()))))
        return pa.chunked_array([_cut(draw, piece, kind) for piece in pieces], type=kind)
    kind = pa.bool_() if name in {column.name for column in FLAGS} else pa.int64()
    if not any(value is not None for value in values) and draw(st.booleans()):
        return pa.chunked_array([pa.nulls(len(values))])
    return pa.chunked_array([_cut(draw, piece, kind) for piece in pieces], type=kind)


def _cut(draw: st.DrawFn, values: list[Any], kind: pa.DataType) -> pa.Array:
    before = draw(st.integers(0, 70))
    filler: dict[str, Any] = {"int64": 7, "bool": True}
    whole = pa.array([filler.get(str(kind), "C9")] * before + values + [None], kind)
    if pa.types.is_int64(kind):
        rubbish = np.array([2**63 - 5 if value is None else value for value in whole.to_pylist()], np.int64)
        whole = pa.Array.from_buffers(kind, len(whole), [whole.buffers()[0], pa.py_buffer(rubbish)])
    return whole.slice(before, len(values))
