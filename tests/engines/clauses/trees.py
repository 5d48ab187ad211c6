"""Hypothesis strategies: trees that are rules in the vocabulary of :mod:`.words`, with every node and wording.

``expressions()`` gives whole trees, ``leaves()`` single conditions, ``quantities()`` what conditions measure.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from tests.engines.clauses.words import LISTS, WORDS

from zonary.engines.clauses.errors import ClausesError
from zonary.engines.clauses.expressions import (
    Aged,
    AtLeast,
    ClauseRef,
    Compare,
    CompareDay,
    Comparison,
    DayComparison,
    Duration,
    Edge,
    Elapsed,
    Every,
    Expression,
    Flag,
    Growth,
    Happened,
    Holds,
    IfThen,
    InCodes,
    Judged,
    Leaf,
    Listed,
    Not,
    PerUnit,
    Range,
    Share,
    Some,
    TimeUnit,
)
from zonary.engines.clauses.language import check
from zonary.engines.clauses.language.grammar import SAID_PERIODS
from zonary.engines.clauses.language.measuring import dimension_of
from zonary.engines.clauses.quantities import (
    MAX_YEARS,
    Amount,
    Bound,
    Difference,
    Gathered,
    Gathering,
    Number,
    Parameter,
    Period,
    Quantity,
    Reading,
    Scored,
    Span,
    Sum,
    YearWord,
)
from zonary.engines.clauses.vocabulary import NUMERIC, Kind, Term

Draw = Callable[[st.SearchStrategy[Any]], Any]

NUMBERS = [each for each in WORDS.terms if each.kind in NUMERIC]
DIMENSIONS = sorted({each.dimension for each in NUMBERS})


def of_kind(kind: Kind) -> st.SearchStrategy[str]:
    """Ids of the terms of one kind."""
    return st.sampled_from([each.id for each in WORDS.terms if each.kind is kind])


def counts(most: int = 200) -> st.SearchStrategy[Number]:
    return st.builds(Number, st.integers(1, most)) | st.builds(Number, st.integers(1, min(most, 99)), st.just(True))


def spans() -> st.SearchStrategy[Span]:
    return st.builds(Span, counts(MAX_YEARS), st.sampled_from(YearWord))


def days() -> st.SearchStrategy[date]:
    return st.dates(date(1900, 1, 1), date(2199, 12, 31))


def decimals() -> st.SearchStrategy[Decimal]:
    """Also with decimals that say nothing, which are kept."""
    whole = st.integers(0, 10**6).map(Decimal)
    broken = st.builds(lambda n, places: Decimal(n).scaleb(-places), st.integers(0, 10**8), st.integers(0, 6))
    positive = whole | broken
    return positive | positive.filter(bool).map(Decimal.copy_negate)


@st.composite
def readings(draw: Draw, dimension: str, unsaid: bool = False) -> Reading | Gathered:
    """Of one dimension; ``unsaid``: the year may be left away."""
    term: Term = draw(st.sampled_from([each for each in NUMBERS if each.dimension == dimension]))
    if not term.annual:
        return Reading(term.id)
    if draw(st.booleans()):
        gathering = Gathering.MEAN if term.kind is Kind.SHARE else draw(st.sampled_from(Gathering))
        return Gathered(term.id, draw(spans()), gathering)
    return Reading(term.id, draw(st.sampled_from([*SAID_PERIODS, *([Period.UNSAID] if unsaid else [])])))


@st.composite
def quantities(draw: Draw, dimension: str, unsaid: bool = False) -> Quantity:
    kind = draw(st.sampled_from(["reading", "reading", "sum", "difference"]))
    if dimension == "分":
        return Scored(draw(st.sampled_from(sorted(WORDS.tables))))
    if kind == "sum":
        parts = draw(st.lists(readings(dimension, True), min_size=2, max_size=4))
        return Sum(tuple(parts))
    if kind == "difference":
        return Difference(draw(readings(dimension, unsaid)), draw(readings(dimension, True)))
    return draw(readings(dimension, unsaid))  # type: ignore[no-any-return]


@st.composite
def wholes(draw: Draw, dimension: str) -> Quantity:
    """What a share is of: also of 同期, and without saying the year again."""
    found: Quantity = draw(quantities(dimension, True))
    if not draw(st.booleans()):
        return found

    def same(each: Reading | Gathered) -> Reading | Gathered:
        if isinstance(each, Gathered):
            return Gathered(each.term, None, each.gathering)
        return Reading(each.term, Period.SAME) if WORDS.term(each.term).annual else each

    if isinstance(found, Sum):
        return Sum(tuple(map(same, found.parts)))
    if isinstance(found, Difference):
        return Difference(same(found.whole), same(found.less))
    return found if isinstance(found, Scored) else same(found)


@st.composite
def bounds(draw: Draw, dimension: str) -> Bound:
    named = [name for name, known in WORDS.dimensions.items() if known == dimension]
    if named and draw(st.booleans()):
        return Parameter(draw(st.sampled_from(named)))
    units = [
        draw(st.sampled_from([symbol for symbol, unit in WORDS.units.items() if unit.dimension == side]))
        for side in dimension.split("/")
    ]
    return Amount(draw(decimals()), units[0], units[1] if len(units) == 2 else "")


@st.composite
def measured(draw: Draw) -> Leaf:
    """A comparison of figures; not yet sure to have a meaning."""
    kind = draw(st.sampled_from(["compare", "compare", "range", "share", "per", "growth"]))
    dimension = draw(st.sampled_from([*DIMENSIONS, "分"]))
    comparison = draw(st.sampled_from(Comparison))
    if kind == "growth":
        term = draw(st.sampled_from([each.id for each in NUMBERS if each.annual]))
        return Growth(Reading(term, draw(st.sampled_from(SAID_PERIODS))), comparison, draw(bounds("share")))
    quantity = draw(quantities(dimension))
    if kind == "range":
        return Range(
            quantity,
            Edge(draw(bounds(dimension)), draw(st.booleans())),
            Edge(draw(bounds(dimension)), draw(st.booleans())),
        )
    if kind == "share":
        return Share(quantity, draw(wholes(dimension)), comparison, draw(bounds("share")))
    if kind == "per":
        other = draw(st.sampled_from(DIMENSIONS))
        per = draw(quantities(other, True))
        return PerUnit(quantity, per, comparison, draw(bounds(f"{dimension}/{dimension_of(per, WORDS)}")))
    return Compare(quantity, comparison, draw(bounds(dimension)))


def dated() -> st.SearchStrategy[Leaf]:
    units = st.sampled_from(TimeUnit)
    stretch = st.tuples(counts(150), units)
    return st.one_of(
        st.builds(Elapsed, of_kind(Kind.DATE), st.sampled_from(Duration), counts(150), units),
        st.builds(Aged, of_kind(Kind.DATE), st.sampled_from(Duration), counts(150)),
        st.builds(CompareDay, of_kind(Kind.DATE), st.sampled_from(DayComparison), days()),
        st.builds(Happened, of_kind(Kind.EVENT), days() | stretch, st.booleans()),
    )


def said() -> st.SearchStrategy[Leaf]:
    codes = st.lists(
        st.sampled_from(["C26", "C2651", "C27", "C39", "I65", "I6510"]), min_size=1, max_size=4, unique=True
    )
    listings = st.lists(of_kind(Kind.LISTING), min_size=1, max_size=3, unique=True).map(tuple)
    return st.one_of(
        st.builds(Flag, of_kind(Kind.FLAG), st.booleans()),
        st.builds(InCodes, of_kind(Kind.CODE), st.just(LISTS[0].name), st.just(()), st.booleans()),
        st.builds(InCodes, of_kind(Kind.CODE), st.just(""), codes.map(tuple), st.booleans()),
        st.builds(Listed, listings, st.booleans()),
        st.builds(Holds, of_kind(Kind.CREDENTIAL), st.booleans()),
        st.builds(Judged, of_kind(Kind.JUDGEMENT)),
    )


def has_meaning(expression: Expression) -> bool:
    try:
        check(expression, WORDS)
    except ClausesError:
        return False
    return True


def leaves() -> st.SearchStrategy[Leaf]:
    """Single conditions, each with a meaning."""
    return st.one_of(measured().filter(has_meaning), dated(), said())


def clause_refs() -> st.SearchStrategy[ClauseRef]:
    return st.builds(ClauseRef, st.from_regex(r"\A[A-Za-z0-9._-]{1,12}\Z"))


def joined(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Conditions of ``inner`` ones."""
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Every, parts),
        st.builds(Some, parts),
        parts.flatmap(lambda found: st.builds(AtLeast, counts(len(found)), st.just(found))),
        st.builds(Not, inner),
        st.builds(IfThen, inner, inner),
    )


def expressions(of: st.SearchStrategy[Expression] | None = None) -> st.SearchStrategy[Expression]:
    """Trees of a few conditions, joined in every way; ``of``: their leaves."""
    whole = st.recursive(leaves() if of is None else of, joined, max_leaves=8)
    return whole.filter(has_meaning)
