"""A changed threshold: winners, losers and cost, exact to the last unit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zonary.engines.clauses.circuits.items import ItemCircuits, lower_item
from zonary.engines.clauses.circuits.lowering import Context
from zonary.engines.clauses.documents import Citation, Clause, Document, Item, WhenUnknown
from zonary.engines.clauses.errors import DatumError
from zonary.engines.clauses.expressions import ClauseRef, Compare, Comparison, Every, Flag, Share
from zonary.engines.clauses.parameters import Parameters
from zonary.engines.clauses.planes import Cost, Enterprises, Plan, RowSet, cost_of, match, simulate
from zonary.engines.clauses.quantities import Amount, Period, Reading
from zonary.engines.clauses.vocabulary import Kind, Term, Vocabulary

_VOCABULARY = Vocabulary(
    (
        Term(id="rd", chinese="研发费用", english="R&D expenses", kind=Kind.MONEY, annual=True),
        Term(id="revenue", chinese="营业收入", english="revenue", kind=Kind.MONEY, annual=True),
        Term(id="resident", chinese="居民企业", english="resident enterprise", kind=Kind.FLAG),
    )
)
_CONTEXT = Context(
    vocabulary=_VOCABULARY,
    parameters=Parameters(MappingProxyType({})),
    day=date(2026, 4, 1),
    known_at=datetime(2026, 4, 1, tzinfo=UTC),
)


def _measure(percent: str) -> ItemCircuits:
    """R&D of at least a million, at least so many percent of revenue, and resident, which may be promised."""
    rd = Reading("rd", Period.LAST_YEAR)
    share = Share(rd, Reading("revenue", Period.SAME), Comparison.NOT_BELOW, Amount(Decimal(percent), "%"))
    sentences = {
        "amount": Compare(rd, Comparison.NOT_BELOW, Amount(Decimal(100), "万元")),
        "share": share,
        "resident": Flag("resident"),
    }
    clauses = tuple(
        Clause(
            id=id,
            citation=Citation(document="样例〔2026〕1号", article="一", quote="…"),
            expression=expression,
            when_unknown=WhenUnknown.PROMISE if id == "resident" else WhenUnknown.ASK,
        )
        for id, expression in sentences.items()
    )
    item = Item(
        id="rd-subsidy",
        title="研发补助",
        title_english="R&D subsidy",
        condition=Every(tuple(ClauseRef(id) for id in sentences)),
        first=date(2026, 1, 1),
        last=None,
    )
    document = Document(number="样例〔2026〕1号", title="样例", title_english="Sample", items=(item,), clauses=clauses)
    lowered = lower_item(item, document, _CONTEXT)
    assert isinstance(lowered, ItemCircuits)
    return lowered


_MILLION = 10**8  # in 分
# On the bound, one 分 below it, of no revenue, of an unknown one, not resident, perhaps resident.
_TABLE = pa.table(
    {
        "rd@-1": pa.array([3 * _MILLION, 3 * _MILLION - 1, 5 * _MILLION, _MILLION, 9 * _MILLION, 3 * _MILLION]),
        "revenue@-1": pa.array([100 * _MILLION, 100 * _MILLION, 0, None, 100 * _MILLION, 100 * _MILLION]),
        "resident": pa.array([True, True, True, True, False, None]),
        "subsidy": pa.array([10**17, 10**17, 1, 2, 3, None]),
    }
)


def test_every_enterprise_lands_where_the_rule_says() -> None:
    sets = match(Plan([_measure("3")]), Enterprises(_TABLE)).item("rd-subsidy")
    assert sets.yes.listed().tolist() == [0]
    assert sets.no.listed().tolist() == [1, 2, 4]
    assert sets.unknown.listed().tolist() == [3, 5]
    assert sets.promised_yes.listed().tolist() == [0, 5]
    assert sets.promised_unknown.listed().tolist() == [3]
    short = {clause: rows.listed().tolist() for clause, rows in sets.short.items()}
    assert short == {"amount": [], "share": [1, 2], "resident": [4]}


def test_a_lower_threshold_has_winners_and_no_losers() -> None:
    table = Enterprises(_TABLE)
    now = match(Plan([_measure("3")]), table).item("rd-subsidy").yes
    lower = simulate(now, _measure("2.99"), table, "subsidy")
    assert lower.winners.listed().tolist() == [1]
    assert lower.losers.count == 0
    assert lower.cost == Cost(total=2 * 10**17, unknown=0)
    higher = simulate(now, _measure("3.01"), table, 50_000)
    assert higher.losers.listed().tolist() == [0]
    assert higher.sets.yes.count == 0
    assert higher.cost == Cost(total=0, unknown=0)
    assert cost_of(now | lower.sets.promised_yes, table, "subsidy") == Cost(total=2 * 10**17, unknown=1)
    assert cost_of(now, table, 50_000) == Cost(total=50_000, unknown=0)


@settings(max_examples=50, deadline=None)
@given(
    amounts=st.lists(st.none() | st.integers(-(2**63), 2**63 - 1) | st.just(2**63 - 1), max_size=70),
    cut=st.integers(0, 70),
    seed=st.integers(0, 9),
)
def test_costs_are_exact(amounts: list[int | None], cut: int, seed: int) -> None:
    column = pa.chunked_array([pa.array(amounts[:cut], pa.int64()), pa.array(amounts[cut:], pa.int64())])
    is_in = np.random.default_rng(seed).random(len(amounts)) < 0.7
    words = np.zeros(-(-len(amounts) // 64), np.uint64)
    octets = np.packbits(is_in, bitorder="little")
    words.view(np.uint8)[: len(octets)] = octets
    paid = [amount for amount, each in zip(amounts, is_in, strict=True) if each]
    found = cost_of(RowSet(words, len(amounts)), Enterprises(pa.table({"amount": column})), "amount")
    assert found == Cost(sum(each for each in paid if each is not None), paid.count(None))


def test_an_amount_that_is_no_number_is_named() -> None:
    table = Enterprises(pa.table({"amount": pa.array(["a"])}))
    rows = RowSet(np.array([1], np.uint64), 1)
    for name, named in (("amount", "“amount” is stored as string"), ("other", "no single column “other”")):
        with pytest.raises(DatumError, match=named):
            cost_of(rows, table, name)
