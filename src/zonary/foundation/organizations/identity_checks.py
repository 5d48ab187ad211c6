"""What an officer sees who checks who somebody is: whoever shows them a code, and the checks they made."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery
from django.db.models.query import QuerySet

from zonary.foundation.accounts import identity_codes
from zonary.foundation.accounts.models import IdentityCheck, Person
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing


def may_check(reader: Standing) -> bool:
    """Whether they say of others who they are: officers who may do more than look."""
    return reader.is_officer and reader.may_act


def person_by_code(reader: Standing, code: str) -> Person | None:
    """Who shows this code now; nobody to anybody but an officer."""
    return identity_codes.person_showing(code) if may_check(reader) else None


def own_checks(reader: Standing) -> QuerySet[IdentityCheck]:
    """Those the reader made that still count. Nobody lists other officers': a list of who is registered."""
    return _in_force(reader).filter(checked_by=reader.person).select_related("person")


def identity_check(reader: Standing, public_id: str) -> IdentityCheck | None:
    """The check of this number, whichever officer made it, while it counts."""
    return _in_force(reader).filter(public_id=as_uuid(public_id)).select_related("person").first()


def _in_force(reader: Standing) -> QuerySet[IdentityCheck]:
    if not may_check(reader):
        return IdentityCheck.objects.none()
    latest = IdentityCheck.objects.filter(person=OuterRef("person")).order_by("-checked_at", "-pk").values("pk")[:1]
    found = IdentityCheck.objects.filter(pk=Subquery(latest), person__restricted_at=None, person__erased_at=None)
    return found.exclude(method=IdentityCheck.Method.REVOKED)
