"""What was found of a clause, in sentences: what was read, what is missing and where it comes from, what is needed.

The sentence of the clause itself is printed by whoever reads and prints rules; these stand below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from zonary.engines.clauses.documents import Judging
from zonary.engines.clauses.expressions import Relation
from zonary.engines.clauses.extents import Exact
from zonary.engines.clauses.interpreter.findings import ClauseFinding
from zonary.engines.clauses.interpreter.leaves import LeafFinding, Reason
from zonary.engines.clauses.interpreter.needs import Need
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.snapshots import Datum, Key, Snapshot
from zonary.engines.clauses.vocabulary import NEVER, NUMERIC, WITHOUT_END, YES_NO, Kind, Term, Unit, Vocabulary

_YUAN: Final = 100
"""In fen. 万元 and 亿元 are counted in no other language."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English template and what fills it."""

    msgid: str
    params: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.msgid.format(**self.params)


@dataclass(frozen=True)
class Explaining:
    """Names terms and units in one of the two languages.

    :param sources: id of a term -> who has its data, where whoever asks knows better than the rules.
    """

    vocabulary: Vocabulary
    in_english: bool = False
    sources: Mapping[str, str] = field(default_factory=dict)

    def sentences(self, finding: ClauseFinding, snapshot: Snapshot) -> list[Sentence]:
        """Below the clause: everything that was read for it, then everything that stands against it."""
        said = [each for leaf in finding.leaves for each in self._leaf(leaf, snapshot)]
        if finding.truth is Truth.UNKNOWN and finding.clause.judging is Judging.HUMAN:
            said.append(Sentence("A person has yet to find whether this is so."))
        if finding.is_promised:
            said.append(Sentence("The enterprise has promised this; it will be checked."))
        said.extend(self._need(each, finding.leaves[each.leaf]) for each in finding.needs)
        return [each for place, each in enumerate(said) if each not in said[:place]]  # read twice, said once

    def _leaf(self, finding: LeafFinding, snapshot: Snapshot) -> Iterator[Sentence]:
        like = _unit_said(finding)
        for key in finding.read:
            yield self.datum(key, snapshot.data[key], like)
        for key in finding.missing:
            yield self._missing(key)
        if finding.reason is Reason.NOTHING_UNDER:
            yield Sentence("What it would be divided by is zero or less, so this does not hold.")
        if finding.reason is Reason.TOO_COARSE:
            yield Sentence("The code that is known is not detailed enough to tell.")

    def datum(self, key: Key, datum: Datum, like: str = "") -> Sentence:
        """What was read, of which day, and who says so."""
        term = self.vocabulary.term(key[0])
        return Sentence(
            "{term}: {value} (as of {day}, from {source}).",
            {
                "term": self._name(term),
                "value": self._value(term, datum, like),
                "day": str(datum.as_of),
                "source": datum.source,
            },
        )

    def _missing(self, key: Key) -> Sentence:
        term = self.vocabulary.term(key[0])
        source = self.sources.get(term.id) or term.source or "—"
        if key[1] is None:
            return Sentence(
                "{term} is not known. It comes from: {source}.", {"term": self._name(term), "source": source}
            )
        return Sentence(
            "{term} of {year} is not known. It comes from: {source}.",
            {"term": self._name(term), "year": str(key[1]), "source": source},
        )

    def _need(self, need: Need, finding: LeafFinding) -> Sentence:
        if need.from_day is not None:
            return Sentence(
                "This will hold from {day} on, if nothing else changes.", {"day": need.from_day.isoformat()}
            )
        by: Exact = need.by or 0
        to: Exact = need.to or 0
        dimension, like = finding.measures[0].dimension, _unit_said(finding)
        params = {"amount": self.amount(abs(Fraction(by)), dimension, like), "to": self.amount(to, dimension, like)}
        if by > 0:
            return Sentence("{amount} more is needed: {to} in all.", params)
        if Relation.EQUAL in finding.relations:
            return Sentence("It is {amount} too much: {to} would do.", params)
        return Sentence("It is {amount} too much: {to} at most.", params)

    def amount(self, number: Exact, dimension: str, like: str = "") -> str:
        """Exact, in the largest unit of which it is at least one; in English, money is in yuan.

        :param like: symbol of the unit the rule speaks in, which is kept where the number is exact in it: 30亩 is not
            answered in 公顷. Units of money are the same unit at other sizes, and follow the size.
        """
        said = self.vocabulary.units.get(like)
        if said is not None and said.dimension == dimension != Kind.MONEY:
            written = decimal_of(Fraction(number) / said.factor)
            if written is not None:
                return said.counted(Decimal(written)) if self.in_english else written + said.symbol
        units = sorted(self._units(dimension), key=lambda each: each.factor, reverse=True)
        if self.in_english and dimension == Kind.MONEY:
            units = [each for each in units if each.factor <= _YUAN]
        for unit in units:
            written = decimal_of(Fraction(number) / unit.factor)
            if written is not None and (abs(Fraction(number)) >= unit.factor or unit is units[-1]):
                return unit.counted(Decimal(written)) if self.in_english else written + unit.symbol
        return str(number)

    def _units(self, dimension: str) -> list[Unit]:
        return [each for each in self.vocabulary.units.values() if each.dimension == dimension]

    def _name(self, term: Term) -> str:
        return term.english if self.in_english else term.chinese

    def _value(self, term: Term, datum: Datum, like: str) -> str:
        value = datum.value
        if term.kind in YES_NO:
            return ("yes" if value else "no") if self.in_english else ("是" if value else "否")
        if term.kind in NUMERIC:
            return self.amount(int(value), term.dimension, like)
        if term.kind is Kind.CODE:
            return str(value)
        if value == NEVER:
            return "never" if self.in_english else "从未"
        if term.kind is Kind.CREDENTIAL and value == WITHOUT_END:
            return "without end" if self.in_english else "长期"
        return date.fromordinal(int(value)).isoformat()


def _unit_said(finding: LeafFinding) -> str:
    """Symbol of the unit its bound is written in; of a rate, the unit of what is divided."""
    return finding.thresholds[0].amount.unit if finding.thresholds else ""


def decimal_of(number: Fraction) -> str | None:
    """With as many decimals as it has; None when it has no end of them."""
    for places in range(13):
        shifted = number * 10**places
        if shifted.denominator == 1:
            digits = str(abs(shifted.numerator)).rjust(places + 1, "0")
            sign = "-" if number < 0 else ""
            return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)
    return None
