"""What ``deploy/`` says is understood by those who read it, names only settings there are, and works by hand."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from zonary.config.known_settings import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
CAPTURE = DEPLOY / "systemd" / "zonary-capture.conf"
NAMES = {setting.name for setting in SETTINGS} | {"ZONARY_CONFIG"}


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))


def _environments(compose: Any) -> dict[str, dict[str, str]]:
    return {name: dict(service.get("environment", {})) for name, service in compose["services"].items()}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    units = []
    for path in sorted({*(DEPLOY / "systemd").iterdir()} - {CAPTURE}):
        units.append(tmp_path / path.name)
        # Whether the program is there, is not what is asked.
        units[-1].write_text(re.sub(r"/(opt/zonary|usr/local)/bin/zonary", "/bin/true", path.read_text("utf-8")))
    assert len(units) == 4
    verified = subprocess.run(
        ["systemd-analyze", "verify", *map(str, units)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    for name in ("zonary.service", "zonary-backup.service"):
        # Of 100, in tenths: below 20 systemd calls it OK.
        command = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(tmp_path / name)]
        asked = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert asked.returncode == 0, asked.stdout


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_for_captures_the_unit_is_opened_by_what_the_browsers_sandbox_needs_and_no_more(tmp_path: Path) -> None:
    unit, beside = tmp_path / "zonary.service", tmp_path / "zonary.service.d" / "capture.conf"
    text = (DEPLOY / "systemd" / "zonary.service").read_text("utf-8")
    unit.write_text(text.replace("/opt/zonary/bin/zonary", "/bin/true"))
    before = _exposure(unit)
    beside.parent.mkdir()
    shutil.copyfile(CAPTURE, beside)
    verified = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    opened = {name for name, is_set in _exposure(unit).items() if is_set != before[name]}
    assert opened == {
        "RestrictNamespaces_user",
        "RestrictNamespaces_pid",
        "RestrictNamespaces_net",
        "SystemCallFilter_privileged",  # which has capset
        "SystemCallFilter_mount",  # which has chroot
    }


def _exposure(unit: Path) -> dict[str, bool]:
    """Each thing that systemd rates, and whether it is closed."""
    command = ["systemd-analyze", "security", "--offline=true", "--json=short", str(unit)]
    asked = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return {each["json_field"]: each["set"] for each in json.loads(asked.stdout)}


def test_the_units_name_settings_there_are() -> None:
    for path in (DEPLOY / "systemd").glob("*.service"):
        lines = path.read_text("utf-8").splitlines()
        named = {
            line.removeprefix("Environment=").partition("=")[0] for line in lines if line.startswith("Environment=")
        }
        assert named <= NAMES, path
        start = next(line for line in lines if line.startswith("ExecStart="))
        # The agent has no data directory: it speaks to a server as any program of the company's does.
        assert ("--data /var/lib/zonary" in start) is not path.name.startswith("zonary-watch@"), path


def test_the_compose_file_is_consistent(compose: Any) -> None:
    services = compose["services"]
    assert {"database", "store", "zonary-one", "zonary-two", "proxy"} == set(services)
    for name, service in services.items():
        assert "latest" not in service["image"], name
        assert ":" in service["image"], name
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert source in compose["volumes"] or (DEPLOY / source).exists(), (name, volume)
        assert set(service.get("secrets", [])) <= set(compose["secrets"])
        assert set(service.get("depends_on", [])) <= set(services)
    ours = {name: each for name, each in _environments(compose).items() if name.startswith("zonary")}
    assert all(set(each) <= NAMES for each in ours.values())
    # No secret stands in the file itself.
    secrets = {setting.name for setting in SETTINGS if setting.is_secret}
    assert not any(secrets & set(each) for each in _environments(compose).values())
    assert services["proxy"]["ports"] == ["127.0.0.1:8080:8080"]
    assert all("ports" not in services[name] for name in services if name != "proxy")
    # Each server has places of its own; what they share are database and store.
    assert not set(services["zonary-one"]["volumes"]) & set(services["zonary-two"]["volumes"])
    hosts = (DEPLOY / "nginx.conf").read_text("utf-8")
    assert all(f"server {name}:8000;" in hosts for name in ours)
    # Asked by nginx under the name of its upstream, a server refuses to make an address: "Forgotten your password?".
    assert hosts.count("proxy_pass ") == hosts.count("proxy_set_header Host $host;") == 2
    assert "install.sh --signer" in (DEPLOY / "Containerfile").read_text("utf-8")


@pytest.mark.slow
def test_the_same_services_by_hand(
    compose: Any, new_server: Callable[..., Any], zone_database: str, object_store: Any, bucket: str, tmp_path: Path
) -> None:
    """PostgreSQL, a store and two servers, set up by the file the compose file hands in, and replaced under load."""
    environment = _environments(compose)["zonary-one"]
    settings = tmp_path / "zonary.toml"
    settings.write_text(
        f'database_url = "{zone_database}"\nstore = "s3://{bucket}/zone"\ndocument_store = "s3://{bucket}/documents"\n'
        f'aws_access_key_id = "{object_store.access_key}"\naws_secret_access_key = "{object_store.secret_key}"\n'
        f'aws_region = "{object_store.region}"\n'
    )
    settings.chmod(0o600)
    environment |= {
        "ZONARY_CONFIG": str(settings),
        "ZONARY_KEPT": str(tmp_path / "checkpoints-one"),
        "ZONARY_S3_ENDPOINT": object_store.url,
    }
    one = new_server("one", environment=environment)
    one.start()
    two = new_server("two", environment=environment | {"ZONARY_KEPT": str(tmp_path / "checkpoints-two")})
    two.data.mkdir(mode=0o700)
    shutil.copytree(one.data / "keys", two.data / "keys")  # the handing over, as the page says
    for name in ("token", "tsa-ca.pem"):
        shutil.copy2(one.data / name, two.data / name)
    two.start()
    item = {"statement": {"sha256": "ab" * 32, "sm3": "cd" * 32}}
    record = two.api("POST", "/evidence", item).json()["id"]
    assert one.wait_until_published(record)["stage"] == "published"
    # One after the other is replaced, as at an upgrade, while clients come by a proxy and notice nothing.
    with _clients_behind_a_proxy([one, two]) as heard:
        for server in (one, two):
            server.stop()
            heard.wait_for_more()
            server.start()
            heard.wait_for_more()
    assert heard.failed == []
    assert len(heard.records) == len(set(heard.records)) > 20
    one.stop()
    for record in (heard.records[0], heard.records[-1]):
        assert two.wait_until_published(record, seconds=60)["stage"] == "published"


@dataclass
class _Heard:
    """What clients were told; ``passed_on``: how often the proxy went on to the other server."""

    records: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    passed_on: int = 0

    def wait_for_more(self, count: int = 10) -> None:
        wanted, deadline = len(self.records) + count, time.monotonic() + 60
        while len(self.records) < wanted and not self.failed:
            assert time.monotonic() < deadline, "the clients get no further"
            time.sleep(0.02)


@contextmanager
def _clients_behind_a_proxy(servers: list[Any]) -> Iterator[_Heard]:
    """Two who register, each under a key of its own, by turns at either server; and one who reads pages."""
    heard, over = _Heard(), threading.Event()
    token = servers[0].token

    def asked(turn: int, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Any:
        """As nginx does by itself: who does not answer, or says 502 or 503, is passed over; for a moment both are."""
        for attempt in range(100):
            with suppress(OSError, http.client.HTTPException):
                answer = servers[(turn + attempt) % len(servers)].request(method, path, body, headers)
                if answer.status not in (502, 503):
                    return answer
            heard.passed_on += 1
            if attempt >= len(servers) - 1:
                time.sleep(0.1)
        raise AssertionError(f"nobody answered {method} {path}")

    def register(number: int) -> None:
        for turn in itertools.count():
            if over.is_set():
                return
            digest = os.urandom(32).hex()
            headers = {
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                "Idempotency-Key": f"{number}-{turn}",
            }
            body = json.dumps({"statement": {"sha256": digest, "sm3": digest}}).encode()
            answer = asked(turn, "POST", "/api/v1/evidence", body, headers)
            if answer.status not in (200, 201):
                heard.failed.append(f"{answer.status} {answer.body!r}")
                return
            heard.records.append(answer.json()["id"])

    def read(turn: int) -> None:
        while not over.wait(0.02):
            turn += 1
            answer = asked(turn, "GET", "/" if turn % 2 else "/log/checkpoint", None, {})
            if answer.status != 200:
                heard.failed.append(f"{answer.status} {answer.body[:200]!r}")
                return

    def guarded(work: Callable[[int], None], number: int) -> None:
        try:
            work(number)
        except Exception as error:
            heard.failed.append(repr(error))

    threads = [threading.Thread(target=guarded, args=(work, n)) for n, work in enumerate((register, register, read))]
    for thread in threads:
        thread.start()
    try:
        yield heard
    finally:
        over.set()
        for thread in threads:
            thread.join()
