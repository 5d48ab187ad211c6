"""``zonary doctor`` beside a server at work, and where there is none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the doctor of a server needs the [web] extra")


def ask(data: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zonary.cli.main", "doctor", "--data", str(data), *options]
    environment = {**os.environ, "ZONARY_LANG": "en"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_a_running_server_is_not_disturbed(server: Any) -> None:
    item = {"statement": {"sha256": "ab" * 32, "sm3": "cd" * 32}}
    server.wait_until_published(server.api("POST", "/evidence", item).json()["id"])
    findings = json.loads(ask(server.data, "--json").stdout)["findings"]
    told = {each["check"]: each["severity"] for each in findings}
    checks = ("keys", "key-modes", "database", "clock-and-log", "published-log", "checkpoint", "waiting")
    assert {name: told[name] for name in checks} == dict.fromkeys(checks, "ok")
    server.wait_until_published(server.api("POST", "/evidence", item).json()["id"])


def test_a_directory_that_is_none_of_a_server(tmp_path: Path) -> None:
    missing = ask(tmp_path / "nowhere")
    assert (missing.returncode, "There is no directory" in missing.stderr) == (2, True)
    other = ask(tmp_path)
    assert (other.returncode, "holds no server's data" in other.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []
