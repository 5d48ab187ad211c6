"""The server's own log: one JSON object a line, kept for its time, and nothing in it that is somebody's."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from zonary.config.server_log import DailyFiles, discreet, kept_days, logging_settings, shape
from zonary.proof.errors import Error

NAME, ADDRESS, PHONE, SECRET = "张伟", "zhang.wei@example.org", "13912345678", "s3cret-Passw0rd-of-Zhang"
CLIENT = "203.0.113.77"


def record(day: str, message: str = "something") -> logging.LogRecord:
    from datetime import UTC, datetime

    made = logging.LogRecord("zonary.server", logging.WARNING, __file__, 1, message, None, None)
    made.created = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()
    return made


def lines(directory: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(directory.glob("*.jsonl")) for line in path.read_text().splitlines()]


def test_a_file_a_day_kept_for_its_time(tmp_path: Path) -> None:
    handler = DailyFiles(tmp_path / "server-log", days=184)
    (tmp_path / "server-log").mkdir()
    (tmp_path / "server-log" / "notes.txt").write_text("the operator's")
    for day in ("2026-01-01", "2026-05-20", "2026-05-21", "2026-11-20T23:59:59", "2026-11-21"):
        handler.emit(record(day))
    handler.close()
    assert sorted(path.name for path in (tmp_path / "server-log").iterdir()) == [
        "2026-05-21.jsonl", "2026-11-20.jsonl", "2026-11-21.jsonl", "notes.txt",
    ]  # fmt: skip
    assert lines(tmp_path / "server-log")[-1]["at"] == "2026-11-21T00:00:00.000Z"
    assert (tmp_path / "server-log" / "2026-11-21.jsonl").stat().st_mode & 0o777 == 0o600


def test_none_is_written_where_none_is_wanted_or_can_be(tmp_path: Path) -> None:
    DailyFiles(tmp_path / "server-log", days=0).emit(record("2026-11-21"))
    DailyFiles(tmp_path / "no" / "server-log", days=184).emit(record("2026-11-21"))
    (tmp_path / "in the way").write_text("")
    DailyFiles(tmp_path / "in the way", days=184).emit(record("2026-11-21"))
    assert [path.name for path in tmp_path.iterdir()] == ["in the way"]


def test_settings() -> None:
    assert kept_days("") == 184
    assert kept_days("30") == 30
    for days in ("-1", "six", "36501"):
        with pytest.raises(Error):
            kept_days(days)
    with pytest.raises(Error):
        logging_settings(Path(), days="", form="xml")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"no mail to {ADDRESS}: refused", "no mail to {e-mail}: refused"),
        (f"from {CLIENT} and 2001:db8::7", "from {address} and {address}"),
        (f"call {PHONE} or +86 139 1234 5678", "call {number} or {number}"),
        ("resident 11010519491231002X", "resident {number}"),
        (f"Key (name)=({NAME}) already exists", "Key (name)=(…) already exists"),
        (f"https://zone.example/find?name={NAME}&x=1 timed out", "https://zone.example/find?… timed out"),
        ("POST '/invitations/Xk3jd9Qa' failed", "POST /invitations/{} failed"),
        ("Bearer zon_ab12CD34ef56GH78ij90KL12mn34OP56 is wrong", "Bearer {secret} is wrong"),
        # What an operator needs stays.
        ("at 2026-11-22 03:40:11, 4096 bytes", "at 2026-11-22 03:40:11, 4096 bytes"),
        ("person 019ab2f4-6c1e-7a53-9d0e-5f1f6f0f2a11", "person 019ab2f4-6c1e-7a53-9d0e-5f1f6f0f2a11"),
        (f"digest {'0a' * 32} at 127.0.0.1", f"digest {'0a' * 32} at 127.0.0.1"),
    ],
)
def test_what_is_somebodys_is_left_out(said: str, kept: str) -> None:
    assert discreet(said) == kept


def test_the_shape_of_an_address() -> None:
    assert shape("/api/v1/evidence/019ab2f4-6c1e-7a53-9d0e-5f1f6f0f2a11/proof?x=1") == "/api/v1/evidence/{}/proof"
    assert shape(f"/people/{NAME}/Zhang") == "/people/{}/{}"


def test_a_walk_leaves_nothing_of_anybody(new_server: Any) -> None:
    """Signing in, registering, uploading and the API, well and badly, from a client behind a proxy; then a fault."""
    server = new_server(environment={"ZONARY_TRUSTED_PROXIES": "127.0.0.1", "ZONARY_LOG_FORMAT": "json"})
    server.start()
    from_client = {"X-Forwarded-For": CLIENT, "User-Agent": "Browser of Zhang Wei", "Accept": "text/html"}
    page = server.get("/account/login/", from_client)
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
    cookie = page.headers.get("set-cookie", "").partition(";")[0]
    fields = f"login={ADDRESS}&password={SECRET}&csrfmiddlewaretoken={token[1].decode() if token else ''}"
    form = from_client | {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    for address in ("/account/login/", "/account/signup/"):
        server.request("POST", address, fields.encode(), form)
    server.get(f"/search?q={PHONE}&name=%E5%BC%A0%E4%BC%9F", from_client)
    server.get(f"/{ADDRESS}/zhangwei", from_client)
    server.get("/evidence", from_client | {"Authorization": f"Bearer {SECRET}"})
    made = server.api("POST", "/evidence", {"digest": {"sha256": "ab" * 32, "sm3": "cd" * 32},
                                            "description": {"title": NAME, "note": PHONE}})  # fmt: skip
    assert made.status == 201
    server.api("GET", f"/evidence/{made.json()['id']}")
    server.request("POST", "/api/v1/documents", f"{NAME} {ADDRESS}".encode(),
                   from_client | {"Authorization": f"Bearer {server.token}", "Content-Type": "text/plain"})  # fmt: skip
    with sqlite3.connect(server.data / "zonary.sqlite3") as database:
        database.execute("ALTER TABLE services_evidence_evidencerecord RENAME TO elsewhere")
    server.api("GET", f"/evidence/{made.json()['id']}?name={NAME.encode().hex()}")
    server.stop()

    told = lines(server.data / "server-log")
    requests = [line for line in told if line["message"] == "request"]
    signing_in = requests[1]
    assert (signing_in["method"], signing_in["address"]) == ("POST", "/account/login/")
    assert signing_in["status"] in (200, 302), "the form was not even looked at"
    assert {(line["address"], line["status"]) for line in requests} >= {
        ("/account/login/", 200), ("/api/v1/evidence", 201), ("/api/v1/evidence/{}", 200), ("other", 404),
    }  # fmt: skip
    assert any(line["level"] == "error" for line in told)
    written = (
        server.output.read_bytes() + b"".join(p.read_bytes() for p in (server.data / "server-log").iterdir())
    ).decode()
    for somebodys in (NAME, ADDRESS, "zhang", PHONE, SECRET, CLIENT, server.token, NAME.encode().hex()):
        assert somebodys not in written
    assert all(set(line) <= {"at", "level", "logger", "process", "message", "error",
                             "method", "address", "status", "ms"} for line in told)  # fmt: skip
