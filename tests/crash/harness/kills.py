"""Everything is killed under load, at random moments, again and again: the server, its database, its store."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import RunningServer
from tests.crash.harness.combinations import Ground
from tests.crash.harness.installation import Installation, wait_until_gone
from tests.servers.processes import family

from zonary.proof.tlog.proof import TlogProof

_PROOFS = 25
_ENOUGH = 60
"""Acknowledged before each kill: on a slow machine, too, there is something to lose."""
SERVER, DATABASE, STORE = "server", "database", "store"


@dataclass
class Killed:
    """What came of it; raises instead when a promise did not hold."""

    kills: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    followed: int = 0
    """Checkpoints that readers followed, tiles and all."""
    checks: int = 0


def kill_under_load(ground: Ground, folder: Path, *, kills: int, others: int, seed: int) -> Killed:
    """``kills`` of the server, and ``others`` each of the database and the store where those are servers.

    After each the same server, or one started again, has to take additions again, and all that was ever acknowledged
    or shown is compared with the log.
    """
    chance = random.Random(seed)
    killed = Killed()
    with Installation(ground, folder) as installation:
        server = installation.add_server()
        server.start()
        for whom in _sequence(ground, kills, others, chance):
            with installation.load():
                installation.wait_for_more(_ENOUGH)
                time.sleep(chance.uniform(0.0, 1.0))
                if whom == SERVER:
                    kill_server(server)
                else:
                    _kill_other(ground, whom, chance)
                    installation.wait_for_more()
            killed.kills[whom] += 1
            if whom == SERVER:
                server.start()
            installation.check()
        _check_proofs(installation, server, chance)
        assert server.stop() == 0, server.output.read_text()[-2000:]
        installation.check()
        killed.acknowledged, killed.checks = installation.heard.acknowledged, installation.checks
        killed.followed = sum(installation.heard.fetched.values())
    return killed


def _check_proofs(installation: Installation, server: RunningServer, chance: random.Random) -> None:
    """What callers get by the ids they were given."""
    records = list(installation.heard.records.items())
    for leaf, record in chance.sample(records, min(_PROOFS, len(records))):
        TlogProof.parse(server.api("GET", f"/evidence/{record}/proof").body).verify(leaf, installation.keys("log"))


def kill_server(server: RunningServer) -> None:
    """SIGKILL for the main process; its workers have to follow it."""
    assert server.process is not None
    members = family(server.process.pid)
    server.stop(signal.SIGKILL)
    wait_until_gone(members[1:])


def stop_family(pid: int, number: int = signal.SIGSTOP) -> None:
    """The signal for ``pid`` and all its descendants."""
    for member in family(pid):
        with suppress(ProcessLookupError):
            os.kill(member, number)


def _sequence(ground: Ground, kills: int, others: int, chance: random.Random) -> Iterator[str]:
    rounds = [SERVER] * kills
    rounds += [DATABASE] * (others if ground.database_server is not None else 0)
    rounds += [STORE] * (others if ground.object_server is not None else 0)
    chance.shuffle(rounds)
    yield from rounds


def _kill_other(ground: Ground, whom: str, chance: random.Random) -> None:
    server = ground.database_server if whom == DATABASE else ground.object_server
    assert server is not None
    server.kill()
    time.sleep(chance.uniform(0.2, 2.0))
    server.start()
