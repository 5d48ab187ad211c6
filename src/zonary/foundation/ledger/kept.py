"""The last published checkpoint of each log, kept outside the data directory.

Whoever puts back an older copy of the data directory, or of the whole published log with it, does not put back these:
the next start notices (see :mod:`~zonary.foundation.ledger.rollback`). They are public, small, and worth a copy on
another machine.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from zonary.foundation.ledger.layout import make_private_directory, write_durably
from zonary.proof.errors import Error
from zonary.proof.tlog.checkpoint import Checkpoint
from zonary.proof.tlog.notes import Note

KEEP_SECONDS: Final = 1.0
"""Least time between two writes for one log."""
_MAX_BYTES = 1 << 20

_log = logging.getLogger("zonary.ledger")


def _tell(message: str) -> None:
    _log.warning("%s", message)


class KeptCheckpoints:
    """One file for each log in ``directory``, which is made when first needed, for its owner alone.

    Nothing here stops a log: that a checkpoint cannot be kept is told to ``on_failure``, once until it can be again.
    """

    def __init__(
        self,
        directory: Path,
        *,
        on_failure: Callable[[str], None] = _tell,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._directory = directory
        self._on_failure = on_failure
        self._clock = clock
        self._written: dict[str, float] = {}
        self._latest: dict[str, bytes] = {}
        self._skipped: bytes | None = None
        self._failing = False

    def keep(self, note: bytes, *, force: bool = False) -> bool:
        """Keep the signed checkpoint ``note``, unless a larger one of its log is kept. Durable when it returns true.

        To be called with each published checkpoint: within a second of the last write nothing is done, unless
        ``force`` is given, and :meth:`catch_up` is to be called later. A crash leaves the earlier one or this one.

        :returns: whether it, or a larger one, is kept now.
        """
        if note in self._latest.values():
            return True
        try:
            new = _parse(note)
            if not force and self._clock() - self._written.get(new.origin, float("-inf")) < KEEP_SECONDS:
                self._skipped = note
                return False
            if not self._is_news(new, note):
                return True
            make_private_directory(self._directory)
            write_durably(self._path(new.origin), note)
        except (OSError, Error) as error:
            self._fail(f"the last checkpoint cannot be kept in {self._directory}: {error}")
            return False
        self._failing = False
        self._skipped = None
        self._latest[new.origin] = note
        self._written[new.origin] = self._clock()
        return True

    def catch_up(self, *, force: bool = False) -> None:
        """Keep the checkpoint that came too soon after the one before it; cheap when there is none."""
        if self._skipped is not None:
            self.keep(self._skipped, force=force)

    def last(self, origin: str) -> bytes | None:
        """The checkpoint kept of the log ``origin``, as it was signed, or None. Its signatures are not checked here."""
        try:
            with open(self._path(origin), "rb") as file:
                return file.read(_MAX_BYTES)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            self._fail(f"the checkpoint kept in {self._directory} cannot be read: {error}")
            return None

    def _is_news(self, new: Checkpoint, note: bytes) -> bool:
        """Whether nothing is kept yet, or something smaller, or the same with other signatures.

        :raises Error: when another log of the same name is kept: what was kept first is evidence, and stays.
        """
        found = self.last(new.origin)
        if found is None:
            return True
        try:
            kept = _parse(found)
        except Error as error:
            self._fail(f"the checkpoint kept in {self._path(new.origin)} was damaged and is replaced: {error}")
            return True
        if kept.size == new.size and kept.root != new.root:
            raise Error(
                "{path} holds another checkpoint of {size} entries.", path=str(self._path(new.origin)), size=kept.size
            )
        return kept.size < new.size or (kept.size == new.size and found != note)

    def _path(self, origin: str) -> Path:
        # An origin may hold anything a file name may not.
        return self._directory / f"{hashlib.sha256(origin.encode()).hexdigest()}.checkpoint"

    def _fail(self, message: str) -> None:
        if not self._failing:
            self._failing = True
            self._on_failure(message)


def _parse(note: bytes) -> Checkpoint:
    return Checkpoint.parse(Note.parse(note).text)
