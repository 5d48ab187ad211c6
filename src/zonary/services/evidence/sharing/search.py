"""How evidence that others show is found: by who shows it, and once it was opened, by what it is called.

Before that nobody knows its title: each opening is on record before anything is shown, and finding is no way around it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from zonary.foundation.ledger.watching import Happening
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.searching import Found, Indexed, Searchable, ids_of, in_fields
from zonary.foundation.organizations.standing import Standing
from zonary.services.evidence.models import EvidenceRecord
from zonary.services.evidence.sharing.models import Share, ShareOpening
from zonary.services.evidence.sharing.queries import (
    RECORD,
    granted,
    is_open,
    names_of_organizations,
    title_of_thing,
)


def _shares(public_ids: Collection[str]) -> QuerySet[Share]:
    """Those that did not end; nobody finds what they hold a link to."""
    wanted = Share.objects.filter(public_id__in=[as_uuid(each) for each in public_ids], ended_at=None)
    opened = ShareOpening.objects.filter(share=OuterRef("pk"))
    return wanted.filter(secret_digest=None).annotate(was_opened=Exists(opened))


def _titles(shares: Sequence[Share]) -> dict[str, str]:
    """Public id of a share -> what is shown is called; of those that were opened."""
    opened = [each for each in shares if each.was_opened]  # type: ignore[attr-defined]  # see _shares
    records = EvidenceRecord.objects.filter(public_id__in=[each.thing for each in opened if each.kind == RECORD])
    named = {
        (public_id, holder): title for public_id, holder, title in records.values_list("public_id", "holder", "title")
    }
    return {
        str(each.public_id): named.get((each.thing, each.holder), "") if each.kind == RECORD else title_of_thing(each)
        for each in opened
    }


def _texts(public_ids: Collection[str]) -> Iterable[Indexed]:
    shares = list(_shares(public_ids))
    names, titles = names_of_organizations(each.holder for each in shares), _titles(shares)
    for each in shares:
        texts = (names.get(each.holder, ""), titles.get(str(each.public_id), ""))
        yield Indexed(str(each.public_id), frozenset((each.grantee,)), texts)


def _show(reader: Standing, public_ids: Collection[str], at: datetime) -> Mapping[str, Found]:
    mine = granted(reader).values("pk")
    shares = [each for each in _shares(public_ids).filter(pk__in=mine) if is_open(each, at)]
    names, titles = names_of_organizations(each.holder for each in shares), _titles(shares)
    return {
        share: _found(names.get(each.holder, ""), titles.get(share, ""), share)
        for share, each in ((str(each.public_id), each) for each in shares)
    }


def _found(name: str, title: str, share: str) -> Found:
    return Found(title or name, name if title else "", reverse("sharing:share", args=[share]))


def _of_the_thing(happening: Happening) -> Iterable[str]:
    """The shares of what is called something else now."""
    rows = Share.objects.filter(thing=as_uuid(happening.about), ended_at=None)
    return [str(each) for each in rows.values_list("public_id", flat=True)]


SEARCHED = {
    "shared-evidence": Searchable(
        name="Shared with you",
        scope="evidence:read",
        events={
            "sharing.evidence.shared": in_fields("share"),
            "sharing.share.ended": in_fields("share"),
            "sharing.share.opened": in_fields("share"),
            "evidence.described": _of_the_thing,
            "dossiers.dossier.changed": _of_the_thing,
        },
        texts=_texts,
        after=ids_of(Share),
        show=_show,
    )
}
