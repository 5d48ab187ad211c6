"""An enterprise's consent to facts about it being recorded and read, and its withdrawal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from zonary.common.clock import zone_date
from zonary.common.ids import new_id
from zonary.foundation.facts.events import ConsentGiven, ConsentWithdrawn
from zonary.foundation.facts.models import Consent
from zonary.foundation.facts.permissions import UnknownFactError, require_organisation, require_write
from zonary.foundation.facts.rules import WrongFactError, read_indicators, read_purposes, require_reason
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.permissions import hold_standing
from zonary.foundation.organizations.queries import as_uuid, last_day
from zonary.foundation.organizations.standing import Standing


@action
def give_consent(
    *, indicators: Sequence[str], purposes: Sequence[str], until: date | None, by: Standing, at: datetime
) -> Consent:
    """Agree, for one's own enterprise, to facts of these indicators being recorded and read for these purposes.

    :param purposes: empty: any purpose of the zone.
    :param until: last day; None: until withdrawn.
    :raises WrongFactError: without an indicator, or for a term that is over.
    """
    hold_standing(by, at=at)
    require_write(by)
    require_organisation(by)
    covered, allowed = list(read_indicators(indicators)), list(read_purposes(purposes))
    if not covered:
        raise WrongFactError("Choose at least one indicator.")
    if until is not None and until < zone_date(at):
        raise WrongFactError("The last day {day} is past.", day=until.isoformat())
    public_id = new_id(at)
    event = ConsentGiven(consent=public_id, indicators=covered, purposes=allowed, until=last_day(until))
    recorded = record(event, by=by, about=by.organisation, at=at)
    return Consent.objects.create(
        public_id=public_id,
        subject=Organization.objects.get(public_id=by.organisation),
        indicators=covered,
        purposes=allowed,
        until=until,
        given_by=by.actor_id,
        given_at=at,
        entry=recorded.public_id,
    )


@action
def withdraw_consent(public_id: str, *, reason: str, by: Standing, at: datetime) -> None:
    """From now on nobody else reads the facts that rest on it; what was read before stays recorded.

    :raises UnknownFactError: when the enterprise gave no such consent, or withdrew it before.
    """
    hold_standing(by, at=at)
    require_write(by)
    reason = require_reason(reason)
    given = Consent.objects.filter(public_id=as_uuid(public_id), subject__public_id=as_uuid(by.organisation))
    if not given.filter(withdrawn_at=None).update(withdrawn_at=at, withdraw_reason=reason):
        raise UnknownFactError("Your enterprise has no such consent that could be withdrawn.")
    record(ConsentWithdrawn(consent=public_id, reason=reason), by=by, about=by.organisation, at=at)
