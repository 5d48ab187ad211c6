"""Document, item, clause: what is released, cited and decided by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zonary.engines.clauses.expressions import Expression


class Judging(StrEnum):
    """Who finds whether a clause is met."""

    MACHINE = "machine"  # from data
    HUMAN = "human"  # a person's finding, which is then a datum with its own source
    PROMISE = "promise"  # the enterprise's signed word, checked later


class WhenUnknown(StrEnum):
    """What becomes of a clause whose data are not known. It never lets an item pass silently: under a negation, too."""

    ASK = "ask"  # the item stays 待补, and says which datum is missing
    PROMISE = "promise"  # the enterprise may promise; until it has, 待补
    FAIL = "fail"  # what is not known counts against the enterprise


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where a rule stands: number of the document, article, and the words quoted."""

    document: str
    article: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One requirement. Its sentence is the printed ``expression``; there is no second text that could drift."""

    id: str
    citation: Citation
    expression: Expression
    judging: Judging = Judging.MACHINE
    when_unknown: WhenUnknown = WhenUnknown.ASK


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One measure (事项): what has to hold, by its clauses, for the enterprise to have it.

    :param condition: over :class:`~zonary.engines.clauses.expressions.ClauseRef`; no other leaf.
    :param first: the first day it is in force.
    :param last: the last one; None while it goes on. Outside, the item is not asked.
    :param amount: name of the table that gives the amount of money, for the service that pays; empty: none.
    """

    id: str
    title: str
    title_english: str
    condition: Expression
    first: date
    last: date | None
    amount: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A policy document (文件) with its items and clauses."""

    number: str
    title: str
    title_english: str
    items: tuple[Item, ...]
    clauses: tuple[Clause, ...]
