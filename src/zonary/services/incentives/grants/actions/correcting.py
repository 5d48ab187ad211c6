"""What the bank answered is read by one officer; another confirms that a payment failed, or corrects that it did not.

With one officer's word alone nothing is paid a second time: until then the grant counts as given.
"""

from __future__ import annotations

from datetime import datetime

from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.permissions import NotAllowedError
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.grants import queries
from zonary.services.incentives.grants.actions.ending import settle_batch
from zonary.services.incentives.grants.events import FailureConfirmed, GrantAnswered, ResultCorrected
from zonary.services.incentives.grants.holding import held_grant
from zonary.services.incentives.grants.models import Grant, PaymentLine
from zonary.services.incentives.grants.permissions import GrantError, require_may_run
from zonary.services.incentives.grants.rules.steps import BatchState, GrantStep, next_grant_state
from zonary.services.incentives.grants.rules.texts import checked_text


@action
def confirm_failure(grant: str, *, reason: str, by: Standing, at: datetime) -> Grant:
    """Say, having asked the bank, that it did not pay. From then on the grant may be paid again, or given up.

    :param reason: how that was found out.
    :raises NotAllowedError: for who read the bank's answer.
    :raises GrantError: when the bank did not answer that it could not pay, or it was confirmed before.
    """
    held, line = _failed(grant, by=by, at=at)
    if line.confirmed_by:
        raise GrantError("Another officer has confirmed this already.")
    line.confirmed_by = by.actor_id
    line.save(update_fields=["confirmed_by"])
    event = FailureConfirmed(
        grant=grant, batch=str(held.batch.public_id), file=str(line.file.public_id), line=line.number,
        reason=checked_text(reason),
    )  # fmt: skip
    record(event, by=by, about=str(held.subject.public_id), at=at)
    return held


@action
def correct_result(grant: str, *, reason: str, by: Standing, at: datetime) -> Grant:
    """Say, having asked the bank, that it did pay what was read as failed; whatever became of the grant since.

    :param reason: how that was found out.
    :raises NotAllowedError: for who read the bank's answer.
    :raises GrantError: when the bank did not answer that it could not pay, or another file with it is under way.
    """
    held, line = _failed(grant, by=by, at=at)
    if held.file_id != line.file_id and queries.file_under_way(held.batch) is not None:
        raise GrantError("A payment file is under way. Have it released or rejected first.")
    said, batch = checked_text(reason), held.batch
    held.state, held.reason, held.answered_at = next_grant_state(held.state, GrantStep.CORRECT), "", at
    held.file, held.line = line.file, line.number
    held.save(update_fields=["state", "reason", "answered_at", "file", "line"])
    line.is_paid, line.answered_by, line.confirmed_by = True, by.actor_id, ""
    line.save(update_fields=["is_paid", "answered_by", "confirmed_by"])
    enterprise = str(held.subject.public_id)
    event = ResultCorrected(
        grant=grant, batch=str(batch.public_id), file=str(line.file.public_id), line=line.number, reason=said
    )
    record(event, by=by, about=enterprise, at=at)
    answer = GrantAnswered(grant=grant, enterprise=enterprise, is_paid=True, amount=held.allocated or 0, reason="")
    record(answer, by=by, about=str(batch.public_id), at=at)
    if batch.state == BatchState.PAYING and queries.is_over(batch):
        settle_batch(batch, by=by, at=at)
    return held


def _failed(grant: str, *, by: Standing, at: datetime) -> tuple[Grant, PaymentLine]:
    require_may_run(by, at=at)
    held = held_grant(grant)
    line = queries.failed_line(held)
    if line is None:
        raise GrantError("The bank did not answer that it could not pay this grant.")
    if by.actor_id == line.answered_by:
        raise NotAllowedError("You read the bank's answer yourself. Another officer confirms or corrects it.")
    return held, line
