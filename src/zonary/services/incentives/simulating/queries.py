"""One item as it is and as it would be, for the whole zone: numbers alone. Who they are is an act (``actions``)."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Max

from zonary.common.clock import end_of_day, zone_date
from zonary.engines.clauses.bundles import setting_of
from zonary.engines.clauses.circuits.forms import Context
from zonary.engines.clauses.circuits.gates import Column
from zonary.engines.clauses.circuits.items import ItemCircuits, StoppedItem, lower_item
from zonary.engines.clauses.dials import Dial, dials_of, turned
from zonary.engines.clauses.errors import TableError
from zonary.engines.clauses.interpreter.asking import Asking
from zonary.engines.clauses.interpreter.plans import Plan
from zonary.engines.clauses.packs.reading import Pack
from zonary.engines.clauses.quantities import Amount
from zonary.engines.clauses.snapshots import Datum, Key, Snapshot
from zonary.engines.clauses.tables.model import Fixed
from zonary.foundation.facts.models import Consent, Fact, Retraction
from zonary.foundation.ledger.queries import first_act
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.permissions import NotAllowedError, require_scope
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules.loaded import LoadedPack, pack_in_force, read_draft
from zonary.foundation.rules.models import PackDraft
from zonary.foundation.rules.queries import drafts
from zonary.services.incentives.matching.permissions import READ
from zonary.services.incentives.matching.queries import UnknownAnswerError
from zonary.services.incentives.measures.models import Measure
from zonary.services.incentives.simulating.events import TryingBegun

if TYPE_CHECKING:
    from zonary.engines.clauses.planes import Cost, ItemSets, RowSet
    from zonary.foundation.rules.columns import EnterpriseColumns

# Columns and sets of rows bring numpy and Arrow: loaded by who tries something out, not by all that starts.

MAX_KEPT: Final = 4
"""Tables of the whole zone kept in memory: a million enterprises with thirty columns are some 250 MB."""
MAX_AMOUNTS: Final = 20_000
"""Enterprises whose amounts are worked out one by one at a time, where the amount depends on the enterprise."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be tried out: an item of a published measure's rules, or of a draft.

    :param document: the policy document it comes from, or the title of the draft; empty where there is none.
    :param gives: kind of the measure (``measures.rules.KINDS``); empty for a draft.
    :param also: what is written about it besides, to be searched.
    """

    kind: str
    public_id: str
    item: str
    title: str
    title_english: str
    document: str = ""
    document_english: str = ""
    gives: str = ""
    also: str = ""

    def has(self, words: Sequence[str]) -> bool:
        """Whether all of them stand in what it says of itself, in either language."""
        said = f"{self.title}\n{self.title_english}\n{self.document}\n{self.document_english}\n{self.also}".casefold()
        return all(each.casefold() in said for each in words)


@dataclass(frozen=True, slots=True)
class Model:
    """An item with the rules it stands in; for a draft, ``loaded.release`` is empty."""

    loaded: LoadedPack
    item: str
    choice: Choice


@dataclass(frozen=True, slots=True)
class Side:
    """Who there are of each; ``cost`` is None when the item pays nothing, or too many amounts are to be found.

    :param paid: fen by row, None where not known; one number where all who have it get the same.
    """

    sets: ItemSets
    cost: Cost | None
    short: Mapping[str, int]
    paid: Mapping[int, int | None] | int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The zone's answer.

    :param organizations: public ids by row.
    """

    rows: int
    day: date
    known_at: datetime
    now: Side
    then: Side
    winners: RowSet
    losers: RowSet
    organizations: Sequence[str]
    pack: Pack


def require_may_try(reader: Standing) -> None:
    """:raises NotAllowedError: for who is no officer, or may only look."""
    require_scope(reader, READ)
    if not (reader.is_officer and reader.may_act):
        raise NotAllowedError(
            "Rules are tried out by owners and agents of the zone authority. What your enterprise may have stands "
            "under “My benefits”."
        )


def choices(reader: Standing, *, words: str = "", gives: str = "", at: datetime) -> list[Choice]:
    """Items of proposed drafts first, which are tried out to be released; then published measures, by document.

    :param words: all of them have to stand in a title, a summary or the document's title.
    :param gives: kind of measure.
    :raises NotAllowedError: for who is no officer.
    """
    require_may_try(reader)
    found = [] if gives else _drafted_choices(reader)
    rows = Measure.objects.filter(state=Measure.State.PUBLISHED).select_related("document")
    rows = rows.filter(kind=gives) if gives else rows
    found += [_choice_of(each) for each in rows.order_by("document__number", "title", "id")]
    return [each for each in found if each.has(words.split())]


def _drafted_choices(reader: Standing) -> list[Choice]:
    return [
        Choice("draft", str(draft.public_id), item.id, item.title, item.title_english, draft.title, draft.title_english)
        for draft in drafts(reader).filter(state=PackDraft.State.PROPOSED)[:50]
        for item in read_draft(draft).pack.document.items
    ]


def _choice_of(measure: Measure) -> Choice:
    document = measure.document
    return Choice(
        "measure",
        str(measure.public_id),
        measure.item,
        measure.title,
        measure.title_english,
        f"{document.title}（{document.number}）" if document else "",
        f"{document.title_english or document.title} ({document.number})" if document else "",
        measure.kind,
        f"{measure.summary}\n{measure.summary_english}",
    )


def model_of(reader: Standing, kind: str, public_id: str, item: str, *, at: datetime) -> Model:
    """:raises UnknownAnswerError: when there is no such thing to be tried out.
    :raises NotAllowedError: for who is no officer.
    """
    require_may_try(reader)
    if kind == "measure":
        found = Measure.objects.filter(public_id=as_uuid(public_id), state=Measure.State.PUBLISHED).first()
        if found is None or found.item != item:
            raise UnknownAnswerError("There is no such measure.")
        loaded = pack_in_force(found.pack, at=at)
        title, english = found.title, found.title_english
    else:
        draft = drafts(reader).filter(public_id=as_uuid(public_id), state=PackDraft.State.PROPOSED).first()
        if draft is None:
            raise UnknownAnswerError("There is no such draft.")
        loaded, title, english = _drafted(draft), draft.title, draft.title_english
    if item not in loaded.plan.items:
        raise UnknownAnswerError("These rules have no such item.")
    return Model(loaded, item, Choice(kind, public_id, item, title, english))


def _drafted(draft: PackDraft) -> LoadedPack:
    read = read_draft(draft)
    return LoadedPack(
        release="",
        pack_id=draft.pack,
        number=0,
        digest=draft.digest,
        released_at=draft.proposed_at,
        shape=read.shape,
        pack=read.pack,
        plan=read.plan,
        setting=read.setting,
    )


def begun(reader: Standing, model: Model, *, at: datetime) -> str:
    """The act that says the reader tries these rules out on the day of ``at``; empty when there is none."""
    first = end_of_day(zone_date(at) - timedelta(days=1))
    return first_act(TryingBegun.kind, by=reader, about=model.choice.public_id, since=first)


def dials(model: Model, *, at: datetime) -> tuple[Dial, ...]:
    """What can be changed, as it is in force today."""
    return dials_of(model.loaded.pack, model.item, day=zone_date(at), known_at=at)


def outcome(model: Model, changes: Mapping[str, str], *, at: datetime) -> Outcome:
    """The item as it is beside how it would be.

    :param changes: key of a dial -> number.
    :raises ClausesError: when a number cannot be that, or the item is not in force.
    """
    kept = _zone(model.loaded, at)
    pack = turned(model.loaded.pack, model.item, changes, day=kept.day, known_at=kept.known_at)
    now = _side(kept, model.loaded.pack, model.item)
    then = now if pack == model.loaded.pack else _side(kept, pack, model.item)
    return Outcome(
        rows=len(kept.columns.organizations),
        day=kept.day,
        known_at=kept.known_at,
        now=now,
        then=then,
        winners=then.sets.yes - now.sets.yes,
        losers=now.sets.yes - then.sets.yes,
        organizations=kept.columns.organizations,
        pack=pack,
    )


@dataclass(frozen=True, slots=True)
class _Zone:
    """The facts of the whole zone for one pack, as of a day, as known at a moment; and what was asked of it."""

    columns: EnterpriseColumns
    day: date
    known_at: datetime
    sides: dict[tuple[int, str], tuple[Pack, Side]]
    amounts: dict[object, dict[int, int | None]]


_kept: OrderedDict[tuple[object, ...], _Zone] = OrderedDict()
_lock = threading.Lock()


def _zone(loaded: LoadedPack, at: datetime) -> _Zone:
    """Read once for as long as facts, consents, enterprises and the day are the same. One thread reads at a time."""
    from zonary.foundation.rules.columns import columns_of

    day = zone_date(at)
    key = (loaded.digest, day, _known())
    with _lock:
        found = _kept.get(key)
        if found is None:
            (columns,) = columns_of([loaded], day=day, known_at=at)
            found = _kept[key] = _Zone(columns, day, at, {}, {})
        _kept.move_to_end(key)
        while len(_kept) > MAX_KEPT:
            _kept.popitem(last=False)
        return found


def _known() -> tuple[object, ...]:
    """What facts there are, by the last row of each table; what is changed in place, by when."""
    last = [
        model.objects.order_by("-pk").values_list(column, flat=True).first()
        for model, column in (
            (Fact, "public_id"),
            (Retraction, "entry"),
            (Consent, "entry"),
            (Organization, "public_id"),
        )
    ]
    changed = (
        *Consent.objects.aggregate(Max("withdrawn_at")).values(),
        *Organization.objects.aggregate(Max("changed_at")).values(),
    )
    return (*last, *changed)


def _side(zone: _Zone, pack: Pack, item: str) -> Side:
    known = zone.sides.get((id(pack), item))
    if known is not None and known[0] is pack:
        return known[1]
    side = _asked(zone, pack, item)
    if len(zone.sides) < MAX_KEPT:  # the item as it is, of a few items of one pack; a change is asked anew
        zone.sides[id(pack), item] = (pack, side)
    return side


def _asked(zone: _Zone, pack: Pack, item: str) -> Side:
    from zonary.engines.clauses import planes

    circuits = _circuits(zone, pack, item)
    matched = planes.match(planes.Plan([circuits]), zone.columns.enterprises)
    sets = matched.item(item)
    cost, paid = _cost(zone, pack, item, sets.yes)
    return Side(sets, cost, matched.count_short(item), paid)


def _circuits(zone: _Zone, pack: Pack, item: str) -> ItemCircuits:
    context = Context(
        vocabulary=pack.vocabulary,
        parameters=pack.parameters,
        day=zone.day,
        known_at=zone.known_at,
        tables=pack.tables,
    )
    found = lower_item(Plan(pack.document)[item].item, pack.document, context)
    if isinstance(found, StoppedItem):
        raise found.reason
    return found


def _cost(zone: _Zone, pack: Pack, item: str, rows: RowSet) -> tuple[Cost | None, Mapping[int, int | None] | int]:
    from zonary.engines.clauses.planes import Cost, cost_of

    name = Plan(pack.document)[item].item.amount
    if not name:
        return None, 0
    table = pack.tables[name]
    setting = setting_of(pack)
    if isinstance(table, Fixed) and isinstance(table.bound, Amount):
        fen = table.bound.number * int(pack.vocabulary.units[table.bound.unit].factor)
        return cost_of(rows, zone.columns.enterprises, int(fen)), int(fen)
    listed = rows.listed().tolist()
    amounts = _amounts_of(zone, pack, name)
    missing = [row for row in listed if row not in amounts]
    if len(missing) > MAX_AMOUNTS:
        return None, 0
    for row, snapshot in zip(missing, _snapshots(zone, pack, missing), strict=True):
        amounts[row] = _paid(Asking(setting, snapshot), name)
    paid = [amounts[row] for row in listed]
    return Cost(sum(each or 0 for each in paid), paid.count(None)), amounts


def _amounts_of(zone: _Zone, pack: Pack, name: str) -> dict[int, int | None]:
    """What the table gave rows that were asked about before: a changed threshold changes no amount."""
    tables = tuple(pack.tables[each] for each in pack.tables.needed(name))
    key = (tables, tuple(sorted(pack.parameters.series.items(), key=lambda each: each[0])))
    if key not in zone.amounts and len(zone.amounts) >= MAX_KEPT:
        zone.amounts.pop(next(iter(zone.amounts)), None)
    return zone.amounts.setdefault(key, {})


def _paid(asking: Asking, table: str) -> int | None:
    try:
        fen = asking.table(table).extent.number
    except TableError:
        return None
    return fen if isinstance(fen, int) else None


def _snapshots(zone: _Zone, pack: Pack, rows: Sequence[int]) -> list[Snapshot]:
    """Of these rows, values alone: where they are from is nothing that a sum of money says."""
    import pyarrow as pa

    from zonary.foundation.rules.columns import OFFSETS

    chosen = zone.columns.table.take(pa.array(rows, pa.int64()))
    data: list[dict[Key, Datum]] = [{} for _ in range(len(rows))]
    for term in pack.vocabulary.terms:
        for offset in OFFSETS if term.annual else (None,):
            name = Column(term.id, offset).name
            year = None if offset is None else zone.day.year + offset
            for place, value in enumerate(chosen.column(name).to_pylist()):
                if value is not None:
                    data[place][term.id, year] = Datum(
                        value=value, as_of=zone.day, recorded_at=zone.known_at, source=""
                    )
    return [Snapshot("", zone.day, zone.known_at, each) for each in data]


def turned_model(model: Model, pack: Pack) -> LoadedPack:
    """The rules as they would be, to be asked of one enterprise."""
    return replace(model.loaded, pack=pack, plan=Plan(pack.document), setting=setting_of(pack))
