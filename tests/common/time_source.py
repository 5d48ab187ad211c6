"""A time source on 127.0.0.1 that speaks SNTP, and lies as it is told."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_SINCE_1900 = 2_208_988_800


@dataclass
class TimeSource:
    """:ivar ahead: seconds by which it is ahead of us; the others change single fields of its answers."""

    port: int = 0
    ahead: float = 0.0
    leap: int = 0
    mode: int = 4
    stratum: int = 2
    kiss: bytes = b"TEST"
    dispersion: float = 0.001
    forged: bool = False
    cut: int = 48
    silent: bool = False
    era: int = 0
    asked: list[bytes] = field(default_factory=list)

    def answer(self, request: bytes) -> bytes:
        origin = b"somebody" if self.forged else request[40:48]
        moment = self._ntp(time.time() + self.ahead)
        head = struct.pack(">BBbb", self.leap << 6 | 4 << 3 | self.mode, self.stratum, 6, -20)
        root = struct.pack(">II", 0, int(self.dispersion * 65536)) + self.kiss
        return (head + root + moment + origin + moment + moment)[: self.cut]

    def _ntp(self, seconds: float) -> bytes:
        since = seconds + _SINCE_1900
        return struct.pack(">II", int(since) % 2**32, int(since % 1 * 2**32))


@contextmanager
def time_source(**lies: float) -> Iterator[TimeSource]:
    source = TimeSource(**lies)  # type: ignore[arg-type]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        source.port = listening.getsockname()[1]
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                request, address = listening.recvfrom(512)
                if len(request) < 48:
                    break
                source.asked.append(request)
                if not source.silent:
                    listening.sendto(source.answer(request), address)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield source
        finally:
            stop.set()
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(b"", ("127.0.0.1", source.port))
            thread.join(5)
