"""A sentence about a table, score or proportion: sets and SQL say of each enterprise what the interpreter says."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from tests.engines.clauses.drawn_tables import Drawn, drawn, enterprises, leaves, snapshots, table_of
from tests.engines.clauses.plainly import meaning

from zonary.engines.clauses.circuits.gates import Circuit
from zonary.engines.clauses.circuits.items import ItemCircuits
from zonary.engines.clauses.circuits.lowering import lower
from zonary.engines.clauses.errors import TableError
from zonary.engines.clauses.expressions import Leaf
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.planes import Enterprises, Plan, match
from zonary.engines.clauses.sql.questions import Question
from zonary.engines.clauses.sql.running import opened

SOME = enterprises(60, 7)
SNAPSHOTS = snapshots(SOME)


def lowered(of: Drawn, leaves_: list[Leaf]) -> list[tuple[Leaf, Circuit]]:
    """Without those that are refused by name."""
    context, found = of.context, []
    for leaf in leaves_:
        with suppress(TableError):
            found.append((leaf, lower(leaf, context)))
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), of=drawn())
def test_sets_and_sql_say_what_the_interpreter_says(
    data: st.DataObject, of: Drawn, tmp_path_factory: pytest.TempPathFactory
) -> None:
    pairs = lowered(of, data.draw(st.lists(leaves(of), min_size=4, max_size=6)))
    circuits = [circuit for _, circuit in pairs]
    meant = [[of.meant(leaf, each) for each in SNAPSHOTS] for leaf, _ in pairs]
    table = table_of(SOME, circuits)
    rows = table.to_pylist()
    assert [[meaning(circuit, row) for row in rows] for circuit in circuits] == meant
    assert in_sets(circuits, table) == meant
    if circuits:
        assert in_sql(of, circuits, table, tmp_path_factory.mktemp("e") / "e.parquet") == meant


def in_sets(circuits: list[Circuit], table: object) -> list[list[Truth]]:
    items = [
        ItemCircuits(id=str(place), result=each, promised=each, clauses={}, without={})
        for place, each in enumerate(circuits)
    ]
    matched = match(Plan(items), Enterprises(table))
    return [[matched.row(row)[each.id].result for row in range(len(SOME))] for each in items]


def in_sql(of: Drawn, circuits: list[Circuit], table: object, path: Path) -> list[list[Truth]]:
    parquet.write_table(table, path)
    asked = [Question(item=f"{place:02}", circuit=each) for place, each in enumerate(circuits)]
    with opened(path, threads=1) as found:
        answers = sorted(
            (row["item"], row["enterprise"], row["answer"])
            for batch in found.answers(asked, of.vocabulary)
            for row in batch.to_pylist()
        )
    size = len(SOME)
    return [[Truth(answer) for *_, answer in answers[at : at + size]] for at in range(0, len(answers), size)]
