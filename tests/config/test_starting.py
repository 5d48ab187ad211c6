"""What starting takes: libraries for calculating wait for the first who asks for something calculated."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("django", reason="a server needs the [web] extra")

HEAVY = {"numpy", "pyarrow", "openpyxl", "duckdb", "sqlglot", "pyhanko"}
"""A fifth of a second together, and every server, worker and command about a server would wait for it."""

_SERVER = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "zonary.config.settings"
import django
django.setup()
import zonary.config.application, zonary.config.background, zonary.config.listener, zonary.config.urls
"""
_COMMANDS = """
import importlib
from zonary.cli.main import _COMMANDS
for module, _ in _COMMANDS.values():
    importlib.import_module(module)
"""


@pytest.mark.parametrize("started", [_SERVER, _COMMANDS], ids=["server", "commands"])
def test_nothing_that_starts_loads_what_only_calculations_need(started: str, tmp_path: Path) -> None:
    tell = "\nimport json, sys\nprint(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ZONARY_")}
    ran = subprocess.run(
        [sys.executable, "-c", started + tell],
        cwd=tmp_path,
        env=environment | {"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    loaded = set(json.loads(ran.stdout))
    assert "zonary" in loaded
    assert not loaded & HEAVY
