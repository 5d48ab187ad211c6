"""A backup made of a server at work is whole, is put back elsewhere, and says when its log has ended."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="backups of a server need the [web] extra")

from zonary.common.age import AgeReader, AgeWriter, Identity, Passphrase
from zonary.proof.errors import Error

KEY = Identity(bytes(range(7, 39)))
Done = subprocess.CompletedProcess[str]


@dataclass
class Place:
    """A folder with keys for backups, and the ``zonary`` command in it."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, text in (("key.txt", KEY.encode()), ("words.txt", "correct horse battery staple")):
            (self.folder / name).write_text(text + "\n")
            (self.folder / name).chmod(0o600)

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            "ZONARY_LANG": "en",
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_STATE_HOME": str(self.folder / "config" / "state"),
            **self.environment,
            **more,
        }
        command = [sys.executable, "-m", "zonary.cli.main", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=environment, cwd=self.folder, stdout=pipe, stderr=pipe, text=True)

    def run(self, *arguments: str, **more: str) -> Done:
        process = self.start(*arguments, **more)
        out, err = process.communicate(timeout=240)
        assert "Traceback" not in err
        return Done(arguments, process.returncode, out, err)

    def done(self, *arguments: str, **more: str) -> str:
        ran = self.run(*arguments, **more)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def backup(self, data: Path, name: str = "zone.age", **more: str) -> Path:
        self.done("backup", "--data", str(data), "--to", name, "--recipient", str(KEY.recipient), **more)
        return self.folder / name

    def restore(self, backup: Path, data: str, **more: str) -> str:
        return self.done("restore", str(backup), "--data", data, "--identity", "key.txt", **more)

    def severities(self, data: Path, **more: str) -> dict[str, str]:
        ran = self.run("doctor", "--data", str(data), "--all-contents", "--json", **more)
        assert ran.returncode == 0, ran.stdout
        return {each["check"]: each["severity"] for each in json.loads(ran.stdout)["findings"]}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@dataclass
class Kind:
    """A database for the server, and an empty one to restore into."""

    served: dict[str, str]
    empty: dict[str, str]


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> Iterator[Kind]:
    if request.param == "sqlite":
        yield Kind({}, {})
        return
    url, server = request.getfixturevalue("zone_database"), request.getfixturevalue("postgresql")
    programs = {"ZONARY_POSTGRESQL_PROGRAMS": str(server.binaries)}
    name = f"restored_{os.urandom(6).hex()}"
    yield Kind(
        {"ZONARY_DATABASE_URL": url, **programs},
        {"ZONARY_DATABASE_URL": server.create_database(name), **programs},
    )
    server.drop_database(name)


@pytest.fixture
def server(new_server: Callable[..., Any], kind: Kind) -> Any:
    running = new_server(environment=kind.served)
    running.start()
    return running


def register(server: Any, number: int) -> str:
    item = {"statement": {"sha256": f"{number:064x}", "sm3": f"{number:064x}"}}
    answer = server.api("POST", "/evidence", item)
    assert answer.status in (200, 201), answer.body
    identifier: str = answer.json()["id"]
    return identifier


class Load:
    """Registers evidence, one after the other, until the end."""

    def __init__(self, server: Any) -> None:
        self.records: list[str] = []
        self._server = server
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Load:
        self._thread.start()
        self.wait_for(20)
        return self

    def __exit__(self, *_error: object) -> None:
        self._ending.set()
        self._thread.join()

    def wait_for(self, more: int) -> None:
        """Until so many more are recorded."""
        wanted, deadline = len(self.records) + more, time.monotonic() + 60
        while len(self.records) < wanted:
            assert time.monotonic() < deadline
            assert self._thread.is_alive()
            time.sleep(0.01)

    def _run(self) -> None:
        while not self._ending.is_set():
            self.records.append(register(self._server, len(self.records)))


def test_a_backup_under_load_is_put_back_on_another_machine(place: Place, server: Any, kind: Kind) -> None:
    with Load(server) as load:
        before = list(load.records)
        backup = place.backup(server.data, **kind.served)
        load.wait_for(5)
    assert backup.stat().st_mode & 0o777 == 0o600
    assert (server.data / "token").read_bytes().strip() not in backup.read_bytes()
    assert not list(server.data.glob(".backup*"))
    for path in server.data.glob("zonary.sqlite3*"):
        path.chmod(0o600)  # the tests' tables are anybody's
    assert place.severities(server.data, **kind.served)["backup"] == "ok"
    server.stop()

    elsewhere = {**kind.empty, "XDG_STATE_HOME": str(place.folder / "elsewhere")}
    told = place.restore(backup, "new", **elsewhere)
    assert "made while a server ran" in told
    assert "zonary keys succeed --abandon" in told
    found = place.severities(place.folder / "new", **elsewhere)
    assert found.pop("kept-checkpoint") == "warning"  # this machine has never seen the log
    assert {found[name] for name in ("keys", "key-modes", "database", "triggers", "published-log", "backup")} == {"ok"}
    assert "Result: VERIFIED" in place.done("fsck", "--data", "new", **elsewhere)

    server.data, server.environment = place.folder / "new", elsewhere
    server.start()
    for record in before:
        assert server.wait_until_published(record)["stage"] == "published"
    register(server, 1 << 64)
    server.stop()
    assert "Result: VERIFIED" in place.done("fsck", "--data", "new", **elsewhere)


def _leaders(environment: dict[str, str]) -> list[Any]:
    url = environment.get("ZONARY_DATABASE_URL")
    if url is None:
        return []
    import psycopg

    with psycopg.connect(url) as connection:
        return connection.execute("SELECT leader FROM ledger_logstate WHERE leader_until > now()").fetchall()


def test_a_log_that_was_shown_longer_has_ended(place: Place, server: Any, kind: Kind) -> None:
    register(server, 1)
    backup = place.backup(server.data, **kind.served)
    server.wait_until_published(register(server, 2))
    server.stop()
    told = place.restore(backup, "new", **kind.empty)
    assert "it has ended. Look for a newer backup first." in told
    # Whoever led when the backup was made leads another database; nobody waits here until that lease runs out.
    assert _leaders(kind.empty) == []
    refused = place.run("serve", "--data", "new", "--port", str(server.port), **kind.empty)
    assert (refused.returncode, "older backup was put back" in refused.stderr) == (2, True)
    place.done("keys", "succeed", "--abandon", "--data", "new", **kind.empty)
    server.data, server.environment = place.folder / "new", kind.empty
    server.start()
    server.wait_until_published(register(server, 3))
    server.stop()
    assert place.done("fsck", "--data", "new", **kind.empty).count("Result: VERIFIED") == 2


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_backup_at_rest_goes_on_where_it_was(place: Place, server: Any, kind: Kind) -> None:
    record = register(server, 1)
    server.wait_until_published(record)
    server.stop()
    backup = place.backup(server.data, **kind.served)
    assert "it goes on" in place.restore(backup, "new", **kind.empty)
    server.data, server.environment = place.folder / "new", kind.empty
    server.start()
    assert server.wait_until_published(record)["stage"] == "published"
    register(server, 2)


@pytest.fixture
def still(data: Any) -> Path:
    """The data directory of a zone that no server runs for, on SQLite; five entries are recorded and published."""
    from django.db import connection, connections

    from zonary.common.clock import now
    from zonary.config.zone import open_zone
    from zonary.foundation.ledger.logs import prepare
    from zonary.foundation.ledger.succession import finish

    zone = open_zone(data, url="http://zone.example", origin=None, open_log=False, at=now())
    prepare(zone.logs[0], now())
    finish(zone.logs[0], now())
    assert connection.vendor == "sqlite"
    connections.close_all()
    directory: Path = data.path
    directory.chmod(0o700)
    return directory


on_sqlite = pytest.mark.parametrize("data", ["sqlite"], indirect=True)


@on_sqlite
def test_a_passphrase_opens_it_and_nothing_else(place: Place, still: Path) -> None:
    place.done("backup", "--data", str(still), "--to", "p.age", "--passphrase-file", "words.txt")
    assert "is whole" in place.done("restore", "p.age", "--passphrase-file", "words.txt", "--check")
    (place.folder / "other.txt").write_text("another battery staple\n")
    (place.folder / "other.txt").chmod(0o600)
    for opener in (("--passphrase-file", "other.txt"), ("--identity", "key.txt")):
        refused = place.run("restore", "p.age", "--data", "new", *opener)
        assert (refused.returncode, refused.stderr) == (2, "zonary: This key or passphrase does not open the file.\n")
    (place.folder / "words.txt").chmod(0o644)
    refused = place.run("restore", "p.age", "--data", "new", "--passphrase-file", "words.txt")
    assert "Others may read words.txt" in refused.stderr
    assert not (place.folder / "new").exists()


@on_sqlite
def test_nothing_is_put_over_what_is_there(place: Place, still: Path) -> None:
    backup = place.backup(still)
    again = place.run("backup", "--data", str(still), "--to", "zone.age", "--recipient", str(KEY.recipient))
    assert (again.returncode, "exists already" in again.stderr) == (2, True)
    refused = place.run("restore", str(backup), "--data", str(still), "--identity", "key.txt")
    assert (refused.returncode, "is not empty" in refused.stderr) == (2, True)
    one_line = place.run("restore", str(backup), "--data", "new", "--identity", "key.txt", ZONARY_DATABASE_URL="x")
    assert one_line.returncode == 2
    assert sorted(path.name for path in place.folder.iterdir() if path.name.startswith(".")) == []


@on_sqlite
@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_interrupted_at_any_moment_nothing_half_is_left(place: Place, still: Path, how: signal.Signals) -> None:
    make = ("backup", "--data", str(still), "--to", "cut.age", "--recipient", str(KEY.recipient))
    began = time.monotonic()
    whole = place.backup(still)
    took = time.monotonic() - began
    put = ("restore", str(whole), "--data", "cut", "--identity", "key.txt")
    for command, target in ((make, place.folder / "cut.age"), (put, place.folder / "cut")):
        for part in (0.6, 0.8, 0.9):
            process = place.start(*command)
            time.sleep(took * part)  # wherever that is: each moment has to be good
            process.send_signal(how)
            _out, err = process.communicate(timeout=60)
            assert "Traceback" not in err or "Interrupted" in err
            if process.returncode == 0 or target.exists():
                break
            if how != signal.SIGKILL:
                assert not list(still.glob(".backup/*"))
    # Whether it came through once or never: what has the name is whole, and the next try works.
    if (place.folder / "cut.age").exists():
        place.done("restore", "cut.age", "--identity", "key.txt", "--check")
    else:
        place.done(*make)
    if not (place.folder / "cut").exists():
        place.done(*put)
    assert place.severities(place.folder / "cut")["database"] == "ok"
    assert [path.name for path in place.folder.glob(".*restoring")] == []


def archived(members: list[tuple[str, bytes]], *, then: bytes = bytes(1024)) -> bytes:
    """A backup made by somebody who knows the recipient, with whatever they want in it."""
    from zonary.config.backup.archive import ArchiveWriter

    file = io.BytesIO()
    writer = AgeWriter(file, [KEY.recipient])
    archive = ArchiveWriter(writer)
    for name, data in members:
        archive.add(name, len(data), [data])
    writer.write(then)
    writer.finish()
    return file.getvalue()


def unpacked(backup: Path) -> list[tuple[str, bytes]]:
    from zonary.config.backup.archive import read_members

    with backup.open("rb") as file:
        return [(member.name, member.read()) for member in read_members(AgeReader(file, [KEY]))]


@on_sqlite
def test_what_is_no_backup_is_refused_in_one_sentence(place: Place, still: Path) -> None:
    members = unpacked(place.backup(still))
    manifest = json.loads(members[0][1])

    def told(**changed: Any) -> tuple[str, bytes]:
        return "backup.json", json.dumps({**manifest, **changed}).encode()

    link = tarfile.TarInfo("keys/log.skey")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    huge = tarfile.TarInfo("token")
    huge.size = 1 << 40
    later = {**manifest["migrations"], "ledger": [*manifest["migrations"]["ledger"], "9999_later"]}
    rest = members[1:]
    digest = "ab" * 32
    bad: dict[str, bytes] = {
        "no backup": b"hello",
        "no archive": archived([]),
        "text": archived([("hello.txt", b"hello")]),
        "outside": archived([members[0], ("../outside", b"x"), *rest]),
        "absolute": archived([members[0], ("/tmp/outside", b"x"), *rest]),
        "hidden": archived([members[0], ("keys/.hidden/../../outside", b"x"), *rest]),
        "link": archived([members[0]], then=link.tobuf(tarfile.GNU_FORMAT) + bytes(1024)),
        "huge": archived([members[0]], then=huge.tobuf(tarfile.GNU_FORMAT) + bytes(4096)),
        "twice": archived([*members, members[1]]),
        "no database": archived([member for member in members if member[0] != "zonary.sqlite3"]),
        "no keys": archived([member for member in members if not member[0].startswith("keys/")]),
        "no end": archived(members, then=b""),
        "more": archived(members, then=bytes(1024) + b"more"),
        "later format": archived([told(format="zonary-backup/2", new=1), *rest]),
        "later release": archived([told(migrations=later), *rest]),
        "other log": archived([told(logs=[{**manifest["logs"][0], "size": 99}]), *rest]),
        "other kind": archived([told(database="postgresql"), *rest]),
        "other bytes": archived([*members, (f"documents/ab/ab/{digest}", b"not those")]),
        "no tables": archived([(name, b"x" if name == "zonary.sqlite3" else data) for name, data in members]),
        "other keys": archived([(name, b"x" if name == "keys/log.skey" else data) for name, data in members]),
    }
    for name, written in bad.items():
        (place.folder / "bad.age").write_bytes(written)
        with pytest.raises(Error) as refused:
            restored(place.folder / "bad.age", place.folder / "new")
        assert str(refused.value).count("\n") == 0, name
        assert not (place.folder / "new").exists(), name
        assert not (place.folder / "outside").exists(), name
    assert sorted(path.name for path in place.folder.glob(".*")) == []
    by_command = place.run("restore", "bad.age", "--data", "new", "--identity", "key.txt")
    assert (by_command.returncode, by_command.stdout, by_command.stderr.count("\n")) == (2, "", 1)
    # And the one they were made from is good.
    (place.folder / "good.age").write_bytes(archived(members))
    assert restored(place.folder / "good.age", place.folder / "new").files == len(members) - 1


def restored(backup: Path, target: Path) -> Any:
    """What :func:`restore_backup` makes of it, in this process."""
    from zonary.config.backup.restoring import restore_backup
    from zonary.foundation.ledger.layout import DataDirectory

    return restore_backup(backup, [KEY], DataDirectory(target))


@on_sqlite
def test_a_damaged_published_log_is_left_out(place: Place, still: Path) -> None:
    """The server writes it anew from the database, as it does wherever one is missing."""
    members = [(name, data[:-1] + b"!" if "/tile/0/" in name else data) for name, data in unpacked(place.backup(still))]
    (place.folder / "bad.age").write_bytes(archived(members))
    found = restored(place.folder / "bad.age", place.folder / "new")
    assert found.rewritten == ("log",)
    assert not (place.folder / "new" / "log").exists()


@on_sqlite
def test_documents_on_disk_are_in_it(place: Place, five: Any, data: Any, make_log: Callable[..., Any]) -> None:
    from django.db import connections
    from tests.foundation.documents.arriving import bring

    from zonary.common.clock import now
    from zonary.foundation.ledger.logs import prepare
    from zonary.foundation.ledger.succession import finish

    log = make_log()
    prepare(log, now())
    finish(log, now())
    contents = {bytes(bring(five.owner, text).content.sha256).hex(): text for text in (b"contract", b"drawing", b"x")}
    connections.close_all()
    backup = place.backup(data.path)
    place.restore(backup, "new")
    documents = place.folder / "new" / "documents"
    found = {path.name: path.read_bytes() for path in documents.rglob("*") if path.is_file()}
    assert found == contents
    lost = next(path for path in (data.path / "documents").rglob("*") if path.is_file())
    lost.unlink()
    again = place.run("backup", "--data", str(data.path), "--to", "2.age", "--recipient", str(KEY.recipient))
    assert (again.returncode, again.stderr) == (0, "1 contents of documents were not in the store; ask the doctor.\n")


@on_sqlite
def test_who_names_no_key_is_asked_for_one(place: Place, still: Path) -> None:
    refused = place.run("backup", "--data", str(still), "--to", "x.age")
    assert "Say who can open the backup" in refused.stderr
    made = place.done("backup", "--make-key", "new-key.txt")
    assert (place.folder / "new-key.txt").stat().st_mode & 0o777 == 0o600
    (identity,) = Identity.parse_file((place.folder / "new-key.txt").read_text())
    assert str(identity.recipient) in made
    assert identity.encode() not in made
    assert place.run("backup", "--make-key", "new-key.txt").returncode == 2
    assert isinstance(Passphrase.parse_file("correct horse battery"), Passphrase)
