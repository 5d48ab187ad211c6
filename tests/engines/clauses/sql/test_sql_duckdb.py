"""DuckDB answers what the circuits mean, row for row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from tests.engines.clauses.plainly import meaning
from tests.engines.clauses.sql.asked import FLAGS, ROWS, VOCABULARY, circuits, expected, questions, write

from zonary.engines.clauses.circuits.gates import Circuit, Column, Conjunction, Constant, Counted, Negated, Said, linear
from zonary.engines.clauses.circuits.items import ItemCircuits
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.sql.questions import Question, explained, one_short, promised, results
from zonary.engines.clauses.sql.running import Enterprises, opened


@pytest.fixture(scope="module")
def enterprises(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enterprises]:
    with opened(write(tmp_path_factory.mktemp("sql") / "enterprises.parquet"), threads=1) as found:
        yield found


def told(batches: Iterable[pa.RecordBatch]) -> list[tuple[object, ...]]:
    return sorted(tuple(row.values()) for batch in batches for row in batch.to_pylist())


@settings(max_examples=60, deadline=None)
@given(asked=questions(least=1, most=8))
def test_every_answer_is_what_the_circuit_means(enterprises: Enterprises, asked: list[Question]) -> None:
    assert told(enterprises.answers(asked, VOCABULARY)) == expected(asked)


@settings(max_examples=20, deadline=None)
@given(asked=questions(least=1, most=5), kept=st.frozensets(st.sampled_from(Truth)))
def test_only_the_answers_wanted(enterprises: Enterprises, asked: list[Question], kept: frozenset[Truth]) -> None:
    wanted = {each.value for each in kept}
    assert told(enterprises.answers(asked, VOCABULARY, kept=kept)) == [
        each for each in expected(asked) if each[3] in wanted
    ]


@settings(max_examples=20, deadline=None)
@given(asked=questions(least=1, most=5))
def test_counts_are_those_of_the_rows(enterprises: Enterprises, asked: list[Question]) -> None:
    found = Counter((item, answer) for _, item, _, answer in expected(asked))
    assert told(enterprises.count(asked, VOCABULARY)) == sorted(
        (each.item, "", found[each.item, 1], found[each.item, -1], found[each.item, 0]) for each in asked
    )


@settings(max_examples=20, deadline=None)
@given(clauses=st.lists(circuits(), min_size=1, max_size=6))
def test_one_clause_short(enterprises: Enterprises, clauses: list[Circuit]) -> None:
    """Who fails the item, and would have it by one clause: neither who has it, nor of whom it is not known."""
    item = item_of(clauses)
    found = told(enterprises.answers(one_short([item]), VOCABULARY, kept=[Truth.YES]))
    assert found == sorted(
        (row["enterprise"], item.id, id, 1)
        for row in ROWS
        for id, without in item.without.items()
        if meaning(item.result, row) is Truth.NO and meaning(without, row) is Truth.YES
    )


def test_an_item_explained(enterprises: Enterprises) -> None:
    item = item_of([Said(each) for each in FLAGS])
    found = told(enterprises.answers(explained(item), VOCABULARY))
    assert found == expected(explained(item))
    assert {clause for _, _, clause, _ in found} == {"", "c0", "c1"}
    assert [each.circuit for each in (*results([item]), *promised([item]))] == [item.result, item.promised]


def test_counts_inside_counts_stay_one_statement(enterprises: Enterprises) -> None:
    """Forty storeys of counts: were a part named twice in each, there would be 2⁴⁰ of the lowest."""
    circuit: Circuit = Said(FLAGS[0])
    for _ in range(40):
        circuit = Negated(Counted(2, (circuit, Said(FLAGS[1]), Constant(Truth.UNKNOWN))))
    asked = [Question(item="deep", circuit=circuit)]
    assert told(enterprises.answers(asked, VOCABULARY)) == expected(asked)


def test_two_hundred_conditions_and_more_questions_than_fit(enterprises: Enterprises) -> None:
    wide = Conjunction(tuple(_staff(bound) for bound in range(200)))
    asked = [Question(item="wide", circuit=wide), *(Question(item=f"{i}", circuit=_staff(i)) for i in range(250))]
    assert told(enterprises.answers(asked, VOCABULARY)) == expected(asked)


def test_an_empty_table_has_nobody(tmp_path: Path) -> None:
    empty = pa.table({"enterprise": pa.array([], pa.string()), "staff": pa.array([], pa.int64())})
    asked = [Question(item="a", circuit=_staff(1))]
    parquet.write_table(empty, tmp_path / "empty.parquet")
    with opened(tmp_path / "empty.parquet") as found:
        assert told(found.count(asked, VOCABULARY)) == [("a", "", 0, 0, 0)]
        assert told(found.answers(asked, VOCABULARY)) == []


def item_of(clauses: Sequence[Circuit]) -> ItemCircuits:
    named = {f"c{i}": each for i, each in enumerate(clauses)}
    without = {
        id: Conjunction(tuple(Constant(Truth.YES) if each == id else named[each] for each in named)) for id in named
    }
    whole = Conjunction(tuple(named.values()))
    return ItemCircuits(
        id="item", result=whole, promised=whole, clauses=MappingProxyType(named), without=MappingProxyType(without)
    )


def _staff(bound: int) -> Circuit:
    return linear([(Column("staff"), 1)], bound)
