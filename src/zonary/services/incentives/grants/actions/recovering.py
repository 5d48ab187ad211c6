"""Money that has to come back (追回), and that it came."""

from __future__ import annotations

from datetime import datetime

from zonary.common.clock import zone_date
from zonary.common.ids import new_id
from zonary.engines.workdays import Term, Unit
from zonary.foundation.deadlines.actions import DeadlineError, meet_deadline, set_deadline
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.permissions import NotAllowedError
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.grants.events import ClawBackDecided, RepaymentReceived
from zonary.services.incentives.grants.holding import held_grant
from zonary.services.incentives.grants.models import ClawBack
from zonary.services.incentives.grants.permissions import GrantError, require_may_run
from zonary.services.incentives.grants.rules.steps import GrantStep, Reason, next_grant_state
from zonary.services.incentives.grants.rules.terms import MAX_WORKDAYS
from zonary.services.incentives.grants.rules.texts import checked_text

WORKDAYS = 20
"""To pay back, when the officer says nothing else."""
MAX_NOTE = 2000


@action
def claw_back_grant(
    grant: str,
    *,
    why: Reason,
    note: str,
    amount: int | None = None,
    workdays: int = WORKDAYS,
    by: Standing,
    at: datetime,
) -> ClawBack:
    """Claim a paid grant back, wholly or in part (``amount`` in fen); by a day counted in workdays from tomorrow.

    :param note: what was found; the enterprise reads it.
    :raises WrongStepError: when it was not paid, or is claimed back already.
    :raises GrantError: for an amount or a term that cannot be.
    """
    require_may_run(by, at=at)
    held = held_grant(grant)
    held.state = next_grant_state(held.state, GrantStep.CLAW_BACK)
    paid = held.allocated or 0
    claimed = paid if amount is None else amount
    if not 0 < claimed <= paid:
        raise GrantError("At most what was paid can be claimed back, and at least one fen.")
    if not 1 <= workdays <= MAX_WORKDAYS:
        raise GrantError("To pay back there are 1 to {most} workdays.", most=MAX_WORKDAYS)
    said, public_id = checked_text(note, most=MAX_NOTE), new_id(at)
    term = Term(workdays, Unit.WORKDAYS, False)
    deadline = set_deadline(public_id, term, begins=zone_date(at), basis=f"{held.batch.number} claw-back", by=by, at=at)
    if deadline.due is None:  # nothing stops the clock of a term that begins now
        raise DeadlineError("This has no last day.")
    held.save(update_fields=["state"])
    event = ClawBackDecided(
        grant=grant, batch=str(held.batch.public_id), claw_back=public_id, why=why, note=said, amount=claimed,
        until=deadline.due.isoformat(),
    )  # fmt: skip
    recorded = record(event, by=by, about=str(held.subject.public_id), at=at)
    return ClawBack.objects.create(
        public_id=public_id,
        grant=held,
        reason=why,
        note=said,
        amount=claimed,
        until=deadline.due,
        decided_by=by.actor_id,
        decided_at=at,
        entry=recorded.public_id,
    )


@action
def record_repayment(grant: str, *, by: Standing, at: datetime) -> ClawBack:
    """Record that what was claimed back came back whole.

    :raises WrongStepError: when nothing is claimed back there.
    :raises NotAllowedError: for who decided that it is claimed back: with both the same grant could be paid anew.
    """
    require_may_run(by, at=at)
    held = held_grant(grant)
    held.state = next_grant_state(held.state, GrantStep.REPAY)
    found = ClawBack.objects.select_for_update().get(grant=held)
    if by.actor_id == found.decided_by:
        raise NotAllowedError(
            "You decided yourself that this is claimed back. Another officer records that the money came."
        )
    held.save(update_fields=["state"])
    found.repaid_at, found.received_by = at, by.actor_id
    found.save(update_fields=["repaid_at", "received_by"])
    event = RepaymentReceived(
        grant=grant, claw_back=str(found.public_id), amount=found.amount, is_late=zone_date(at) > found.until
    )
    record(event, by=by, about=str(held.subject.public_id), at=at)
    meet_deadline(str(found.public_id), by=by, at=at)
    return found
