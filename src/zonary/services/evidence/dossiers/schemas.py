"""What goes in and out over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta
from ninja import Schema

from zonary.common.clock import rfc3339
from zonary.common.json_body import Body
from zonary.common.language import _
from zonary.services.evidence.dossiers.matters import TEMPLATES
from zonary.services.evidence.dossiers.models import Dossier
from zonary.services.evidence.dossiers.queries import Contents, Filed
from zonary.services.evidence.dossiers.rules import MAX_NOTE, MAX_TITLE, Ask, Cover, Stage


class DossierIn(Body, frozen=True, kw_only=True):
    """What is written on a dossier. `stands_at` is the stage the matter has come to."""

    title: Annotated[str, Meta(min_length=1, max_length=MAX_TITLE)]
    template: Annotated[str, Meta(extra_json_schema={"enum": list(TEMPLATES)})]
    stands_at: Annotated[str, Meta(extra_json_schema={"enum": list(Stage)})]
    note: Annotated[str, Meta(max_length=MAX_NOTE)] = ""

    def misfit(self) -> str | None:
        if self.template not in TEMPLATES or self.stands_at not in set(Stage):
            return "there is no such template, or no such stage"
        return None if self.cover().is_plain() else "titles and notes are plain text, and no title is blank"

    def cover(self) -> Cover:
        return Cover(title=self.title, template=self.template, stands_at=self.stands_at, note=self.note)


class DossierChangeIn(DossierIn, frozen=True, kw_only=True):
    """`version` is the one that was read: 409 when there is another by now."""

    version: int


class FileIn(Body, frozen=True):
    """`record` is the id of one of your records; `ask` the key of what it is there for, or empty."""

    record: Annotated[str, Meta(max_length=36)]
    stage: Annotated[str, Meta(extra_json_schema={"enum": list(Stage)})]
    ask: Annotated[str, Meta(max_length=40)] = ""

    def misfit(self) -> str | None:
        return None if self.stage in set(Stage) else "there is no such stage"


class DossierOut(Schema):
    id: str
    title: str
    note: str
    template: str
    stands_at: str
    version: int
    opened_at: datetime
    changed_at: datetime


class DossiersOut(Schema):
    """Newest first."""

    items: list[DossierOut]
    next: str | None


class ItemOut(Schema):
    """`is_there` unless the record was erased since."""

    id: str
    record: str
    title: str
    stage: str
    ask: str
    put_at: datetime
    is_there: bool


class AskOut(Schema):
    """What a court or an office would ask for. `name` is in the language of whoever asks."""

    key: str
    stage: str
    name: str
    source: str
    weight: int
    only_then: bool


class DossierContentsOut(DossierOut):
    """`gaps` are what is missing up to where the matter stands, what hurts most first."""

    items: list[ItemOut]
    gaps: list[AskOut]


def dossier_out(each: Dossier) -> dict[str, object]:
    return {
        "id": str(each.public_id),
        "title": each.title,
        "note": each.note,
        "template": each.template,
        "stands_at": each.stands_at,
        "version": each.version,
        "opened_at": rfc3339(each.opened_at),
        "changed_at": rfc3339(each.changed_at),
    }


def contents_out(each: Dossier, contents: Contents) -> dict[str, object]:
    filed = [
        one
        for shelf in contents.shelves
        for group in (*(there for _ask, there in shelf.asked), shelf.others)
        for one in group
    ]
    return {
        **dossier_out(each),
        "items": [_item_out(one) for one in filed],
        "gaps": [_ask_out(ask) for ask in contents.gaps],
    }


def _item_out(filed: Filed) -> dict[str, object]:
    item = filed.item
    return {
        "id": str(item.public_id),
        "record": filed.record,
        "title": filed.title,
        "stage": item.stage,
        "ask": item.ask,
        "put_at": rfc3339(item.put_at),
        "is_there": filed.is_there,
    }


def _ask_out(ask: Ask) -> dict[str, object]:
    return {
        "key": ask.key,
        "stage": ask.stage.value,
        "name": _(ask.name),
        "source": ask.source,
        "weight": ask.weight,
        "only_then": ask.only_then,
    }
