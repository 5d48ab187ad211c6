"""Whether the log goes on from the checkpoint that was kept outside its data directory."""

from __future__ import annotations

from zonary.foundation.ledger.errors import ForkError, LedgerError, RolledBackError
from zonary.proof.errors import Error
from zonary.proof.merkle import verify_consistency
from zonary.proof.tlog.checkpoint import SignedCheckpoint
from zonary.proof.tlog.tiles import ReadTile, TileReader, prove_consistency


def require_not_rolled_back(kept: SignedCheckpoint, size: int, root: bytes, read: ReadTile) -> None:
    """Before anything is signed: the log of ``size`` entries with ``root`` continues ``kept``.

    :param kept: the checkpoint kept of this log, its signature checked.
    :param read: reads the tiles of that log; not asked when ``kept`` has as many entries, or more.
    :raises RolledBackError: when ``kept`` has more entries.
    :raises ForkError: when it has another root, or is not a beginning of this log.
    :raises LedgerError: when the tiles are damaged or missing, so that neither can be told.
    :raises OSError: when they cannot be read now.
    """
    before = kept.checkpoint
    if before.size > size:
        raise RolledBackError(
            "The last checkpoint of the log “{origin}” kept on this machine has {kept} entries, but the database has "
            "only {size}: an older backup was put back. Restore a newer one, or start a successor log; nothing is "
            "signed until then.",
            origin=before.origin,
            kept=before.size,
            size=size,
        )
    if before.size == 0:
        return
    beginning = root if before.size == size else _beginning(kept, size, root, read)
    if beginning != before.root:
        raise ForkError(
            "The last checkpoint of the log “{origin}” kept on this machine, with {kept} entries, is no beginning of "
            "the log in the database: that has another history. Restore the backup it belongs to, or start a "
            "successor log; nothing is signed until then.",
            origin=before.origin,
            kept=before.size,
        )


def _beginning(kept: SignedCheckpoint, size: int, root: bytes, read: ReadTile) -> bytes:
    """The root that the log of ``size`` and ``root`` had at the size of ``kept``, proven from its tiles.

    The proof is against ``root``: a damaged tile cannot pass for another history, nor hide one.
    """
    before = kept.checkpoint
    try:
        beginning = TileReader(size, read).root_of_range((0, before.size))
        proof = prove_consistency(before.size, size, read)
        verify_consistency(size1=before.size, size2=size, root1=beginning, root2=root, proof=proof)
    except Error as error:
        raise LedgerError(
            "The published tiles of “{origin}” do not show whether the log goes on from the checkpoint of {kept} "
            "entries kept on this machine: {reason} Move the published log away and start again; it is then written "
            "anew from the database.",
            origin=before.origin,
            kept=before.size,
            reason=error,
        ) from error
    return beginning
