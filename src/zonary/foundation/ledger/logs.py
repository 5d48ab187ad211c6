"""A log as sequencer and publisher see it, and its first row in the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from zonary.foundation.ledger.errors import ForkError, KeyMismatchError, RolledBackError
from zonary.foundation.ledger.kept import KeptCheckpoints
from zonary.foundation.ledger.keys import LogKeys
from zonary.foundation.ledger.models import LogState
from zonary.foundation.ledger.second_tree import SecondTree
from zonary.foundation.ledger.sources import LeafSource
from zonary.foundation.ledger.storage import CHECKPOINT, Step, TileStore, no_step
from zonary.proof.errors import Error
from zonary.proof.merkle import Frontier
from zonary.proof.tlog.checkpoint import Checkpoint, SignedCheckpoint, open_checkpoint, sign_checkpoint
from zonary.proof.tlog.tiles import MissingResource

_RECENT = 1 << 17
MAIN = "main"
"""The log of what the zone records."""
OPEN = "open"
"""The log anyone may add to, for other projects' load tools."""


class RecentHashes:
    """The leaf hashes of the last ticks, so that publishing need not make them again.

    Nothing depends on them: what is not here is made anew, and what is published is compared with what was signed.
    """

    def __init__(self) -> None:
        self._first = 0
        self._hashes: list[bytes] = []

    def add(self, first: int, hashes: list[bytes]) -> None:
        """The leaves from ``first`` on have these hashes, and that is committed."""
        if first != self._first + len(self._hashes) or len(self._hashes) > _RECENT:
            self._first, self._hashes = first, []
        self._hashes += hashes

    def get(self, start: int, end: int) -> list[bytes] | None:
        """Those of the leaves ``[start, end)``, if all are here."""
        if not self._first <= start <= end <= self._first + len(self._hashes):
            return None
        return self._hashes[start - self._first : end - self._first]


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """One log: its row in the database, where its leaves come from, where it is published, what signs it.

    ``epoch`` is that under which this process leads it (see :mod:`~zonary.foundation.ledger.leadership`). ``kept``
    remembers its last checkpoint outside the data directory. ``second`` is the tree in SM3 beside it. ``step`` is told
    of every step before the next begins; tests stop the process there.
    """

    name: str
    source: LeafSource
    store: TileStore
    keys: LogKeys
    epoch: int = 0
    kept: KeptCheckpoints | None = None
    second: SecondTree | None = None
    recent: RecentHashes = field(default_factory=RecentHashes)
    step: Step = no_step

    def sign(self, frontier: Frontier, at: datetime) -> bytes:
        """The signed checkpoint of the tree with this right edge."""
        checkpoint = Checkpoint(self.keys.origin, frontier.size, frontier.root())
        return sign_checkpoint(checkpoint, self.keys.signers, int(at.timestamp()))

    def state(self) -> LogState:
        """The committed state."""
        return LogState.objects.get(name=self.name)

    def locked_state(self) -> LogState:
        """The committed state, which nobody else changes until the present transaction ends."""
        states = LogState.objects.all()
        if connection.features.has_select_for_update:
            states = states.select_for_update()
        return states.get(name=self.name)

    def published(self) -> SignedCheckpoint | None:
        """The checkpoint readers see now, or None before the first.

        :raises ForkError: when it is not one this log signed.
        """
        try:
            note = self.store.read(CHECKPOINT)
        except MissingResource:
            return None
        try:
            return open_checkpoint(note, self.keys.verifiers, self.keys.origin)
        except Error as error:
            raise ForkError(
                "The published checkpoint is not one of this log: {reason} If it does not belong here, move the "
                "published log away and start again; it is then written anew from the database.",
                reason=error,
            ) from error

    def last_kept(self) -> SignedCheckpoint | None:
        """The checkpoint kept outside the data directory, if one is.

        :raises KeyMismatchError: when it is that of another log of the same name.
        """
        note = self.kept.last(self.keys.origin) if self.kept is not None else None
        if note is None:
            return None
        try:
            return open_checkpoint(note, self.keys.verifiers, self.keys.origin)
        except Error as error:
            raise KeyMismatchError(
                "A log called “{origin}” was kept on this machine before, with other keys: {reason} Put those keys "
                "back; or, for another log, give it another name with --origin.",
                origin=self.keys.origin,
                reason=error,
            ) from error


def require_not_ahead(published: SignedCheckpoint | None, state: LogState) -> None:
    """:raises RolledBackError: when more was published than ``state`` has; signing on would fork the log.

    :raises ForkError: when the same size was published with another root.
    """
    if published is None:
        return
    checkpoint = published.checkpoint
    if checkpoint.size > state.size:
        raise RolledBackError(
            "The log “{origin}” was published with {published} entries, but the database has only {size}: an older "
            "database was put back. Restore a newer one; nothing is signed until then.",
            origin=checkpoint.origin,
            published=checkpoint.size,
            size=state.size,
        )
    if checkpoint.size == state.size and checkpoint.root != bytes(state.root):
        raise _forked(checkpoint)


def _forked(checkpoint: Checkpoint) -> ForkError:
    return ForkError(
        "The log “{origin}” was published with another history than the database has at {size} entries. Restore the "
        "database it was published from; nothing is signed until then.",
        origin=checkpoint.origin,
        size=checkpoint.size,
    )


def require_same_history(checkpoint: Checkpoint, root: bytes) -> None:
    """:raises ForkError: when the first ``checkpoint.size`` leaves of the database have another ``root``."""
    if checkpoint.root != root:
        raise _forked(checkpoint)


def prepare(log: Log, at: datetime) -> LogState:
    """The log's row, made when this is its first start.

    :raises KeyMismatchError: when the row belongs to a log of another origin.
    """
    with transaction.atomic():
        state = LogState.objects.filter(name=log.name).first()
        if state is None:
            frontier = Frontier.empty()
            # Nothing is published yet. If something is, publishing refuses: see require_not_ahead.
            return LogState.objects.create(
                name=log.name,
                origin=log.keys.origin,
                size=0,
                root=frontier.root(),
                frontier=frontier.encode(),
                note=log.sign(frontier, at),
                signed_at=at,
            )
    if state.origin != log.keys.origin:
        raise KeyMismatchError(
            "The database holds the log “{origin}”, but the signing key is of “{name}”. Put the right key back.",
            origin=state.origin,
            name=log.keys.origin,
        )
    return state
