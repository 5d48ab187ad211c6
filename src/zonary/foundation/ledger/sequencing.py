"""Giving leaves their places: one tick is one transaction.

Reading top to bottom is the order of things:

1. take what has no index yet, whatever its id;
2. append it to the right edge and sign the checkpoint of the new size;
3. write the indices, forget the outbox rows, move the state from the old size to the new (compare-and-swap);
4. commit.

A crash before 4 leaves everything as it was; the signed note was never shown to anyone. A crash after 4 leaves a
committed state that is not yet published, and :mod:`~zonary.foundation.ledger.publishing` finds and publishes it at
the next start, from the database alone. There is no third case.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zonary.foundation.ledger.leadership import lost
from zonary.foundation.ledger.logs import Log, require_not_ahead
from zonary.foundation.ledger.models import LogState
from zonary.proof.merkle import Frontier

MAX_BATCH = 16384
"""Leaves of one tick: what is hashed, written and committed in a fraction of a second."""


def tick(log: Log, *, at: datetime, limit: int = MAX_BATCH) -> int:
    """Give places to waiting leaves: to rows of them, until there are ``limit``.

    The checkpoint's time is ``at``, or that of the last one when the clock is behind it.

    :returns: how many; 0 when none was waiting.
    :raises RolledBackError: when more is published than the database has: an older database was put back.
    :raises LostRaceError: when another sequencer moved the log meanwhile.
    """
    published = log.published()
    log.step("tick begins")
    # SQLite begins IMMEDIATE (see config.database), PostgreSQL locks the log's row: no other sequencer from here on,
    # so what is read here is still true at commit.
    with transaction.atomic():
        state = log.locked_state()
        require_not_ahead(published, state)
        if state.epoch != log.epoch:
            raise lost(state.name)
        batch = log.source.take(state.size, limit)
        if not batch.hashes:
            return 0
        frontier = Frontier.decode(bytes(state.frontier)).extend(batch.hashes)
        at = max(at, state.signed_at)
        note = log.sign(frontier, at)
        log.step("tick signed")
        log.source.place(batch, state.generation)
        _swap(state, frontier, note, at)
        log.step("tick about to commit")
    log.recent.add(batch.first, batch.hashes)
    log.step("tick committed")
    return len(batch.hashes)


def _swap(state: LogState, frontier: Frontier, note: bytes, at: datetime) -> None:
    moved = LogState.objects.filter(
        name=state.name, generation=state.generation, epoch=state.epoch, size=state.size, root=bytes(state.root)
    ).update(size=frontier.size, root=frontier.root(), frontier=frontier.encode(), note=note, signed_at=at)
    if moved != 1:
        # The transaction rolls back: whoever was first has the places, and nothing of ours was shown.
        raise lost(state.name)
