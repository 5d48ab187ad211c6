"""Builds ``c2sp-verify``, a verifier of log proofs that shares no code with Zonary (``tests/peers/c2sp``)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parent / "c2sp"


def find_go() -> str | None:
    """The ``go`` installed beside this Python, or the one on PATH."""
    beside = Path(sys.executable).parent / "go"
    return str(beside) if beside.exists() else shutil.which("go")


def build(directory: Path) -> Path:
    """Compile into ``directory``, unless it is there already; returns the program.

    :raises FileNotFoundError: where there is no ``go``.
    :raises RuntimeError: with the compiler's words, when it does not compile.
    """
    program = directory / "c2sp-verify"
    if program.exists():
        return program
    go = find_go()
    if go is None:
        raise FileNotFoundError("There is no go, neither beside this Python nor on PATH.")
    environment = os.environ | {"GOTOOLCHAIN": "local", "GOFLAGS": "-mod=readonly", "CGO_ENABLED": "0"}
    command = [go, "build", "-buildvcs=false", "-trimpath", "-o", str(program), "."]
    done = subprocess.run(command, cwd=SOURCE, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"c2sp-verify does not compile: {done.stderr}")
    return program
