"""What is known about one enterprise, frozen: the only thing a decision reads, and what it can be repeated from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TypeAlias

import rfc8785

from zonary.engines.clauses.errors import DatumError
from zonary.engines.clauses.vocabulary import FIRST_DAY, LAST_DAY, NEVER, YES_NO, Kind, Term, Vocabulary

Stored: TypeAlias = int | bool | str
"""A number in the term's smallest unit or a day's ordinal, yes or no, a code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum:
    """One value with where it is from.

    :param as_of: the day, or the last day of the year, that it is about.
    :param recorded_at: since when it is known.
    :param source: who says so.
    :param reference: public id of the fact it was read from, or empty.
    """

    value: Stored
    as_of: date
    recorded_at: datetime
    source: str
    reference: str = ""


Key: TypeAlias = tuple[str, int | None]
"""Id of a term, and the calendar year of an annual one. (A :class:`Reading` holds a period instead.)"""


@dataclass(frozen=True)
class Snapshot:
    """As of ``day``, as known at ``known_at``. What is not in ``data`` is not known.

    :raises DatumError: when a datum does not fit its term, is recorded after ``known_at``, or is about later days.
    """

    subject: str
    day: date
    known_at: datetime
    data: Mapping[Key, Datum]

    def checked(self, vocabulary: Vocabulary) -> Snapshot:
        """Itself, when every datum fits."""
        for (id, year), datum in self.data.items():
            term = vocabulary.term(id)
            if (year is None) == term.annual:
                raise DatumError("“{term}” is given for a year, or not, as its term says.", term=term.chinese)
            require_fits(term, datum.value)
            # Only the latest day is kept: one still to come would hide an earlier one that counts.
            is_to_come = term.kind is Kind.EVENT and int(datum.value) > self.day.toordinal()
            latest = max(self.day, date(self.day.year, 12, 31))
            if is_to_come or datum.recorded_at > self.known_at or datum.as_of > latest:
                raise DatumError("“{term}” is from the future: {day}.", term=term.chinese, day=str(datum.as_of))
        return self

    def digest(self) -> str:
        """SHA-256 of its canonical JSON (RFC 8785), hexadecimal: what a stored decision names."""
        return self._digest

    def written(self) -> bytes:
        """What is kept of it: canonical JSON, read back by :func:`~zonary.engines.clauses.stored.read_snapshot`."""
        return self._written

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(self._written).hexdigest()

    @cached_property
    def _written(self) -> bytes:
        rows = [
            [id, year, int(each.value) if isinstance(each.value, bool) else str(each.value), type(each.value).__name__,
             each.as_of.isoformat(), instant(each.recorded_at), each.source, each.reference]
            for (id, year), each in sorted(self.data.items(), key=lambda pair: (pair[0][0], pair[0][1] or 0))
        ]  # fmt: skip
        text = {
            "subject": self.subject,
            "day": self.day.isoformat(),
            "known_at": instant(self.known_at),
            "data": rows,
        }
        return rfc8785.dumps(text)


def instant(moment: datetime) -> str:
    """In UTC, so that one moment has one text in whatever zone it was kept.

    :raises DatumError: when it names no zone.
    """
    if moment.tzinfo is None:
        raise DatumError("The time {time} names no zone.", time=moment.isoformat())
    return moment.astimezone(UTC).isoformat()


def require_fits(term: Term, value: Stored) -> None:
    """:raises DatumError: when ``value`` is none that the term can have."""
    if term.kind in YES_NO:
        fits = isinstance(value, bool)
    elif term.kind is Kind.CODE:
        fits = isinstance(value, str) and 0 < len(value) <= 20 and value.isascii() and value.isalnum()
    elif isinstance(value, bool) or not isinstance(value, int):
        fits = False
    elif term.kind in (Kind.DATE, Kind.EVENT, Kind.CREDENTIAL):
        is_day = FIRST_DAY.toordinal() <= value <= LAST_DAY.toordinal()
        fits = is_day or (value == NEVER and term.kind is not Kind.DATE)
    else:
        fits = term.low <= value <= term.high
    if not fits:
        raise DatumError("“{value}” is no value that “{term}” can have.", value=str(value)[:40], term=term.chinese)
