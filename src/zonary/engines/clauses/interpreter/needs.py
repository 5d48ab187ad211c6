"""How far a comparison is from what it would have to be: exact, and rounded so that it then holds.

Of a share, a rate and of growth, what the part would have to be while the whole stays as it is.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Final, NamedTuple

from zonary.engines.clauses import kleene
from zonary.engines.clauses.dates import moved
from zonary.engines.clauses.domains import domain_of
from zonary.engines.clauses.expressions import (
    Elapsed,
    Growth,
    Happened,
    PerUnit,
    Relation,
    quantities_of,
)
from zonary.engines.clauses.extents import Exact, holds
from zonary.engines.clauses.interpreter.leaves import LeafFinding, Reason, grown_by, of_millionths
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.measures import Threshold
from zonary.engines.clauses.snapshots import Snapshot
from zonary.engines.clauses.vocabulary import NEVER, Vocabulary

_NOTHING_UNDER: Final = Reason.NOTHING_UNDER
_WAITING: Final = (Elapsed, Happened)


class Need(NamedTuple):
    """What would turn one leaf of a clause.

    :param leaf: its place in the clause, from 0.
    :param to: what its first measure would have to be, in the smallest unit; of a mean, the mean.
    :param by: the difference to what it is; negative when it is too much.
    :param from_day: the day from which it will be so if nothing else changes, instead of a number.
    """

    leaf: int
    to: Exact | None = None
    by: Exact | None = None
    from_day: date | None = None


class Kept:
    """What one leaf of the rules needs for one threshold: of a plain comparison the same for every enterprise.

    :ivar found: the threshold, and what the measure would have to be. In one, so that threads see both or neither.
    """

    __slots__ = ("found",)

    def __init__(self) -> None:
        self.found: tuple[Threshold, Exact | None] | None = None


def need(
    place: int,
    finding: LeafFinding,
    wanted: Truth,
    snapshot: Snapshot,
    vocabulary: Vocabulary,
    kept: Kept | None = None,
) -> Need | None:
    """What would make the leaf ``wanted``; None when nothing can be named, as of what is not known.

    :param kept: that of this leaf, this ``wanted``, and thresholds made for this vocabulary.
    """
    leaf, truth, measures, thresholds = finding[:4]
    if truth is wanted or truth is kleene.UNKNOWN or finding.reason is _NOTHING_UNDER:
        return None
    if not measures:
        day = _day_of(finding, wanted, snapshot)
        return None if day is None else Need(place, from_day=day)
    now = measures[0].extent.number
    if now is None:
        return None
    if kept is not None and kept.found is not None and kept.found[0] is thresholds[0]:
        to = kept.found[1]
        return None if to is None else Need(place, to, to - now)
    domain = domain_of(vocabulary, quantities_of(leaf)[0], len(measures[0].years) or 1)
    held = _held(finding)
    # One who wants a range left can leave it on either side.
    wanting = held if wanted is Truth.YES else _left(held)
    if len(wanting) != 1:
        to = _closest(now, [domain.nearest(*each) for each in wanting], held, wanted)
    else:
        to = domain.nearest(*wanting[0])
        if kept is not None and len(measures) == 1:
            kept.found = thresholds[0], to
    return None if to is None else Need(place, to, to - now)


def _closest(
    now: Exact, numbers: list[Exact | None], held: list[tuple[Relation, Exact]], wanted: Truth
) -> Exact | None:
    """Of ``numbers`` that each turn one relation, the closest that turns all that has to be."""
    there = [each for each in numbers if each is not None and _turns(held, each, wanted)]
    return min(there, key=lambda number: abs(Fraction(number) - now), default=None)


def _left(held: list[tuple[Relation, Exact]]) -> list[tuple[Relation, Exact]]:
    """What the first measure could be held against for one of these not to hold."""
    found = []
    for relation, bound in held:
        if relation is Relation.EQUAL:
            found += [(Relation.MORE, bound), (Relation.LESS, bound)]
        else:
            found.append((relation.opposite, bound))
    return found


def _held(finding: LeafFinding) -> list[tuple[Relation, Exact]]:
    """The relations of the first measure alone: of a share, with the whole as it is."""
    value = finding.thresholds[0].value
    if len(finding.thresholds) > 1:
        return [(finding.relations[0], value), (finding.relations[1], finding.thresholds[1].value)]
    if len(finding.measures) == 1:
        return [(finding.relations[0], value)]
    under = finding.measures[1].extent.number
    if under is None:
        return []
    if isinstance(finding.leaf, PerUnit):
        ratio = value
    else:
        ratio = grown_by(value) if isinstance(finding.leaf, Growth) else of_millionths(value)
    return [(finding.relations[0], under * ratio)]


def _turns(held: list[tuple[Relation, Exact]], number: Exact, wanted: Truth) -> bool:
    for relation, bound in held:
        if not holds(number, relation, bound):
            return wanted is Truth.NO
    return wanted is Truth.YES


def _day_of(finding: LeafFinding, wanted: Truth, snapshot: Snapshot) -> date | None:
    """The day from which waiting alone makes it so; None when it never does."""
    leaf = finding.leaf
    if not isinstance(leaf, _WAITING) or not finding.read:
        return None
    value = int(snapshot.data[finding.read[0]].value)
    if isinstance(leaf, Elapsed):
        grows = leaf.duration.relation in (Relation.AT_LEAST, Relation.MORE)
        if grows is not (wanted is Truth.YES):
            return None
        full = moved(date.fromordinal(value), leaf.count.value, leaf.unit)
        is_after = leaf.duration.relation in (Relation.MORE, Relation.AT_MOST)
        return _next(full) if is_after else full
    if isinstance(leaf.since, date) or value == NEVER or leaf.is_denied is not (wanted is Truth.YES):
        return None
    return _out_of_sight(leaf, date.fromordinal(value))


def _out_of_sight(leaf: Happened, event: date) -> date | None:
    """The first day whose stretch back no longer holds the event. Months are of several lengths, so it is tried."""
    if isinstance(leaf.since, date):
        return None
    count, unit = leaf.since
    day = moved(event, count.value, unit)
    for _ in range(4):
        if moved(day, -count.value, unit) >= event:
            return day
        day = _next(day)
    return None


def _next(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day
