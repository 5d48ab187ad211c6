"""Decisions that are kept: each with its snapshot and release, and one act for all of a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from zonary.common.clock import zone_date
from zonary.common.ids import new_id
from zonary.engines.clauses.bundles import list_digest
from zonary.foundation.facts.actions.noting import note_readings
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.recording import Recorded, action, record
from zonary.foundation.organizations.permissions import hold_standing
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules.snapshots import POLICY, facts_used
from zonary.services.incentives.matching.events import DecisionsMade
from zonary.services.incentives.matching.models import StoredDecision
from zonary.services.incentives.matching.permissions import require_enterprise, require_may_decide
from zonary.services.incentives.matching.queries import (
    Answered,
    MatchingError,
    Question,
    answers_to,
    question_of,
    subjects_called,
)
from zonary.services.incentives.matching.rules import MAX_DECIDED, OCCASIONS, Occasion, require_day
from zonary.services.incentives.measures.models import Measure


@action
def decide_measures(
    measure: str,
    subjects: Sequence[str],
    *,
    day: date,
    known_at: datetime,
    occasion: str = Occasion.LIST,
    release: str = "",
    own_word: bool = True,
    by: Actor,
    at: datetime,
) -> list[StoredDecision]:
    """Decide one measure for enterprises and keep every decision, in the order of ``subjects``, with one act for all.

    Where an officer decides, each enterprise sees which of its facts were read: all of the kept snapshot.

    :param subjects: public ids, each once, at most :data:`~zonary.services.incentives.matching.rules.MAX_DECIDED`.
    :param day: as of which day; ``known_at``: as known at which moment, not later than ``at``.
    :param release: public id of the release to decide by; empty: the one in force.
    :param own_word: whether what enterprises state of themselves counts.
    :raises UnknownAnswerError: when there is no such measure or enterprise.
    :raises MatchingError: for too many of them, or none; when the rules have no such item.
    :raises NotAllowedError: for who is neither an officer nor the enterprise itself.
    """
    if isinstance(by, Standing):
        hold_standing(by, at=at)
    require_may_decide(by, subjects)
    require_day(day, known_at, at)
    if not 0 < len(subjects) <= MAX_DECIDED or len(set(subjects)) != len(subjects) or occasion not in OCCASIONS:
        raise MatchingError(
            "One act decides for 1 to {limit} enterprises, each once. Make several of it.", limit=MAX_DECIDED
        )
    asked = question_of(measure, day=day, known_at=known_at, at=at, release=release, own_word=own_word)
    answers = list(answers_to(asked, subjects_called(subjects)))
    return _keep(asked, answers, occasion, by=by, at=at)


@action
def keep_answer(measure: str, *, by: Standing, at: datetime) -> StoredDecision:
    """Keep what a measure comes to for one's own enterprise today, with a receipt.

    :raises NotAllowedError: for who acts for no enterprise.
    :raises UnknownAnswerError: when there is no such measure.
    """
    hold_standing(by, at=at)
    require_enterprise(by)
    asked = question_of(measure, day=zone_date(at), known_at=at, at=at)
    if asked.measure.state != Measure.State.PUBLISHED:
        raise MatchingError("This measure has ended.")
    return _keep(asked, list(answers_to(asked, subjects_called([by.organisation]))), Occasion.KEPT, by=by, at=at)[0]


def _keep(
    asked: Question, answers: Sequence[Answered], occasion: str, *, by: Actor, at: datetime
) -> list[StoredDecision]:
    """One act, and a row for each. A crash before the end leaves neither: both are of one transaction."""
    about = str(asked.measure.public_id) if len(answers) > 1 else str(answers[0].subject.public_id)
    event = DecisionsMade(
        measure=str(asked.measure.public_id),
        item=asked.item,
        release=asked.loaded.release,
        rules=asked.loaded.digest,
        day=asked.day.isoformat(),
        known_at=asked.known_at.isoformat(),
        count=len(answers),
        decisions=list_digest(each.digest for each in answers),
        occasion=occasion,
    )
    recorded = record(event, by=by, about=about, at=at)
    rows = [_row(each, recorded, occasion, by=by, at=at) for each in answers]
    StoredDecision.objects.bulk_create(rows, batch_size=200)
    if isinstance(by, Standing) and by.is_officer:
        read = {each.subject: facts_used(each.decision.snapshot) for each in answers}
        title = asked.measure.title
        note_readings(read, purpose=POLICY, occasion=title, entry=recorded.public_id, by=by, at=at)
    return rows


def _row(answer: Answered, recorded: Recorded, occasion: str, *, by: Actor, at: datetime) -> StoredDecision:
    asked, snapshot = answer.question, answer.decision.snapshot
    return StoredDecision(
        public_id=new_id(at),
        measure=asked.measure,
        subject=answer.subject,
        release=asked.loaded.release,
        day=asked.day,
        known_at=asked.known_at,
        truth=answer.truth,
        amount=answer.amount,
        snapshot=snapshot.written().decode(),
        snapshot_digest=snapshot.digest(),
        record=answer.record.decode(),
        digest=answer.digest,
        occasion=occasion,
        made_by=by.actor_id,
        made_at=at,
        entry=recorded.public_id,
    )
