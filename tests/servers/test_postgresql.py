"""The PostgreSQL server of the tests keeps what it acknowledged, and can be taken away under its clients."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.servers import postgresql as postgresql_module
from tests.servers.postgresql import Postgresql


@pytest.fixture
def directory() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="zonary-test-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def own(directory: Path) -> Iterator[Postgresql]:
    server = Postgresql(directory)
    server.start()
    yield server
    server.kill()


def _one(url: str, query: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query).fetchone()
        assert row is not None
        return row[0]


def test_committed_rows_survive_a_kill_and_uncommitted_ones_do_not(own: Postgresql) -> None:
    url = own.create_database("kept")
    writer = psycopg.connect(url)
    writer.execute("CREATE TABLE entry (number int)")
    writer.execute("INSERT INTO entry SELECT generate_series(1, 1000)")
    writer.commit()
    writer.execute("INSERT INTO entry VALUES (0)")
    own.kill()
    with pytest.raises(psycopg.OperationalError):
        writer.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
    own.start()
    assert _one(url, "SELECT count(*) FROM entry") == 1000
    own.stop()
    own.start()
    assert _one(url, "SELECT sum(number) FROM entry") == 500500


def test_commits_are_durable_and_only_loopback_listens(own: Postgresql) -> None:
    for setting, value in {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "listen_addresses": "127.0.0.1",
        "server_encoding": "UTF8",
    }.items():
        assert _one(own.url(), f"SHOW {setting}") == value


def test_a_database_is_copied_from_a_template(own: Postgresql) -> None:
    with psycopg.connect(own.create_database("template_one")) as connection:
        connection.execute("CREATE TABLE entry AS SELECT 'copied' AS word")
    copy = own.create_database("copy", template="template_one")
    assert _one(copy, "SELECT word FROM entry") == "copied"
    own.drop_database("copy")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(copy)


def test_connections_are_dropped_from_one_database_or_all(own: Postgresql) -> None:
    one, other = (psycopg.connect(own.create_database(name), autocommit=True) for name in ("one", "other"))
    assert own.drop_connections("one") == 1
    with pytest.raises(psycopg.OperationalError):
        one.execute("SELECT 1")
    assert other.execute("SELECT 1").fetchone() == (1,)
    assert own.drop_connections() == 1
    with pytest.raises(psycopg.OperationalError):
        other.execute("SELECT 1")


def test_its_own_programs_reach_it(own: Postgresql) -> None:
    done = subprocess.run(
        [own.binaries / "psql", "-Atc", "SELECT 6 * 7"], env=own.environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "42\n"


def test_the_wheel_serves_where_debian_has_none(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql_module, "_DEBIAN", directory / "nothing")
    server = Postgresql(directory)
    server.start()
    try:
        assert "pginstall" in str(server.binaries)
        assert _one(server.create_database("own"), "SELECT current_database()") == "own"
    finally:
        server.kill()


def test_settings_of_the_caller_win(directory: Path) -> None:
    server = Postgresql(directory, settings={"synchronous_commit": "off", "max_connections": "17"})
    server.start()
    try:
        assert _one(server.url(), "SHOW synchronous_commit") == "off"
        assert _one(server.url(), "SHOW max_connections") == "17"
    finally:
        server.kill()
