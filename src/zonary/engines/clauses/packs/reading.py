"""A rule pack from its JSON: read whole or refused with the place that is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final, TypeAlias

import msgspec

from zonary.engines.clauses.documents import Citation, Clause, Document, Item, Judging, WhenUnknown
from zonary.engines.clauses.errors import ClausesError, PackError, TableError, VocabularyError
from zonary.engines.clauses.expressions import (
    AtLeast,
    ClauseRef,
    Every,
    Expression,
    Not,
    Some,
)
from zonary.engines.clauses.extents import Exact
from zonary.engines.clauses.interpreter.plans import Plan
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.packs.shapes import (
    MAX_PACK_BYTES,
    CaseShape,
    ItemShape,
    JoinedShape,
    PackShape,
    TermShape,
)
from zonary.engines.clauses.packs.tables import Parse, dimensions_of, read_table
from zonary.engines.clauses.packs.values import read_amount, read_value
from zonary.engines.clauses.parameters import Parameters, Value, series
from zonary.engines.clauses.quantities import Number
from zonary.engines.clauses.snapshots import Stored
from zonary.engines.clauses.tables.model import DecisionTable, Table, Tables
from zonary.engines.clauses.vocabulary import CodeList, Edition, Frame, Kind, Term, Vocabulary

Agreed: TypeAlias = Exact | str | None
"""What a table gives: a number in its smallest unit, a label, or None for what is not known yet."""
RESULTS: Final = {"符合": Truth.YES, "不符合": Truth.NO, "待补": Truth.UNKNOWN}
MAX_DEPTH: Final = 8
"""Of conditions within conditions."""
_KEY: Final = re.compile(r"([a-z0-9-]+)(?:@([0-9]{4}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A test case of a pack: what is known of an enterprise, what each item comes to, and what tables give."""

    name: str
    day: date
    data: Mapping[tuple[str, int | None], Stored]
    expected: Mapping[str, Truth]
    tables: Mapping[str, Agreed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A rule pack, read: everything that is needed to decide by it.

    :param table_citations: by name, where each table stands.
    """

    id: str
    vocabulary: Vocabulary
    parameters: Parameters
    document: Document
    tables: Tables
    table_citations: Mapping[str, Citation]
    cases: tuple[Case, ...]


def read_shape(data: bytes) -> PackShape:
    """The pack as it is written down, with nothing understood yet.

    :raises PackError: names the place in the JSON.
    """
    if len(data) > MAX_PACK_BYTES:
        raise PackError("A rule pack has at most {limit} bytes.", limit=MAX_PACK_BYTES)
    try:
        return msgspec.json.decode(data, type=PackShape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise PackError("The rule pack cannot be read: {reason}", reason=str(error)[:300]) from error


def read_pack(shape: PackShape, parse: Parse) -> Pack:
    """:raises PackError: names the first place that is wrong, and why."""
    vocabulary = vocabulary_of(shape)
    tables = _tables(shape, vocabulary, parse)
    clauses = []
    for index, clause in enumerate(shape.clauses):
        with _at(f"clauses[{index}] ({clause.id})"):
            cited = Citation(document=shape.number, article=clause.article, quote=clause.quote)
            clauses.append(
                Clause(
                    id=clause.id,
                    citation=cited,
                    expression=parse(clause.sentence, vocabulary),
                    judging=Judging(clause.judging),
                    when_unknown=WhenUnknown(clause.when_unknown),
                )
            )
    items = tuple(_item(index, each, vocabulary) for index, each in enumerate(shape.items))
    document = Document(
        number=shape.number,
        title=shape.title.zh,
        title_english=shape.title.en,
        items=items,
        clauses=tuple(clauses),
    )
    with _at("items"):
        Plan(document)  # that ids are there once, that clauses are there, and that not too many are joined
    return Pack(
        id=shape.id,
        vocabulary=vocabulary,
        parameters=_parameters(shape, vocabulary),
        document=document,
        tables=tables,
        table_citations={
            each.name.zh: Citation(document=shape.number, article=each.article, quote=each.quote)
            for each in shape.tables
        },
        cases=tuple(_case(index, each, vocabulary, document, tables) for index, each in enumerate(shape.cases)),
    )


@contextmanager
def _at(place: str) -> Iterator[None]:
    try:
        yield
    except PackError:
        raise
    except ClausesError as error:
        raise PackError("{place}: {reason}", place=place, reason=error) from error


def vocabulary_of(shape: PackShape) -> Vocabulary:
    """The words of a pack, whatever its sentences say.

    :raises PackError: when one of them means two things, or cannot be a word.
    """
    lists = tuple(
        CodeList(
            name=each.name.zh,
            english=each.name.en,
            system=each.system,
            editions=tuple(
                Edition(first=one.first, last=one.last, codes=frozenset(one.codes), citation=one.citation)
                for one in each.editions
            ),
        )
        for each in shape.lists
    )
    with _at("terms"):
        words = Vocabulary(tuple(map(_term, shape.terms)), lists, tuple(each.name for each in shape.parameters))
    with _at("tables"):
        english = {each.zh: each.en for each in (*shape.points, *(table.name for table in shape.tables))}
        english |= {each.name: each.english for each in shape.parameters if each.english}
        return replace(words, tables=dimensions_of(shape, words), english=english)


def _tables(shape: PackShape, vocabulary: Vocabulary, parse: Parse) -> Tables:
    found: dict[str, Table] = {}
    for index, each in enumerate(shape.tables):
        with _at(f"tables[{index}] ({each.name.zh})"):
            if each.name.zh in found:
                raise TableError("The table “{table}” is there twice.", table=each.name.zh)
            found[each.name.zh] = read_table(each, shape, vocabulary, parse)
    with _at("tables"):
        return Tables(found)


def _term(shape: TermShape) -> Term:
    given = {name: value for name in ("low", "high") if (value := getattr(shape, name)) is not None}
    return Term(
        id=shape.id,
        chinese=shape.name.zh,
        english=shape.name.en,
        kind=Kind(shape.kind),
        annual=shape.annual,
        unit=shape.unit.zh if shape.unit else "",
        unit_english=shape.unit.en if shape.unit else "",
        places=shape.places,
        frame=Frame(shape.frame),
        system=shape.system,
        source=shape.source,
        **given,
    )


def _parameters(shape: PackShape, vocabulary: Vocabulary) -> Parameters:
    found: list[tuple[str, Value]] = []
    for each in shape.parameters:
        for index, value in enumerate(each.values):
            with _at(f"parameters ({each.name}) values[{index}]"):
                if value.last is not None and value.last < value.first:
                    raise VocabularyError("The value ends before it begins.")
                if value.recorded_at.tzinfo is None:
                    raise VocabularyError("The time of recording has no offset; write it with Z.")
                amount = read_amount(value.amount, vocabulary)
                dated = Value(
                    first=value.first,
                    last=value.last,
                    amount=amount,
                    recorded_at=value.recorded_at,
                    citation=value.citation,
                    is_sample=value.sample,
                )
                found.append((each.name, dated))
    return series(found)


def _item(index: int, shape: ItemShape, vocabulary: Vocabulary) -> Item:
    with _at(f"items[{index}] ({shape.id})"):
        if shape.amount and vocabulary.tables.get(shape.amount) != Kind.MONEY:
            raise TableError("“{table}” is no table that gives an amount of money.", table=shape.amount[:60])
        if shape.last is not None and shape.last < shape.first:
            raise VocabularyError("The item ends before it begins.")
        condition = _condition(shape.condition, MAX_DEPTH)
        return Item(
            id=shape.id,
            title=shape.title.zh,
            title_english=shape.title.en,
            condition=condition,
            first=shape.first,
            last=shape.last,
            amount=shape.amount,
        )


def _condition(shape: str | JoinedShape, left: int) -> Expression:
    if isinstance(shape, str):
        return ClauseRef(shape)
    if not left:
        raise VocabularyError("Conditions stand at most {limit} deep in one another.", limit=MAX_DEPTH)
    given = {name for name in ("all", "any", "of", "none") if getattr(shape, name) is not None}
    if len(given) != 1 or (shape.at_least is not None) != ("of" in given):
        raise VocabularyError("A condition is one of all, any, none, or at_least with of.")
    if shape.none is not None:
        return Not(_condition(shape.none, left - 1))
    parts = tuple(_condition(each, left - 1) for each in shape.all or shape.any or shape.of or ())
    if not parts:
        raise VocabularyError("A condition joins at least one clause.")
    if shape.at_least is not None:
        return AtLeast(Number(shape.at_least), parts)
    return Every(parts) if shape.all is not None else Some(parts)


def _case(index: int, shape: CaseShape, vocabulary: Vocabulary, document: Document, tables: Tables) -> Case:
    with _at(f"cases[{index}] ({shape.name})"):
        data: dict[tuple[str, int | None], Stored] = {}
        for key, text in shape.data.items():
            found = _KEY.fullmatch(key)
            term = vocabulary.term(found[1] if found else key)
            year = int(found[2]) if found and found[2] else None
            if (year is None) == term.annual:
                raise VocabularyError("“{term}” is given for a year, or not, as its term says.", term=key[:60])
            if text is not None:
                data[term.id, year] = read_value(term, text, vocabulary)
        for id in shape.expected:
            if id not in {each.id for each in document.items}:
                raise VocabularyError("There is no item “{id}”.", id=id[:60])
        expected = {id: RESULTS[result] for id, result in shape.expected.items()}
        agreed = {name: _agreed(tables[name], text, vocabulary) for name, text in shape.tables.items()}
        return Case(name=shape.name, day=shape.day, data=data, expected=expected, tables=agreed)


def _agreed(table: Table, text: str | None, vocabulary: Vocabulary) -> Agreed:
    if text is None:
        return None
    if isinstance(table, DecisionTable) and not table.unit:
        if text not in {row.output for row in table.rows} | {table.otherwise}:
            raise TableError("“{table}” never gives “{text}”.", table=table.name, text=text[:60])
        return text
    amount = read_amount(text, vocabulary)
    unit = vocabulary.units[amount.unit]
    if amount.per or unit.dimension != vocabulary.tables[table.name]:
        raise TableError("“{table}” never gives “{text}”.", table=table.name, text=text[:60])
    return Fraction(amount.number) * unit.factor
