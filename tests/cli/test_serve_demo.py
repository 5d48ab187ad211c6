"""``zonary serve --demo``, as ``make run`` starts it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")


def _zonary(server: Any, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "XDG_CONFIG_HOME": str(server.config), "ZONARY_LANG": "en"}
    command = [sys.executable, "-m", "zonary.cli.main", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False)


def _size(server: Any) -> int:
    return int(server.get("/log/checkpoint").body.split(b"\n")[1])


def _wait_for_folder(server: Any) -> None:
    deadline = time.monotonic() + 60
    while server.get("/demonstration/folder.zip").status != 200:
        assert time.monotonic() < deadline, "the sealed folder was not published in time"
        time.sleep(0.1)


def _told(server: Any) -> str:
    """What is printed once the server has asked itself whether it answers, which others may find out before."""
    deadline = time.monotonic() + 30
    while not (said := str(server.output.read_text())):
        assert time.monotonic() < deadline, "nothing was printed in time"
        time.sleep(0.05)
    return said


def test_it_is_made_once_verifies_and_shows_what_was_changed(new_server: Callable[..., Any], tmp_path: Path) -> None:
    server = new_server(options=("--demo",))
    began = time.perf_counter()
    server.start()
    print(f"from the command to the first page: {time.perf_counter() - began:.1f} s")
    _wait_for_folder(server)
    said = _told(server)
    assert "This is a demonstration" in said or "这是演示" in said
    assert f"{server.url} " in said, "which address to open"
    for name, code in (("folder", 0), ("changed-folder", 1)):
        where = tmp_path / name
        zipfile.ZipFile(io.BytesIO(server.get(f"/demonstration/{name}.zip").body)).extractall(where)
        package = next(where.glob("*.zonary")).name
        folder = next(each for each in where.iterdir() if each.is_dir()).name
        checked = _zonary(server, "verify", package, folder, "--trust", "trust.txt", cwd=where)
        assert checked.returncode == code, checked.stdout + checked.stderr
    assert "02-动力头改造图.csv" in checked.stdout
    size = _size(server)
    server.stop()
    server.start()
    assert _size(server) == size
    assert server.get("/demonstration/verify").status == 200
    server.stop()
    sound = _zonary(server, "fsck", "--data", str(server.data), cwd=tmp_path)
    assert sound.returncode == 0, sound.stdout + sound.stderr


def test_it_is_served_as_what_it_is_or_not_at_all(new_server: Callable[..., Any], tmp_path: Path) -> None:
    server = new_server(options=("--demo",))
    server.start()
    server.stop()
    refused = _zonary(server, "serve", "--data", str(server.data), "--port", str(server.port), cwd=tmp_path)
    assert refused.returncode == 2
    assert "holds a demonstration" in refused.stderr


def test_a_zone_that_is_used_never_becomes_one(new_server: Callable[..., Any], tmp_path: Path) -> None:
    server = new_server()
    server.start()
    server.stop()
    size = (server.data / "log" / "checkpoint").read_bytes()
    port = str(server.port)
    refused = _zonary(server, "serve", "--demo", "--data", str(server.data), "--port", port, cwd=tmp_path)
    assert refused.returncode == 2
    assert "is in use" in refused.stderr
    assert (server.data / "log" / "checkpoint").read_bytes() == size
