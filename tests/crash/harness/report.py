"""What a full run found, as a page of the documentation."""

from __future__ import annotations

import platform
import shutil
import sqlite3
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final

from bench.machine import describe
from tests.crash.harness.combinations import Combination
from tests.crash.harness.every_call import Tally
from tests.crash.harness.kills import Killed
from tests.servers.postgresql import find_binaries

_INTRODUCTION: Final = """\
# Crash report

What came of the last full run of `make crash`. The page is written by that command, and only when everything held.

The promise: after any fault and a restart, `fsck` with the log's own keys finds nothing wrong, no acknowledged entry is
missing or there twice, every checkpoint that was ever shown is a beginning of the log, and everything a reader can
fetch is whole.
"""
_CALLS: Final = """\
## A fault at every call

The sequencer's own loop does its whole work on a new log: it records, sequences, publishes, keeps the checkpoint and
sweeps. Then it does so again for each of its calls, with a fault at that call, put in by strace (system calls) or by a
proxy (requests to the object store). After `killed`, the process is gone; after anything else it has to go on by
itself, and leave nothing for a restart to publish. Each time, all that was told to callers and shown to readers is
compared with the log, once as it was left and once after a restart without faults.

What a kill at a call that only reads leaves behind is the same as at the next that writes, so that those are tried in
the first combination only. Calls made to fail are not carried out by strace, which is why closing, sending and giving
up a lock see kills only. All files are on a file system in memory, where there is room for them. A process that is
killed loses nothing the kernel already has: loss of power is not tried.
"""
_KILLS: Final = """\
## Killed under load

`zonary serve` with clients that register single pieces and batches of evidence, add to the open log, and follow both
logs with tiles and proofs, over HTTP and straight from the store. It is killed (SIGKILL) at random moments and started
again. Its database and its object store, where they are servers, are killed as well; then it has to go on by itself.
After each kill everything that was ever acknowledged or shown is compared with the log.
"""
_SCENARIOS: Final = """\
## Fail-over, and surroundings that fail

Under the same load and with the same comparison at the end.
"""


@dataclass
class Calls:
    """A fault at every call of one combination."""

    combination: Combination
    tally: Tally
    seconds: float

    @property
    def name(self) -> str:
        return f"every call, {self.combination}"

    @property
    def failures(self) -> list[str]:
        missed = [f"did not come: {fault}" for fault in self.tally.missed] if self._too_many_missed else []
        return [f"{self.name}: {failure}" for failure in (*self.tally.failures, *missed)]

    @property
    def _too_many_missed(self) -> bool:
        """Conversations with servers are not always of the same length; calls to the kernel are."""
        return len(self.tally.missed) > sum(self.tally.injected.values()) // 50


@dataclass
class Scenario:
    """Something that goes wrong around a server, on one combination; ``failure`` is empty when all was kept."""

    combination: Combination
    title: str
    failure: str
    seconds: float

    @property
    def name(self) -> str:
        return f"{self.title}, {self.combination}"

    @property
    def failures(self) -> list[str]:
        return [f"{self.name}: {self.failure}"] if self.failure else []


@dataclass
class Kills(Scenario):
    """Kills under load."""

    killed: Killed | None


@dataclass
class Surroundings(Scenario):
    """One of the others; ``what`` says it in a sentence."""

    what: str
    acknowledged: int


@dataclass
class Report:
    """All of it."""

    jobs: int
    seed: int
    seconds: float = 0.0
    calls: list[Calls] = field(default_factory=list)
    kills: list[Kills] = field(default_factory=list)
    scenarios: list[Surroundings] = field(default_factory=list)

    @property
    def failures(self) -> list[str]:
        return [failure for part in (*self.calls, *self.kills, *self.scenarios) for failure in part.failures]

    def text(self) -> str:
        parts = [_INTRODUCTION, self._head(), _CALLS, self._calls(), _KILLS, self._kills(), _SCENARIOS]
        return "\n".join([*parts, self._scenarios()])

    def _head(self) -> str:
        rows = {
            "Result": f"{len(self.failures)} FAILED" if self.failures else "everything held",
            "Date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
            "Took": f"{self.seconds / 60:.0f} minutes, {self.jobs} works at a time",
            "Machine": describe(),
            "Versions": _versions(),
            "Seed": str(self.seed),
        }
        return _table(("", ""), [(name, value) for name, value in rows.items()])

    def _calls(self) -> str:
        kinds = sorted({kind for part in self.calls for kind in part.tally.injected})
        rows = [
            (kind, *(f"{part.tally.injected[kind]:,}" if part.tally.injected[kind] else "" for part in self.calls))
            for kind in kinds
        ]
        rows.append(("**all faults**", *(f"{sum(part.tally.injected.values()):,}" for part in self.calls)))
        rows.append(("call did not come", *(str(len(part.tally.missed)) for part in self.calls)))
        rows.append(("entries acknowledged", *(f"{part.tally.acknowledged:,}" for part in self.calls)))
        rows.append(("`fsck` runs, all clean", *(f"{part.tally.checks:,}" for part in self.calls)))
        rows.append(("promises broken", *(str(len(part.tally.failures)) for part in self.calls)))
        rows.append(("minutes", *(f"{part.seconds / 60:.1f}" for part in self.calls)))
        return _table(("", *(str(part.combination) for part in self.calls)), rows)

    def _kills(self) -> str:
        killed = [part.killed or Killed() for part in self.kills]
        whom = sorted(sum((each.kills for each in killed), Counter()))
        rows = [(f"kills of the {name}", *(str(each.kills[name] or "") for each in killed)) for name in whom]
        rows.append(("entries acknowledged", *(f"{each.acknowledged:,}" for each in killed)))
        rows.append(("checkpoints followed", *(f"{each.followed:,}" for each in killed)))
        rows.append(("`fsck` runs, all clean", *(f"{each.checks:,}" for each in killed)))
        rows.append(("promises broken", *(str(len(part.failures)) for part in self.kills)))
        rows.append(("minutes", *(f"{part.seconds / 60:.1f}" for part in self.kills)))
        return _table(("", *(str(part.combination) for part in self.kills)), rows)

    def _scenarios(self) -> str:
        rows = [
            (part.what, str(part.combination), f"{part.acknowledged:,}", "FAILED" if part.failure else "held")
            for part in self.scenarios
        ]
        return _table(("What", "On", "Acknowledged", "Result"), rows)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _versions() -> str:
    postgresql = subprocess.run(
        [find_binaries() / "postgres", "--version"], capture_output=True, text=True, check=False
    ).stdout.split()
    strace = subprocess.run([shutil.which("strace") or "strace", "-V"], capture_output=True, text=True, check=False)
    parts = [
        f"SQLite {sqlite3.sqlite_version}",
        f"PostgreSQL {postgresql[2] if len(postgresql) > 2 else '?'}",
        "versitygw as pinned in tests/peers/versitygw",
        f"strace {strace.stdout.split()[3] if strace.stdout else '?'}",
        f"Django {version('django')}",
        f"kernel {platform.release()}",
    ]
    return ", ".join(parts)
