"""Whether an enterprise has an item, clause by clause, and what it would take.

Data that are not known never let an item pass (docs/adr/0034): under a negation, what is not known would be a yes, so
what it means is settled by the polarity of the clause in the item's condition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from zonary.engines.clauses.documents import Clause, Item, WhenUnknown
from zonary.engines.clauses.errors import ClausesError, ExpiredParameterError, NoEditionError, TableError
from zonary.engines.clauses.expressions import ClauseRef, Leaf
from zonary.engines.clauses.interpreter.asking import Asking
from zonary.engines.clauses.interpreter.conditions import polarities, truth_of
from zonary.engines.clauses.interpreter.leaves import LeafFinding
from zonary.engines.clauses.interpreter.needs import Need, need
from zonary.engines.clauses.interpreter.plans import Plan, Planned
from zonary.engines.clauses.interpreter.ways import nearest_way
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.snapshots import Snapshot


class Stop(StrEnum):
    """Why an item was not asked. None of these is a no."""

    NOT_YET = "not_yet_in_force"
    NO_LONGER = "no_longer_in_force"
    PARAMETER = "parameter_without_value"
    LIST = "list_without_edition"
    TABLE = "table_without_result"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseFinding:
    """What was found of one clause.

    :param truth: of its own; what an unknown one counts as is the item's matter.
    :param leaves: of its comparisons, in the order they stand.
    :param is_promised: whether the enterprise's promise stood in for what is not known.
    :param needs: what would turn it, when it counts against the item.
    """

    clause: Clause
    truth: Truth
    leaves: tuple[LeafFinding, ...]
    is_promised: bool = False
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer of one item for one snapshot.

    :param version: of the rules that were asked, as whoever asked names it.
    :param truth: None when the item was stopped, and only then.
    :param error: the sentence that says why it was stopped.
    :param promised: promises that were given.
    :param promises: further ones, none of them in vain, that would make it a yes; empty when none would.
    :param short: clauses each of which alone, being the other way, would make a no a yes.
    :param nearest: a smallest set of clauses that together would; empty of a yes.
    """

    document: str
    version: str
    item: Item
    snapshot: Snapshot
    truth: Truth | None
    stop: Stop | None = None
    error: ClausesError | None = None
    clauses: tuple[ClauseFinding, ...] = ()
    promised: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()


def decide(
    plan: Plan, item: str, asking: Asking, *, version: str = "", promised: frozenset[str] = frozenset()
) -> Decision:
    """Ask ``item`` of the enterprise.

    :param promised: ids of clauses whose fulfilment the enterprise has promised. They stand in for what is not known of
        clauses that allow it; against what is known no promise helps.
    :raises RuleError: when there is no such item, or a sentence of it cannot be asked of its terms.
    :raises UnitMismatchError: when it compares different units.
    """
    planned = plan[item]
    stop, error = _outside(planned.item, asking.snapshot)
    if stop is None:
        try:
            return _asked(plan, planned, asking, version, promised)
        except (ExpiredParameterError, NoEditionError, TableError) as caught:
            stop = {ExpiredParameterError: Stop.PARAMETER, NoEditionError: Stop.LIST}.get(type(caught), Stop.TABLE)
            error = caught
    return Decision(
        document=plan.document.number,
        version=version,
        item=planned.item,
        snapshot=asking.snapshot,
        truth=None,
        stop=stop,
        error=error,
        promised=tuple(sorted(promised)),
    )


def _outside(item: Item, snapshot: Snapshot) -> tuple[Stop | None, ClausesError | None]:
    if snapshot.day < item.first:
        return Stop.NOT_YET, ClausesError("“{item}” is in force from {day} on.", item=item.title, day=str(item.first))
    if item.last is not None and snapshot.day > item.last:
        return Stop.NO_LONGER, ClausesError("“{item}” was in force until {day}.", item=item.title, day=str(item.last))
    return None, None


def _asked(plan: Plan, planned: Planned, asking: Asking, version: str, promised: frozenset[str]) -> Decision:
    leaves = {each.id: _leaves(each, asking) for each in planned.clauses}
    truths = {each.id: _clause_truth(each, leaves[each.id]) for each in planned.clauses}
    state = _State(planned, truths, promised)
    truth = state.truth()
    promises = state.promises() if truth is Truth.UNKNOWN else ()
    short = state.short() if truth is Truth.NO else ()
    nearest = nearest_way(planned, state.counted, state.truth) if truth is not Truth.YES else ()
    return Decision(
        document=plan.document.number,
        version=version,
        item=planned.item,
        snapshot=asking.snapshot,
        truth=truth,
        clauses=tuple(_finding(each, planned, truths, leaves[each.id], state, asking) for each in planned.clauses),
        promised=tuple(sorted(promised)),
        promises=promises,
        short=short,
        nearest=nearest,
    )


def _leaves(clause: Clause, asking: Asking) -> tuple[LeafFinding, ...]:
    return tuple(asking.finding(leaf) for leaf, _ in polarities(clause.expression) if not isinstance(leaf, ClauseRef))


def _clause_truth(clause: Clause, leaves: tuple[LeafFinding, ...]) -> Truth:
    values = iter(leaves)
    return truth_of(clause.expression, lambda _, __: next(values).truth)


class _State:
    """The clauses' truth values, and what an unknown one counts as where it stands."""

    def __init__(self, planned: Planned, truths: Mapping[str, Truth], promised: frozenset[str]) -> None:
        self.planned = planned
        self.truths = truths
        self.clauses = {each.id: each for each in planned.clauses}
        self.stands_in = {
            id: wanted
            for id, wanted in planned.wanted.items()
            if id in promised and self._is_open(id) and wanted is not None
        }

    def _is_open(self, id: str) -> bool:
        return self.truths[id] is Truth.UNKNOWN and self.clauses[id].when_unknown is WhenUnknown.PROMISE

    def counted(self, id: str, is_positive: bool) -> Truth:
        """What the clause counts as, at a place of this polarity."""
        truth = self.stands_in.get(id, self.truths[id])
        if truth is Truth.UNKNOWN and self.clauses[id].when_unknown is WhenUnknown.FAIL:
            return Truth.NO if is_positive else Truth.YES
        return truth

    def truth(self, assumed: Mapping[str, Truth] | None = None) -> Truth:
        """Of the item, with some clauses assumed to be otherwise than they are."""

        def of_leaf(leaf: Leaf | ClauseRef, is_positive: bool) -> Truth:
            id = leaf.clause if isinstance(leaf, ClauseRef) else ""
            return assumed[id] if assumed is not None and id in assumed else self.counted(id, is_positive)

        return truth_of(self.planned.item.condition, of_leaf)

    def promises(self) -> tuple[str, ...]:
        """The open clauses whose promise, together, would make it a yes, none of them in vain."""
        wanted = self.planned.wanted
        could = {
            id: want
            for id, want in wanted.items()
            if want is not None and self._is_open(id) and id not in self.stands_in
        }
        if not could or self.truth(could) is not Truth.YES:
            return ()
        for id in reversed(list(could)):
            without = {each: want for each, want in could.items() if each != id}
            if without and self.truth(without) is Truth.YES:
                could = without
        return tuple(could)

    def short(self) -> tuple[str, ...]:
        return tuple(
            id
            for id, want in self.planned.wanted.items()
            if any(
                self.truth({id: each}) is Truth.YES for each in ((want,) if want is not None else (Truth.YES, Truth.NO))
            )
        )


def _finding(
    clause: Clause,
    planned: Planned,
    truths: Mapping[str, Truth],
    leaves: tuple[LeafFinding, ...],
    state: _State,
    asking: Asking,
) -> ClauseFinding:
    truth, wanted = truths[clause.id], planned.wanted[clause.id]
    needs: tuple[Need, ...] = ()
    if wanted is not None and truth is ~wanted:
        needs = _needs(clause, leaves, wanted, asking)
    return ClauseFinding(
        clause=clause, truth=truth, leaves=leaves, is_promised=clause.id in state.stands_in, needs=needs
    )


def _needs(clause: Clause, leaves: tuple[LeafFinding, ...], wanted: Truth, asking: Asking) -> tuple[Need, ...]:
    signs = [is_positive for _, is_positive in polarities(clause.expression)]
    found = (
        need(place, leaf, wanted if sign else ~wanted, asking.snapshot, asking.vocabulary)
        for place, (leaf, sign) in enumerate(zip(leaves, signs, strict=True))
    )
    return tuple(each for each in found if each is not None)
