"""What stands in the way of releasing a rule pack, and what whoever releases it should know."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from zonary.engines.clauses.checks.findings import Finding, asked, in_both, names_in_english
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
from zonary.proof.errors import NameInBoth

MAX_SAID: Final = 80
"""Characters of a clause that a finding repeats."""
MAX_COMPARED: Final = 30
"""Clauses of an item of which those are named that contradict: each is left out once, and the others looked at."""
WHOLE: Final = 100
_FROM_BELOW: Final = (Relation.AT_LEAST, Relation.MORE)
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
    names = names_in_english(pack)
    said = [replace(each, reason=in_both(each.reason, names)) for each in found]
    return tuple(sorted(said, key=lambda each: not each.is_blocking))


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
            names=NameInBoth(
                "、".join(names), ", ".join(f"“{pack.vocabulary.english.get(each, each)}”" for each in names)
            ),
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
    """Which clause contradicts itself, or which few each other, where all of them are asked and that is the reason."""
    clauses = {each.id: each for each in pack.document.clauses}
    parts = item.condition.parts if isinstance(item.condition, Every) else (item.condition,)
    asked_for = list(dict.fromkeys(each.clause for each in parts if isinstance(each, ClauseRef)))
    found = [_said(clauses[id], pack) for id in _contradicting(asked_for, circuits, pack)]
    if len(found) == 1:
        return ClausesError(
            "Nobody can meet the item “{id}”: its clause “{clause}” contradicts itself.", id=item.title, clause=found[0]
        )
    if len(found) == 2:
        return ClausesError(
            "Nobody can meet the item “{id}”: “{one}” and “{other}” contradict each other.",
            id=item.title,
            one=found[0],
            other=found[1],
        )
    if found:
        return ClausesError(
            "Nobody can meet the item “{id}”: these clauses cannot be met together. Mend one of them: {clauses}",
            id=item.title,
            clauses=NameInBoth("、".join(f"“{each}”" for each in found), ", ".join(f"“{each}”" for each in found)),
        )
    return ClausesError("Nobody can meet the item “{id}”: its clauses contradict each other.", id=item.title)


def _contradicting(ids: Sequence[str], circuits: ItemCircuits, pack: Pack) -> list[str]:
    """Of clauses that nobody meets together those without any of which somebody may; none where it is not they."""

    def is_met_by_nobody(some: Sequence[str]) -> bool:
        together = Conjunction(tuple(circuits.clauses[id] for id in some))
        return bool(some) and can_hold(together, pack.vocabulary) is Truth.NO

    if not is_met_by_nobody(ids):
        return []
    # The first so many that contradict, by halves: what stands behind them is not looked at.
    count = bisect_left(range(len(ids)), x=True, key=lambda index: is_met_by_nobody(ids[: index + 1])) + 1
    left = [*ids[:count]]
    if len(left) > MAX_COMPARED or not is_met_by_nobody(left):
        return []
    for id in ids[:count]:
        without = [each for each in left if each != id]
        if is_met_by_nobody(without):
            left = without
    return left


def _bounds_in_vain(pack: Pack) -> Iterator[Finding]:
    """Bounds that everybody meets, and shares of more than the whole, which may be meant."""
    for clause in pack.document.clauses:
        for leaf in leaves_of(clause.expression):
            if isinstance(leaf, Compare | Share | PerUnit) and isinstance(leaf.bound, Amount):
                reason = _in_vain(leaf, leaf.bound, _said(clause, pack), pack)
                if reason is not None:
                    yield Finding(place=clause.id, reason=reason, is_blocking=True)
                if isinstance(leaf, Share) and leaf.bound.number > WHOLE and leaf.comparison.relation in _FROM_BELOW:
                    yield Finding(place=clause.id, reason=_beyond(_said(clause, pack)), is_blocking=False)


def _in_vain(leaf: Compare | Share | PerUnit, bound: Amount, said: str, pack: Pack) -> ClausesError | None:
    relation = leaf.comparison.relation
    readings = [each for quantity in quantities_of(leaf) for each in readings_of(quantity)]
    is_plain = not any(isinstance(each, Difference | Scored) for each in quantities_of(leaf))
    is_never_negative = is_plain and all(pack.vocabulary.term(each.term).low >= 0 for each in readings)
    below = bound.number < 0 or (bound.number == 0 and relation is Relation.AT_LEAST)
    if is_never_negative and below and relation in _FROM_BELOW:
        return ClausesError(
            "Everybody meets “{clause}”: what is compared is never below {bound}.",
            clause=said,
            bound=f"{bound.number:f}{bound.unit}",
        )
    return None


def _beyond(said: str) -> ClausesError:
    """Told, because no term says that it is a part of another: what nobody can have by the bounds of its terms
    is found as a contradiction."""
    return ClausesError(
        "“{clause}” asks for more than 100%. Spending may be more than revenue, and a part is never more than its "
        "whole: look whether this is meant.",
        clause=said,
    )


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
