"""How rule packs are found: by officers, drafts and releases alike. Others read the list of what is released."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.urls import reverse

from zonary.foundation.ledger.watching import Happening
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.searching import OFFICERS, Found, Indexed, Searchable, ids_of
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules.loaded import read_draft
from zonary.foundation.rules.models import PackDraft
from zonary.foundation.rules.permissions import READ
from zonary.foundation.rules.queries import drafts
from zonary.foundation.rules.wording import draft_title, state_name


def _changed(happening: Happening) -> Iterable[str]:
    return (happening.about,)


def _texts(public_ids: Collection[str]) -> Iterable[Indexed]:
    found = PackDraft.objects.filter(public_id__in=[as_uuid(each) for each in public_ids])
    for each in found.exclude(state=PackDraft.State.WITHDRAWN):
        shape = read_draft(each).shape
        titles = [text for item in shape.items for text in (item.title.zh, item.title.en)]
        sentences = [clause.sentence for clause in shape.clauses]
        texts = (each.title, each.title_english, shape.number, *titles, *sentences)
        yield Indexed(str(each.public_id), frozenset((OFFICERS,)), texts)


def _show(reader: Standing, public_ids: Collection[str], _at: datetime) -> Mapping[str, Found]:
    if not reader.is_officer:
        return {}
    found = drafts(reader).filter(public_id__in=[as_uuid(each) for each in public_ids])
    return {str(each.public_id): _found(each) for each in found.exclude(state=PackDraft.State.WITHDRAWN)}


def _found(draft: PackDraft) -> Found:
    shape = read_draft(draft).shape
    text = "\n".join((shape.number, state_name(draft.state), *(clause.sentence for clause in shape.clauses)))
    also = "\n".join((draft.title, draft.title_english, *(item.title.zh for item in shape.items)))
    return Found(draft_title(draft), text, reverse("rules:draft", args=[draft.public_id]), also)


SEARCHED = {
    "rules": Searchable(
        name="Rule packs",
        scope=READ,
        events={
            "rules.pack.proposed": _changed,
            "rules.pack.released": _changed,
            "rules.pack.withdrawn": _changed,
        },
        texts=_texts,
        after=ids_of(PackDraft),
        show=_show,
    )
}
