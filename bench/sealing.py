"""Sealing and verifying, beside ``sha256sum`` and ``openssl dgst -sm3`` in the same run.

Rounds are interleaved and medians compared, so that a machine that is slow for a while is slow for both.
"""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import data, machine
from bench.row import Row

_MEMORY_LIMIT = 300e6
_SINGLE_LIMIT = 0.5
_MANIFEST_LIMIT = 2.0
_OBSERVE = (
    "import os, sys; from zonary.cli.sealing.observe import observe_paths; "
    "sum(1 for _ in observe_paths([os.fsencode(sys.argv[1])]))"
)


class SealingBench:
    """One run against the server at ``url``: data in ``root``, what it writes in ``own``."""

    def __init__(self, root: Path, own: Path, env: dict[str, str], url: str, rounds: int) -> None:
        self._root = root
        self._own = own
        self._env = env | {"ZONARY_SERVER": url}
        self._rounds = rounds
        self._peers = machine.missing_peers()

    def rows(self, *, files: int, big: int) -> Iterator[Row]:
        """Every row, as soon as it is measured."""
        for size in (1024, 4096):
            folder = data.small_files(self._root, size, files)
            yield from self._sealing(folder, f"seal {files:,} files of {size // 1024} KiB", 1.0)
        yield self._verifying_manifest(data.small_files(self._root, 4096, files), files)
        file = data.big_file(self._root, big)
        yield from self._sealing(file, f"seal one file of {big / 1e9:g} GB", 0.95)
        yield self._verifying_single()

    @property
    def _package(self) -> Path:
        return self._own / "out.zonary"

    # --- sealing ------------------------------------------------------------------------------------------------------

    def _sealing(self, what: Path, title: str, rate: float) -> Iterator[Row]:
        os.sync()  # what was just written is not to be flushed at our expense
        both: list[Callable[[], float]] = [lambda: self._seal(what), lambda: self._hash_beside(what)]
        for measure in both:  # so that both find the files in memory, and Python its modules compiled
            measure()
        times: list[list[float]] = [[], []]
        for number in range(self._rounds):
            for which in (0, 1) if number % 2 else (1, 0):
                times[which].append(both[which]())
        ours, peers = map(statistics.median, times)
        if self._peers:
            yield Row(title, f"{ours:.2f} s", self._peers, f"{rate:.2f} x the rate", None)
        else:
            yield Row(title, f"{ours:.2f} s", f"{peers:.2f} s", f"{rate:.2f} x the rate", peers / ours / rate)
        self._package.unlink(missing_ok=True)
        peak = machine.peak_memory(self._seal_command(what), self._env, self._root)
        limit = f"{_MEMORY_LIMIT / 1e6:.0f} MB"
        yield Row("  memory, all processes", f"{peak / 1e6:.0f} MB", "", limit, _MEMORY_LIMIT / peak)

    def _seal_command(self, what: Path) -> list[str]:
        return [*machine.zonary(), "seal", str(what), "-o", str(self._package), "--quiet"]

    def _seal(self, what: Path) -> float:
        self._package.unlink(missing_ok=True)
        return machine.run(self._seal_command(what), self._env, self._root)

    def _hash_beside(self, what: Path) -> float:
        if self._peers:
            return 0.0
        each = f"find {what.name} -type f -print0 | xargs -0 -n 5000"
        command = f"{each} sha256sum >/dev/null & {each} openssl dgst -sm3 >/dev/null & wait"
        return machine.run(command, self._env, self._root)

    # --- verifying ----------------------------------------------------------------------------------------------------

    def _verifying_manifest(self, folder: Path, files: int) -> Row:
        """Of the package that was sealed last."""
        verify = [*machine.zonary(), "verify", str(self._package), str(folder)]
        hashing = [sys.executable, "-c", _OBSERVE, str(folder)]
        whole, alone = [], []
        for _ in range(self._rounds):
            whole.append(machine.run(verify, self._env, self._root))
            alone.append(machine.run(hashing, self._env, self._root))
        beyond = statistics.median(whole) - statistics.median(alone)
        return Row(
            f"verify {files:,} files, beyond hashing them",
            f"{beyond:.2f} s",
            f"of {statistics.median(whole):.2f} s",
            f"{_MANIFEST_LIMIT:.1f} s",
            _MANIFEST_LIMIT / beyond,
        )

    def _verifying_single(self) -> Row:
        file = self._own / "single.txt"
        file.write_bytes(b"a small file\n")
        self._seal(file)
        verify = [*machine.zonary(), "verify", str(self._package), str(file)]
        seconds = statistics.median(machine.run(verify, self._env, self._root) for _ in range(2 * self._rounds + 1))
        limit = f"{_SINGLE_LIMIT:.1f} s"
        return Row(
            "verify a single-file package, whole process", f"{seconds:.2f} s", "", limit, _SINGLE_LIMIT / seconds
        )
