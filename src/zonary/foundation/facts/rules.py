"""What a value, a period and a use limit are: exact, and one spelling each. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol, TypeVar

from zonary.foundation.facts.indicators import (
    DIVISIONS,
    INDICATORS,
    INDUSTRY_CODE,
    NEVER,
    PURPOSES,
    WITHOUT_END,
    Indicator,
    Type,
)
from zonary.proof.errors import Error

MAX_NUMBER = 10**17 - 1
"""Of fen, people, hundredths of m²: what a database's integer holds, with room for sums."""
MAX_TEXT = 200

_DECIMAL = re.compile(r"-?[0-9]{1,24}(\.[0-9]{1,8})?")
_SCALE = {
    **dict.fromkeys(("fen", "person", "piece", "time", "year", "level"), 1),
    **dict.fromkeys(("yuan", "m2"), 100),
    **dict.fromkeys(("wan-yuan", "hectare"), 1_000_000),
    **dict.fromkeys(("tce", "kwh", "tonne", "percent"), 10_000),
}
"""Unit -> how many of the smallest unit it has: fen, one, the hundredth of a square metre, the ten-thousandth of the
others, which for a share is the millionth."""
_PLACES = {Type.AMOUNT: 0, Type.COUNT: 0, Type.AREA: 2, Type.QUANTITY: 4, Type.SHARE: 4}
"""Decimals kept of the unit kept."""
_YEAR = re.compile(r"([0-9]{4})")
_QUARTER = re.compile(r"([0-9]{4})-Q([1-4])")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_DIGEST = re.compile(r"([0-9a-f]{64})?")


class WrongFactError(Error):
    """What was given is no fact that could be recorded."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value in its one spelling.

    :param text: fen as digits, m² with at most two decimals, other measures and % with at most four and no idle zeros,
        a date as YYYY-MM-DD, ``never``, ``without-end``, yes or no.
    :param number: the same in the smallest unit (fen, one, hundredths of m², ten-thousandths of other measures,
        millionths of a whole for shares); None for what is no number.
    """

    text: str
    number: int | None
    unit: str


@dataclass(frozen=True, slots=True)
class Period:
    """The days a fact is about; ``last`` is None for one that goes on."""

    first: date
    last: date | None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What somebody says is so, as it came in.

    :param unit: one of the indicator's; empty for the one it is kept in.
    :param period: ``2025``, ``2025-Q3``, ``2025-07``, ``2025-07-01`` (that day), ``2025-07-01/2025-09-15``, or
        ``2025-07-01/`` (from then on).
    :param document: SHA-256 of the document it was taken from, hexadecimal, or empty.
    :param sharing_basis: law or catalogue number under which an authority shared it.
    :param use_limit: the purposes it may be read for; empty: any purpose of the zone.
    :param consent: public id of the enterprise's consent it rests on, or empty.
    :param consent_not_needed: why none is needed, for what others than the enterprise say.
    """

    indicator: str
    value: str
    period: str
    unit: str = ""
    source: str = ""
    document: str = ""
    sharing_basis: str = ""
    use_limit: Sequence[str] = ()
    consent: str = ""
    consent_not_needed: str = ""


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim whose parts were all found right."""

    claim: Claim
    indicator: Indicator
    value: Value
    period: Period
    use_limit: tuple[str, ...]


def checked_claim(claim: Claim, *, today: date) -> CheckedClaim:
    """:raises WrongFactError: says which part of it is wrong, and how to mend it."""
    indicator = indicator_called(claim.indicator)
    period = read_period(claim.period)
    if period.first > today:
        raise WrongFactError("The period {period} has not begun. Facts are about what is or was.", period=claim.period)
    if not _DIGEST.fullmatch(claim.document):
        raise WrongFactError("The digest of the document is SHA-256 in 64 lower-case hexadecimal digits, or nothing.")
    for text in (claim.source, claim.sharing_basis, claim.consent_not_needed):
        _require_text(text, may_be_empty=True)
    value = read_value(indicator, claim.value, claim.unit)
    return CheckedClaim(claim, indicator, value, period, read_purposes(claim.use_limit))


def indicator_called(code: str) -> Indicator:
    """:raises WrongFactError: when the dictionary has none of this code."""
    found = INDICATORS.get(code)
    if found is None:
        raise WrongFactError("There is no indicator “{code}” in the dictionary.", code=code[:40])
    return found


def read_purposes(codes: Iterable[str]) -> tuple[str, ...]:
    """Each once, in the dictionary's order.

    :raises WrongFactError: for one the dictionary does not have.
    """
    wanted = set(codes)
    for code in sorted(wanted - PURPOSES.keys()):
        raise WrongFactError("There is no purpose “{code}” in the dictionary.", code=code[:40])
    return tuple(code for code in PURPOSES if code in wanted)


def read_indicators(codes: Iterable[str]) -> tuple[str, ...]:
    """Each once, in the dictionary's order.

    :raises WrongFactError: for one the dictionary does not have.
    """
    wanted = {indicator_called(code).code for code in codes}
    return tuple(code for code in INDICATORS if code in wanted)


def read_value(indicator: Indicator, text: str, unit: str = "") -> Value:
    """The value ``text`` is; numbers without separators of thousands, never through a float.

    :raises WrongFactError: when it is none of this indicator.
    """
    unit = unit or indicator.unit
    if unit not in indicator.units:
        raise WrongFactError("“{code}” is not given in the unit “{unit}”.", code=indicator.code, unit=unit[:20])
    text = text.strip()
    if indicator.type in _PLACES:
        number = _smallest(text, unit)
        if number < 0 and not indicator.is_signed:
            raise WrongFactError("“{code}” is never less than nothing.", code=indicator.code)
        return Value(_written(number, _PLACES[indicator.type]), number, indicator.unit)
    if indicator.type in (Type.DATE, Type.LATEST, Type.VALIDITY):
        return Value(_day_or_never(indicator, text), None, "")
    if indicator.type is Type.YES_NO:
        text = {"是": "yes", "否": "no"}.get(text, text)
        if text not in ("yes", "no"):
            raise WrongFactError("The value is “yes” or “no”, not “{text}”.", text=text[:40])
        return Value(text, None, "")
    if indicator.type is Type.CODE:
        return Value(_code(indicator, text), None, "")
    return Value(_require_text(text), None, "")


def _smallest(text: str, unit: str) -> int:
    if not _DECIMAL.fullmatch(text):
        raise WrongFactError("“{text}” is no number: digits, and at most a point with decimals.", text=text[:40])
    scaled = Decimal(text) * _SCALE[unit]
    number = int(scaled)
    if scaled != number:
        raise WrongFactError("“{text}” has more decimals than can be kept exactly.", text=text)
    if abs(number) > MAX_NUMBER:
        raise WrongFactError("“{text}” is larger than anything kept here. Look at the unit.", text=text)
    return number


def _written(number: int, places: int) -> str:
    whole, rest = divmod(abs(number), 10**places)
    sign = "-" if number < 0 else ""
    return f"{sign}{whole}.{rest:0{places}d}".rstrip("0") if rest else f"{sign}{whole}"


def _day_or_never(indicator: Indicator, text: str) -> str:
    text = {"从未": NEVER, "无": NEVER, "长期": WITHOUT_END}.get(text, text)
    allowed = {Type.LATEST: (NEVER,), Type.VALIDITY: (NEVER, WITHOUT_END)}.get(indicator.type, ())
    return text if text in allowed else read_day(text).isoformat()


def _code(indicator: Indicator, text: str) -> str:
    if indicator.code == INDUSTRY_CODE and text[:2] in DIVISIONS:
        text = DIVISIONS[text[:2]] + text
    fits = re.fullmatch(indicator.pattern, text) is not None
    if indicator.code == INDUSTRY_CODE and len(text) > 1:
        fits = fits and DIVISIONS.get(text[1:3]) == text[0]
    if not fits:
        raise WrongFactError("“{text}” is no code of {citation}.", text=text[:40], citation=indicator.citation or "-")
    return text


def _require_text(text: str, *, may_be_empty: bool = False) -> str:
    if len(text) > MAX_TEXT or (text and not text.isprintable()) or not (text or may_be_empty):
        raise WrongFactError("A text here has at most {limit} characters, all printable, in one line.", limit=MAX_TEXT)
    return text


def require_reason(text: str) -> str:
    """The reason given, for whoever reads the record later.

    :raises WrongFactError: when there is none, or it is too long.
    """
    if not text.strip():
        raise WrongFactError("Say why: the reason becomes part of the record.")
    return _require_text(text.strip())


def read_period(text: str) -> Period:
    """:raises WrongFactError: when ``text`` is none of the spellings of :class:`Claim`."""
    text = text.strip()
    if found := _YEAR.fullmatch(text):
        return Period(read_day(f"{found[1]}-01-01"), read_day(f"{found[1]}-12-31"))
    if found := _QUARTER.fullmatch(text):
        return _months(found[1], 3 * int(found[2]) - 2, 3)
    if found := _MONTH.fullmatch(text):
        return _months(found[1], int(found[2]), 1)
    first, slash, last = text.partition("/")
    begun = read_day(first)
    ended = None if slash and not last else read_day(last or first)
    if ended is not None and ended < begun:
        raise WrongFactError("The period {period} ends before it begins.", period=text[:40])
    return Period(begun, ended)


def _months(year: str, month: int, count: int) -> Period:
    first = read_day(f"{year}-{month:02d}-01")
    following = month + count
    if following > 12:
        return Period(first, read_day(f"{year}-12-31"))
    return Period(first, read_day(f"{year}-{following:02d}-01") - timedelta(days=1))


def read_day(text: str) -> date:
    """:raises WrongFactError: when ``text`` is no day since 1900 written like 2025-07-01."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if day.isoformat() != text or day.year < 1900:
        raise WrongFactError("“{text}” is no day since 1900. Write it like 2025-07-01.", text=text[:40])
    return day


def written_period(first: date, last: date | None) -> str:
    """The shortest spelling :func:`read_period` takes."""
    if last is None:
        return f"{first.isoformat()}/"
    for text in (f"{first.year:04d}", f"{first.year:04d}-Q{(first.month + 2) // 3}", f"{first:%Y-%m}"):
        if read_period(text) == Period(first, last):
            return text
    return first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"


class Dated(Protocol):
    """What a fact has to have for :func:`still_holding`."""

    indicator: str
    source_kind: str
    valid_from: date
    valid_until: date | None
    recorded_at: datetime


F = TypeVar("F", bound=Dated)


def still_holding(facts: Iterable[F]) -> list[F]:
    """Of facts that cover one day: without those whose period goes on, but for which a later one of the same
    indicator and kind of source has begun. Several sources stand side by side: nobody decides between them here.
    """
    facts = list(facts)
    latest: dict[tuple[str, str], date] = {}
    for fact in facts:
        if fact.valid_until is None:
            key = fact.indicator, fact.source_kind
            latest[key] = max(latest.get(key, fact.valid_from), fact.valid_from)
    return [
        fact
        for fact in facts
        if fact.valid_until is not None or fact.valid_from == latest[fact.indicator, fact.source_kind]
    ]


def permits(purpose: str, use_limit: Sequence[str]) -> bool:
    """Whether something with this use limit may be read for ``purpose``."""
    return not use_limit or purpose in use_limit
