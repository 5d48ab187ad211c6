"""One measure for every enterprise of the zone at once: sets of rows, equal to deciding each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from zonary.engines.clauses.circuits.items import ItemCircuits, StoppedItem, lower_item
from zonary.engines.clauses.circuits.lowering import Context
from zonary.engines.clauses.errors import ClausesError
from zonary.engines.clauses.planes import ItemSets, Plan, RowSet, match
from zonary.foundation.rules.columns import columns_of
from zonary.services.incentives.matching.queries.deciding import Question, answers_to, question_of, subjects_called


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
    short: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    rows: int = 0
    stopped: ClausesError | None = None


def matched_enterprises(
    measure: str, *, day: date, known_at: datetime, at: datetime, release: str = ""
) -> Matching:
    """What :func:`answers_to` says of every enterprise, found for all at once.

    Names of enterprises come out of it: whoever shows them to a person records a reading, or decides and so records it.

    :raises UnknownAnswerError: when there is no such measure.
    """
    asked = question_of(measure, day=day, known_at=known_at, at=at, release=release)
    circuits = circuits_of(asked)
    if isinstance(circuits, StoppedItem):
        return Matching(asked, stopped=circuits.reason)
    (columns,) = columns_of([asked.loaded], day=day, known_at=known_at)
    sets = match(Plan([circuits]), columns.enterprises).item(circuits.id)
    found = _named(asked, sets, columns.organizations)
    return _with_promises(found)


def circuits_of(asked: Question) -> ItemCircuits | StoppedItem:
    """The measure's item as the set back-end asks it."""
    pack = asked.loaded.pack
    context = Context(pack.vocabulary, pack.parameters, asked.day, asked.known_at)
    return lower_item(asked.loaded.plan[asked.item].item, pack.document, context)


def _named(asked: Question, sets: ItemSets, organizations: tuple[str, ...]) -> Matching:
    def names(rows: RowSet) -> tuple[str, ...]:
        return tuple(organizations[row] for row in rows.listed().tolist())

    short = {clause: names(rows) for clause, rows in sets.short.items() if rows.count}
    return Matching(asked, names(sets.yes), names(sets.unknown), MappingProxyType(short), len(organizations))


def _with_promises(found: Matching) -> Matching:
    """The sets know of no promise: who gave one is decided again, by itself."""
    from zonary.services.incentives.matching.models import Promise

    asked = found.question
    rows = Promise.objects.filter(measure=asked.measure).values_list("subject__public_id", flat=True).distinct()
    names = set(map(str, rows)) & {*found.unknown, *(name for each in found.short.values() for name in each)}
    if not names:
        return found
    answers = answers_to(asked, subjects_called(sorted(names)))
    turned = {str(each.subject.public_id): each for each in answers}
    now_yes = {name for name, each in turned.items() if each.truth == "yes"}
    unknown = {name for name, each in turned.items() if each.truth == "unknown"}
    short = {
        clause: tuple(name for name in names_ if name not in turned or clause in turned[name].decision.short)
        for clause, names_ in found.short.items()
    }
    return Matching(
        asked,
        tuple(sorted({*found.yes, *now_yes})) if now_yes else found.yes,
        tuple(name for name in found.unknown if name not in now_yes or name in unknown),
        MappingProxyType({clause: names_ for clause, names_ in short.items() if names_}),
        found.rows,
    )
