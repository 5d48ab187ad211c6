"""What ``zonary seal`` records of where files come from, and how a reader is told who says it."""

from __future__ import annotations

import getpass
import json
import os
import platform
import socket
from pathlib import Path
from typing import Any

import pytest
from tests.cli.origin.conftest import Git
from tests.cli.sealing.fakes import FakeServer

from zonary.proof.origin import observed_facts, reported_facts, shown, stated_facts
from zonary.proof.package.container import Container
from zonary.proof.statement import Statement, decode_statement


def declared(package: Path) -> dict[str, Any]:
    with package.open("rb") as file:
        statement = decode_statement(Container(file).read("statement.json"))
    assert statement.observed == {}
    return dict(statement.declared)


def test_stated_and_reported_stand_apart(
    server: FakeServer, zonary, folder: Path, git: Git, committed: str, tmp_path: Path
) -> None:
    server.ahead = -3
    code, _out, err = zonary(
        "seal", "design", "--source", " 设计部导出 ", "--generated-by", "CAD 2026", "--custodian", "档案室",
        "--custody", "只读共享盘", "--notarised", "公证处 1 号", "--witness", "第三方", "--corroboration", "邮件",
        "--origin-machine", "工作站 7",
    )  # fmt: skip
    assert code == 0, err
    origin = declared(tmp_path / "design.zonary")["origin"]
    assert origin["version"] == "zonary-origin/1"
    assert origin["stated"] == {
        "source": "设计部导出", "generated_by": "CAD 2026", "custodian": "档案室", "custody": "只读共享盘",
        "notarisation": "公证处 1 号", "witness": "第三方", "corroboration": "邮件", "machine": "工作站 7",
    }  # fmt: skip
    reported = origin["reported"]
    assert reported["by"] == "program"
    assert reported["system"] == f"{platform.system()} {platform.release()}"
    assert reported["clock_ahead_seconds"] == -3
    assert reported["selection"] == "folder"
    assert [each["commit"] for each in reported["git"]] == [committed]
    assert set(reported) <= {
        "by", "program", "system", "distribution", "architecture", "clock", "utc_offset_minutes",
        "clock_ahead_seconds", "selection", "git",
    }  # fmt: skip


def test_nobody_is_named_who_did_not_ask_for_it(
    server: FakeServer, zonary, folder: Path, git: Git, committed: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Names that would be found anywhere in the statement, if they were looked up."""
    monkeypatch.setattr(socket, "gethostname", lambda: "adas-laptop")
    monkeypatch.setattr(platform, "node", lambda: "adas-laptop")
    monkeypatch.setattr(getpass, "getuser", lambda: "lovelace")
    for name in ("USER", "LOGNAME", "HOSTNAME"):
        monkeypatch.setenv(name, "lovelace")
    git("remote", "add", "origin", "https://lovelace:hunter2@git.example/rig.git")
    assert zonary("seal", "design")[0] == 0
    assert zonary("seal", "design", "-o", "with.zonary", "--origin-remote")[0] == 0
    for name in ("design", "with"):
        said = json.dumps(declared(tmp_path / f"{name}.zonary"), ensure_ascii=False).lower()
        for secret in ("adas-laptop", "lovelace", "hunter2", "ada@rig.example", os.uname().nodename, str(tmp_path)):
            assert secret.lower() not in said
        assert ("git.example/rig.git" in said) == (name == "with")


def test_without_it_the_statement_says_nothing(server: FakeServer, zonary, folder: Path, tmp_path: Path) -> None:
    assert "nothing is recorded" in zonary("seal", "design", "--no-origin", "--source", "x")[2]
    assert zonary("seal", "design", "--no-origin")[0] == 0
    assert declared(tmp_path / "design.zonary") == {}


@pytest.mark.parametrize("text", ["x" * 501, "left\u202eright", "bell\a"])
def test_what_cannot_be_read_is_refused_before_anything_is_hashed(
    server: FakeServer, zonary, folder: Path, text: str, tmp_path: Path
) -> None:
    code, _out, err = zonary("seal", "design", "--source", text)
    assert code == 2
    assert "“source” is not" in err
    assert not list(tmp_path.glob("*.zonary*"))


def test_a_work_tree_that_changes_meanwhile_is_said_to_have(
    server: FakeServer, zonary, folder: Path, git: Git, committed: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from zonary.cli.sealing import preparing

    hash_all = preparing._hash

    def hash_and_commit(*given: Any, **more: Any) -> Any:
        made = hash_all(*given, **more)
        git("commit", "-q", "--allow-empty", "-m", "meanwhile")
        return made

    monkeypatch.setattr(preparing, "_hash", hash_and_commit)
    assert zonary("seal", "design")[0] == 0
    (found,) = declared(tmp_path / "design.zonary")["origin"]["reported"]["git"]
    assert found["unsteady"] is True


def test_verify_and_show_say_who_says_it(
    server: FakeServer, zonary, folder: Path, git: Git, committed: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server.ahead = 90
    assert zonary("seal", "design", "--source", "设计部导出")[0] == 0
    for command in (("verify", "design.zonary", "design"), ("show", "design.zonary")):
        code, out, _err = zonary(*command)
        assert code == 0
        parts = [line for line in out.splitlines() if "holder" in line and not line.startswith(" ")]
        assert parts == [
            "Said by the holder, checked by nobody",
            "Reported by the sealing program on the holder’s machine: the holder’s word, too",
        ]
        said, reported = out.split(parts[0])[1].split(parts[1])
        assert "Source: 设计部导出" in said
        assert "commit" not in said
        assert f"commit {committed}; branch main" in reported
        assert "90 seconds ahead" in reported
        assert "observed by the service" not in out
    monkeypatch.setenv("ZONARY_LANG", "zh")
    code, out, _err = zonary("verify", "design.zonary", "design", "--lang", "zh")
    assert "持有人的陈述（未经任何人核实）" in out
    assert f"提交 {committed}" in out
    answer = json.loads(zonary("verify", "design.zonary", "--json")[1])
    assert answer["declared"]["origin"]["stated"] == {"source": "设计部导出"}
    assert answer["observed"] == {}


def test_a_statement_that_is_not_in_the_log_is_not_quoted(
    server: FakeServer, zonary, folder: Path, tmp_path: Path
) -> None:
    """Whoever changed what it says must not have it repeated under a verdict."""
    import zipfile

    assert zonary("seal", "design", "--source", "before")[0] == 0
    with zipfile.ZipFile("design.zonary") as old, zipfile.ZipFile("forged.zonary", "w") as new:
        for item in old.infolist():
            new.writestr(item, old.read(item).replace(b'"before"', b'"afterw"'))
    code, out, _err = zonary("verify", "forged.zonary")
    assert code == 1
    assert "afterw" not in out
    assert "Said by the holder" not in out


def test_what_somebody_wrote_as_observed_is_not_called_seen(server: FakeServer) -> None:
    """A statement is made by whoever seals: nothing in it shows that the service wrote its “observed”."""
    (fact,) = observed_facts({"account": "officer"})
    assert fact.texts == ("officer",)
    assert stated_facts({"observed": "x"})[0].label == "observed"


def test_any_values_are_shown_and_none_breaks_the_reader() -> None:
    odd: dict[str, Any] = {
        "place": "工地",
        "origin": {
            "version": "zonary-origin/1",
            "stated": {"source": ["a", {"b": None}], "more": "x" * 5000, "bell": "\a\u202e"},
            "reported": {
                "git": [1, {"commit": 5, "tags": "x", "changed": "y", "scope": []}],
                "clock_ahead_seconds": "?",
                "utc_offset_minutes": -90,
                "selection": "moon",
                "by": 3,
            },
        },
    }
    Statement(manifest=_roots(), salt=bytes(16), declared=odd).encode()
    said = {fact.name: fact.texts for fact in stated_facts(odd)}
    assert said["source"] == ("a, b: None",)
    assert len(str(said["more"][0])) < 1100
    assert said["bell"] == ("\\x07\\u202e",)
    assert said["place"] == ("工地",)
    reported = {fact.name: fact.texts for fact in reported_facts(odd)}
    assert reported["utc_offset_minutes"] == ("UTC-01:30",)
    assert reported["selection"] == ("moon",)
    for origin in (5, [], {"version": "zonary-origin/9", "stated": {"source": "later"}}):
        assert reported_facts({"origin": origin}) == []
        assert [fact.name for fact in stated_facts({"origin": origin})] == ["origin"]
    assert shown({"a": [1, True, None]}) == "a: 1, True, None"


def _roots() -> Any:
    from zonary.proof.digests import digests_of

    return digests_of(b"")


def test_the_clock_is_held_against_the_servers() -> None:
    """Over a real connection, to a server whose clock is a day behind and one that tells no time."""
    import http.server
    import threading

    from zonary.cli.sealing.client import Server

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(200)
            if day:
                self.send_header("Date", day[0])
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    day = ["Mon, 23 Nov 2026 10:00:00 GMT"]
    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as web:
        threading.Thread(target=web.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{web.server_port}"
        ahead = Server(url, wall=lambda: 1_795_428_000.0 + 86_400).clock_ahead()
        assert ahead is not None
        assert abs(ahead - 86_400) <= 1
        for said in (["yesterday"], []):
            day[:] = said
            assert Server(url).clock_ahead() is None
        web.shutdown()
    assert Server(url).clock_ahead() is None
