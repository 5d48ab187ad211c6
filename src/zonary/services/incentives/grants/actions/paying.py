"""The payment file: made by one officer, looked at and released by another, fetched by whoever takes it to the bank."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from zonary.common.clock import zone_date
from zonary.common.ids import new_id
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.grants import keeping, queries
from zonary.services.incentives.grants.events import (
    PaymentFileTaken,
    PaymentPrepared,
    PaymentRejected,
    PaymentReleased,
)
from zonary.services.incentives.grants.holding import held_batch, held_file, hold_budgets
from zonary.services.incentives.grants.lines import account_lines, paid_amounts, sealed_line
from zonary.services.incentives.grants.models import AutomaticBatch, Grant, PaymentFile, PaymentLine, SampleReview
from zonary.services.incentives.grants.permissions import (
    GrantError,
    require_may_prepare,
    require_may_release,
    require_may_run,
)
from zonary.services.incentives.grants.rules.accounts import is_called
from zonary.services.incentives.grants.rules.payment_files import Line, digest, payment_file
from zonary.services.incentives.grants.rules.steps import (
    BatchStep,
    FileState,
    GrantState,
    GrantStep,
    next_batch_state,
    next_grant_state,
)
from zonary.services.incentives.grants.rules.texts import checked_text
from zonary.services.incentives.grants.sampled import sample_of_file


@action
def prepare_payment(batch: str, *, by: Standing, at: datetime) -> PaymentFile:
    """Allocate the budget and make the payment file; of a batch that went out before, for payments that failed.

    Allocation happens once a batch: amounts stand as soon as a file went out.

    :raises GrantError: while a file is under way, without a fresh look of today, while one that changed waits, or when
        there is nothing to pay.
    """
    require_may_run(by, at=at)
    held = held_batch(batch)
    require_may_prepare(by, held, at=at)
    held.state = next_batch_state(held.state, BatchStep.PREPARE)
    if queries.file_under_way(held) is not None:
        raise GrantError("A payment file is under way. Have it released or rejected first.")
    if not queries.was_released(held):
        _require_fresh_look(held, at)
        _allocate(held)
    held.save(update_fields=["state", "spent"])
    waiting = list(queries.grants_of(held).filter(state=GrantState.PAYABLE))
    if not waiting:
        raise GrantError("There is nothing to pay: nobody consented, nothing is left of the budget, or all was paid.")
    if unsure := queries.unconfirmed_failures(waiting):
        raise GrantError(
            "That the bank could not pay is one officer's word so far for {count} of these grants. Another officer has "
            "to confirm it on their pages, or to correct it.",
            count=unsure,
        )
    lines = account_lines(waiting)
    _require_own_accounts(lines, waiting)
    file = _file(held, lines, by=by, at=at)
    PaymentLine.objects.bulk_create(
        [sealed_line(file, line, grant) for line, grant in zip(lines, waiting, strict=True)], batch_size=200
    )
    for number, each in enumerate(waiting, 1):
        each.file, each.line = file, number
    Grant.objects.bulk_update(waiting, ["file", "line"], batch_size=200)
    return file


def _require_fresh_look(batch: AutomaticBatch, at: datetime) -> None:
    if batch.looked_at is None or zone_date(batch.looked_at) != zone_date(at):
        raise GrantError("Facts may have been corrected since the list was made. Make the decisions anew first.")
    asked = (GrantState.CONSENTED, GrantState.PAYABLE, GrantState.UNFUNDED)
    if batch.grants.filter(state__in=asked, anew__isnull=False, kept_because="").exists():
        raise GrantError("Decisions came out otherwise. Take each of them out, or say why it stays.")


def _allocate(batch: AutomaticBatch) -> None:
    """Say for each who consented what it gets; after a rejected file all of it anew."""
    hold_budgets(batch)
    batch.grants.filter(state__in=(GrantState.PAYABLE, GrantState.UNFUNDED)).update(
        state=next_grant_state(GrantState.PAYABLE, GrantStep.RECONSIDER), file=None, line=None
    )
    batch.spent = queries.spent_before(batch)
    earlier = queries.given_earlier(batch)
    grants = list(batch.grants.filter(state=GrantState.CONSENTED).order_by("pk"))
    for each in grants:
        each.earlier = earlier.get(each.subject_id, [])
    for each, (entitlement, share) in zip(grants, paid_amounts(batch, grants), strict=True):
        each.entitled, each.entitled_why = entitlement.amount, entitlement.why
        each.allocated, each.allocated_why = share.amount, share.why
        step = GrantStep.FUND if share.amount else GrantStep.RUN_OUT
        each.state = next_grant_state(each.state, step)
    fields = ["earlier", "entitled", "entitled_why", "allocated", "allocated_why", "state"]
    Grant.objects.bulk_update(grants, fields, batch_size=200)


def _require_own_accounts(lines: Sequence[Line], grants: Sequence[Grant]) -> None:
    """Whatever became of a name since it was asked for: the last gate before the bytes of a file."""
    for line, grant in zip(lines, grants, strict=True):
        if line.account is None or not is_called(line.account.payee, grant.subject.name):
            raise GrantError(
                "The account given for {name} is in another name. Take the grant out; it comes with the next list.",
                name=grant.subject.name,
            )


def _file(batch: AutomaticBatch, lines: list[Line], *, by: Standing, at: datetime) -> PaymentFile:
    purpose = queries.terms_of_batch(batch).title
    content = payment_file(batch.number, purpose, lines)
    shown = payment_file(batch.number, purpose, [Line(each.number, each.grant, each.amount, None) for each in lines])
    public_id, total = new_id(at), sum(each.amount for each in lines)
    event = PaymentPrepared(
        file=public_id,
        batch=str(batch.public_id),
        file_number=batch.files.count() + 1,
        file_digest=digest(content),
        shown_digest=digest(shown),
        lines=len(lines),
        total=total,
        spent=batch.spent or 0,
    )
    recorded = record(event, by=by, about=str(batch.public_id), at=at)
    return PaymentFile.objects.create(
        public_id=public_id,
        batch=batch,
        number=event.file_number,
        content=keeping.sealed(content.decode(), of=public_id),
        digest=event.file_digest,
        shown=shown.decode(),
        shown_digest=event.shown_digest,
        lines=len(lines),
        total=total,
        state=FileState.PREPARED,
        prepared_by=by.actor_id,
        prepared_at=at,
        entry=recorded.public_id,
    )


@action
def release_payment(file: str, *, looked_at: Collection[str], note: str, by: Standing, at: datetime) -> PaymentFile:
    """Let a payment file go to the bank, having looked at the sample of it, in which every exception is.

    :param looked_at: public ids of the grants the officer looked at: all of the sample.
    :raises NotAllowedError: for who made the list or the file.
    :raises GrantError: when not all of the sample was looked at, or the file is not waiting for this.
    """
    batch, held = held_file(file)
    require_may_release(by, held, batch, at=at)
    _require_prepared(held)
    sampled = sample_of_file(held)
    sample = [str(each.grant.public_id) for each in sampled]
    if not set(sample) <= set(looked_at):
        raise GrantError("Look at every grant of the sample, and say so, before the file goes out.")
    said = checked_text(note)
    SampleReview.objects.bulk_create(
        SampleReview(file=held, grant=each.grant, note=said, reviewed_by=by.actor_id, reviewed_at=at)
        for each in sampled
    )
    _decide(held, FileState.RELEASED, said, by=by, at=at)
    event = PaymentReleased(file=file, batch=str(batch.public_id), file_digest=held.digest, sample=sample, note=said)
    record(event, by=by, about=str(batch.public_id), at=at)
    return held


@action
def reject_payment(file: str, *, reason: str, by: Standing, at: datetime) -> PaymentFile:
    """Send a payment file back: it never goes out, and another one is made once what is wrong is mended.

    :raises NotAllowedError: for who made the list or the file.
    """
    batch, held = held_file(file)
    require_may_release(by, held, batch, at=at)
    _require_prepared(held)
    _decide(held, FileState.REJECTED, checked_text(reason), by=by, at=at)
    held.grants.update(file=None, line=None)
    record(
        PaymentRejected(file=file, batch=str(batch.public_id), reason=held.reason),
        by=by,
        about=str(batch.public_id),
        at=at,
    )
    return held


def _require_prepared(file: PaymentFile) -> None:
    if file.state != FileState.PREPARED:
        raise GrantError("This payment file was released or rejected already.")


def _decide(file: PaymentFile, state: FileState, reason: str, *, by: Standing, at: datetime) -> None:
    file.state, file.reason, file.decided_by, file.decided_at = state, reason, by.actor_id, at
    file.save(update_fields=["state", "reason", "decided_by", "decided_at"])


@action
def take_payment_file(file: str, *, by: Standing, at: datetime) -> bytes:
    """The bytes of a released payment file, the same each time; that they were fetched is on record.

    :raises GrantError: before it was released.
    :raises UnreadableAccountError: when the server's secret is another one now.
    """
    require_may_run(by, at=at)
    _batch, held = held_file(file)
    if held.state not in (FileState.RELEASED, FileState.ANSWERED):
        raise GrantError("This payment file is not released, so nobody gets it.")
    content = keeping.opened(held.content, of=file).encode()
    record(PaymentFileTaken(file=file, file_digest=held.digest), by=by, about=str(held.batch.public_id), at=at)
    return content
