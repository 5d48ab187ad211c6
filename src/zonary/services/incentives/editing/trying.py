"""Test cases of a draft: what each comes to, and those made up around every bound, for people to agree to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import zip_longest
from typing import Any, Final

from zonary.engines.clauses.checks.boundaries import Case as Made
from zonary.engines.clauses.checks.boundaries import boundary_cases
from zonary.engines.clauses.checks.findings import asked
from zonary.engines.clauses.circuits.gates import Circuit, Column, columns_of
from zonary.engines.clauses.circuits.lowering import Context, lower
from zonary.engines.clauses.errors import ClausesError
from zonary.engines.clauses.interpreter.decisions import decide
from zonary.engines.clauses.interpreter.plans import Plan
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.packs.reading import RESULTS, Agreed, Case, Pack
from zonary.engines.clauses.packs.values import read_value
from zonary.engines.clauses.vocabulary import NEVER, WITHOUT_END, YES_NO, Kind, Term, Vocabulary
from zonary.services.incentives.editing.checks import looked_at, terms_in
from zonary.services.incentives.editing.rules import Content

MAX_SUGGESTED: Final = 40
"""Test cases offered at one time."""
SAID: Final = {truth: name for name, truth in RESULTS.items()}


def key_said(pack: Pack, key: str) -> str:
    """rd-expense@2025 as people say it: 研发费用（2025年）."""
    id, _, year = key.partition("@")
    name = pack.vocabulary.term(id).chinese
    return f"{name}（{year}年）" if year else name


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
        factor, unit = (10**10, "亿元") if int(value) % 10**10 == 0 else (10**6, "万元")
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
        tables=pack.tables,
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


def comes_to(pack: Pack, case: Case, plan: Plan | None = None) -> dict[str, str]:
    """Item -> 符合, 不符合 or 待补; empty for one that is not asked.

    :param plan: of the pack's document, where it is there already.
    :raises DatumError: when a datum cannot be.
    """
    plan, asking = plan or Plan(pack.document), asked(pack, case)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """``ordinary``: the data of an enterprise that meets every clause, from which the cases go off one at a time, and
    ``tables``: what tables give it."""

    ordinary: Mapping[str, str | bool]
    tables: Mapping[str, str | None]
    cases: Sequence[Suggested]


def suggestions(pack: Pack, day: date) -> Suggestions:
    """Around every bound of every clause, all else being met; the first of each clause first, without repetitions."""
    circuits = _circuits(pack, day)
    made = {id: boundary_cases(circuit, pack.vocabulary) for id, circuit in circuits.items()}
    usual: dict[Column, int | bool | str | None] = {}
    plan = Plan(pack.document)
    for id, cases in made.items():
        usual |= next((case for case in cases if _clause_truth(pack, plan, id, case, day) is Truth.YES), {})
    found: list[Suggested] = []
    seen: set[str] = set()
    for id, case in _in_turns(made):
        own = columns_of(circuits[id])
        whole = {**usual, **{each: case[each] for each in own if each in case}}
        row = _row(pack, plan, id, whole, day, len(found) + 1)
        key = json.dumps(row["data"], sort_keys=True, ensure_ascii=False)
        if key not in seen:
            seen.add(key)
            found.append(Suggested(row=row, clause=id))
        if len(found) == MAX_SUGGESTED:
            break
    row = _row(pack, plan, "", usual, day, 0)
    return Suggestions(ordinary=row["data"], tables=row.get("tables", {}), cases=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The data of a case, apart by what is worth looking at. ``differing``: None for what is not known in this case."""

    differing: Mapping[str, str | bool | None]
    same: Mapping[str, str | bool]


def told_beside(ordinary: Mapping[str, str | bool], data: Mapping[str, str | bool]) -> Told:
    """What a case has otherwise than the ordinary one; all of it, where it has nothing in common with that."""
    same = {key: value for key, value in data.items() if key in ordinary and ordinary[key] == value}
    if not same:
        return Told(differing=dict(data), same={})
    keys = [key for key in (*data, *(each for each in ordinary if each not in data)) if key not in same]
    return Told(differing={key: data.get(key) for key in keys}, same=same)


def _in_turns(made: Mapping[str, list[Made]]) -> Iterator[tuple[str, Made]]:
    """The first case of each clause, then the second of each: whatever is left out, no clause is left without."""
    for cases in zip_longest(*([(id, case) for case in cases] for id, cases in made.items())):
        yield from (each for each in cases if each is not None)


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


def _row(
    pack: Pack, plan: Plan, id: str, case: Mapping[Column, int | bool | str | None], day: date, number: int
) -> dict[str, Any]:
    data = _data(pack, case, day)
    case_ = _case(pack, id, data, day)
    expected = {item: said for item, said in comes_to(pack, case_, plan).items() if said}
    row = {"name": f"{id} 边界 {number}", "day": day.isoformat(), "data": data, "expected": expected}
    given = {name: agreed_text(pack, name, value) for name, value in given_in(pack, case_).items()}
    return row | ({"tables": given} if given else {})


def _clause_truth(
    pack: Pack, plan: Plan, id: str, case: Mapping[Column, int | bool | str | None], day: date
) -> Truth | None:
    asking = asked(pack, _case(pack, id, _data(pack, case, day), day))
    for item in pack.document.items:
        for each in decide(plan, item.id, asking).clauses:
            if each.clause.id == id:
                return each.truth
    return None
