"""Atoms as conditions on columns, with the proof that their arithmetic does not overflow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from sqlglot import exp

from zonary.engines.clauses.circuits.gates import Atom, Column, Linear, Said, Within
from zonary.engines.clauses.circuits.ranges import range_of_column
from zonary.engines.clauses.sql.errors import SqlError
from zonary.engines.clauses.vocabulary import Vocabulary

MAX_INT64: Final = 2**63 - 1
MAX_DECIMAL: Final = 10**38 - 1
"""Of DECIMAL(38, 0), the widest that DuckDB, Spark and Trino all have."""


def name(text: str) -> exp.Identifier:
    """A name as it is, whatever is in it.

    :raises SqlError: for a name that no quoting makes safe: with control characters in it, or none at all.
    """
    if not text or any(ord(each) < 32 or ord(each) == 127 for each in text):
        raise SqlError("“{name}” cannot be the name of a column or table.", name=repr(text)[1:61])
    return exp.to_identifier(text, quoted=True)


def column(text: str) -> exp.Column:
    """:raises SqlError: as with :func:`name`."""
    return exp.Column(this=name(text))


def alias(what: exp.Expr, text: str) -> exp.Alias:
    """:raises SqlError: as with :func:`name`."""
    return exp.Alias(this=what, alias=name(text))


def number(value: int) -> exp.Expr:
    """A literal. What is beyond 64 bits is text that is cast: Trino reads no longer digits."""
    if abs(value) <= MAX_INT64:
        return exp.Literal.number(value)
    return exp.cast(exp.Literal.string(str(value)), "DECIMAL(38, 0)")


def express_atom(atom: Atom, vocabulary: Vocabulary) -> exp.Expr:
    """A condition that is true, false or NULL as the atom is.

    :raises SqlError: when its arithmetic may need more than 38 digits.
    """
    if isinstance(atom, Said):
        return column(atom.column.name)
    if isinstance(atom, Within):
        return _within(atom)
    return _linear(atom, vocabulary)


def _linear(atom: Linear, vocabulary: Vocabulary) -> exp.Expr:
    if not atom.terms:
        return exp.true() if atom.bound <= 0 else exp.false()
    # No product and no sum, in whichever order it is added up, goes beyond this.
    reach = sum(
        max(1, abs(coefficient)) * max(1, *map(abs, range_of_column(each, vocabulary)))
        for each, coefficient in atom.terms
    )
    if reach >= MAX_DECIMAL:
        raise SqlError(
            "The condition on {columns} may need more than 38 digits. Narrow its terms, or round its rate.",
            columns=", ".join(f"“{each.name}”" for each, _ in atom.terms)[:200],
        )
    # A bound that no datum reaches, or every one does, is moved to where it still says the same.
    bound = number(max(-reach, min(atom.bound, reach + 1)))
    is_alone = len(atom.terms) == 1 and atom.terms[0][1] == 1
    if is_alone:
        return exp.GTE(this=column(atom.terms[0][0].name), expression=bound)
    type_ = "BIGINT" if reach < MAX_INT64 else "DECIMAL(38, 0)"
    (first, coefficient), *others = atom.terms
    total = _times(first, coefficient, type_)
    for each, coefficient in others:
        joined = exp.Sub if coefficient < 0 else exp.Add
        total = joined(this=total, expression=_times(each, abs(coefficient), type_))
    return exp.GTE(this=total, expression=bound)


def _times(read: Column, coefficient: int, type_: str) -> exp.Expr:
    # A narrower column would be multiplied in its own type, and overflow.
    wide = exp.cast(column(read.name), type_)
    return wide if coefficient == 1 else exp.Mul(this=wide, expression=number(coefficient))


def _within(atom: Within) -> exp.Expr:
    read = column(atom.column.name)
    by_length: dict[int, list[str]] = defaultdict(list)
    for code in sorted(atom.codes):
        by_length[len(code)].append(code)
    if not by_length:  # no, of every code that is known
        return exp.NEQ(this=read, expression=read.copy())
    is_inside = either(
        exp.In(
            this=exp.Substring(this=read.copy(), start=number(1), length=number(length)),
            expressions=[exp.Literal.string(each) for each in codes],
        )
        for length, codes in sorted(by_length.items())
    )
    coarser = sorted({code[:length] for code in atom.codes for length in range(1, len(code))})
    if not coarser:
        return is_inside
    is_coarser = exp.In(this=read.copy(), expressions=[exp.Literal.string(each) for each in coarser])
    # Neither is so of a code that only begins like one of these: without an ELSE, that is NULL.
    return exp.Case().when(is_inside, exp.true()).when(exp.Not(this=exp.Paren(this=is_coarser)), exp.false())


def either(parts: Iterable[exp.Expr]) -> exp.Expr:
    """Of nothing: false."""
    return _joined(exp.Or, parts, exp.false())


def both(parts: Iterable[exp.Expr]) -> exp.Expr:
    """Of nothing: true."""
    return _joined(exp.And, parts, exp.true())


def _joined(gate: type[exp.And] | type[exp.Or], parts: Iterable[exp.Expr], empty: exp.Expr) -> exp.Expr:
    wrapped = [exp.Paren(this=each) if isinstance(each, exp.Connector) else each for each in parts]
    if not wrapped:
        return empty
    joined = wrapped[0]
    for each in wrapped[1:]:
        joined = gate(this=joined, expression=each)
    return joined
