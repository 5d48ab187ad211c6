"""The commands under measurement: how they are started, timed, and how much memory they take."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.servers.processes import family

_SAMPLE_SECONDS = 0.02


def zonary() -> list[str]:
    """How the command of this very installation is started."""
    installed = Path(sys.executable).with_name("zonary")
    return [str(installed)] if installed.exists() else [sys.executable, "-m", "zonary.cli.main"]


def environment(home: Path, **more: str) -> dict[str, str]:
    """A user's environment, with a home of its own, in which Python may keep its compiled modules."""
    dropped = ("ZONARY", "XDG_", "PYTHONDONTWRITEBYTECODE", "LC_", "LANG")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return kept | {"HOME": str(home), "LANG": "C.UTF-8"} | more


def run(command: Sequence[str] | str, env: dict[str, str], cwd: Path) -> float:
    """Seconds from start to end of ``command``; a text is given to the shell. It must succeed."""
    started = time.perf_counter()
    arguments = ["sh", "-c", command] if isinstance(command, str) else command
    done = subprocess.run(arguments, env=env, cwd=cwd, capture_output=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"bench: {command} ended with {done.returncode}:\n{done.stderr.decode(errors='replace')}")
    return seconds


def peak_memory(command: Sequence[str], env: dict[str, str], cwd: Path) -> float:
    """Most bytes held at once by ``command`` and all its children: the sum of their PSS, sampled.

    A run of its own, because looking takes time.
    """
    process = subprocess.Popen(command, env=env, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(map(pss, family(process.pid))))
        time.sleep(_SAMPLE_SECONDS)
    if process.returncode:
        raise SystemExit(f"bench: {command} ended with {process.returncode}")
    return float(peak)


def pss(pid: int) -> int:
    """Bytes of memory that are this process's own, shared ones in proportion; 0 when it has ended."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            return next((1024 * int(line.split()[1]) for line in file if line.startswith("Pss:")), 0)
    except OSError:
        return 0  # it has just ended


def missing_peers() -> str:
    """Why the peers cannot be measured here; empty when they can."""
    for tool in ("sha256sum", "openssl", "find", "xargs"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed"
    digest = subprocess.run(["openssl", "dgst", "-sm3"], input=b"abc", capture_output=True, check=False)
    return "" if digest.returncode == 0 else "this openssl has no SM3"


def describe() -> str:
    """The machine, in a line."""
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    tool = subprocess.run(["openssl", "version"], capture_output=True, text=True, check=False).stdout
    parts = [
        f"{len(os.sched_getaffinity(0))} x {model}",
        f"{platform.system()} {platform.release()}",
        f"Python {platform.python_version()}",
        tool.partition(" (")[0].strip(),
    ]
    return ", ".join(parts)
