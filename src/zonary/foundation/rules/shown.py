"""A pack ready to be shown: its items as trees of clauses, each with its sentence, its English and its citation."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from zonary.common.language import _, language
from zonary.engines.clauses.language import render_english
from zonary.engines.clauses.packs.shapes import (
    CaseShape,
    ClauseShape,
    ColumnShape,
    ItemShape,
    JoinedShape,
    PackShape,
    ProportionShape,
    RowsShape,
    ScoreShape,
    TableShape,
    TermShape,
)
from zonary.foundation.rules.loaded import ReadPack
from zonary.foundation.rules.stated import why_unanswered
from zonary.foundation.rules.wording import in_language, judging_name, result_name, unanswered_name

_ANOTHER = re.compile("^按《(.+)》计算的得分$")
MAX_CASES = 100
"""Test cases on a page; the file has all."""


@dataclass(frozen=True, slots=True)
class ShownClause:
    """``english``: what the sentence says, for who does not read Chinese; empty on a Chinese page."""

    shape: ClauseShape
    english: str
    judging: str


@dataclass(frozen=True, slots=True)
class Joined:
    """A part of a condition: a clause, or words over further parts."""

    clause: ShownClause | None
    words: str = ""
    parts: tuple[Joined, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownItem:
    """``amount``: name of the table that says what it pays; empty when it pays nothing."""

    shape: ItemShape
    condition: Joined
    amount: str


@dataclass(frozen=True, slots=True)
class ShownTable:
    """``kind`` as in the file: rows, score, proportion or fixed.

    :param rows: for each its cells, each beside the name of its column, and what it gives.
    """

    kind: str
    shape: object
    parts: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[tuple[tuple[str, str | None], ...], str], ...] = ()


@dataclass(frozen=True, slots=True)
class ShownTerm:
    shape: TermShape
    unanswered: str


@dataclass(frozen=True, slots=True)
class ShownCase:
    """What is known and what each item and table comes to, by name; None is not known."""

    shape: CaseShape
    data: tuple[tuple[str, str | bool | None], ...]
    agreed: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class ShownPack:
    """Everything of a pack, in the language of the moment."""

    shape: PackShape
    items: tuple[ShownItem, ...]
    tables: tuple[ShownTable, ...]
    terms: tuple[ShownTerm, ...]
    cases: tuple[ShownCase, ...]
    further_cases: int


def shown(read: ReadPack) -> ShownPack:
    shape = read.shape
    english = {} if language() == "zh" else _english_of(read)
    clauses = {
        each.id: ShownClause(each, english.get(each.id, ""), judging_name(each.judging, each.when_unknown))
        for each in shape.clauses
    }
    names = {each.name.zh: in_language(each.name) for each in shape.tables}
    terms = zip(shape.terms, read.pack.vocabulary.terms, strict=True)
    return ShownPack(
        shape=shape,
        items=tuple(
            ShownItem(each, _joined(each.condition, clauses), names.get(each.amount, "")) for each in shape.items
        ),
        tables=tuple(_table(each) for each in shape.tables),
        terms=tuple(ShownTerm(each, unanswered_name(why_unanswered(term))) for each, term in terms),
        cases=_cases(shape),
        further_cases=max(0, len(shape.cases) - MAX_CASES),
    )


def _cases(shape: PackShape) -> tuple[ShownCase, ...]:
    terms = {each.id: in_language(each.name) for each in shape.terms}
    items = {each.id: in_language(each.title) for each in shape.items}
    tables = {each.name.zh: in_language(each.name) for each in shape.tables}
    found = []
    for each in shape.cases[:MAX_CASES]:
        data = []
        for key, value in each.data.items():
            id, _at, year = key.partition("@")
            data.append((f"{terms[id]} {year}".strip(), value))
        agreed: list[tuple[str, str | None]] = [
            (items[id], result_name(result)) for id, result in each.expected.items()
        ]
        agreed += [(tables[name], given) for name, given in each.tables.items()]
        found.append(ShownCase(each, tuple(data), tuple(agreed)))
    return tuple(found)


@functools.lru_cache(maxsize=8)
def _english_of(read: ReadPack) -> Mapping[str, str]:
    """By clause, what its sentence says in English. Few are kept: each keeps its pack."""
    vocabulary = read.pack.vocabulary
    return {each.id: render_english(each.expression, vocabulary) for each in read.pack.document.clauses}


def _joined(condition: str | JoinedShape, clauses: Mapping[str, ShownClause]) -> Joined:
    if isinstance(condition, str):
        return Joined(clauses[condition])
    if condition.none is not None:
        return Joined(None, _("This must not be so:"), (_joined(condition.none, clauses),))
    parts = tuple(_joined(each, clauses) for each in condition.all or condition.any or condition.of or ())
    if condition.at_least is not None:
        return Joined(None, _("At least {count} of these:", count=condition.at_least), parts)
    return Joined(None, _("All of these:") if condition.all is not None else _("One of these is enough:"), parts)


def _heading(column: ColumnShape) -> str:
    """What it reads, in short: of another table its name, as parts of a score are named."""
    reads = _ANOTHER.sub(r"\1", column.reads)
    return f"{reads}（{column.unit}）" if column.unit else reads


def _table(shape: TableShape) -> ShownTable:
    if isinstance(shape, RowsShape):
        columns = tuple(_heading(each) for each in shape.columns)
        rows = tuple((tuple(zip(columns, each.when, strict=True)), each.gives) for each in shape.rows)
        return ShownTable("rows", shape, columns=columns, rows=rows)
    if isinstance(shape, ScoreShape):
        parts = tuple(
            each if isinstance(each, str) else _("the best of {names}", names="、".join(each.best_of))
            for each in shape.parts
        )
        return ShownTable("score", shape, parts=parts)
    return ShownTable("proportion" if isinstance(shape, ProportionShape) else "fixed", shape)
