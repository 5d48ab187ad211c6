"""Timing whole commands, and the memory of a process with its children."""

from __future__ import annotations

import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SAMPLE_SECONDS = 0.25
"""Reading it halts the process for milliseconds; more often, the measuring would slow what is measured."""


@dataclass(frozen=True)
class Run:
    """One finished command: wall-clock seconds, and the largest memory of it and its children in bytes."""

    seconds: float
    memory: int


def run(command: Sequence[str], *, environment: Mapping[str, str] | None = None, cwd: Path | None = None) -> Run:
    """Run ``command`` to its end. :raises RuntimeError: with its words when it fails."""
    begin = time.perf_counter()
    with subprocess.Popen(
        command, env=environment, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        watch = _Watch(process.pid)
        watch.start()
        said, _ = process.communicate()
        seconds = time.perf_counter() - begin
        watch.stop()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {said[-500:]}")
    return Run(seconds, watch.largest)


def in_turn(first: Callable[[], Run], second: Callable[[], Run], times: int) -> tuple[list[Run], list[Run]]:
    """Both, one after the other, ``times`` times: what slows the machine for a while slows both."""
    ours, theirs = [], []
    for _ in range(times):
        ours.append(first())
        theirs.append(second())
    return ours, theirs


def median(runs: Sequence[Run]) -> float:
    """The median of the seconds."""
    return statistics.median(each.seconds for each in runs)


class _Watch(threading.Thread):
    """Samples the proportional set size (memory shared between processes counted once) of a process tree."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._over = threading.Event()
        self.largest = 0

    def run(self) -> None:
        while not self._over.wait(_SAMPLE_SECONDS):
            self.largest = max(self.largest, sum(_memory(pid) for pid in _tree(self._pid)))

    def stop(self) -> None:
        self._over.set()
        self.join()


def _tree(pid: int) -> list[int]:
    found = [pid]
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return found
    for child in children:
        found += _tree(int(child))
    return found


def _memory(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
