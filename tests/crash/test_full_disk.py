"""The disk is full: nothing more is taken, reading goes on, and with room it goes on by itself."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")

SIZE = "30m"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of 30 MB."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", str(place)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        if os.environ.get("CI"):
            raise AssertionError(f"CI runs as root, who may mount: {done.stderr}")
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> Path:
    path = disk / "everything-else"
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return path


def register(server: Any) -> Any:
    digests = {"sha256": os.urandom(32).hex(), "sm3": os.urandom(32).hex()}
    return server.api("POST", "/evidence", {"statement": digests})


def test_a_full_disk(small_disk: Path, new_server: Callable[..., Any]) -> None:
    server = new_server("small/var", environment={"ZONARY_OPEN_LOG": "1"}, options=("--workers", "1"))
    server.start()
    before = register(server).json()["id"]
    server.wait_until_published(before)
    assert server.request("POST", "/openlog/add", b"before").status == 200
    rest = fill(small_disk)
    for _ in range(3):
        for refused in (register(server), server.request("POST", "/openlog/add", b"refused")):
            assert refused.status == 503
            assert refused.problem()["code"] == "disk-full"
            assert "disk is full; nothing was recorded" in refused.problem()["detail"]
            assert "retry-after" in refused.headers
        assert server.get("/log/checkpoint").status == 200
        assert server.get("/openlog/checkpoint").status == 200
        assert server.api("GET", f"/evidence/{before}").json()["stage"] == "published"
        assert server.api("GET", f"/evidence/{before}/proof").status == 200
    rest.unlink()
    deadline = time.monotonic() + 20
    while (answer := register(server)).status != 201:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    server.wait_until_published(answer.json()["id"])
    assert server.request("POST", "/openlog/add", b"after").status == 200
    assert server.stop() == 0
    fsck = [sys.executable, "-m", "zonary.cli.main", "fsck", "--data", str(server.data)]
    done = subprocess.run(fsck, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
