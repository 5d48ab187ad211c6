"""A server of our own, for the length of the run."""

from __future__ import annotations

import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.processes import free_port

from bench.machine import zonary

_START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Running:
    """A server: where it is reached, its main process, and how long it took until it answered."""

    url: str
    port: int
    pid: int
    seconds: float


@contextmanager
def running(data: Path, env: dict[str, str]) -> Iterator[Running]:
    """A server on ``data``, which may be new; the user whose environment is ``env`` holds its token."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    path = data.with_name(f"{data.name}.log")
    started = time.perf_counter()
    with path.open("wb") as log:
        process = subprocess.Popen(
            [*zonary(), "serve", "--data", str(data), "--port", str(port)], env=env, stdout=log, stderr=log
        )
        try:
            _wait(process, url, path)
            yield Running(url, port, process.pid, time.perf_counter() - started)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):  # noqa: S310 - our own server
                return
        except OSError:  # nobody listens yet, or whoever does is still starting
            time.sleep(0.02)
    raise SystemExit(f"bench: the server did not start:\n{log.read_text(errors='replace')}")
