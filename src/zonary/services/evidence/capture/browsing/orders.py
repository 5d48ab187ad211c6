"""What the process is asked, and how it tells what it did."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, TypeAlias

from zonary.common.clock import boot_time, rfc3339

Fact: TypeAlias = str | int
MAX_STEPS = 400
"""Told of one capture; what comes then is only counted."""
_MAX_TEXT = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long, how much, how many. Seconds of time, bytes of size."""

    loading: int = 25
    """From the first request until the page has to be loaded."""
    settling: int = 4
    """After that, for what the page fetches by itself."""
    output: int = 10
    """For each of screenshot, printing and the rendered page."""
    total: int = 75
    bytes: int = 64 * 1024**2
    requests: int = 1000
    redirects: int = 20
    body: int = 24 * 1024**2
    """Of one answer that is kept; of a longer one only the headers are."""
    screenshot: int = 24 * 1024**2
    height: int = 15_000
    """Pixels of the page that are pictured."""
    document: int = 8 * 1024**2
    """Of the rendered page."""
    printed: int = 32 * 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One capture.

    :param began: when it began by the clock of the server, from which all its times are counted.
    :param goes_on: whether to go on in spite of a certificate the browser does not trust.
    :param hosts: ``host:port`` of what may be reached though it is inside.
    """

    address: str
    goes_on: bool
    hosts: tuple[str, ...]
    chromium: str
    is_sandboxed: bool
    folder: str
    began: str
    limits: Limits = field(default_factory=Limits)

    def encode(self) -> bytes:
        return json.dumps(asdict(self)).encode("ascii")

    @classmethod
    def decode(cls, data: bytes) -> Order:
        value = json.loads(data)
        limits = Limits(**value.pop("limits"))
        return cls(**{**value, "hosts": tuple(value["hosts"])}, limits=limits)

    def path(self, name: str) -> Path:
        return Path(self.folder) / name


class Teller:
    """Tells steps, each with its time, as it happens."""

    def __init__(self, began: str, out: IO[bytes], boot: Callable[[], int] = boot_time) -> None:
        self._began = datetime.fromisoformat(began)
        self._boot = boot
        self._zero = boot()
        self._out = out
        self._count = 0
        self._started = time.monotonic()

    def at(self) -> datetime:
        """The present: the server's clock when it began, and what has passed since."""
        return self._began + timedelta(microseconds=(self._boot() - self._zero) // 1000)

    def seconds(self) -> float:
        return time.monotonic() - self._started

    def __call__(self, step: str, /, **facts: Fact) -> None:
        self._count += 1
        if self._count <= MAX_STEPS:
            shown = {name: bounded(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
            self.send({"at": rfc3339(self.at()), "step": step, "facts": shown})

    def send(self, line: dict[str, object]) -> None:
        self._out.write(json.dumps(line).encode("ascii") + b"\n")
        self._out.flush()


def bounded(text: str) -> str:
    """Text from outside, in a length that can be shown, without characters that are not seen."""
    seen = "".join(c if c.isprintable() else " " for c in text[: 2 * _MAX_TEXT])
    return seen if len(seen) <= _MAX_TEXT else seen[:_MAX_TEXT] + "…"
