"""Every page, in a zone as large as we claim to carry: one reader alone, fifty who think, and what the server takes."""

from __future__ import annotations

import http.client
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

from tests.every_page import pinned
from tests.registries import write_csv
from tests.servers.postgresql import Postgresql
from tests.servers.processes import family

from bench import machine, server
from bench.actions import action_rows
from bench.batches import Filling
from bench.row import Row
from bench.zone_data import User, ZoneData, read_zone_data

_ALONE_SECONDS = 0.150
_TOGETHER_SECONDS = 0.400
_MEMORY = 500e6
_TIMES = 60
_FILTERED_TIMES = 20
_WARM = 3
_PEOPLE = 50
_THINK_SECONDS = 5.0
_LOAD_SECONDS = 60.0
_FEWEST = 5
"""Answers a page needs before its own 95th percentile is looked at among the fifty."""
_FLOOR = "/trust"
"""What this very server answers without Django, session or database: nothing it says can be faster."""

Times = dict[str, list[float]]


class PageBench:
    """On SQLite and on PostgreSQL: first everything that happened, then the pages that show it."""

    def __init__(self, own: Path, env: dict[str, str]) -> None:
        self._own = own
        self._env = env | {"ZONARY_DEMO": "1"}  # officers without a second factor

    def rows(
        self, enterprises: int, entries: int, *, databases: tuple[str, ...] = ("SQLite", "PostgreSQL")
    ) -> Iterator[Row]:
        """:param entries: in the log at least, enterprises that were listed among them."""
        registry = write_csv(self._own / "pages.csv", enterprises)
        evidence = max(0, entries - enterprises)
        if "SQLite" in databases:
            yield from self._on("SQLite", registry, evidence, {})
        if "PostgreSQL" in databases:
            # Not below our own directory: only root may enter that, and the server then runs as nobody.
            directory = Path(tempfile.mkdtemp(prefix="zonary-bench-postgresql-"))
            database = Postgresql(directory, fast=False)
            try:
                database.start()
                more = {"ZONARY_DATABASE_URL": database.create_database("pages")}
                yield from self._on("PostgreSQL", registry, evidence, more)
            finally:
                database.kill()
                shutil.rmtree(directory, ignore_errors=True)

    def _on(self, name: str, registry: Path, evidence: int, more: dict[str, str]) -> Iterator[Row]:
        data, env = self._own / f"pages-{name.lower()}", self._env | more
        with server.running(data, env) as running:
            made = self._fill(running, data, env, registry, evidence)
            files = _without_files(running.port, made.alone, made.users)
            floor = _percentile(_asked(running.port, "", _FLOOR, times=_TIMES))
            alone = _alone(running.port, made.alone)
            yield from _limited(f"pages alone, {name}", alone, _ALONE_SECONDS, f"{floor * 1e3:.1f} ms {_FLOOR}")
            slow = _percentile(
                [each for cookie, path in files for each in _asked(running.port, cookie, path, times=_FEWEST)]
            )
            yield Row(f"  files, {len(files)} kinds", f"{slow * 1e3:.0f} ms of 95", "", "", None)
            yield from _filtered(running.port, made.alone[0].cookie, name)
            together = Crowd(running, made.users)
            together.run()
            title = f"pages for {len(made.users)} who think 5 s, {name}"
            yield from _limited(title, together.times, _TOGETHER_SECONDS, "")
            used, every = together.largest, together.sum
            limit = f"{_MEMORY / 1e6:.0f} MB"
            yield Row("  largest process", f"{used / 1e6:.0f} MB", f"all {every / 1e6:.0f} MB", limit, _MEMORY / used)
        yield from action_rows(name, data, env)

    def _fill(
        self, running: server.Running, data: Path, env: dict[str, str], registry: Path, evidence: int
    ) -> ZoneData:
        said = data.with_suffix(".json")
        command = [sys.executable, "-m", "bench.zone_data", str(data), str(registry), str(said)]
        machine.run([*command, "--people", str(_PEOPLE)], env, Path.cwd())
        made = read_zone_data(said)
        Filling(running, data, evidence, token=made.token).run()
        return made


class Crowd:
    """The users, each with a connection of their own: they open a page, read it for some seconds, and open another."""

    def __init__(self, running: server.Running, users: list[User]) -> None:
        self._running = running
        self._users = users
        self._lock = threading.Lock()
        self._failed: list[str] = []
        self.times: Times = defaultdict(list)
        self.largest = self.sum = 0.0

    def run(self) -> None:
        """Returns after a minute."""
        until = time.monotonic() + _LOAD_SECONDS
        threads = [threading.Thread(target=self._read, args=(*each, until)) for each in enumerate(self._users)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            each = [float(machine.pss(pid)) for pid in family(self._running.pid)]
            self.largest, self.sum = max(self.largest, *each), max(self.sum, sum(each))
            time.sleep(1)
        if self._failed:
            raise SystemExit(f"bench: {self._failed[0]}")

    def _read(self, number: int, user: User, until: float) -> None:
        drawn = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", self._running.port, timeout=60)
        pages = sorted(user.pages.items())
        wait = drawn.uniform(0, _THINK_SECONDS)  # they do not all begin at once
        while time.monotonic() + wait < until:
            time.sleep(wait)
            name, path = drawn.choice(pages)
            try:
                seconds, _kind = _ask(connection, user.cookie, path)
            except (OSError, http.client.HTTPException, SystemExit) as error:
                self._failed.append(f"{name}: {error}")  # in a thread nobody would hear of it
                return
            with self._lock:
                self.times[name].append(seconds)
            wait = drawn.uniform(0.5, 1.5) * _THINK_SECONDS
        connection.close()


def _alone(port: int, readers: list[User]) -> Times:
    """Each page as the one reader whom it asks most of the database for."""
    counts = pinned()
    chosen: dict[str, User] = {}
    for reader in readers:
        for page in reader.pages:
            if page not in chosen or counts[page][reader.role] > counts[page][chosen[page].role]:
                chosen[page] = reader
    return {
        f"{page} ({reader.role})": _asked(port, reader.cookie, reader.pages[page], times=_TIMES)
        for page, reader in sorted(chosen.items())
    }


def _without_files(port: int, alone: list[User], users: list[User]) -> list[tuple[str, str]]:
    """Take from the readers' pages what is no page but a file, which takes as long as it is large; returns those."""
    found: dict[str, tuple[str, str]] = {}
    for reader in alone:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for page, path in reader.pages.items():
            if _ask(connection, reader.cookie, path)[1] != "text/html":
                found.setdefault(page, (reader.cookie, path))
        connection.close()
    for reader in alone + users:
        for page in found:
            reader.pages.pop(page, None)
    return list(found.values())


def _asked(port: int, cookie: str, path: str, *, times: int) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    seconds = [_ask(connection, cookie, path)[0] for _ in range(_WARM + times)]
    connection.close()
    return seconds[_WARM:]


def _ask(connection: http.client.HTTPConnection, cookie: str, path: str) -> tuple[float, str]:
    """Seconds until all of it was here, and the kind of what came."""
    started = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    response = connection.getresponse()
    body = response.read()
    seconds = time.perf_counter() - started
    if response.status != 200:
        raise SystemExit(f"{path} was answered with {response.status}: {body[:200]!r}")
    return seconds, response.headers.get_content_type()


def _filtered(port: int, cookie: str, name: str) -> Iterator[Row]:
    """The list of a million records under every choice of its filters, and further down, by the owner of them."""
    choices = {"q": ("图", "没有这样的"), "subject": ("design",), "since": ("2020-01-01",), "until": ("2030-01-01",)}
    asked: Times = {}
    for given in product(*(("", *each) for each in choices.values())):
        query = urlencode({key: value for key, value in zip(choices, given, strict=True) if value})
        path = f"/evidence/?{query}"
        asked[path] = _asked(port, cookie, path, times=_FILTERED_TIMES)
    yield from _limited(f"evidence list, {len(asked)} choices of filters, {name}", asked, _ALONE_SECONDS, "")


def _percentile(seconds: list[float]) -> float:
    """The 95th; of few the slowest."""
    return statistics.quantiles(seconds, n=20)[18] if len(seconds) >= 20 else max(seconds)


def _limited(title: str, times: Times, limit: float, beside: str) -> Iterator[Row]:
    """All pages together, and the slowest of them."""
    every = {name: _percentile(seconds) for name, seconds in times.items() if len(seconds) >= _FEWEST}
    whole = _percentile([each for found in times.values() for each in found])
    worst = max(every, key=every.__getitem__)
    said = f"{limit * 1e3:.0f} ms"
    yield Row(title, f"{whole * 1e3:.0f} ms of 95", beside, said, limit / whole)
    slow = every[worst]
    yield Row(
        f"  slowest: {worst.partition('?name')[0]}",
        f"{slow * 1e3:.0f} ms of 95",
        f"of {len(every)} pages",
        said,
        limit / slow,
    )
