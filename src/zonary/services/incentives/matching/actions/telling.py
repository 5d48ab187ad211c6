"""What finds an enterprise, once, and what it says to that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zonary.common.clock import zone_date
from zonary.common.ids import new_id
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.permissions import hold_standing
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.matching.actions.deciding import decide_measures
from zonary.services.incentives.matching.events import MeasureFound, NotForUsWithdrawn, SaidNotForUs
from zonary.services.incentives.matching.models import NotForUs, Push, StoredDecision
from zonary.services.incentives.matching.permissions import require_enterprise
from zonary.services.incentives.matching.queries import MatchingError, UnknownAnswerError
from zonary.services.incentives.matching.rules import MAX_REASON, Occasion, require_words
from zonary.services.incentives.measures.models import Measure


@action
def tell_of_measure(measure: str, subjects: Sequence[str], *, by: Actor, at: datetime) -> list[Push]:
    """Decide, keep, and tell those for whom it is a yes and who were not told before, nor said it is not for them.

    A crash leaves nothing of it; done again, whoever was told is passed over, and the database refuses a second time.

    :raises MatchingError: when nobody is left to be told.
    """
    told = Push.objects.filter(measure__public_id=as_uuid(measure)).values("subject")
    unwanted = NotForUs.objects.filter(measure__public_id=as_uuid(measure)).values("subject")
    wanted = Organization.objects.filter(public_id__in=[as_uuid(each) for each in subjects])
    left = wanted.exclude(pk__in=told).exclude(pk__in=unwanted).order_by("pk").values_list("public_id", flat=True)
    names = [str(each) for each in left]
    if not names:
        raise MatchingError("Everybody was told of this measure before.")
    made = decide_measures(measure, names, day=zone_date(at), known_at=at, occasion=Occasion.PUSHED, by=by, at=at)
    pushes = [
        Push(public_id=new_id(at), decision=each, measure=each.measure, subject=each.subject, told_at=at)
        for each in made
        if each.truth == StoredDecision.Truth.YES
    ]
    Push.objects.bulk_create(pushes)
    for push in pushes:
        event = MeasureFound(measure=measure, decision=push.decision.digest, push=str(push.public_id))
        record(event, by=by, about=str(push.subject.public_id), at=at)
    return pushes


@action
def say_not_for_us(measure: str, *, reason: str, by: Standing, at: datetime) -> NotForUs:
    """Say that a measure is not for one's enterprise: it is not told of it again.

    :raises UnknownAnswerError: when there is no such measure.
    :raises MatchingError: when that was said before.
    """
    hold_standing(by, at=at)
    require_enterprise(by)
    found = _published(measure)
    reason = require_words(reason, MAX_REASON)
    subject = Organization.objects.get(public_id=by.organisation)
    if NotForUs.objects.filter(measure=found, subject=subject).exists():
        raise MatchingError("You said so before.")
    entry = record(SaidNotForUs(measure=measure, reason=reason), by=by, about=by.organisation, at=at)
    return NotForUs.objects.create(
        public_id=new_id(at),
        measure=found,
        subject=subject,
        reason=reason,
        said_by=by.actor_id,
        said_at=at,
        entry=entry.public_id,
    )


@action
def say_for_us(measure: str, *, by: Standing, at: datetime) -> None:
    """Take that back.

    :raises MatchingError: when it was never said.
    """
    hold_standing(by, at=at)
    require_enterprise(by)
    own = NotForUs.objects.filter(measure__public_id=as_uuid(measure), subject__public_id=as_uuid(by.organisation))
    if not own.delete()[0]:
        raise MatchingError("You did not say that this measure is not for you.")
    record(NotForUsWithdrawn(measure=measure), by=by, about=by.organisation, at=at)


def _published(measure: str) -> Measure:
    found = Measure.objects.filter(public_id=as_uuid(measure), state=Measure.State.PUBLISHED).first()
    if found is None:
        raise UnknownAnswerError("There is no such measure.")
    return found
