"""A batch handed to somebody outside: all it takes to repeat it, and no account."""

from __future__ import annotations

import hashlib
from datetime import datetime

from zonary.engines.clauses.stored import read_snapshot
from zonary.foundation.facts.actions.noting import note_readings
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules.snapshots import POLICY, facts_used
from zonary.services.incentives.grants.events import BatchExported
from zonary.services.incentives.grants.holding import held_batch
from zonary.services.incentives.grants.permissions import require_may_run
from zonary.services.incentives.grants.repeating import batch_of_rows
from zonary.services.incentives.grants.rules.repeating import write_batch


@action
def export_batch(batch: str, *, by: Standing, at: datetime) -> bytes:
    """The file that ``zonary replay`` repeats. Enterprises' figures are in it, so that it was taken is on record, and
    stands with each enterprise as a reading of every fact that its decision was made from.

    :raises UnknownGrantError: when there is no such batch.
    """
    require_may_run(by, at=at)
    held = held_batch(batch)
    content = write_batch(batch_of_rows(held))
    event = BatchExported(batch=batch, bundle_digest=hashlib.sha256(content).hexdigest())
    recorded = record(event, by=by, about=batch, at=at)
    grants = held.grants.select_related("subject", "decision").order_by("pk")
    read = {each.subject: facts_used(read_snapshot(each.decision.snapshot.encode())) for each in grants}
    note_readings(read, purpose=POLICY, occasion=held.measure.title, entry=recorded.public_id, by=by, at=at)
    return content
