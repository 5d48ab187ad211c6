"""``make bench``: seal and verify at real size. Takes about five minutes and 5 GB of disk.

``ZONARY_BENCH_DIR`` names a directory to keep the data in between runs; otherwise it is made anew and removed.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.data import large_file, small_files
from bench.measuring import Run, in_turn, median
from bench.peers import side_by_side
from bench.table import Row, show
from bench.zone import Zone, zone

LARGE_BYTES = 2 * 1024**3
SMALL_FILES = 100_000
TIMES = 3
MEMORY_LIMIT = 300 * 1000 * 1000
SINGLE_LIMIT = 0.5
MANIFEST_LIMIT = 2.0


def main() -> int:
    kept = os.environ.get("ZONARY_BENCH_DIR")
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        return _bench(Path(kept))
    with tempfile.TemporaryDirectory(prefix="zonary-bench-") as folder:
        return _bench(Path(folder))


def _bench(folder: Path) -> int:
    rows: list[Row] = []
    with zone(folder / "zone") as server:
        _say("one file of 2 GB")
        large = large_file(folder / "large.bin", LARGE_BYTES)
        rows += _sealing("seal of one 2 GB file", server, large, folder / "large.zonary", 0.95, LARGE_BYTES)
        for size in (1024, 4096):
            _say(f"{SMALL_FILES:,} files of {size} bytes")
            small = small_files(folder / f"small-{size}", SMALL_FILES, size)
            what = f"seal of {SMALL_FILES:,} files of {size // 1024} KiB"
            rows += _sealing(what, server, small, folder / f"small-{size}.zonary", 1.0, SMALL_FILES * size)
        _say("verify")
        rows += _verifying(server, folder)
    show(rows)
    return 0


def _sealing(what: str, server: Zone, source: Path, package: Path, wanted: float, size: int) -> Iterator[Row]:
    ours, theirs = in_turn(lambda: server.seal(source, package), lambda: side_by_side(source), TIMES)
    mine, others = median(ours), median(theirs)
    yield Row(
        what,
        f"{mine:.2f} s ({size / mine / 1e6:,.0f} MB/s), {others / mine:.2f} x the peers' rate",
        f"{wanted:.2f} x",
        others / mine / wanted,
        f"sha256sum and openssl dgst -sm3 side by side: {others:.2f} s",
    )
    memory = max(each.memory for each in ours)
    yield Row("  its memory, all processes", f"{memory / 1e6:,.0f} MB", "300 MB", MEMORY_LIMIT / memory)


def _verifying(server: Zone, folder: Path) -> Iterator[Row]:
    single, package = folder / "single.txt", folder / "single.zonary"
    single.write_bytes(b"one small file\n")
    server.seal(single, package)
    runs = _repeat(lambda: server.verify(package, single), 7)
    yield _limit("verify of a single-file package, command to exit", runs, SINGLE_LIMIT)
    runs = _repeat(lambda: server.verify(folder / "small-1024.zonary"), TIMES)
    yield _limit(f"verify of a {SMALL_FILES:,}-file manifest, no hashing of files", runs, MANIFEST_LIMIT)


def _repeat(once: Callable[[], Run], times: int) -> list[Run]:
    return [once() for _ in range(times)]


def _limit(what: str, runs: list[Run], limit: float) -> Row:
    return Row(what, f"{median(runs):.3f} s", f"{limit} s", limit / median(runs))


def _say(what: str) -> None:
    print(f"measuring: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
