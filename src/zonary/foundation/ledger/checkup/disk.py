"""Whether the disk has room, can be written, and how long it takes until something is on it."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Protocol

from zonary.foundation.ledger.checkup.findings import Finding, Severity
from zonary.foundation.ledger.layout import DataDirectory
from zonary.proof.package.report import Sentence

LOW_BYTES, NO_BYTES = 2_000_000_000, 200_000_000
LOW_FILES, NO_FILES = 50_000, 1_000
"""Below the first it is time to act, below the second there is none. A tile and a bundle are two files."""
WRITES = 20
WRITE_BYTES = 4096
SLOW_SECONDS = 0.02
"""Every recording waits for one write at least; a disk with moving parts takes about half of this."""
_MB = 1_000_000


class Usage(Protocol):
    """Of a file system, as :func:`os.statvfs` tells it."""

    @property
    def f_bavail(self) -> int: ...
    @property
    def f_frsize(self) -> int: ...
    @property
    def f_files(self) -> int: ...
    @property
    def f_favail(self) -> int: ...


def check_space(
    data: DataDirectory, _now: datetime, usage_of: Callable[[Path], Usage] = os.statvfs
) -> Iterator[Finding]:
    usage = usage_of(data.path)
    free, files = usage.f_bavail * usage.f_frsize, usage.f_favail
    # A file system that makes inodes as it needs them tells of none.
    has_inodes = usage.f_files > 0
    if free < NO_BYTES or (has_inodes and files < NO_FILES):
        severity = Severity.FAULT
    elif free < LOW_BYTES or (has_inodes and files < LOW_FILES):
        severity = Severity.WARNING
    else:
        severity = Severity.OK
    told = {"megabytes": f"{free // _MB:,}", "files": f"{files:,}"}
    yield Finding(
        "disk-space",
        severity,
        Sentence("{megabytes} MB are free, and room for {files} files.", told)
        if has_inodes
        else Sentence("{megabytes} MB are free.", {"megabytes": told["megabytes"]}),
        None
        if severity is Severity.OK
        else Sentence(
            "Make room on the file system of {path}, or move the data directory to a larger one while the server is "
            "stopped. A full disk stops recording; nothing recorded is lost.",
            {"path": str(data.path)},
        ),
    )


def check_writing(
    data: DataDirectory, _now: datetime, clock: Callable[[], float] = time.perf_counter
) -> Iterator[Finding]:
    try:
        seconds = _write(data.path, clock)
    except OSError as error:
        yield Finding(
            "disk-writing",
            Severity.FAULT,
            Sentence(
                "Nothing can be written into {path}: {reason}.",
                {"path": str(data.path), "reason": error.strerror or str(error)},
            ),
            Sentence(
                "Run this as the user the server runs as. If that is so: is the disk full, or mounted for reading only "
                "(the kernel does that to a disk that fails; its messages say so: dmesg)?"
            ),
        )
        return
    slow = median(seconds) > SLOW_SECONDS
    yield Finding(
        "disk-writing",
        Severity.WARNING if slow else Severity.OK,
        Sentence(
            "A write is on disk after {typical} ms (median of {count}; slowest {slowest} ms).",
            {
                "typical": f"{median(seconds) * 1000:.1f}",
                "count": len(seconds),
                "slowest": f"{max(seconds) * 1000:.1f}",
            },
        ),
        Sentence(
            "Every recording waits for this. Put the data directory on a faster disk, one with flash or with a "
            "write cache kept by a battery."
        )
        if slow
        else None,
    )


def _write(directory: Path, clock: Callable[[], float]) -> list[float]:
    """Seconds each of a few synced writes took. A crash here leaves one small file, named for what it is."""
    path = directory / f".doctor-{secrets.token_hex(8)}"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        seconds = []
        for _number in range(WRITES):
            began = clock()
            os.write(descriptor, secrets.token_bytes(WRITE_BYTES))
            os.fsync(descriptor)
            seconds.append(clock() - began)
        return seconds
    finally:
        os.close(descriptor)
        path.unlink()
