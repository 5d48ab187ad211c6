"""Tables, scores and proportions that Hypothesis draws, sentences about them, and enterprises full of their edges."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

import pyarrow as pa
from hypothesis import strategies as st
from tests.engines.clauses.situations import DAY, FLOOR, KNOWN, SETTING, VOCABULARY, snapshot

from zonary.engines.clauses.circuits.gates import Circuit, Said, Within, atoms_of, columns_of
from zonary.engines.clauses.circuits.lowering import Context, lower
from zonary.engines.clauses.errors import TableError
from zonary.engines.clauses.expressions import Compare, Comparison, Edge, Leaf, Range
from zonary.engines.clauses.interpreter.asking import Asking, Setting
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.quantities import (
    Amount,
    Difference,
    Gathered,
    Gathering,
    Number,
    Parameter,
    Period,
    Reading,
    Scored,
    Span,
)
from zonary.engines.clauses.snapshots import Key, Snapshot, Stored
from zonary.engines.clauses.tables.model import (
    ANY,
    Cell,
    Coded,
    Codes,
    Column,
    DecisionTable,
    Fixed,
    Flagged,
    HitPolicy,
    Interval,
    Measured,
    Proportion,
    Ratio,
    Rounding,
    Row,
    Score,
    Table,
    Tables,
    YesNo,
)
from zonary.engines.clauses.vocabulary import Vocabulary

LAST: Final = Period.LAST_YEAR
_PARTS: Final = (
    Measured("研发", Reading("rnd", LAST), "万元"),
    Measured("均值", Gathered("revenue", Span(Number(2)), Gathering.MEAN), "万元"),
    Measured("差额", Difference(Reading("profit", LAST), Reading("rnd", LAST)), "万元"),
    Measured("专利", Reading("patents"), "项"),
    Ratio("强度", Reading("rnd", LAST), Reading("revenue", LAST)),
    Ratio("利润率", Reading("profit", LAST), Reading("revenue", Period.SAME)),
    Ratio("亩均", Reading("tax", LAST), Reading("land"), "万元", "亩"),
    Coded("行业", "industry"),
    Flagged("居民", "resident"),
    Flagged("异常", "abnormal"),
)
_BOUNDS: Final = ("-1", "0", "0.5", "1", "3", "100", "100.5", "300")
_POINTS: Final = ("-2", "0", "0.5", "1", "5", "20")
_CODES: Final = ("C", "C35", "C3511", "I65")


@dataclass(frozen=True)
class Drawn:
    """Tables, of which each may read those before it, with the words to speak of them."""

    tables: tuple[Table, ...]

    @property
    def vocabulary(self) -> Vocabulary:
        return replace(VOCABULARY, tables={each.name: "money" if each.unit == "元" else "分" for each in self.tables})

    @property
    def context(self) -> Context:
        return Context(
            vocabulary=self.vocabulary, parameters=SETTING.parameters, day=DAY, known_at=KNOWN,
            tables=Tables({each.name: each for each in self.tables}),
        )  # fmt: skip

    def meant(self, leaf: Leaf, of: Snapshot) -> Truth:
        """What the interpreter says."""
        tables = Tables({each.name: each for each in self.tables})
        return Asking(Setting(self.vocabulary, SETTING.parameters, tables), of).finding(leaf).truth


def _decimals(texts: Sequence[str]) -> st.SearchStrategy[Decimal]:
    return st.sampled_from(texts).map(Decimal)


@st.composite
def _intervals(draw: st.DrawFn) -> Cell:
    low, high = sorted((draw(_decimals(_BOUNDS)), draw(_decimals(_BOUNDS))))
    ends = (True, True) if low == high else (draw(st.booleans()), draw(st.booleans()))
    above, below = Interval(low, ends[0]), Interval(high=high, is_high_included=ends[1])
    return draw(st.sampled_from([ANY, Interval(low, ends[0], high, ends[1]), above, below, Interval()]))


def _cells(column: Column) -> st.SearchStrategy[Cell]:
    if isinstance(column, Coded):
        return st.just(ANY) | st.frozensets(st.sampled_from(_CODES), min_size=1, max_size=2).map(Codes)
    if isinstance(column, Flagged):
        return st.just(ANY) | st.booleans().map(YesNo)
    return _intervals()


@st.composite
def _rows(draw: st.DrawFn, name: str, earlier: Sequence[Table]) -> DecisionTable:
    read = [Measured(f"《{each.name}》", Scored(each.name), each.unit) for each in earlier]
    columns = draw(st.lists(st.sampled_from([*_PARTS, *read]), min_size=1, max_size=3))
    points = _decimals(_POINTS)
    policy = draw(st.sampled_from(HitPolicy))
    if policy is HitPolicy.UNIQUE:
        numbers = [each for each in columns if isinstance(each, Measured | Ratio)] or [_PARTS[0]]
        return draw(_bands(name, numbers[0]))
    same = draw(points)
    rows = [
        Row(tuple(draw(_cells(column)) for column in columns), same if policy is HitPolicy.ANY else draw(points))
        for _ in range(draw(st.integers(1, 5)))
    ]
    is_whole = policy is HitPolicy.SUM and draw(st.booleans())
    return DecisionTable(
        name=name, columns=tuple(columns), rows=tuple(rows), hit_policy=policy, unit="分",
        otherwise=None if is_whole else draw(points),
    )  # fmt: skip


@st.composite
def _bands(draw: st.DrawFn, name: str, column: Column) -> DecisionTable:
    """Without gap or overlap, but for a ratio to nothing, which then is otherwise."""
    bounds = sorted(draw(st.sets(st.sampled_from(_BOUNDS), min_size=1, max_size=4)), key=Decimal)
    inner = [(Decimal(each), draw(st.booleans())) for each in bounds]
    edges: list[tuple[Decimal | None, bool]] = [(None, True), *inner, (None, True)]
    rows = tuple(
        Row((Interval(low, is_low, high, not is_high if high is not None else True),), draw(_decimals(_POINTS)))
        for (low, is_low), (high, is_high) in pairwise(edges)
    )
    otherwise = draw(_decimals(_POINTS)) if isinstance(column, Ratio) else None
    return DecisionTable(
        name=name, columns=(column,), rows=rows, hit_policy=HitPolicy.UNIQUE, unit="分", otherwise=otherwise
    )


@st.composite
def _limits(draw: st.DrawFn) -> dict[str, Decimal | None]:
    return {name: draw(st.none() | _decimals(("-1", "0", "4", "21", "60.5"))) for name in ("floor", "cap")}


@st.composite
def _proportions(draw: st.DrawFn, name: str, earlier: Sequence[Table]) -> Proportion:
    money = [each for each in _PARTS if isinstance(each, Measured | Ratio)]
    read = [Measured(f"《{each.name}》", Scored(each.name), each.unit) for each in earlier]
    chosen = draw(st.sampled_from([*money, *read]))
    rates = ("-0.5", "0.1", "1", "45") if chosen in read else ("-0.5", "0", "0.1", "1", "45")
    per = chosen.per if isinstance(chosen, Ratio) else ""
    base = Amount(draw(_decimals(("3", "0.7"))), chosen.unit, per) if draw(st.booleans()) else None
    return Proportion(
        name=name, reads=chosen, rate=draw(_decimals(rates) | st.just(Parameter(FLOOR))),
        unit=draw(st.sampled_from(("分", "元"))),
        rounding=draw(st.sampled_from(Rounding)), step=draw(_decimals(("0.01", "0.5", "1", "7"))), base=base,
        **draw(_limits()),
    )  # fmt: skip


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    """Some decision tables, perhaps a score of them, a proportion and a table that reads both."""
    tables: list[Table] = [draw(_rows("表0", ())), Fixed(name="定额", bound=Amount(draw(_decimals(_POINTS)), "分"))]
    tables.append(draw(_rows("表1", tables)))
    names = st.sampled_from([each.name for each in tables])
    parts = draw(st.lists(st.lists(names, min_size=1, max_size=2, unique=True).map(tuple), min_size=1, max_size=3))
    tables.append(Score(name="总分", parts=tuple(parts), unit="分", **draw(_limits())))
    tables.append(draw(_proportions("比例", tables)))
    tables.append(draw(_rows("表2", tables)))
    if draw(st.booleans()):
        tables.append(Score(name="再加", parts=(("总分",), ("表0", "表1")), unit="分", **draw(_limits())))
    return Drawn(tuple(tables))


@st.composite
def leaves(draw: st.DrawFn, of: Drawn) -> Leaf:
    table = draw(st.sampled_from(of.tables))
    numbers = (*_POINTS, "4", "21", "22", "-3", "60.5", "1000000")
    low, high = sorted(draw(st.tuples(_decimals(numbers), _decimals(numbers))))
    if draw(st.booleans()):
        return Compare(Scored(table.name), draw(st.sampled_from(Comparison)), Amount(low, table.unit))
    ends = (True, True) if low == high else (draw(st.booleans()), draw(st.booleans()))
    edges = [Edge(Amount(each, table.unit), is_in) for each, is_in in zip((low, high), ends, strict=True)]
    return Range(Scored(table.name), *edges)


def lowered(of: Drawn, leaves_: list[Leaf]) -> list[tuple[Leaf, Circuit]]:
    """Without those that are refused by name."""
    context, found = of.context, []
    for leaf in leaves_:
        with suppress(TableError):
            found.append((leaf, lower(leaf, context)))
    return found


# --- enterprises -----------------------------------------------------------------------------------------------------

_VALUES: Final[dict[Key, tuple[Stored, ...]]] = {
    ("rnd", 2025): (0, 1, 3 * 10**6, 10**8 - 1, 10**8, 10**8 + 1, 3 * 10**8, 10**10),
    ("revenue", 2025): (0, 10**8, 2 * 10**8, 10**10, 10**8 + 1),
    ("revenue", 2024): (0, 1, 10**8, 2 * 10**8),
    ("profit", 2025): (-(10**8), -1, 0, 10**6, 10**8, 10**10),
    ("tax", 2025): (0, 10**8, 3 * 10**8, 10**8 - 1, 3 * 10**6),
    ("land", None): (0, 1, 200_000, 66_667, 200_001),
    ("patents", None): (0, 1, 2, 3, 4, 100, 300),
    ("industry", None): ("C", "C35", "C3511", "C3512", "I65", "I6510", "A01"),
    ("resident", None): (True, False),
    ("abnormal", None): (True, False),
}


def enterprises(count: int, seed: int) -> list[dict[Key, Stored]]:
    """Edges by chance beside one another; of each thing, a fourth not known, and of the first nothing."""
    chance = random.Random(seed)
    found: list[dict[Key, Stored]] = [{}]
    for _ in range(count - 1):
        found.append({key: chance.choice(values) for key, values in _VALUES.items() if chance.random() < 3 / 4})
    return found


def table_of(enterprises_: Sequence[dict[Key, Stored]], circuits: Sequence[Circuit]) -> pa.Table:
    """As many columns as are asked for, beside the key."""
    found: dict[str, Any] = {"enterprise": pa.array([f"E{place:03}" for place in range(len(enterprises_))])}
    for circuit in circuits:
        kinds = {atom.column: pa.bool_() if isinstance(atom, Said) else pa.string()
                 for atom in atoms_of(circuit) if isinstance(atom, Said | Within)}  # fmt: skip
        for column in columns_of(circuit):
            key = (column.term, None if column.offset is None else DAY.year + column.offset)
            found[column.name] = pa.array([each.get(key) for each in enterprises_], kinds.get(column, pa.int64()))
    return pa.table(found)


def snapshots(enterprises_: Sequence[dict[Key, Stored]]) -> list[Snapshot]:
    return [snapshot(dict(each)) for each in enterprises_]
