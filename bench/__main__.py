"""``python -m bench``: everything we claim about speed, memory and growth, beside its limits and peers in the same run.

Every figure printed was measured in this run. A miss is marked, and is no failure: this is not a test. ``--only`` names
the parts to run; ``--soak`` runs the open log at half its top rate for so many seconds and looks at nothing else.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import data, limits, machine, server
from bench.batches import BatchBench
from bench.browser import CROWD, BrowserBench
from bench.browser import FILES as BROWSER_FILES
from bench.captures import CaptureBench
from bench.certificates import CertificateBench
from bench.matching import MatchingBench
from bench.national import NationalBench
from bench.open_log import OpenLogBench
from bench.pages import PageBench
from bench.registry import RegistryBench
from bench.row import HEADING, Row
from bench.sealing import SealingBench
from bench.soak import soak
from bench.timestamps import TimestampBench
from bench.uploads import BYTES, UploadBench

PARTS = (
    "sealing",
    "openlog",
    "timestamps",
    "national",
    "batches",
    "registry",
    "uploads",
    "pages",
    "capture",
    "browser",
    "certificates",
    "matching",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=PARTS, action="append", help="a part to run, once or more; all without it")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, of which the median counts")
    parser.add_argument("--files", type=int, default=data.SMALL_FILES, help="how many small files")
    parser.add_argument("--big", type=int, default=data.BIG_BYTES, help="bytes of the large file")
    parser.add_argument("--entries", type=int, default=10_000_000, help="entries of the large log")
    parser.add_argument("--enterprises", type=int, default=100_000, help="of the zone whose pages are opened")
    parser.add_argument("--recorded", type=int, default=1_000_000, help="entries of its log")
    parser.add_argument("--upload", type=int, default=BYTES, help="bytes of the document that is uploaded")
    parser.add_argument("--dropped", type=int, default=BROWSER_FILES, help="files of the folder given to the browser")
    parser.add_argument("--crowd", type=int, default=CROWD, help="files of the largest folder given to it; 0: none")
    parser.add_argument("--certificates", type=int, default=1000, help="how many in one file; full: 1,000")
    parser.add_argument("--matched", type=int, default=1_000_000, help="enterprises that measures are asked of")
    parser.add_argument("--seconds", type=int, default=10, help="of each load")
    parser.add_argument("--soak", type=int, metavar="SECONDS", help="instead: the open log at half its top rate")
    options = parser.parse_args()
    kept = os.environ.get("ZONARY_BENCH_DIR")
    root = Path(kept).absolute() if kept else Path(tempfile.mkdtemp(prefix="zonary-bench-"))
    root.mkdir(parents=True, exist_ok=True)
    own = Path(tempfile.mkdtemp(prefix="run-", dir=root))
    own.chmod(0o755)  # a database server started by root is another user
    try:
        _measure(root, own, options)
    finally:
        shutil.rmtree(own if kept else root, ignore_errors=True)


def _measure(root: Path, own: Path, options: argparse.Namespace) -> None:
    home = own / "home"
    home.mkdir()
    env = machine.environment(home)
    print(machine.describe())
    physical = limits.measure(own)
    print(physical.text() + "\n")
    if options.soak:
        soak(own, env, options.soak, options.seconds)
        return
    print(HEADING)
    for row in _rows(root, own, env, options, physical):
        print(row.text(), flush=True)


def _rows(
    root: Path, own: Path, env: dict[str, str], options: argparse.Namespace, physical: limits.Limits
) -> Iterator[Row]:
    parts = options.only or PARTS
    if "sealing" in parts:
        with server.running(own / "sealing", env) as running:
            yield from SealingBench(root, own, env, running.url, options.rounds).rows(
                files=options.files, big=options.big
            )
    if "openlog" in parts:
        yield from OpenLogBench(own, env, options.seconds, options.rounds, physical).rows()
    if "timestamps" in parts:
        yield from TimestampBench(own, env, options.seconds, options.rounds).rows()
    if "national" in parts:
        yield from NationalBench(own, env, options.rounds).rows()
    if "batches" in parts:
        yield from BatchBench(own, env, physical).rows(options.entries)
    if "pages" in parts:
        yield from PageBench(own, env).rows(options.enterprises, options.recorded)
    if "browser" in parts:
        yield from BrowserBench(root, own, env).rows(big=options.big, files=options.dropped, crowd=options.crowd)
    if "uploads" in parts:
        yield from UploadBench(own, env).rows(options.upload)
    if "registry" in parts:
        yield from RegistryBench(own, env).rows()
    if "capture" in parts:
        yield from CaptureBench().rows(options.rounds)
    if "certificates" in parts:
        yield from CertificateBench(own, env, options.rounds).rows(options.certificates)
    if "matching" in parts:
        yield from MatchingBench(own, env, options.rounds).rows(options.matched)


if __name__ == "__main__":
    main()
