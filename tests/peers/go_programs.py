"""Programs of others, compiled by Go from pinned modules: ``tests/peers/<name>/go.mod`` and ``go.sum``.

A ``tool`` line in ``go.mod`` names what is compiled; ``go.sum`` holds the hash of every module it needs, so nothing
floats and nothing is kept in the tree. Compiled once per user and pin, into the user's cache.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

_PINS = Path(__file__).parent


def find_go() -> str | None:
    """The ``go`` installed beside this Python, or the one on PATH."""
    beside = Path(sys.executable).parent / "go"
    return str(beside) if beside.exists() else shutil.which("go")


def compile_program(source: Path, package: str, program: Path) -> Path:
    """Compile ``package``, as seen from the module in ``source``, into the file ``program``; returns that.

    :raises FileNotFoundError: where there is no ``go``.
    :raises RuntimeError: with the compiler's words, when it does not compile or a module cannot be fetched.
    """
    go = find_go()
    if go is None:
        raise FileNotFoundError("There is no go, neither beside this Python nor on PATH.")
    flags = f"-mod=readonly {os.environ.get('GOFLAGS', '')}".strip()
    environment = os.environ | {"GOTOOLCHAIN": "local", "GOFLAGS": flags, "CGO_ENABLED": "0"}
    command = [go, "build", "-buildvcs=false", "-trimpath", "-o", str(program), package]
    done = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{program.name} does not compile: {done.stderr}")
    return program


def cached_program(pins: str, package: str) -> Path:
    """``package``, pinned by ``tests/peers/<pins>``, compiled unless this pin of it is in the cache already.

    Takes up to a few minutes the first time. Raises what :func:`compile_program` raises.
    """
    source = _PINS / pins
    digest = hashlib.sha256((source / "go.mod").read_bytes() + (source / "go.sum").read_bytes()).hexdigest()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    program = cache / "zonary-tests" / f"{pins}-{digest[:16]}" / package.rpartition("/")[2]
    if program.exists():
        return program
    program.parent.mkdir(parents=True, exist_ok=True)
    with open(program.parent / "lock", "w") as lock:
        # Two test processes ask at once: it takes minutes of the whole machine, so one of them waits.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if program.exists():
            return program
        # Under another name first: half a program must never be taken for a whole one.
        with tempfile.TemporaryDirectory(dir=program.parent) as folder:
            compile_program(source, package, Path(folder) / program.name).replace(program)
    return program
