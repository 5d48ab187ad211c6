"""What the watch over the clock found last: kept in a file of the data directory, so that every process sees it.

One process of a machine compares its clock with other time sources and writes here; all that sign a time look here
first. That is a look at one file's state, which takes microseconds.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from zonary.common.clock import Clock, ClockInDoubtError
from zonary.foundation.ledger.layout import DataDirectory, write_durably


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One round of comparisons.

    :ivar checked_at: RFC 3339.
    :ivar is_off: whether no time may be signed.
    :ivar is_known: whether this round said anything of the clock.
    :ivar known_at: RFC 3339, when enough sources said the same for the last time; ``is_off`` is of then. Empty when
        they never did.
    :ivar behind: seconds by which our clock is behind, the median of those that answered; None when none did.
    :ivar bound: seconds it may be off.
    :ivar sources: name -> seconds it has us behind, or None where it gave no time.
    :ivar problems: name -> why it gave none: a sentence of ours, and what fills it.
    """

    checked_at: str
    is_off: bool
    is_known: bool
    known_at: str
    behind: float | None
    bound: float
    sources: Mapping[str, float | None]
    problems: Mapping[str, tuple[str, Mapping[str, str]]]


class ClockOffError(ClockInDoubtError):
    """Other time sources have another time; nothing that carries one may be signed."""


_read: dict[Path, tuple[tuple[int, int], Watched | None]] = {}


def watched(data: DataDirectory) -> Watched | None:
    """The last round; None before the first one."""
    path = data.clock
    try:
        state = os.stat(path)
    except FileNotFoundError:
        return None
    mark = (state.st_mtime_ns, state.st_ino)
    known = _read.get(path)
    if known is None or known[0] != mark:
        known = _read[path] = (mark, _parsed(path))
    return known[1]


def keep(data: DataDirectory, found: Watched) -> None:
    """Write what was found, for all processes."""
    write_durably(data.clock, json.dumps(asdict(found)).encode("utf-8") + b"\n", mode=0o644)


def require_right(data: DataDirectory, sources: Sequence[object]) -> None:
    """:param sources: those that are configured; without any nobody compares, and what was found once is forgotten.

    :raises ClockOffError: while this machine's clock is off.
    """
    found = watched(data) if sources else None
    if found is not None and found.is_off:
        raise ClockOffError(
            "The clock of this server is off by {seconds} seconds, as other time sources have it; at most {bound} are "
            "allowed. No timestamp is signed until it is right again.",
            seconds=f"{abs(found.behind or 0.0):.3f}",
            bound=f"{found.bound:.3f}",
        )


def signing_clock(data: DataDirectory, clock: Clock, sources: Sequence[object]) -> Clock:
    """``clock``, for whoever signs the time it gives: it refuses while the watch says that it is off."""
    if not sources:
        return clock

    def right() -> datetime:
        require_right(data, sources)
        return clock()

    return right


def _parsed(path: Path) -> Watched | None:
    try:
        value = json.loads(path.read_bytes())
        return Watched(**value)
    except (OSError, ValueError, TypeError):
        return None  # half a file cannot be: another release, or somebody's hand; the next round writes it anew
