"""The shipped packs mean the same however they are asked: of one enterprise, of many as sets of bits, or as SQL."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet
from tests.foundation.rules.shipped import IDS, KNOWN_AT, plan, shipped

from zonary.engines.clauses.checks.findings import asked
from zonary.engines.clauses.circuits.items import ItemCircuits, StoppedItem, lower_item
from zonary.engines.clauses.circuits.lowering import Context
from zonary.engines.clauses.interpreter.asking import Asking
from zonary.engines.clauses.interpreter.decisions import decide
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.planes import Enterprises, Plan, match
from zonary.engines.clauses.planes.columns import Shape
from zonary.engines.clauses.sql.questions import Question
from zonary.engines.clauses.sql.running import opened

TYPES = {Shape.NUMBER: pa.int64(), Shape.FLAG: pa.bool_(), Shape.CODE: pa.string()}


def lowered(id: str, day: date) -> list[ItemCircuits]:
    """The items in force on the day."""
    pack = shipped(id)
    context = Context(
        vocabulary=pack.vocabulary, parameters=pack.parameters, day=day, known_at=KNOWN_AT, tables=pack.tables
    )
    found = [lower_item(item, pack.document, context) for item in pack.document.items]
    return [each for each in found if not isinstance(each, StoppedItem)]


def table_of(askings: list[Asking], network: Plan, day: date) -> pa.Table:
    """The enterprises as a table, and nothing of them that the items do not ask."""
    columns = {}
    for column, shape in network.columns.items():
        year = None if column.offset is None else day.year + column.offset
        data = [each.datum(column.term, year) for each in askings]
        values = [None if datum is None else datum.value for datum in data]
        columns[column.name] = pa.array(values, type=TYPES[shape])
    ids = pa.array([f"{at:06}" for at in range(len(askings))])
    return pa.table({"enterprise": ids, **columns})


@pytest.mark.parametrize("id", IDS)
def test_sets_and_sql_say_of_every_test_case_what_the_interpreter_says(id: str, tmp_path: Path) -> None:
    pack = shipped(id)
    for day in sorted({case.day for case in pack.cases}):
        askings = [asked(pack, case) for case in pack.cases if case.day == day]
        items = lowered(id, day)
        meant = {each.id: [decide(plan(id), each.id, asking).truth for asking in askings] for each in items}
        network = Plan(items)
        table = table_of(askings, network, day)
        matched = match(network, Enterprises(table))
        rows = range(len(askings))
        assert {each.id: [matched.row(row)[each.id].result for row in rows] for each in items} == meant, day
        file = tmp_path / f"{day}.parquet"
        parquet.write_table(table, file)
        questions = [Question(item=each.id, circuit=each.result) for each in items]
        with opened(file, threads=1) as found:
            answers = [row for batch in found.answers(questions, pack.vocabulary) for row in batch.to_pylist()]
        told = {(row["item"], row["enterprise"]): Truth(row["answer"]) for row in answers}
        assert {each.id: [told[each.id, f"{row:06}"] for row in rows] for each in items} == meant, day
