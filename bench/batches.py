"""Evidence in batches over HTTP, from an empty log to ten million entries, and that log afterwards."""

from __future__ import annotations

import http.client
import json
import os
import random
import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from tests.servers.processes import family

from bench import limits, machine, server
from bench.row import Row
from zonary.cli.log_reader import directory_reader
from zonary.proof.tlog.tiles import prove_inclusion

_BATCH = 10_000
_CLIENTS = 3
_RATE = 50_000
_HELD = 0.85
_PROOF_SECONDS = 0.005
_MEMORY = 400e6
_TILE_BYTES = 40
_START_SECONDS = 3.0
_PROOFS = 500
_SAMPLE_SECONDS = 0.1


class BatchBench:
    """Statements, which is what the sealing client sends: their digests are all the server is told."""

    def __init__(self, own: Path, env: dict[str, str], physical: limits.Limits) -> None:
        self._own = own
        self._env = env
        self._physical = physical
        self._data = own / "batches"

    def rows(self, entries: int) -> Iterator[Row]:
        """:param entries: rounded down to whole batches; the windows are its first and last tenths."""
        with server.running(self._data, self._env) as running:
            filling = Filling(running, self._data, entries)
            filling.run()
        yield from self._growth(filling, entries)
        with server.running(self._data, self._env) as running:
            started = running.seconds
            proofs = _proofs(running, self._data, filling.records)
            memory = max(filling.peak, _memory(running.pid))
        title = f"log of {entries / 1e6:g} million entries"
        yield self._proof_row(f"{title}: any proof, from its tiles", _from_tiles(self._data / "log"))
        yield self._proof_row("  the same over HTTP, with token and receipt", proofs)
        yield Row("  server, all processes", f"{memory / 1e6:.0f} MB", "", f"{_MEMORY / 1e6:.0f} MB", _MEMORY / memory)
        tiles = _tile_bytes(self._data / "log") / entries
        yield Row("  tiles beside the leaves", f"{tiles:.1f} B an entry", "", f"{_TILE_BYTES} B", _TILE_BYTES / tiles)
        yield Row(
            "  start until it answers", f"{started:.2f} s", "", f"{_START_SECONDS:.0f} s", _START_SECONDS / started
        )

    def _proof_row(self, title: str, seconds: list[float]) -> Row:
        slow = statistics.quantiles(seconds, n=100)[98]
        return Row(
            title,
            f"{slow * 1e3:.1f} ms of 100",
            f"median {statistics.median(seconds) * 1e3:.1f} ms",
            f"{_PROOF_SECONDS * 1e3:.0f} ms",
            _PROOF_SECONDS / slow,
        )

    def _growth(self, filling: Filling, entries: int) -> Iterator[Row]:
        tenth = entries / 10
        first = filling.rate(tenth / 10, tenth)
        last = filling.rate(9 * tenth, entries)
        paces = filling.pace(tenth / 10, tenth), filling.pace(9 * tenth, entries)
        beside = f"{self._physical.hashes:,.0f} SHA-256/s"
        yield Row(
            f"batch evidence, {tenth / 1e7:g} to {tenth / 1e6:g} million", f"{first:,.0f} entries/s", beside,
            f"{_RATE:,}/s", first / _RATE,
        )  # fmt: skip
        yield Row(
            f"  {9 * tenth / 1e6:g} to {entries / 1e6:g} million", f"{last:,.0f} entries/s", "", f"{_RATE:,}/s",
            last / _RATE,
        )  # fmt: skip
        meanwhile = f"machine {paces[1] / paces[0]:.2f} x"
        yield Row("  held", f"{last / first:.2f} x", meanwhile, f"{_HELD} x", last / first / _HELD)


class Filling:
    """Sends batches from some clients at once, and samples how much is published and how much memory that takes.

    :param token: whose evidence it is; the operator's without it.
    """

    def __init__(self, running: server.Running, data: Path, entries: int, *, token: str = "") -> None:
        self._running = running
        self._data = data
        self._left = entries // _BATCH
        self._entries = self._left * _BATCH
        self._token = token or operators_token(data)
        self._lock = threading.Lock()
        self.records: list[str] = []
        self.peak = 0.0
        self._refused = ""
        self._samples: list[tuple[float, int]] = []
        self._paces: list[tuple[float, float]] = []

    def run(self) -> None:
        """Returns when all of it is published."""
        clients = [threading.Thread(target=self._send) for _ in range(_CLIENTS)]
        for client in clients:
            client.start()
        looks = 0
        while not self._samples or self._samples[-1][1] < self._entries:
            self._samples.append((time.perf_counter(), published_size(self._data / "log")))
            if looks % 20 == 0:
                self.peak = max(self.peak, _memory(self._running.pid))
                self._paces.append((time.perf_counter(), limits.pace()))
            looks += 1
            if self._refused:
                raise SystemExit(f"bench: a batch was answered with {self._refused}")
            time.sleep(_SAMPLE_SECONDS)
        for client in clients:
            client.join()

    def rate(self, start: float, end: float) -> float:
        """Entries a second durable and integrated, while the log grew from ``start`` to ``end`` entries."""
        began, ended = self._window(start, end)
        return (ended[1] - began[1]) / (ended[0] - began[0])

    def pace(self, start: float, end: float) -> float:
        """How fast the machine was meanwhile, as :func:`limits.pace` has it."""
        began, ended = self._window(start, end)
        return statistics.median(pace for at, pace in self._paces if began[0] <= at <= ended[0])

    def _window(self, start: float, end: float) -> tuple[tuple[float, int], tuple[float, int]]:
        began = next(sample for sample in self._samples if sample[1] >= start)
        return began, next(sample for sample in self._samples if sample[1] >= end)

    def _send(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._running.port, timeout=60)
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        while self._take():
            connection.request("POST", "/api/v1/evidence/batch", _body(), headers)
            response = connection.getresponse()
            answer = response.read()
            if response.status != 201:
                self._refused = f"{response.status}: {answer[:200]!r}"
                return
            # One record of each batch, found in the text: parsing all of it would cost the server its processor.
            start = answer.index(b'"id":"') + 6
            self.records.append(answer[start : start + 36].decode())
        connection.close()

    def _take(self) -> bool:
        with self._lock:
            if self._left <= 0:
                return False
            self._left -= 1
            return True


def _body() -> bytes:
    digits = os.urandom(64 * _BATCH).hex()
    items = (
        f'{{"statement":{{"sha256":"{digits[at : at + 64]}","sm3":"{digits[at + 64 : at + 128]}"}}}}'
        for at in range(0, len(digits), 128)
    )
    return f'{{"items":[{",".join(items)}]}}'.encode()


def operators_token(data: Path) -> str:
    return (data / "token").read_text("ascii").strip()


def published_size(log: Path) -> int:
    """How many entries the checkpoint in the directory ``log`` covers; 0 while there is none."""
    try:
        return int((log / "checkpoint").read_bytes().split(b"\n")[1])
    except FileNotFoundError:
        return 0


def _proofs(running: server.Running, data: Path, records: list[str]) -> list[float]:
    """Seconds for each of some proofs, of records from all over the log, over HTTP."""
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
    headers = {"Authorization": f"Bearer {operators_token(data)}"}
    drawn = random.Random(1).choices(records, k=_PROOFS + 20)
    seconds = []
    for record in drawn:
        started = time.perf_counter()
        connection.request("GET", f"/api/v1/evidence/{record}/proof", headers=headers)
        response = connection.getresponse()
        answer = response.read()
        seconds.append(time.perf_counter() - started)
        if response.status != 200:
            raise SystemExit(f"bench: a proof was answered with {response.status}: {json.loads(answer)}")
    return seconds[20:]  # the first ones find nothing in memory


def _from_tiles(log: Path) -> list[float]:
    """Seconds for each of some inclusion proofs, of entries from all over the log, read from its directory."""
    size = published_size(log)
    read = directory_reader(log)
    drawn = random.Random(2)
    seconds = []
    for _ in range(_PROOFS):
        index = drawn.randrange(size)
        started = time.perf_counter()
        prove_inclusion(index, size, read)
        seconds.append(time.perf_counter() - started)
    return seconds


def _memory(pid: int) -> float:
    return float(sum(map(machine.pss, family(pid))))


def _tile_bytes(log: Path) -> int:
    return sum(
        path.stat().st_size for path in (log / "tile").rglob("*") if path.is_file() and "entries" not in path.parts
    )
