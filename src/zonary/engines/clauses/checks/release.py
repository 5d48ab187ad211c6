"""What stands in the way of releasing a rule pack, and what whoever releases it should know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import combinations
from typing import Final

from zonary.engines.clauses.checks.findings import Finding, asked
from zonary.engines.clauses.checks.satisfying import can_hold, is_implied
from zonary.engines.clauses.checks.tables import of_tables
from zonary.engines.clauses.circuits.gates import Circuit, Conjunction
from zonary.engines.clauses.circuits.items import ItemCircuits, StoppedItem, lower_item
from zonary.engines.clauses.circuits.lowering import Context
from zonary.engines.clauses.documents import Clause, Item
from zonary.engines.clauses.errors import ClausesError, TableError
from zonary.engines.clauses.expressions import (
    ClauseRef,
    Compare,
    Every,
    PerUnit,
    Relation,
    Share,
    leaves_of,
    quantities_of,
)
from zonary.engines.clauses.interpreter.decisions import Decision, decide
from zonary.engines.clauses.interpreter.plans import Plan
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.language import print_chinese
from zonary.engines.clauses.packs.reading import RESULTS, Case, Pack
from zonary.engines.clauses.periods import readings_of
from zonary.engines.clauses.quantities import Amount, Difference, Scored

MAX_SAID: Final = 80
"""Characters of a clause that a finding repeats."""
MAX_COMPARED: Final = 30
"""Clauses of an item that are held against each other to name those that contradict."""
WHOLE: Final = 100
_NAMES: Final = {truth: name for name, truth in RESULTS.items()}


def findings_of(pack: Pack, *, today: date) -> tuple[Finding, ...]:
    """Everything found, what stands in the way first."""
    found = [
        *_uncited(pack),
        *_bounds_in_vain(pack),
        *_of_items(pack, today),
        *_of_cases(pack),
        *of_tables(pack, today),
        *_samples(pack, today),
    ]
    return tuple(sorted(found, key=lambda each: not each.is_blocking))


def _uncited(pack: Pack) -> Iterator[Finding]:
    for clause in pack.document.clauses:
        if not (clause.citation.document and clause.citation.article and clause.citation.quote):
            reason = ClausesError(
                "The clause “{id}” does not say where it stands: article and quoted words.", id=_said(clause, pack)
            )
            yield Finding(place=clause.id, reason=reason, is_blocking=True)


def _samples(pack: Pack, today: date) -> Iterator[Finding]:
    """Told in one, whatever their number: a template is released as well, where its samples happen to be right."""
    names = [name for name in pack.parameters.series if _is_sample(pack, name, today)]
    if names:
        reason = ClausesError(
            "{count} parameters still have sample values, which the zone has to decide: {names}.",
            count=len(names),
            names="、".join(names),
        )
        yield Finding(place="", reason=reason, is_blocking=False)


def _is_sample(pack: Pack, name: str, today: date) -> bool:
    """Of what is in force: a value that was decided since takes a sample's place."""
    try:
        return pack.parameters.on(name, today, datetime.combine(today, datetime.max.time(), tzinfo=UTC)).is_sample
    except ClausesError:  # none is in force, which stands in the way where it is used
        return False


def _of_cases(pack: Pack) -> Iterator[Finding]:
    """Each case has to come out as agreed, and each clause to be met in one case and not met in another."""
    clauses = {each.id: each for each in pack.document.clauses}
    plan, seen = Plan(pack.document), {each.id: set[Truth]() for each in pack.document.clauses}
    for case in pack.cases:
        asking = asked(pack, case)
        for id, expected in case.expected.items():
            decision = decide(plan, id, asking)
            for each in decision.clauses:
                seen[each.clause.id].add(each.truth)
            if decision.truth is not expected:
                yield Finding(
                    place=case.name, reason=_otherwise(case, _titled(id, pack), expected, decision), is_blocking=True
                )
    for id, truths in seen.items():
        missing = [_NAMES[each] for each in (Truth.YES, Truth.NO) if each not in truths]
        if missing:
            reason = ClausesError(
                "The clause “{id}” has no test case in which it comes to “{result}”.",
                id=_said(clauses[id], pack),
                result=missing[0],
            )
            yield Finding(place=id, reason=reason, is_blocking=True)


def _otherwise(case: Case, id: str, expected: Truth, decision: Decision) -> ClausesError:
    if decision.truth is None:
        return ClausesError(
            "In the test case “{case}” the item “{id}” is not asked: {reason}",
            case=case.name,
            id=id,
            reason=decision.error or "",
        )
    return ClausesError(
        "In the test case “{case}” the item “{id}” comes to “{found}” and not to “{expected}”.",
        case=case.name,
        id=id,
        found=_NAMES[decision.truth],
        expected=_NAMES[expected],
    )


def _of_items(pack: Pack, today: date) -> Iterator[Finding]:
    now = datetime.combine(today, datetime.max.time(), tzinfo=UTC)
    for item in pack.document.items:
        day = min(max(today, item.first), item.last or date.max)
        context = Context(
            vocabulary=pack.vocabulary, parameters=pack.parameters, day=day, known_at=now, tables=pack.tables
        )
        circuits = lower_item(item, pack.document, context)
        if isinstance(circuits, StoppedItem):
            # A table that cannot be asked of many at once decides for one; what is wrong with it is found elsewhere.
            is_blocking = not isinstance(circuits.reason, TableError)
            yield Finding(place=item.id, reason=circuits.reason, is_blocking=is_blocking)
            continue
        if can_hold(circuits.result, pack.vocabulary) is Truth.NO:
            yield Finding(place=item.id, reason=_contradiction(item, circuits, pack), is_blocking=True)
            continue
        if isinstance(item.condition, Every) and all(isinstance(each, ClauseRef) for each in item.condition.parts):
            yield from _never_deciding(item, circuits, pack)


def _contradiction(item: Item, circuits: ItemCircuits, pack: Pack) -> ClausesError:
    """Which clause contradicts itself or which two each other, where all of them are asked and that is the reason."""
    title, clauses = item.title, {each.id: each for each in pack.document.clauses}
    if isinstance(item.condition, Every) and all(isinstance(each, ClauseRef) for each in item.condition.parts):
        asked_for = list(circuits.clauses.items())[:MAX_COMPARED]
        for id, circuit in asked_for:
            if can_hold(circuit, pack.vocabulary) is Truth.NO:
                return ClausesError(
                    "Nobody can meet the item “{id}”: its clause “{clause}” contradicts itself.",
                    id=title,
                    clause=_said(clauses[id], pack),
                )
        for (one, first), (other, second) in combinations(asked_for, 2):
            if can_hold(Conjunction((first, second)), pack.vocabulary) is Truth.NO:
                return ClausesError(
                    "Nobody can meet the item “{id}”: “{one}” and “{other}” contradict each other.",
                    id=title,
                    one=_said(clauses[one], pack),
                    other=_said(clauses[other], pack),
                )
    return ClausesError("Nobody can meet the item “{id}”: its clauses contradict each other.", id=title)


def _bounds_in_vain(pack: Pack) -> Iterator[Finding]:
    """Bounds that everybody meets, and shares of more than the whole."""
    for clause in pack.document.clauses:
        for leaf in leaves_of(clause.expression):
            if isinstance(leaf, Compare | Share | PerUnit) and isinstance(leaf.bound, Amount):
                reason = _in_vain(leaf, leaf.bound, _said(clause, pack), pack)
                if reason is not None:
                    yield Finding(place=clause.id, reason=reason, is_blocking=True)


def _in_vain(leaf: Compare | Share | PerUnit, bound: Amount, said: str, pack: Pack) -> ClausesError | None:
    relation = leaf.comparison.relation
    readings = [each for quantity in quantities_of(leaf) for each in readings_of(quantity)]
    is_plain = not any(isinstance(each, Difference | Scored) for each in quantities_of(leaf))
    is_never_negative = is_plain and all(pack.vocabulary.term(each.term).low >= 0 for each in readings)
    below = bound.number < 0 or (bound.number == 0 and relation is Relation.AT_LEAST)
    if is_never_negative and below and relation in (Relation.AT_LEAST, Relation.MORE):
        return ClausesError(
            "Everybody meets “{clause}”: what is compared is never below {bound}.",
            clause=said,
            bound=f"{bound.number:f}{bound.unit}",
        )
    if isinstance(leaf, Share) and bound.number > WHOLE and relation in (Relation.AT_LEAST, Relation.MORE):
        return ClausesError("“{clause}” asks for a share of more than the whole, 100%.", clause=said)
    return None


def _said(clause: Clause, pack: Pack) -> str:
    """A clause by what it says: its short name is known to nobody who reads a finding."""
    sentence = print_chinese(clause.expression, pack.vocabulary)
    return sentence if len(sentence) <= MAX_SAID else sentence[:MAX_SAID] + "…"


def _titled(id: str, pack: Pack) -> str:
    return next(each.title for each in pack.document.items if each.id == id)


def _never_deciding(item: Item, circuits: ItemCircuits, pack: Pack) -> Iterator[Finding]:
    clauses = {each.id: each for each in pack.document.clauses}
    for id, circuit in circuits.clauses.items():
        others = _others(circuits.clauses, id)
        if others.parts and is_implied(circuit, others, pack.vocabulary):
            reason = ClausesError(
                "In the item “{item}” the clause “{id}” never decides: who meets the others meets it.",
                item=item.title,
                id=_said(clauses[id], pack),
            )
            yield Finding(place=id, reason=reason, is_blocking=False)


def _others(clauses: Mapping[str, Circuit], id: str) -> Conjunction:
    return Conjunction(tuple(each for other, each in clauses.items() if other != id))
