"""Work that waits for nobody: what is derived from other things is brought up to date in the background."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, connection

from zonary.common.clock import ClockInDoubtError, now, zone_date
from zonary.foundation.accounts.actions import erase_person
from zonary.foundation.accounts.queries import due_for_erasure
from zonary.foundation.deadlines.actions import recompute_deadlines
from zonary.foundation.deadlines.queries import outdated, zone_calendar
from zonary.foundation.documents.uploads import expire_uploads, remove_unreferenced
from zonary.foundation.ledger.actors import SYSTEM
from zonary.foundation.ledger.repeats import forget_answers
from zonary.proof.errors import Error
from zonary.services.evidence.digest_index import advance

PAUSE_SECONDS = 1.0
LOOK_SECONDS = 300.0
"""Between two looks whether the calendar has changed under the deadlines."""
SWEEP_SECONDS = 10.0
"""Between two looks for uploads that have expired, and contents to be removed."""
ERASED_AT_ONCE = 100
_log = logging.getLogger("zonary.server")


class Upkeep(threading.Thread):
    """Builds the index of digests, piece by piece, computes deadlines anew, and removes what uploads left behind and
    who left, while this server ``leads``.

    Failing or stopped, it leaves searches slower and nothing wrong: they read from the ledger what is not indexed. A
    deadline it has not come to yet still names the calendar it was computed with.
    """

    def __init__(self, leads: Callable[[], bool], stopping: threading.Event) -> None:
        super().__init__(name="upkeep", daemon=True)
        self._leads = leads
        self._stopping = stopping
        self._failing = False
        self._next_look = self._next_forgetting = self._next_sweep = self._next_erasure = 0.0
        self._works = (advance, self._deadlines, self._answers, self._uploads, self._leavers)

    def run(self) -> None:
        try:
            while not self._stopping.wait(self._attempt()):
                pass
        finally:
            connection.close()

    def _attempt(self) -> float:
        """One piece of the work; returns how long to wait before the next."""
        if not self._leads():
            return PAUSE_SECONDS
        try:
            pause = 0.0 if any(work() for work in self._works) else PAUSE_SECONDS
        except (DatabaseError, OSError, ClockInDoubtError) as error:
            if not self._failing:
                _log.warning("work in the background waits: %s", error)
            self._failing = True
            connection.close()
            return PAUSE_SECONDS
        self._failing = False
        return pause

    def _answers(self) -> bool:
        """Whether answers to requests were forgotten, so that there may be more; looked for every few minutes."""
        if time.monotonic() < self._next_forgetting:
            return False
        if forget_answers(now()):
            return True
        self._next_forgetting = time.monotonic() + LOOK_SECONDS
        return False

    def _deadlines(self) -> bool:
        """Whether deadlines were computed anew, so that there may be more; looked for every few minutes."""
        if time.monotonic() < self._next_look:
            return False
        if outdated(zone_calendar()).exists():
            recompute_deadlines(by=SYSTEM, at=now())
            return True
        self._next_look = time.monotonic() + LOOK_SECONDS
        return False

    def _uploads(self) -> bool:
        """Whether expired uploads, or contents nobody has any more, were removed; looked for every few seconds."""
        if time.monotonic() < self._next_sweep:
            return False
        if expire_uploads(at=now()) or remove_unreferenced(at=now()):
            return True
        self._next_sweep = time.monotonic() + SWEEP_SECONDS
        return False

    def _leavers(self) -> bool:
        """Erase whoever closed their account so long ago that nothing has to be kept (个人信息保护法 art. 47)."""
        if time.monotonic() < self._next_erasure:
            return False
        at = now()
        for person in due_for_erasure(zone_date(at))[:ERASED_AT_ONCE]:
            try:
                erase_person(str(person.public_id), reason="", by=SYSTEM, at=at)
            except Error as error:
                # Somebody else did it at this moment; or whoever runs this has to see to it, and others still go.
                _log.warning("person %s was not erased: %s", person.public_id, error)
        self._next_erasure = time.monotonic() + LOOK_SECONDS
        return False
