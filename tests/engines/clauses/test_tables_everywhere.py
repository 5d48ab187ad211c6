"""A sentence about a table, score or proportion: sets and SQL say of each enterprise what the interpreter says."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from tests.engines.clauses.drawn_tables import LAST, Drawn, drawn, enterprises, leaves, lowered, snapshots, table_of
from tests.engines.clauses.plainly import meaning

from zonary.engines.clauses.checks.satisfying import can_hold
from zonary.engines.clauses.circuits.gates import Circuit, Conjunction
from zonary.engines.clauses.circuits.items import ItemCircuits
from zonary.engines.clauses.circuits.lowering import lower
from zonary.engines.clauses.errors import TableError
from zonary.engines.clauses.expressions import Compare, Comparison, Share
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.planes import Enterprises, Plan, match
from zonary.engines.clauses.quantities import Amount, Reading, Scored
from zonary.engines.clauses.sql.questions import Question
from zonary.engines.clauses.sql.running import opened
from zonary.engines.clauses.tables.model import (
    ANY,
    DecisionTable,
    Fixed,
    HitPolicy,
    Interval,
    Measured,
    Proportion,
    Ratio,
    Rounding,
    Row,
    Score,
    Table,
)

SOME = enterprises(60, 7)
SNAPSHOTS = snapshots(SOME)


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


# --- what is refused, by the table's name ----------------------------------------------------------------------------

PER_MU = Ratio("亩均税收", Reading("tax", LAST), Reading("land"), "万元", "亩")


def ten_percent(name: str, **more: Any) -> Proportion:
    reads = Measured("研发费用", Reading("rnd", LAST), "元")
    usual = {"reads": reads, "rate": Decimal("0.1"), "unit": "元", "rounding": Rounding.DOWN, "step": Decimal("0.01")}
    return Proportion(name=name, **(usual | more))


def rows(name: str, *intervals: Interval, policy: HitPolicy = HitPolicy.UNIQUE, points: str = "123") -> DecisionTable:
    column = Measured("研发费用", Reading("rnd", LAST), "万元")
    given_ = tuple(Row((each,), Decimal(number)) for each, number in zip(intervals, points, strict=False))
    return DecisionTable(name=name, columns=(column,), rows=given_, hit_policy=policy, unit="分")


def refused(*tables: Table, unit: str = "分") -> str:
    of = Drawn(tables)
    with pytest.raises(TableError) as error:
        lower(Compare(Scored(tables[-1].name), Comparison.NOT_BELOW, Amount(Decimal(1), unit)), of.context)
    return str(error.value)


BELOW_FIVE, FROM_FIVE = Interval(high=Decimal(5), is_high_included=False), Interval(Decimal(5))
OF_SIX = Interval(Decimal(4), True, Decimal(6))


def test_a_table_that_stops_some_enterprises_is_not_asked_of_many() -> None:
    assert "“缺” gives nothing, or two things" in refused(rows("缺", BELOW_FIVE))
    assert "“重” gives nothing, or two things" in refused(rows("重", BELOW_FIVE, OF_SIX, FROM_FIVE))
    assert "“异” gives nothing" in refused(rows("异", BELOW_FIVE, OF_SIX, FROM_FIVE, policy=HitPolicy.ANY))
    agreed = Drawn((rows("同", BELOW_FIVE, OF_SIX, FROM_FIVE, policy=HitPolicy.ANY, points="111"),))
    assert lower(Compare(Scored("同"), Comparison.NOT_BELOW, Amount(Decimal(1), "分")), agreed.context)


def test_what_is_more_than_some_numbers_is_not_added_up() -> None:
    share = ten_percent("亩均得分", reads=PER_MU, unit="分")
    assert "“亩均得分” cannot be added up for many" in refused(
        share, Score(name="和", parts=(("亩均得分",),), unit="分")
    )
    powers = tuple(Row((ANY,), Decimal(2**place)) for place in range(12))
    column = Measured("研发费用", Reading("rnd", LAST), "万元")
    many = DecisionTable(name="多", columns=(column,), rows=powers, hit_policy=HitPolicy.SUM, unit="分")
    assert "“多” is too intricate" in refused(many, Score(name="和", parts=(("多",),), unit="分"))


def test_a_share_of_a_score_is_not_asked_of_many() -> None:
    of = Drawn((Fixed(name="定", bound=Amount(Decimal(5), "分")),))
    share = Share(Scored("定"), Scored("定"), Comparison.NOT_BELOW, Amount(Decimal(50), "%"))
    with pytest.raises(TableError, match="“定” is asked for as a part"):
        lower(share, of.context)


def test_a_proportion_reaches_a_bound_where_it_does_before_it_is_rounded() -> None:
    """10 % cut to the 分 is 1 元 from 10 元 on, and 9.99 元 is a 分 short."""
    circuit = lower(
        Compare(Scored("补"), Comparison.NOT_BELOW, Amount(Decimal(1), "元")), Drawn((ten_percent("补"),)).context
    )
    assert [meaning(circuit, {"rnd@-1": spent}) for spent in (999, 1_000, None)] == [Truth.NO, Truth.YES, Truth.UNKNOWN]


def test_a_score_that_contradicts_another_clause_is_found_before_release() -> None:
    of = Drawn((rows("得分", BELOW_FIVE, FROM_FIVE),))
    two = Compare(Scored("得分"), Comparison.NOT_BELOW, Amount(Decimal(2), "分"))
    little = Compare(Reading("rnd", LAST), Comparison.BELOW, Amount(Decimal(5), "万元"))
    both = Conjunction((lower(two, of.context), lower(little, of.context)))
    assert can_hold(both, of.vocabulary) is Truth.NO
    assert can_hold(lower(two, of.context), of.vocabulary) is Truth.YES
