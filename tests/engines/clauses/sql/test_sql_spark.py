"""Spark answers what the circuits mean, row for row, in its strict mode and in the old one that overflows silently."""

from __future__ import annotations

import shutil
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from tests.engines.clauses.drawn_tables import drawn, enterprises, leaves, lowered, snapshots, table_of
from tests.engines.clauses.sql.asked import FLAGS, ROWS, VOCABULARY, expected, questions, write

from zonary.engines.clauses.circuits.gates import Column, Said, Within
from zonary.engines.clauses.sql.questions import Question, batches
from zonary.engines.clauses.sql.statements import Dialect, answers, count, text
from zonary.engines.clauses.sql.tables import Table, columns_read, misfits

pyspark_sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed: make spark fetches it")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17 or later"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # py4j leaves its sockets to the collector
]
TABLE = Table(parts=("enterprises`; DROP TABLE x; --",))
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.sql.session.timeZone": "UTC",
    "spark.driver.memory": "1g",
}


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("spark")
    builder = pyspark_sql.SparkSession.builder.master("local[1]").appName("zonary")
    for key, value in (SETTINGS | {"spark.sql.warehouse.dir": str(folder / "warehouse")}).items():
        builder = builder.config(key, value)
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        session.read.parquet(str(write(folder / "enterprises.parquet"))).cache().createOrReplaceTempView("raw")
        yield session
        session.stop()


@pytest.fixture(scope="module", params=["true", "false"], ids=["ansi", "lenient"])
def asking(request: pytest.FixtureRequest, spark: Any) -> Any:
    spark.conf.set("spark.sql.ansi.enabled", request.param)
    name = text(TABLE.tree, Dialect.SPARK)
    spark.sql(f"CREATE OR REPLACE TEMPORARY VIEW {name} AS SELECT * FROM raw")
    return spark


def told(spark: Any, statement: str) -> list[tuple[object, ...]]:
    return sorted(tuple(row) for row in spark.sql(statement).collect())


@settings(max_examples=3, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(asked=questions(least=40, most=60))
def test_every_answer_is_what_the_circuit_means(asking: Any, asked: list[Question]) -> None:
    found = [
        row for batch in batches(asked) for row in told(asking, text(answers(batch, TABLE, VOCABULARY), Dialect.SPARK))
    ]
    differing = {item for _, item, _, _ in set(found) ^ set(expected(asked))}
    assert not [each.circuit for each in asked if each.item in differing]
    assert sorted(found) == expected(asked)


@settings(max_examples=1, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(asked=questions(least=20, most=20))
def test_counts_are_those_of_the_rows(asking: Any, asked: list[Question]) -> None:
    found = Counter((item, answer) for _, item, _, answer in expected(asked))
    assert told(asking, text(count(asked, TABLE, VOCABULARY), Dialect.SPARK)) == sorted(
        (each.item, "", found[each.item, 1], found[each.item, -1], found[each.item, 0]) for each in asked
    )


@settings(max_examples=2, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_tables_and_scores_are_what_the_interpreter_gives(
    asking: Any, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    some = enterprises(40, 3)
    of_all = snapshots(some)
    for place in range(4):
        of = data.draw(drawn())
        pairs = lowered(of, data.draw(st.lists(leaves(of), min_size=6, max_size=6)))
        asked = [Question(item=f"{number}", circuit=circuit) for number, (_, circuit) in enumerate(pairs)]
        if not asked:
            continue
        path = tmp_path_factory.mktemp("spark") / f"{place}.parquet"
        parquet.write_table(table_of(some, [circuit for _, circuit in pairs]), path)
        asking.read.parquet(str(path)).createOrReplaceTempView("scored")
        meant = sorted(
            (f"E{row:03}", each.item, "", of.meant(leaf, known).value)
            for each, (leaf, _) in zip(asked, pairs, strict=True)
            for row, known in enumerate(of_all)
        )
        statement = answers(asked, Table(parts=("scored",)), of.vocabulary)
        assert told(asking, text(statement, Dialect.SPARK)) == meant


def test_hostile_names_are_names(asking: Any) -> None:
    asked = [
        Question(item="\\' OR 1=1; --", clause='"`\\', circuit=Said(FLAGS[0])),
        Question(item="换\n行", circuit=Within(Column("industry"), frozenset({"\\'", "C'", "\\"}))),
    ]
    assert told(asking, text(answers(asked, TABLE, VOCABULARY), Dialect.SPARK)) == expected(asked)


@settings(max_examples=1, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(asked=questions(least=20, most=20))
def test_whether_the_table_fits_is_found_out(asking: Any, asked: list[Question]) -> None:
    (found,) = told(asking, text(misfits(asked, TABLE, VOCABULARY), Dialect.SPARK))
    assert found == (len(ROWS), len(ROWS), *([0] * len(columns_read(asked))))
