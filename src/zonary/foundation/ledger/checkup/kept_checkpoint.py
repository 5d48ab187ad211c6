"""Whether the last checkpoint is kept outside the data directory, and the log goes on from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from zonary.foundation.ledger.checkup.findings import Finding, Severity
from zonary.foundation.ledger.checkup.key_files import log_keys_of
from zonary.foundation.ledger.errors import ForkError, LedgerError, RolledBackError
from zonary.foundation.ledger.kept import KeptCheckpoints
from zonary.foundation.ledger.layout import DataDirectory
from zonary.foundation.ledger.logs import MAIN, Log
from zonary.foundation.ledger.proofs import store_of
from zonary.foundation.ledger.queries import log_status
from zonary.foundation.ledger.rollback import require_not_rolled_back
from zonary.foundation.ledger.sources import EntrySource
from zonary.proof.package.report import Sentence

_NAME = "kept-checkpoint"


def check_kept(data: DataDirectory, _now: datetime) -> Iterator[Finding]:
    if log_status(MAIN) is None:
        return
    place = KeptCheckpoints(settings.ZONARY_KEPT)
    log = Log(name=MAIN, source=EntrySource(), store=store_of(MAIN), keys=log_keys_of(data), kept=place)
    kept = log.last_kept()
    if kept is None:
        yield Finding(
            _NAME,
            Severity.WARNING,
            Sentence("No checkpoint of this log is kept in {path}.", {"path": str(settings.ZONARY_KEPT)}),
            Sentence(
                "The server keeps it there while it runs, if it may write there; name another place, best on another "
                "disk, with ZONARY_KEPT. Without it an older backup that is put back goes unnoticed."
            ),
        )
        return
    state = log.state()
    try:
        require_not_rolled_back(kept, state.size, bytes(state.root), log.store.read)
    except (RolledBackError, ForkError):
        raise
    except LedgerError:
        return  # the tiles are damaged, which another check tells
    yield Finding(
        _NAME,
        Severity.OK,
        Sentence("The log goes on from the checkpoint of {size} entries kept outside.", {"size": kept.checkpoint.size}),
    )
