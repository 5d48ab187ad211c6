"""``zonary doctor`` on real data directories, each with one thing wrong with it."""

from __future__ import annotations

import itertools
import json
import os
import pty
import resource
import shlex
import shutil
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the doctor of a server needs the [web] extra")

pytestmark = pytest.mark.parametrize("data", ["sqlite"], indirect=True)
"""What is damaged here are files, so the database is one."""

NOW = datetime.now(UTC)
Make = Callable[..., Any]


@dataclass
class Patient:
    """A data directory with a log of three entries, and what the doctor says of it."""

    path: Path
    log: Any

    def ask(self, *options: str, lang: str = "en", **more: Any) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "zonary.cli.main", "doctor", "--data", str(self.path), *options]
        environment = {**os.environ, "ZONARY_LANG": lang}
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False, **more)

    def findings(self, **more: Any) -> dict[str, list[dict[str, str]]]:
        """Check -> its findings that are not ok; exit code and severities agree."""
        done = self.ask("--json", **more)
        assert done.stderr == ""
        found = json.loads(done.stdout)["findings"]
        assert done.returncode == (1 if "fault" in {each["severity"] for each in found} else 0)
        wrong: dict[str, list[dict[str, str]]] = {}
        for each in found:
            # Whether this machine's clock and disk are good is not what is tested.
            if each["severity"] != "ok" and (each["check"], each["severity"]) not in _MACHINE:
                wrong.setdefault(each["check"], []).append(each)
        return wrong

    def only(self, check: str, severity: str = "fault", **more: Any) -> dict[str, str]:
        """The one thing that is wrong."""
        wrong = self.findings(**more)
        assert list(wrong) == [check]
        (finding,) = wrong[check]
        assert finding["severity"] == severity
        return finding


_MACHINE = {
    ("clock", "warning"),
    ("disk-space", "warning"),
    ("disk-space", "fault"),
    ("disk-writing", "warning"),
    ("backup", "warning"),  # none was made; tests/config/test_backup.py asks about that
}


@pytest.fixture
def advance() -> Callable[[Any], None]:
    def run(log: Any, at: datetime = NOW) -> None:
        from zonary.foundation.ledger.publishing import publish
        from zonary.foundation.ledger.sequencing import tick

        tick(log, at=at)
        publish(log)

    return run


@pytest.fixture
def patient(data: Any, record_leaves: Make, advance: Make) -> Patient:
    from django.db import connections

    from zonary.config.zone import open_zone
    from zonary.foundation.ledger.sequencer import start_up

    data.path.chmod(0o700)
    data.database.chmod(0o600)
    zone = open_zone(data, url="http://127.0.0.1", origin=None, open_log=False, at=NOW)
    log = zone.logs[0]
    start_up(log, lambda: NOW)
    record_leaves(b"one", b"two")
    advance(log)
    connections.close_all()
    return Patient(data.path, log)


def test_nothing_is_wrong_and_nothing_is_touched(patient: Patient) -> None:
    before = contents(patient.path)
    assert patient.findings() == {}
    # SQLite leaves its two files of work beside a database in WAL mode that was opened for reading.
    after = {name: data for name, data in contents(patient.path).items() if not name.endswith(("-wal", "-shm"))}
    assert after == {name: data for name, data in before.items() if not name.endswith(("-wal", "-shm"))}
    every = [each["check"] for each in json.loads(patient.ask("--json").stdout)["findings"]]
    assert {"disk-space", "disk-writing", "clock", "keys", "key-modes", "database"} < set(every)
    assert {"clock-and-log", "published-log", "checkpoint", "waiting"} < set(every)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["keys/log.skey", "keys/tsa.key", "token", "zonary.sqlite3"])
def test_a_file_open_to_others(patient: Patient, name: str) -> None:
    (patient.path / name).chmod(0o644)
    finding = patient.only("key-modes")
    assert f"{name} is open to other users (mode 644)" in finding["found"]
    follow(finding["mend"], f"chmod 600 {patient.path / name}")
    # What SQLite makes beside an open database is as open as that.
    for beside in patient.findings().get("key-modes", []):
        assert f"{name}-" in beside["found"]
        subprocess.run(shlex.split(beside["mend"].removeprefix("Type: ")), check=True)
    assert patient.findings() == {}


def follow(mend: str, command: str) -> None:
    """Type what the doctor says."""
    assert mend == f"Type: {command}"
    subprocess.run(shlex.split(command), check=True)


@pytest.mark.parametrize("name", ["", "keys"])
def test_a_folder_open_to_others(patient: Patient, name: str) -> None:
    (patient.path / name).chmod(0o755)
    follow(patient.only("key-modes")["mend"], f"chmod 700 {patient.path / name}")
    assert stat.S_IMODE((patient.path / name).stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_a_key_that_belongs_to_another(patient: Patient) -> None:
    os.chown(patient.path / "keys" / "log.skey", 12345, -1)
    finding = patient.only("key-modes")
    assert "belongs to user 12345, the data directory to user 0" in finding["found"]
    follow(finding["mend"], f"chown 0 {patient.path / 'keys' / 'log.skey'}")
    assert patient.findings() == {}


def test_a_lost_log_key(patient: Patient) -> None:
    (patient.path / "keys" / "log.skey").unlink()
    wrong = patient.findings()
    assert "signing key" in wrong["keys"][0]["found"]
    assert "Put the key back from a backup" in wrong["keys"][0]["found"]
    assert not (patient.path / "keys" / "log.skey").exists()


def test_a_damaged_log_key(patient: Patient) -> None:
    (patient.path / "keys" / "log.skey").write_text("no key\n")
    assert "cannot be read as a signing key" in patient.findings()["keys"][0]["found"]


def test_a_second_key_is_missing_and_not_made(patient: Patient) -> None:
    second = patient.path / "keys" / "log-mldsa44.skey"
    if not second.exists():
        pytest.skip("this machine's cryptography has no ML-DSA")
    second.unlink()
    assert "a new one" in patient.only("keys", "warning")["mend"]
    assert not second.exists()


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_text("no key\n")])
def test_a_lost_authority_key(patient: Patient, damage: Callable[[Path], object]) -> None:
    damage(patient.path / "keys" / "tsa.key")
    patient.only("keys")


@pytest.mark.parametrize(("age", "severity"), [(timedelta(seconds=12), "warning"), (timedelta(minutes=3), "fault")])
def test_entries_that_nobody_sequences(
    patient: Patient, record_leaves: Make, advance: Make, monkeypatch: pytest.MonkeyPatch, age: timedelta, severity: str
) -> None:
    from zonary.common import clock

    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) - age)
    record_leaves(b"three", b"four")
    finding = patient.only("waiting", severity)
    assert finding["found"].startswith("2 entries wait")
    assert "start it" in finding["mend"]
    advance(patient.log)
    assert patient.findings() == {}


@pytest.mark.parametrize("damage", [b"not a checkpoint\n", b""])
def test_a_damaged_checkpoint(patient: Patient, damage: bytes) -> None:
    (patient.path / "log" / "checkpoint").write_bytes(damage)
    assert "The published checkpoint is not one of this log" in patient.only("published-log")["found"]


def test_a_checkpoint_with_another_signature(patient: Patient) -> None:
    path = patient.path / "log" / "checkpoint"
    text, _, signatures = path.read_text("utf-8").partition("\n\n")
    lines = text.splitlines()
    path.write_text("\n".join([lines[0], str(int(lines[1]) + 1), lines[2]]) + "\n\n" + signatures, "utf-8")
    assert "is not one of this log" in patient.only("published-log")["found"]


def test_no_checkpoint(patient: Patient) -> None:
    shutil.rmtree(patient.path / "log")
    assert "There is no published checkpoint" in patient.only("published-log")["found"]


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(bytes(len(path.read_bytes())))])
def test_a_damaged_tile(patient: Patient, damage: Callable[[Path], object]) -> None:
    damage(next((patient.path / "log" / "tile" / "0").rglob("*.p/4")))
    finding = patient.only("published-log")
    assert "tiles" in finding["found"]
    assert "zonary fsck" in finding["mend"]


def test_an_older_database(patient: Patient, record_leaves: Make, advance: Make) -> None:
    from django.db import connections

    connections.close_all()
    shutil.copyfile(patient.path / "zonary.sqlite3", patient.path.with_name("backup"))
    record_leaves(b"three")
    advance(patient.log)
    connections.close_all()
    for path in patient.path.glob("zonary.sqlite3*"):
        path.unlink()
    shutil.copyfile(patient.path.with_name("backup"), patient.path / "zonary.sqlite3")
    (patient.path / "zonary.sqlite3").chmod(0o600)
    assert "an older database was put back" in patient.only("published-log")["found"]


def test_a_store_out_of_reach(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the store's own sentence says is enough: it runs on another machine, and as another user."""
    pytest.importorskip("obstore", reason="object stores need the [web] extra")
    for name, value in {
        "ZONARY_STORE": "s3://bucket/zone",
        "ZONARY_S3_ENDPOINT": "http://127.0.0.1:1",
        "AWS_ACCESS_KEY_ID": "name",
        "AWS_SECRET_ACCESS_KEY": "secret",
    }.items():
        monkeypatch.setenv(name, value)
    (finding,) = patient.findings()["published-log"]
    assert finding["severity"] == "fault"
    assert finding["found"] == (
        "The object store s3://bucket/zone/log fails at checkpoint: the connection fails. See that it runs and can be "
        "reached; nothing is lost meanwhile."
    )


def test_what_a_crash_left_unpublished_is_no_fault(patient: Patient, record_leaves: Make) -> None:
    from zonary.foundation.ledger.sequencing import tick

    record_leaves(b"three")
    tick(patient.log, at=NOW)
    assert patient.findings() == {}
    assert "has 4 of the 5 entries" in patient.ask().stdout


def test_a_damaged_database(patient: Patient) -> None:
    from django.db import connections

    connections.close_all()
    path = patient.path / "zonary.sqlite3"
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * (len(whole) - 200) + whole[-100:])
    finding = patient.only("database")
    assert "cannot be used" in finding["found"]
    assert "backup" in finding["mend"]


def test_a_lost_database(patient: Patient) -> None:
    for path in patient.path.glob("zonary.sqlite3*"):
        path.unlink()
    patient.only("database")
    assert not (patient.path / "zonary.sqlite3").exists()


def test_a_clock_behind_the_last_checkpoint(patient: Patient, record_leaves: Make, advance: Make) -> None:
    record_leaves(b"three")
    advance(patient.log, datetime.now(UTC) + timedelta(days=1))
    assert "signed at" in patient.only("clock-and-log")["found"]


def test_a_checkpoint_signed_while_the_doctor_looks(patient: Patient, record_leaves: Make, advance: Make) -> None:
    """The server beside it goes on, and a small step back of the clock is bridged by it: no fault of the clock."""
    from zonary.foundation.ledger.checkup import check_up
    from zonary.foundation.ledger.layout import DataDirectory

    began = datetime.now(UTC)
    times = (began + timedelta(seconds=10 * number) for number in itertools.count())
    record_leaves(b"three")
    advance(patient.log, began + timedelta(seconds=61))  # while the sixth check was made, a second after it was read
    found = {each.check: each.severity for each in check_up(DataDirectory(patient.path), lambda: next(times))}
    assert found["clock-and-log"] == "ok"


def test_a_disk_that_cannot_be_written(patient: Patient) -> None:
    def no_writes() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    (finding,) = patient.findings(preexec_fn=no_writes)["disk-writing"]
    assert finding["severity"] == "fault"
    assert f"Nothing can be written into {patient.path}" in finding["found"]
    assert list(patient.path.glob(".doctor-*")) == []


def test_columns_stand_under_each_other_in_both_languages(patient: Patient) -> None:
    (patient.path / "token").chmod(0o644)
    for lang, words in (("en", ("ok", "fault", "warning")), ("zh", ("正常", "故障", "警告"))):
        done = patient.ask(lang=lang)
        assert done.returncode == 1
        rows = [line for line in done.stdout.splitlines() if line.startswith(words)]
        assert len(rows) >= 10
        assert "\x1b" not in done.stdout
        assert len({tuple(columns(row)[:3]) for row in rows}) == 1, done.stdout
        assert f"chmod 600 {patient.path / 'token'}" in done.stdout


def columns(row: str) -> list[int]:
    """At which column of a terminal each part begins, parts being two blanks or more apart."""
    starts, at, blanks = [], 0, 2
    for character in row:
        if character != " " and blanks >= 2:
            starts.append(at)
        blanks = blanks + 1 if character == " " else 0
        at += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return starts


@pytest.mark.parametrize("plain", [False, True])
def test_colours_are_for_terminals(patient: Patient, plain: bool) -> None:
    ours, theirs = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"} | ({"NO_COLOR": "1"} if plain else {})
    command = [sys.executable, "-m", "zonary.cli.main", "doctor", "--data", str(patient.path)]
    process = subprocess.Popen(command, env=environment, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:  # how Linux says that the other end of a terminal was closed
        pass
    finally:
        os.close(ours)
    assert process.wait(30) == 0
    assert (b"\x1b[32m" in shown) != plain
