"""Whether a leaf means something: kinds, years, codes and counts. Units and bounds: :mod:`.measuring`."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from zonary.engines.clauses.errors import SentenceError, VocabularyError
from zonary.engines.clauses.expressions import (
    MAX_CONDITIONS,
    Aged,
    AtLeast,
    ClauseRef,
    CompareDay,
    Elapsed,
    Every,
    Expression,
    Flag,
    Growth,
    Happened,
    Holds,
    InCodes,
    Judged,
    Leaf,
    Listed,
    Share,
    Some,
    TimeUnit,
    parts_of,
    quantities_of,
)
from zonary.engines.clauses.language.grammar import TERMINALS
from zonary.engines.clauses.language.measuring import require_measurable
from zonary.engines.clauses.language.numerals import MAX_IN_WORDS
from zonary.engines.clauses.periods import readings_of
from zonary.engines.clauses.quantities import (
    MAX_PARTS,
    MAX_YEARS,
    Gathered,
    Gathering,
    Number,
    Period,
    Quantity,
    Reading,
    Scored,
    Sum,
)
from zonary.engines.clauses.vocabulary import FIRST_DAY, LAST_DAY, NUMERIC, Kind, Term, Vocabulary

MAX_DEPTH: Final = 10
"""Of conditions inside conditions."""
MAX_LISTED: Final = 200
"""Codes or lists named by one condition."""
_MOST: Final = {TimeUnit.YEARS: 200, TimeUnit.MONTHS: 2_400, TimeUnit.DAYS: 73_000}


def check_joints(expression: Expression) -> None:
    """That conditions are joined of enough parts, not too many and not too deep; leaves are not looked at.

    :raises SentenceError: where they are not.
    """
    left: list[tuple[Expression, int]] = [(expression, 0)]
    leaves = 0
    while left:
        current, depth = left.pop()
        parts = parts_of(current)
        if isinstance(current, Every | Some | AtLeast) and len(parts) < 2:
            raise SentenceError("A condition is joined of at least two parts.")
        if isinstance(current, AtLeast) and not 1 <= current.count.value <= len(parts):
            raise SentenceError(
                "Of {parts} conditions, {count} can never hold.", parts=len(parts), count=current.count.value
            )
        if isinstance(current, AtLeast):
            _require_count(current.count, MAX_CONDITIONS)
        leaves += not parts
        if leaves > MAX_CONDITIONS:
            raise SentenceError("A rule has at most {limit} conditions.", limit=MAX_CONDITIONS)
        if parts and depth >= MAX_DEPTH:
            raise SentenceError("Conditions stand inside each other at most {limit} deep.", limit=MAX_DEPTH)
        left.extend((each, depth + 1) for each in parts)


def check_leaf(leaf: Leaf | ClauseRef, vocabulary: Vocabulary) -> None:
    """:raises SentenceError: when it has no meaning in this vocabulary, or could never hold."""
    for quantity in quantities_of(leaf):
        _require_quantity(quantity, vocabulary)
    _require_periods(leaf, vocabulary)
    require_measurable(leaf, vocabulary)
    match leaf:
        case Growth(reading, _, _) if not vocabulary.term(reading.term).annual:
            name = vocabulary.term(reading.term).chinese
            raise SentenceError("“{about}” has no value for each year that could be compared.", about=name)
        case Elapsed(term, _, count, unit):
            _kind(vocabulary, term, Kind.DATE)
            _require_count(count, _MOST[unit])
        case Aged(term, _, years):
            _kind(vocabulary, term, Kind.DATE)
            _require_count(years, 150)
        case CompareDay(term, _, day):
            _kind(vocabulary, term, Kind.DATE)
            _require_day(day)
        case Happened(term, since, _):
            _kind(vocabulary, term, Kind.EVENT)
            if isinstance(since, tuple):
                _require_count(since[0], _MOST[since[1]])
            else:
                _require_day(since)
        case Flag(term, _):
            _kind(vocabulary, term, Kind.FLAG)
        case Holds(term, _):
            _kind(vocabulary, term, Kind.CREDENTIAL)
        case Judged(term):
            _kind(vocabulary, term, Kind.JUDGEMENT)
        case Listed(terms, _):
            _require_different(tuple(_kind(vocabulary, each, Kind.LISTING).chinese for each in terms))
        case InCodes():
            _require_codes(leaf, vocabulary)
        case ClauseRef(clause) if not re.fullmatch(TERMINALS["CLAUSE_ID"], clause):
            raise SentenceError("“{about}” is no id of a clause.", about=clause[:60])


def _kind(vocabulary: Vocabulary, term: str, kind: Kind) -> Term:
    found = vocabulary.term(term)
    if found.kind is not kind:
        raise SentenceError("“{about}” cannot stand here: it is a datum of another kind.", about=found.chinese)
    if found.annual:
        raise SentenceError(
            "“{about}” is given for each year, and only figures are asked by year.", about=found.chinese
        )
    return found


def _require_count(count: Number, most: int) -> None:
    limit = min(most, MAX_IN_WORDS) if count.in_words else most
    if not 1 <= count.value <= limit:
        raise SentenceError("{count} is out of bounds here: from 1 to {limit}.", count=count.value, limit=limit)


def _require_day(day: date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise SentenceError("Days go from {first} to {last}.", first=str(FIRST_DAY), last=str(LAST_DAY))


def _require_different(names: tuple[str, ...]) -> None:
    if not 0 < len(names) <= MAX_LISTED:
        raise SentenceError("From 1 to {limit} names or codes can be listed.", limit=MAX_LISTED)
    twice = next((each for at, each in enumerate(names) if each in names[:at]), None)
    if twice is not None:
        raise SentenceError("“{about}” is listed twice.", about=twice)


def _require_codes(leaf: InCodes, vocabulary: Vocabulary) -> None:
    term = _kind(vocabulary, leaf.term, Kind.CODE)
    if bool(leaf.list_name) == bool(leaf.codes):
        raise SentenceError("“{about}” is compared with a list or with codes, and not with both.", about=term.chinese)
    if leaf.list_name:
        named = vocabulary.list_called(leaf.list_name)
        if named.system != term.system:
            raise SentenceError(
                "The list “{about}” has codes of {system}, and “{term}” has codes of {other}.",
                about=named.name,
                system=named.system,
                term=term.chinese,
                other=term.system,
            )
        return
    _require_different(leaf.codes)
    for code in leaf.codes:
        if not re.fullmatch(TERMINALS["CODE"], code) or not is_known_code(code, vocabulary.systems.get(term.system)):
            raise SentenceError("“{about}” is no code of {system}.", about=code[:20], system=term.system)


def is_known_code(code: str, known: frozenset[str] | None) -> bool:
    """Whether a classification has it. Of one known to some depth only, what lies inside its deepest codes counts."""
    if known is None or code in known:
        return True
    inside = max((code[:end] for end in range(1, len(code)) if code[:end] in known), key=len, default="")
    return bool(inside) and not any(other != inside and other.startswith(inside) for other in known)


def _require_quantity(quantity: Quantity, vocabulary: Vocabulary) -> None:
    if isinstance(quantity, Scored):
        if quantity.table not in vocabulary.tables:
            raise VocabularyError("The vocabulary has no table “{name}”.", name=quantity.table[:60])
        return
    if isinstance(quantity, Sum):
        if not 2 <= len(quantity.parts) <= MAX_PARTS:
            raise SentenceError("A sum has from 2 to {limit} parts.", limit=MAX_PARTS)
        for part in quantity.parts:
            if isinstance(part, Gathered) and part.gathering is Gathering.TOGETHER:
                raise SentenceError(
                    "Inside a sum, say 累计{about} or {about}总额: two 之和 cannot be told apart.",
                    about=vocabulary.term(part.term).chinese,
                )
    for reading in readings_of(quantity):
        _require_reading(reading, vocabulary)


def _require_reading(reading: Reading | Gathered, vocabulary: Vocabulary) -> None:
    term = vocabulary.term(reading.term)
    if term.kind not in NUMERIC:
        raise SentenceError("“{about}” cannot stand here: it is a datum of another kind.", about=term.chinese)
    if isinstance(reading, Gathered):
        if not term.annual:
            raise SentenceError("“{about}” has no value for each year that could be gathered.", about=term.chinese)
        if reading.span is not None:
            _require_count(reading.span.years, MAX_YEARS)
        if term.kind is Kind.SHARE and not reading.gathering.is_mean:
            raise SentenceError("“{about}” is a share; shares of several years do not add up.", about=term.chinese)
    elif term.annual and reading.period is Period.NONE:
        raise SentenceError("Say of which year “{about}” is meant, such as 上年度{about}.", about=term.chinese)
    elif not term.annual and reading.period is not Period.NONE:
        raise SentenceError("“{about}” is not a figure of a year: leave the year away.", about=term.chinese)


def _require_periods(leaf: Leaf | ClauseRef, vocabulary: Vocabulary) -> None:
    """That what is unsaid, or 同期, follows something that is said, and one thing only."""
    said = [each for quantity in quantities_of(leaf) for each in readings_of(quantity)]
    annual = [each for each in said if vocabulary.term(each.term).annual]
    same = {id(each) for each in readings_of(leaf.whole)} if isinstance(leaf, Share) else set()
    for each in annual:
        chinese = vocabulary.term(each.term).chinese
        if isinstance(each, Reading) and each.period is Period.UNSAID and not _is_said_once(annual):
            raise SentenceError("Say of which year “{about}” is meant, such as 上年度{about}.", about=chinese)
        is_same = each.period is Period.SAME if isinstance(each, Reading) else each.span is None
        if is_same and not (isinstance(leaf, Share) and id(each) in same and _is_matched(each, leaf, vocabulary)):
            raise SentenceError(
                "同期 before “{about}” needs a part whose years are said, and said alike.", about=chinese
            )


def _is_said_once(annual: list[Reading | Gathered]) -> bool:
    """Whether the first says its year, and no other says another one."""
    first = annual[0]
    if not isinstance(first, Reading) or first.period is Period.UNSAID:
        return False
    others = {each.period for each in annual if isinstance(each, Reading)} - {Period.UNSAID, Period.SAME}
    return len({each.offset for each in others}) == 1


def _is_matched(each: Reading | Gathered, leaf: Share, vocabulary: Vocabulary) -> bool:
    """Whether the part of a share has one year for a reading of 同期, or one span for a gathered one."""
    part = [one for one in readings_of(leaf.part) if vocabulary.term(one.term).annual]
    if isinstance(each, Gathered):
        offsets = {one.span.offsets if isinstance(one, Gathered) and one.span else None for one in part}
        return len(offsets) == 1 and None not in offsets
    if not part or not all(isinstance(one, Reading) for one in part):
        return False
    said = {one.period for one in part if isinstance(one, Reading)} - {Period.UNSAID}
    return bool(said) and Period.NONE not in said and len({one.offset for one in said}) == 1
