"""A server without settings connects to nobody, and the doctor lists whom one with settings connects to."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")

_CONNECTS = re.compile(r"(?:connect|sendto|sendmsg)\(.*sa_family=(AF_INET6?|AF_UNIX), (.*)")
_OWN = re.compile(r'inet_addr\("127\.|inet_pton\(AF_INET6, "::1"')
ITEM = {"statement": {"sha256": "ab" * 32, "sm3": "cd" * 32}}


def outward(data: Path, **environment: str) -> list[str]:
    """What the doctor says."""
    command = [sys.executable, "-m", "zonary.cli.main", "doctor", "--data", str(data), "--json"]
    told = subprocess.run(
        command,
        env={**os.environ, "ZONARY_LANG": "en", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return [each["found"] for each in json.loads(told.stdout)["findings"] if each["check"] in ("outward", "settings")]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_a_server_without_settings_connects_to_nobody(new_server: Callable[..., Any], tmp_path: Path) -> None:
    """Every process of it is watched from its first moment, while evidence is registered and pages are read."""
    server = new_server()
    traced = tmp_path / "connects.txt"
    server.start(wait=False)
    watcher = subprocess.Popen(
        ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg", "-o", str(traced), "-p", str(server.process.pid)],
        stderr=subprocess.DEVNULL,
    )
    try:
        server.wait_until_ready()
        server.wait_until_published(server.api("POST", "/evidence", ITEM).json()["id"])
        for path in ("/", "/account/login/", "/account/signup/", "/log/checkpoint", "/trust", "/metrics"):
            assert server.get(path).status < 500
        time.sleep(2)  # what begins after a while, such as housekeeping
    finally:
        watcher.send_signal(signal.SIGINT)
        watcher.wait(60)
    calls = _CONNECTS.findall(traced.read_text("utf-8", "replace"))
    assert any(family == "AF_INET" for family, _rest in calls), "the watcher saw nothing, not even the server's own"
    assert [rest for family, rest in calls if family != "AF_UNIX" and not _OWN.search(rest)] == []


def test_the_doctor_lists_what_is_switched_on(new_server: Callable[..., Any], tmp_path: Path) -> None:
    server = new_server()
    server.start()
    server.stop()
    assert outward(server.data) == [
        "Every setting in the environment is known.",
        "Switched off, so that nothing is connected to: capturing the web pages people name; "
        "comparing the clock with time sources; the database, PostgreSQL; mail; messages by SMS or 企业微信; "
        "the object store; identity providers for single sign-on; "
        "timestamps of other authorities; webhooks, to addresses that organisations chose.",
    ]
    (tmp_path / "secret").write_text("secret")
    provider = {"id": "p", "name": "p", "issuer": "https://id.example", "client_id": "z"}
    (tmp_path / "oidc.json").write_text(json.dumps([{**provider, "secret_file": str(tmp_path / "secret")}]))
    found = outward(
        server.data,
        ZONARY_EMAIL_URL="smtp://user:password@mail.example:587/?tls=1",
        ZONARY_DOCUMENT_STORE="s3://documents/zone",
        ZONARY_S3_ENDPOINT="https://store.example",
        ZONARY_OIDC_FILE=str(tmp_path / "oidc.json"),
        ZONARY_STOER="s3://log",
        AWS_ACCESS_KEY_ID="key",
        AWS_SECRET_ACCESS_KEY="secret",
    )
    assert found == [
        "ZONARY_STOER in the environment is no setting.",
        "This server connects to other machines for mail: mail.example:587.",
        "This server connects to other machines for the object store: store.example (s3://documents/zone).",
        "This server connects to other machines for identity providers for single sign-on: id.example.",
        "Switched off, so that nothing is connected to: capturing the web pages people name; "
        "comparing the clock with time sources; the database, PostgreSQL; messages by SMS or 企业微信; "
        "timestamps of other authorities; "
        "webhooks, to addresses that organisations chose.",
    ]
