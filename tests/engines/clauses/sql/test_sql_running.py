"""A table that does not keep to its vocabulary is refused before it is asked; nothing else is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from pyarrow import parquet
from tests.engines.clauses.sql.asked import INDUSTRY, VOCABULARY

from zonary.engines.clauses.circuits.gates import Column, Conjunction, Said, Within, linear
from zonary.engines.clauses.errors import DatumError
from zonary.engines.clauses.sql.errors import SqlError
from zonary.engines.clauses.sql.questions import Question
from zonary.engines.clauses.sql.running import opened
from zonary.engines.clauses.vocabulary import WITHOUT_END

ASKED = [
    Question(
        item="a",
        circuit=Conjunction(
            (
                linear([(Column("staff"), 1)], 300),
                linear([(Column("accident"), 1)], 700_000),
                linear([(Column("founded"), 1)], 700_000),
                Said(Column("resident")),
                Within(INDUSTRY, frozenset({"C39"})),
            )
        ),
    )
]
GOOD = {
    "enterprise": ["E1", "E2"],
    "staff": [300, 0],
    "accident": [0, WITHOUT_END],
    "founded": [700_000, None],
    "resident": [True, None],
    "industry": ["C3911", None],
}


def refusal(folder: Path, **columns: Any) -> str:
    parquet.write_table(pa.table(GOOD | columns), folder / "e.parquet")
    with opened(folder / "e.parquet") as found, pytest.raises(DatumError) as refused:
        list(found.answers(ASKED, VOCABULARY))
    return str(refused.value)


@pytest.mark.parametrize("column", ["staff", "accident", "founded", "resident", "industry"])
def test_a_column_that_is_not_there_is_not_taken_for_unknown(tmp_path: Path, column: str) -> None:
    parquet.write_table(pa.table({name: each for name, each in GOOD.items() if name != column}), tmp_path / "e.parquet")
    with opened(tmp_path / "e.parquet") as found, pytest.raises(DatumError, match=f"no column “{column}”"):
        list(found.count(ASKED, VOCABULARY))


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("staff", [-1, 0]),
        ("staff", [10**6 + 1, None]),
        ("accident", [1, 0]),  # no day, and not never
        ("accident", [WITHOUT_END + 1, 0]),
        ("founded", [0, None]),  # what is founded was founded on a day
        ("industry", ["", "C"]),
        ("industry", ["C" * 21, "C"]),
    ],
)
def test_a_value_beyond_its_term_is_refused(tmp_path: Path, column: str, values: list[object]) -> None:
    assert f"In 1 rows the column “{column}” has a value" in refusal(tmp_path, **{column: values})


@pytest.mark.parametrize(
    ("column", "values", "wanted"),
    [
        ("staff", ["300", "0"], "BIGINT"),
        ("staff", [300.0, 0.5], "BIGINT"),
        ("resident", [1, 0], "BOOLEAN"),
        ("industry", [39, 40], "VARCHAR"),
    ],
)
def test_a_column_of_another_type_is_not_converted(
    tmp_path: Path, column: str, values: list[object], wanted: str
) -> None:
    assert f"The column “{column}” is stored as " in refusal(tmp_path, **{column: values})
    assert f"has to be {wanted}" in refusal(tmp_path, **{column: values})


@pytest.mark.parametrize("keys", [["E1", "E1"], ["E1", None]])
def test_an_enterprise_stands_in_one_row(tmp_path: Path, keys: list[str | None]) -> None:
    assert "An enterprise stands in one row" in refusal(tmp_path, enterprise=pa.array(keys, pa.string()))


def test_a_column_of_nothing_is_unknown(tmp_path: Path) -> None:
    parquet.write_table(pa.table(GOOD | {"accident": pa.nulls(2)}), tmp_path / "e.parquet")
    with opened(tmp_path / "e.parquet") as found:
        assert [row["answer"] for each in found.answers(ASKED, VOCABULARY) for row in each.to_pylist()] == [0, -1]


def test_a_table_of_a_database_is_asked_and_only_read(tmp_path: Path) -> None:
    table = pa.table(GOOD)
    with duckdb.connect(tmp_path / "zone.duckdb") as connection:
        connection.register("given", table)
        connection.execute('CREATE TABLE "企业 ""2026""" AS SELECT * FROM given')
    before = (tmp_path / "zone.duckdb").read_bytes()
    with opened(tmp_path / "zone.duckdb", '企业 "2026"') as found:
        (told,) = found.count(ASKED, VOCABULARY)
    assert told.to_pylist() == [{"item": "a", "clause": "", "yes": 0, "no": 2, "unknown": 0}]
    assert (tmp_path / "zone.duckdb").read_bytes() == before


def test_a_name_of_a_file_or_a_variable_is_no_table(tmp_path: Path) -> None:
    GOOD_AS_ARROW = pa.table(GOOD)
    parquet.write_table(GOOD_AS_ARROW, tmp_path / "other.parquet")
    duckdb.connect(tmp_path / "zone.duckdb").close()
    for table in (str(tmp_path / "other.parquet"), "GOOD_AS_ARROW"):
        with opened(tmp_path / "zone.duckdb", table) as found, pytest.raises(SqlError, match="DuckDB could not"):
            list(found.count(ASKED, VOCABULARY))


@pytest.mark.parametrize("name", ["none.parquet", "text.parquet", "star*.parquet"])
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    for each in ("text.parquet", "star*.parquet"):
        (tmp_path / each).write_text("not a table")
    with pytest.raises(SqlError, match=r"There is no file|DuckDB"), opened(tmp_path / name):
        pass
