"""Between the answers and the money: the time is over, decisions are made anew, and what changed is dealt with."""

from __future__ import annotations

from datetime import datetime

from zonary.common.clock import zone_date
from zonary.engines.workdays import Term, Unit
from zonary.foundation.deadlines.actions import meet_deadline, set_deadline
from zonary.foundation.deadlines.queries import deadline_of
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.grants import deciding, queries
from zonary.services.incentives.grants.actions.ending import settle_batch
from zonary.services.incentives.grants.events import BatchLookedAt, ConsentsClosed, GrantKept, GrantRemoved
from zonary.services.incentives.grants.holding import held_batch, held_grant
from zonary.services.incentives.grants.models import AutomaticBatch, Grant
from zonary.services.incentives.grants.permissions import GrantError, require_may_keep, require_may_run
from zonary.services.incentives.grants.rules.steps import (
    BatchState,
    BatchStep,
    GrantState,
    GrantStep,
    next_batch_state,
    next_grant_state,
)
from zonary.services.incentives.grants.rules.texts import checked_text


@action
def close_consents(batch: str, *, by: Standing, at: datetime) -> AutomaticBatch:
    """Nobody answers any more: when all did, or the last day has passed. Who did not gets nothing from this batch.

    :raises GrantError: before that.
    """
    require_may_run(by, at=at)
    held = held_batch(batch)
    state, silent = next_batch_state(held.state, BatchStep.CLOSE), held.grants.filter(state=GrantState.LISTED)
    is_over = held.consent_until is None or zone_date(at) > held.consent_until
    if not is_over and silent.exists():
        raise GrantError("Enterprises have until {day} to answer, and not all did.", day=str(held.consent_until))
    lapsed = silent.update(state=next_grant_state(GrantState.LISTED, GrantStep.LAPSE), answered_at=at)
    held.state, held.closed_at = state, at
    terms = queries.terms_of_batch(held)
    if terms.pay_workdays:
        term, basis = Term(terms.pay_workdays, Unit.WORKDAYS, False), f"{held.number} pay"
        held.pay_until = set_deadline(f"{batch}:pay", term, begins=zone_date(at), basis=basis, by=by, at=at).due
    held.save(update_fields=["state", "closed_at", "pay_until"])
    if deadline_of(f"{batch}:consent") is not None:
        meet_deadline(f"{batch}:consent", by=by, at=at)
    consented = held.grants.filter(state=GrantState.CONSENTED).count()
    record(ConsentsClosed(batch=batch, consented=consented, lapsed=lapsed), by=by, about=batch, at=at)
    return held


@action
def look_again(batch: str, *, by: Standing, at: datetime) -> list[Grant]:
    """Make the decisions of all who consented anew: same day, same release, with what is known now.

    Returns the grants that come out otherwise; each has to be taken out, or to stay with a reason, before a payment
    file is made.

    :raises WrongStepError: before the time to answer is over, or once a payment file went out.
    """
    require_may_run(by, at=at)
    held = held_batch(batch)
    if queries.was_released(held) or queries.file_under_way(held) is not None:
        raise GrantError("A payment file was made from this batch already; its decisions are not made anew now.")
    next_batch_state(held.state, BatchStep.PREPARE)
    looked = (GrantState.CONSENTED, GrantState.PAYABLE, GrantState.UNFUNDED)
    grants = list(queries.grants_of(held).filter(state__in=looked))
    anew = deciding.decided_anew(held, grants, by=by, at=at)
    changed = []
    for each in grants:
        found = anew[each.subject_id]
        is_same = found.truth == each.decision.truth and (found.amount or 0) == each.computed
        if is_same:
            each.anew, each.kept_because, each.kept_by = None, "", ""
        elif each.anew is None or (each.anew.truth, each.anew.amount) != (found.truth, found.amount):
            each.anew, each.kept_because, each.kept_by = found, "", ""
        if not is_same:
            changed.append(each)
    Grant.objects.bulk_update(grants, ["anew", "kept_because", "kept_by"], batch_size=200)
    held.looked_at = at
    held.save(update_fields=["looked_at"])
    record(BatchLookedAt(batch=batch, looked=len(grants), changed=len(changed)), by=by, about=batch, at=at)
    return changed


@action
def remove_grant(grant: str, *, reason: str, by: Standing, at: datetime) -> Grant:
    """Take a grant out of its batch before it is paid; the enterprise is told why.

    :raises WrongStepError: when it is in a payment file, or over.
    """
    require_may_run(by, at=at)
    held = held_grant(grant)
    _require_no_file(held.batch)
    _reconsider(held)
    held.state, held.reason = next_grant_state(held.state, GrantStep.REMOVE), checked_text(reason)
    held.answered_at = at
    held.save(update_fields=["state", "reason", "answered_at"])
    event = GrantRemoved(grant=grant, batch=str(held.batch.public_id), reason=held.reason)
    record(event, by=by, about=str(held.subject.public_id), at=at)
    if held.batch.state == BatchState.PAYING and queries.is_over(held.batch):
        settle_batch(held.batch, by=by, at=at)
    return held


@action
def keep_grant(grant: str, *, reason: str, by: Standing, at: datetime) -> Grant:
    """Have a grant stay as it was listed though a fresh look came out otherwise.

    :raises NotAllowedError: for who made the list, or is of an enterprise in it.
    :raises GrantError: when there is nothing to decide about it.
    """
    require_may_run(by, at=at)
    held = held_grant(grant)
    require_may_keep(by, held.batch, at=at)
    _require_no_file(held.batch)
    if held.anew is None or held.batch.state not in (BatchState.CLOSED, BatchState.PAYING):
        raise GrantError("No fresh look found this grant changed, so there is nothing to decide.")
    held.kept_because, held.kept_by = checked_text(reason), by.actor_id
    held.save(update_fields=["kept_because", "kept_by"])
    event = GrantKept(grant=grant, batch=str(held.batch.public_id), reason=held.kept_because)
    record(event, by=by, about=str(held.subject.public_id), at=at)
    return held


def _require_no_file(batch: AutomaticBatch) -> None:
    if queries.file_under_way(batch) is not None:
        raise GrantError("A payment file is under way. Have it released or rejected first.")


def _reconsider(grant: Grant) -> None:
    """What a rejected payment file had allocated is open again as long as none ever went out."""
    if grant.state in (GrantState.PAYABLE, GrantState.UNFUNDED) and not queries.was_released(grant.batch):
        grant.state = next_grant_state(grant.state, GrantStep.RECONSIDER)
        grant.file = grant.line = grant.entitled = grant.allocated = None
        grant.save(update_fields=["state", "file", "line", "entitled", "allocated"])
