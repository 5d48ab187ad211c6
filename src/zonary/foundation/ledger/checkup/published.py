"""Whether what readers see is readable, signed by this log's key, and not ahead of the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from zonary.common.clock import to_the_second
from zonary.foundation.ledger.checkup.findings import Finding, Severity
from zonary.foundation.ledger.checkup.key_files import log_keys_of
from zonary.foundation.ledger.layout import DataDirectory
from zonary.foundation.ledger.logs import MAIN, Log, require_not_ahead
from zonary.foundation.ledger.proofs import store_of
from zonary.foundation.ledger.queries import log_status
from zonary.foundation.ledger.sources import EntrySource
from zonary.proof.errors import Error
from zonary.proof.package.report import Sentence
from zonary.proof.tlog.checkpoint import Checkpoint, SignedCheckpoint
from zonary.proof.tlog.tiles import root_of_tiles

_RESTART = Sentence(
    "Restart the server: it writes what is missing or damaged anew from the database, and says what differed. Every "
    "byte that is wrong is named by zonary fsck."
)


def check_published(data: DataDirectory, now: datetime) -> Iterator[Finding]:
    """Findings ``published-log`` and ``checkpoint``."""
    if log_status(MAIN) is None:
        return
    log = Log(name=MAIN, source=EntrySource(), store=store_of(MAIN), keys=log_keys_of(data))
    # Before the database is asked: a running server only ever moves the database ahead of what is published.
    published, fault = _look(log)
    state = log.state()
    if published is None:
        yield Finding(
            "published-log",
            Severity.FAULT,
            Sentence("There is no published checkpoint, though the database has {size} entries.", {"size": state.size}),
            _RESTART,
        )
        return
    require_not_ahead(published, state)
    size = published.checkpoint.size
    found = Sentence(
        "The published log has {published} of the {size} entries the database has counted; its right edge is whole.",
        {"published": size, "size": state.size},
    )
    if fault is None:
        yield Finding("published-log", Severity.OK, found)
    else:
        yield Finding("published-log", Severity.FAULT, fault, _RESTART)
    age = max(0, int((now - state.signed_at).total_seconds()))
    yield Finding(
        "checkpoint",
        Severity.OK,
        Sentence(
            "The last checkpoint has {size} entries; its {count} signatures by this log's keys hold; the last one "
            "signed is of {signed}, {seconds} seconds ago.",
            {
                "size": size,
                "count": len(published.verified),
                "signed": to_the_second(state.signed_at),
                "seconds": age,
            },
        ),
    )


def _look(log: Log) -> tuple[SignedCheckpoint | None, Sentence | None]:
    """The published checkpoint, and what is wrong with the tiles at its right edge.

    A running server may remove partial tiles that it has outgrown between the two, so what is wrong is looked at again
    as long as the checkpoint has moved on.
    """
    published = log.published()
    while published is not None:
        fault = _fault(log, published.checkpoint)
        again = log.published()
        if fault is None or again is None or again.note == published.note:
            return published, fault
        published = again
    return None, None


def _fault(log: Log, checkpoint: Checkpoint) -> Sentence | None:
    try:
        root = root_of_tiles(checkpoint.size, log.store.read)
    except Error as error:
        return Sentence("The published tiles are damaged: {reason}", {"reason": error})
    if root != checkpoint.root:
        return Sentence("The published tiles lead to another root than the checkpoint beside them.")
    return None
