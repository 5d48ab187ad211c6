"""What the machine itself can do, measured in the same run: no log is faster than its disk and its hashes."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_SECONDS = 1.0
_PACE_HASHES = 5000


@dataclass(frozen=True, slots=True)
class Limits:
    """Operations a second, each on one core: append 4 KiB and fsync, SHA-256 of 64 bytes, P-256 signatures."""

    syncs: float
    hashes: float
    signatures: float

    def text(self) -> str:
        return (
            f"this machine: {self.syncs:,.0f} append + fsync/s, {self.hashes:,.0f} SHA-256/s of 64 bytes, "
            f"{self.signatures:,.0f} P-256 signatures/s on one core"
        )


def measure(directory: Path) -> Limits:
    """The limits of this machine, with the disk that ``directory`` is on; some three seconds."""
    block = os.urandom(64)
    path = directory / "syncs"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        syncs = _rate(lambda: _append(descriptor), 1)
    finally:
        os.close(descriptor)
        path.unlink()
    return Limits(
        syncs=syncs,
        hashes=_rate(lambda: hashlib.sha256(block).digest(), 1000),
        signatures=signatures(),
    )


def pace() -> float:
    """SHA-256 of 64 bytes a processor second, from some milliseconds: how fast the machine is now."""
    block = bytes(64)
    started = time.thread_time()
    for _ in range(_PACE_HASHES):
        hashlib.sha256(block).digest()
    return _PACE_HASHES / (time.thread_time() - started)


def signatures() -> float:
    """P-256 signatures a second on one core, as fast as they are now: some machines change by half within minutes."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    key, algorithm, block = ec.generate_private_key(ec.SECP256R1()), ec.ECDSA(hashes.SHA256()), os.urandom(64)
    return _rate(lambda: key.sign(block, algorithm), 100)


_PAGE = bytes(4096)


def _append(descriptor: int) -> None:
    os.write(descriptor, _PAGE)
    os.fsync(descriptor)


def _rate(operation: Callable[[], object], at_once: int) -> float:
    done, started = 0, time.perf_counter()
    while time.perf_counter() - started < _SECONDS:
        for _ in range(at_once):
            operation()
        done += at_once
    return done / (time.perf_counter() - started)
