"""One enterprise, on one day, as known at one moment: reads data, adds them up, and remembers what it found.

What thirty items ask alike is found once: hold one :class:`Asking` for an enterprise and put every item to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Final

from zonary.engines.clauses import kleene
from zonary.engines.clauses.errors import RuleError, UnitMismatchError
from zonary.engines.clauses.expressions import Leaf
from zonary.engines.clauses.extents import UNKNOWN, Exact, exact, exactly, scaled, total
from zonary.engines.clauses.interpreter.findings import Answer
from zonary.engines.clauses.interpreter.leaves import LeafFinding, found
from zonary.engines.clauses.interpreter.needs import Need, need
from zonary.engines.clauses.interpreter.plans import Question
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.measures import Given, Measure, Threshold, dimension_named, threshold_of
from zonary.engines.clauses.parameters import Parameters, series
from zonary.engines.clauses.periods import spelled_out
from zonary.engines.clauses.quantities import (
    Amount,
    Bound,
    Gathered,
    Period,
    Quantity,
    Reading,
    Scored,
    Sum,
)
from zonary.engines.clauses.snapshots import Datum, Key, Snapshot
from zonary.engines.clauses.tables.evaluation import given
from zonary.engines.clauses.tables.model import NO_TABLES, Tables
from zonary.engines.clauses.vocabulary import NUMERIC, Vocabulary


@dataclass(frozen=True)
class Setting:
    """What sentences are read with: the words, the dated values, and the tables of a rule pack."""

    vocabulary: Vocabulary
    parameters: Parameters = field(default_factory=lambda: series(()))
    tables: Tables = NO_TABLES
    amounts: dict[tuple[str, str, str], Threshold] = field(default_factory=dict, init=False, compare=False, repr=False)
    """Bounds of the rules in the smallest unit, as far as they were asked for: a rule pack has only so many."""


_TRUTHS: Final = {each.value: each for each in Truth}
_ANSWER: Final[Callable[[tuple[int, Truth, tuple[LeafFinding, ...], tuple[Need, ...]]], Answer]] = partial(
    tuple.__new__, Answer
)


class Asking:
    """The snapshot as leaves and tables read it.

    :raises DatumError: when a datum of the snapshot does not fit its term.
    """

    def __init__(self, setting: Setting, snapshot: Snapshot) -> None:
        self.setting = setting
        self.snapshot = snapshot.checked(setting.vocabulary)
        self._given: dict[str, Given] = {}
        self.vocabulary = setting.vocabulary
        self.day = snapshot.day
        self._answers: dict[Question, Answer] = {}
        self._readings: dict[tuple[str, Period], Measure] = {}
        self._measures: dict[tuple[str, tuple[int, ...], bool], Measure] = {}
        self._parameters: dict[str, Threshold] = {}

    def datum(self, term: str, year: int | None = None) -> Datum | None:
        """None when it is not known.

        :raises RuleError: when an annual term is asked for without its year, or another with one.
        """
        known = self.vocabulary.term(term)
        if known.annual == (year is None):
            raise RuleError("“{term}” is asked for a year, or without one, unlike what it is.", term=known.chinese)
        return self.snapshot.data.get((term, year))

    def finding(self, leaf: Leaf) -> LeafFinding:
        """What holds of it; see :func:`~zonary.engines.clauses.interpreter.leaves.found` for what may be raised."""
        return found(leaf, spelled_out(leaf), self)

    def answers(self, questions: tuple[Question, ...]) -> list[Answer]:
        """One for each, in one go: some thousand are asked of an enterprise, and most were answered before."""
        known = self._answers
        return [known.get(each) or self._answered(each) for each in questions]

    def _answered(self, question: Question) -> Answer:
        form, wanted = question.form, question.wanted
        leaves: tuple[LeafFinding, ...]
        if form.is_single:  # as most are
            leaf, meant, _ = form.leaves[0]
            leaves = (found(leaf, meant, self),)
            truth = leaves[0].truth
            number = 1 if truth is kleene.YES else -1 if truth is kleene.NO else 0
        else:
            leaves = tuple([found(leaf, meant, self) for leaf, meant, _ in form.leaves])
            number = form.program.run([each.truth.value for each in leaves])
            truth = _TRUTHS[number]
        needs: tuple[Need, ...] = ()
        if wanted and number == -wanted:
            for place, (_, _, is_positive) in enumerate(form.leaves):
                aim = _TRUTHS[wanted if is_positive else -wanted]
                needed = need(place, leaves[place], aim, self.snapshot, self.vocabulary, question.kept[place])
                needs = needs if needed is None else (*needs, needed)
        answer = self._answers[question] = _ANSWER((number, truth, leaves, needs))
        return answer

    def table(self, name: str) -> Given:
        """What a table, score or amount of the pack gives this enterprise."""
        if name not in self._given:
            for each in self.setting.tables.needed(name):  # in order, so that a long chain does not go deep
                if each not in self._given:
                    self._given[each] = given(self.setting.tables[each], self)
        return self._given[name]

    def threshold(self, bound: Bound) -> Threshold:
        """:raises ExpiredParameterError: when it is a parameter that has no value on the day."""
        if isinstance(bound, Amount):  # the same for every enterprise, on every day
            known = self.setting.amounts.get(bound.written)
            if known is None:
                known = self.setting.amounts[bound.written] = threshold_of(self.vocabulary, bound)
            return known
        if bound.name not in self._parameters:
            value = self.setting.parameters.on(bound.name, self.day, self.snapshot.known_at)
            self._parameters[bound.name] = threshold_of(self.vocabulary, value.amount, bound, value.citation)
        return self._parameters[bound.name]

    def measure(self, quantity: Quantity, like: Measure | None = None) -> Measure:
        """What ``quantity`` comes to; unknown as soon as one datum of it is.

        :param like: the part that 同期 points to.
        :raises RuleError: when it cannot be read: a year too many or missing, 同期 of nothing.
        :raises UnitMismatchError: when it adds up what has different units.
        """
        if isinstance(quantity, Reading):
            known = self._readings.get((quantity.term, quantity.period))
            return self._reading(quantity, like) if known is None else known
        if isinstance(quantity, Gathered):
            offsets = _years(like, quantity.term) if quantity.span is None else quantity.span.offsets
            return self._gathered(quantity.term, offsets, quantity.gathering.is_mean)
        if isinstance(quantity, Scored):
            return self._scored(quantity)
        if isinstance(quantity, Sum):
            return _together([self.measure(each, like) for each in quantity.parts])
        whole, less = self.measure(quantity.whole, like), self.measure(quantity.less, like)
        return _together([whole, _negative(less)])

    def _reading(self, reading: Reading, like: Measure | None) -> Measure:
        term, period = reading.term, reading.period
        if period is Period.SAME:
            # 同期 of a part over several years is gathered as that part is: added up, or their mean.
            return self._gathered(term, _years(like, term), like is not None and like.is_mean)
        offsets = () if period is Period.NONE else (period.offset,)
        found = self._readings[term, period] = self._gathered(term, offsets, False)
        return found

    def _gathered(self, id: str, offsets: tuple[int, ...], is_mean: bool) -> Measure:
        key = (id, offsets, is_mean)
        if key not in self._measures:
            self._measures[key] = self._read(id, offsets, is_mean)
        return self._measures[key]

    def _read(self, id: str, offsets: tuple[int, ...], is_mean: bool) -> Measure:
        term = self.vocabulary.term(id)
        if term.kind not in NUMERIC:
            raise RuleError("“{term}” is no number.", term=term.chinese)
        years: tuple[int | None, ...] = tuple(self.day.year + offset for offset in offsets) or (None,)
        keys: list[Key] = []
        missing: list[Key] = []
        sum_ = 0
        for year in years:
            datum = self.datum(id, year)
            (missing if datum is None else keys).append((id, year))
            sum_ += 0 if datum is None else int(datum.value)
        value: Exact = exact(Fraction(sum_, len(years))) if is_mean else sum_
        extent = UNKNOWN if missing else exactly(value)
        return Measure(extent, term.dimension, tuple(keys), tuple(missing), offsets, is_mean)

    def _scored(self, quantity: Scored) -> Measure:
        result = self.table(quantity.table)
        dimension = self.vocabulary.tables.get(quantity.table)
        if dimension is None or result.is_label:
            raise RuleError("“{table}” gives no number that a sentence could use.", table=quantity.table)
        return Measure(result.extent, dimension, result.read, result.missing)


def _years(like: Measure | None, term: str) -> tuple[int, ...]:
    if like is None or not like.years:
        raise RuleError("同期 of “{term}” points to no years.", term=term)
    return like.years


def _negative(measure: Measure) -> Measure:
    return Measure(
        scaled(measure.extent, -1), measure.dimension, measure.read, measure.missing, measure.years, measure.is_mean
    )


def _together(parts: list[Measure]) -> Measure:
    first = parts[0]
    for each in parts[1:]:
        if each.dimension != first.dimension:
            raise UnitMismatchError(
                "{first} and {second} cannot be added up.",
                first=dimension_named(first.dimension),
                second=dimension_named(each.dimension),
            )
    is_alike = all((each.years, each.is_mean) == (first.years, first.is_mean) for each in parts)
    return Measure(
        total(each.extent for each in parts),
        first.dimension,
        tuple(dict.fromkeys(key for each in parts for key in each.read)),
        tuple(dict.fromkeys(key for each in parts for key in each.missing)),
        first.years if is_alike else (),
        first.is_mean,
    )
