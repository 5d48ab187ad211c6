"""``make crash``: all the faults there are, on all combinations of database and store; the report goes to ``docs/``.

Takes some half an hour on two processors. ``make test`` runs a sample of the same.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from tests.crash.harness import environment, fail_over
from tests.crash.harness.combinations import ALL, Combination, Ground, fast_folder
from tests.crash.harness.every_call import AnyFault, carry_out, plan
from tests.crash.harness.kills import kill_under_load
from tests.crash.harness.report import Calls, Kills, Report, Surroundings
from tests.crash.harness.tracing import find_strace

REPORT = Path(__file__).resolve().parents[2] / "docs" / "crash-report.md"
KILLS = 50
"""Of the server, on each combination."""
OTHER_KILLS = 5
"""Of the database, and of the store, where that is a server of its own."""
Part = TypeVar("Part", Calls, Kills, Surroundings)
SQLITE, POSTGRESQL, BOTH_SERVERS = ALL[0], ALL[2], ALL[3]
SCENARIOS: Sequence[tuple[Combination, Callable[[Ground, Path], int]]] = (
    (BOTH_SERVERS, fail_over.leader_killed),
    (BOTH_SERVERS, fail_over.leader_stopped),
    (BOTH_SERVERS, fail_over.leader_stopped_in_transaction),
    (BOTH_SERVERS, fail_over.servers_die_in_the_middle),
    (SQLITE, environment.second_server_refused),
    (SQLITE, environment.disk_full),
    (SQLITE, environment.disk_full_under_load),
    (SQLITE, environment.disk_read_only),
    (SQLITE, environment.disk_slow),
    (POSTGRESQL, environment.database_drops_connections),
    (BOTH_SERVERS, environment.store_fails),
)


def main() -> int:
    options = _options()
    find_strace()
    started = time.monotonic()
    report = Report(jobs=options.jobs, seed=options.seed)
    with fast_folder() as memory, tempfile.TemporaryDirectory(prefix="zonary-crash-") as disk:
        for combination in ALL:
            report.calls.append(_say(_every_call(combination, memory / f"calls-{ALL.index(combination)}", options)))
        # Half of a kill is waiting: two combinations at a time.
        with ThreadPoolExecutor(2) as threads:
            report.kills += threads.map(lambda combination: _say(_kills(combination, Path(disk), options)), ALL)
        for combination, scenario in SCENARIOS:
            report.scenarios.append(_say(_scenario(combination, scenario, Path(disk))))
    report.seconds = time.monotonic() - started
    text = report.text()
    print(text)
    if options.step == 1 and options.kills == KILLS and not report.failures:
        REPORT.write_text(text, "utf-8")
    for failure in report.failures:
        print(f"FAILED: {failure}", file=sys.stderr)
    return 1 if report.failures else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument(
        "--jobs", type=int, default=len(os.sched_getaffinity(0)) + 1, help="works done at the same time"
    )
    parser.add_argument(
        "--seed", type=int, default=random.SystemRandom().randrange(1 << 31), help="of all that is random"
    )
    parser.add_argument(
        "--step", type=int, default=1, help="take each so-many-th fault only; no report is written then"
    )
    parser.add_argument("--kills", type=int, default=KILLS, help="of the server, on each combination")
    return parser.parse_args()


def _every_call(combination: Combination, folder: Path, options: argparse.Namespace) -> Calls:
    started = time.monotonic()
    with Ground(combination, folder) as ground:
        with ground.stage() as stage:
            faults: list[AnyFault] = plan(stage, ground)[:: options.step]
        tally = carry_out(ground, faults, jobs=options.jobs)
    return Calls(combination, tally, time.monotonic() - started)


def _kills(combination: Combination, folder: Path, options: argparse.Namespace) -> Kills:
    started, failure, killed = time.monotonic(), "", None
    here = folder / f"kills-{ALL.index(combination)}"
    try:
        # On a real disk, but for PostgreSQL's: that may not lie below a folder of ours.
        with fast_folder() as memory, Ground(combination, memory / "ground") as ground:
            killed = kill_under_load(
                ground, here, kills=options.kills, others=min(OTHER_KILLS, options.kills), seed=options.seed
            )
    except Exception as error:
        failure = _told(error)
    return Kills(combination, "kills under load", failure, time.monotonic() - started, killed)


def _scenario(combination: Combination, scenario: Callable[[Ground, Path], int], folder: Path) -> Surroundings:
    started, failure, acknowledged = time.monotonic(), "", 0
    try:
        with fast_folder() as memory, Ground(combination, memory / "ground") as ground:
            acknowledged = scenario(ground, folder / scenario.__name__)
    except Exception as error:
        failure = _told(error)
    what = (scenario.__doc__ or "").strip().split("\n")[0]
    return Surroundings(combination, scenario.__name__, failure, time.monotonic() - started, what, acknowledged)


def _told(error: Exception) -> str:
    """What happened, and at which line of the harness: an assertion by itself says nothing."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno}: {last.line})"


def _say(part: Part) -> Part:
    print(f"{part.name}: {'FAILED' if part.failures else 'held'} ({part.seconds:.0f} s)", flush=True)
    return part


if __name__ == "__main__":
    sys.exit(main())
