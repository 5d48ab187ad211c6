"""Adding to the open log: many requests, one commit.

Requests hand their bytes to one thread, which writes all that came together in one transaction and then tells each its
index. Nobody is told before the commit is on disk. The tree is grown by the sequencer, as for every log.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque

from django.db import connection, transaction

from zonary.foundation.ledger.models import OpenLeaf
from zonary.foundation.ledger.rows import insert, table

MAX_LEAF_BYTES = 65535
"""What the length prefix of an entry bundle can say (C2SP tlog-tiles)."""
MAX_WAIT_SECONDS = 0.002
"""How long the first of a group waits for others."""
MAX_GROUP = 1024
MAX_WAITING = 16384
"""Requests kept waiting before further ones are turned away."""

_log = logging.getLogger("zonary.ledger")
_Waiter = tuple[bytes, asyncio.Future[int]]


class OverloadedError(RuntimeError):
    """More additions are waiting than the disk can take; the caller is to try again."""


class OpenLogWriter:
    """Adds leaves to the open log from one event loop.

    A crash before the commit loses the group, and none of its callers was answered. A crash after it keeps the group,
    though its callers may never hear: adding again makes a second leaf, since the open log does not look for doubles.
    """

    def __init__(self) -> None:
        self._waiting: deque[_Waiter] = deque()
        self._arrived = threading.Event()
        self._stopping = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="open-log-writer", daemon=True)

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._thread.start()

    def stop(self) -> None:
        """Write what is waiting, then end."""
        self._stopping = True
        self._arrived.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    async def add(self, leaf: bytes) -> int:
        """Add ``leaf``; returns its index once that is durable.

        :raises OverloadedError: when too many are waiting.
        :raises django.db.DatabaseError: when it could not be written.
        """
        assert self._loop is not None  # noqa: S101 - started with the server
        if len(self._waiting) >= MAX_WAITING or self._stopping:
            raise OverloadedError
        future: asyncio.Future[int] = self._loop.create_future()
        self._waiting.append((leaf, future))
        self._arrived.set()
        return await future

    def _run(self) -> None:
        try:
            while not self._stopping or self._waiting:
                self._arrived.wait()
                self._arrived.clear()
                if len(self._waiting) < MAX_GROUP and not self._stopping:
                    time.sleep(MAX_WAIT_SECONDS)
                while self._waiting:
                    self._write([self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_GROUP))])
        finally:
            connection.close()

    def _write(self, group: list[_Waiter]) -> None:
        assert self._loop is not None  # noqa: S101 - started with the server
        try:
            first = append_open([leaf for leaf, _ in group])
        except Exception as error:
            _log.warning("the open log could not be written: %s", error)
            connection.close()
            self._loop.call_soon_threadsafe(_fail, group, error)
        else:
            self._loop.call_soon_threadsafe(_answer, group, first)


def append_open(leaves: list[bytes]) -> int:
    """Write ``leaves`` under the next indices, without a gap; returns the first. Durable on return."""
    # IMMEDIATE: between reading the last index and the commit nobody else can take the next one.
    with transaction.atomic():
        first = next_open_index()
        insert(OpenLeaf, ("index", "data"), enumerate(leaves, start=first))
    return first


def next_open_index() -> int:
    """The index the next leaf of the open log gets."""
    index = connection.ops.quote_name("index")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(MAX({index}) + 1, 0) FROM {table(OpenLeaf)}")  # noqa: S608
        return int(cursor.fetchone()[0])


def _answer(group: list[_Waiter], first: int) -> None:
    for index, (_, future) in enumerate(group, start=first):
        if not future.done():  # the client may have gone
            future.set_result(index)


def _fail(group: list[_Waiter], error: Exception) -> None:
    for _, future in group:
        if not future.done():
            future.set_exception(error)
