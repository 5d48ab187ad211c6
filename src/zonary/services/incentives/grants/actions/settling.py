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
from zonary.services.incentives.grants.models import Grant, PaymentFile, PaymentLine
from zonary.services.incentives.grants.permissions import GrantError, require_may_run
from zonary.services.incentives.grants.queries import is_over
from zonary.services.incentives.grants.rules.payment_files import Line, Result, read_results
from zonary.services.incentives.grants.rules.steps import FileState, GrantStep, next_grant_state


@action
def read_back(
    file: str, rows: Sequence[tuple[int, dict[str, str]]], *, upload_digest: str = "", by: Standing, at: datetime
) -> tuple[int, int]:
    """Take what the bank answered, for some lines of a released file or all of them: how many were paid, how many not.

    All of the rows are taken, or none. The same answer again changes nothing, whatever became of the grants since: a
    line keeps what was answered to it, and a grant that is paid by a later file has another line there.

    :param rows: number as a spreadsheet counts, and cells by field, as ``read_results`` takes them.
    :param upload_digest: SHA-256 of the bytes the rows were read from, so that what the bank sent is held against it;
        empty when nothing was uploaded.
    :raises ResultsError: naming each row that does not fit.
    :raises GrantError: when the file is not with the bank, or a line was answered otherwise before.
    """
    require_may_run(by, at=at)
    batch, held = held_file(file)
    if held.state not in (FileState.RELEASED, FileState.ANSWERED):
        raise GrantError("This payment file was not released, so no bank can have answered it.")
    written = {str(each.grant.public_id): each for each in held.written.select_related("grant__subject")}
    lines = [Line(each.number, grant, each.grant.allocated or 0, None) for grant, each in written.items()]
    results = read_results(rows, sorted(lines, key=lambda each: each.number))
    news = [each for each in results if _is_news(written[each.grant], each)]
    if not news:
        repeat([str(held.entry)])
        return 0, 0
    _take(written, news, by=by, at=at)
    paid = sum(each.is_paid for each in news)
    if not held.written.filter(is_paid=None).exists():
        held.state = FileState.ANSWERED
        held.save(update_fields=["state"])
    _record(held, written, news, upload_digest, by=by, at=at)
    if is_over(batch):
        settle_batch(batch, by=by, at=at)
    return paid, len(news) - paid


def _is_news(line: PaymentLine, result: Result) -> bool:
    if line.is_paid is None:
        return True
    if line.is_paid is not result.is_paid:
        raise GrantError("Line {line} was answered otherwise before. Nothing was taken.", line=result.number)
    return False


def _take(written: dict[str, PaymentLine], news: Sequence[Result], *, by: Standing, at: datetime) -> None:
    for each in news:
        line = written[each.grant]
        line.is_paid, line.answered_by = each.is_paid, by.actor_id
        grant = line.grant
        grant.state = next_grant_state(grant.state, GrantStep.PAY if each.is_paid else GrantStep.FAIL)
        grant.reason, grant.answered_at = each.reason, at
    lines = [written[each.grant] for each in news]
    PaymentLine.objects.bulk_update(lines, ["is_paid", "answered_by"], batch_size=200)
    Grant.objects.bulk_update([each.grant for each in lines], ["state", "reason", "answered_at"], batch_size=200)


def _record(
    file: PaymentFile,
    written: dict[str, PaymentLine],
    news: Sequence[Result],
    upload_digest: str,
    *,
    by: Standing,
    at: datetime,
) -> None:
    paid, batch = sum(each.is_paid for each in news), str(file.batch.public_id)
    said = "\n".join(f"{each.number} {each.grant} {each.is_paid} {each.reason}" for each in news)
    event = ResultsRead(
        file=str(file.public_id),
        batch=batch,
        results_digest=hashlib.sha256(said.encode()).hexdigest(),
        upload_digest=upload_digest,
        paid=paid,
        failed=len(news) - paid,
    )
    record(event, by=by, about=batch, at=at)
    answers = [
        GrantAnswered(
            grant=each.grant,
            enterprise=str(written[each.grant].grant.subject.public_id),
            is_paid=each.is_paid,
            amount=written[each.grant].grant.allocated or 0,
            reason=each.reason,
        )
        for each in news
    ]
    record_each(answers, by=by, about=batch, at=at)
