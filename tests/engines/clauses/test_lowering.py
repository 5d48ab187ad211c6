"""From sentences to circuits: equal questions become one atom, and what has no value stops."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.clauses.circuits import asked

from zonary.engines.clauses.circuits.gates import Column, Linear, Negated, atoms_of, linear
from zonary.engines.clauses.circuits.items import ItemCircuits, StoppedItem, lower_item
from zonary.engines.clauses.circuits.lowering import Context, lower
from zonary.engines.clauses.dates import latest_full, moved
from zonary.engines.clauses.documents import Citation, Clause, Document, Item, WhenUnknown
from zonary.engines.clauses.errors import ExpiredParameterError
from zonary.engines.clauses.expressions import (
    ClauseRef,
    Compare,
    Comparison,
    Every,
    Expression,
    Not,
    Share,
    TimeUnit,
)
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.parameters import Parameters, Value, series
from zonary.engines.clauses.quantities import Amount, Bound, Parameter, Period, Reading
from zonary.engines.clauses.vocabulary import Kind, Term, Vocabulary

NOW = datetime(2026, 5, 1, tzinfo=UTC)
DAY = date(2026, 5, 1)
WORDS = Vocabulary(
    (
        Term(id="rd", chinese="研发费用", english="R&D", kind=Kind.MONEY, annual=True),
        Term(id="revenue", chinese="营业收入", english="revenue", kind=Kind.MONEY, annual=True, low=-(10**15)),
        Term(id="staff", chinese="从业人员", english="staff", kind=Kind.COUNT, unit="人", unit_english="people"),
    ),
    parameters=("研发下限",),
)


def context(parameters: Parameters | None = None, day: date = DAY) -> Context:
    return Context(vocabulary=WORDS, parameters=parameters or series(()), day=day, known_at=NOW)


def rd(comparison: Comparison, bound: Bound) -> Compare:
    return Compare(Reading("rd", Period.LAST_YEAR), comparison, bound)


def test_one_question_in_other_words_and_units_is_one_atom() -> None:
    asked_thrice = [
        rd(Comparison.NOT_BELOW, Amount(Decimal("100"), "万元")),
        rd(Comparison.REACHED_UPWARDS, Amount(Decimal("0.01"), "亿元")),
        rd(Comparison.NOT_FEWER, Amount(Decimal("1000000.00"), "元")),
    ]
    assert {lower(each, context()) for each in asked_thrice} == {linear([(Column("rd", -1), 1)], 10**8)}


def test_below_is_the_opposite_of_the_same_atom() -> None:
    below = lower(rd(Comparison.BELOW, Amount(Decimal("100"), "万元")), context())
    assert below == Negated(lower(rd(Comparison.NOT_BELOW, Amount(Decimal("100"), "万元")), context()))


def test_a_share_is_multiplied_out_and_of_nothing_it_is_not_met() -> None:
    share = Share(
        Reading("rd", Period.LAST_YEAR),
        Reading("revenue", Period.SAME),
        Comparison.NOT_BELOW,
        Amount(Decimal("3"), "%"),
    )
    circuit = lower(share, context())
    assert Linear(((Column("rd", -1), 100), (Column("revenue", -1), -3)), 0) in set(atoms_of(circuit))
    assert asked(circuit, {"rd@-1": 3, "revenue@-1": 100}) is Truth.YES
    assert asked(circuit, {"rd@-1": 2, "revenue@-1": 100}) is Truth.NO
    assert asked(circuit, {"rd@-1": 5, "revenue@-1": 0}) is Truth.NO
    assert asked(circuit, {"rd@-1": None, "revenue@-1": 0}) is Truth.NO
    assert asked(circuit, {"rd@-1": None, "revenue@-1": 100}) is Truth.UNKNOWN
    assert asked(circuit, {"rd@-1": 5, "revenue@-1": -100}) is Truth.NO


@given(st.dates(date(1990, 1, 1), date(2050, 12, 31)), st.integers(0, 40), st.sampled_from(list(TimeUnit)))
def test_the_latest_day_from_which_a_term_is_full_is_the_latest(by: date, count: int, unit: TimeUnit) -> None:
    found = latest_full(by, count, unit)
    assert moved(found, count, unit) <= by
    assert moved(found + timedelta(days=1), count, unit) > by


def test_a_term_from_the_end_of_february_ends_where_the_month_does() -> None:
    assert moved(date(2024, 2, 29), 1, TimeUnit.YEARS) == date(2025, 2, 28)
    assert moved(date(2025, 1, 31), 1, TimeUnit.MONTHS) == date(2025, 2, 28)
    assert latest_full(date(2025, 2, 28), 1, TimeUnit.YEARS) == date(2024, 2, 29)


def value(first: date, last: date | None, wan: int, recorded: datetime) -> tuple[str, Value]:
    amount = Amount(Decimal(wan), "万元")
    return "研发下限", Value(first=first, last=last, amount=amount, recorded_at=recorded, citation="示范〔2024〕1号")


def test_a_parameter_is_as_it_was_known_and_never_older_than_its_day() -> None:
    dated = series(
        (
            value(date(2024, 1, 1), date(2024, 12, 31), 100, datetime(2024, 1, 1, tzinfo=UTC)),
            value(date(2025, 1, 1), None, 200, datetime(2025, 1, 1, tzinfo=UTC)),
            value(date(2024, 1, 1), date(2024, 12, 31), 150, datetime(2025, 6, 1, tzinfo=UTC)),
        )
    )
    found = dated.on("研发下限", date(2024, 7, 1), datetime(2025, 1, 1, tzinfo=UTC))
    assert found.amount.number == 100
    assert dated.on("研发下限", date(2024, 7, 1), NOW).amount.number == 150
    assert dated.on("研发下限", date(2026, 7, 1), NOW).amount.number == 200
    with pytest.raises(ExpiredParameterError, match="has no value on 2025-03-01"):
        dated.on("研发下限", date(2025, 3, 1), datetime(2024, 12, 31, tzinfo=UTC))


def document(when_unknown: WhenUnknown, condition: Expression, bound: Bound | None = None) -> Document:
    cite = Citation(document="示范〔2024〕1号", article="第一条", quote="研发费用不低于100万元")
    least = bound or Amount(Decimal("100"), "万元")
    many = Compare(Reading("staff"), Comparison.NOT_ABOVE, Amount(Decimal("500"), "人"))
    clauses = (
        Clause(id="rd", citation=cite, expression=rd(Comparison.NOT_BELOW, least), when_unknown=when_unknown),
        Clause(id="staff", citation=cite, expression=many),
    )
    item = Item(id="a", title="甲", title_english="A", condition=condition, first=date(2024, 1, 1), last=None)
    return Document(number="示范〔2024〕1号", title="示范", title_english="Demo", items=(item,), clauses=clauses)


def lowered(found: Document, parameters: Parameters | None = None) -> ItemCircuits:
    circuits = lower_item(found.items[0], found, context(parameters))
    assert isinstance(circuits, ItemCircuits)
    return circuits


BOTH = Every((ClauseRef("rd"), ClauseRef("staff")))
TURNED = Every((Not(ClauseRef("rd")), ClauseRef("staff")))


@pytest.mark.parametrize("condition", [BOTH, TURNED])
@pytest.mark.parametrize(
    ("when", "result", "promised"),
    [
        (WhenUnknown.ASK, Truth.UNKNOWN, Truth.UNKNOWN),
        (WhenUnknown.FAIL, Truth.NO, Truth.NO),
        (WhenUnknown.PROMISE, Truth.UNKNOWN, Truth.YES),
    ],
)
def test_what_is_unknown_never_passes_silently(
    condition: Expression, when: WhenUnknown, result: Truth, promised: Truth
) -> None:
    circuits = lowered(document(when, condition))
    row = {"staff": 10}
    assert (asked(circuits.result, row), asked(circuits.promised, row)) == (result, promised)


def test_one_clause_short_is_by_the_clause_that_stands_in_the_way() -> None:
    circuits = lowered(document(WhenUnknown.ASK, BOTH))
    row = {"rd@-1": 1, "staff": 10}
    assert asked(circuits.result, row) is Truth.NO
    assert {id: asked(each, row) for id, each in circuits.without.items()} == {"rd": Truth.YES, "staff": Truth.NO}


def test_an_item_stands_still_outside_its_days_and_without_its_parameter() -> None:
    found = document(WhenUnknown.ASK, BOTH, bound=Parameter("研发下限"))
    early = lower_item(found.items[0], found, context(day=date(2023, 1, 1)))
    assert isinstance(early, StoppedItem)
    assert "not in force" in str(early.reason)
    ended = series([value(date(2024, 1, 1), date(2025, 12, 31), 100, datetime(2024, 1, 1, tzinfo=UTC))])
    stopped = lower_item(found.items[0], found, context(ended))
    assert isinstance(stopped, StoppedItem)
    assert isinstance(stopped.reason, ExpiredParameterError)
