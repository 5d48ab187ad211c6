"""Clients of a running server: they add, by every door there is, and they read, all at once and until told to stop.

Everything they were told goes into one :class:`Heard`, to be compared with the log by
:mod:`tests.crash.harness.installation`.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from zonary.proof.errors import Error
from zonary.proof.merkle import HASH_SIZE, leaf_hash, verify_consistency
from zonary.proof.tlog.checkpoint import Checkpoint, open_checkpoint
from zonary.proof.tlog.keys import VerifierKey
from zonary.proof.tlog.tiles import (
    TILE_WIDTH,
    MissingResource,
    decode_bundle,
    entries_path,
    prove_consistency,
    root_of_tiles,
    tile_path,
)

BATCH = 40
LOGS = ("log", "openlog")
_PAUSE = 0.1
"""After a refusal or a broken connection."""
_BREATH = 0.01
"""After each addition: many at once are wanted here, not as many as possible."""
Read = Callable[[str], bytes]


@dataclass
class Heard:
    """What all clients of one installation were told, and what was wrong with it by itself."""

    records: dict[bytes, str] = field(default_factory=dict)
    """Leaf -> id of its record."""
    opened: dict[int, bytes] = field(default_factory=dict)
    """Index -> leaf of the open log."""
    shown: dict[str, dict[int, bytes]] = field(default_factory=lambda: {log: {} for log in LOGS})
    """Log -> size -> root of each checkpoint that was shown."""
    statuses: Counter[int] = field(default_factory=Counter)
    fetched: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def acknowledged(self) -> int:
        return len(self.records) + len(self.opened)

    def fault(self, text: str) -> None:
        with self.lock:
            self.faults.append(text)

    def saw(self, log: str, checkpoint: Checkpoint) -> None:
        with self.lock:
            if self.shown[log].setdefault(checkpoint.size, checkpoint.root) != checkpoint.root:
                self.faults.append(f"{log}: two checkpoints of {checkpoint.size} entries were shown")


class Client(threading.Thread):
    """One client with one connection, made anew whenever it breaks; ``turn`` is what it does again and again."""

    def __init__(self, port: int, stopping: threading.Event, heard: Heard) -> None:
        super().__init__(daemon=True)
        self.heard = heard
        self._port = port
        self._stopping = stopping
        self._connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                done = self.turn()
            except (OSError, http.client.HTTPException):
                done = False
                self._disconnect()
            except Exception as error:
                self.heard.fault(f"{type(self).__name__}: {type(error).__name__}: {error}")
                done = False
            self._stopping.wait(_BREATH if done else _PAUSE)
        self._disconnect()

    def turn(self) -> bool:
        """Returns whether it was as it should be; if not, the client waits a little."""
        raise NotImplementedError

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        self._connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = self._connection.getresponse()
        answer = response.read()
        with self.heard.lock:
            self.heard.statuses[response.status] += 1
        if response.status >= 500 and b'"code"' not in answer:
            self.heard.fault(f"{method} {path} was answered {response.status} without a problem: {answer[:100]!r}")
        if response.status == 500:
            self.heard.fault(f"{method} {path} was answered 500")
        return response.status, answer

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Registrant(Client):
    """Registers evidence: ``size`` pieces at a time, alone when that is 1."""

    def __init__(self, port: int, stopping: threading.Event, heard: Heard, token: str, size: int) -> None:
        super().__init__(port, stopping, heard)
        self._headers = {"Authorization": f"Bearer {token}", "Content_Type": "application/json"}
        self._size = size

    def turn(self) -> bool:
        items = [
            {"statement": {"sha256": os.urandom(32).hex(), "sm3": os.urandom(32).hex()}} for _ in range(self._size)
        ]
        single = self._size == 1
        body = json.dumps(items[0] if single else {"items": items}).encode()
        path = "/api/v1/evidence" if single else "/api/v1/evidence/batch"
        status, answer = self.ask("POST", path, body, **self._headers)
        if status == 201:
            told: Any = json.loads(answer)
            receipts = [told] if single else told["receipts"]
            with self.heard.lock:
                self.heard.records.update({base64.b64decode(each["leaf"]): each["id"] for each in receipts})
        return status == 201


class Adder(Client):
    """Adds to the open log."""

    def turn(self) -> bool:
        leaf = b"%d %s" % (time.monotonic_ns(), os.urandom(8).hex().encode())
        status, answer = self.ask("POST", "/openlog/add", leaf)
        if status == 200:
            with self.heard.lock:
                if self.heard.opened.setdefault(int(answer), leaf) != leaf:
                    self.heard.faults.append(f"index {int(answer)} of the open log was given twice")
        return status == 200


class Reader(Client):
    """Follows one log as a monitor does: each checkpoint has to go on from the one before, and all of it be there.

    :param read: reads straight from the store; over HTTP when None.
    """

    def __init__(
        self, port: int, stopping: threading.Event, heard: Heard, log: str, keys: Sequence[VerifierKey],
        read: Read | None = None,
    ) -> None:  # fmt: skip
        super().__init__(port, stopping, heard)
        self._log = log
        self._keys = keys
        self._read = read or self._over_http
        self._last: Checkpoint | None = None
        self._way = "straight" if read else "over HTTP"

    def turn(self) -> bool:
        note = self._read("checkpoint")
        checkpoint = open_checkpoint(note, self._keys).checkpoint
        self.heard.saw(self._log, checkpoint)
        if checkpoint.size and (self._last is None or checkpoint != self._last):
            try:
                self._follow(checkpoint)
            except MissingResource as error:
                raise Error("the checkpoint of {size} promises {path}", size=checkpoint.size, path=error.path) from None
        self._last = checkpoint
        return False  # a checkpoint a pause is enough

    def _follow(self, checkpoint: Checkpoint) -> None:
        size, before = checkpoint.size, self._last
        if root_of_tiles(size, self._read_grown) != checkpoint.root:
            self.heard.fault(f"{self._log} {self._way}: the tiles do not lead to the checkpoint of {size}")
        if before and 0 < before.size < size:
            proof = prove_consistency(before.size, size, self._read_grown)
            verify_consistency(size1=before.size, size2=size, root1=before.root, root2=checkpoint.root, proof=proof)
        elif before and before.size > size and self._way == "over HTTP":
            self.heard.fault(f"{self._log}: a checkpoint of {size} was shown after one of {before.size}")
        for index in {(size - 1) // TILE_WIDTH, random.randrange(-(-size // TILE_WIDTH))}:
            width = min(TILE_WIDTH, size - index * TILE_WIDTH)
            # Both whole, and the one what the other is made of.
            leaves = decode_bundle(self._read_grown(entries_path(index, width)))[:width]
            tile = self._read_grown(tile_path(0, index, width))[: width * HASH_SIZE]
            if b"".join(map(leaf_hash, leaves)) != tile:
                self.heard.fault(f"{self._log} {self._way}: bundle and tile {index} of {size} do not belong together")
        with self.heard.lock:
            self.heard.fetched[self._way] += 1

    def _read_grown(self, path: str) -> bytes:
        """As the specification has it: of a partial tile that is gone, the full one, cut off."""
        with suppress(MissingResource):
            return self._read(path)
        whole, _, width = path.partition(".p/")
        if not width:
            raise MissingResource(path)
        grown = self._read(whole)
        return grown if whole.startswith("tile/entries") else grown[: int(width) * HASH_SIZE]

    def _over_http(self, path: str) -> bytes:
        status, answer = self.ask("GET", f"/{self._log}/{path}")
        if status == 404:
            raise MissingResource(path)
        if status != 200:
            raise ConnectionError(f"{path} was answered {status}")
        return answer


class Load:
    """All clients of one server, from :meth:`start` to :meth:`stop`."""

    def __init__(self, clients: Sequence[Client], stopping: threading.Event) -> None:
        self._clients = clients
        self._stopping = stopping

    def __enter__(self) -> Load:
        for client in self._clients:
            client.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stopping.set()
        for client in self._clients:
            client.join(timeout=60)
