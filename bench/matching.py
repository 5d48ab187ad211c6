"""Three hundred support measures, and a thousand, asked of a million enterprises: beside DuckDB and zen-engine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from bench.matching_peers import duckdb_counts, zen_rate
from bench.measures import CLAUSES, enterprises, measures
from bench.row import Row

_USUAL_SECONDS = 1.5
_DISTINCT_SECONDS = 4.0
_THOUSAND_SECONDS = 5.0
_MEMORY = 1.5e9
_TIMES_DUCKDB = 4
_TIMES_ZEN = 600
_SIMULATED_SECONDS = 0.3
_REPLACED_SECONDS = 0.05
_EXPLAINED_SECONDS = 0.005


class MatchingBench:
    """Ours on one core, in a process that holds the columns and nothing else; DuckDB on all of them, afterwards."""

    def __init__(self, own: Path, env: dict[str, str], rounds: int) -> None:
        self._own = own
        self._env = env
        self._rounds = rounds

    def rows(self, count: int) -> Iterator[Row]:
        """:param count: enterprises; the limits are for a million."""
        path = self._own / "enterprises.arrow"
        batches = enterprises(count)
        first = next(batches)
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, first.schema) as file:
            file.write_batch(first)
            for batch in batches:
                file.write_batch(batch)
        ours = self._ours(path)
        with pa.memory_map(str(path)) as file:
            yield from _compared(ours, count, pa.ipc.open_file(file).read_all(), self._own)

    def _ours(self, path: Path) -> dict[str, Any]:
        command = [sys.executable, "-m", "bench.matching_run", str(path), str(self._own / "counts"), str(self._rounds)]
        done = subprocess.run(command, env=self._env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"bench: matching ended with {done.returncode}:\n{done.stderr}")
        found: dict[str, Any] = json.loads(done.stdout)
        return found


def _compared(ours: dict[str, Any], count: int, table: pa.Table, own: Path) -> Iterator[Row]:
    items = measures(300, are_distinct=False)
    duckdb, counts = duckdb_counts(table, items)
    if counts != json.loads((own / "usual.json").read_text()):
        raise SystemExit("bench: DuckDB counts otherwise than we do")
    zen = count * len(items) / zen_rate(table, items)
    seconds = ours["usual"]
    title = f"{count:,} enterprises x 300 x {CLAUSES}, {ours['usual-atoms']} atoms"
    yield _seconds(title, ours, "usual", _USUAL_SECONDS)
    yield Row("  beside DuckDB, the same counts", f"{duckdb / seconds:,.1f} x", f"{duckdb:.1f} s", f"{_TIMES_DUCKDB} x",
              duckdb / seconds / _TIMES_DUCKDB)  # fmt: skip
    yield Row("  beside zen-engine, row by row", f"{zen / seconds:,.0f} x", f"{zen:,.0f} s", f"{_TIMES_ZEN} x",
              zen / seconds / _TIMES_ZEN)  # fmt: skip
    yield _seconds(f"  with {ours['distinct-atoms']:,} atoms", ours, "distinct", _DISTINCT_SECONDS)
    peak = ours["peak"]
    yield Row("  memory of the process, columns included", f"{peak / 1e6:,.0f} MB",
              f"columns {ours['columns'] / 1e6:,.0f} MB", f"{_MEMORY / 1e6:,.0f} MB", _MEMORY / peak)  # fmt: skip
    yield _seconds(f"  1,000 items, {ours['thousand-atoms']} atoms", ours, "thousand", _THOUSAND_SECONDS)
    distinct = f"  1,000 items, {ours['thousand-distinct-atoms']:,} atoms"
    yield _seconds(distinct, ours, "thousand-distinct", _THOUSAND_SECONDS)
    for title, name, limit in (
        ("  one item changed: winners, losers and cost", "simulated", _SIMULATED_SECONDS),
        ("  one enterprise's fact changed, 300 items", "replaced", _REPLACED_SECONDS),
    ):
        yield Row(title, f"{ours[name] * 1e3:.1f} ms", "", f"{limit * 1e3:.0f} ms", limit / ours[name])
    busy = f"processor {ours['explained-processor'] * 1e3:.1f} ms"
    yield Row("  one enterprise against 300 items, explained", f"{ours['explained'] * 1e3:.1f} ms", busy,
              f"{_EXPLAINED_SECONDS * 1e3:.0f} ms", _EXPLAINED_SECONDS / ours["explained"])  # fmt: skip


def _seconds(title: str, ours: dict[str, Any], name: str, limit: float) -> Row:
    """With the processor's seconds beside: they are fewer on a busy machine."""
    busy = f"processor {ours[f'{name}-processor']:.2f} s"
    return Row(title, f"{ours[name]:.2f} s", busy, f"{limit} s", limit / ours[name])
