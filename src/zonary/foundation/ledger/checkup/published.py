"""Whether what readers see is readable, signed by this log's key, and not ahead of the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from zonary.common.clock import to_the_second
from zonary.foundation.ledger.checkup.findings import Finding, Severity
from zonary.foundation.ledger.checkup.key_files import log_keys_of
from zonary.foundation.ledger.keys import stem_of
from zonary.foundation.ledger.layout import DataDirectory
from zonary.foundation.ledger.logs import MAIN, Log, require_not_ahead
from zonary.foundation.ledger.proofs import present_generation, second_store_of, store_of
from zonary.foundation.ledger.queries import log_status
from zonary.foundation.ledger.second_keys import read_second_keys
from zonary.foundation.ledger.second_tree import SecondTree
from zonary.foundation.ledger.sources import EntrySource
from zonary.foundation.ledger.storage import TileStore
from zonary.proof import sm2
from zonary.proof.digests import HashName
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


def check_second_tree(data: DataDirectory, _now: datetime) -> Iterator[Finding]:
    """Finding ``second-tree``; none where it is switched off."""
    if not settings.ZONARY_SECOND_TREE:
        return
    status = log_status(MAIN)
    if status is None:
        return
    keys = log_keys_of(data)
    if not sm2.available():
        yield Finding(
            "second-tree",
            Severity.WARNING,
            Sentence("This machine's OpenSSL has no SM2, so that no second tree is written, though it is switched on."),
            Sentence("Install an OpenSSL that has SM2; the tree is then filled in from the first leaf."),
        )
        return
    every = read_second_keys(data.keys, stem_of(MAIN, present_generation(MAIN)), keys.origin)
    if not every.signers:
        yield Finding(
            "second-tree",
            Severity.WARNING,
            Sentence("The second tree has no key that signs."),
            Sentence("Put it back from a backup; else the next start says what to do, or makes the first one."),
        )
        return
    tree = SecondTree(second_store_of(MAIN), every)
    published = tree.published()
    size = published.checkpoint.size if published else 0
    if published and (fault := _fault(tree.store, published.checkpoint, "sm3")):
        yield Finding("second-tree", Severity.FAULT, fault, _RESTART)
        return
    told = Sentence(
        "The second tree has {published} of the {size} entries the log has counted; {count} SM2 keys sign it.",
        {"published": size, "size": status.size, "count": len(every.signers)},
    )
    # It follows at once: what it lacks now was committed while we looked, or is never written.
    late = size == 0 < status.size
    yield Finding("second-tree", Severity.WARNING if late else Severity.OK, told, _RESTART if late else None)


def _look(log: Log) -> tuple[SignedCheckpoint | None, Sentence | None]:
    """The published checkpoint, and what is wrong with the tiles at its right edge.

    A running server may remove partial tiles that it has outgrown between the two, so what is wrong is looked at again
    as long as the checkpoint has moved on.
    """
    published = log.published()
    while published is not None:
        fault = _fault(log.store, published.checkpoint)
        again = log.published()
        if fault is None or again is None or again.note == published.note:
            return published, fault
        published = again
    return None, None


def _fault(store: TileStore, checkpoint: Checkpoint, algorithm: HashName = "sha256") -> Sentence | None:
    try:
        root = root_of_tiles(checkpoint.size, store.read, algorithm)
    except Error as error:
        return Sentence("The published tiles are damaged: {reason}", {"reason": error})
    if root != checkpoint.root:
        return Sentence("The published tiles lead to another root than the checkpoint beside them.")
    return None
