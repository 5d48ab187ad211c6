"""A table of enterprises full of edges, circuits drawn over it, and what they mean row by row, said plainly."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeAlias

import pyarrow as pa
from hypothesis import strategies as st
from pyarrow import parquet
from tests.engines.clauses.drawn_circuits import heaps
from tests.engines.clauses.plainly import meaning

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
)
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.sql.questions import Question
from zonary.engines.clauses.vocabulary import FIRST_DAY, MAX_STORED, NEVER, WITHOUT_END, Frame, Kind, Term, Vocabulary

Row: TypeAlias = Mapping[str, Any]

HUGE: Final = 10**30
VOCABULARY: Final = Vocabulary(
    terms=(
        Term(id="rd-expense", chinese="研发费用", english="R&D expense", kind=Kind.MONEY, annual=True),
        Term(id="revenue", chinese="营业收入", english="revenue", kind=Kind.MONEY, annual=True, high=10**15),
        Term(id="profit", chinese="利润", english="profit", kind=Kind.MONEY, low=-MAX_STORED),
        Term(id="staff", chinese="职工人数", english="staff", kind=Kind.COUNT, unit="人", high=10**6),
        Term(id="atoms", chinese="原子数", english="atoms", kind=Kind.COUNT, unit="个", low=-HUGE, high=HUGE),
        Term(id="founded", chinese="成立日期", english="founded", kind=Kind.DATE),
        Term(id="accident", chinese="事故", english="accident", kind=Kind.EVENT),
        Term(id="licence", chinese="许可证", english="licence", kind=Kind.CREDENTIAL),
        Term(id="resident", chinese="居民企业", english="resident", kind=Kind.FLAG, frame=Frame.IS),
        Term(id="abnormal", chinese="异常名录", english="abnormal", kind=Kind.LISTING),
        Term(id="industry", chinese="行业代码", english="industry", kind=Kind.CODE),
    ),
)
_DAY: Final = FIRST_DAY.toordinal()
VALUES: Final[Mapping[Column, tuple[int, ...]]] = {
    Column("rd-expense", -1): (0, 1, 3, 10**9, MAX_STORED - 1, MAX_STORED),
    Column("rd-expense", -2): (0, 1, 100, MAX_STORED),
    Column("revenue", -1): (0, 1, 100, 10**15 - 1, 10**15),
    Column("profit"): (-MAX_STORED, -1, 0, 1, MAX_STORED),
    Column("staff"): (0, 1, 299, 300, 301, 10**6),
    Column("atoms"): (-HUGE, -(2**63) - 1, -1, 0, 1, 2**63, HUGE),
    Column("founded"): (_DAY, 738_000, 738_001, WITHOUT_END),
    Column("accident"): (NEVER, _DAY, 739_000, WITHOUT_END),
    Column("licence"): (NEVER, 739_500, WITHOUT_END),
}
FLAGS: Final = (Column("resident"), Column("abnormal"))
INDUSTRY: Final = Column("industry")
_FOUND_CODES: Final = ("C", "C3", "C39", "C3911", "C4", "I65", "I6510", "A", "c39")
_TYPES: Final[Mapping[str, pa.DataType]] = {
    "staff": pa.int32(),  # times a rate it would overflow in its own width
    "founded": pa.int32(),
    "atoms": pa.decimal128(38, 0),
    "resident": pa.bool_(),
    "abnormal": pa.bool_(),
    "industry": pa.string(),
    "enterprise": pa.string(),
}


def _rows(count: int) -> list[Row]:
    """Always the same: all edges of every column, by chance beside one another, a sixth of them not known."""
    chance = random.Random(7)
    columns: dict[str, tuple[Any, ...]] = {column.name: values for column, values in VALUES.items()}
    columns |= {column.name: (True, False) for column in FLAGS} | {INDUSTRY.name: _FOUND_CODES}

    def one(values: tuple[Any, ...]) -> Any:
        return None if chance.random() < 1 / 6 else chance.choice(values)

    nothing: Row = {"enterprise": "E-nothing"} | dict.fromkeys(columns)
    return [nothing, *({"enterprise": f"E{i}"} | {name: one(each) for name, each in columns.items()}
                       for i in range(count - 1))]  # fmt: skip


ROWS: Final = _rows(250)


def write(path: Path) -> Path:
    table = {}
    for name in ROWS[0]:
        values = [row[name] for row in ROWS]
        if name == "atoms":
            values = [None if value is None else Decimal(value) for value in values]
        table[name] = pa.array(values, _TYPES.get(name, pa.int64()))
    parquet.write_table(pa.table(table), path)
    return path


# --- circuits --------------------------------------------------------------------------------------------------------


@st.composite
def _linears(draw: st.DrawFn) -> Circuit:
    """Whose bound some enterprise reaches exactly, misses by one, or passes by one; or nobody, or everybody, does."""
    columns = draw(st.lists(st.sampled_from(tuple(VALUES)), min_size=1, max_size=4, unique=True))
    factors = st.sampled_from((1, 1, -1, 0, 3, -7, 100, -100, 10**6))
    terms = [(column, draw(factors)) for column in columns]
    row = ROWS[draw(st.integers(0, len(ROWS) - 1))]
    reached = sum((row[column.name] or 0) * coefficient for column, coefficient in terms)
    beyond = st.sampled_from((2**63, -(2**63) - 1, 10**40, -(10**40)))
    return linear(terms, draw(st.integers(-1, 1).map(lambda step: reached + step) | beyond))


def circuits() -> st.SearchStrategy[Circuit]:
    codes = st.frozensets(st.sampled_from((*_FOUND_CODES, "C391100000", "'", "%", "_")), max_size=4)
    atoms = _linears() | st.builds(Said, st.sampled_from(FLAGS)) | st.builds(Within, st.just(INDUSTRY), codes)
    constants = st.builds(Constant, st.sampled_from(Truth))

    def joined(inner: st.SearchStrategy[Circuit]) -> st.SearchStrategy[Circuit]:
        parts = st.lists(inner, max_size=5).map(tuple)
        twice = st.tuples(inner, inner).map(lambda pair: (pair[0], Disjunction(pair), Negated(Conjunction(pair))))
        return (
            st.builds(Negated, inner)
            | st.builds(Assumed, inner, st.booleans())
            | st.builds(Conjunction, parts | twice)
            | st.builds(Disjunction, parts)
            | st.builds(Counted, st.integers(-1, 6), parts | twice)
            | heaps(inner)
        )

    return st.recursive(atoms | constants, joined, max_leaves=15)


def questions(*, least: int, most: int) -> st.SearchStrategy[list[Question]]:
    drawn = st.lists(circuits(), min_size=least, max_size=most)
    return drawn.map(lambda all_: [Question(item=f"项{i}", circuit=each) for i, each in enumerate(all_)])


def expected(asked: Sequence[Question]) -> list[tuple[str, str, str, int]]:
    """As the rows of an answer, sorted."""
    return sorted(
        (row["enterprise"], each.item, each.clause, meaning(each.circuit, row).value) for each in asked for row in ROWS
    )
