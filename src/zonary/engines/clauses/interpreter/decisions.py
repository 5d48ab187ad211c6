"""Whether an enterprise has an item, clause by clause, and what it would take.

Data that are not known never let an item pass (docs/adr/0034): under a negation, what is not known would be a yes, so
what it means is settled by the polarity of the clause in the item's condition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import cached_property, partial
from itertools import repeat
from typing import Final, NamedTuple, TypeAlias

from zonary.engines.clauses import kleene
from zonary.engines.clauses.documents import Clause, Item, WhenUnknown
from zonary.engines.clauses.errors import ClausesError, ExpiredParameterError, NoEditionError, TableError
from zonary.engines.clauses.interpreter.asking import Asking
from zonary.engines.clauses.interpreter.findings import Answer, ClauseFinding
from zonary.engines.clauses.interpreter.plans import Plan, Planned
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.snapshots import Snapshot


class Stop(StrEnum):
    """Why an item was not asked. None of these is a no."""

    NOT_YET = "not_yet_in_force"
    NO_LONGER = "no_longer_in_force"
    PARAMETER = "parameter_without_value"
    LIST = "list_without_edition"
    TABLE = "table_without_result"


class Decision(NamedTuple):
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


_FAIL: Final = WhenUnknown.FAIL
_PROMISE: Final = WhenUnknown.PROMISE
_CLAUSE_FINDING: Final[Callable[[tuple[Clause, Answer, bool]], ClauseFinding]] = partial(tuple.__new__, ClauseFinding)
"""Made without a call of Python: there are some thousand of one enterprise."""


def _asked(plan: Plan, planned: Planned, asking: Asking, version: str, promised: frozenset[str]) -> Decision:
    answers = asking.answers(planned.questions)
    truths = [each.number for each in answers]
    clauses = tuple(map(_CLAUSE_FINDING, zip(planned.asked, answers, repeat(False))))
    could_promise: list[int] = []
    if 0 in truths:
        values, stands_in, could_promise = _settled(planned, truths, promised)
        if stands_in:
            clauses = tuple([each._replace(is_promised=place in stands_in) for place, each in enumerate(clauses)])
    else:
        values = truths if planned.is_plain else [truths[place] for place in planned.places]
    truth, promises, short, nearest = (_all_of if planned.is_plain else _joined)(planned, values, could_promise)
    return Decision(
        plan.document.number,
        version,
        planned.item,
        asking.snapshot,
        truth,
        None,
        None,
        clauses,
        tuple(sorted(promised)) if promised else (),
        promises,
        short,
        nearest,
    )


def _settled(planned: Planned, truths: list[int], promised: frozenset[str]) -> tuple[list[int], list[int], list[int]]:
    """What the leaves of the item's condition count as, where some of its clauses are not known.

    Then the clauses a promise stands in for, and those that a further one could; clauses go by their place in the item.
    """
    counted, fails = list(truths), []
    stands_in, could_promise = [], []
    for place, truth in enumerate(truths):
        if truth:
            continue
        clause, wanted = planned.asked[place], planned.wanted[place]
        if clause.when_unknown is _FAIL:
            fails.append(place)
        elif clause.when_unknown is _PROMISE and wanted:
            if clause.id in promised:
                stands_in.append(place)
                counted[place] = wanted
            else:
                could_promise.append(place)
    values = [counted[place] for place in planned.places]
    if fails:  # against the enterprise: no where it would help, yes where it would harm
        for at, (place, (_, is_positive)) in enumerate(zip(planned.places, planned.program.leaves, strict=True)):
            if place in fails:
                values[at] = -1 if is_positive else 1
    return values, stands_in, could_promise


_Ways: TypeAlias = tuple[Truth, tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""Whether it is so; promises, clauses of which each, and those that together would make it so, as :class:`Decision`."""


def _all_of(planned: Planned, values: list[int], could_promise: list[int]) -> _Ways:
    """Of an item that asks every clause, each once and none denied: against it is what is not met, and nothing else."""
    against = [place for place, now in enumerate(values) if now < 1]
    if not against:
        return kleene.YES, (), (), ()
    ids = _ids(planned, against)
    if -1 in values:
        return kleene.NO, (), ids if len(ids) == 1 else (), ids
    return kleene.UNKNOWN, ids if against == could_promise else (), (), ids


def _joined(planned: Planned, values: list[int], could_promise: list[int]) -> _Ways:
    """Of any other item."""
    truth = planned.program.run(values)
    if truth == 1:
        return kleene.YES, (), (), ()
    search = _Search(planned, values)
    if truth < 0:
        return Truth.NO, (), search.short(), search.nearest()
    return Truth.UNKNOWN, search.promises(could_promise), (), search.nearest()


def _ids(planned: Planned, places: Iterable[int]) -> tuple[str, ...]:
    ids = planned.ids
    return tuple([ids[place] for place in places])


class _Search:
    """Looks for clauses that, the other way, would make an item a yes.

    :param values: what the leaves of its condition count as.
    """

    def __init__(self, planned: Planned, values: list[int]) -> None:
        self.planned = planned
        self.values = values

    def would_do(self, assumed: Mapping[int, int]) -> bool:
        """Whether it were a yes, with some clauses assumed to be otherwise than they are."""
        now = zip(self.planned.places, self.values, strict=True)
        return self.planned.program.run([assumed.get(place, value) for place, value in now]) == 1

    def promises(self, could_promise: list[int]) -> tuple[str, ...]:
        """The open clauses whose promise, together, would make it a yes, none of them in vain."""
        could = self._assumed(could_promise)
        return _ids(self.planned, self._without_idle(could)) if could and self.would_do(could) else ()

    def short(self) -> tuple[str, ...]:
        """Where a clause stands both ways, either may do."""
        if self._is_each_once and self._way.bit_count() > 1:
            return ()
        now = dict(zip(self.planned.places, self.values, strict=True))
        found = []
        for place, want in enumerate(self.planned.wanted):
            if now[place] == want:  # it would change nothing
                continue
            if any(self.would_do({place: each}) for each in ((want,) if want else (1, -1))):
                found.append(place)
        return _ids(self.planned, found)

    def nearest(self) -> tuple[str, ...]:
        """Clauses that, together, would make it a yes, each of them needed; what stands both ways is left as it is."""
        assumed = self._assumed([place for place in range(len(self.planned.wanted)) if self._way >> place & 1])
        if self._is_each_once:
            return _ids(self.planned, assumed)
        return _ids(self.planned, self._without_idle(assumed)) if self.would_do(assumed) else ()

    @property
    def _is_each_once(self) -> bool:
        """Whether no clause stands in the condition twice: then the way is a smallest one, and all of it is needed."""
        return len(self.planned.places) == len(self.planned.clauses)

    @cached_property
    def _way(self) -> int:
        """Clauses that, the other way, would make it a yes, as bits of a number."""
        places = self.planned.places
        yes = [0 if now == 1 else 1 << place for place, now in zip(places, self.values, strict=True)]
        no = [0 if now == -1 else 1 << place for place, now in zip(places, self.values, strict=True)]
        return self.planned.program.ways(yes, no)

    def _assumed(self, places: Iterable[int]) -> dict[int, int]:
        wanted = self.planned.wanted
        return {place: wanted[place] for place in places if wanted[place]}

    def _without_idle(self, assumed: dict[int, int]) -> Iterable[int]:
        for place in reversed(list(assumed)):
            without = {each: value for each, value in assumed.items() if each != place}
            if without and self.would_do(without):
                assumed = without
        return assumed
