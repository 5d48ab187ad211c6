"""Servers with one log between them, on the ground of one combination, under load and under observation."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from tests.conftest import RunningServer
from tests.crash.harness.combinations import BUCKET, Ground
from tests.crash.harness.judging import leaves_of, root_at
from tests.crash.harness.load import BATCH, LOGS, Adder, Client, Heard, Load, Read, Reader, Registrant
from tests.servers.processes import family, free_port

from zonary.foundation.ledger.storage import open_store
from zonary.proof.merkle import Frontier, leaf_hash
from zonary.proof.tlog.fsck import check_log
from zonary.proof.tlog.keys import SM2, VerifierKey
from zonary.proof.trust import parse_trust

PATIENCE = 45.0
"""Seconds within which whatever was interrupted has to go on by itself; it takes some."""
_COPIED = ("keys", "token", "tsa-ca.pem")
_numbers = itertools.count()


class Installation:
    """One log; one server, or several that share database and bucket.

    :param folder: where the data directories lie.
    :param endpoint: reach the object store there, through a proxy.
    """

    def __init__(self, ground: Ground, folder: Path, *, endpoint: str = "") -> None:
        self.ground = ground
        self.folder = folder
        self.heard = Heard()
        self.servers: list[RunningServer] = []
        self.checks = 0
        self._name = f"installation_{os.getpid()}_{next(_numbers)}"
        self.database = ""
        if ground.database_server is not None:
            self.database = ground.database_server.create_database(self._name)
        self._environment = {
            "ZONARY_OPEN_LOG": "1",
            "ZONARY_SECOND_TREE": "1",
            "ZONARY_DATABASE_URL": self.database,
        }
        self._store = ""
        if ground.combination.objects:
            self._store = f"s3://{BUCKET}/{self._name}"
            self._environment |= {"ZONARY_STORE": self._store, **ground.environment(endpoint)}

    def __enter__(self) -> Installation:
        return self

    def __exit__(self, *_exception: object) -> None:
        for server in self.servers:
            # Of one that has ended, the number may be somebody else's by now.
            if server.process is not None and server.process.poll() is None:
                for pid in reversed(family(server.process.pid)):
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                server.process.wait()

    # --- servers ------------------------------------------------------------------------------------------------------

    def add_server(self, data: Path | None = None) -> RunningServer:
        """Another server, not yet started; the second and further ones get what they need of the first."""
        data = data or self.folder / f"data-{len(self.servers)}"
        data.parent.mkdir(parents=True, exist_ok=True)
        if self.servers:
            data.mkdir(mode=0o700)
            for name in _COPIED:
                source = self.servers[0].data / name
                (shutil.copytree if source.is_dir() else shutil.copy2)(source, data / name)
        home = self.folder / f"home-{len(self.servers)}"
        home.mkdir(parents=True)
        server = RunningServer(data, free_port(), home, environment=dict(self._environment))
        self.servers.append(server)
        return server

    @contextmanager
    def load(self, *servers: RunningServer, readers: bool = True) -> Iterator[None]:
        """Clients at each of ``servers`` (all, when none is named)."""
        stopping = threading.Event()
        clients: list[Client] = []
        for server in servers or self.servers:
            at = (server.port, stopping, self.heard)
            clients += [Registrant(*at, server.token, 1), Registrant(*at, server.token, BATCH), Adder(*at), Adder(*at)]
            for log in LOGS if readers else ():
                clients += [Reader(*at, log, self.keys(log)), Reader(*at, log, self.keys(log), self.straight(log))]
        with Load(clients, stopping):
            yield

    def leader(self, log: str = "main") -> tuple[int, int]:
        """The process that leads the log by the database's word, and its epoch; on PostgreSQL."""
        query = "SELECT leader, epoch FROM ledger_logstate WHERE name = %s AND leader_until > now()"
        with psycopg.connect(self.database) as connection:
            row = connection.execute(query, [log]).fetchone()
        return (int(row[0].split(":")[1]), int(row[1])) if row else (0, 0)

    # --- what is published --------------------------------------------------------------------------------------------

    def keys(self, log: str) -> tuple[VerifierKey, ...]:
        data = self.servers[0].data
        if log == "openlog":
            return (VerifierKey.parse((data / "openlog.vkey").read_text().strip()),)
        return tuple(parse_trust((data / "trust.txt").read_bytes()).log_keys)

    def straight(self, log: str) -> Read:
        """Reads ``log`` from the directory, or from the bucket past any proxy."""
        environment = self.ground.environment()
        place = self._store or str(self.servers[0].data)
        return open_store(f"{place}/{log}", environment=environment).read

    def check(self) -> None:
        """Wait until all that was acknowledged is published; then nothing is missing, and nothing was shown wrongly.

        :raises AssertionError: with what does not hold.
        """
        heard = self.heard
        wanted = set(heard.records)
        assert heard.faults == [], heard.faults[:5]
        wait_until(lambda: wanted <= set(self._leaves("log")), "not all acknowledged evidence is in the log")
        wait_until(lambda: max(heard.opened, default=-1) < len(self._leaves("openlog")), "the open log falls behind")
        records, opened = self._checked("log"), self._checked("openlog")
        assert not [leaf for leaf, count in Counter(records).items() if count > 1]
        assert wanted <= set(records)
        assert {index: opened[index] for index in heard.opened} == heard.opened
        self._check_second()
        self.checks += 3

    def _check_second(self) -> None:
        """The second tree of the zone's log follows it, whole: its root is that of the log's own leaves."""
        first, second = self.straight("log"), self.straight("log/sm3")
        keys = [key for key in self.keys("log") if key.kind == SM2]

        def size(read: Read) -> int:
            return int(read("checkpoint").split(b"\n")[1])

        wait_until(lambda: size(second) >= size(first), "the second tree falls behind")

        def read(path: str) -> bytes:
            return (first if path.startswith("tile/entries/") else second)(path)

        report = check_log(self._at_rest(read), keys, algorithm="sm3")
        assert report.root == root_at(leaves_of(self._growing(first), report.size), report.size, "sm3")

    @staticmethod
    def _at_rest(read: Read) -> Read:
        """The checkpoint as it is read first; what is added meanwhile belongs to the next look."""
        checkpoint = read("checkpoint")
        return lambda path: checkpoint if path == "checkpoint" else read(path)

    def _leaves(self, log: str) -> list[bytes]:
        read = self.straight(log)
        size = int(read("checkpoint").split(b"\n")[1])
        return leaves_of(self._growing(read), size)

    @staticmethod
    def _growing(read: Read) -> Read:
        """What was partial when the checkpoint was read may be full, and swept away, by now."""
        from zonary.proof.tlog.tiles import MissingResource, decode_bundle, encode_bundle

        def grown(path: str) -> bytes:
            with suppress(MissingResource):
                return read(path)
            whole, _, width = path.partition(".p/")
            return encode_bundle(decode_bundle(read(whole))[: int(width)])

        return grown

    def _checked(self, log: str) -> list[bytes]:
        """fsck, and each checkpoint that was ever shown is a beginning of the log; its leaves."""
        read = self.straight(log)
        report = check_log(read, self.keys(log))
        leaves = leaves_of(read, report.size)
        frontier = Frontier.empty()
        for size, root in sorted(self.heard.shown[log].items()):
            assert size <= len(leaves), f"{log}: a checkpoint of {size} was shown, the log has {len(leaves)}"
            frontier = frontier.extend(map(leaf_hash, leaves[frontier.size : size]))
            assert frontier.root() == root, f"{log}: the checkpoint of {size} that was shown is no beginning of the log"
        return leaves

    def wait_for_more(self, enough: int = 2) -> None:
        """Until both kinds of additions are acknowledged again, ``enough`` in all, under the load that is running."""
        records, opened = len(self.heard.records), len(self.heard.opened)

        def came() -> bool:
            more = len(self.heard.records) - records, len(self.heard.opened) - opened
            return min(more) > 0 and sum(more) >= enough

        wait_until(came, "nothing is acknowledged any more")


def wait_until(ready: Callable[[], bool], otherwise: str, seconds: float = PATIENCE) -> None:
    """:raises AssertionError: with ``otherwise`` when it takes too long."""
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until, otherwise
        time.sleep(0.1)


def wait_until_gone(pids: list[int]) -> None:
    """The workers must not survive the main process, however that ended."""
    wait_until(lambda: not any(map(is_running, pids)), "a worker outlived the server", 10)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False
