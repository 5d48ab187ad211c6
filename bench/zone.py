"""A real server and the commands run against it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.measuring import Run, run

_COMMAND = [sys.executable, "-m", "zonary.cli.main"]


@dataclass(frozen=True)
class Zone:
    """A running server; ``home`` belongs to whoever started it."""

    url: str
    home: Path

    def seal(self, path: Path, package: Path) -> Run:
        package.unlink(missing_ok=True)
        return self._run("seal", "-q", str(path), "--server", self.url, "-o", str(package))

    def verify(self, package: Path, *paths: Path) -> Run:
        return self._run("verify", str(package), *map(str, paths))

    def _run(self, *arguments: str) -> Run:
        return run([*_COMMAND, *arguments], environment=environment(self.home), cwd=self.home)


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"), "ZONARY_LANG": "en"}


@contextmanager
def zone(folder: Path) -> Iterator[Zone]:
    """A fresh server on a free port, stopped at the end."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = ["serve", "--data", str(folder / "var"), "--port", str(port)]
    process = subprocess.Popen([*_COMMAND, *arguments], env=environment(folder), cwd=folder, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{url}/healthz", process)
        yield Zone(url, folder)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError("The server ended at its start; see above.")
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 (our own address)
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server did not start within a minute.")
