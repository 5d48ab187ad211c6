"""How captures are found: by their address, and by the title of the page once it was seen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.urls import reverse

from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.searching import Found, Indexed, Searchable, about, ids_of
from zonary.foundation.organizations.standing import Standing
from zonary.services.evidence.capture.models import Capture
from zonary.services.evidence.capture.queries import captures


def _texts(public_ids: Collection[str]) -> Iterable[Indexed]:
    rows = Capture.objects.filter(public_id__in=[as_uuid(each) for each in public_ids])
    for public_id, holder, title, address in rows.values_list("public_id", "holder", "title", "address"):
        yield Indexed(str(public_id), frozenset((holder,)), (title, address))


def _show(reader: Standing, public_ids: Collection[str], _at: datetime) -> Mapping[str, Found]:
    rows = captures(reader).filter(public_id__in=[as_uuid(each) for each in public_ids])
    return {
        str(public_id): Found(title or address, address, reverse("captures:capture", args=[public_id]))
        for public_id, title, address in rows.values_list("public_id", "title", "address")
    }


SEARCHED = {
    "captures": Searchable(
        name="Captures",
        scope="evidence:read",
        events={"capture.requested": about, "capture.sealed": about},
        texts=_texts,
        after=ids_of(Capture),
        show=_show,
    )
}
