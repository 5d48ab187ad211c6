"""What the zone itself knows of how a record came here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from zonary.foundation.accounts.models import IdentityCheck, Person
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.queries import as_uuid, names_of
from zonary.foundation.organizations.standing import Standing
from zonary.proof.timestamp.token import TimestampToken
from zonary.services.evidence.models import EvidenceTimestamps

if TYPE_CHECKING:
    from zonary.services.evidence.queries import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What the zone itself knows of how a record came here.

    :param name: of the person, where the reader may know it.
    :param identity: how it was known who that was when it was registered; None: by what they said themselves.
    :param is_confirmed: whether an officer confirmed who acts for the organisation.
    :param stamped_at: what the authority says in the token of its package; None without one.
    """

    account: str
    name: str
    identity: IdentityCheck | None
    organisation: str
    is_confirmed: bool
    stamped_at: datetime | None


def observed(reader: Standing, receipt: Receipt) -> Observed:
    """What the zone observed of a record that the reader may see."""
    person = Person.objects.filter(public_id=as_uuid(receipt.account)).first()
    organization = Organization.objects.filter(public_id=as_uuid(receipt.organisation)).first()
    return Observed(
        account=receipt.account,
        name=names_of(reader, [], also={receipt.account}).get(receipt.account, ""),
        identity=None if person is None else _identity_at(person, receipt.recorded_at),
        organisation="" if organization is None else organization.name,
        is_confirmed=organization is not None and organization.confirmation_act is not None,
        stamped_at=stamped_at(receipt),
    )


def _identity_at(person: Person, at: datetime) -> IdentityCheck | None:
    latest = person.identity_checks.filter(checked_at__lte=at).order_by("checked_at", "pk").last()
    return None if latest is None or latest.method == IdentityCheck.Method.REVOKED else latest


def stamped_at(receipt: Receipt) -> datetime | None:
    """The time in the token of a record's package; None as long as too few authorities have signed."""
    if receipt.stamped is not None and not receipt.stamped.is_complete:
        return None
    token = (
        EvidenceTimestamps.objects.filter(public_id=receipt.public_id).values_list("package_token", flat=True).first()
    )
    return None if token is None else TimestampToken.parse(bytes(token)).gen_time
