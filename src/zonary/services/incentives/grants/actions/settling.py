"""What the bank answered; and the end of a batch, when no money is under way any more."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from zonary.foundation.ledger.act_batches import record_each
from zonary.foundation.ledger.recording import action, record, repeat
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.grants.actions.ending import settle_batch
from zonary.services.incentives.grants.events import GrantAnswered, ResultsRead
from zonary.services.incentives.grants.holding import held_file
from zonary.services.incentives.grants.models import AutomaticBatch, Grant, PaymentFile
from zonary.services.incentives.grants.permissions import GrantError, require_may_run
from zonary.services.incentives.grants.queries import is_over
from zonary.services.incentives.grants.rules.payment_files import Line, Result, read_results
from zonary.services.incentives.grants.rules.steps import (
    FileState,
    GrantState,
    GrantStep,
    next_grant_state,
)


@action
def read_back(file: str, rows: Sequence[tuple[int, dict[str, str]]], *, by: Standing, at: datetime) -> tuple[int, int]:
    """Take what the bank answered, for some lines of a released file or all of them: how many were paid, how many not.

    All of the rows are taken, or none. The same answer again changes nothing.

    :param rows: number as a spreadsheet counts, and cells by field, as ``read_results`` takes them.
    :raises ResultsError: naming each row that does not fit.
    :raises GrantError: when the file is not with the bank, or a line was answered otherwise before.
    """
    require_may_run(by, at=at)
    batch, held = held_file(file)
    if held.state not in (FileState.RELEASED, FileState.ANSWERED):
        raise GrantError("This payment file was not released, so no bank can have answered it.")
    grants = {str(each.public_id): each for each in held.grants.select_related("subject").order_by("line")}
    lines = [Line(each.line or 0, grant, each.allocated or 0, None) for grant, each in grants.items()]
    results = read_results(rows, lines)
    news = [each for each in results if _is_news(grants[each.grant], each)]
    if not news:
        repeat([str(held.entry)])
        return 0, 0
    _take(grants, news, at=at)
    paid = sum(each.is_paid for each in news)
    if not held.grants.filter(state=GrantState.PAYABLE).exists():
        held.state = FileState.ANSWERED
        held.save(update_fields=["state"])
    _record(batch, held, grants, news, by=by, at=at)
    if is_over(batch):
        settle_batch(batch, by=by, at=at)
    return paid, len(news) - paid


def _is_news(grant: Grant, result: Result) -> bool:
    if grant.state == GrantState.PAYABLE:
        return True
    was_paid = grant.state in (GrantState.PAID, GrantState.CLAWED_BACK, GrantState.REPAID)
    if was_paid is not result.is_paid:
        raise GrantError("Line {line} was answered otherwise before. Nothing was taken.", line=result.number)
    return False


def _take(grants: dict[str, Grant], news: Sequence[Result], *, at: datetime) -> None:
    for each in news:
        grant = grants[each.grant]
        grant.state = next_grant_state(grant.state, GrantStep.PAY if each.is_paid else GrantStep.FAIL)
        grant.reason, grant.answered_at = each.reason, at
    Grant.objects.bulk_update([grants[each.grant] for each in news], ["state", "reason", "answered_at"], batch_size=200)


def _record(
    batch: AutomaticBatch,
    file: PaymentFile,
    grants: dict[str, Grant],
    news: Sequence[Result],
    *,
    by: Standing,
    at: datetime,
) -> None:
    paid = sum(each.is_paid for each in news)
    said = "\n".join(f"{each.number} {each.grant} {each.is_paid} {each.reason}" for each in news)
    event = ResultsRead(
        file=str(file.public_id),
        batch=str(batch.public_id),
        results_digest=hashlib.sha256(said.encode()).hexdigest(),
        paid=paid,
        failed=len(news) - paid,
    )
    record(event, by=by, about=str(batch.public_id), at=at)
    answers = [
        GrantAnswered(
            grant=each.grant,
            enterprise=str(grants[each.grant].subject.public_id),
            is_paid=each.is_paid,
            amount=grants[each.grant].allocated or 0,
            reason=each.reason,
        )
        for each in news
    ]
    record_each(answers, by=by, about=str(batch.public_id), at=at)
