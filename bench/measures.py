"""Synthetic enterprises with what is not known, and support measures to ask of them, from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa

from zonary.engines.clauses.circuits.items import ItemCircuits, lower_item
from zonary.engines.clauses.circuits.lowering import Context
from zonary.engines.clauses.documents import Citation, Clause, Document, Item, WhenUnknown
from zonary.engines.clauses.expressions import (
    AtLeast,
    ClauseRef,
    Compare,
    Comparison,
    Duration,
    Elapsed,
    Every,
    Expression,
    Flag,
    Growth,
    Holds,
    InCodes,
    Leaf,
    Listed,
    Share,
    Some,
    TimeUnit,
)
from zonary.engines.clauses.parameters import Parameters
from zonary.engines.clauses.quantities import Amount, Number, Period, Reading
from zonary.engines.clauses.snapshots import Datum, Snapshot
from zonary.engines.clauses.vocabulary import NEVER, Kind, Term, Vocabulary

DAY = date(2026, 4, 1)
CLAUSES = 8
_SEED = 20260401
_RECORDED = datetime(2026, 4, 1, tzinfo=UTC)
_BATCH = 2**17

_MONEY = ("revenue", "rd", "profit", "tax", "exports", "investment", "hightech", "assets")
_COUNTS = ("staff", "rd-staff", "masters", "patents", "inventions", "standards")
_FLAGS = ("resident", "independent", "accounting", "fund", "incubated", "exporter", "platform", "green")
_LISTINGS = ("abnormal", "dishonest", "tax-breach", "environment")
_CREDENTIALS = ("hightech-certificate", "iso", "licence")
_YEARS = (-1, -2, -3)
_PERIODS = {-1: Period.LAST_YEAR, -2: Period.YEAR_BEFORE_LAST}
_CODES = tuple(f"{'ABCDEFGHIJKLMNOPQRST'[n % 20]}{n % 97:02}{n % 7}{n % 9}" for n in range(1382))


def _vocabulary() -> Vocabulary:
    terms = [Term(id=id, chinese=id, english=id, kind=Kind.MONEY, annual=True, low=-(10**15), high=10**15)
             for id in _MONEY]  # fmt: skip
    terms += [Term(id=id, chinese=id, english=id, kind=Kind.COUNT, unit="人", unit_english="people") for id in _COUNTS]
    kinds = {Kind.FLAG: _FLAGS, Kind.LISTING: _LISTINGS, Kind.CREDENTIAL: _CREDENTIALS, Kind.DATE: ("founded",)}
    terms += [Term(id=id, chinese=id, english=id, kind=kind) for kind, ids in kinds.items() for id in ids]
    terms.append(Term(id="industry", chinese="industry", english="industry", kind=Kind.CODE, system="GB/T 4754-2017"))
    return Vocabulary(tuple(terms))


# --- enterprises -----------------------------------------------------------------------------------------------------


def enterprises(count: int) -> Iterator[pa.RecordBatch]:
    """Batches of one table. Every second one has money in whole ten thousands, so that many stand on a bound."""
    generator = np.random.default_rng(_SEED)
    for begun in range(0, count, _BATCH):
        yield _batch(generator, min(_BATCH, count - begun))


def _batch(generator: np.random.Generator, count: int) -> pa.RecordBatch:
    columns: dict[str, pa.Array] = {}

    def put(name: str, values: Any, unknown: float) -> None:
        columns[name] = pa.array(values, mask=generator.random(count) < unknown)

    size = generator.lognormal(0, 1.6, count)  # of a business: all its numbers go with it
    for place, id in enumerate(_MONEY):
        for year in _YEARS:
            yuan = 8e6 / (1 + place) * size * generator.lognormal(0, 0.4, count) * 0.9**-year
            yuan[generator.random(count) < 0.06] = 0
            if id == "profit":
                yuan *= np.where(generator.random(count) < 0.2, -1, 1)
            fen = np.where(generator.random(count) < 0.5, np.round(yuan / 1e4) * 10**6, np.round(yuan * 100))
            put(f"{id}@{year}", fen.astype(np.int64), 0.02 * (1 + place % 3) * -year)
    for place, id in enumerate(_COUNTS):
        people = np.floor(40 / (1 + 2 * place) * size * generator.lognormal(0, 0.5, count))
        put(id, people.astype(np.int64), 0.03 * (1 + place % 4))
    put("founded", DAY.toordinal() - generator.integers(0, 30 * 365, count), 0.01)
    for id in _CREDENTIALS:
        day = DAY.toordinal() + generator.integers(-900, 900, count)
        put(id, np.where(generator.random(count) < 0.7, NEVER, day), 0.05)
    for place, id in enumerate((*_FLAGS, *_LISTINGS)):
        put(id, generator.random(count) < (0.9 - 0.1 * place if place < len(_FLAGS) else 0.02), 0.05)
    picked = pa.array(generator.integers(0, len(_CODES), count).astype(np.int32), mask=generator.random(count) < 0.01)
    columns["industry"] = pa.DictionaryArray.from_arrays(picked, pa.array(_CODES))
    return pa.RecordBatch.from_pydict(columns)


# --- measures --------------------------------------------------------------------------------------------------------


def measures(count: int, *, are_distinct: bool) -> list[ItemCircuits]:
    """Items of eight clauses each, of which one in ten is not simply all of them.

    :param are_distinct: whether nearly every bound is one of its own, instead of one of a few usual ones.
    """
    chance = random.Random(_SEED + count)
    context = Context(
        vocabulary=_vocabulary(),
        parameters=Parameters(MappingProxyType({})),
        day=DAY,
        known_at=datetime(2026, 4, 1, tzinfo=UTC),
    )
    found = []
    for number in range(count):
        lowered = lower_item(*_item(f"item-{number}", chance, are_distinct), context)
        assert isinstance(lowered, ItemCircuits), lowered.reason
        found.append(lowered)
    return found


def rules(count: int) -> tuple[Document, Vocabulary]:
    """The same items as one document, to be explained."""
    chance = random.Random(_SEED + count)
    items: list[Item] = []
    clauses: list[Clause] = []
    for number in range(count):
        item, document = _item(f"item-{number}", chance, False)
        clauses += (replace(each, id=f"i{number}-{each.id}") for each in document.clauses)
        items.append(replace(item, condition=_renamed(item.condition, f"i{number}-")))
    document = Document(
        number="样例〔2026〕1号", title="样例", title_english="Sample", items=tuple(items), clauses=tuple(clauses)
    )
    return document, _vocabulary()


def _renamed(condition: Expression, prefix: str) -> Expression:
    if isinstance(condition, ClauseRef):
        return ClauseRef(prefix + condition.clause)
    assert isinstance(condition, Every | Some | AtLeast)
    return replace(condition, parts=tuple(_renamed(each, prefix) for each in condition.parts))


def snapshot(row: dict[str, Any], subject: str) -> Snapshot:
    """One row of :func:`enterprises` as what is known of an enterprise."""
    data: dict[tuple[str, int | None], Datum] = {}
    for name, value in row.items():
        id, _, offset = name.partition("@")
        year = DAY.year + int(offset) if offset else None
        if value is not None:
            as_of = date(year, 12, 31) if year else date(2026, 1, 1)
            data[id, year] = Datum(value=value, as_of=as_of, recorded_at=_RECORDED, source="样例")
    return Snapshot(subject, DAY, _RECORDED, data)


def _item(id: str, chance: random.Random, are_distinct: bool) -> tuple[Item, Document]:
    leaves: dict[Leaf, None] = {}
    while len(leaves) < CLAUSES:
        leaves.setdefault(_leaf(chance, are_distinct))
    usual = [WhenUnknown.ASK] * 8 + [WhenUnknown.FAIL, WhenUnknown.PROMISE]
    clauses = tuple(
        Clause(
            id=f"c{place}",
            citation=Citation(document="样例〔2026〕1号", article="一", quote="…"),
            expression=leaf,
            when_unknown=chance.choice(usual),
        )
        for place, leaf in enumerate(leaves)
    )
    refs: tuple[Expression, ...] = tuple(ClauseRef(each.id) for each in clauses)
    condition: Expression = Every(refs)
    shape = chance.random()
    if shape < 0.05:
        condition = Every((*refs[:6], Some(refs[6:])))
    elif shape < 0.1:
        condition = Every((*refs[:4], AtLeast(Number(2), refs[4:])))
    item = Item(id=id, title=id, title_english=id, condition=condition, first=date(2026, 1, 1), last=None)
    document = Document(number="样例〔2026〕1号", title="样例", title_english="Sample", items=(item,), clauses=clauses)
    return item, document


def _leaf(chance: random.Random, are_distinct: bool) -> Leaf:
    make = chance.choices(tuple(_MAKERS), weights=tuple(_MAKERS.values()))[0]
    return make(chance, are_distinct)


def _usual(chance: random.Random, are_distinct: bool, usual: tuple[int, ...], top: int) -> Decimal:
    return Decimal(chance.randrange(1, top)) if are_distinct else Decimal(chance.choice(usual))


def _money(chance: random.Random, are_distinct: bool) -> Leaf:
    reading = Reading(chance.choice(_MONEY), chance.choice(tuple(_PERIODS.values())))
    bound = _usual(chance, are_distinct, (20, 50, 100, 200, 300, 500, 1000, 2000, 5000, 10_000), 20_000)
    comparison = Comparison.NOT_BELOW if chance.random() < 0.8 else Comparison.BELOW
    return Compare(reading, comparison, Amount(bound, "万元"))


def _share(chance: random.Random, are_distinct: bool) -> Leaf:
    percent = _usual(chance, are_distinct, (200, 300, 400, 500, 600), 2_000) / 100
    part, whole = (
        chance.sample(_MONEY, 2) if are_distinct else (chance.choice(("rd", "hightech", "exports")), "revenue")
    )
    return Share(
        Reading(part, Period.LAST_YEAR), Reading(whole, Period.SAME), Comparison.NOT_BELOW, Amount(percent, "%")
    )


def _growth(chance: random.Random, are_distinct: bool) -> Leaf:
    percent = _usual(chance, are_distinct, (500, 1000, 1500, 2000), 4_000) / 100
    term = chance.choice(_MONEY if are_distinct else _MONEY[:4])
    return Growth(Reading(term, Period.LAST_YEAR), Comparison.NOT_BELOW, Amount(percent, "%"))


def _people(chance: random.Random, are_distinct: bool) -> Leaf:
    bound = _usual(chance, are_distinct, (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300), 400)
    comparison = Comparison.NOT_FEWER if chance.random() < 0.8 else Comparison.FEWER
    return Compare(Reading(chance.choice(_COUNTS)), comparison, Amount(bound, "人"))


def _age(chance: random.Random, are_distinct: bool) -> Leaf:
    years = chance.choice((1, 2, 3, 5, 8, 10))
    if are_distinct:
        return Elapsed("founded", Duration.FULL, Number(chance.randrange(1, 7_000)), TimeUnit.DAYS)
    return Elapsed("founded", chance.choice((Duration.FULL, Duration.NOT_BEYOND)), Number(years), TimeUnit.YEARS)


def _industry(chance: random.Random, are_distinct: bool) -> Leaf:
    if are_distinct:
        return InCodes("industry", codes=tuple(sorted(chance.sample(_CODES, 40))))
    first = chance.randrange(20)
    return InCodes("industry", codes=tuple("ABCDEFGHIJKLMNOPQRST"[first : first + 6]), is_denied=chance.random() < 0.3)


def _flag(chance: random.Random, are_distinct: bool) -> Leaf:
    return Flag(chance.choice(_FLAGS))


def _listed(chance: random.Random, are_distinct: bool) -> Leaf:
    return Listed(tuple(sorted(chance.sample(_LISTINGS, chance.choice((1, 2))))), is_denied=True)


def _holds(chance: random.Random, are_distinct: bool) -> Leaf:
    return Holds(chance.choice(_CREDENTIALS))


_MAKERS: dict[Callable[[random.Random, bool], Leaf], int] = {
    _money: 38,
    _share: 14,
    _growth: 8,
    _people: 16,
    _age: 6,
    _industry: 6,
    _flag: 6,
    _listed: 4,
    _holds: 2,
}
