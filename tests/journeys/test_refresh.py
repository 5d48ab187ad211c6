"""A package that was handed out gets the timestamps that came since, whole or not at all."""

from __future__ import annotations

import http.server
import json
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")

from tests.conftest import RunningServer
from tests.foundation.timestamps.authority_server import openssl_authority, outside_authority, until
from tests.journeys.conftest import Person
from tests.servers.processes import free_port


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Any]:
    """A server that asks a notary, which is OpenSSL and refuses until it is told not to; and a sealed file."""
    folder = tmp_path_factory.mktemp("refresh")
    with outside_authority() as notary:
        openssl_authority(notary, folder / "openssl")
        notary.mode = "locked"
        own = '[[authority]]\nname = "own"\nlocal = "own"\n'
        (folder / "authorities.toml").write_text(own + notary.table(folder, "notary"))
        environment = {"ZONARY_TIMESTAMPS_FILE": str(folder / "authorities.toml"), "ZONARY_TIMESTAMPS_REQUIRED": "2"}
        server = RunningServer(
            folder / "var", free_port(), folder / "config", environment=environment, workers=1, tables=migrated
        )
        server.start()
        owner = Person(folder, server.config)
        (folder / "plan.txt").write_bytes(b"plan")
        owner.ok("seal", "plan.txt", "--server", server.url, "-o", "plan.zonary")
        yield SimpleNamespace(server=server, notary=notary, owner=owner, folder=folder, package=folder / "plan.zonary")
        server.stop()


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_what_comes_later_is_fetched_once_and_checked_by_other_tools(zone: Any) -> None:
    owner, package = zone.owner, zone.package
    package.chmod(0o640)
    before = members(package)
    told = owner.ok("refresh", package)
    assert "Nothing was added since." in told
    assert "1 timestamp authorities are still waited for" in told
    assert members(package) == before
    zone.notary.mode = "honest"
    until(lambda: "Added to" in owner.ok("refresh", package), seconds=60)
    after = members(package)
    assert set(after) - set(before) == {"timestamps/notary.tst", "timestamps/notary.pem"}
    assert {name for name in before if after[name] != before[name]} == {"README.txt"}
    assert package.stat().st_mode & 0o777 == 0o640
    assert not list(zone.folder.glob(".plan.zonary*"))
    assert "Nothing was added since." in owner.ok("refresh", package)
    # The owner pinned the zone, whose trust file names the notary's root: both authorities count.
    (zone.folder / "two.trust").write_text(
        (zone.server.data / "trust.txt").read_text() + "#zonary timestamps-required 2\n"
    )
    report = owner.report(package, "plan.txt", "--trust", "two.trust")
    assert report["result"] == "verified"
    assert [each["trusted"] for each in report["timestamps"]] == [True, True, True]
    for name in ("statement.json", "timestamps/notary.tst", "timestamps/notary.pem"):
        (zone.folder / Path(name).name).write_bytes(after[name])
    command = ["openssl", "ts", "-verify", "-data", "statement.json", "-in", "notary.tst", "-token_in", "-CAfile"]
    done = subprocess.run([*command, "notary.pem"], cwd=zone.folder, capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout, done


@pytest.fixture
def lying() -> Iterator[Any]:
    """A server that answers whatever it is told."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(said.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            self.wfile.write(said.body)

        def log_message(self, *_: object) -> None:
            pass

    said = SimpleNamespace(status=200, body=b"", url="")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    said.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield said
    server.shutdown()
    server.server_close()


def test_an_answer_that_does_not_fit_changes_nothing(zone: Any, lying: Any, tmp_path: Path) -> None:
    import base64
    from datetime import UTC, datetime

    package = tmp_path / "plan.zonary"
    kept = {name: data for name, data in members(zone.package).items() if not name.startswith("timestamps/")}
    with zipfile.ZipFile(zone.package) as old, zipfile.ZipFile(package, "w") as new:
        for info in old.infolist():
            if info.filename in kept:
                new.writestr(info, kept[info.filename])
    before = package.read_bytes()
    token = zone.notary.made.authority().issue("sha256", bytes(32), datetime.now(UTC)).der
    other = {
        "name": "notary", "time": "2026-11-23T10:00:00Z", "token": base64.b64encode(token).decode(),
        "chain": zone.notary.made.ca_pem.decode(),
    }  # fmt: skip
    wrong: list[tuple[object, str]] = [
        ({"items": [other], "waiting": 0}, "What the zone sent does not fit this package"),
        ({"items": [other | {"name": "../x"}], "waiting": 0}, "makes no sense"),
        ({"items": [other | {"token": "%"}], "waiting": 0}, "makes no sense"),
        ({"items": {}, "waiting": "none"}, "makes no sense"),
        ([], "makes no sense"),
    ]
    for answer, words in wrong:
        lying.body = json.dumps(answer).encode()
        done = zone.owner.zonary("refresh", package, "--server", lying.url)
        assert (done.returncode, words in done.stderr) == (2, True), (answer, done)
        assert "Traceback" not in done.stderr
        assert package.read_bytes() == before
    lying.status, lying.body = 404, b"{}"
    assert "Nothing was added since." in zone.owner.ok("refresh", package, "--server", lying.url)
    assert [each.name for each in tmp_path.iterdir()] == ["plan.zonary"]


def test_it_can_be_written_elsewhere_and_is_refused_for_a_package_that_is_wrong(zone: Any, tmp_path: Path) -> None:
    zone.notary.mode = "honest"
    bare = tmp_path / "bare.zonary"
    with zipfile.ZipFile(zone.package) as old, zipfile.ZipFile(bare, "w") as new:
        for info in old.infolist():
            if not info.filename.startswith("timestamps/"):
                new.writestr(info, old.read(info.filename))
    before = bare.read_bytes()
    out = tmp_path / "new.zonary"
    until(lambda: "Added to" in zone.owner.ok("refresh", bare, "-o", out) or out.exists(), seconds=60)
    assert bare.read_bytes() == before
    assert "timestamps/notary.tst" in members(out)
    done = zone.owner.zonary("refresh", bare, "-o", out)
    assert (done.returncode, "exists already" in done.stderr) == (2, True)
    with zipfile.ZipFile(bare) as old, zipfile.ZipFile(tmp_path / "wrong.zonary", "w") as new:
        for info in old.infolist():
            new.writestr(info, b"{}\n" if info.filename == "manifest.jsonl" else old.read(info.filename))
    done = zone.owner.zonary("refresh", tmp_path / "wrong.zonary", "--server", zone.server.url)
    assert (done.returncode, "does not verify as it is" in done.stderr) == (2, True), done


def test_whoever_trusts_nothing_is_asked_where_the_zone_is(zone: Any, tmp_path: Path) -> None:
    stranger = Person(tmp_path)
    done = stranger.zonary("refresh", zone.package)
    assert (done.returncode, "--server" in done.stderr) == (2, True)
