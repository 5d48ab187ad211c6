"""Every read, the reader first: the dossiers of the reader's own holder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zonary.common.language import _
from zonary.common.pagination import DEFAULT_LIMIT, Page, paginate
from zonary.foundation.ledger.queries import items_of
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.services.evidence.dossiers.matters import INVENTION, STAGES, TEMPLATES
from zonary.services.evidence.dossiers.models import Dossier, DossierItem
from zonary.services.evidence.dossiers.rules import MAX_ITEMS, Ask, Stage, Template, gaps
from zonary.services.evidence.models import EvidenceRecord
from zonary.services.evidence.sharing.shareable import Section

DOSSIER = "dossier"
MAX_CHOICES = 200
"""Dossiers that are offered to choose one of, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A record in a dossier; ``is_there`` unless it was erased since, ``registered_at`` where it has a title."""

    item: DossierItem
    record: str
    title: str
    is_there: bool
    registered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One stage of a dossier: what is asked for with what is there for it, and what else lies there.

    :param is_reached: whether the matter stands here or further.
    """

    stage: Stage
    is_reached: bool
    asked: Sequence[tuple[Ask, Sequence[Filed]]]
    others: Sequence[Filed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """All of a dossier.

    :param gaps: what is missing up to where the matter stands, what hurts most first.
    """

    shelves: Sequence[Shelf]
    gaps: Sequence[Ask]


def dossiers(reader: Standing, *, cursor: str = "", limit: int = DEFAULT_LIMIT) -> Page[Dossier]:
    """The holder's, newest first."""
    return paginate(Dossier.objects.filter(holder=reader.holder), "-public_id", cursor=cursor, limit=limit)


def choices(reader: Standing) -> list[tuple[str, str]]:
    """Public id and title of the newest, to choose one of."""
    rows = Dossier.objects.filter(holder=reader.holder).order_by("-public_id").values_list("public_id", "title")
    return [(str(public_id), title) for public_id, title in rows[:MAX_CHOICES]]


def dossier_of(reader: Standing, dossier: str) -> Dossier | None:
    """One of the holder's."""
    return Dossier.objects.filter(public_id=as_uuid(dossier), holder=reader.holder).first()


def item_in(reader: Standing, dossier: str, item: str) -> DossierItem | None:
    """One that lies in a dossier of the holder's."""
    rows = DossierItem.objects.filter(public_id=as_uuid(item), dossier__public_id=as_uuid(dossier), taken_at=None)
    return rows.filter(dossier__holder=reader.holder).select_related("dossier").first()


def records_in(reader: Standing, dossier: str) -> frozenset[str]:
    """Public ids of the records in a dossier of the holder's; none for another's."""
    rows = DossierItem.objects.filter(dossier__public_id=as_uuid(dossier), dossier__holder=reader.holder, taken_at=None)
    return frozenset(str(each) for each in rows.values_list("record", flat=True))


def dossiers_with(reader: Standing, record: str) -> list[Dossier]:
    """The holder's dossiers in which a record lies."""
    rows = Dossier.objects.filter(holder=reader.holder, items__record=as_uuid(record), items__taken_at=None)
    return list(rows.distinct().order_by("-public_id")[:MAX_CHOICES])


def template_of(dossier: Dossier) -> Template:
    return TEMPLATES.get(dossier.template, INVENTION)


def contents_of(dossier: Dossier) -> Contents:
    """What lies in a dossier that the reader was given, and what is missing."""
    template, stands_at = template_of(dossier), Stage(dossier.stands_at)
    filed = _filed(dossier)
    there = [each.item.ask for each in filed if each.is_there and each.item.ask]
    shelves = [_shelf(stage, template, filed, stands_at) for stage in Stage]
    return Contents(shelves=shelves, gaps=gaps(template, there, stands_at))


def _shelf(stage: Stage, template: Template, filed: Sequence[Filed], stands_at: Stage) -> Shelf:
    asks = template.of_stage(stage)
    keys = {each.key for each in asks}
    here = [each for each in filed if each.item.stage == stage]
    return Shelf(
        stage=stage,
        is_reached=stage.number <= stands_at.number,
        asked=[(ask, [each for each in here if each.item.ask == ask.key]) for ask in asks],
        others=[each for each in here if each.item.ask not in keys],
    )


def _filed(dossier: Dossier) -> list[Filed]:
    items = list(dossier.items.filter(taken_at=None).order_by("put_at", "pk")[:MAX_ITEMS])
    ids = {str(each.record) for each in items}
    titled = EvidenceRecord.objects.filter(public_id__in=ids, holder=dossier.holder)
    known = {str(row[0]): row[1:] for row in titled.values_list("public_id", "title", "registered_at")}
    there = {each.public_id for each in items_of(ids) if each.body and each.holder == dossier.holder}
    return [
        Filed(
            item=each,
            record=str(each.record),
            title=known.get(str(each.record), ("", None))[0],
            is_there=str(each.record) in there,
            registered_at=known.get(str(each.record), ("", None))[1],
        )
        for each in items
    ]


def title_of_dossier(holder: str, dossier: str) -> str | None:
    """What a dossier of a holder is called; None when they have none of that id."""
    found = Dossier.objects.filter(public_id=as_uuid(dossier), holder=holder).values_list("title", flat=True)
    return found.first()


def sections_of(holder: str, dossier: str) -> Sequence[Section]:
    """What whoever it is shared with sees: its records by stage, and no gap."""
    found = Dossier.objects.filter(public_id=as_uuid(dossier), holder=holder).first()
    if found is None:
        return ()
    template = template_of(found)
    sections, filed = [], [each for each in _filed(found) if each.is_there]
    for stage in Stage:
        here = [each for each in filed if each.item.stage == stage]
        asks = [(each.record, template.ask(each.item.ask)) for each in here]
        sections.append(Section(_(STAGES[stage]), [(record, _(ask.name) if ask else "") for record, ask in asks]))
    return sections
