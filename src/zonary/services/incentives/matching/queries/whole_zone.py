"""One measure for every enterprise of the zone at once: sets of rows, equal to deciding each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from zonary.engines.clauses.circuits.items import ItemCircuits, StoppedItem, lower_item
from zonary.engines.clauses.circuits.lowering import Context
from zonary.engines.clauses.errors import ClausesError, TableError
from zonary.foundation.organizations.models import Organization
from zonary.services.incentives.matching.models import Promise
from zonary.services.incentives.matching.queries.deciding import (
    Answered,
    Question,
    answers_to,
    question_of,
    subjects_called,
)

if TYPE_CHECKING:
    from zonary.engines.clauses.planes import ItemSets, RowSet
    from zonary.foundation.rules.columns import EnterpriseColumns

# Columns and sets of rows bring numpy and Arrow: loaded by who asks for the whole zone, not by all that starts.


@dataclass(frozen=True)
class Matching:
    """Public ids of enterprises by what the measure comes to for them; promises that were given are counted.

    :ivar stopped: why it was not asked of anybody; then nothing else is there.
    :ivar short: by clause, those that fail and would not if it alone were met.
    :ivar rows: enterprises asked.
    """

    question: Question
    yes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    short: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: int = 0
    stopped: ClausesError | None = None


def matched_enterprises(
    measure: str, *, day: date, known_at: datetime, at: datetime, release: str = "", own_word: bool = True
) -> Matching:
    """What :func:`answers_to` says of every enterprise, found for all at once.

    Names of enterprises come out of it: whoever shows them to a person records a reading, or decides and so records it.

    :raises UnknownAnswerError: when there is no such measure.
    """
    asked = question_of(measure, day=day, known_at=known_at, at=at, release=release, own_word=own_word)
    return next(matchings([asked]))


def matchings(asked: Sequence[Question]) -> Iterator[Matching]:
    """Of several measures, in their order, from one reading of the facts. All of one day, moment and word."""
    from zonary.foundation.rules.columns import columns_of

    packs = {each.loaded.digest: each.loaded for each in asked}
    first = asked[0] if asked else None
    found = (
        columns_of(list(packs.values()), day=first.day, known_at=first.known_at, own_word=first.own_word)
        if first is not None
        else ()
    )
    columns = dict(zip(packs, found, strict=True))
    for each in asked:
        yield _matching(each, columns[each.loaded.digest])


def _matching(asked: Question, columns: EnterpriseColumns) -> Matching:
    from zonary.engines.clauses.planes import Plan, match

    circuits = circuits_of(asked)
    if isinstance(circuits, StoppedItem):
        # A table that sets cannot be made of is asked of each; anything else stops the item for everybody.
        is_for_one = isinstance(circuits.reason, TableError)
        return _one_by_one(asked) if is_for_one else Matching(asked, stopped=circuits.reason)
    sets = match(Plan([circuits]), columns.enterprises).item(circuits.id)
    return _with_promises(_named(asked, sets, columns.organizations))


def circuits_of(asked: Question) -> ItemCircuits | StoppedItem:
    """The measure's item as the set back-end asks it."""
    pack = asked.loaded.pack
    context = Context(vocabulary=pack.vocabulary, parameters=pack.parameters, day=asked.day, known_at=asked.known_at)
    return lower_item(asked.loaded.plan[asked.item].item, pack.document, context)


def _named(asked: Question, sets: ItemSets, organizations: tuple[str, ...]) -> Matching:
    def names(rows: RowSet) -> tuple[str, ...]:
        return tuple(organizations[row] for row in rows.listed().tolist())

    short = {clause: names(rows) for clause, rows in sets.short.items() if rows.count}
    return Matching(asked, names(sets.yes), names(sets.unknown), MappingProxyType(short), len(organizations))


def _with_promises(found: Matching) -> Matching:
    """The sets know of no promise: who gave one is decided again, by itself."""
    asked = found.question
    promises = Promise.objects.filter(measure=asked.measure, subject__kind=Organization.Kind.ENTERPRISE)
    gave = promises.exclude(subject__state=Organization.State.CLOSED)
    names = sorted({str(name) for name in gave.values_list("subject__public_id", flat=True)})
    if not names:
        return found
    left = set(names)
    decided = _sorted_out(asked, list(answers_to(asked, subjects_called(names))), found.rows)
    short = {clause: [each for each in found.short.get(clause, ()) if each not in left] for clause in found.short}
    for clause, more in decided.short.items():
        short.setdefault(clause, []).extend(more)
    return Matching(
        asked,
        (*(each for each in found.yes if each not in left), *decided.yes),
        (*(each for each in found.unknown if each not in left), *decided.unknown),
        MappingProxyType({clause: tuple(more) for clause, more in short.items() if more}),
        found.rows,
    )


def _sorted_out(asked: Question, answers: Iterable[Answered], rows: int) -> Matching:
    names: dict[str, list[str]] = {"yes": [], "unknown": [], "no": [], "stopped": []}
    short: dict[str, list[str]] = {}
    for each in answers:
        names[each.truth].append(str(each.subject.public_id))
        for clause in each.decision.short:
            short.setdefault(clause, []).append(str(each.subject.public_id))
    found = MappingProxyType({clause: tuple(of) for clause, of in short.items()})
    return Matching(asked, tuple(names["yes"]), tuple(names["unknown"]), found, rows)


def _one_by_one(asked: Question) -> Matching:
    """For what cannot be asked of all at once, such as a part of a table's number. Slower, and the same."""
    every = Organization.objects.filter(kind=Organization.Kind.ENTERPRISE).exclude(state=Organization.State.CLOSED)
    subjects = list(every.order_by("pk"))
    return _sorted_out(asked, answers_to(asked, subjects), len(subjects))
