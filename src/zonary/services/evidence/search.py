"""How evidence is found: by what its holder calls it. What is registered in batches has no words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.urls import reverse

from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.searching import Found, Indexed, Searchable, about, ids_of
from zonary.foundation.organizations.standing import Standing
from zonary.services.evidence.models import EvidenceRecord


def _texts(public_ids: Collection[str]) -> Iterable[Indexed]:
    rows = EvidenceRecord.objects.filter(public_id__in=[as_uuid(each) for each in public_ids])
    for public_id, holder, title, note in rows.values_list("public_id", "holder", "title", "note"):
        yield Indexed(str(public_id), frozenset((holder,)), (title, note))


def _show(reader: Standing, public_ids: Collection[str], _at: datetime) -> Mapping[str, Found]:
    rows = EvidenceRecord.objects.filter(
        holder=reader.holder, public_id__in=[as_uuid(each) for each in public_ids]
    ).values_list("public_id", "title", "note")
    return {
        str(public_id): Found(title, note, reverse("evidence:record", args=[public_id]))
        for public_id, title, note in rows
    }


SEARCHED = {
    "evidence": Searchable(
        name="Evidence",
        scope="evidence:read",
        events={"evidence.described": about, "evidence.erased": about},
        texts=_texts,
        after=ids_of(EvidenceRecord),
        show=_show,
    )
}
