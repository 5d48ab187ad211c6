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
from zonary.foundation.rules.permissions import UnknownPackError
from zonary.services.incentives.matching.actions.deciding import decide_measures
from zonary.services.incentives.matching.events import MeasureFound, NotForUsWithdrawn, SaidNotForUs
from zonary.services.incentives.matching.models import NotForUs, Push, StoredDecision
from zonary.services.incentives.matching.permissions import require_enterprise
from zonary.services.incentives.matching.queries import MatchingError, UnknownAnswerError, question_of
from zonary.services.incentives.matching.rules import MAX_REASON, Occasion, require_words
from zonary.services.incentives.measures.models import Measure


@action
def tell_of_benefits(found: Sequence[tuple[str, Sequence[str]]], *, by: Actor, at: datetime) -> list[Push]:
    """Decide, keep, and tell those for whom it is a yes and who were not told before, nor said it is not for them.

    Whoever has several is told of them at once, in one message. A crash leaves nothing of it; done again, whoever was
    told is passed over, and the database refuses a second time.

    :param found: measures with the enterprises that may have them, by public ids.
    :raises MatchingError: when nobody is left to be told.
    """
    left = [(measure, _untold(measure, subjects)) for measure, subjects in found if _is_asked(measure, at)]
    if not any(names for _measure, names in left):
        raise MatchingError("Everybody was told of this before.")
    return [push for measure, names in left if names for push in _tell(measure, names, by=by, at=at)]


def _is_asked(measure: str, at: datetime) -> bool:
    """Not of one that ended meanwhile, or whose rules no longer have it: the others go on."""
    try:
        question_of(measure, day=zone_date(at), known_at=at, at=at)
    except (MatchingError, UnknownAnswerError, UnknownPackError):
        return False
    return True


def _untold(measure: str, subjects: Sequence[str]) -> list[str]:
    told = Push.objects.filter(measure__public_id=as_uuid(measure)).values("subject")
    unwanted = NotForUs.objects.filter(measure__public_id=as_uuid(measure)).values("subject")
    wanted = Organization.objects.filter(public_id__in=[as_uuid(each) for each in subjects])
    left = wanted.exclude(pk__in=told).exclude(pk__in=unwanted).order_by("pk").values_list("public_id", flat=True)
    return [str(each) for each in left]


def _tell(measure: str, names: Sequence[str], *, by: Actor, at: datetime) -> list[Push]:
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
