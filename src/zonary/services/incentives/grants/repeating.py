"""A batch as one file that an outsider repeats, and the same repetition here, with the accounts it was paid to."""

from __future__ import annotations

from zonary.common.clock import rfc3339
from zonary.engines.clauses.errors import ReplayError
from zonary.engines.clauses.packs.writing import canonical
from zonary.foundation.rules.loaded import loaded_release
from zonary.services.incentives.grants.lines import written_lines
from zonary.services.incentives.grants.models import AutomaticBatch, Grant, PaymentFile
from zonary.services.incentives.grants.rules.payment_files import digest, payment_file
from zonary.services.incentives.grants.rules.repeating import Batch, BatchFile, BatchGrant, RepeatedBatch, repeat_batch
from zonary.services.incentives.grants.rules.steps import FileState
from zonary.services.incentives.grants.rules.terms import terms_of


def batch_of_rows(batch: AutomaticBatch) -> Batch:
    """All it takes to repeat it, without accounts; files that were rejected never went out and are left out."""
    grants = batch.grants.select_related("decision").order_by("pk")
    return Batch(
        number=batch.number,
        is_instant=batch.is_instant,
        day=batch.day.isoformat(),
        terms=batch.terms,
        terms_digest=batch.terms_digest,
        rules=canonical(loaded_release(str(batch.release)).shape).decode(),
        spent=batch.spent,
        grants=[_grant(each) for each in grants],
        files=[_file(each) for each in _files(batch)],
    )


def replay_batch(batch: AutomaticBatch) -> RepeatedBatch:
    """Decide, allocate and write anew, months later, whatever facts and releases there are by then.

    :raises ReplayError: at the first thing that comes out otherwise; says which.
    :raises UnreadableAccountError: when the server's secret is another one now.
    """
    repeated, purpose = repeat_batch(batch_of_rows(batch)), terms_of(batch.terms).title
    if not batch.is_instant and repeated.list_digest != batch.list_digest:
        raise ReplayError(
            "The list of the batch comes out otherwise: {now}, and it was {then}.",
            now=repeated.list_digest,
            then=batch.list_digest,
        )
    for each in _files(batch):
        content = payment_file(batch.number, purpose, written_lines(each))
        if digest(content) != each.digest:
            raise ReplayError(
                "Payment file {number} comes out otherwise: {now}, and it was {then}.",
                number=each.number,
                now=digest(content),
                then=each.digest,
            )
    return repeated


def _files(batch: AutomaticBatch) -> list[PaymentFile]:
    return list(batch.files.exclude(state=FileState.REJECTED).order_by("number"))


def _grant(grant: Grant) -> BatchGrant:
    return BatchGrant(
        grant=str(grant.public_id),
        decision=grant.decision.record,
        snapshot=grant.decision.snapshot,
        computed=grant.computed,
        state=grant.state,
        reason=grant.reason,
        kept_because=grant.kept_because,
        consented_at="" if grant.consented_at is None else rfc3339(grant.consented_at),
        earlier=grant.earlier or [],
        allocated=grant.allocated,
    )


def _file(file: PaymentFile) -> BatchFile:
    lines = file.written.order_by("number").values_list("grant__public_id", flat=True)
    return BatchFile(
        number=file.number,
        lines=[str(each) for each in lines],
        shown=file.shown,
        shown_digest=file.shown_digest,
        digest=file.digest,
    )
