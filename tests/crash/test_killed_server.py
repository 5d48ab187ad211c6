"""The whole server is killed under load, again and again; what it acknowledged is there, in one history."""

from __future__ import annotations

import http.client
import itertools
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from zonary.proof.merkle import verify_consistency
from zonary.proof.tlog.checkpoint import Checkpoint
from zonary.proof.tlog.fsck import check_log
from zonary.proof.tlog.proof import TlogProof
from zonary.proof.tlog.tiles import MissingResource, prove_consistency
from zonary.proof.trust import parse_trust

KILLS = 4
CLIENTS = 4


def test_nothing_acknowledged_is_lost(new_server: Callable[..., Any]) -> None:
    server = new_server(environment={"ZONARY_OPEN_LOG": "1"})
    acknowledged: list[tuple[str, bytes]] = []
    opened: dict[int, bytes] = {}
    seen: list[Checkpoint] = []
    for _ in range(KILLS):
        server.start()
        stopping = threading.Event()
        clients = [threading.Thread(target=_register, args=(server, acknowledged, stopping)) for _ in range(CLIENTS)]
        clients += [threading.Thread(target=_add, args=(server, opened, stopping, n)) for n in range(CLIENTS)]
        for client in clients:
            client.start()
        time.sleep(1.0)
        worker = _children(server.process.pid)
        server.stop(signal.SIGKILL)
        seen.append(_checkpoint(server, "log"))
        stopping.set()
        for client in clients:
            client.join()
        _wait_until_gone(worker)
    server.start()
    assert len(acknowledged) > 20
    assert len(opened) > 20
    last, _ = server.wait_until_published(acknowledged[-1][0]), seen.append(_checkpoint(server, "log"))
    assert last["index"] < seen[-1].size
    _check_records(server, acknowledged)
    _check_open_log(server, opened)
    for before, after in itertools.pairwise(seen):
        if 0 < before.size < after.size:
            proof = prove_consistency(before.size, after.size, _reader(server, "log"))
            verify_consistency(size1=before.size, size2=after.size, root1=before.root, root2=after.root, proof=proof)


def _check_records(server: Any, acknowledged: list[tuple[str, bytes]]) -> None:
    keys = parse_trust(server.get("/trust").body).log_keys
    report = check_log(_reader(server, "log"), keys)
    indices = set()
    for record, leaf in acknowledged:
        proof = TlogProof.parse(server.api("GET", f"/evidence/{record}/proof").body)
        proof.verify(leaf, keys)
        indices.add(proof.index)
    assert len(indices) == len(acknowledged)
    assert report.size >= len(acknowledged)


def _check_open_log(server: Any, opened: dict[int, bytes]) -> None:
    from zonary.proof.tlog.keys import VerifierKey
    from zonary.proof.tlog.tiles import TILE_WIDTH, decode_bundle, entries_path

    key = VerifierKey.parse((server.data / "openlog.vkey").read_text().strip())
    deadline = time.monotonic() + 10
    while _checkpoint(server, "openlog").size <= max(opened) and time.monotonic() < deadline:
        time.sleep(0.05)
    report = check_log(_reader(server, "openlog"), [key])
    leaves: list[bytes] = []
    for index in range(-(-report.size // TILE_WIDTH)):
        width = min(TILE_WIDTH, report.size - index * TILE_WIDTH)
        leaves += decode_bundle(_reader(server, "openlog")(entries_path(index, width)), width)
    assert {index: leaves[index] for index in opened} == opened


def _register(server: Any, acknowledged: list[tuple[str, bytes]], stopping: threading.Event) -> None:
    import base64

    while not stopping.is_set():
        body = {"statement": {"sha256": os.urandom(32).hex(), "sm3": os.urandom(32).hex()}}
        try:
            answer = server.api("POST", "/evidence", body)
        except (OSError, http.client.HTTPException):
            return
        if answer.status == 201:
            receipt = answer.json()
            acknowledged.append((receipt["id"], base64.b64decode(receipt["leaf"])))


def _add(server: Any, opened: dict[int, bytes], stopping: threading.Event, client: int) -> None:
    number = 0
    while not stopping.is_set():
        leaf = f"{client} {number} {time.monotonic_ns()}".encode()
        number += 1
        try:
            answer = server.request("POST", "/openlog/add", leaf)
        except (OSError, http.client.HTTPException):
            return
        if answer.status == 200:
            index = int(answer.body)
            assert index not in opened
            opened[index] = leaf


def _reader(server: Any, log: str) -> Callable[[str], bytes]:
    def read(path: str) -> bytes:
        answer = server.get(f"/{log}/{path}")
        if answer.status == 404:
            raise MissingResource(path)
        assert answer.status == 200
        body: bytes = answer.body
        return body

    return read


def _checkpoint(server: Any, log: str) -> Checkpoint:
    from zonary.proof.tlog.notes import Note

    return Checkpoint.parse(Note.parse((server.data / log / "checkpoint").read_bytes()).text)


def _children(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(child) for child in file.read().split()]


def _wait_until_gone(pids: list[int]) -> None:
    """The worker must not survive the main process, however that ended."""
    deadline = time.monotonic() + 5
    for pid in pids:
        while time.monotonic() < deadline and _is_running(pid):
            time.sleep(0.02)
        assert not _is_running(pid), f"process {pid} outlived the server"


def _is_running(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
