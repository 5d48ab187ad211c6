"""Work that waits for nobody: what is derived from other things is brought up to date in the background."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from zonary.common.clock import now, zone_date
from zonary.config.background import BackgroundWork
from zonary.foundation.accounts.actions import erase_person
from zonary.foundation.accounts.queries import due_for_erasure
from zonary.foundation.deadlines.actions import DeadlineError, recompute_deadlines, tell_of_deadline
from zonary.foundation.deadlines.queries import outdated, untold, zone_calendar
from zonary.foundation.documents.uploads import expire_uploads, remove_unreferenced
from zonary.foundation.ledger.actors import SYSTEM
from zonary.foundation.ledger.repeats import forget_answers
from zonary.foundation.search import indexing
from zonary.proof.errors import Error
from zonary.services.evidence.actions import tell_of_published
from zonary.services.evidence.digest_index import advance
from zonary.services.evidence.tasks import untold as untold_evidence
from zonary.services.incentives.matching.actions import tell_of_benefits
from zonary.services.incentives.matching.tasks import Finder

LOOK_SECONDS = 300.0
"""Between two looks whether the calendar has changed under the deadlines."""
SWEEP_SECONDS = 10.0
"""Between two looks for uploads that have expired, and contents to be removed."""
ERASED_AT_ONCE = TOLD_AT_ONCE = 100
_log = logging.getLogger("zonary.server")


class Upkeep(BackgroundWork):
    """Builds the index of digests, piece by piece, computes deadlines anew, and removes what uploads left behind and
    who left, tells holders that their evidence is published, and enterprises that a policy benefit is theirs.

    Failing or stopped, it leaves searches slower and nothing wrong: they read from the ledger what is not indexed. A
    deadline it has not come to yet still names the calendar it was computed with.
    """

    called, waits = "upkeep", "work in the background waits"

    def __init__(self, leads: Callable[[], bool], stopping: threading.Event) -> None:
        super().__init__(leads, stopping)
        self._next_look = self._next_forgetting = self._next_sweep = self._next_erasure = 0.0
        self._next_finding, self._finder = 0.0, Finder()
        self._next_telling = time.monotonic() + SWEEP_SECONDS  # what this start sequences is published by then
        self._works = (
            advance, self._search, self._deadlines, self._answers, self._uploads, self._leavers, self._published,
            self._benefits,
        )  # fmt: skip

    def work(self) -> bool:
        return any(work() for work in self._works)

    def _search(self) -> bool:
        """Whether things that were there before the index of the search came into it, so that there may be more."""
        return indexing.advance()

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
        at = now()
        for deadline in itertools.chain(*(rows[:TOLD_AT_ONCE] for rows in untold(zone_date(at)))):
            with suppress(DeadlineError):  # another server said so
                tell_of_deadline(deadline, by=SYSTEM, at=at)
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

    def _published(self) -> bool:
        """Tell whoever registered evidence on the days before that it is published; looked for every few minutes."""
        if time.monotonic() < self._next_telling:
            return False
        at = now()
        found = untold_evidence(at=at)
        if found is not None:
            tell_of_published(found.since, found.until, by=SYSTEM, at=at)
        self._next_telling = time.monotonic() + LOOK_SECONDS
        return False

    def _benefits(self) -> bool:
        """Whether enterprises were told what they have, so that there may be more; looked for every few seconds."""
        if time.monotonic() < self._next_finding:
            return False
        at = now()

        def tell(found: Sequence[tuple[str, Sequence[str]]]) -> object:
            return tell_of_benefits(found, by=SYSTEM, at=at)

        if self._finder.work(tell, at=at):
            return True
        self._next_finding = time.monotonic() + SWEEP_SECONDS
        return False
