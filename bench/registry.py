"""Reading in a registry of 100,000 enterprises, into either database, by the command an operator types."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.registries import write_csv
from tests.servers.postgresql import Postgresql

from bench import machine, server
from bench.row import Row

ENTERPRISES = 100_000
_SECONDS = 60.0
_MEMORY = 500e6


class RegistryBench:
    """The command beside a server that runs, as in life: both write to the same database."""

    def __init__(self, own: Path, env: dict[str, str]) -> None:
        self._own = own
        self._env = env
        self._count = 0

    def rows(self, count: int = ENTERPRISES) -> Iterator[Row]:
        """:param count: enterprises in the file."""
        self._count = count
        file = write_csv(self._own / "registry.csv", count)
        yield from self._measured(file, "SQLite", self._own / "registry-sqlite", {})
        # Not below our own directory: only root may enter that, and the server then runs as nobody.
        directory = Path(tempfile.mkdtemp(prefix="zonary-bench-postgresql-"))
        database = Postgresql(directory, fast=False)
        try:
            database.start()
            url = {"ZONARY_DATABASE_URL": database.url()}
            yield from self._measured(file, "PostgreSQL", self._own / "registry-postgresql", url)
        finally:
            database.stop()
            shutil.rmtree(directory, ignore_errors=True)

    def _measured(self, file: Path, name: str, data: Path, more: dict[str, str]) -> Iterator[Row]:
        env = self._env | more
        command = [*machine.zonary(), "import-registry", str(file), "--data", str(data), "--quiet"]
        with server.running(data, env):
            seconds = machine.run(command, env, self._own)
        title = f"import of {self._count:,} enterprises, {name}"
        yield Row(title, f"{seconds:.1f} s", "", f"{_SECONDS:.0f} s", _SECONDS / seconds)
        if not more:
            again = data.with_name(f"{data.name}-memory")
            with server.running(again, env):
                used = machine.peak_memory([*command[:-3], "--data", str(again), "--quiet"], env, self._own)
            yield Row("  memory of the command", f"{used / 1e6:.0f} MB", "", f"{_MEMORY / 1e6:.0f} MB", _MEMORY / used)
