"""What a new batch and its grants look like, before an action writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from zonary.common.ids import new_id
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.grants.events import BatchStarted, GrantListed
from zonary.services.incentives.grants.models import AutomaticBatch, Grant
from zonary.services.incentives.grants.rules.allocating import Exhaustion, Last
from zonary.services.incentives.grants.rules.lists import list_digest
from zonary.services.incentives.grants.rules.steps import BatchState, GrantState
from zonary.services.incentives.grants.rules.terms import Terms
from zonary.services.incentives.matching.models import StoredDecision
from zonary.services.incentives.measures.models import Measure

CONSENT_WORKDAYS = 10
"""What enterprises have to answer when the officer says nothing else."""


def terms_for(
    measure: Measure, *, today: date, consent_workdays: int = CONSENT_WORKDAYS, last: Last = Last.REST
) -> Terms:
    """What the measure's card says now, to be frozen.

    :param today: whose year counts where the card has none: never the day an officer chose, or another day would open
        another year's budget and cap.
    :raises WrongTermsError: for what cannot be meant.
    """
    return Terms(
        measure=str(measure.public_id),
        title=measure.title,
        title_english=measure.title_english,
        year=measure.budget_year or today.year,
        budget=measure.budget,
        cap=measure.cap,
        group=measure.stacking or str(measure.public_id),
        exhaustion=Exhaustion(measure.exhaustion),
        last=last,
        notice_workdays=measure.notice_workdays,
        consent_workdays=consent_workdays,
        pay_workdays=measure.pay_workdays,
    ).checked()


def batch_of(
    measure: Measure, terms: Terms, *, is_instant: bool, day: date, release: str, by: Standing, at: datetime
) -> AutomaticBatch:
    """A batch that is not kept yet; it has the next number of its day."""
    count = AutomaticBatch.objects.filter(day=day).count()
    return AutomaticBatch(
        public_id=new_id(at),
        number=f"{day:%Y%m%d}-{count + 1}",
        measure=measure,
        is_instant=is_instant,
        day=day,
        known_at=at,
        release=release,
        terms=terms.text(),
        terms_digest=terms.digest(),
        year=terms.year,
        group=terms.group,
        state=BatchState.LISTED,
        made_by=by.actor_id,
        made_at=at,
    )


def grant_of(batch: AutomaticBatch, decision: StoredDecision, *, at: datetime) -> Grant:
    """A grant that is not kept yet."""
    return Grant(
        public_id=new_id(at),
        batch=batch,
        subject=decision.subject,
        decision=decision,
        computed=decision.amount or 0,
        state=GrantState.LISTED,
    )


def started(batch: AutomaticBatch, grants: Sequence[Grant]) -> BatchStarted:
    """What the ledger says of a batch that was just listed; an instant one begins empty."""
    rows = [(str(each.subject.public_id), each.decision.digest, each.computed) for each in grants]
    batch.list_digest = list_digest(rows)
    return BatchStarted(
        batch=str(batch.public_id),
        number=batch.number,
        measure=str(batch.measure.public_id),
        is_instant=batch.is_instant,
        day=batch.day.isoformat(),
        known_at=batch.known_at.isoformat(),
        release=str(batch.release),
        terms_digest=batch.terms_digest,
        list_digest=batch.list_digest,
        grants=len(rows),
        total=sum(amount for _enterprise, _digest, amount in rows),
    )


def listed(grant: Grant) -> GrantListed:
    """What the ledger says of one grant on the list."""
    return GrantListed(
        grant=str(grant.public_id),
        batch=str(grant.batch.public_id),
        enterprise=str(grant.subject.public_id),
        decision_digest=grant.decision.digest,
        amount=grant.computed,
    )
