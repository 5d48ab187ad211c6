"""What is read is asked: a year that is left unsaid is the one said before it, and 同期 the years of the part."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from tests.engines.clauses import trees
from tests.engines.clauses.language.test_inverse import RELAXED
from tests.engines.clauses.words import WORDS

from zonary.engines.clauses.circuits.lowering import Context, lower
from zonary.engines.clauses.errors import TableError
from zonary.engines.clauses.expressions import Expression, PerUnit, Share, leaves_of, quantities_of
from zonary.engines.clauses.language import parse
from zonary.engines.clauses.parameters import Value, series
from zonary.engines.clauses.quantities import Amount, Scored
from zonary.engines.clauses.tables.model import Fixed, Tables

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def value(number: int, unit: str) -> Value:
    return Value(
        first=date(2020, 1, 1), last=None, amount=Amount(Decimal(number), unit), recorded_at=NOW, citation="made up"
    )


CONTEXT = Context(
    vocabulary=WORDS,
    parameters=series([("研发投入强度下限", value(3, "%")), ("起补额", value(5, "万元"))]),
    day=date(2026, 3, 1),
    known_at=NOW,
    tables=Tables({name: Fixed(name=name, bound=Amount(Decimal(50), "分")) for name in WORDS.tables}),
)


@RELAXED
@given(trees.expressions())
def test_every_rule_that_is_read_can_be_asked(expression: Expression) -> None:
    """But for a share of a score, which is refused by the score's name."""
    divided = [leaf for leaf in leaves_of(expression) if isinstance(leaf, Share | PerUnit)]
    if any(isinstance(each, Scored) for leaf in divided for each in quantities_of(leaf)):
        with pytest.raises(TableError, match="评分表” is asked for as a part of something"):
            lower(expression, CONTEXT)
    else:
        assert lower(expression, CONTEXT)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("上年度研发费用占营业收入的比例不低于3%", "上年度研发费用占上年度营业收入的比例不低于3%"),
        ("上年度研发费用占同期营业收入的比例不低于3%", "上年度研发费用占上年度营业收入的比例不低于3%"),
        ("前年度研发费用、利润与实缴税额之和超过3元", "前年度研发费用、前年度利润与前年度实缴税额之和超过3元"),
        ("本年度营业收入减去研发费用的差额超过3元", "本年度营业收入减去本年度研发费用的差额超过3元"),
        ("上年度实缴税额与职工人数之比超过3元/人", "上年度实缴税额与上年度职工人数之比超过3元/人"),
        (
            "上年度研发费用与利润之和占同期营业收入的比例超过3%",
            "上年度研发费用与上年度利润之和占上年度营业收入的比例超过3%",
        ),
        ("近三年研发费用总额占同期营业收入总额的比例超过3%", "近三年研发费用总额占近三年营业收入总额的比例超过3%"),
    ],
)  # fmt: skip
def test_a_year_said_once_is_meant_throughout(short: str, long: str) -> None:
    assert lower(parse(short, WORDS), CONTEXT) == lower(parse(long, WORDS), CONTEXT)
    assert parse(short, WORDS) != parse(long, WORDS)
