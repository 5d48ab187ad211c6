"""What the administrators of the zone see: people and appointments, and the record of what was done with accounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet

from zonary.common.clock import ZONE_TIME
from zonary.common.pagination import Page, make_cursor, paginate, read_cursor
from zonary.foundation.accounts.models import AdminAppointment, Person
from zonary.foundation.ledger.receipts import ActEntry, acts_where
from zonary.foundation.organizations.permissions import NotAllowedError
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing

PREFIX = "accounts."
MAX_ROWS = 10_000
"""Of an export; more are had by naming days."""
MAX_EARLIER = 100
"""Appointments that have ended, of which a page shows so many."""
_LIST = "acts of accounts"
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ActsAsked:
    """Which acts: of which kind (without the prefix; empty: all), from which day on, up to which; empty: no bound."""

    kind: str = ""
    since: date | None = None
    until: date | None = None

    def where(self) -> Q:
        found = Q(kind=PREFIX + self.kind) if self.kind else Q(kind__startswith=PREFIX)
        if self.since:
            found &= Q(recorded_at__gte=_midnight(self.since))
        if self.until:
            found &= Q(recorded_at__lt=_midnight(self.until + timedelta(days=1)))
        return found


def account_acts(reader: Standing, asked: ActsAsked, *, cursor: str = "", limit: int = 50) -> Page[ActEntry]:
    """What was done with accounts, newest first; for the audit administrator, who does none of it.

    :raises NotAllowedError: for anybody else.
    """
    _require(reader, AdminAppointment.Role.AUDIT)
    before = int(read_cursor(cursor, _LIST, 1)[0]) if cursor else None
    found = acts_where(asked.where(), before=before, limit=limit + 1)
    following = make_cursor([found[limit - 1].number], _LIST) if len(found) > limit else ""
    return Page(found[:limit], following)


def every_account_act(reader: Standing, asked: ActsAsked) -> Iterator[ActEntry]:
    """The same without pages, the newest ``MAX_ROWS``."""
    _require(reader, AdminAppointment.Role.AUDIT)
    before: int | None = None
    for _piece in range(MAX_ROWS // _AT_ONCE):
        found = acts_where(asked.where(), before=before, limit=_AT_ONCE)
        yield from found
        if len(found) < _AT_ONCE:
            return
        before = found[-1].number


def people(reader: Standing, search: str, *, cursor: str = "") -> Page[Person]:
    """People by when they came, those whose name or address holds ``search``; for the security administrator.

    :raises NotAllowedError: for anybody else.
    """
    _require(reader, AdminAppointment.Role.SECURITY)
    found = Person.objects.filter(erased_at=None)
    if search:
        found = found.filter(Q(name__icontains=search) | Q(email__icontains=search))
    return paginate(found, "-pk", cursor=cursor)


def latest_people(reader: Standing, limit: int) -> list[Person]:
    """Who registered last; for the security administrator."""
    _require(reader, AdminAppointment.Role.SECURITY)
    return list(Person.objects.filter(erased_at=None).order_by("-pk")[:limit])


def locked_people(reader: Standing) -> list[Person]:
    """Whose accounts are locked, and not closed; for the security administrator."""
    _require(reader, AdminAppointment.Role.SECURITY)
    locked = Person.objects.filter(is_active=False, restricted_at=None, erased_at=None)
    return list(locked.order_by("-pk")[:MAX_EARLIER])


def person_as_administered(reader: Standing, public_id: str) -> Person | None:
    """One of them; for the security administrator.

    :raises NotAllowedError: for anybody else.
    """
    _require(reader, AdminAppointment.Role.SECURITY)
    return Person.objects.filter(public_id=as_uuid(public_id), erased_at=None).first()


def count_sessions(reader: Standing, person: Person) -> int:
    """In how many places ``person`` is signed in; for the security administrator."""
    _require(reader, AdminAppointment.Role.SECURITY)
    count: int = UserSession.objects.filter(user_id=person.pk).count()
    return count


def present_appointment(reader: Standing, person: Person) -> AdminAppointment | None:
    """The role ``person`` holds, if any; for the administrators themselves."""
    return appointments(reader).filter(person=person).first()


def appointments(reader: Standing) -> QuerySet[AdminAppointment]:
    """Who holds which of the three roles; for the administrators themselves.

    :raises NotAllowedError: for anybody else.
    """
    _require_admin(reader)
    return AdminAppointment.objects.filter(ended_at=None).select_related("person").order_by("role", "pk")


def earlier_appointments(reader: Standing) -> QuerySet[AdminAppointment]:
    """Who held them before, the latest first; for the administrators themselves."""
    _require_admin(reader)
    ended = AdminAppointment.objects.exclude(ended_at=None).select_related("person")
    return ended.order_by("-ended_at", "-pk")[:MAX_EARLIER]


def appointment(reader: Standing, public_id: str) -> AdminAppointment | None:
    """One that has not ended; for the security administrator.

    :raises NotAllowedError: for anybody else.
    """
    _require(reader, AdminAppointment.Role.SECURITY)
    return appointments(reader).filter(public_id=as_uuid(public_id)).first()


def names_of_appointers(reader: Standing, made: Iterable[AdminAppointment]) -> dict[str, str]:
    """Public id -> name of whoever made these appointments; for the administrators themselves."""
    _require_admin(reader)
    found = Person.objects.filter(public_id__in={as_uuid(each.appointed_by) for each in made}, restricted_at=None)
    return {str(each.public_id): each.name for each in found}


def _require_admin(reader: Standing) -> None:
    if not reader.admin or reader.scopes is not None:
        raise NotAllowedError("Only an administrator of the zone sees this.")


def _require(reader: Standing, role: str) -> None:
    if reader.admin != role or reader.scopes is not None:
        raise NotAllowedError("Only the administrator whose task this is may do it: {role}.", role=role)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE_TIME)
