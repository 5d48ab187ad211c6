"""Making a zone a demonstration: the whole story in one transaction, or nothing of it."""

from __future__ import annotations

from datetime import datetime

from zonary.foundation.accounts.models import Person
from zonary.foundation.deadlines.queries import zone_calendar
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.queries import log_status
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.models import Organization, Zone
from zonary.portal.demonstration.days import Days
from zonary.portal.demonstration.events import DemonstrationMade
from zonary.portal.demonstration.stage import Stage
from zonary.portal.demonstration.steps import tell


class NoDemonstrationError(LedgerError):
    """This zone cannot become a demonstration."""


@action
def make_demonstration(*, by: Actor, at: datetime) -> Stage:
    """Tell the story, each act in it by those it is about, and say in the log that all of this is a demonstration.

    :raises NoDemonstrationError: when anybody has used this zone: a real one never gets made-up data.
    """
    if Zone.objects.exists() or Person.objects.exists() or Organization.objects.exists() or log_status("main"):
        raise NoDemonstrationError(
            "This data directory is in use, and no demonstration. Name another with --data, or serve it without --demo."
        )
    stage = Stage(Days(zone_calendar(), at))
    tell(stage)
    event = DemonstrationMade(
        people={key: str(person.public_id) for key, person in stage.people.items()},
        organisations=stage.organisations,
        things=stage.things,
    )
    record(event, by=by, about=stage.organisations["zone"], at=at)
    return stage
