"""Every read of the registry's pages; only officers see anything."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from zonary.foundation.organizations.models import Organization, RegistryImport
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing

MAX_SEARCH = 120


def enterprises(reader: Standing, *, search: str = "") -> QuerySet[Organization]:
    """All enterprises of the zone.

    :param search: a part of the name, or how the unified social credit code begins.
    """
    found = Organization.objects.filter(kind=Organization.Kind.ENTERPRISE)
    if not reader.is_officer:
        return found.none()
    text = search.strip()[:MAX_SEARCH]
    return found.filter(Q(name__contains=text) | Q(uscc__startswith=text.upper())) if text else found


def imports(reader: Standing) -> QuerySet[RegistryImport]:
    """What was read in, and is being read in, the latest first."""
    found = RegistryImport.objects.order_by("-pk")
    return found if reader.is_officer else found.none()


def import_seen_by(reader: Standing, public_id: str) -> RegistryImport | None:
    return imports(reader).filter(public_id=as_uuid(public_id)).first()
