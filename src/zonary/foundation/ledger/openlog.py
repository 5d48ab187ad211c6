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

from zonary.foundation.ledger.models import OpenGroup
from zonary.foundation.ledger.packing import pack
from zonary.foundation.ledger.rows import fetch, insert, table

MAX_LEAF_BYTES = 65535
"""What the length prefix of an entry bundle can say (C2SP tlog-tiles)."""
WAIT_SECONDS = 0.002
"""How long the first of a group waits for others when few come."""
BUSY_WAIT_SECONDS = 0.005
BUSY_GROUP = 8
"""After a group of more than so many the next waits longer: under load, fewer and larger commits cost everyone less."""
MAX_GROUP = 1024
MAX_GROUP_BYTES = 4 * 1024 * 1024
"""Leaves of one row together; whoever reads it holds it in memory."""
MAX_WAITING = 16384
"""Requests kept waiting before further ones are turned away."""
_LOCK = 0x7A6F_6E61_7279_0001
"""Of PostgreSQL's advisory locks, the one under which the open log grows."""

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

    def add(self, leaf: bytes) -> asyncio.Future[int]:
        """Add ``leaf``; what is returned has its index once that is durable, or the DatabaseError why it is not.

        :raises OverloadedError: when too many are waiting.
        """
        assert self._loop is not None  # noqa: S101 - started with the server
        if len(self._waiting) >= MAX_WAITING or self._stopping:
            raise OverloadedError
        future: asyncio.Future[int] = self._loop.create_future()
        self._waiting.append((leaf, future))
        if len(self._waiting) == 1:  # else the thread is awake, and looks again before it waits
            self._arrived.set()
        return future

    def _run(self) -> None:
        try:
            last = 0
            while not self._stopping or self._waiting:
                self._arrived.wait()
                self._arrived.clear()
                while self._waiting:
                    if len(self._waiting) < MAX_GROUP and not self._stopping:
                        time.sleep(BUSY_WAIT_SECONDS if last > BUSY_GROUP else WAIT_SECONDS)
                    group = self._group()
                    self._write(group)
                    last = len(group)
        finally:
            connection.close()

    def _group(self) -> list[_Waiter]:
        group: list[_Waiter] = []
        size = 0
        while self._waiting and len(group) < MAX_GROUP and size < MAX_GROUP_BYTES:
            group.append(self._waiting.popleft())
            size += len(group[-1][0])
        return group

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
    packed, count = pack(leaves), len(leaves)
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        # One statement is one transaction: no other writer comes between its reading and its writing.
        return int(fetch(_append_statement(), [count, packed])[0][0])
    with transaction.atomic():
        # Between reading the last index and the commit nobody else may take the next one. PostgreSQL has everybody
        # who comes here wait until the commit; its single statements read what was there before they waited.
        if connection.vendor == "postgresql":
            fetch("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        first = next_open_index()
        insert(OpenGroup, ("index", "count", "leaves"), [(first, count, packed)])
    return first


def _append_statement() -> str:
    index, groups = connection.ops.quote_name("index"), table(OpenGroup)
    last = f"SELECT {index} + count FROM {groups} ORDER BY {index} DESC LIMIT 1"  # noqa: S608
    values = f"SELECT COALESCE(({last}), 0), %s, %s"
    return f"INSERT INTO {groups} ({index}, count, leaves) {values} RETURNING {index}"


def next_open_index() -> int:
    """The index the next leaf of the open log gets."""
    index = connection.ops.quote_name("index")
    last = fetch(f"SELECT {index} + count FROM {table(OpenGroup)} ORDER BY {index} DESC LIMIT 1", [])  # noqa: S608
    return int(last[0][0]) if last else 0


def _answer(group: list[_Waiter], first: int) -> None:
    for index, (_, future) in enumerate(group, start=first):
        if not future.done():  # the client may have gone
            future.set_result(index)


def _fail(group: list[_Waiter], error: Exception) -> None:
    for _, future in group:
        if not future.done():
            future.set_exception(error)
