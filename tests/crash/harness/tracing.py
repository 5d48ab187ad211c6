"""strace: which calls a process makes, and one of them failing or being its last.

A process is traced from its own word on, its first thread alone: then the same work makes the same calls in the same
order, and a call is named by its path and by how many of its kind on that path came before it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FILE_CALLS = (
    "open", "openat", "read", "pread64", "write", "pwrite64", "lseek", "close", "fcntl", "flock", "ftruncate",
    "fallocate", "fsync", "fdatasync", "stat", "lstat", "fstat", "newfstatat", "access", "faccessat2", "readlink",
    "getdents64", "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat",
    "rmdir", "chmod", "fchmod", "fchmodat", "mmap",
)  # fmt: skip
SOCKET_CALLS = ("connect", "sendto", "recvfrom")
_LINE = re.compile(r"^(?P<call>[a-z0-9_]+)\(")
_ATTACHED = b"attached"


class StraceMissingError(RuntimeError):
    """There is no strace on this machine."""


def find_strace() -> str:
    """The program.

    :raises StraceMissingError: with what to do.
    """
    found = shutil.which("strace")
    if found is None:
        raise StraceMissingError("strace is not installed. On Debian and Ubuntu: apt install strace")
    return found


@dataclass(frozen=True)
class Call:
    """One call: the ``number``-th of its ``name`` on ``path``, counted from 1; ``shown`` is what strace says of it.

    :param path: below the folder of the place; empty for a call on a socket.
    """

    name: str
    path: str
    number: int
    shown: str


@dataclass(frozen=True)
class Subject:
    """The process ``pid``, which works below ``folder``; what strace says goes to the file ``output``."""

    pid: int
    folder: Path
    output: Path


def trace(subject: Subject, names: Sequence[str], go: Callable[[], int]) -> tuple[int, list[Call]]:
    """Every call in ``names`` during ``go()``, below the folder or on a socket; first what ``go()`` returned."""
    status = _traced(subject, ["-e", f"trace={','.join(names)}"], go)
    folder = subject.folder
    below = re.compile(rf'["<]{re.escape(str(folder))}/(?P<path>[^">]+)[">]')
    counts: Counter[tuple[str, str]] = Counter()
    calls = []
    for line in _lines(subject):
        match, found = _LINE.match(line), below.search(line)
        if match and (found or match["call"] in SOCKET_CALLS):
            at = (match["call"], found["path"].removesuffix(" (deleted)") if found else "")
            counts[at] += 1
            calls.append(Call(*at, counts[at], line.replace(str(folder), "")))
    return status, calls


def inject(subject: Subject, call: Call, fault: str, go: Callable[[], int]) -> tuple[int, bool]:
    """``go()`` with ``fault`` (``error=EIO``, ``signal=KILL``) at ``call``; its status, and whether the call came."""
    options = ["-e", f"trace={call.name}", "-e", f"inject={call.name}:{fault}:when={call.number}"]
    if call.path:
        options += ["-P", str(subject.folder / call.path)]
    status = _traced(subject, options, go)
    sign = "killed by SIGKILL" if fault == "signal=KILL" else "(INJECTED)"
    return status, any(sign in line for line in _lines(subject))


def _lines(subject: Subject) -> list[str]:
    return subject.output.read_text("utf-8", errors="replace").splitlines()


def _traced(subject: Subject, options: Sequence[str], go: Callable[[], int]) -> int:
    strace = subprocess.Popen(
        [find_strace(), "-p", str(subject.pid), "-y", "-s", "0", "-o", str(subject.output), *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert strace.stderr
    reading: threading.Thread | None = None
    try:
        said = strace.stderr.readline()
        if _ATTACHED not in said:
            raise RuntimeError(f"strace cannot be put on a process here: {said.decode(errors='replace').strip()}")
        # Whatever else it says: with nobody to read it, it would stop, and the process with it.
        reading = threading.Thread(target=strace.stderr.read, daemon=True)
        reading.start()
        return go()
    finally:
        # It ends with the process.
        with suppress(subprocess.TimeoutExpired):
            strace.wait(timeout=20)
        strace.kill()
        strace.wait()
        if reading is not None:
            reading.join()
        strace.stderr.close()
