"""What is right and wrong with a draft, at once: its sentences, what is found before a release, and its test cases.

Everything is the engine's; here it is put to a draft that may not be whole yet.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import msgspec

from zonary.engines.clauses.checks.boundaries import boundary_cases
from zonary.engines.clauses.checks.findings import Finding, asked
from zonary.engines.clauses.checks.release import findings_of
from zonary.engines.clauses.circuits.gates import Circuit, Column, columns_of
from zonary.engines.clauses.circuits.lowering import Context, lower
from zonary.engines.clauses.errors import ClausesError, SentenceError
from zonary.engines.clauses.interpreter.decisions import decide
from zonary.engines.clauses.interpreter.plans import Plan
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.language import Offer, offered, parse, render_english
from zonary.engines.clauses.packs.reading import RESULTS, Agreed, Case, Pack, read_pack, read_shape, vocabulary_of
from zonary.engines.clauses.packs.shapes import PackShape, RowsShape
from zonary.engines.clauses.packs.tables import read_table, with_rows
from zonary.engines.clauses.packs.values import read_value
from zonary.engines.clauses.tables.model import DecisionTable, Table
from zonary.engines.clauses.vocabulary import NEVER, WITHOUT_END, YES_NO, Kind, Term, Vocabulary
from zonary.foundation.facts.indicators import DIVISIONS, INDICATORS
from zonary.foundation.rules.dictionary import base_vocabulary
from zonary.proof.errors import Error
from zonary.services.incentives.editing.rules import Content

MAX_SUGGESTED: Final = 40
"""Test cases offered at one time."""
SAID: Final = {truth: name for name, truth in RESULTS.items()}
_SAFE: Final = 2**53 - 1
"""The largest whole number that canonical JSON writes (RFC 8785 §3.2.2.3): a bound of a term is no larger."""
_PLACEHOLDER: Final = "placeholder"


def term_shape(term: Term) -> dict[str, Any]:
    """A term as a pack writes it."""
    plain = Term(id="x", chinese="x", english="x", kind=Kind.MONEY)
    shape: dict[str, Any] = {
        "id": term.id,
        "name": {"zh": term.chinese, "en": term.english},
        "kind": term.kind.value,
        "annual": term.annual,
        "places": term.places,
        "frame": term.frame.value,
        "system": term.system,
        "source": term.source,
    }
    if term.unit:
        shape["unit"] = {"zh": term.unit, "en": term.unit_english}
    if term.low != plain.low:
        shape["low"] = max(term.low, -_SAFE)
    if term.high != plain.high:
        shape["high"] = min(term.high, _SAFE)
    return shape


def words_of(content: Content) -> Vocabulary:
    """The dictionary's terms and the draft's own, which go before them.

    :raises ClausesError: when two mean one thing, or one two.
    """
    own = {each["id"] for each in content["terms"]} | {each["name"]["zh"] for each in content["terms"]}
    base = [each for each in base_vocabulary().terms if each.id not in own and each.chinese not in own]
    terms = [*content["terms"], *map(term_shape, base)]
    parts = {name: content[name] for name in ("lists", "parameters", "points", "tables")}
    return _vocabulary(json.dumps({"terms": terms, **parts}, ensure_ascii=False))


_INDUSTRIES: Final = frozenset(f"{letter}{division}" for division, letter in DIVISIONS.items())
_INDUSTRY: Final = INDICATORS["industry-code"].citation
"""How the dictionary names the classification of industry codes."""


@functools.lru_cache(maxsize=16)
def _vocabulary(parts: str) -> Vocabulary:
    """Kept, because its language takes a fifth of a second to make."""
    title = {"zh": _PLACEHOLDER, "en": _PLACEHOLDER}
    clause = {"id": _PLACEHOLDER, "article": "", "quote": "", "sentence": _PLACEHOLDER}
    item = {"id": _PLACEHOLDER, "title": title, "condition": _PLACEHOLDER, "first": "2000-01-01"}
    head = {"version": "zonary-rules/1", "id": _PLACEHOLDER, "number": _PLACEHOLDER, "title": title}
    whole = {**head, **json.loads(parts), "clauses": [clause], "items": [item]}
    found = vocabulary_of(read_shape(json.dumps(whole).encode()))
    return replace(found, systems={_INDUSTRY: _INDUSTRIES | {each[0] for each in _INDUSTRIES}})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence as it was found.

    :param error: None when it is one; then ``english`` says it. ``before`` and ``behind`` are the text around the place
        where it goes wrong.
    """

    text: str
    english: str = ""
    error: Error | None = None
    nearest: str = ""
    before: str = ""
    behind: str = ""


def sentence_of(content: Content, text: str) -> Sentence:
    """Whether ``text`` is a rule in the words of the draft, and otherwise where it goes wrong."""
    try:
        words = words_of(content)
        expression = parse(text, words)
        return Sentence(text=text, english=render_english(expression, words))
    except SentenceError as error:
        at = len(text) if error.position is None else error.position
        return Sentence(text=text, error=error, nearest=error.nearest, before=text[:at], behind=text[at:])
    except ClausesError as error:
        return Sentence(text=text, error=error, before=text)


def offers_in(content: Content, text: str) -> tuple[Offer, ...]:
    """Passages of a document that are sentences in the words of the draft."""
    try:
        return offered(text, words_of(content))
    except ClausesError:
        return ()


# --- the pack ---------------------------------------------------------------------------------------------------------


def terms_in(value: object) -> Iterator[str]:
    """Ids of all terms a tree or a table reads."""
    if isinstance(value, tuple | frozenset | list):
        for each in value:
            yield from terms_in(each)
    elif is_dataclass(value):
        for each in fields(value):
            inner = getattr(value, each.name)
            if each.name == "term" and isinstance(inner, str):
                yield inner
            elif each.name == "terms" and isinstance(inner, tuple) and all(isinstance(one, str) for one in inner):
                yield from inner
            else:
                yield from terms_in(inner)


def used_terms(content: Content) -> list[str]:
    """Ids of the terms the draft's sentences, tables and cases name, in the order of the vocabulary."""
    words = words_of(content)
    found: set[str] = set()
    for each in content["clauses"]:
        found.update(terms_in(parse(each["sentence"], words)))
    for table in _read_tables(content, words):
        found.update(terms_in(table))
    for case in content["cases"]:
        found.update(key.partition("@")[0] for key in case["data"])
    return [each.id for each in words.terms if each.id in found]


def _read_tables(content: Content, words: Vocabulary) -> Iterator[Table]:
    if content["tables"]:
        whole = {**content, "terms": [term_shape(each) for each in words.terms], "cases": []}
        shape = _shape(_filled(whole))
        for each in shape.tables:
            yield read_table(each, shape, words, parse)


def table_called(content: Content, name: str) -> Table | None:
    """:raises ClausesError: when a table of the draft cannot be read."""
    return next((each for each in _read_tables(content, words_of(content)) if each.name == name), None)


def with_table(content: Content, name: str, table: DecisionTable) -> Content:
    """With the rows of ``table`` in place of those of the table of rows called ``name``."""
    shape = _shape(_filled({**content, "terms": [term_shape(each) for each in words_of(content).terms], "cases": []}))
    found = next(each for each in shape.tables if each.name.zh == name and isinstance(each, RowsShape))
    row = msgspec.to_builtins(with_rows(found, table))
    return {**content, "tables": [row if each["name"]["zh"] == name else each for each in content["tables"]]}


def key_said(pack: Pack, key: str) -> str:
    """rd-expense@2025 as people say it: 研发费用（2025年）."""
    id, _, year = key.partition("@")
    name = pack.vocabulary.term(id).chinese
    return f"{name}（{year}年）" if year else name


def _filled(content: Content) -> Content:
    """With something where a pack has to have something."""
    title = {"zh": _PLACEHOLDER, "en": _PLACEHOLDER}
    clause = {"id": _PLACEHOLDER, "article": "", "quote": "", "sentence": _PLACEHOLDER}
    item = {"id": _PLACEHOLDER, "title": title, "condition": _PLACEHOLDER, "first": "2000-01-01"}
    return {**content, "clauses": content["clauses"] or [clause], "items": content["items"] or [item]}


def _shape(content: Content) -> PackShape:
    return read_shape(json.dumps(content, ensure_ascii=False).encode())


def pack_json(content: Content) -> bytes:
    """The draft as it would be proposed: with the terms it uses, and no others.

    :raises ClausesError: when a sentence or a table of it cannot be read.
    """
    words = words_of(content)
    terms = [term_shape(words.term(id)) for id in used_terms(content)]
    return json.dumps({**content, "terms": terms}, ensure_ascii=False).encode()


def require_readable(content: Content) -> None:
    """That everything in the draft can be read, as far as it is there: what cannot is not kept.

    :raises ClausesError: names the first that cannot.
    """
    whole = _filled({**content, "cases": []})
    words = words_of(content)
    whole["terms"] = [term_shape(each) for each in words.terms]
    if not content["clauses"]:
        _shape(whole)
        for _table in _read_tables(content, words):
            pass
        return
    whole["cases"] = content["cases"]
    empty = [each for each in content["items"] if not each["condition"].get("all", True)] if content["items"] else []
    whole["items"] = [each for each in whole["items"] if each not in empty] or [
        {"id": _PLACEHOLDER, "title": content["title"], "condition": content["clauses"][0]["id"], "first": "2000-01-01"}
    ]
    kept = {each["id"] for each in whole["items"]}
    whole["cases"] = [
        {**each, "expected": {item: said for item, said in each["expected"].items() if item in kept}}
        for each in content["cases"]
    ]
    read_pack(_shape(whole), parse)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A draft looked at as a whole.

    :param problem: why it is no pack yet; None when it is one.
    """

    pack: Pack | None
    problem: Error | None
    findings: Sequence[Finding]

    @property
    def is_releasable(self) -> bool:
        return self.pack is not None and not any(each.is_blocking for each in self.findings)


def looked_at(content: Content, today: date) -> Looked:
    """The draft as a pack, and what is found in it."""
    try:
        if not content["clauses"]:
            raise ClausesError("The draft has no clause yet. Take up sentences of the text, or write one.")
        pack = read_pack(read_shape(pack_json(content)), parse)
        return Looked(pack=pack, problem=None, findings=findings_of(pack, today=today))
    except ClausesError as error:
        return Looked(pack=None, problem=error, findings=())


# --- test cases -------------------------------------------------------------------------------------------------------


def value_text(term: Term, value: int | bool | str) -> str | bool:
    """A stored value as a pack writes it."""
    if term.kind in YES_NO:
        return bool(value)
    if isinstance(value, str) or term.kind is Kind.CODE:
        return str(value)
    if term.kind in (Kind.DATE, Kind.EVENT, Kind.CREDENTIAL):
        if value == NEVER and term.kind is not Kind.DATE:
            return "never"
        return "without-end" if value == WITHOUT_END else date.fromordinal(int(value)).isoformat()
    factor = {Kind.MONEY: 100, Kind.AREA: 100, Kind.SHARE: 10**4, Kind.NUMBER: 10**term.places}.get(term.kind, 1)
    unit = {Kind.MONEY: "元", Kind.AREA: "平方米", Kind.SHARE: "%"}.get(term.kind, term.unit)
    if term.kind is Kind.MONEY and int(value) % 10**6 == 0 and value:
        factor, unit = 10**6, "万元"
    return f"{Decimal(int(value)) / factor:f}{unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """A datum a test case can give: ``key`` as a pack writes it, such as rd-expense@2025."""

    key: str
    term: Term
    year: int | None


def needed_on(pack: Pack, day: date) -> list[Needed]:
    """All that the pack's clauses read of an enterprise on a day."""
    found: dict[str, Needed] = {}
    for circuit in _circuits(pack, day).values():
        for column in sorted(columns_of(circuit)):
            each = _needed(column, pack.vocabulary, day)
            if each is not None:
                found.setdefault(each.key, each)
    for name in (each for table in pack.tables for each in terms_in(table)):
        term = pack.vocabulary.term(name)
        year = day.year - 1 if term.annual else None
        key = f"{term.id}@{year}" if year is not None else term.id
        found.setdefault(key, Needed(key=key, term=term, year=year))
    return sorted(found.values(), key=lambda each: each.key)


def _needed(column: Column, words: Vocabulary, day: date) -> Needed | None:
    if column.term not in words.by_id:  # what a table gave
        return None
    term = words.term(column.term)
    year = None if column.offset is None else day.year + column.offset
    return Needed(key=term.id if year is None else f"{term.id}@{year}", term=term, year=year)


def _circuits(pack: Pack, day: date) -> dict[str, Circuit]:
    """Clause -> circuit; without those that cannot be put to a day, or refer to others."""
    context = Context(
        vocabulary=pack.vocabulary,
        parameters=pack.parameters,
        day=day,
        known_at=datetime(day.year + 100, 1, 1, tzinfo=UTC),
    )
    found = {}
    for each in pack.document.clauses:
        try:
            found[each.id] = lower(each.expression, context)
        except (ClausesError, TypeError):
            continue
    return found


def require_possible(content: Content, row: Mapping[str, Any], today: date) -> None:
    """That a test case can be put to the draft.

    :raises ClausesError: names the datum that cannot be: in another unit, finer than it is kept, from the future.
    """
    looked = looked_at({**content, "cases": [row]}, today)
    if looked.pack is None:
        raise looked.problem or ClausesError("This is no test case.")
    for each in looked.pack.cases:
        comes_to(looked.pack, each)


def comes_to(pack: Pack, case: Case) -> dict[str, str]:
    """Item -> 符合, 不符合 or 待补; empty for one that is not asked.

    :raises DatumError: when a datum cannot be.
    """
    plan, asking = Plan(pack.document), asked(pack, case)
    found = {}
    for item in pack.document.items:
        decision = decide(plan, item.id, asking)
        found[item.id] = SAID[decision.truth] if decision.truth is not None else ""
    return found


def given_in(pack: Pack, case: Case) -> dict[str, Agreed]:
    """Table -> what it gives in a test case: a number in the smallest unit, a label, or None for not known yet.

    A table that gives nothing, or two things, is left out: that is found before a release.
    """
    asking, found = asked(pack, case), dict[str, Agreed]()
    for table in pack.tables:
        try:
            given = asking.table(table.name)
        except ClausesError:
            continue
        found[table.name] = given.label if given.is_label else given.extent.number
    return found


def agreed_text(pack: Pack, name: str, value: Agreed) -> str | None:
    """What a table gives, as a pack writes it; None for not known yet, and for what no unit writes exactly."""
    if value is None or isinstance(value, str):
        return value
    dimension = pack.vocabulary.tables[name]
    for unit in sorted(pack.vocabulary.units.values(), key=lambda each: -each.factor):
        number = Fraction(value) / unit.factor
        if unit.dimension == dimension and unit.symbol != "亿元" and (number * 10**2).denominator == 1:
            return f"{Decimal(number.numerator) / number.denominator:f}{unit.symbol}"
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """A test case around a bound, with what the rules make of it now."""

    row: Mapping[str, Any]
    clause: str


def suggested_cases(pack: Pack, day: date) -> list[Suggested]:
    """Around every bound of every clause, all else being met; the first of each clause first, without repetitions."""
    circuits = _circuits(pack, day)
    made = {id: boundary_cases(circuit, pack.vocabulary) for id, circuit in circuits.items()}
    usual: dict[Column, int | bool | str | None] = {}
    for id, cases in made.items():
        usual |= next((case for case in cases if _clause_truth(pack, id, case, day) is Truth.YES), {})
    found: list[Suggested] = []
    seen: set[str] = set()
    for id, cases in made.items():
        own = columns_of(circuits[id])
        for case in cases:
            row = _row(pack, id, {**usual, **{each: case[each] for each in own if each in case}}, day, len(found) + 1)
            key = json.dumps(row["data"], sort_keys=True, ensure_ascii=False)
            if key not in seen:
                seen.add(key)
                found.append(Suggested(row=row, clause=id))
    return found[:MAX_SUGGESTED]


def _data(pack: Pack, case: Mapping[Column, int | bool | str | None], day: date) -> dict[str, str | bool]:
    data = {}
    for column, value in case.items():
        needed = _needed(column, pack.vocabulary, day)
        if needed is not None and value is not None:
            data[needed.key] = value_text(needed.term, value)
    return data


def _case(pack: Pack, name: str, data: Mapping[str, str | bool], day: date) -> Case:
    read = {}
    for key, text in data.items():
        id, _, year = key.partition("@")
        read[id, int(year) if year else None] = read_value(pack.vocabulary.term(id), text, pack.vocabulary)
    return Case(name=name, day=day, data=read, expected={}, tables={})


def _row(pack: Pack, id: str, case: Mapping[Column, int | bool | str | None], day: date, number: int) -> dict[str, Any]:
    data = _data(pack, case, day)
    case_ = _case(pack, id, data, day)
    expected = {item: said for item, said in comes_to(pack, case_).items() if said}
    row = {"name": f"{id} 边界 {number}", "day": day.isoformat(), "data": data, "expected": expected}
    given = {name: agreed_text(pack, name, value) for name, value in given_in(pack, case_).items()}
    return row | ({"tables": given} if given else {})


def _clause_truth(pack: Pack, id: str, case: Mapping[Column, int | bool | str | None], day: date) -> Truth | None:
    plan, asking = Plan(pack.document), asked(pack, _case(pack, id, _data(pack, case, day), day))
    for item in pack.document.items:
        for each in decide(plan, item.id, asking).clauses:
            if each.clause.id == id:
                return each.truth
    return None
