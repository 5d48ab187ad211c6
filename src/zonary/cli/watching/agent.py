"""The agent: looks, holds what is new, and has one package after another made, while it goes on looking.

Looking and the journal belong to one thread; a package is made by another, which may wait for hours for the server.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from zonary.cli.sealing.registering import Sealed
from zonary.cli.watching.journal import MAX_ITEMS, Batch, Journal
from zonary.cli.watching.packages import Packages, discard, left_over, new_name
from zonary.cli.watching.repository import GoneError
from zonary.common import clock
from zonary.proof.errors import Error

FIRST_PAUSE_SECONDS, LAST_PAUSE_SECONDS = 5.0, 300.0
"""How long is waited before a package that could not be made is tried again: at first, and at most."""
IDLE_FACTOR = 10
"""After a look the agent rests so many times as long as it took: of one processor it takes a tenth at most."""

Problem = Error | OSError
Result = Sealed | BaseException | None
"""What became of a package: made, standing already, or what went wrong."""


class Source(Protocol):
    """What is watched."""

    @property
    def unsettled(self) -> int:
        """How many things were seen that may still be changing."""

    def look(self, journal: Journal) -> None: ...
    def note_there(self, journal: Journal) -> None: ...
    def hold_there(self, journal: Journal) -> None: ...


class Listener(Protocol):
    """Who is told."""

    def sealed(self, batch: Batch, sealed: Sealed | None) -> None: ...
    def problem(self, problem: Problem) -> None: ...


@dataclass(slots=True)
class Agent:
    """Everything an agent has; ``out`` is the folder for packages, ``stem`` how their names begin.

    :ivar one_by_one: each version has a package of its own, named after it.
    """

    source: Source
    journal: Journal
    packages: Packages
    out: Path
    stem: str
    listener: Listener
    one_by_one: bool = False
    now: Callable[[], datetime] = clock.now

    def start(self, *, only_new: bool) -> None:
        """Tidy up after an earlier run; the first time, note what is there."""
        for package in left_over(self.out):
            if self.journal.is_done(package):
                discard(package)
        if not self.journal.is_ready:
            if only_new:
                self.source.note_there(self.journal)
            else:
                self.source.hold_there(self.journal)
            self.journal.note_ready()

    def look(self) -> None:
        self.source.look(self.journal)

    def next_batch(self) -> Batch | None:
        """What is to be made into a package next."""
        batch = self.journal.unfinished()
        if batch is not None:
            return batch
        items = self.journal.next_items(1 if self.one_by_one else MAX_ITEMS)
        if not items:
            return None
        stem = f"{self.stem}-{items[0].name.decode('ascii')[:12]}" if self.one_by_one else self.stem
        return self.journal.begin(new_name(self.out, stem, self.now(), self.journal.count + 1), len(items))

    def make(self, batch: Batch) -> Result:
        """Make the package of ``batch``."""
        try:
            return self.packages.finish(batch)
        except Exception as problem:
            return problem

    def settle(self, batch: Batch, result: Result) -> bool:
        """Note what has become of ``batch``; whether that is the end of it."""
        if isinstance(result, BaseException) and not isinstance(result, GoneError):
            if not isinstance(result, Error | OSError):
                raise result  # our own mistake, and not to be tried again
            self.listener.problem(result)
            return False
        self.journal.note_done(batch.package)
        discard(batch.package)
        if isinstance(result, GoneError):
            self.listener.problem(result)
        else:
            self.listener.sealed(batch, result)
        return True

    # --- once -----------------------------------------------------------------------------------------------------

    def run_once(self, *, patience: float, sleep: Callable[[float], None] = time.sleep) -> bool:
        """Seal what is there, waiting ``patience`` seconds at most for what has yet to settle; whether all is sealed.

        :raises OSError: when the journal cannot be written.
        """
        until = time.monotonic() + patience
        while True:
            self.look()
            while (batch := self.next_batch()) is not None:
                if not self.settle(batch, self.make(batch)):
                    return False
            left = until - time.monotonic()
            if not self.source.unsettled or left <= 0:
                return True
            sleep(min(1.0, left))

    # --- for ever ---------------------------------------------------------------------------------------------------

    def run(self, *, every: float) -> None:
        """Look every ``every`` seconds, and seal, until interrupted."""
        maker = _Maker(self.make)
        retry, pause = 0.0, FIRST_PAUSE_SECONDS
        next_look = time.monotonic()
        while True:
            if time.monotonic() >= next_look:
                began = time.monotonic()
                looked = self._carefully(self.look)
                now = time.monotonic()
                next_look = now + (max(every, IDLE_FACTOR * (now - began)) if looked else max(every, pause))
            if maker.is_idle and time.monotonic() >= retry:
                self._carefully(lambda: maker.give(self.next_batch()))
            result = maker.take(max(0.0, min(next_look - time.monotonic(), 1.0)))
            if result is None:
                continue
            if self._carefully(partial(self._settle_or_fail, *result)):
                retry, pause = 0.0, FIRST_PAUSE_SECONDS
            else:
                retry, pause = time.monotonic() + pause, min(2 * pause, LAST_PAUSE_SECONDS)

    def _settle_or_fail(self, batch: Batch, result: Result) -> None:
        if not self.settle(batch, result):
            raise _NotDone

    def _carefully(self, step: Callable[[], None]) -> bool:
        """Do ``step``; a full disk or the like is told, and tried again later."""
        try:
            step()
        except _NotDone:
            return False
        except (Error, OSError) as problem:
            self.listener.problem(problem)
            return False
        return True


class _NotDone(Exception):
    """It was told already why."""


class _Maker:
    """A thread that makes one package at a time. It dies with the process: whatever it leaves is gone on with."""

    def __init__(self, make: Callable[[Batch], Result]) -> None:
        self._make = make
        self._tasks: queue.SimpleQueue[Batch] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[tuple[Batch, Result]] = queue.SimpleQueue()
        self.is_idle = True
        threading.Thread(target=self._run, daemon=True).start()

    def give(self, batch: Batch | None) -> None:
        if batch is not None:
            self.is_idle = False
            self._tasks.put(batch)

    def take(self, seconds: float) -> tuple[Batch, Result] | None:
        """What became of the batch given last, once it is known; None when it is not within ``seconds``."""
        try:
            result = self._results.get(timeout=seconds)
        except queue.Empty:
            return None
        self.is_idle = True
        return result

    def _run(self) -> None:
        while True:
            batch = self._tasks.get()
            self._results.put((batch, self._make(batch)))
