"""The end of a batch, when no money is under way any more."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from zonary.foundation.deadlines.actions import meet_deadline
from zonary.foundation.deadlines.queries import deadline_of
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.recording import action, record
from zonary.services.incentives.grants.events import BatchSettled
from zonary.services.incentives.grants.models import AutomaticBatch
from zonary.services.incentives.grants.permissions import GrantError
from zonary.services.incentives.grants.queries import is_over
from zonary.services.incentives.grants.rules.steps import BatchStep, GrantState, next_batch_state


@action
def settle_batch(batch: AutomaticBatch, *, by: Actor, at: datetime) -> None:
    """Say that none of a batch's grants waits for money or an answer; a step of the action that ended the last of them.

    :raises GrantError: when one does.
    """
    if not is_over(batch):
        raise GrantError("Money of this batch is under way still.")
    batch.state, batch.settled_at = next_batch_state(batch.state, BatchStep.SETTLE), at
    batch.save(update_fields=["state", "settled_at"])
    paid = batch.grants.filter(state__in=(GrantState.PAID, GrantState.CLAWED_BACK, GrantState.REPAID))
    total = paid.aggregate(total=Sum("allocated"))["total"] or 0
    event = BatchSettled(batch=str(batch.public_id), paid=paid.count(), total=total)
    record(event, by=by, about=str(batch.public_id), at=at)
    about = f"{batch.public_id}:pay"
    running = deadline_of(about)
    if running is not None and running.met_at is None:
        meet_deadline(about, by=by, at=at)
