"""Whether this zone is a demonstration, and who is who in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from zonary.foundation.accounts.models import Person
from zonary.foundation.ledger.queries import Item, item_of
from zonary.foundation.ledger.receipts import acts_where
from zonary.foundation.organizations.models import Organization, Zone
from zonary.foundation.organizations.queries import as_uuid
from zonary.portal.demonstration.cast import ROLES, Role
from zonary.portal.demonstration.events import DemonstrationMade


@dataclass(frozen=True, slots=True)
class Demonstration:
    """:ivar people: key of a character -> public id; the others likewise.
    :ivar number: of the entry that says so; what visitors do has a larger one.
    """

    people: dict[str, str]
    organisations: dict[str, str]
    things: dict[str, str]
    number: int


def made_demonstration() -> Demonstration | None:
    """What the record says of it; None in every zone that was not made as one."""
    made = next(iter(acts_where(Q(about=_zone()), before=None, limit=1, kinds=(DemonstrationMade.kind,))), None)
    if made is None or not made.body:
        return None
    people, organisations, things = (_map(made.body.get(each)) for each in ("people", "organisations", "things"))
    return Demonstration(people, organisations, things, made.number)


def _map(value: object) -> dict[str, str]:
    return {str(key): str(text) for key, text in value.items()} if isinstance(value, dict) else {}


def _zone() -> str:
    """Public id of the zone's authority; a name nothing has before it is founded."""
    authority = Zone.objects.values_list("authority__public_id", flat=True).first()
    return str(authority or "-")


def shown_demonstration() -> Demonstration | None:
    """The demonstration, where this server runs as one: it says so on every page."""
    return made_demonstration() if settings.ZONARY_DEMO else None


def role_called(key: str) -> Role | None:
    return next((each for each in ROLES if each.key == key), None)


def person_of(demonstration: Demonstration, role: Role) -> Person | None:
    """Who plays the role; None once they closed their account or were locked."""
    found = Person.objects.filter(public_id=as_uuid(demonstration.people.get(role.key, "")), is_active=True)
    return found.filter(erased_at=None).first()


def folder_record(demonstration: Demonstration) -> Item | None:
    """The entry of the sealed folder, which everybody may check here; None once it was erased."""
    public_id = demonstration.things.get("folder", "")
    found = item_of(public_id) if public_id else None
    return found if found is not None and found.body else None


def holder_of_folder(demonstration: Demonstration) -> Organization | None:
    return Organization.objects.filter(public_id=as_uuid(demonstration.organisations.get("maker", ""))).first()
