"""A batch handed to somebody outside: all it takes to repeat it, and no account."""

from __future__ import annotations

import hashlib
from datetime import datetime

from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.grants.events import BatchExported
from zonary.services.incentives.grants.holding import held_batch
from zonary.services.incentives.grants.permissions import require_may_run
from zonary.services.incentives.grants.repeating import batch_of_rows
from zonary.services.incentives.grants.rules.repeating import write_batch


@action
def export_batch(batch: str, *, by: Standing, at: datetime) -> bytes:
    """The file that ``zonary replay`` repeats. Enterprises' figures are in it, so that it was taken is on record.

    :raises UnknownGrantError: when there is no such batch.
    """
    require_may_run(by, at=at)
    content = write_batch(batch_of_rows(held_batch(batch)))
    event = BatchExported(batch=batch, bundle_digest=hashlib.sha256(content).hexdigest())
    record(event, by=by, about=batch, at=at)
    return content
