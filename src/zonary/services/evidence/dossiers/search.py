"""How dossiers are found: by what is written on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.urls import reverse

from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.searching import Found, Indexed, Searchable, about, ids_of
from zonary.foundation.organizations.standing import Standing
from zonary.services.evidence.dossiers.models import Dossier


def _texts(public_ids: Collection[str]) -> Iterable[Indexed]:
    rows = Dossier.objects.filter(public_id__in=[as_uuid(each) for each in public_ids])
    for public_id, holder, title, note in rows.values_list("public_id", "holder", "title", "note"):
        yield Indexed(str(public_id), frozenset((holder,)), (title, note))


def _show(reader: Standing, public_ids: Collection[str], _at: datetime) -> Mapping[str, Found]:
    rows = Dossier.objects.filter(holder=reader.holder, public_id__in=[as_uuid(each) for each in public_ids])
    return {
        str(public_id): Found(title, note, reverse("dossiers:dossier", args=[public_id]))
        for public_id, title, note in rows.values_list("public_id", "title", "note")
    }


SEARCHED = {
    "dossiers": Searchable(
        name="Dossiers",
        scope="evidence:read",
        events={"dossiers.dossier.opened": about, "dossiers.dossier.changed": about},
        texts=_texts,
        after=ids_of(Dossier),
        show=_show,
    )
}
