"""The table of enterprises: what it has to have, and how to find out whether it keeps to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sqlglot import exp

from zonary.engines.clauses.circuits.gates import Column, Linear, Said, atoms_of
from zonary.engines.clauses.circuits.ranges import range_of_column
from zonary.engines.clauses.sql.atoms import alias, both, column, either, name, number
from zonary.engines.clauses.sql.errors import SqlError
from zonary.engines.clauses.sql.questions import Question
from zonary.engines.clauses.vocabulary import FIRST_DAY, NEVER, Kind, Vocabulary

KEY: Final = "enterprise"
"""What the key is called in every layer and answer."""
MAX_CODE: Final = 20
"""Characters of a code, as a datum may have."""


class Reading(StrEnum):
    """As what a column is read: the widest SQL type for it."""

    NUMBER = "BIGINT"
    YES_NO = "BOOLEAN"
    CODE = "VARCHAR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with one row for each enterprise, and columns called as :attr:`Column.name` says.

    Numbers and days are integers of any width, yes-or-no columns BOOLEAN, codes text. NULL is what is not known.

    :param parts: the name, with catalogue and schema before it where there are any.
    :param key: the column that tells enterprises apart.
    """

    parts: tuple[str, ...]
    key: str = KEY

    @property
    def tree(self) -> exp.Table:
        """:raises SqlError: for names that cannot be quoted, and for none or more than three of them."""
        if not 1 <= len(self.parts) <= 3:
            raise SqlError("A table is named by one to three names, not by {count}.", count=len(self.parts))
        table, *above = reversed([name(each) for each in self.parts])
        return exp.Table(this=table, **dict(zip(("db", "catalog"), above, strict=False)))


def columns_read(questions: Iterable[Question], key: str = KEY) -> Mapping[Column, Reading]:
    """What the table has to have beside its key, ascending.

    :raises SqlError: when two columns would have one name, for databases do not tell ``A`` from ``a``, even quoted; or
        when one is read as two things.
    """
    found: dict[Column, Reading] = {}
    for atom in (atom for question in questions for atom in atoms_of(question.circuit)):
        if isinstance(atom, Linear):
            read = {each: Reading.NUMBER for each, _ in atom.terms}
        else:
            read = {atom.column: Reading.YES_NO if isinstance(atom, Said) else Reading.CODE}
        for each, reading in read.items():
            if found.setdefault(each, reading) is not reading:
                raise SqlError("The column “{name}” is asked for as {one} and as {other}.", name=each.name,
                               one=found[each].value, other=reading.value)  # fmt: skip
    names = {key.casefold(): key}
    for each in sorted(found):
        if each.name.casefold() in names:
            other = names[each.name.casefold()]
            raise SqlError("A database takes the columns “{one}” and “{other}” for one.", one=other, other=each.name)
        names[each.name.casefold()] = each.name
    return MappingProxyType({each: found[each] for each in sorted(found)})


def misfits(questions: Sequence[Question], table: Table, vocabulary: Vocabulary) -> exp.Select:
    """One row that says whether the table keeps to what the proofs of :mod:`.atoms` rest on.

    ``total`` counts rows, ``keys`` different keys; ``m0``, ``m1`` …, in the order of :func:`columns_read`, the rows in
    which a column has a value that its term cannot have.

    :raises SqlError: as :func:`columns_read` does.
    """
    keys = exp.Count(this=exp.Distinct(expressions=[column(table.key)]))
    found = [alias(exp.Count(this=exp.Star()), "total"), alias(keys, "keys")]
    for i, (each, reading) in enumerate(columns_read(questions, table.key).items()):
        outside = exp.Case(ifs=[exp.If(this=_is_outside(each, reading, vocabulary), true=number(1))])
        found.append(alias(exp.Count(this=outside), f"m{i}"))
    return exp.Select(expressions=found).from_(table.tree)


def _is_outside(read: Column, reading: Reading, vocabulary: Vocabulary) -> exp.Expr:
    here = column(read.name)
    if reading is Reading.YES_NO:
        return exp.false()
    if reading is Reading.CODE:
        length = exp.Length(this=here)
        return either(
            (exp.LT(this=length, expression=number(1)), exp.GT(this=length.copy(), expression=number(MAX_CODE)))
        )
    low, high = range_of_column(read, vocabulary)
    outside = either((exp.LT(this=here, expression=number(low)), exp.GT(this=here.copy(), expression=number(high))))
    if low != NEVER or not _is_day(read, vocabulary):
        return outside
    # Days of what may never have happened: 0, and then none before the first.
    no_day = (exp.GT(this=here.copy(), expression=number(NEVER)),
              exp.LT(this=here.copy(), expression=number(FIRST_DAY.toordinal())))  # fmt: skip
    return either((outside, both(no_day)))


def _is_day(read: Column, vocabulary: Vocabulary) -> bool:
    return vocabulary.term(read.term).kind in (Kind.EVENT, Kind.CREDENTIAL)
