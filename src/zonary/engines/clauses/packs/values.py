"""Values as people write them, and as they are kept: ``100万元`` and 100000000, ``2025-03-01`` and its ordinal."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from zonary.engines.clauses.errors import DatumError, UnitMismatchError
from zonary.engines.clauses.quantities import Amount
from zonary.engines.clauses.snapshots import Stored, require_fits
from zonary.engines.clauses.vocabulary import NEVER, NUMERIC, WITHOUT_END, YES_NO, Kind, Term, Vocabulary

_AMOUNT: Final = re.compile(r"(-?[0-9]{1,20}(?:\.[0-9]{1,8})?)([^0-9/.\s-]{1,20})(?:/([^0-9/.\s-]{1,20}))?")
_NAMED: Final = {"never": NEVER, "without-end": WITHOUT_END}


def read_amount(text: str, vocabulary: Vocabulary) -> Amount:
    """A number with its unit.

    :raises UnitMismatchError: when it is none, or in a unit that the vocabulary does not have.
    """
    found = _AMOUNT.fullmatch(text)
    if not found or any(unit and unit not in vocabulary.units for unit in found.groups()[1:]):
        raise UnitMismatchError("“{text}” is no number with a unit, such as 100万元 or 3%.", text=text[:60])
    return Amount(Decimal(found[1]), found[2], found[3] or "")


def read_value(term: Term, text: str | bool, vocabulary: Vocabulary) -> Stored:
    """What a term is, as it is kept.

    :raises DatumError: when the term cannot be that, or not exactly.
    """
    value = _read(term, text, vocabulary)
    require_fits(term, value)
    return value


def _read(term: Term, text: str | bool, vocabulary: Vocabulary) -> Stored:
    if term.kind in YES_NO or isinstance(text, bool):
        return text
    if term.kind is Kind.CODE:
        return text
    if term.kind not in NUMERIC:
        if text in _NAMED:
            return _NAMED[text]
        try:
            return date.fromisoformat(text).toordinal()
        except ValueError as error:
            raise DatumError("“{text}” is no day, such as 2025-03-01.", text=text[:40]) from error
    try:
        amount = read_amount(text, vocabulary)
    except UnitMismatchError as error:
        raise _other_unit(term, text, vocabulary) from error
    unit = vocabulary.units[amount.unit]
    stored = Fraction(amount.number) * unit.factor
    if amount.per or unit.dimension != term.dimension:
        raise _other_unit(term, text, vocabulary)
    if stored.denominator != 1:
        raise DatumError("“{text}” is finer than “{term}” is kept.", text=text[:40], term=term.chinese)
    return int(stored)


def _other_unit(term: Term, text: str, vocabulary: Vocabulary) -> DatumError:
    units = vocabulary.units_of(term.dimension)
    return DatumError(
        "“{term}” is measured in {unit}: write a number and {units}, not “{text}”.",
        term=term.chinese,
        unit=units.partition("、")[0],
        units=units,
        text=text[:40],
    )
