"""From dated, recorded facts to a snapshot: as of one day, as known at one moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from zonary.engines.clauses.errors import DatumError
from zonary.engines.clauses.snapshots import Datum, Key, Snapshot, Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One statement about one enterprise.

    :param year: of an annual term; None otherwise.
    :param first: the first day it is valid on; of an annual one, the first it is about.
    :param last: the last day; None while it goes on.
    :param recorded_at: since when it is known.
    :param ended_at: since when it is known to have been superseded or retracted; None while it stands.
    :param reference: public id, which settles what is equal in everything else.
    """

    term: str
    year: int | None
    value: Stored
    first: date
    last: date | None
    recorded_at: datetime
    ended_at: datetime | None
    source: str
    reference: str


def select(subject: str, facts: Iterable[Fact], day: date, known_at: datetime) -> Snapshot:
    """What was known at ``known_at`` about ``day``; the order of ``facts`` does not matter.

    Of what is valid on the day, the value that began last; of values that began on one day, the one recorded last. Of a
    year, the value that reaches furthest into it, then the one recorded last; years after that of ``day`` are left out.
    The same rule as of the facts' own pages.

    :raises DatumError: when two different facts have one reference, so that nothing says which stands.
    """
    chosen: dict[Key, Fact] = {}
    doubtful: dict[Key, Fact] = {}
    for fact in facts:
        if not _is_known(fact, known_at) or not _is_valid(fact, day):
            continue
        key = (fact.term, fact.year)
        other = chosen.setdefault(key, fact)
        if _rank(fact) > _rank(other):
            chosen[key] = fact
        elif _rank(fact) == _rank(other) and fact != other:
            doubtful[key] = max(doubtful.get(key, fact), fact, key=_rank)
    for key, fact in doubtful.items():
        if _rank(fact) == _rank(chosen[key]):
            raise DatumError(
                "Two facts about “{term}” have one reference, {reference}.", term=fact.term, reference=fact.reference
            )
    return Snapshot(subject, day, known_at, MappingProxyType({key: _datum(fact) for key, fact in chosen.items()}))


def _is_known(fact: Fact, known_at: datetime) -> bool:
    return fact.recorded_at <= known_at and (fact.ended_at is None or fact.ended_at > known_at)


def _is_valid(fact: Fact, day: date) -> bool:
    if fact.year is not None:
        return fact.year <= day.year
    return fact.first <= day and (fact.last is None or day <= fact.last)


def _rank(fact: Fact) -> tuple[date, datetime, str]:
    return _as_of(fact), fact.recorded_at, fact.reference


def _as_of(fact: Fact) -> date:
    """The day the value is about: since when it is valid, or how far into its year it reaches."""
    if fact.year is None:
        return fact.first
    return min(fact.last or date(fact.year, 12, 31), date(fact.year, 12, 31))


def _datum(fact: Fact) -> Datum:
    return Datum(
        value=fact.value,
        as_of=_as_of(fact),
        recorded_at=fact.recorded_at,
        source=fact.source,
        reference=fact.reference,
    )
