"""How organisations are found: all by officers, their own by those who act for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.searching import OFFICERS, Found, Indexed, Searchable, about, ids_of, in_fields
from zonary.foundation.organizations.standing import Standing


def _texts(public_ids: Collection[str]) -> Iterable[Indexed]:
    rows = Organization.objects.filter(public_id__in=[as_uuid(each) for each in public_ids])
    for public_id, name, uscc in rows.values_list("public_id", "name", "uscc"):
        yield Indexed(str(public_id), frozenset((OFFICERS, str(public_id))), (name, uscc or ""))


def _show(reader: Standing, public_ids: Collection[str], _at: datetime) -> Mapping[str, Found]:
    rows = Organization.objects.filter(public_id__in=[as_uuid(each) for each in public_ids])
    if not reader.is_officer:
        rows = rows.filter(Q(public_id=as_uuid(reader.organisation)))
    return {str(each.public_id): Found(each.name, each.uscc or "", _address(each, reader)) for each in rows}


def _address(organization: Organization, reader: Standing) -> str:
    if str(organization.public_id) == reader.organisation:
        return reverse("organizations:own")
    if organization.kind in (Organization.Kind.ENTERPRISE,) and organization.uscc:
        return f"{reverse('registry:list')}?{urlencode({'q': organization.uscc})}"
    return reverse("organizations:pools") if organization.kind.endswith("-pool") else ""


SEARCHED = {
    "organizations": Searchable(
        name="Organisations",
        scope="organization:read",
        events={
            "organizations.zone.founded": in_fields("authority"),
            "organizations.organization.founded": about,
            "organizations.organization.corrected": about,
            "organizations.pool.opened": about,
            "organizations.enterprise.listed": in_fields("enterprise"),
        },
        texts=_texts,
        after=ids_of(Organization),
        show=_show,
    )
}
