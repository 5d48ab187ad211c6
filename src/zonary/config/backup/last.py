"""When the last backup was made: a small file in the data directory, and what the doctor says of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import msgspec

from zonary.common.clock import to_the_second
from zonary.foundation.ledger.checkup import Finding, Severity
from zonary.foundation.ledger.layout import DataDirectory, write_durably
from zonary.proof.package.report import Sentence

FILE: Final = "last-backup.json"
OLD: Final = timedelta(days=7)
_MAX_BYTES: Final = 64 * 1024


class LastBackup(msgspec.Struct, frozen=True, kw_only=True):
    """``entries``: how many the log had; ``path``: where the file was written to."""

    made_at: datetime
    entries: int
    path: str


def note_backup(data: DataDirectory, last: LastBackup) -> None:
    write_durably(data.path / FILE, msgspec.json.encode(last) + b"\n")


def last_backup(data: DataDirectory) -> LastBackup | None:
    """The last that was made, or put back, here; None when there is none, or its note is damaged."""
    try:
        with open(data.path / FILE, "rb") as file:
            last = msgspec.json.decode(file.read(_MAX_BYTES), type=LastBackup)
    except (FileNotFoundError, msgspec.DecodeError, RecursionError):
        return None
    return last if last.made_at.tzinfo is not None else None


def check_backup(data: DataDirectory, now: datetime) -> Iterator[Finding]:
    """How old the last backup is."""
    last = last_backup(data)
    if last is None:
        yield Finding(
            "backup", Severity.WARNING, Sentence("No backup of this zone has been made with zonary backup."), _MEND
        )
        return
    old = now - last.made_at > OLD
    yield Finding(
        "backup",
        Severity.WARNING if old else Severity.OK,
        Sentence(
            "The last backup is of {time}, {days} days ago, with {size} entries: {path}.",
            {
                "time": to_the_second(last.made_at),
                "days": max(0, (now - last.made_at).days),
                "size": last.entries,
                "path": last.path,
            },
        ),
        _MEND if old else None,
    )


_MEND = Sentence(
    "Make one now, and let a timer make one every night: zonary backup --to FILE --recipient age1…. If the database is "
    "copied by other means, this can stay as it is."
)
