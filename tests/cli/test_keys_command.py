"""``zonary keys`` as an operator types it, beside a real server that is started and stopped."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")

from zonary.proof.tlog.checkpoint import open_checkpoint
from zonary.proof.tlog.keys import ED25519
from zonary.proof.trust import Trust, parse_trust


class Operator:
    """Somebody with a server, who types commands on its machine."""

    def __init__(self, server) -> None:
        self.server = server
        self.keys: Path = server.data / "keys"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "XDG_CONFIG_HOME": str(self.server.config),
            "XDG_STATE_HOME": str(self.server.config / "state"),
            "ZONARY_LANG": "en",
        }
        done = subprocess.run(
            [sys.executable, "-m", "zonary.cli.main", "keys", *arguments, "--data", str(self.server.data)],
            env=environment, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        for secret in self.secrets():
            assert secret not in done.stdout + done.stderr
        return done

    def ok(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refused(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 2
        assert done.stderr.startswith("zonary: ")
        return done.stderr

    def once(self) -> Trust:
        """Start the server, wait until it has published all it recorded, stop it; what it showed as trust."""
        self.server.start()
        trust = parse_trust(self.server.get("/trust").body)
        assert self.server.stop() == 0
        return trust

    def secrets(self) -> list[str]:
        files = list(self.keys.iterdir()) if self.keys.is_dir() else []
        secret = [path for path in files if path.suffix in (".skey", ".key") or "PRIVATE KEY" in path.read_text()]
        return [path.read_text().strip() for path in secret]


@pytest.fixture
def operator(new_server: Callable[..., object]) -> Operator:
    return Operator(new_server())


def test_a_rotation_from_its_beginning_to_its_end(operator: Operator) -> None:
    first = operator.once()
    assert "Now start the server" in operator.ok("rotate-log")
    shown = operator.ok("show")
    assert "2 pairs sign" in shown
    assert "No published checkpoint" in operator.refused("retire-log")
    both = operator.once()
    assert set(first.log_keys) < set(both.log_keys)
    assert "retired" in operator.ok("retire-log")
    last = operator.once()
    assert set(last.log_keys) == set(both.log_keys)
    note = (operator.server.data / "log" / "checkpoint").read_bytes()
    signed = open_checkpoint(note, last.log_keys).log_keys
    assert not set(signed) & set(first.log_keys)
    assert {key.kind for key in signed} == {key.kind for key in first.log_keys}
    shown = operator.ok("show")
    for key in last.log_keys:
        assert key.key_id.hex() in shown
    assert "log.vkey  retired" in shown
    assert "log.2.skey  signs" in shown
    assert "Only one pair" in operator.refused("retire-log")
    for path in operator.keys.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_is_changed_while_the_server_runs(operator: Operator) -> None:
    operator.server.start()
    before = sorted(path.name for path in operator.keys.iterdir())
    for command in ("rotate-log", "retire-log", "rotate-timestamp", "succeed"):
        assert "Stop it first" in operator.refused(command)
    operator.ok("show")
    assert sorted(path.name for path in operator.keys.iterdir()) == before
    assert operator.server.stop() == 0


def test_where_there_is_no_server_nothing_is_made(operator: Operator) -> None:
    for command in ("show", "rotate-log", "succeed"):
        assert "There is no directory" in operator.refused(command)
    operator.server.data.mkdir()
    assert "holds no keys yet" in operator.refused("show")
    for command in ("rotate-log", "retire-log", "rotate-timestamp", "succeed"):
        assert "holds no server's data" in operator.refused(command)
    assert list(operator.server.data.iterdir()) == []


def test_a_key_open_to_others_is_pointed_out(operator: Operator) -> None:
    operator.once()
    (operator.keys / "log.skey").chmod(0o644)
    assert f"chmod 600 {operator.keys}/log.skey" in operator.ok("show")


def test_a_new_timestamp_key(operator: Operator) -> None:
    before = operator.once()
    operator.ok("rotate-timestamp")
    assert operator.once().timestamp_roots == before.timestamp_roots
    assert "tsa.2.key  signs" in operator.ok("show")
    assert "no timestamp authority that signs with SM2" in operator.refused("rotate-timestamp", "--sm2")


def test_a_new_key_of_the_sm2_authority(operator: Operator, tmp_path: Path) -> None:
    both = tmp_path / "authorities.toml"
    both.write_text("".join(f'[[authority]]\nname = "{name}"\nlocal = "{name}"\n' for name in ("own", "sm2")))
    operator.server.environment["ZONARY_TIMESTAMPS_FILE"] = str(both)
    before = operator.once()
    operator.ok("rotate-timestamp", "--sm2")
    shown = operator.ok("show")
    assert "timestamp authority (SM2)" in shown
    assert "tsa-sm2.2.key  signs" in shown
    assert "tsa-sm2.pem  retired" in shown
    assert operator.once().timestamp_roots == before.timestamp_roots


def test_another_key_for_the_second_tree(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    operator.once()
    assert "no second tree" in operator.refused("rotate-second")
    monkeypatch.setenv("ZONARY_SECOND_TREE", "1")
    operator.server.environment["ZONARY_SECOND_TREE"] = "1"
    first = operator.once()
    assert "Only one key" in operator.refused("retire-second")
    assert "gets the key" in operator.ok("rotate-second")
    assert "2 keys sign at the same time" in operator.ok("show")
    assert "No published checkpoint" in operator.refused("retire-second")
    both = operator.once()
    assert set(first.log_keys) < set(both.log_keys)
    assert "retired" in operator.ok("retire-second")
    last = operator.once()
    assert set(last.log_keys) == set(both.log_keys)
    shown = operator.ok("show")
    assert "log-sm2.vkey  retired" in shown
    assert "log-sm2.2.pem  signs" in shown
    done = subprocess.run(
        [sys.executable, "-m", "zonary.cli.main", "--lang", "en", "fsck", "--data", str(operator.server.data)],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.stdout.count("Result: VERIFIED") == 2, done.stdout


def test_a_successor_begins_and_both_logs_are_checked(operator: Operator) -> None:
    first = operator.once()
    assert "goes on" in operator.ok("succeed", "--origin", "second.example/log")
    trust = operator.once()
    assert trust.log_keys[0].name == "second.example/log"
    assert set(first.log_keys) < set(trust.log_keys)
    done = subprocess.run(
        [sys.executable, "-m", "zonary.cli.main", "--lang", "en", "fsck", "--data", str(operator.server.data)],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Result: VERIFIED") == 2
    for name in {key.name for key in trust.log_keys}:
        assert f"“{name}”" in done.stdout
    (operator.server.data / "log" / "checkpoint").write_bytes(b"damaged")
    done = subprocess.run(
        [sys.executable, "-m", "zonary.cli.main", "--lang", "en", "fsck", "--data", str(operator.server.data)],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1


def test_lost_keys_need_a_word_more(operator: Operator) -> None:
    first = operator.once()
    for path in operator.keys.glob("log*"):
        path.unlink()
    assert "--abandon" in operator.refused("succeed")
    operator.ok("succeed", "--abandon")
    trust = operator.once()
    assert set(first.log_keys) < set(trust.log_keys)
    assert [key.kind for key in trust.log_keys].count(ED25519) == 2
    assert trust.endorsements == () or all(each.key.name != first.log_keys[0].name for each in trust.endorsements)


def test_an_older_backup_that_was_put_back_is_answered_by_a_successor(operator: Operator, tmp_path: Path) -> None:
    operator.once()
    shutil.copytree(operator.server.data, tmp_path / "backup")
    operator.server.start()
    record = operator.server.api("POST", "/evidence", {"statement": {"sha256": "11" * 32, "sm3": "22" * 32}})
    assert record.status in (200, 201, 202), record.body
    operator.server.wait_until_published(record.json()["id"])
    assert operator.server.stop() == 0
    # Database and published log of before, together: only what was kept outside the directory knows.
    shutil.rmtree(operator.server.data)
    shutil.copytree(tmp_path / "backup", operator.server.data)
    operator.server.start(wait=False)
    assert operator.server.process.wait(timeout=60) == 2
    assert "older backup was put back" in operator.server.output.read_text()
    assert "--abandon" in operator.refused("succeed")
    told = operator.ok("succeed", "--abandon")
    assert "are not in this database" in told
    operator.once()
