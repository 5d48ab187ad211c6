"""A tree in English, for whoever reads no Chinese. One sentence part, without a capital or a full stop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from zonary.engines.clauses.expressions import (
    Aged,
    AtLeast,
    ClauseRef,
    Compare,
    CompareDay,
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
    Relation,
    Share,
    Some,
    TimeUnit,
)
from zonary.engines.clauses.quantities import (
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
    Sum,
    YearWord,
)
from zonary.engines.clauses.vocabulary import Frame, Unit, Vocabulary

_RELATIONS: Final = {
    Relation.AT_LEAST: "at least",
    Relation.AT_MOST: "at most",
    Relation.MORE: "more than",
    Relation.LESS: "less than",
    Relation.EQUAL: "exactly",
}
_DAYS: Final = {
    DayComparison.NOT_LATER: "on or before",
    DayComparison.NOT_EARLIER: "on or after",
    DayComparison.EARLIER: "before",
    DayComparison.LATER: "after",
}
_PERIODS: Final = {
    Period.LAST_YEAR: "in the previous year",
    Period.PREVIOUS_YEAR: "in the previous year",
    Period.LATEST_YEAR: "in the latest complete year",
    Period.THIS_YEAR: "in the current year",
    Period.CURRENT_YEAR: "in the current year",
    Period.YEAR_BEFORE_LAST: "in the year before the previous one",
    Period.SAME: "in the same period",
    Period.UNSAID: "in the same period",
}
_TIMES: Final = {
    TimeUnit.YEARS: ("year", "years"),
    TimeUnit.MONTHS: ("month", "months"),
    TimeUnit.DAYS: ("day", "days"),
}
_GATHERED: Final = {
    Gathering.CUMULATED: "the cumulative figure for",
    Gathering.TOTAL: "the total of",
    Gathering.TOGETHER: "the sum of",
    Gathering.MEAN: "the mean of",
}
_VERBS: Final = {Frame.IS: ("is", "is not"), Frame.HAS: ("has", "does not have"), Frame.DONE: ("has", "has not")}
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONEY: Final = "money"


def rendered(expression: Expression, vocabulary: Vocabulary) -> str:
    """Of a tree that has been checked."""
    return _Renderer(vocabulary).clause(expression)


def quantity_words(quantity: Quantity, vocabulary: Vocabulary) -> str:
    """What is measured, as a heading."""
    return _Renderer(vocabulary).figure(quantity)


class _Renderer:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def clause(self, expression: Expression) -> str:
        match expression:
            case Every(parts):
                return ", and ".join(map(self._grouped, parts))
            case Some(parts):
                return "either " + ", or ".join(map(self._grouped, parts))
            case AtLeast(count, parts):
                verb = "holds" if count.value == 1 else "hold"
                listed = "; ".join(f"({at}) {self._grouped(each)}" for at, each in enumerate(parts, 1))
                return f"at least {count.value} of the following {verb}: {listed}"
            case IfThen(premise, conclusion):
                return f"where {self._grouped(premise)}, {self._grouped(conclusion)}"
            case Not(part):
                return f"it is not so that {self._grouped(part)}"
            case _:
                return self._leaf(expression)

    def _grouped(self, expression: Expression) -> str:
        """In brackets when it is joined itself, so that it is seen what belongs together."""
        text = self.clause(expression)
        return f"[{text}]" if isinstance(expression, Every | Some | AtLeast | IfThen | Not) else text

    def _leaf(self, leaf: Leaf | ClauseRef) -> str:
        match leaf:
            case Compare(quantity, comparison, bound):
                return f"{self.quantity(quantity)} is {_RELATIONS[comparison.relation]} {self._bound(bound)}"
            case Range(quantity, low, high):
                return f"{self.quantity(quantity)} is between {self._edge(low)} and {self._edge(high)}"
            case Share(part, whole, comparison, bound):
                ratio = f"the share of {self.figure(part)} in {self.figure(whole)}"
                return f"{ratio} is {_RELATIONS[comparison.relation]} {self._bound(bound)}"
            case PerUnit(quantity, per, comparison, bound):
                ratio = f"the ratio of {self.figure(quantity)} to {self.figure(per)}"
                return f"{ratio} is {_RELATIONS[comparison.relation]} {self._bound(bound)}"
            case Growth(reading, comparison, bound):
                growth = f"the growth of {self.figure(reading)} against the year before that"
                return f"{growth} is {_RELATIONS[comparison.relation]} {self._bound(bound)}"
            case ClauseRef(clause):
                return f"clause {clause} is met"
            case Elapsed() | Aged() | CompareDay() | Happened():
                return self._timely(leaf)
            case _:
                return self._said(leaf)

    def _timely(self, leaf: Elapsed | Aged | CompareDay | Happened) -> str:
        name = self._name(leaf.term)
        match leaf:
            case Elapsed(_, duration, count, unit):
                passed = "has passed" if count.value == 1 else "have passed"
                return f"{_lasting(duration)} {_times(count, unit)} {passed} since the {name}"
            case Aged(_, duration, years):
                return f"the age reckoned from the {name} is {_lasting(duration)} {_times(years, TimeUnit.YEARS)}"
            case CompareDay(_, comparison, day):
                return f"the {name} is {_DAYS[comparison]} {_day(day)}"
            case Happened(_, since, is_denied):
                stretch = f"within the last {_several(*since)}" if isinstance(since, tuple) else f"since {_day(since)}"
                return f"{'no' if is_denied else 'at least one'} {name} has occurred {stretch}"

    def _said(self, leaf: Leaf | ClauseRef) -> str:
        match leaf:
            case Flag(term, is_denied):
                frame, name = self._vocabulary.term(term).frame, self._name(term)
                return f"the enterprise {_VERBS[frame][is_denied]} {name}"
            case InCodes(term, list_name, codes, is_denied):
                verb = "does not belong to" if is_denied else "belongs to"
                if list_name:
                    among = f"the list “{self._vocabulary.list_called(list_name).english}”"
                elif len(codes) == 1:
                    among = codes[0]
                else:
                    verb, among = "belongs to", f"{'none' if is_denied else 'one'} of {_joined(codes)}"
                return f"the {self._name(term)} {verb} {among}"
            case Listed(terms, is_denied):
                names = _joined([f"the {self._name(each)}" for each in terms])
                if len(terms) == 1:
                    return f"the enterprise is {'not ' if is_denied else ''}on {names}"
                return f"the enterprise is on {'none' if is_denied else 'at least one'} of these lists: {names}"
            case Holds(term, is_denied):
                return f"the enterprise {'does not hold' if is_denied else 'holds'} a valid {self._name(term)}"
            case Judged(term):
                return f"a person has found that {self._name(term)}"
            case _:
                raise TypeError(type(leaf).__name__)

    def quantity(self, quantity: Quantity) -> str:
        """With a head that is one thing, so that the verb fits whatever the term is called."""
        match quantity:
            case Reading():
                return f"the figure for {self.figure(quantity)}"
            case Difference(whole, less):
                return f"{self.quantity(whole)} minus {self.quantity(less)}"
            case _:
                return self.figure(quantity)

    def figure(self, quantity: Quantity) -> str:
        match quantity:
            case Reading(term, period):
                return f"{self._name(term)} {_PERIODS[period]}" if period in _PERIODS else self._name(term)
            case Gathered(term, span, gathering):
                years = "the same years"
                if span is not None:
                    years = f"the last {_several(span.years, TimeUnit.YEARS, span.word is YearWord.FISCAL)}"
                return f"{_GATHERED[gathering]} {self._name(term)} over {years}"
            case Sum(parts):
                return f"the sum of {_joined([self.figure(each) for each in parts])}"
            case Difference(whole, less):
                return f"{self.figure(whole)} minus {self.figure(less)}"
            case Scored(table):
                return f"the score by the table “{self._vocabulary.english.get(table, table)}”"

    def _edge(self, edge: Edge) -> str:
        return f"{self._bound(edge.bound)} ({'included' if edge.is_included else 'excluded'})"

    def _bound(self, bound: Bound) -> str:
        match bound:
            case Parameter(name):
                return f"the parameter “{self._vocabulary.english.get(name, name)}”"
            case Amount(number, unit, per):
                figure = _counted(number, self._vocabulary.units[unit])
                return f"{figure} per {self._vocabulary.units[per].english.partition('/')[0]}" if per else figure

    def _name(self, term: str) -> str:
        return self._vocabulary.term(term).english


def _counted(number: Decimal, unit: Unit) -> str:
    """Money in yuan: English has no 万."""
    if unit.symbol == "%":
        return f"{number:f}%"
    if unit.dimension != _MONEY:
        return unit.counted(number)
    yuan = number * (unit.factor.numerator // 100)
    written = f"{yuan:,f}"
    return (written.rstrip("0").rstrip(".") if "." in written else written) + " yuan"


def _times(count: Number, unit: TimeUnit) -> str:
    return f"{count.value} {_TIMES[unit][count.value != 1]}"


def _several(count: Number, unit: TimeUnit, is_fiscal: bool = False) -> str:
    """After “the last”: year, or 3 years."""
    words = ("fiscal " if is_fiscal else "") + _TIMES[unit][count.value != 1]
    return words if count.value == 1 else f"{count.value} {words}"


def _lasting(duration: Duration) -> str:
    return _RELATIONS[duration.relation]


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _joined(names: Sequence[str]) -> str:
    """A, B and C."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
