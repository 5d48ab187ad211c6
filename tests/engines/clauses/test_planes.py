"""Sets of rows equal what a circuit means row by row, however Arrow holds the rows."""

from __future__ import annotations

from collections.abc import Sequence
from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.clauses import drawn_circuits as circuits
from tests.engines.clauses.drawn_circuits import FLAGS, NUMBERS, Row
from tests.engines.clauses.plainly import meaning

from zonary.engines.clauses.circuits.gates import (
    Assumed,
    Circuit,
    Column,
    Conjunction,
    Constant,
    Counted,
    Linear,
    Negated,
    Said,
    Within,
    linear,
)
from zonary.engines.clauses.circuits.items import ItemCircuits
from zonary.engines.clauses.errors import DatumError, VocabularyError
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.planes import Enterprises, Matched, Plan, RowSet, match, matching
from zonary.engines.clauses.planes.atoms import Ratios
from zonary.engines.clauses.planes.plans import UNKNOWN, YES
from zonary.engines.clauses.planes.programs import program

_ROWS = st.integers(0, 200) | st.sampled_from((0, 1, 63, 64, 65, 127, 128, 129, 192))


def _only(circuit: Circuit, id: str = "item") -> ItemCircuits:
    return ItemCircuits(id=id, result=circuit, promised=circuit, clauses={}, without={})


def _as_meant(matched: Matched, items: list[ItemCircuits], rows: list[Row]) -> None:
    for item in items:
        sets = matched.item(item.id)
        for circuit, yes, no, unknown in (
            (item.result, sets.yes, sets.no, sets.unknown),
            (item.promised, sets.promised_yes, sets.promised_no, sets.promised_unknown),
        ):
            found = [meaning(circuit, row) for row in rows]
            for truth, rows_found in ((Truth.YES, yes), (Truth.NO, no), (Truth.UNKNOWN, unknown)):
                meant = [number for number, each in enumerate(found) if each is truth]
                assert rows_found.listed().tolist() == meant
                assert rows_found.count == len(meant)
                if circuit is item.result:
                    assert matched.count(item.id, truth) == len(meant)
        for clause, short in sets.short.items():
            meant = [
                number
                for number, row in enumerate(rows)
                if meaning(item.result, row) is Truth.NO and meaning(item.without[clause], row) is Truth.YES
            ]
            assert short.listed().tolist() == meant
            assert matched.count_short(item.id)[clause] == len(meant)


@settings(max_examples=50, deadline=None)
@given(
    data=st.data(), items=circuits.several_items(), rows=circuits.rows(_ROWS), width=st.sampled_from((64, 128, 2**16))
)
def test_sets_are_what_circuits_mean(
    data: st.DataObject, items: list[ItemCircuits], rows: list[Row], width: int
) -> None:
    table = Enterprises(data.draw(circuits.tables(rows)))
    # Narrow blocks, so that few rows have many; and both ways to run the steps.
    narrowest = data.draw(st.sampled_from((0, 64, 2**12)))
    with patch.object(matching, "_WIDTH", width), patch.object(matching, "_NARROWEST", narrowest):
        matched = match(Plan(items), table)
    _as_meant(matched, items, rows)


@settings(max_examples=30, deadline=None)
@given(data=st.data(), items=circuits.several_items(), rows=circuits.rows(st.integers(1, 150)))
def test_a_row_by_itself_and_rows_brought_up_to_date(
    data: st.DataObject, items: list[ItemCircuits], rows: list[Row]
) -> None:
    plan = Plan(items)
    with patch.object(matching, "_WIDTH", 64), patch.object(matching, "_NARROWEST", 64):
        matched = match(plan, Enterprises(data.draw(circuits.tables(rows))))
        changed = data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, max_size=5, unique=True))
        anew = data.draw(circuits.rows(st.just(len(changed))))
        matched.replace(changed, Enterprises(data.draw(circuits.tables(anew))))
        after = list(rows)
        for number, row in zip(changed, anew, strict=True):
            after[number] = row
        scratch = match(plan, Enterprises(data.draw(circuits.tables(after))))
    _as_meant(matched, items, after)
    assert (matched.counts == scratch.counts).all()
    assert np.array_equal(matched.words, scratch.words)
    for number in changed:
        standing = matched.row(number)
        for item in items:
            assert standing[item.id].result is meaning(item.result, after[number])
            assert standing[item.id].promised is meaning(item.promised, after[number])
            assert standing[item.id].short == tuple(
                clause
                for clause, without in item.without.items()
                if meaning(item.result, after[number]) is Truth.NO and meaning(without, after[number]) is Truth.YES
            )


@pytest.mark.parametrize(
    ("terms", "bound"),
    [
        ([("x", 1)], 2**63 - 1),
        ([("x", 1)], 2**63),
        ([("x", 1)], -(2**63)),
        ([("x", 1)], -(2**63) - 1),
        # 3% of revenue: a hundred times the largest datum leaves 64 bits.
        ([("x", 100), ("y", -3)], 0),
        ([("x", 1), ("y", 1)], 2**63),
        ([("x", 1), ("y", 1)], -(2**63)),
        ([("x", 1), ("y", -1)], 2**64 - 1),
        ([("x", 2**30 - 1), ("y", -(2**30 - 1) + 1)], 2**93),
        ([("x", 2**30), ("y", -(2**30) + 1)], 2**93),
        ([("x", 2**63), ("y", -1)], 1),
        ([("x", 10**30), ("y", 7)], 10**47),
        ([("x", 3), ("y", 5)], 2**200),
        ([("x", 3), ("y", 5)], -(2**200)),
        ([("x", 0)], 0),
        ([("x", 0), ("y", 0)], 1),
    ],
)
def test_no_sum_overflows(terms: list[tuple[str, int]], bound: int) -> None:
    ends = (2**63 - 1, -(2**63), 2**62, -(2**62), 10**17 - 1, 2**32, 2**32 - 1, -(2**32), 1, 0, -1, None)
    rows: list[Row] = [{"x": x, "y": y} for x in ends for y in ends]
    near = {factor * (value or 0) for _, factor in terms for value in ends}
    items = [
        _only(linear([(Column(name), factor) for name, factor in terms], each), f"{number}")
        for number, each in enumerate({bound, *(edge + more for edge in near for more in (-1, 0, 1))})
    ]
    table = pa.table({"x": pa.array([row["x"] for row in rows]), "y": pa.array([row["y"] for row in rows])})
    _as_meant(match(Plan(items), Enterprises(table)), items, rows)


@pytest.mark.parametrize(
    "bounds",
    [
        range(0, 4_000, 100),
        range(-(10**17), 10**17, 10**16 + 1),
        [*range(-(2**63), -(2**63) + 40)],
        [*range(-(2**63) + 1, -(2**63) + 40)],
        [*range(2**63 - 40, 2**63 + 5)],
        [7 + 10**6 * step for step in (*range(40), 2**15 - 1)],
        [7 + 10**6 * step for step in (*range(40), 2**15)],
        [-(2**62) - 2 + 2**49 * step for step in range(40)],
        [5] * 3 + [*range(6, 50)],
    ],
)
def test_many_bounds_of_one_sum(bounds: Sequence[int]) -> None:
    """Counted in steps, where they lie so: on every bound, beside it, and far beyond the first and the last."""
    near = {bound + more for bound in bounds for more in (-1, 0, 1)} | {0, 2**63 - 1, -(2**63), 10**17, -(10**17)}
    rows: list[Row] = [{"x": x} for x in (*sorted(each for each in near if -(2**63) <= each < 2**63), None)]
    items = [_only(linear([(Column("x"), 1)], bound), str(number)) for number, bound in enumerate(bounds)]
    _as_meant(match(Plan(items), Enterprises(pa.table({"x": pa.array([row["x"] for row in rows])}))), items, rows)


def test_two_hands_find_what_one_finds() -> None:
    random = np.random.default_rng(11)
    table = pa.table({name: pa.array(random.integers(0, 4_000, 5_000)) for name in ("x", "y", "z")})
    items = [
        _only(linear([(Column(name), 1)], bound), f"{name}{bound}") for name in ("x", "y", "z") for bound in range(700)
    ]
    plan = Plan(items)
    assert program(plan).opposite > matching._MANY
    with patch.object(matching, "_NARROWEST", 0), patch.object(matching, "_WIDTH", 2**10):
        with patch.object(matching, "_MAX_HANDS", 1):
            alone = match(plan, Enterprises(table))
        both = match(plan, Enterprises(table))
    assert np.array_equal(alone.words, both.words)
    assert both.count("x0", Truth.YES) == 5_000


def test_many_lists_of_codes() -> None:
    """More than eight, of codes that are inside, coarser or beside; and of none."""
    codes = ["C", "C3", "C39", "C3911", "I65", "A", None, "C4"]
    lists = [{"C"}, {"C3"}, {"C39"}, {"C3911"}, set(), {"I65", "C4"}, {"A"}, {"I6510"}, {"C391"}, {"B"}, {"C", "A"}]
    items = [_only(Within(Column("industry"), frozenset(each)), str(place)) for place, each in enumerate(lists)]
    for each in (codes, ["C39", "I65"], [None, None], [""]):
        rows: list[Row] = [{"industry": code} for code in each]
        table = pa.table({"industry": pa.array(each, pa.string())})
        _as_meant(match(Plan(items), Enterprises(table)), items, rows)


def test_no_long_sum_overflows() -> None:
    """Each half of it would stay in 64 bits; twenty of them do not."""
    columns = [Column(f"x{number:02}") for number in range(20)]
    factors = [2**30 - 1 - number for number in range(20)]
    rows: list[Row] = [{column.name: value for column in columns} for value in (2**63 - 1, -(2**63), 2**62, 1, 0)]
    whole = [sum(factor * row[column.name] for column, factor in zip(columns, factors, strict=True)) for row in rows]
    items = [
        _only(linear(list(zip(columns, factors, strict=True)), bound), str(number))
        for number, bound in enumerate(each + more for each in whole for more in (-1, 0, 1))
    ]
    table = pa.table({column.name: pa.array([row[column.name] for row in rows]) for column in columns})
    _as_meant(match(Plan(items), Enterprises(table)), items, rows)


def test_lines_are_used_again_only_when_nobody_needs_them() -> None:
    """Gates that the first item and the last one ask, with many between them."""
    flags = [Column(f"f{number}") for number in range(6)]
    random = np.random.default_rng(7)
    rows: list[Row] = [{column.name: random.choice([True, False, None]) for column in flags} for _ in range(200)]
    said = [Said(each) for each in flags]
    items = [
        _only(Counted(2, (Conjunction((said[a], said[b])), Assumed(Negated(said[c]), a > c), said[d])), f"{a}{b}{c}{d}")
        for a in range(6) for b in range(6) for c in range(6) for d in range(0, 6, 2) if a != b
    ]  # fmt: skip
    table = pa.table({column.name: pa.array([row[column.name] for row in rows], pa.bool_()) for column in flags})
    plan = Plan(items)
    for narrowest in (0, 2**12):
        with patch.object(matching, "_NARROWEST", narrowest), patch.object(matching, "_WIDTH", 64):
            _as_meant(match(plan, Enterprises(table)), items[::9], rows)
    assert program(plan).lines < 2 * len(plan.network.nodes)


_PERCENTS = (1, 3, 5, 10, 50, 100, 150, 9_000, 10_000, 12_000, 30_000)
_PARTS = (0, 1, -1, 2, 99, 100, 101, 3 * 10**15, 3 * 10**15 - 1, -(10**15), 10**17 - 1, None)


@pytest.mark.parametrize(("part", "whole"), [("a", "b"), ("b", "a")])
@pytest.mark.parametrize("strictly", [0, 1])
@pytest.mark.parametrize(
    "wholes",
    [
        (0, 1, 2, 100, 10**4, 10**17 - 1, 10**17, None),
        (0, 1, 100, 10**17, -1, -(10**17), None),  # of a whole below nothing, the comparison turns round
        (0, 1, 7, 2**63 - 1, None),
    ],
)
@pytest.mark.parametrize("largest", [10**14, 10**17, 2**63 - 1])
def test_many_shares_of_the_same_columns(
    part: str, whole: str, strictly: int, wholes: tuple[int | None, ...], largest: int
) -> None:
    """On every bound and beside it, of nothing, of less than nothing, and where a scaled part leaves 64 bits."""
    parts = [each for each in _PARTS if each is None or abs(each) <= largest] + [largest]
    near = [(each * percent // 10_000 + more, each)
            for each in wholes if each is not None for percent in _PERCENTS for more in (-1, 0, 1)]  # fmt: skip
    pairs = [(x, y) for x in parts for y in wholes] + [pair for pair in near if abs(pair[0]) <= largest]
    rows: list[Row] = [{part: x, whole: y} for x, y in pairs]
    items = [
        _only(linear([(Column(part), 10_000), (Column(whole), -percent)], strictly), str(percent))
        for percent in _PERCENTS
    ]
    plan = Plan(items)
    assert {type(group) for _, group in program(plan).groups} == {Ratios}
    table = pa.table({name: pa.array([row[name] for row in rows], pa.int64()) for name in (part, whole)})
    _as_meant(match(plan, Enterprises(table)), items, rows)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 31, 32, 33, 64])
def test_counting_counts_to_every_number(size: int) -> None:
    """Each count of each number of parts, with rows that have from none to all of them, and some unknown."""
    columns = [Column(f"f{number}") for number in range(size)]
    rows: list[Row] = [
        {column.name: True if place < yes else None if place < yes + unknown else False
         for place, column in enumerate(columns)}
        for yes in range(size + 1) for unknown in (0, 1, size // 2) if yes + unknown <= size
    ]  # fmt: skip
    items = [_only(Counted(count, tuple(map(Said, columns))), str(count)) for count in range(size + 2)]
    table = pa.table({column.name: pa.array([row[column.name] for row in rows], pa.bool_()) for column in columns})
    _as_meant(match(Plan(items), Enterprises(table)), items, rows)


def test_blocks_of_full_width_and_a_last_one() -> None:
    """Beyond one real block, with a number of rows that is no multiple of anything."""
    count = 2 * 2**16 + 12_345
    random = np.random.default_rng(20260401)
    values = random.integers(-5, 5, count)
    is_known = random.random(count) > 0.2
    table = pa.table({"staff": pa.array(values, mask=~is_known)})
    matched = match(Plan([_only(linear([(Column("staff"), 1)], 2))]), Enterprises(table)).item("item")
    assert matched.yes.listed().tolist() == np.flatnonzero(is_known & (values >= 2)).tolist()
    assert matched.unknown.listed().tolist() == np.flatnonzero(~is_known).tolist()
    assert matched.yes.listed(first=3, limit=4).tolist() == np.flatnonzero(is_known & (values >= 2))[3:7].tolist()


def test_what_items_share_is_found_out_once() -> None:
    shared = linear([(NUMBERS[0], 1)], 5)
    one, other = Said(FLAGS[0]), Said(FLAGS[1])
    plan = Plan(
        [
            _only(Conjunction((shared, one)), "a"),
            _only(Conjunction((one, linear([(NUMBERS[0], 2)], 10))), "b"),
            _only(Negated(Counted(1, (Negated(one), Negated(shared)))), "c"),
            _only(Counted(2, (one, other, Constant(Truth.NO), Constant(Truth.YES), Constant(Truth.YES))), "d"),
            _only(Counted(1, (Constant(Truth.UNKNOWN),)), "e"),
        ]
    )
    wires = {id: item.result for id, item in plan.items.items()}
    assert wires["a"] == wires["b"] == wires["c"]
    assert wires["d"] == YES
    assert wires["e"] == UNKNOWN
    assert len([node for node in plan.network.nodes if isinstance(node, Linear)]) == 1


def test_a_plain_item_needs_no_circuit_for_each_clause() -> None:
    """Of eight clauses: the network holds no conjunction of seven."""
    parts = tuple(linear([(NUMBERS[0], 1)], bound) for bound in range(8))
    met = Constant(Truth.YES)
    without = {f"c{place}": Conjunction((*parts[:place], met, *parts[place + 1 :])) for place in range(8)}
    item = ItemCircuits(id="item", result=Conjunction(parts), promised=Conjunction(parts), clauses={}, without=without)
    plan = Plan([item])
    assert plan.items["item"].plain is not None
    assert len(plan.network.nodes) == 2 + 8 + 1


def test_tables_that_do_not_fit_are_named() -> None:
    plan = Plan([_only(Conjunction((linear([(Column("staff"), 1)], 5), Said(Column("resident")))))])
    fitting = {"staff": pa.array([1]), "resident": pa.array([True])}
    match(plan, Enterprises(pa.table(fitting)))
    for change, named in (
        ({"staff": pa.array([1.5])}, "“staff” is stored as double, and has to be int64"),
        ({"resident": pa.array([1])}, "“resident” is stored as int64, and has to be bool"),
    ):
        with pytest.raises(DatumError, match=named):
            match(plan, Enterprises(pa.table(fitting | change)))
    with pytest.raises(DatumError, match="no single column “resident”"):
        match(plan, Enterprises(pa.table({"staff": pa.array([1])})))
    with pytest.raises(VocabularyError, match="“staff”"):
        Plan([_only(Conjunction((linear([(Column("staff"), 1)], 5), Within(Column("staff"), frozenset({"C"})))))])
    with pytest.raises(ValueError, match="not unique"):
        Plan([_only(Constant(Truth.YES)), _only(Constant(Truth.NO))])


def test_rows_to_replace_that_are_not_there_change_nothing() -> None:
    plan = Plan([_only(linear([(Column("staff"), 1)], 5))])
    matched = match(plan, Enterprises(pa.table({"staff": pa.array([1, 9, 9])})))
    for rows in ([3], [-1], [0, 0], [0]):
        with pytest.raises(IndexError):
            matched.replace(rows, Enterprises(pa.table({"staff": pa.array([9, 9])})))
    assert matched.item("item").yes.listed().tolist() == [1, 2]
    with pytest.raises(IndexError):
        matched.row(3)


def test_sets_join() -> None:
    one = RowSet(np.array([0b0110], np.uint64), 4)
    other = RowSet(np.array([0b1100], np.uint64), 4)
    assert (one & other).listed().tolist() == [2]
    assert (one | other).listed().tolist() == [1, 2, 3]
    assert (one - other).listed().tolist() == [1]
    assert 1 in one
    assert 0 not in one
    assert 64 not in one
    assert one == RowSet(np.array([0b0110], np.uint64), 4)
    assert one != other
