"""Facts as the engine takes them: which of them answer a term, and for which year. Pure but for the rows it is given.

A fact that does not fit is left out; what is left out is unknown, and an unknown never lets an item pass silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from zonary.engines.clauses.errors import DatumError
from zonary.engines.clauses.facts import Fact, select
from zonary.engines.clauses.snapshots import Snapshot, Stored, require_fits
from zonary.engines.clauses.vocabulary import NEVER, WITHOUT_END, YES_NO, Kind, Term, Vocabulary
from zonary.foundation.facts import indicators
from zonary.foundation.facts.indicators import INDICATORS, Indicator, Type
from zonary.foundation.rules.dictionary import PLACES

_ANSWERS: Final[Mapping[Type, frozenset[Kind]]] = {
    Type.AMOUNT: frozenset({Kind.MONEY}),
    Type.COUNT: frozenset({Kind.COUNT}),
    Type.AREA: frozenset({Kind.AREA}),
    Type.QUANTITY: frozenset({Kind.NUMBER}),
    Type.SHARE: frozenset({Kind.SHARE}),
    Type.CODE: frozenset({Kind.CODE}),
    Type.YES_NO: YES_NO,
    Type.DATE: frozenset({Kind.DATE, Kind.EVENT, Kind.CREDENTIAL}),
    Type.LATEST: frozenset({Kind.EVENT}),
    Type.VALIDITY: frozenset({Kind.CREDENTIAL}),
    Type.TEXT: frozenset(),
}
"""Which kinds of terms facts of a type can answer."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A row of the table of facts, with what ended it.

    :param is_permitted: whether it may be read for the purpose asked for.
    :param ended_at: when another took its place or it was retracted, the earlier of both; None while it stands.
    """

    indicator: str
    value: str
    number: int | None
    valid_from: date
    valid_until: date | None
    recorded_at: datetime
    ended_at: datetime | None
    source_kind: str
    source: str
    public_id: str
    is_permitted: bool


class Answerable:
    """The terms of a vocabulary that facts can answer: those called like an indicator, of a kind that fits it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.terms: dict[str, tuple[Term, Indicator]] = {
            term.id: (term, INDICATORS[term.id])
            for term in vocabulary.terms
            if term.id in INDICATORS and why_unanswered(term) == ""
        }

    def snapshot(self, subject: str, facts: Iterable[Stated], *, day: date, known_at: datetime) -> Snapshot:
        """What the facts say about ``day``, as known at ``known_at``.

        Of one source's facts about one thing the one that counts is chosen first, and only then is it asked whether it
        may be read: nothing older of that source is read in the place of what may not be.
        """
        by_source: dict[tuple[str, int | None, str], list[tuple[Fact, bool]]] = {}
        for stated in facts:
            fact = self._fact(stated, day)
            if fact is not None:
                key = fact.term, fact.year, stated.source_kind
                by_source.setdefault(key, []).append((fact, stated.is_permitted))
        spoken: list[Fact] = []
        for (term, year, _), group in by_source.items():
            if all(is_permitted for _, is_permitted in group):
                spoken += (fact for fact, _ in group)
                continue
            chosen = select(subject, (fact for fact, _ in group), day, known_at).data.get((term, year))
            spoken += (
                fact for fact, is_permitted in group if is_permitted and chosen and fact.reference == chosen.reference
            )
        return select(subject, spoken, day, known_at)

    def _fact(self, stated: Stated, day: date) -> Fact | None:
        found = self.terms.get(stated.indicator)
        if found is None:
            return None
        term, indicator = found
        year = year_of(indicator, stated.valid_from, stated.valid_until, day) if term.annual else None
        value = stored(term, indicator, stated)
        if value is None or (term.annual and year is None) or _is_to_come(term, value, day):
            return None
        return Fact(
            term=term.id,
            year=year,
            value=value,
            first=stated.valid_from,
            last=stated.valid_until,
            recorded_at=stated.recorded_at,
            ended_at=stated.ended_at,
            source=f"{stated.source_kind}: {stated.source}" if stated.source else stated.source_kind,
            reference=stated.public_id,
        )


def why_unanswered(term: Term) -> str:
    """A word for why no fact can answer this term; empty when facts can.

    ``unknown``: there is no indicator of this id. ``kind``: there is, of another kind. ``period``: what adds up over a
    period is asked for a single day.
    """
    indicator = INDICATORS.get(term.id)
    if indicator is None:
        return "unknown"
    if term.kind not in _ANSWERS[indicator.type]:
        return "kind"
    return "period" if indicator.is_flow and not term.annual else ""


def year_of(indicator: Indicator, first: date, last: date | None, day: date) -> int | None:
    """The calendar year whose value a fact about these days is, asked on ``day``; None when it is no year's.

    The days lie in one calendar year and reach its end; of the year that still runs on ``day``, they may end on or
    before ``day``. What adds up begins on 1 January besides: a quarter is no year, the first three quarters are this
    year so far. Of what does not add up (staff) a value at the end of the year is the year's.
    """
    if last is None or first.year != last.year:
        return None
    if indicator.is_flow and (first.month, first.day) != (1, 1):
        return None
    is_whole = (last.month, last.day) == (12, 31)
    return first.year if is_whole or (first.year == day.year and last <= day) else None


def stored(term: Term, indicator: Indicator, stated: Stated) -> Stored | None:
    """The value as the engine keeps it; None when it was erased, or the term cannot have it."""
    value = _as_kept(term, indicator, stated)
    if value is None:
        return None
    try:
        require_fits(term, value)
    except DatumError:
        return None
    return value


def _as_kept(term: Term, indicator: Indicator, stated: Stated) -> Stored | None:
    if not stated.value:
        return None
    if indicator.type is Type.YES_NO:
        return {"yes": True, "no": False}.get(stated.value)
    if indicator.type is Type.CODE:
        return stated.value
    if indicator.type in (Type.DATE, Type.LATEST, Type.VALIDITY):
        named = {indicators.NEVER: NEVER, indicators.WITHOUT_END: WITHOUT_END}
        return named[stated.value] if stated.value in named else date.fromisoformat(stated.value).toordinal()
    if stated.number is None or indicator.type is not Type.QUANTITY:
        return stated.number
    if term.places >= PLACES:
        return stated.number * int(10 ** (term.places - PLACES))
    number, finer = divmod(stated.number, int(10 ** (PLACES - term.places)))
    return None if finer else number


def _is_to_come(term: Term, value: Stored, day: date) -> bool:
    """Of an event only the latest day is kept: one still to come would hide an earlier one that counts."""
    return term.kind is Kind.EVENT and int(value) > day.toordinal()
