"""What tests share: a data directory with a database of its own, and a running server.

Nothing here is imported or started until a test asks for it: the tests of zonary.proof need no web framework.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests import five_accounts
from tests.ci import (  # noqa: F401 - hooks
    pytest_collection_modifyitems,
    pytest_configure,
    pytest_make_collect_report,
    pytest_runtest_makereport,
    pytest_runtest_teardown,
)
from tests.servers import fixtures
from tests.servers.processes import free_port

_TEMPLATE = fixtures.TEMPLATE
five, five_made, demo = five_accounts.five, five_accounts.five_made, five_accounts.demo
bucket, object_store = fixtures.bucket, fixtures.object_store
postgresql, zone_database = fixtures.postgresql, fixtures.zone_database


# Started in the background by a shell, these tests would ignore Ctrl-C, and so would every program they start and
# interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def vectors_named() -> str | None:
    """What ``ZONARY_VECTORS`` named. It is a setting of these tests alone: doctor would report it as one that nothing
    knows, in every program they start."""
    return os.environ.pop("ZONARY_VECTORS", None)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Names of cases that are the same in every process: what is long or made anew each time is only numbered."""
    return argname if isinstance(val, bytes) or (isinstance(val, str) and len(val) > 40) else None


@dataclass
class Answer:
    """An HTTP response, read whole."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def problem(self) -> dict[str, Any]:
        """The problem it is; fails unless it is one, whole and consistent."""
        assert self.headers["content-type"] == "application/problem+json", self.body[:200]
        problem: dict[str, Any] = json.loads(self.body)
        assert problem["status"] == self.status
        assert {"type", "title", "detail", "code"} <= set(problem)
        assert "Traceback" not in problem["detail"]
        return problem


@dataclass
class RunningServer:
    """``zonary serve`` in a process of its own."""

    data: Path
    port: int
    config: Path
    options: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    workers: int = 2
    tables: Path | None = None
    """A database with all tables and no rows, to begin with: making them is most of what a first start takes."""
    process: subprocess.Popen[bytes] | None = None
    output: Path = Path()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def token(self) -> str:
        return (self.data / "token").read_text().strip()

    def start(self, *, wait: bool = True) -> None:
        if self.tables is not None and not self.data.exists() and "ZONARY_DATABASE_URL" not in self.environment:
            self.data.mkdir(mode=0o700)
            shutil.copyfile(self.tables, self.data / "zonary.sqlite3")
        self.output = self.data.with_name(self.data.name + ".out")
        environment = {
            **os.environ,
            "XDG_CONFIG_HOME": str(self.config),
            "XDG_STATE_HOME": str(self.config / "state"),
            "ZONARY_LANG": "en",
            **self.environment,
        }
        arguments = ["--data", str(self.data), "--port", str(self.port), "--workers", str(self.workers), *self.options]
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "zonary.cli.main", "serve", *arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
            )
        if wait:
            self.wait_until_ready()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert self.process is not None
            assert self.process.poll() is None, self.output.read_text()
            try:
                if self.get("/healthz").status == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"the server did not answer: {self.output.read_text()}")

    def stop(self, how: int = signal.SIGTERM) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(timeout=30)

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        return self.request("GET", path, headers=headers)

    def api(self, method: str, path: str, value: object = None, token: str | None = None) -> Answer:
        """A call of the API with the operator's token, or another."""
        headers = {"Authorization": f"Bearer {token or self.token}"}
        if value is not None:
            headers["Content-Type"] = "application/json"
        body = None if value is None else json.dumps(value).encode()
        return self.request(method, f"/api/v1{path}", body, headers)

    def wait_until_published(self, record: str, seconds: float = 20) -> dict[str, Any]:
        """The receipt of ``record`` once it is published."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            receipt: dict[str, Any] = self.api("GET", f"/evidence/{record}").json()
            if receipt["stage"] == "published":
                return receipt
            time.sleep(0.02)
        raise AssertionError(f"{record} was not published in time")


@pytest.fixture(scope="session")
def vectors(vectors_named: str | None) -> Path:
    """The folder ``$ZONARY_VECTORS``, by default ``../shared/vectors`` seen from the repository's root.

    Tests that need it are skipped where it is absent; in CI a folder that was named must be there.
    """
    named = vectors_named
    folder = Path(named) if named else Path(__file__).parents[1].parent / "shared" / "vectors"
    if folder.is_dir():
        return folder
    if named and os.environ.get("CI") == "true":
        pytest.fail(f"ZONARY_VECTORS names {named}, which is no folder")
    pytest.skip(f"no test vectors in {named or '../shared/vectors'}; set ZONARY_VECTORS")


@pytest.fixture
def new_server(tmp_path: Path, migrated: Path) -> Iterator[Callable[..., RunningServer]]:
    """Makes servers that are stopped when the test ends; each may be started again on its data.

    One worker and tables that are there, unless the test says more: starting is most of what such tests take.
    """
    pytest.importorskip("django", reason="the server needs the [web] extra")
    made: list[RunningServer] = []

    def make(name: str = "var", **options: Any) -> RunningServer:
        server = RunningServer(
            tmp_path / name, free_port(), tmp_path / "config", **({"workers": 1, "tables": migrated} | options)
        )
        made.append(server)
        return server

    yield make
    for server in made:
        if server.process is not None and server.process.poll() is None:
            server.process.kill()
            server.process.wait()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server for all tests that only add to it."""
    pytest.importorskip("django", reason="the server needs the [web] extra")
    folder = tmp_path_factory.mktemp("server")
    running = RunningServer(folder / "var", free_port(), folder / "config", environment={"ZONARY_OPEN_LOG": "1"})
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and no rows, to be copied; sets Django up in this process."""
    pytest.importorskip("django", reason="the application needs the [web] extra")
    data = tmp_path_factory.mktemp("migrated")
    os.environ["DJANGO_SETTINGS_MODULE"] = "zonary.config.settings"
    os.environ["ZONARY_DATA"] = str(data)
    os.environ["ZONARY_OPEN_LOG"] = "1"
    import django
    from django.db import connections

    django.setup()
    from zonary.config.zone import migrate

    migrate()
    connections.close_all()
    shutil.copyfile(data / "zonary.sqlite3", data / f"{_TEMPLATE}.sqlite3")
    for name in ("DJANGO_SETTINGS_MODULE", "ZONARY_DATA", "ZONARY_OPEN_LOG"):
        del os.environ[name]
    return data / f"{_TEMPLATE}.sqlite3"


_numbers = itertools.count()


@pytest.fixture(scope="session")
def migrated_postgresql(migrated: Path, postgresql: Any) -> Any:
    """The server, with a database ``migrated`` that has all tables and no rows."""
    from zonary.config.zone import migrate

    url = postgresql.create_database(_TEMPLATE)
    before = use_database(url)
    migrate()
    use_settings(before)
    return postgresql


def use_database(url: str) -> dict[str, Any]:
    """Have Django use the PostgreSQL database at ``url``; returns the settings it had."""
    from zonary.config.database import database
    from zonary.foundation.ledger.layout import DataDirectory

    settings = database(url, DataDirectory(Path("unused")))
    # A pool's threads would not outlive the fork of the crash tests.
    del settings["OPTIONS"]["pool"]
    return use_settings(settings)


def use_embedded(directory: Any) -> dict[str, Any]:
    """Have Django use the SQLite database of ``directory``, never unplugged; returns the settings it had.

    What survives a lost machine is for tests with a server of their own.
    """
    from zonary.config.database import database

    settings = database("", directory)
    command = settings["OPTIONS"]["init_command"]
    settings["OPTIONS"]["init_command"] = command.replace("PRAGMA synchronous=FULL", "PRAGMA synchronous=OFF")
    assert settings["OPTIONS"]["init_command"] != command
    return use_settings(settings)


def use_settings(settings: dict[str, Any]) -> dict[str, Any]:
    """Have Django use the database of ``settings``; returns those it had."""
    from django.db import connections

    connections.close_all()
    before: dict[str, Any] = connections.settings["default"]
    connections.settings["default"] = connections.configure_settings({"default": dict(settings)})["default"]
    if hasattr(connections._connections, "default"):
        del connections["default"]
    return before


@pytest.fixture(params=["sqlite", "postgresql"])
def data(request: pytest.FixtureRequest, tmp_path: Path, migrated: Path, five_made: dict[str, Any]) -> Iterator[Any]:
    """A data directory with a fresh database of either kind, which Django uses until the test ends.

    It is empty, or a copy of the one with the five accounts where a test asks for them and they were made before.
    """
    from django.conf import settings

    from zonary.foundation.ledger.layout import DataDirectory

    directory = DataDirectory(tmp_path / "data")
    directory.path.mkdir()
    template = five_accounts.TEMPLATE if "five" in request.fixturenames and request.param in five_made else _TEMPLATE
    name = f"test_{next(_numbers)}"
    if request.param == "sqlite":
        shutil.copyfile(migrated.with_name(f"{template}.sqlite3"), directory.database)
        before = use_embedded(directory)
    else:
        server = request.getfixturevalue("migrated_postgresql")
        before = use_database(server.create_database(name, template=template))
    data_before, settings.ZONARY_DATA = settings.ZONARY_DATA, directory
    yield directory
    settings.ZONARY_DATA = data_before
    use_settings(before)
    if request.param == "postgresql":
        server.drop_database(name)


@dataclass
class DatabaseCopies:
    """Backups of the whole database of ``data``, and putting one of them back."""

    data: Any
    server: Any = None

    def save(self, name: str) -> None:
        present = self._leave()
        if self.server is None:
            shutil.copyfile(present, self.data.path / name)
        else:
            self.server.create_database(f"{present}_{name}", template=present)

    def restore(self, name: str) -> None:
        present = self._leave()
        if self.server is None:
            for path in self.data.path.glob("zonary.sqlite3*"):
                path.unlink()
            shutil.copyfile(self.data.path / name, self.data.database)
        else:
            self.server.drop_database(present)
            self.server.create_database(present, template=f"{present}_{name}")

    def save_as_template(self, name: str, folder: Path) -> None:
        """Keep it until the last test, for each ``data`` that begins with a copy of it."""
        present = self._leave()
        if self.server is None:
            shutil.copyfile(present, folder / f"{name}.sqlite3")
        else:
            self.server.create_database(name, template=present)

    def begin_with(self, name: str, folder: Path) -> None:
        """Put a template in the place of the present database."""
        present = self._leave()
        if self.server is None:
            for path in self.data.path.glob("zonary.sqlite3*"):
                path.unlink()
            shutil.copyfile(folder / f"{name}.sqlite3", self.data.database)
        else:
            self.server.drop_database(present)
            self.server.create_database(present, template=name)

    def _leave(self) -> str:
        """The present database, with nobody connected to it."""
        from django.db import connection, connections

        connections.close_all()
        return str(connection.settings_dict["NAME"])


@pytest.fixture
def copies(data: Any, request: pytest.FixtureRequest) -> DatabaseCopies:
    from django.db import connection

    server = request.getfixturevalue("migrated_postgresql") if connection.vendor == "postgresql" else None
    return DatabaseCopies(data, server)


@pytest.fixture
def make_log(data: Any) -> Callable[..., Any]:
    """Makes the zone's own log in ``data``; called again it opens the same log, as a restart does."""

    def make(step: Callable[[str], None] | None = None, *, name: str = "main", post_quantum: bool = False) -> Any:
        from zonary.foundation.ledger.keys import make_keys, open_keys
        from zonary.foundation.ledger.logs import MAIN, Log
        from zonary.foundation.ledger.sources import EntrySource, OpenSource
        from zonary.foundation.ledger.storage import DirectoryStore, no_step

        step = step or no_step
        stem, directory = ("log", data.log) if name == MAIN else ("openlog", data.open_log)
        keys = open_keys(data.keys, stem, origin=None, post_quantum=post_quantum) or make_keys(
            data.keys, stem, origin=None, post_quantum=post_quantum
        )
        source = EntrySource() if name == MAIN else OpenSource()
        return Log(name=name, source=source, store=DirectoryStore(directory, step), keys=keys, step=step)

    return make


@pytest.fixture
def record_leaves(data: Any) -> Callable[..., list[str]]:
    """Records entries with the given leaf bytes, in one transaction; returns their public ids."""

    def record(*leaves: bytes, by: str = "somebody") -> list[str]:
        from zonary.common.clock import now
        from zonary.foundation.ledger.actors import NamedActor
        from zonary.foundation.ledger.recording import action, record_draft

        @action
        def record_each() -> list[str]:
            return [record_draft(_draft(leaf), by=NamedActor(by), at=now()).public_id for leaf in leaves]

        return record_each()

    return record


@pytest.fixture
def record_batch(data: Any) -> Callable[..., list[str]]:
    """Records one entry with all the given leaves; returns the public ids of its items."""

    def record(*leaves: bytes, by: str = "somebody") -> list[str]:
        from zonary.common.clock import now
        from zonary.foundation.ledger.actors import NamedActor
        from zonary.foundation.ledger.recording import action, record_draft

        return action(record_draft)(_draft(*leaves), by=NamedActor(by), at=now()).ids()

    return record


def _draft(*leaves: bytes) -> Any:
    from zonary.foundation.ledger.recording import Draft

    count = len(leaves)
    return Draft(
        kind="test",
        version=1,
        leaf_class="evidence",
        leaves=leaves,
        bodies=[b"body"] * count,
        salts=[b"salt"] * count,
    )


@pytest.fixture
def check_published(data: Any) -> Callable[..., Any]:
    """Runs fsck over a published log with its own keys; returns the report and every published leaf."""

    def check(log: Any) -> tuple[Any, list[bytes]]:
        from zonary.proof.tlog.fsck import check_log
        from zonary.proof.tlog.tiles import TILE_WIDTH, decode_bundle, entries_path

        report = check_log(log.store.read, log.keys.verifiers, origin=log.keys.origin)
        leaves: list[bytes] = []
        for index in range(-(-report.size // TILE_WIDTH)):
            width = min(TILE_WIDTH, report.size - index * TILE_WIDTH)
            leaves += decode_bundle(log.store.read(entries_path(index, width)), width)
        return report, leaves

    return check
