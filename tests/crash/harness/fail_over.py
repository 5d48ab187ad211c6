"""Several servers on one PostgreSQL and one bucket: whoever leads is killed, or stopped for a while, under load."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from tests.conftest import RunningServer
from tests.crash.harness.combinations import Ground
from tests.crash.harness.installation import Installation, wait_until
from tests.crash.harness.kills import kill_server, stop_family

LEASE_SECONDS = 6.0
"""As in zonary.foundation.ledger.leadership."""
_STEADY_SECONDS = 4.0


@contextmanager
def _several(ground: Ground, folder: Path, count: int) -> Iterator[Installation]:
    with Installation(ground, folder) as installation:
        for _ in range(count):
            installation.add_server().start()
        wait_until(lambda: installation.leader()[1] > 0, "nobody leads")
        yield installation


def _leading(installation: Installation) -> RunningServer:
    pid, _ = installation.leader()
    return next(server for server in installation.servers if server.process is not None and server.process.pid == pid)


def _wait_for_another(installation: Installation, epochs: dict[str, int]) -> None:
    """Both logs are led under a later epoch."""
    for log, before in epochs.items():
        wait_until(lambda log=log, before=before: installation.leader(log)[1] > before, f"nobody took over {log}")  # type: ignore[misc]


def _epochs(installation: Installation) -> dict[str, int]:
    return {log: installation.leader(log)[1] for log in ("main", "open")}


def _end(installation: Installation) -> int:
    """One leads, and goes on leading; all servers answer; nothing is lost. Returns what was acknowledged."""
    before = {log: installation.leader(log) for log in ("main", "open")}
    assert all(pid for pid, _ in before.values()), before
    time.sleep(_STEADY_SECONDS)
    assert {log: installation.leader(log) for log in ("main", "open")} == before, "the lead goes to and fro"
    for server in installation.servers:
        health = server.get("/healthz")
        assert health.status == 200, (health.body, server.output.read_text()[-2000:])
    installation.check()
    for server in installation.servers:
        assert server.stop() == 0, server.output.read_text()[-2000:]
    installation.check()
    return installation.heard.acknowledged


def leader_killed(ground: Ground, folder: Path, *, servers: int = 3, times: int = 2) -> int:
    """The leading server is killed; another takes over within the lease; the killed one comes back and stands by."""
    with _several(ground, folder, servers) as installation:
        for _ in range(times):
            with installation.load():
                installation.wait_for_more()
                epochs, leader = _epochs(installation), _leading(installation)
                kill_server(leader)
                if installation.leader("open")[0] != leader.process.pid:  # type: ignore[union-attr]
                    del epochs["open"]
                _wait_for_another(installation, epochs)
                installation.wait_for_more()
                leader.start()
                installation.wait_for_more()
            installation.check()
        return _end(installation)


def leader_stopped(ground: Ground, folder: Path, *, servers: int = 2) -> int:
    """The leading server, workers and all, is stopped for longer than its lease, and goes on afterwards."""
    return _stopped(ground, folder, servers, lambda _installation, _leader: None)


def leader_stopped_in_transaction(ground: Ground, folder: Path, *, servers: int = 2) -> int:
    """The leading server is stopped while it holds the log's row: the database has to end its transaction first."""
    return _stopped(ground, folder, servers, _catch_in_transaction)


def _stopped(ground: Ground, folder: Path, servers: int, catch: Callable[[Installation, RunningServer], None]) -> int:
    with _several(ground, folder, servers) as installation:
        with installation.load():
            installation.wait_for_more()
            epochs, leader = _epochs(installation), _leading(installation)
            catch(installation, leader)
            _pause(installation, leader, epochs)
            _stands_by(installation, leader)
            installation.wait_for_more()
        return _end(installation)


def servers_die_in_the_middle(ground: Ground, folder: Path, *, servers: int = 2) -> int:
    """The database, then the store, is killed and comes back after some seconds; nobody restarts the servers."""
    assert ground.database_server is not None
    assert ground.object_server is not None
    with _several(ground, folder, servers) as installation:
        with installation.load():
            for server in (ground.database_server, ground.object_server):
                installation.wait_for_more()
                server.kill()
                time.sleep(LEASE_SECONDS + 2)
                server.start()
                installation.wait_for_more()
        return _end(installation)


def _pause(installation: Installation, leader: RunningServer, epochs: dict[str, int]) -> None:
    """SIGSTOP for all of ``leader``, until others lead what it led, and then for some time longer."""
    assert leader.process is not None
    stop_family(leader.process.pid)
    try:
        if installation.leader("open")[0] != leader.process.pid:
            del epochs["open"]
        _wait_for_another(installation, epochs)
        time.sleep(LEASE_SECONDS)
    finally:
        stop_family(leader.process.pid, signal.SIGCONT)


def _catch_in_transaction(installation: Installation, leader: RunningServer) -> None:
    """Stop the main process of ``leader`` while it is between the locking of the log's row and the commit."""
    assert leader.process is not None
    holding = (
        "SELECT 1 FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid WHERE a.state = 'idle in transaction'"
        " AND a.datname = current_database() AND l.mode = 'RowShareLock' AND l.relation = 'ledger_logstate'::regclass"
    )
    with psycopg.connect(installation.database, autocommit=True) as connection:
        for _ in range(4000):
            os.kill(leader.process.pid, signal.SIGSTOP)
            # Twice, a moment apart: a transaction of another server's would be over by then.
            if connection.execute(holding).fetchone():
                time.sleep(0.2)
                if connection.execute(holding).fetchone():
                    return
            os.kill(leader.process.pid, signal.SIGCONT)
            time.sleep(0.003)
    raise AssertionError("the leader was never caught in the middle of a transaction")


def _stands_by(installation: Installation, former: RunningServer) -> None:
    """The former leader answers, adds, and shows what it adds, while another leads."""
    assert former.process is not None
    wait_until(lambda: former.get("/healthz").status == 200, "the former leader does not answer")
    body = {"statement": {"sha256": os.urandom(32).hex(), "sm3": os.urandom(32).hex()}}
    answer = former.api("POST", "/evidence", body)
    assert answer.status == 201, answer.body
    former.wait_until_published(answer.json()["id"])
    assert installation.leader()[0] != former.process.pid
    assert former.process.poll() is None
    # One whose transaction was ended first waits a second before it looks again.
    wait_until(lambda: "Another server leads the log" in former.output.read_text(), "the former leader does not say so")
