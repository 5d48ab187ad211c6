"""A running server whose surroundings fail: disk, database, store. It has to say so, keep what it has, and go on."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.conftest import RunningServer
from tests.crash.harness.combinations import Ground
from tests.crash.harness.installation import Installation, wait_until
from tests.crash.harness.load import LOGS
from tests.crash.harness.tracing import find_strace
from tests.servers.faulty_proxy import Fault, FaultyProxy, puts
from tests.servers.processes import family

_DISK = 24 << 20
_DATABASE = ("zonary.sqlite3", "zonary.sqlite3-wal", "zonary.sqlite3-shm")
FULL = "disk-full"


class CannotMountError(RuntimeError):
    """This user may not mount a file system of a size of its own."""


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of 24 MB, in memory.

    :raises CannotMountError: where that is not allowed.
    """
    folder.mkdir(parents=True)
    options = ["-t", "tmpfs", "-o", f"size={_DISK},mode=700", "tmpfs", str(folder)]
    done = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotMountError(done.stderr.strip())
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def _on_small_disk(ground: Ground, folder: Path) -> Iterator[tuple[Path, Installation, RunningServer]]:
    """A disk and a server on it that has served for a moment; at the end it has kept everything and stops in order."""
    with small_disk(folder / "disk") as disk, Installation(ground, folder) as installation:
        server = installation.add_server(disk / "data")
        server.start()
        with installation.load():
            installation.wait_for_more()
        yield disk, installation, server
        installation.check()
        assert server.stop() == 0, server.output.read_text()[-2000:]


def disk_full(ground: Ground, folder: Path) -> int:
    """Additions are refused with 503 and a sentence that says why; reading goes on, and so does all once there is room.

    Returns what was acknowledged, as all of these do.
    """
    with _on_small_disk(ground, folder) as (disk, installation, server):
        installation.check()
        record = next(iter(installation.heard.records.values()))
        server.wait_until_published(record)
        for _ in range(2):
            _fill(disk / "ballast")
            _refused_for_want_of_room(server)
            _reads(server, record)
            (disk / "ballast").unlink()
            with installation.load():
                installation.wait_for_more()
            installation.check()
    return installation.heard.acknowledged


def disk_full_under_load(ground: Ground, folder: Path) -> int:
    """The disk fills while everybody adds and reads, and is cleared while they go on."""
    with _on_small_disk(ground, folder) as (disk, installation, _server), installation.load():
        for _ in range(3):
            installation.wait_for_more()
            _fill(disk / "ballast")
            refusals = installation.heard.statuses[503]
            wait_until(lambda before=refusals: installation.heard.statuses[503] > before + 10, "nobody is refused")  # type: ignore[misc]
            (disk / "ballast").unlink()
            installation.wait_for_more()
    return installation.heard.acknowledged


def disk_read_only(ground: Ground, folder: Path) -> int:
    """The database's disk takes no more writes while the server runs; a server on such a disk does not start."""
    with _on_small_disk(ground, folder) as (disk, installation, server):
        record = next(iter(installation.heard.records.values()))
        server.wait_until_published(record)
        paths = [str(server.data / name) for name in _DATABASE]
        with _tampering(server, "inject=pwrite64,ftruncate,fallocate:error=EROFS", paths):
            assert server.request("POST", "/openlog/add", b"leaf").status == 503
            answer = server.api("POST", "/evidence", _evidence())
            assert answer.status == 503, answer.body
            answer.problem()
            _reads(server, record)
        with installation.load():
            installation.wait_for_more()
        installation.check()
        assert server.stop() == 0, server.output.read_text()[-2000:]
        _refuses_to_start_read_only(server, disk)
        server.start()
    return installation.heard.acknowledged


def disk_slow(ground: Ground, folder: Path) -> int:
    """Every fsync takes a second: additions take long, reading does not wait for them."""
    with Installation(ground, folder) as installation:
        server = installation.add_server()
        server.start()
        with installation.load():
            installation.wait_for_more()
        with _tampering(server, "inject=fsync,fdatasync:delay_exit=1000000", []):
            adding = threading.Event()
            answers: list[int] = []

            def add() -> None:
                answers.append(server.request("POST", "/openlog/add", b"a leaf that waits for the disk").status)
                adding.set()

            thread = threading.Thread(target=add)
            thread.start()
            reads = 0
            while not adding.is_set():
                assert server.get("/openlog/checkpoint").status == 200
                reads += not adding.is_set()
            thread.join()
            assert answers == [200]
            assert reads >= 3, f"while one addition waited for the disk, only {reads} reads were answered"
            with installation.load():
                installation.wait_for_more()
        installation.check()
        assert server.stop() == 0, server.output.read_text()[-2000:]
        return installation.heard.acknowledged


def database_drops_connections(ground: Ground, folder: Path, *, times: int = 8) -> int:
    """An administrator ends all connections to the database, several times, under load."""
    assert ground.database_server is not None
    with Installation(ground, folder) as installation:
        server = installation.add_server()
        server.start()
        name = installation.database.rpartition("/")[2]
        dropped = 0
        with installation.load():
            for _ in range(times):
                installation.wait_for_more()
                dropped += ground.database_server.drop_connections(name)
                time.sleep(0.3)
            installation.wait_for_more()
        assert dropped >= times
        installation.check()
        assert server.stop() == 0, server.output.read_text()[-2000:]
        return installation.heard.acknowledged


def store_fails(ground: Ground, folder: Path) -> int:
    """The object store answers 503, closes connections, loses its answers, hangs, and lies about what it stored."""
    assert ground.object_server is not None
    with (
        FaultyProxy(ground.object_server.port) as proxy,
        Installation(ground, folder, endpoint=proxy.url) as installation,
    ):
        server = installation.add_server()
        server.start()
        with installation.load():
            for fault in (Fault.UNAVAILABLE, Fault.LIE, Fault.REFUSE, Fault.LIE, Fault.CUT, Fault.HANG):
                installation.wait_for_more()
                before = proxy.count(fault)
                proxy.behave(fault, only=puts if fault in (Fault.LIE, Fault.CUT) else None)
                wait_until(lambda fault=fault, before=before: proxy.count(fault) > before, "nothing was asked")  # type: ignore[misc]
                time.sleep(2.0)
                proxy.behave(Fault.PASS)
                installation.wait_for_more()
        installation.check()
        assert server.stop() == 0, server.output.read_text()[-2000:]
        return installation.heard.acknowledged


def second_server_refused(ground: Ground, folder: Path) -> int:
    """A second server on a data directory in use is refused with one sentence; the first one goes on."""
    with Installation(ground, folder) as installation:
        server = installation.add_server()
        server.start()
        with installation.load():
            installation.wait_for_more()
            said = _start_in_vain(server)
            installation.wait_for_more()
        assert said.startswith("zonary: Another zonary serve uses "), said
        assert len(said.strip().splitlines()) == 1
        installation.check()
        assert server.stop() == 0
        return installation.heard.acknowledged


# --- pieces -----------------------------------------------------------------------------------------------------------


def _evidence() -> dict[str, dict[str, str]]:
    return {"statement": {"sha256": os.urandom(32).hex(), "sm3": os.urandom(32).hex()}}


def _fill(path: Path) -> None:
    """Until not one more byte goes onto the disk."""
    with path.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            with suppress(OSError):
                while file.write(bytes(size)):
                    pass


def _refused_for_want_of_room(server: RunningServer) -> None:
    """What is free inside the database's own files may take some first."""
    for method, path, body in (
        ("POST", "/openlog/add", os.urandom(60_000)),
        ("POST", "/api/v1/evidence", None),
    ):
        for _ in range(2000):
            answer = server.request(method, path, body) if body else server.api(method, "/evidence", _evidence())
            if answer.status not in (200, 201):
                break
        problem = answer.problem()
        assert (answer.status, problem["code"]) == (503, FULL), answer.body
        assert "disk" in problem["detail"]
        assert "full" in problem["detail"]
        assert "retry-after" in answer.headers


def _reads(server: RunningServer, record: str) -> None:
    for path in (*(f"/{log}/checkpoint" for log in LOGS), "/trust", "/"):
        assert server.get(path).status == 200, path
    for path in (f"/evidence/{record}", f"/evidence/{record}/proof"):
        assert server.api("GET", path).status == 200, path


@contextmanager
def _tampering(server: RunningServer, what: str, paths: list[str]) -> Iterator[None]:
    """strace on all processes of ``server`` and all their threads, tampering with calls that touch ``paths``."""
    assert server.process is not None
    calls = what.partition("=")[2].partition(":")[0]
    whom = [part for pid in family(server.process.pid) for part in ("-p", str(pid))]
    only = [part for path in paths for part in ("-P", path)]
    with server.output.with_suffix(".strace").open("wb") as output:
        strace = subprocess.Popen(
            [find_strace(), "-f", "-o", "/dev/null", *whom, *only, "-e", f"trace={calls}", "-e", what], stderr=output
        )
        try:
            wait_until(lambda: _is_traced(server.process.pid if server.process else 0), "strace does not take hold")
            yield
        finally:
            # It lets go of all when it ends.
            strace.terminate()
            strace.wait(timeout=30)


def _is_traced(pid: int) -> bool:
    """Every thread of every process."""
    tasks = [task for member in family(pid) for task in Path(f"/proc/{member}/task").iterdir()]
    return all("TracerPid:\t0\n" not in (task / "status").read_text() for task in tasks)


def _start_in_vain(server: RunningServer) -> str:
    """What a ``zonary serve`` that cannot start on this data directory prints before it ends with 2."""
    command = [sys.executable, "-m", "zonary.cli.main", "serve", "--data", str(server.data)]
    environment = {**os.environ, **server.environment, "ZONARY_LANG": "en", "XDG_CONFIG_HOME": str(server.config)}
    done = subprocess.run(
        [*command, "--port", str(server.port)], capture_output=True, text=True, check=False, env=environment, timeout=60
    )
    assert done.returncode == 2, done.stderr
    return done.stderr


def _refuses_to_start_read_only(server: RunningServer, disk: Path) -> None:
    # What the server was is gone, but the process that watches over its shared memory ends a moment later, and its
    # output is a file on this disk.
    remount = ["mount", "-o", "remount,ro", str(disk)]
    wait_until(lambda: subprocess.run(remount, capture_output=True, check=False).returncode == 0, "the disk stays busy")
    try:
        said = _start_in_vain(server)
        assert "Traceback" not in said, said
        assert said.startswith("zonary: "), said
    finally:
        subprocess.run(["mount", "-o", f"remount,rw,size={_DISK}", str(disk)], check=True)
