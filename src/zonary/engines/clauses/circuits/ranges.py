"""Between which numbers the columns of a table of enterprises lie, and sums of them."""

from __future__ import annotations

from typing import Final

from zonary.engines.clauses.circuits.gates import Column
from zonary.engines.clauses.vocabulary import (
    FIRST_DAY,
    NEVER,
    WITHOUT_END,
    Kind,
    Vocabulary,
)

DAYS: Final = frozenset({Kind.DATE, Kind.EVENT, Kind.CREDENTIAL})


def range_of_column(read: Column, vocabulary: Vocabulary) -> tuple[int, int]:
    """The smallest and the largest number that a datum in a column may be.

    :raises VocabularyError: when the vocabulary does not have its term.
    """
    term = vocabulary.term(read.term)
    if term.kind in DAYS:
        return (FIRST_DAY.toordinal() if term.kind is Kind.DATE else NEVER), WITHOUT_END
    return term.low, term.high


def range_of_sum(terms: tuple[tuple[Column, int], ...], vocabulary: Vocabulary) -> tuple[int, int]:
    """The least and the greatest value of a sum of coefficient times column."""
    low = high = 0
    for column, coefficient in terms:
        ends = [end * coefficient for end in range_of_column(column, vocabulary)]
        low, high = low + min(ends), high + max(ends)
    return low, high
