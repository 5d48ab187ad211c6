"""How policy documents are found: by every word of every edition, by everybody."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.urls import reverse

from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.searching import EVERYBODY, Found, Indexed, Searchable, about, ids_of
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.library.events import DocumentRecorded, EditionRecorded
from zonary.services.incentives.library.models import PolicyDocument
from zonary.services.incentives.library.queries import KIND, editions_of


def _rows(public_ids: Collection[str]) -> Iterable[PolicyDocument]:
    rows = PolicyDocument.objects.filter(public_id__in=[as_uuid(each) for each in public_ids])
    return rows.prefetch_related("editions")


def _texts(public_ids: Collection[str]) -> Iterable[Indexed]:
    for each in _rows(public_ids):
        words = (edition.text for edition in editions_of(each))
        texts = (each.number, each.title, each.title_english, each.issuer, *words)
        yield Indexed(str(each.public_id), frozenset((EVERYBODY,)), texts)


def _show(_reader: Standing, public_ids: Collection[str], _at: datetime) -> Mapping[str, Found]:
    return {
        str(each.public_id): Found(
            each.title,
            "\n".join(edition.text for edition in editions_of(each)),
            reverse("library:document", args=[each.public_id]),
            also=f"{each.number} {each.issuer} {each.title_english}",
        )
        for each in _rows(public_ids)
    }


SEARCHED = {
    KIND: Searchable(
        name="Policy documents",
        scope="incentives:read",
        events={DocumentRecorded.kind: about, EditionRecorded.kind: about},
        texts=_texts,
        after=ids_of(PolicyDocument),
        show=_show,
    )
}
