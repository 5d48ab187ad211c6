"""How far a long piece of work is: one line that is rewritten on a terminal, otherwise a line now and then."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import TextIO

from zonary.common.language import _

_FILE_COST = 4096
"""Opening a file costs about as much as hashing this many bytes."""
_BAR = 24
_TERMINAL_SECONDS = 0.1
_PLAIN_SECONDS = 15.0
_SETTLED_SECONDS = 2.0
"""No time left is told before this: it would jump."""


class Progress:
    """Counts files and bytes, and shows them on ``stream``.

    Sizes of small files are not known before they are read, so the whole is estimated from those read so far. Counting
    may be done by several threads; :meth:`show` is called by one.
    """

    def __init__(
        self,
        *,
        quiet: bool = False,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._line = _Line(quiet=quiet, stream=stream, clock=clock)
        self._lock = threading.Lock()
        self._walked = False
        self._files = self._files_done = self._bytes_done = 0
        self._small_done = self._small_bytes = 0
        self._large = self._large_done = self._large_bytes = 0

    # What hashing reports (zonary.cli.sealing.hashing.Meter).

    def found(self, files: int) -> None:
        self._files += files

    def walked(self) -> None:
        self._walked = True

    def large(self, files: int, size: int) -> None:
        self._large += files
        self._large_bytes += size

    def hashed(self, size: int) -> None:
        with self._lock:
            self._bytes_done += size
            self._large_bytes -= size

    def done(self, files: int, size: int, *, large: bool = False) -> None:
        with self._lock:
            self._files_done += files
            self._bytes_done += size
        if large:
            self._large_done += files
        else:
            self._small_done += files
            self._small_bytes += size

    # What a person sees.

    def show(self) -> None:
        """Write the line, if it is time."""
        self._line.show(self.line)

    def finish(self) -> None:
        """Take the line off the terminal again."""
        self._line.finish()

    def line(self, seconds: float) -> str:
        """What is shown after ``seconds`` of work."""
        whole = max(self._whole(), 1.0)
        done = min((self._bytes_done + _FILE_COST * self._files_done) / whole, 1.0)
        filled = int(done * _BAR) if self._walked else 0
        rate = self._bytes_done / seconds if seconds > 0 else 0.0
        # Until all files are found nobody knows what part of them is done.
        percent = f"{int(100 * done):3d}" if self._walked else "  -"
        parts = [
            f"[{'#' * filled}{'.' * (_BAR - filled)}] {percent} %",
            _("{done} of {files} files", done=f"{self._files_done:,}", files=f"{self._files:,}"),
            human_size(self._bytes_done),
            _("{rate} a second", rate=human_size(rate)),
        ]
        if self._walked and seconds >= _SETTLED_SECONDS and done > 0:
            parts.append(_("{time} left", time=human_time(seconds * (1 - done) / done)))
        return "  ".join(parts)

    def _whole(self) -> float:
        """Estimate of all bytes, files counted in at ``_FILE_COST``."""
        waiting = max(self._files - self._small_done - self._large, 0)
        average = self._small_bytes / self._small_done if self._small_done else 0
        return self._bytes_done + self._large_bytes + waiting * average + _FILE_COST * self._files


class RowProgress:
    """Counts rows of a table whose number is known."""

    def __init__(
        self,
        rows: int,
        *,
        quiet: bool = False,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rows = max(rows, 1)
        self._line = _Line(quiet=quiet, stream=stream, clock=clock)
        self._done = 0
        self._begun: int | None = None

    def count(self, rows: int) -> None:
        """So many more are done."""
        self.at(self._done + rows)

    def at(self, rows: int) -> None:
        """So many are done in all; those of the first call were done before, by an import that is gone on with."""
        self._begun = rows if self._begun is None else self._begun
        self._done = rows
        self._line.show(self.line)

    def finish(self) -> None:
        self._line.finish()

    def line(self, seconds: float) -> str:
        """What is shown after ``seconds`` of work."""
        done = min(self._done / self._rows, 1.0)
        filled = int(done * _BAR)
        parts = [
            f"[{'#' * filled}{'.' * (_BAR - filled)}] {int(100 * done):3d} %",
            _("{done} of {rows} rows", done=f"{self._done:,}", rows=f"{self._rows:,}"),
        ]
        fresh = self._done - (self._begun or 0)
        if seconds >= _SETTLED_SECONDS and fresh > 0:
            parts.append(_("{time} left", time=human_time(seconds * (self._rows - self._done) / fresh)))
        return "  ".join(parts)


class _Line:
    """One line of a terminal that is written again and again; elsewhere a line now and then."""

    def __init__(self, *, quiet: bool, stream: TextIO | None, clock: Callable[[], float]) -> None:
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._quiet = quiet
        self._clock = clock
        self._started = self._shown = clock()
        self._is_open = False

    def show(self, line: Callable[[float], str]) -> None:
        now = self._clock()
        pause = _TERMINAL_SECONDS if self._terminal else _PLAIN_SECONDS
        if self._quiet or now - self._shown < pause:
            return
        self._shown = now
        if self._terminal:
            self._stream.write(f"\r{line(now - self._started)}\x1b[K")
            self._is_open = True
        else:
            self._stream.write(f"{line(now - self._started)}\n")
        self._stream.flush()

    def finish(self) -> None:
        """Take the line off the terminal again."""
        if self._is_open:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._is_open = False


def human_size(size: float) -> str:
    """``size`` in bytes with three digits and a decimal prefix: ``1.21 GB``."""
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if size < 999.5 or unit == "TB":
            digits = 0 if unit == "B" or size >= 99.95 else 1 if size >= 9.995 else 2
            return f"{size:.{digits}f} {unit}"
        size /= 1000
    raise AssertionError("the loop returns")


def human_time(seconds: float) -> str:
    """``seconds`` as ``12 s``, ``3:05 min`` or ``2:10 h``."""
    whole = int(seconds + 0.5)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d} min"
    return f"{whole // 3600}:{whole % 3600 // 60:02d} h"
