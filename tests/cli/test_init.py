"""``zonary init`` makes a zone once, before or while a server runs, and its links let the right people in."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PEOPLE = (
    "--system-admin",
    "sys@zone.example",
    "--security-admin",
    "sec@zone.example",
    "--audit-admin",
    "aud@zone.example",
)
ZONE = (
    "--name",
    "示例片区",
    "--english-name",
    "Example Zone",
    "--authority",
    "示例片区管委会",
    "--area",
    "东区=East",
    "--area",
    "西区=West",
)


def _init(data: Path, *arguments: str, language: str = "en") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "ZONARY_LANG": language, "XDG_CONFIG_HOME": str(data.parent / "config")}
    command = [sys.executable, "-m", "zonary.cli.main", "init", "--data", str(data), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL, timeout=120
    )


def _links(output: str) -> list[str]:
    return re.findall(r"^  http://\S+?(/\S+)$", output, re.MULTILINE)


@pytest.mark.parametrize("runs", [False, True], ids=["before the server", "beside the server"])
def test_a_zone_is_made_once(new_server: Callable[..., Any], runs: bool) -> None:
    server = new_server()
    if runs:
        server.start()
    made = _init(server.data, *ZONE, *PEOPLE, "--url", server.url)
    assert made.returncode == 0, made.stderr
    links = _links(made.stdout)
    assert len(set(links)) == 4
    again = _init(server.data, *ZONE, *PEOPLE)
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr == "zonary: This zone has been set up already, as “示例片区”.\n"
    if not runs:
        server.start()
    home = server.get("/", {"accept-language": "zh"}).body.decode()
    assert "<h1>示例片区</h1>" in home
    assert "示例片区管委会" in home, "who runs the zone is not the zone"
    for link in links[:3]:
        assert server.get(link).status == 302  # to the page for a first password, without the key in its address
    assert server.get(links[3]).headers["location"].startswith("/account/login/")  # and back, once signed in
    # Neither the links nor addresses are in what the server prints.
    printed = server.output.read_text()
    assert not any(link in printed for link in links)
    assert "zone.example" not in printed


def test_what_is_missing_or_wrong_is_named(tmp_path: Path) -> None:
    data = tmp_path / "var"
    assert _init(data, *ZONE, *PEOPLE[:4]).stderr == "zonary: --audit-admin is missing.\n"
    twice = (*PEOPLE[:4], "--audit-admin", "SYS@zone.example")
    assert "three different people" in _init(data, *ZONE, *twice).stderr
    assert "write both names" in _init(data, *ZONE, *PEOPLE, "--area", "北区").stderr
    assert "no e-mail address" in _init(data, *ZONE, *PEOPLE[:5], "nobody").stderr
    chinese = _init(data, *ZONE, *PEOPLE, language="zh")
    assert "“示例片区”已设立" in chinese.stdout  # and so nothing of what failed before was kept
