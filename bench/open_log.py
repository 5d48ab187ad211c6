"""Adding to the open log: by ``wrk`` on SQLite and PostgreSQL, and by Tessera's own load tool beside Tessera's log."""

from __future__ import annotations

import http.client
import os
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from tests.servers.postgresql import Postgresql

from bench import limits, peers, server, wrk
from bench.row import Row

CONNECTIONS = 256
_SQLITE_LIMIT = 10_000
_POSTGRESQL_LIMIT = 3_000
_ACKNOWLEDGED_SECONDS = 0.25
_PUBLISHED_SECONDS = 1.0
_PROBE_SECONDS = 0.1
_HAMMER_LEAVES = 200_000
"""Some 20 s a turn: in a short one, where its first and last checkpoints fall decides as much as the log does."""


class OpenLogBench:
    """Each load on a server with an empty log."""

    def __init__(self, own: Path, env: dict[str, str], seconds: int, rounds: int, physical: limits.Limits) -> None:
        self._own = own
        self._env = env | {"ZONARY_OPEN_LOG": "1"}
        self._seconds = seconds
        self._rounds = rounds
        self._physical = physical

    def rows(self) -> Iterator[Row]:
        yield from self._loaded("open log, 256 connections, SQLite", self._env, _SQLITE_LIMIT)
        directory = Path(tempfile.mkdtemp(prefix="zonary-bench-postgresql-"))
        postgresql = Postgresql(directory, fast=False)
        try:
            postgresql.start()
            env = self._env | {"ZONARY_DATABASE_URL": postgresql.create_database("bench")}
            yield from self._loaded("open log, 256 connections, PostgreSQL", env, _POSTGRESQL_LIMIT)
        finally:
            postgresql.kill()
            shutil.rmtree(directory, ignore_errors=True)
        yield self._beside_tessera()

    def _loaded(self, title: str, env: dict[str, str], limit: float) -> Iterator[Row]:
        data = self._own / f"openlog-{limit}"
        with server.running(data, env) as running:
            wrk.run("post_leaf", f"{running.url}/openlog/add", connections=CONNECTIONS, seconds=2)  # warm
            with Prober(running.port) as prober:
                load = wrk.run(
                    "post_leaf", f"{running.url}/openlog/add", connections=CONNECTIONS, seconds=self._seconds
                )
        beside = f"{self._physical.syncs:,.0f} fsync/s"
        yield Row(title, f"{load.rate:,.0f} adds/s", beside, f"{limit:,}/s", load.rate / limit)
        yield Row(
            "  acknowledged, slowest of 100",
            f"{load.p99 * 1e3:.0f} ms",
            "",
            f"{_ACKNOWLEDGED_SECONDS * 1e3:.0f} ms",
            _ACKNOWLEDGED_SECONDS / load.p99,
        )
        published = prober.p99()
        yield Row(
            "  published, slowest of 100",
            f"{published * 1e3:.0f} ms",
            f"{len(prober.seconds)} probes",
            f"{_PUBLISHED_SECONDS:.0f} s",
            _PUBLISHED_SECONDS / published,
        )

    def _beside_tessera(self) -> Row:
        """Both driven by Tessera's hammer with the same options, in turns."""
        ours: list[float] = []
        theirs: list[float] = []
        for number in range(self._rounds):
            for which in (0, 1) if number % 2 else (1, 0):
                (ours if which else theirs).append(self._hammer_ours(number) if which else self._hammer_tessera(number))
        own, tessera = statistics.median(ours), statistics.median(theirs)
        return Row(
            "open log by Tessera's hammer, integrated", f"{own:,.0f} leaves/s", f"{tessera:,.0f} Tessera", "1 x",
            own / tessera,
        )  # fmt: skip

    def _hammer_ours(self, number: int) -> float:
        data = self._own / f"hammered-{number}"
        with server.running(data, self._env) as running:
            vkey = (data / "openlog.vkey").read_text("ascii").strip()
            came = peers.run_hammer(f"{running.url}/openlog/", vkey, goal=_HAMMER_LEAVES)
        if came.errors:
            raise SystemExit(f"bench: the hammer found errors in our log: {came.errors}")
        return came.rate

    def _hammer_tessera(self, number: int) -> float:
        with peers.running_tessera(self._own / f"tessera-{number}") as log:
            return peers.run_hammer(log.url, log.vkey, goal=_HAMMER_LEAVES).rate


class Prober:
    """Adds a leaf now and then, and measures how long it takes until a published checkpoint covers it."""

    def __init__(self, port: int) -> None:
        self.seconds: list[float] = []
        self._port = port
        self._failed: BaseException | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Prober:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()
        if self._failed is not None:
            raise self._failed

    def p99(self) -> float:
        return statistics.quantiles(self.seconds, n=100)[98] if len(self.seconds) > 1 else float("inf")

    def _run(self) -> None:
        try:
            self._probe()
        except BaseException as error:
            self._failed = error  # in a thread nobody would hear of it

    def _probe(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        while not self._stopping.wait(_PROBE_SECONDS):
            started = time.perf_counter()
            index = int(_ask(connection, "POST", "/openlog/add", os.urandom(64)))
            while int(_ask(connection, "GET", "/openlog/checkpoint").split(b"\n")[1]) <= index:
                time.sleep(0.005)
            self.seconds.append(time.perf_counter() - started)
        connection.close()


def _ask(connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None = None) -> bytes:
    connection.request(method, path, body)
    response = connection.getresponse()
    answer = response.read()
    if response.status != 200:
        raise SystemExit(f"bench: {method} {path} was answered with {response.status}: {answer[:200]!r}")
    return answer
