"""Two servers on one PostgreSQL and one object store: the leader dies or is stopped, and the other goes on."""

from __future__ import annotations

import base64
import contextlib
import http.client
import itertools
import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")

import psycopg
from tests.servers.processes import family

from zonary.proof.merkle import verify_consistency
from zonary.proof.tlog.checkpoint import Checkpoint
from zonary.proof.tlog.fsck import check_log
from zonary.proof.tlog.notes import Note
from zonary.proof.tlog.proof import TlogProof
from zonary.proof.tlog.tiles import MissingResource, prove_consistency
from zonary.proof.trust import parse_trust

NEEDED = ("keys", "token", "tsa-ca.pem")
"""What a second server gets from the first; see docs/operate."""


@dataclass
class Load:
    """Registers evidence at each server all the time, and looks at the checkpoint in the bucket."""

    servers: list[Any]
    client: Any
    acknowledged: list[tuple[str, bytes]] = field(default_factory=list)
    seen: list[bytes] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Load:
        self._threads = [threading.Thread(target=self._register, args=(server,)) for server in self.servers]
        self._threads.append(threading.Thread(target=self._watch))
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, more: int) -> None:
        """Until so many more were acknowledged."""
        wanted, until = len(self.acknowledged) + more, time.monotonic() + 40
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < until, f"only {len(self.acknowledged)} of {wanted} were acknowledged"
            time.sleep(0.05)

    def _register(self, server: Any) -> None:
        while not self.stopping.is_set():
            digests = {"sha256": os.urandom(32).hex(), "sm3": os.urandom(32).hex()}
            # A server that is dead or stopped answers nothing; what it may have recorded was not acknowledged.
            with contextlib.suppress(OSError, http.client.HTTPException):
                status, answer = ask(server, "POST", "/api/v1/evidence", {"statement": digests})
                if status == 201:
                    self.acknowledged.append((answer["id"], base64.b64decode(answer["leaf"])))
            time.sleep(0.01)

    def _watch(self) -> None:
        import obstore

        while not self.stopping.is_set():
            with contextlib.suppress(FileNotFoundError):
                note = bytes(obstore.get(self.client, "zone/log/checkpoint").bytes())
                if not self.seen or self.seen[-1] != note:
                    self.seen.append(note)
            time.sleep(0.02)


def ask(server: Any, method: str, path: str, value: object = None) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=3)
    try:
        headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}
        connection.request(method, path, json.dumps(value), headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


@dataclass
class Pair:
    """Both servers, their database, and the bucket."""

    servers: list[Any]
    database: str
    client: Any

    def leader(self) -> tuple[Any, int]:
        """The server that leads the log, and its epoch."""
        query = "SELECT leader, epoch FROM ledger_logstate WHERE name = 'main' AND leader_until > now()"
        until = time.monotonic() + 40
        while time.monotonic() < until:
            with psycopg.connect(self.database) as connection:
                row = connection.execute(query).fetchone()
            if row is not None:
                pid = int(row[0].split(":")[1])
                return next(server for server in self.servers if server.process.pid == pid), row[1]
            time.sleep(0.1)
        raise AssertionError("nobody leads the log")

    def leader_other_than(self, former: Any) -> tuple[Any, int]:
        until = time.monotonic() + 40
        while (found := self.leader())[0] is former:
            assert time.monotonic() < until, "the other server did not take over"
            time.sleep(0.2)
        return found


@pytest.fixture
def pair(new_server: Callable[..., Any], postgresql: Any, object_store: Any, bucket: str) -> Iterator[Pair]:
    database = postgresql.create_database(f"failover_{bucket.replace('-', '_')}")
    environment = {
        "ZONARY_DATABASE_URL": database,
        "ZONARY_STORE": f"s3://{bucket}/zone",
        "ZONARY_S3_ENDPOINT": object_store.url,
        "AWS_ACCESS_KEY_ID": object_store.access_key,
        "AWS_SECRET_ACCESS_KEY": object_store.secret_key,
    }
    first, second = (
        new_server(name, environment=environment, options=("--workers", "1")) for name in ("first", "second")
    )
    first.start()
    second.data.mkdir(mode=0o700)
    for name in NEEDED:
        copy = shutil.copytree if (first.data / name).is_dir() else shutil.copy
        copy(first.data / name, second.data / name)
    second.start()
    made = Pair([first, second], database, object_store.store(bucket))
    yield made
    for server in made.servers:
        for pid in family(server.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def test_the_leader_is_killed(pair: Pair) -> None:
    with Load(pair.servers, pair.client) as load:
        load.wait_for(20)
        former, epoch = pair.leader()
        former.stop(signal.SIGKILL)
        present, later = pair.leader_other_than(former)
        assert later > epoch
        load.wait_for(20)
    check(present, load)


def test_the_leader_is_stopped_and_wakes_up(pair: Pair) -> None:
    with Load(pair.servers, pair.client) as load:
        load.wait_for(20)
        former, epoch = pair.leader()
        stopped = family(former.process.pid)
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        present, later = pair.leader_other_than(former)
        assert later > epoch
        load.wait_for(20)
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
        load.wait_for(40)
        # It serves again, and the lead stays where it is.
        status, _ = ask(former, "POST", "/api/v1/evidence", {"statement": {"sha256": "ab" * 32, "sm3": "cd" * 32}})
        assert status == 201
        assert pair.leader() == (present, later)
    check(present, load)
    assert former.process.poll() is None
    assert "stands by" in former.output.read_text()


def check(server: Any, load: Load) -> None:
    """Everything acknowledged is in the log once, the log is whole, and all checkpoints seen are of one history."""
    keys = parse_trust(server.get("/trust").body).log_keys
    server.wait_until_published(load.acknowledged[-1][0], seconds=40)
    indices = set()
    for record, leaf in load.acknowledged:
        server.wait_until_published(record, seconds=40)
        proof = TlogProof.parse(server.api("GET", f"/evidence/{record}/proof").body)
        proof.verify(leaf, keys)
        indices.add(proof.index)
    assert len(indices) == len(load.acknowledged) > 30

    def read(path: str) -> bytes:
        answer = server.get(f"/log/{path}")
        if answer.status == 404:
            raise MissingResource(path)
        assert answer.status == 200
        body: bytes = answer.body
        return body

    report = check_log(read, keys)
    assert report.size >= len(indices)
    seen = [Checkpoint.parse(Note.parse(note).text) for note in load.seen]
    assert len(seen) > 2
    last = Checkpoint.parse(Note.parse(read("checkpoint")).text)
    for before, after in itertools.pairwise([*seen, last]):
        assert before.size <= after.size
        if before.size == after.size:
            assert before.root == after.root
        elif before.size:
            proof = prove_consistency(before.size, after.size, read)
            verify_consistency(size1=before.size, size2=after.size, root1=before.root, root2=after.root, proof=proof)
