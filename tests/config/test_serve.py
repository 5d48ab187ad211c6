"""``zonary serve`` as a person meets it: first start, second start, wrong calls, and its end."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import stat
import time
from collections.abc import Callable
from typing import Any

import pytest
from tests.servers.processes import workers

from zonary.proof.trust import parse_trust

NewServer = Callable[..., Any]


def modes(folder: Any) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def test_first_start_makes_what_is_needed_and_says_where(new_server: NewServer) -> None:
    server = new_server(tables=None)
    server.start()
    deadline = time.monotonic() + 10
    while "Ctrl-C" not in server.output.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    said = server.output.read_text()
    for place in (server.url, str(server.data), "token", "DEVELOPMENT", "zonary seal", "zonary fsck --data"):
        assert place.split()[-1] in said
    assert server.token not in said

    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
    assert stat.S_IMODE((server.data / "keys").stat().st_mode) == 0o700
    assert set(modes(server.data / "keys").values()) == {0o600}
    assert modes(server.data)["token"] == 0o600
    assert modes(server.data)["zonary.sqlite3"] == 0o600
    tokens = server.config / "zonary" / "tokens.json"
    assert stat.S_IMODE(tokens.stat().st_mode) == 0o600
    assert json.loads(tokens.read_text()) == {server.url: server.token}

    trust = parse_trust(server.get("/trust").body)
    origin = trust.logs[0].key.name
    assert origin.startswith("zonary/")
    assert len(origin) == len("zonary/") + 32
    assert {log.url for log in trust.logs} == {f"{server.url}/log"}
    assert len(trust.timestamp_roots) == 1
    assert server.stop() == 0
    assert "Stopped" in server.output.read_text()


def test_a_second_start_goes_on_where_the_first_was(new_server: NewServer) -> None:
    server = new_server()
    server.start()
    token, trust, keys = server.token, server.get("/trust").body, read_all(server.data / "keys")
    record = server.api(
        "POST", "/evidence", {"digest": {"sha256": "ab" * 32, "sm3": "cd" * 32}, "idempotency_key": "once"}
    ).json()
    assert server.stop() == 0
    server.start()
    assert (server.token, server.get("/trust").body) == (token, trust)
    assert read_all(server.data / "keys") == keys
    assert server.wait_until_published(record["id"])["leaf"] == record["leaf"]


def read_all(folder: Any) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_log_keeps_its_name(new_server: NewServer) -> None:
    server = new_server(options=("--origin", "zone.example/log"))
    server.start()
    assert server.get("/log/checkpoint").body.startswith(b"zone.example/log\n")
    server.stop()
    server.options = ("--origin", "zone.example/other")
    server.start(wait=False)
    assert server.process.wait(30) == 2
    last = server.output.read_text().splitlines()[-1]
    assert "is called “zone.example/log” and keeps that name" in last


def test_a_name_no_log_can_have(new_server: NewServer) -> None:
    server = new_server(options=("--origin", "has a space"))
    server.start(wait=False)
    assert server.process.wait(30) == 2
    assert "cannot be called “has a space”" in server.output.read_text()


def test_a_second_server_on_the_same_data_is_refused(new_server: NewServer) -> None:
    first = new_server()
    first.start()
    second = new_server()
    second.start(wait=False)
    assert second.process.wait(30) == 2
    assert f"Another zonary serve uses {first.data}" in second.output.read_text()
    assert first.get("/healthz").status == 200


def test_a_port_in_use_is_one_sentence_and_leaves_nothing_behind(new_server: NewServer) -> None:
    server = new_server(tables=None)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", server.port))
        taken.listen()
        server.start(wait=False)
        assert server.process.wait(30) == 2
    assert server.output.read_text() == (
        f"zonary: Port {server.port} on 127.0.0.1 is in use. Name another with --port.\n"
    )
    assert not server.data.exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--port", "99999"), "99999 is not a port"),
        (("--host", "203.0.113.7"), "cannot be listened on"),
        (("--host", "no.such.host.invalid"), "cannot be listened on"),
        (("--port", "eighty"), "--port needs a whole number, not “eighty”."),
    ],
)
def test_wrong_addresses(new_server: NewServer, options: tuple[str, ...], sentence: str) -> None:
    server = new_server(options=options)
    server.start(wait=False)
    assert server.process.wait(60) == 2
    said = server.output.read_text()
    assert sentence in said
    assert "Traceback" not in said


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(new_server: NewServer, how: int) -> None:
    server = new_server()
    server.start()
    record = server.api("POST", "/evidence", {"statement": {"sha256": "ab" * 32, "sm3": "cd" * 32}}).json()
    assert server.stop(how) == 0
    assert "Traceback" not in server.output.read_text()
    with pytest.raises(OSError, match="refused"):
        server.get("/healthz")
    server.start()
    # What was recorded was published before it ended.
    assert server.api("GET", f"/evidence/{record['id']}").json()["stage"] == "published"


def test_when_the_worker_dies_all_of_it_ends(new_server: NewServer) -> None:
    server = new_server()
    server.start()
    for child in workers(server.process.pid):
        os.kill(child, signal.SIGKILL)
    assert server.process.wait(30) == 2
    assert "worker ended by itself" in server.output.read_text()


def test_when_the_sequencer_dies_all_of_it_ends_with_its_sentence(new_server: NewServer) -> None:
    server = new_server()
    server.start()
    server.stop()
    backup = server.data.with_name("backup.sqlite3")
    shutil.copyfile(server.data / "zonary.sqlite3", backup)
    server.start()
    record = server.api("POST", "/evidence", {"statement": {"sha256": "ab" * 32, "sm3": "cd" * 32}}).json()
    server.wait_until_published(record["id"])
    # What readers see is damaged while it runs: the next tick notices.
    (server.data / "log" / "checkpoint").write_bytes(b"not a checkpoint\n")
    server.api("POST", "/evidence", {"statement": {"sha256": "ab" * 32, "sm3": "cd" * 32}})
    assert server.process.wait(30) == 2
    assert "The published checkpoint is not one of this log" in server.output.read_text()


def test_an_older_database_does_not_start(new_server: NewServer) -> None:
    server = new_server()
    server.start()
    server.stop()
    backup = server.data.with_name("backup.sqlite3")
    shutil.copyfile(server.data / "zonary.sqlite3", backup)
    server.start()
    record = server.api("POST", "/evidence", {"statement": {"sha256": "ab" * 32, "sm3": "cd" * 32}}).json()
    server.wait_until_published(record["id"])
    server.stop()
    for path in server.data.glob("zonary.sqlite3*"):
        path.unlink()
    shutil.copyfile(backup, server.data / "zonary.sqlite3")
    server.start(wait=False)
    assert server.process.wait(30) == 2
    assert "an older database was put back" in server.output.read_text()


@pytest.mark.parametrize("lost", ["log.skey", "tsa.key"])
def test_a_lost_key_is_not_replaced(new_server: NewServer, lost: str) -> None:
    server = new_server()
    server.start()
    server.stop()
    (server.data / "keys" / lost).unlink()
    server.start(wait=False)
    assert server.process.wait(30) == 2
    assert lost in server.output.read_text()
    assert "Put" in server.output.read_text()
    assert not (server.data / "keys" / lost).exists()


def test_a_new_token_may_be_put_into_its_file(new_server: NewServer) -> None:
    server = new_server()
    server.start()
    old = server.token
    server.stop()
    (server.data / "token").write_text("a-token-of-my-own-choosing\n")
    server.start()
    found = server.api("GET", "/evidence?sha256=" + "ab" * 32)
    assert found.status == 200
    assert json.loads((server.config / "zonary" / "tokens.json").read_text())[server.url] != old
    assert server.api("GET", "/evidence?sha256=" + "ab" * 32, token=old).status == 401


def test_the_data_directory_is_a_file(new_server: NewServer) -> None:
    server = new_server()
    server.data.write_text("not a directory")
    server.start(wait=False)
    assert server.process.wait(30) == 2
    assert "is not a directory" in server.output.read_text()


def test_a_data_directory_open_to_others_is_closed(new_server: NewServer) -> None:
    server = new_server()
    server.data.mkdir(mode=0o755)
    server.data.chmod(0o755)
    server.start()
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
    assert f"{server.data} was open to other users (mode 755); now it is yours alone." in server.output.read_text()


def test_a_directory_of_other_things_is_left_alone(new_server: NewServer) -> None:
    server = new_server()
    server.data.mkdir(mode=0o755)
    server.data.chmod(0o755)
    (server.data / "letter.txt").write_text("somebody else's")
    server.start(wait=False)
    assert server.process.wait(30) == 2
    assert "holds other things" in server.output.read_text()
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o755


def test_a_repair_of_published_bytes_is_told(new_server: NewServer) -> None:
    server = new_server()
    server.start()
    server.stop()
    tile = next((server.data / "log" / "tile" / "0").rglob("*.p/*"))
    right = tile.read_bytes()
    tile.write_bytes(right[:5] + bytes([right[5] ^ 1]) + right[6:])
    server.start()
    assert tile.read_bytes() == right
    path = tile.relative_to(server.data / "log")
    assert f"wrote {path} anew ({len(right)} bytes): what was published differed from byte 5 on" in (
        server.output.read_text()
    )


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_half_a_request_does_not_hold_up_the_end(new_server: NewServer, how: int) -> None:
    server = new_server()
    server.start()
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(b"POST /api/v1/evidence HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nhalf")
        time.sleep(0.3)
        began = time.monotonic()
        assert server.stop(how) == 0
        assert time.monotonic() - began < 4
    said = server.output.read_text()
    assert "Killing" not in said
    assert "panicked" not in said


def test_strangers_do_not_make_a_batch_wait(new_server: NewServer) -> None:
    server = new_server()
    server.start()
    head = b"POST /api/v1/evidence/batch HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n"
    known = b"Authorization: Bearer " + server.token.encode() + b"\r\n"
    # Eight without a token, and eight that have one but send nothing further: neither holds a turn.
    clients = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(16)]
    for number, client in enumerate(clients):
        client.sendall(head + (known if number % 2 else b"") + b"\r\nx")
    time.sleep(0.2)
    began = time.monotonic()
    item = {"statement": {"sha256": "ab" * 32, "sm3": "cd" * 32}}
    assert server.api("POST", "/evidence/batch", {"items": [item]}).status == 201
    assert time.monotonic() - began < 3
    assert clients[0].recv(100).startswith(b"HTTP/1.1 401")
    for client in clients:
        client.close()


def test_half_a_head_does_not_get_the_worker_killed(new_server: NewServer) -> None:
    server = new_server()
    server.start()
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(b"POST /openl")
        time.sleep(0.3)
        assert server.stop() == 0
    assert "Killing" not in server.output.read_text()
