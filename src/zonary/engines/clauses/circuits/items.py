"""An item as circuits: what it comes to, with promises and without, and by which one clause it fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from zonary.engines.clauses.circuits.gates import (
    Assumed,
    Circuit,
    Conjunction,
    Constant,
    Counted,
    Disjunction,
    Negated,
)
from zonary.engines.clauses.circuits.lowering import Context, lower
from zonary.engines.clauses.documents import Document, Item, WhenUnknown
from zonary.engines.clauses.errors import ClausesError, VocabularyError
from zonary.engines.clauses.expressions import AtLeast, ClauseRef, Every, Expression, IfThen, Not, Some
from zonary.engines.clauses.kleene import of


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCircuits:
    """One item of one day.

    :param result: 符合, 不符合 or 待补, what is unknown resolved against a silent pass.
    :param promised: the same when everything that may be promised is.
    :param clauses: each clause by itself, unresolved, in the order of the item's condition.
    :param without: by clause, the result when that clause alone is met, or under a negation, is not.
    """

    id: str
    result: Circuit
    promised: Circuit
    clauses: Mapping[str, Circuit]
    without: Mapping[str, Circuit]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedItem:
    """An item that is not asked: outside its days, or with a parameter that has no value."""

    id: str
    reason: ClausesError


def lower_item(item: Item, document: Document, context: Context) -> ItemCircuits | StoppedItem:
    """The circuits of an item, or why it stands still.

    :raises VocabularyError: when it refers to a clause that the document does not have.
    """
    if context.day < item.first or (item.last is not None and context.day > item.last):
        return StoppedItem(
            id=item.id,
            reason=ClausesError("The item “{title}” is not in force on {day}.", title=item.title, day=str(context.day)),
        )
    known = {each.id: each for each in document.clauses}
    ids = tuple(dict.fromkeys(_ids_of(item.condition)))
    for id in ids:
        if id not in known:
            raise VocabularyError("There is no clause “{id}” in the document.", id=id[:60])
    try:
        clauses = {id: lower(known[id].expression, context) for id in ids}
    except ClausesError as error:
        return StoppedItem(id=item.id, reason=error)
    unknowns = {id: known[id].when_unknown for id in ids}
    joined = _Joined(clauses, unknowns)
    return ItemCircuits(
        id=item.id,
        result=joined.circuit(item.condition),
        promised=joined.circuit(item.condition, are_promised=True),
        clauses=MappingProxyType(clauses),
        without=MappingProxyType({id: joined.circuit(item.condition, met=id) for id in ids}),
    )


def _ids_of(condition: Expression) -> tuple[str, ...]:
    if isinstance(condition, ClauseRef):
        return (condition.clause,)
    if isinstance(condition, Every | Some | AtLeast):
        return tuple(id for part in condition.parts for id in _ids_of(part))
    if isinstance(condition, Not):
        return _ids_of(condition.part)
    if isinstance(condition, IfThen):
        return (*_ids_of(condition.premise), *_ids_of(condition.conclusion))
    raise VocabularyError("An item's condition joins clauses by their ids, and nothing else.")


@dataclass(frozen=True, slots=True)
class _Joined:
    """The item's condition over its clauses. ``is_for``: whether a clause being met speaks for the item there."""

    clauses: Mapping[str, Circuit]
    unknowns: Mapping[str, WhenUnknown]

    def circuit(
        self, condition: Expression, *, is_for: bool = True, are_promised: bool = False, met: str = ""
    ) -> Circuit:
        def join(part: Expression, turned: bool = False) -> Circuit:
            return self.circuit(part, is_for=is_for is not turned, are_promised=are_promised, met=met)

        if isinstance(condition, Every):
            return Conjunction(tuple(join(each) for each in condition.parts))
        if isinstance(condition, Some):
            return Disjunction(tuple(join(each) for each in condition.parts))
        if isinstance(condition, AtLeast):
            return Counted(condition.count.value, tuple(join(each) for each in condition.parts))
        if isinstance(condition, Not):
            return Negated(join(condition.part, turned=True))
        if isinstance(condition, IfThen):
            return Disjunction((Negated(join(condition.premise, turned=True)), join(condition.conclusion)))
        if isinstance(condition, ClauseRef):
            return self._clause(condition.clause, is_for, are_promised, met)
        raise VocabularyError("An item's condition joins clauses by their ids, and nothing else.")

    def _clause(self, id: str, is_for: bool, are_promised: bool, met: str) -> Circuit:
        if id == met:
            return Constant(of(is_for))
        when = self.unknowns[id]
        if when is WhenUnknown.FAIL:
            return Assumed(self.clauses[id], not is_for)
        if when is WhenUnknown.PROMISE and are_promised:
            return Assumed(self.clauses[id], is_for)
        return self.clauses[id]
