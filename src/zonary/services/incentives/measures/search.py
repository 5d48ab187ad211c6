"""How measures are found: by what is written on the card; a published one by everybody."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.urls import reverse

from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.searching import EVERYBODY, OFFICERS, Found, Indexed, Searchable, about, ids_of
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.measures.events import (
    MeasureChanged,
    MeasureEnded,
    MeasurePrepared,
    MeasurePublished,
)
from zonary.services.incentives.measures.models import Measure
from zonary.services.incentives.measures.queries import KIND


def _texts(public_ids: Collection[str]) -> Iterable[Indexed]:
    for each in Measure.objects.filter(public_id__in=[as_uuid(public_id) for public_id in public_ids]):
        scope = OFFICERS if each.state == Measure.State.PREPARED else EVERYBODY
        texts = (each.title, each.title_english, each.summary, each.summary_english, each.contact, each.place)
        yield Indexed(str(each.public_id), frozenset((scope,)), texts)


def _show(reader: Standing, public_ids: Collection[str], _at: datetime) -> Mapping[str, Found]:
    rows = Measure.objects.filter(public_id__in=[as_uuid(each) for each in public_ids])
    rows = rows if reader.is_officer else rows.exclude(state=Measure.State.PREPARED)
    return {
        str(each.public_id): Found(
            each.title,
            each.summary,
            reverse("measures:measure", args=[each.public_id]),
            also=f"{each.title_english} {each.summary_english} {each.contact} {each.place}",
        )
        for each in rows
    }


SEARCHED = {
    KIND: Searchable(
        name="Measures",
        scope="incentives:read",
        events={each.kind: about for each in (MeasurePrepared, MeasureChanged, MeasurePublished, MeasureEnded)},
        texts=_texts,
        after=ids_of(Measure),
        show=_show,
    )
}
