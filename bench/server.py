"""A server of our own, for the length of the run."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.machine import zonary

_START_SECONDS = 60.0


@contextmanager
def running(data: Path, env: dict[str, str]) -> Iterator[str]:
    """The address of a server with an empty log; the user whose environment is ``env`` holds its token."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    path = data.parent / "server.log"
    with path.open("wb") as log:
        process = subprocess.Popen(
            [*zonary(), "serve", "--data", str(data), "--port", str(port)], env=env, stdout=log, stderr=log
        )
        try:
            _wait(process, url, path)
            yield url
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):  # noqa: S310 - our own server
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise SystemExit(f"bench: the server did not start:\n{log.read_text(errors='replace')}")
