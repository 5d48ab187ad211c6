"""The browsing process, from outside: started with as little as it needs, watched, and ended with all it started.

A browser makes process groups of its own, so what belongs to a capture is known by a mark in its environment.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zonary.services.evidence.capture.browsing.orders import MAX_STEPS, Order

_MARK = "ZONARY_CAPTURE_MARK"
_LOOK_SECONDS = 0.4
_MAX_LINE = 16 * 1024**2
_PAGE = os.sysconf("SC_PAGE_SIZE")
_ENDING_SECONDS = 5.0


@dataclass(slots=True)
class Watched:
    """What the process told.

    :ivar seen: None when it did not come to its end.
    :ivar cut: why it was ended: ``killed`` for time or memory, ``broke-down`` when it ended by itself; or empty.
    """

    steps: list[dict[str, Any]] = field(default_factory=list)
    seen: dict[str, Any] | None = None
    cut: str = ""
    said: str = ""


def browse(
    order: Order,
    *,
    memory: int,
    stopping: threading.Event,
    tell: Callable[[Sequence[Mapping[str, Any]]], None] = lambda _steps: None,
) -> Watched:
    """Carry out ``order``; returns within its time.

    :param memory: bytes for all its processes together.
    :param tell: called with all steps so far whenever there is a further one.
    """
    mark = secrets.token_hex(16)
    watched = Watched()
    process = subprocess.Popen(  # nosec B603
        [sys.executable, "-P", "-m", "zonary.services.evidence.capture.browsing"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=order.folder,
        env=_environment(order.folder, mark),
        start_new_session=True,
        umask=0o077,
    )
    guard = threading.Thread(
        target=_guard, args=(process, mark, order.limits.total, memory, stopping, watched), daemon=True
    )
    listening = threading.Thread(target=_hear, args=(process, watched), daemon=True)
    guard.start()
    listening.start()
    try:
        _tell(process, order)
        _listen(process, watched, tell)
        process.wait()
    finally:
        end_all(mark)
        process.wait()
        guard.join()
        listening.join()  # what held the other end of it has ended
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
    if watched.seen is None and not watched.cut:
        watched.cut = "broke-down"
    return watched


def _environment(folder: str, mark: str) -> dict[str, str]:
    """Nothing of the server's own: it has the database's password in it."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    # It works in the folder, so what is relative would mean something else to it.
    found = os.pathsep.join(map(os.path.abspath, filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))))
    own = dict.fromkeys(("HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), folder)
    return {**kept, **own, _MARK: mark, "PYTHONPATH": found, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


def _tell(process: subprocess.Popen[bytes], order: Order) -> None:
    assert process.stdin is not None  # noqa: S101 - a pipe was asked for
    with suppress(BrokenPipeError):
        process.stdin.write(order.encode() + b"\n")
        process.stdin.close()


def _listen(
    process: subprocess.Popen[bytes], watched: Watched, tell: Callable[[Sequence[Mapping[str, Any]]], None]
) -> None:
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    while line := process.stdout.readline(_MAX_LINE):
        with suppress(ValueError):
            told = json.loads(line)
            if "seen" in told:
                watched.seen = told["seen"]
            elif len(watched.steps) < MAX_STEPS:
                watched.steps.append(told)
                tell(watched.steps)


def _hear(process: subprocess.Popen[bytes], watched: Watched) -> None:
    """The end of what it says when something goes wrong; the rest is read and forgotten."""
    assert process.stderr is not None  # noqa: S101 - a pipe was asked for
    with suppress(ValueError):
        while piece := process.stderr.readline(4096):
            watched.said = (watched.said + piece.decode("utf-8", "replace"))[-4000:]


def _guard(
    process: subprocess.Popen[bytes],
    mark: str,
    seconds: int,
    memory: int,
    stopping: threading.Event,
    watched: Watched,
) -> None:
    end = time.monotonic() + seconds
    while process.poll() is None:
        is_over = time.monotonic() > end or _memory_of(mark) > memory
        if is_over or stopping.is_set():
            watched.cut = "killed" if is_over else "interrupted"
            end_all(mark)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_LOOK_SECONDS)


def end_all(mark: str) -> None:
    """Kill every process that has the mark, until there is none."""
    end = time.monotonic() + _ENDING_SECONDS
    while time.monotonic() < end:
        found = list(_marked(mark))
        if not found:
            return
        for number in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(number, signal.SIGKILL)
        time.sleep(0.02)


def _marked(mark: str) -> Iterator[int]:
    wanted = f"{_MARK}={mark}".encode("ascii")
    for entry in os.scandir("/proc") if os.path.isdir("/proc") else ():
        if entry.name.isdigit():
            with suppress(OSError):
                folder = Path(entry.path)
                if wanted in (folder / "environ").read_bytes().split(b"\0") and not _is_dead(folder):
                    yield int(entry.name)


def _is_dead(folder: Path) -> bool:
    """One that has ended and waits for its parent to look."""
    return (folder / "stat").read_bytes().rpartition(b")")[2].split()[0] in (b"Z", b"X")


def _memory_of(mark: str) -> int:
    """Bytes of their own that the marked processes have in memory; what they share is not counted again."""
    total = 0
    for number in _marked(mark):
        with suppress(OSError, ValueError, IndexError):
            pages = Path(f"/proc/{number}/statm").read_bytes().split()
            total += (int(pages[1]) - int(pages[2])) * _PAGE
    return total
