"""The work that faults are put into: everything the sequencer does to disk, database and store, once through.

One thread does it, so that its calls come in the same order each time: the sequencer's own loop
(:class:`~zonary.foundation.ledger.sequencer.Sequencer`), which is run here instead of started, and which finds new
leaves whenever it looks. What its callers would have been told, and every checkpoint readers could have seen, is
written to ``told`` before the work goes on.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from tests.crash.harness.places import LOGS, Place

ROUNDS = {"main": (3, 255), "open": (2, 256)}
"""Leaves recorded in one go before each tick; they cross from a partial tile to a full one and on."""
ATTEMPTS = 6
"""How often a caller tries again; every fault is put in once."""
ENDED_BADLY = 3
FIRST, SECOND = "sha256", "sm3"
"""The trees of a log, by the digest they are made with."""


class Told:
    """Appends what somebody was told to a file, a line each, which survives the death of the process."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def say(self, what: str, **more: object) -> None:
        os.write(self._file, json.dumps({"what": what, **more}).encode() + b"\n")


def read_told(path: Path) -> Iterator[dict[str, Any]]:
    """What was told, as far as it was written whole."""
    for line in path.read_bytes().splitlines(keepends=True) if path.exists() else ():
        if line.endswith(b"\n"):
            yield json.loads(line)


class _InTurn:
    """What of an executor of threads is used, without threads."""

    def __init__(self, *_arguments: object) -> None:
        self.map = map

    def __enter__(self) -> _InTurn:
        return self

    def __exit__(self, *_exception: object) -> None:
        pass


@dataclass
class WatchedStore:
    """A store; each checkpoint is told of just before it is shown."""

    store: Any
    tell: Callable[[bytes], None]

    @property
    def is_fenced(self) -> bool:
        return bool(self.store.is_fenced)

    def read(self, path: str) -> bytes:
        data: bytes = self.store.read(path)
        return data

    def write(self, objects: Iterable[tuple[str, bytes]]) -> None:
        self.store.write(objects)

    def replace_checkpoint(self, expected: bytes | None, new: bytes) -> None:
        self.tell(new)
        self.store.replace_checkpoint(expected, new)

    def paths(self, under: str, after: str = "") -> Iterator[str]:
        return iter(self.store.paths(under, after))

    def remove(self, paths: Iterable[str]) -> None:
        self.store.remove(paths)


@dataclass
class Feed:
    """A source of leaves that records the next ones whenever the sequencer finds nothing waiting."""

    source: Any
    record: Iterator[None]
    when_done: Callable[[], None]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.source, name)

    def is_waiting(self, size: int) -> bool:
        if self.source.is_waiting(size):
            return True
        for _ in self.record:
            return True
        self.when_done()
        return False


def work(place: Place) -> int:
    """Do all of it; returns the exit status of the process: 0, or ENDED_BADLY with a sentence in ``told``."""
    from zonary.foundation.ledger import sequencer
    from zonary.foundation.ledger.storage import directory

    # The directory has the disk take many files at once, each in a thread. Here they take turns in this one.
    directory.ThreadPoolExecutor = _InTurn  # type: ignore[assignment, misc]
    # What a server waits for between two attempts is not looked at here.
    sequencer.RETRY_SECONDS = 0.01
    sequencer.PUBLISH_SECONDS = sequencer.POLL_SECONDS = 0.0
    told = Told(place.told)
    return max(_lead(place, name, told) for name in LOGS)


def _lead(place: Place, name: str, told: Told) -> int:
    from zonary.common.clock import now
    from zonary.foundation.ledger.sequencer import Sequencer
    from zonary.foundation.ledger.sources import EntrySource, OpenSource

    def show(note: bytes, tree: str = FIRST) -> None:
        told.say("shown", log=name, tree=tree, note=base64.b64encode(note).decode())

    failures: list[BaseException] = []
    source = EntrySource() if name == "main" else OpenSource()
    feed = Feed(source, _recordings(name, told), lambda: sequencer.stop())
    log = place.log(name, source=feed)
    second = log.second and replace(log.second, store=WatchedStore(log.second.store, partial(show, tree=SECOND)))
    log = replace(log, store=WatchedStore(log.store, show), second=second)

    def fail(error: BaseException) -> None:
        failures.append(error)

    sequencer = Sequencer(log, now, fail, alone=not place.database)
    sequencer.run()
    for failure in failures:
        told.say("failed", log=name, message=f"{type(failure).__name__}: {failure}")
    return ENDED_BADLY if failures else 0


def _recordings(name: str, told: Told) -> Iterator[None]:
    """Records the leaves of one round each time it is asked for the next."""
    for number, size in enumerate(ROUNDS[name]):
        _persist(name, number, size, told)
        yield


def _persist(name: str, number: int, size: int, told: Told) -> None:
    """As a client does who hears that it did not work: again, and as different leaves, so that doubles would show."""
    from django.db import DatabaseError, connection

    for attempt in range(ATTEMPTS):
        leaves = [f"{name}/{number}/{attempt}/{n}/{secrets.token_hex(4)}" for n in range(size)]
        told.say("sent", log=name, leaves=leaves)
        try:
            first = _record(name, [leaf.encode() for leaf in leaves])
        except DatabaseError as error:
            told.say("refused", log=name, message=f"{type(error).__name__}: {error}")
            connection.close()
        else:
            told.say("acknowledged", log=name, leaves=leaves, first=first)
            return
    raise RuntimeError(f"nothing could be recorded in {ATTEMPTS} attempts")


def _record(name: str, leaves: list[bytes]) -> int | None:
    """Returns the index that callers of the open log are told."""
    from zonary.common.clock import now
    from zonary.foundation.ledger.actors import NamedActor
    from zonary.foundation.ledger.openlog import append_open
    from zonary.foundation.ledger.recording import Draft, action, record_draft

    if name == "open":
        return append_open(leaves)
    content = [b"body"] * len(leaves)
    draft = Draft(kind="test", version=1, leaf_class="evidence", leaves=leaves, bodies=content, salts=content)
    action(record_draft)(draft, by=NamedActor("somebody"), at=now())
    return None
