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
from zonary.engines.clauses.kleene import Truth, of


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCircuits:
    """One item of one day.

    :param result: 符合, 不符合 or 待补, what is unknown resolved against a silent pass.
    :param promised: the same when everything that may be promised is.
    :param clauses: each clause by itself, unresolved, in the order of the item's condition.
    :param without: by clause, the result when that clause alone is met, or under a negation, is not; of one that stands
        there both ways, either.
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
    sides = _sides(item.condition)
    ids = tuple(sides)
    for id in ids:
        if id not in known:
            raise VocabularyError("There is no clause “{id}” in the document.", id=id[:60])
    try:
        clauses = {id: lower(known[id].expression, context) for id in ids}
    except ClausesError as error:
        return StoppedItem(id=item.id, reason=error)
    promisable = {id for id in ids if known[id].when_unknown is WhenUnknown.PROMISE and len(sides[id]) == 1}
    failing = {id for id in ids if known[id].when_unknown is WhenUnknown.FAIL}
    joined = _Joined(clauses, frozenset(failing), frozenset(promisable))
    return ItemCircuits(
        id=item.id,
        result=joined.circuit(item.condition),
        promised=joined.circuit(item.condition, are_promised=True),
        clauses=MappingProxyType(clauses),
        without=MappingProxyType({id: joined.without(item.condition, id, sides[id]) for id in ids}),
    )


def _sides(condition: Expression) -> dict[str, set[bool]]:
    """The clauses in the order they stand, each with whether it speaks for the item there, against it, or both.

    :raises VocabularyError: for anything but clauses, joined.
    """
    found: dict[str, set[bool]] = {}
    left = [(condition, True)]
    while left:
        current, is_for = left.pop()
        if isinstance(current, ClauseRef):
            found.setdefault(current.clause, set()).add(is_for)
        elif isinstance(current, IfThen):
            left += [(current.conclusion, is_for), (current.premise, not is_for)]
        elif isinstance(current, Not):
            left.append((current.part, not is_for))
        elif isinstance(current, Every | Some | AtLeast):
            left += [(each, is_for) for each in reversed(current.parts)]
        else:
            raise VocabularyError("An item's condition joins clauses by their ids, and nothing else.")
    return found


@dataclass(frozen=True, slots=True)
class _Joined:
    """The item's condition over its clauses. ``is_for``: whether a clause being met speaks for the item there.

    :param failing: clauses of which what is not known counts against the item.
    :param promisable: those of which it may be promised: none that stands there both ways.
    """

    clauses: Mapping[str, Circuit]
    failing: frozenset[str]
    promisable: frozenset[str]

    def without(self, condition: Expression, id: str, sides: set[bool]) -> Circuit:
        """The result with the clause ``id`` the way that helps, wherever it stands."""
        ways = tuple(self.circuit(condition, given={id: of(is_for)}) for is_for in sorted(sides, reverse=True))
        return ways[0] if len(ways) == 1 else Disjunction(ways)

    def circuit(
        self,
        condition: Expression,
        *,
        is_for: bool = True,
        are_promised: bool = False,
        given: Mapping[str, Truth] = MappingProxyType({}),
    ) -> Circuit:
        def join(part: Expression, turned: bool = False) -> Circuit:
            return self.circuit(part, is_for=is_for is not turned, are_promised=are_promised, given=given)

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
        if not isinstance(condition, ClauseRef):  # _sides has looked at all of it
            raise TypeError(condition)
        if condition.clause in given:
            return Constant(given[condition.clause])
        return self._clause(condition.clause, is_for, are_promised)

    def _clause(self, id: str, is_for: bool, are_promised: bool) -> Circuit:
        if id in self.failing:
            return Assumed(self.clauses[id], not is_for)
        return Assumed(self.clauses[id], is_for) if are_promised and id in self.promisable else self.clauses[id]
