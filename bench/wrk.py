"""The load generator ``wrk`` and what it reports."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_SCRIPTS = Path(__file__).with_name("scripts")
_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


@dataclass(frozen=True, slots=True)
class Load:
    """Requests a second that were answered 200, and how long the slowest of a hundred took, in seconds."""

    rate: float
    p99: float


def run(script: str, url: str, *, connections: int, seconds: int, arguments: tuple[str, ...] = ()) -> Load:
    """Load ``url`` with the requests of ``bench/scripts/SCRIPT.lua``.

    :raises SystemExit: where there is no ``wrk``, or when any answer was not a 2xx.
    """
    if shutil.which("wrk") is None:
        raise SystemExit("bench: wrk is not installed. On Debian and Ubuntu: apt install wrk")
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(_SCRIPTS / f"{script}.lua")]
    tail = ["--", *arguments] if arguments else []
    done = subprocess.run([*command, url, *tail], capture_output=True, text=True, check=False)
    rate = re.search(r"^Requests/sec:\s+([\d.]+)", done.stdout, re.MULTILINE)
    p99 = re.search(r"^\s+99%\s+([\d.]+)(us|ms|s|m)", done.stdout, re.MULTILINE)
    if done.returncode or not rate or not p99 or "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise SystemExit(f"bench: wrk against {url}:\n{done.stdout}{done.stderr}")
    return Load(float(rate[1]), float(p99[1]) * _UNITS[p99[2]])
