"""``python -m bench.matching_run TABLE COUNTS ROUNDS``: our side of :mod:`bench.matching`, in a process of its own.

Its memory is then that of matching and nothing else. Prints one line of JSON.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from bench.measures import measures, rules, snapshot
from zonary.engines.clauses.interpreter.asking import Asking, Setting
from zonary.engines.clauses.interpreter.decisions import decide
from zonary.engines.clauses.interpreter.plans import Plan as Asked
from zonary.engines.clauses.planes import Enterprises, Matched, Plan, match, simulate
from zonary.engines.clauses.planes.programs import program

_AMOUNT = "rd@-1"
_CHANGES = 20


def main() -> None:
    path, counts, rounds = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    with pa.OSFile(str(path)) as file:
        table = pa.ipc.open_file(file).read_all()
    found: dict[str, Any] = {"columns": table.nbytes}
    for name, are_distinct in (("usual", False), ("distinct", True)):
        plan = Plan(measures(300, are_distinct=are_distinct))
        found |= _timed(name, plan, table, rounds, counts.with_name(f"{name}.json"))
    found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    found |= _changes(table)
    for name, are_distinct in (("thousand", False), ("thousand-distinct", True)):
        plan = Plan(measures(1000, are_distinct=are_distinct))
        found |= _timed(name, plan, table, rounds, None)
    found |= _explained(table)
    print(json.dumps(found))


def _timed(name: str, plan: Plan, table: pa.Table, rounds: int, counts: Path | None) -> dict[str, Any]:
    enterprises = Enterprises(table)
    seconds, busy = [], []
    for _ in range(rounds):
        started, ran = time.perf_counter(), time.process_time()
        matched = match(plan, enterprises)
        seconds.append(time.perf_counter() - started)
        busy.append(time.process_time() - ran)
        if counts is not None:
            counts.write_text(json.dumps(_counted(matched)))
        del matched
    return {
        name: statistics.median(seconds),
        f"{name}-processor": statistics.median(busy),
        f"{name}-atoms": sum(len(group) for _, group in program(plan).groups),
    }


def _counted(matched: Matched) -> dict[str, list[int]]:
    """For each item: yes, no, the same when promised, and short by each clause."""
    found = {}
    for id, lines in matched.program.items.items():
        places = (lines.yes, lines.no, lines.promised_yes, lines.promised_no, *lines.short.values())
        found[id] = [int(matched.counts[place]) for place in places]
    return found


def _changes(table: pa.Table) -> dict[str, float]:
    """A changed item at a time, with the rows it wins and loses listed; then changed rows, of 300 items."""
    enterprises = Enterprises(table)
    items = measures(300, are_distinct=False)
    changed = measures(301, are_distinct=True)
    matched = match(Plan(items), enterprises)

    def change(number: int) -> None:
        done = simulate(matched.item(items[number].id).yes, changed[number], enterprises, _AMOUNT)
        done.winners.listed()
        done.losers.listed()

    def replace(number: int) -> None:
        data = Enterprises(table.slice(number + 1, 1))
        matched.replace([number], data)
        matched.row(number)

    return {"simulated": _median(change), "replaced": _median(replace)}


def _explained(table: pa.Table) -> dict[str, float]:
    """One enterprise after another put to 300 items: clause by clause, with what was read, held against and needed."""
    document, vocabulary = rules(300)
    plan, setting = Asked(document), Setting(vocabulary)
    snapshots = [snapshot(row, f"E{place}") for place, row in enumerate(table.slice(0, _CHANGES).to_pylist())]

    def explain(number: int) -> None:
        asking = Asking(setting, snapshots[number])
        for id in plan.items:
            decide(plan, id, asking)

    explain(0)  # what is kept for all enterprises is kept from the first one on
    started = time.process_time()
    seconds = _median(explain)
    return {"explained": seconds, "explained-processor": (time.process_time() - started) / _CHANGES}


def _median(act: Callable[[int], None]) -> float:
    seconds = []
    for number in range(_CHANGES):
        started = time.perf_counter()
        act(number)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
