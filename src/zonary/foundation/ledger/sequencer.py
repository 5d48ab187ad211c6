"""The sequencer: the one thread that puts a log in order and publishes it, until it is told to stop."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.db import DatabaseError, connection

from zonary.common.clock import Clock
from zonary.foundation.ledger.batching import Batching, release
from zonary.foundation.ledger.errors import LostRaceError
from zonary.foundation.ledger.leadership import RENEW_SECONDS, claim, renew
from zonary.foundation.ledger.leadership import release as release_lead
from zonary.foundation.ledger.logs import Log, prepare, require_not_ahead
from zonary.foundation.ledger.outgrown import Sweeper
from zonary.foundation.ledger.publishing import publish
from zonary.foundation.ledger.rollback import require_not_rolled_back
from zonary.foundation.ledger.sequencing import MAX_BATCH, tick
from zonary.foundation.ledger.sources import committed_mark

POLL_SECONDS = 0.025
"""How often a sequencer that lately had work looks for more."""
IDLE_AFTER_SECONDS = 1.0
IDLE_POLL_SECONDS = 0.05
"""How often one without work does."""
PUBLISH_SECONDS = 0.25
"""Least time between two ticks when little is waiting, so also between two published checkpoints."""
STAND_BY_SECONDS = 0.5
"""How often a server that does not lead asks whether it may."""
RETRY_SECONDS = 1.0
"""Pause after a failure that may pass: a full disk, a locked or unreachable database."""

_log = logging.getLogger("zonary.ledger")


class Sequencer(threading.Thread):
    """Leads one log when it may, sequences and publishes it; stands by while another server leads.

    Failures of disk, store and database are told and tried again: nothing is lost by waiting, since what was recorded
    is committed and what was not is the caller's error. Everything else ends the thread, is kept in ``failure``, and
    ``on_failure`` is called: the server is to stop with that sentence.

    :param alone: no other process can use this database, so that leading needs no lease, and losing a race is a fault.
    :param plan: when and in what numbers leaves are published; None: as soon as they are there.
    """

    def __init__(
        self,
        log: Log,
        clock: Clock,
        on_failure: Callable[[BaseException], None],
        *,
        alone: bool = True,
        plan: Batching | None = None,
    ) -> None:
        super().__init__(name=f"sequencer-{log.name}", daemon=True)
        self._sequenced_log = log
        self._clock = clock
        self._on_failure = on_failure
        self._alone = alone
        self._plan = plan
        self._slot: int | None = None
        self._sweepers = [Sweeper(log.store), *([Sweeper(log.second.store)] if log.second else [])]
        self._holder = f"{socket.gethostname()[:48]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._stopping = threading.Event()
        self._failing = False
        self._leading = False
        self._settled = False
        self._renewed = 0.0
        self._size: int | None = None
        self._mark: int | None = None
        self._worked = time.monotonic()

    @property
    def leading(self) -> bool:
        """Whether this process leads the log, as far as it knows."""
        return self._leading

    @property
    def settled(self) -> bool:
        """Whether this process led the log to its end and published all of it; to be asked when it has ended."""
        return self._settled

    def stop(self) -> None:
        """End after the present tick; returns when everything committed is published, or after ten seconds."""
        self._stopping.set()
        if self.is_alive():
            self.join(timeout=10)

    def run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._stopping.wait(self._attempt())
            if self._leading:
                self._attempt()
                self._settled = not self._failing and (self._plan is None or not self._is_waiting(self._size or 0))
            if self._sequenced_log.kept is not None:
                self._sequenced_log.kept.catch_up(force=True)
            if self._leading and not self._alone:
                release_lead(self._sequenced_log.name, self._sequenced_log.epoch)
        except DatabaseError as error:
            _log.warning("%s: the lead could not be given up: %s", self._sequenced_log.keys.origin, error)
        except BaseException as error:
            self._on_failure(error)
        finally:
            connection.close()

    def _attempt(self) -> float:
        """One step forward; returns how long to wait before the next."""
        try:
            pause = self._advance() if self._leads() else STAND_BY_SECONDS
        except LostRaceError as error:
            if self._alone:
                raise
            self._step_down(error)
            return STAND_BY_SECONDS
        except (DatabaseError, OSError) as error:
            if not self._failing:
                _log.warning("%s: waiting, will try again: %s", self._sequenced_log.keys.origin, error)
            self._failing = True
            self._size = self._mark = None  # another connection counts anew
            connection.close()
            return RETRY_SECONDS
        if self._failing:
            _log.warning("%s: going on", self._sequenced_log.keys.origin)
        self._failing = False
        return pause

    def _leads(self) -> bool:
        log = self._sequenced_log
        now = time.monotonic()
        if self._leading:
            if not self._alone and now - self._renewed > RENEW_SECONDS:
                renew(log.name, log.epoch)
                self._renewed = now
            return True
        prepare(log, self._clock())
        # Whoever cannot read the store does not take the lead from those who can.
        log.published()
        epoch = claim(log.name, self._holder, alone=self._alone)
        if epoch is None:
            return False
        self._sequenced_log = replace(log, epoch=epoch)
        try:
            # Nothing is signed under this epoch before what was published and kept has been looked at.
            self._size = publish(self._sequenced_log, starting=True)
        except OSError:
            if not self._alone:
                release_lead(log.name, epoch)
            raise
        self._published()
        self._leading, self._renewed = True, time.monotonic()
        if not self._alone:
            _log.warning("%s: this server leads the log from here on (epoch %d)", log.keys.origin, epoch)
        return True

    def _step_down(self, error: LostRaceError) -> None:
        _log.warning("%s: %s", self._sequenced_log.keys.origin, error)
        self._leading = False
        self._size = self._mark = None

    def _advance_in_slots(self, plan: Batching) -> float:
        """Publish once in each slot, and in every one."""
        log, at = self._sequenced_log, self._clock()
        if self._slot is None or self._size is None:
            # From the database: neither a restart nor another leader makes a second batch in a slot.
            self._slot = plan.slot(log.state().signed_at)
        is_due = plan.slot(at) > self._slot
        if is_due:
            self._size = None
            release(log, plan, at=at)
        if self._size is None:
            self._size = publish(log)
            self._published()
            self._slot = plan.slot(at) if is_due else self._slot
            return IDLE_POLL_SECONDS
        if log.kept is not None:
            log.kept.catch_up()
        return 0 if self._sweep() else IDLE_POLL_SECONDS

    def _advance(self) -> float:
        log = self._sequenced_log
        if self._plan is not None:
            return self._advance_in_slots(self._plan)
        started = time.monotonic()
        # The size last published, so that an idle look at the database is one small query. When it is not known
        # (at the beginning, after a failure), something may be committed and not yet published.
        if self._size is not None and not self._is_waiting(self._size):
            if log.kept is not None:
                log.kept.catch_up()
            if self._sweep():
                return 0
            return POLL_SECONDS if started - self._worked < IDLE_AFTER_SECONDS else IDLE_POLL_SECONDS
        self._size = None
        self._worked = started
        taken = tick(log, at=self._clock())
        while taken >= MAX_BATCH and time.monotonic() - started < PUBLISH_SECONDS:
            taken = tick(log, at=self._clock())
        self._size = publish(log)
        self._published()
        if taken >= MAX_BATCH:
            return 0
        return max(POLL_SECONDS, PUBLISH_SECONDS - (time.monotonic() - started))

    def _published(self) -> None:
        for sweeper in self._sweepers:
            sweeper.published(self._size or 0)

    def _sweep(self) -> bool:
        """One piece of removing what was outgrown; whether there is more to do."""
        return any(sweeper.work() for sweeper in self._sweepers)

    def _is_waiting(self, size: int) -> bool:
        # Read before the question: what is committed between the two is asked about again, never missed.
        mark = committed_mark()
        if mark is not None and mark == self._mark:
            return False
        waiting = self._sequenced_log.source.is_waiting(size)
        self._mark = None if waiting else mark
        return waiting


def start_up(log: Log, clock: Clock) -> int:
    """Make the log ready: its row, then whatever a crash left unpublished.

    :returns: the size published.
    :raises LedgerError: when keys, database and published log do not belong together.
    """
    prepare(log, clock())
    return publish(log, starting=True)


def require_going_on(log: Log, at: datetime) -> None:
    """Look, without leading: what was published and kept is no longer than what the database has.

    :raises LedgerError: when an older database was put back, or keys and log do not belong together.
    :raises OSError: when the store cannot be read now.
    """
    prepare(log, at)
    # First what readers see: a leader elsewhere only ever moves the database ahead of it.
    published, kept = log.published(), log.last_kept()
    state = log.state()
    require_not_ahead(published, state)
    if kept is not None and kept.checkpoint.size >= state.size:
        require_not_rolled_back(kept, state.size, bytes(state.root), log.store.read)
