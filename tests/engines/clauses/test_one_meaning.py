"""The circuits that sets and SQL are made from say of every enterprise what the interpreter says."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from tests.engines.clauses.circuits import asked
from tests.engines.clauses.situations import SETTING, data, documents, expressions, leaves, snapshot

from zonary.engines.clauses.circuits.gates import columns_of
from zonary.engines.clauses.circuits.items import ItemCircuits, StoppedItem, lower_item
from zonary.engines.clauses.circuits.lowering import Context, lower
from zonary.engines.clauses.documents import Document, WhenUnknown
from zonary.engines.clauses.errors import ClausesError, ExpiredParameterError, NoEditionError
from zonary.engines.clauses.expressions import Expression, Leaf
from zonary.engines.clauses.interpreter.asking import Asking
from zonary.engines.clauses.interpreter.conditions import truth_of
from zonary.engines.clauses.interpreter.decisions import decide
from zonary.engines.clauses.interpreter.plans import Plan
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.snapshots import Key, Snapshot, Stored

thoroughly = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


def context(of: Snapshot) -> Context:
    return Context(
        vocabulary=SETTING.vocabulary, parameters=SETTING.parameters, tables=SETTING.tables, day=of.day,
        known_at=of.known_at,
    )  # fmt: skip


def row(of: Snapshot) -> dict[str, Stored | None]:
    """The enterprise as a row of a table: an annual term has a column for each year back."""
    found: dict[str, Stored | None] = {}
    for (term, year), datum in of.data.items():
        found[term if year is None else f"{term}@{year - of.day.year}"] = datum.value
    return found


@thoroughly
@given(leaves, data())
def test_every_sentence_means_the_same(leaf: Leaf, known: dict[Key, Stored]) -> None:
    of = snapshot(known)
    try:
        meant = Asking(SETTING, of).finding(leaf).truth
    except (ExpiredParameterError, NoEditionError) as error:
        with pytest.raises(type(error)):
            lower(leaf, context(of))
        return
    except ClausesError:  # no sentence: what compares money with people is refused before anything is lowered
        return
    circuit = lower(leaf, context(of))
    assert asked(circuit, row(of)) is meant
    assert {column.name.split("@")[0] for column in columns_of(circuit)} <= {
        each.id for each in SETTING.vocabulary.terms
    }


@thoroughly
@given(expressions, data())
def test_joined_sentences_mean_the_same(expression: Expression, known: dict[Key, Stored]) -> None:
    of = snapshot(known)
    asking = Asking(SETTING, of)
    try:
        meant = truth_of(expression, lambda leaf, _: asking.finding(leaf).truth)  # type: ignore[arg-type]
        circuit = lower(expression, context(of))
    except ClausesError:
        return
    assert asked(circuit, row(of)) is meant


@thoroughly
@given(documents(), data())
def test_items_come_to_the_same_with_promises_and_without_and_are_short_of_the_same(
    document: Document, known: dict[Key, Stored]
) -> None:
    of, (item,) = snapshot(known), document.items
    circuits = lower_item(item, document, context(of))
    plan = Plan(document)
    decision = decide(plan, item.id, Asking(SETTING, of))
    if isinstance(circuits, StoppedItem):
        assert decision.truth is None
        return
    assert isinstance(circuits, ItemCircuits)
    if decision.truth is None:  # the interpreter stops at the first clause without a value, also one nobody joined
        return
    assert asked(circuits.result, row(of)) is decision.truth
    short = {id for id, each in circuits.without.items() if asked(each, row(of)) is Truth.YES}
    assert (short if decision.truth is Truth.NO else set()) == set(decision.short)
    promisable = frozenset(each.id for each in document.clauses if each.when_unknown is WhenUnknown.PROMISE)
    promised = decide(plan, item.id, Asking(SETTING, of), promised=promisable)
    assert asked(circuits.promised, row(of)) is promised.truth
