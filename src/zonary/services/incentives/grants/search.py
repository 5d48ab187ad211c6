"""How grants are found: by their measure and batch; an enterprise finds its own, officers all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.urls import reverse

from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.searching import Found, Indexed, Searchable, ids_of, in_fields
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.grants.models import Grant
from zonary.services.incentives.grants.queries import own_grants
from zonary.services.incentives.grants.wording import benefit_of, gives_right, grant_state, money, title_of


def _texts(public_ids: Collection[str]) -> Iterable[Indexed]:
    rows = Grant.objects.filter(public_id__in=[as_uuid(each) for each in public_ids])
    for each in rows.select_related("batch__measure", "subject"):
        measure = each.batch.measure
        texts = (measure.title, measure.title_english, each.batch.number)
        yield Indexed(str(each.public_id), frozenset((str(each.subject.public_id),)), texts)


def _show(reader: Standing, public_ids: Collection[str], _at: datetime) -> Mapping[str, Found]:
    own = own_grants(reader).filter(public_id__in=[as_uuid(each) for each in public_ids])
    return {str(each.public_id): _found(each) for each in own}


def _found(grant: Grant) -> Found:
    told = benefit_of(grant) if gives_right(grant) else money(grant.computed)
    text = "\n".join((grant.batch.number, told, grant_state(grant.state)[0]))
    return Found(title_of(grant.batch), text, reverse("grants:grant", args=[grant.public_id]))


SEARCHED = {
    "grants": Searchable(
        name="Grants",
        scope="incentives:read",
        events={"grants.grant.listed": in_fields("grant")},
        texts=_texts,
        after=ids_of(Grant),
        show=_show,
    )
}
