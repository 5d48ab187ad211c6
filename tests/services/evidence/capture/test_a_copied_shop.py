"""A copied shop is captured, and what comes of it is judged by other people's tools and by our own, offline."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="captures need the [web] extra")
pytest.importorskip("playwright", reason="captures need the [capture] extra")

from tests.foundation import zone_at_work
from tests.services.evidence.capture.capturing import AT, needs_chromium, turn_on
from tests.services.evidence.capture.sites import serve, shop

pytestmark = needs_chromium


def publish(log: Any) -> None:
    from zonary.foundation.ledger.publishing import publish
    from zonary.foundation.ledger.sequencing import tick

    while tick(log, at=AT):
        publish(log)
    publish(log)


@pytest.fixture
def captured(five: Any, data: Any, demo: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A capture of the shop that the owner asked for, carried out and published; and what the shop was asked."""
    from zonary.services.evidence.capture.tasks.carrying_out import ask_for_capture, work_off

    log = zone_at_work.start(data)
    with serve(shop()) as site:
        turn_on(monkeypatch, site.host)
        capture = ask_for_capture(f"{site.url}/", goes_on=False, by=five.owner, at=AT)
        assert work_off(lambda: AT, threading.Event())
    publish(log)
    capture.refresh_from_db()
    return capture, site


def test_it_is_sealed_and_everything_else_follows(captured: Any, five: Any, data: Any, tmp_path: Path) -> None:
    """One test for all: opening a browser for each question would take minutes."""
    from zonary.services.evidence.capture import queries
    from zonary.services.evidence.capture.tasks.carrying_out import packaged
    from zonary.services.evidence.capture.tasks.live import steps_so_far
    from zonary.services.evidence.queries import find_receipt

    capture, site = captured
    assert (capture.state, capture.outcome, capture.failure) == ("sealed", "captured", "")
    assert {"browser", "opens"} <= {each["step"] for each in steps_so_far(capture)}  # told while it ran
    assert capture.title == "星河旗舰店（仿冒）"
    version = queries.version_of(capture)
    assert version is not None
    assert version.document.holder == five.owner.holder
    folder = tmp_path / "capture"
    _unpack(version, folder)
    names = {path.name for path in folder.iterdir()}
    assert names == {"log.json", "page.wacz", "screenshot.png", "page.pdf", "page.html"}
    assert (folder / "screenshot.png").read_bytes().startswith(b"\x89PNG")
    assert (folder / "page.pdf").read_bytes().startswith(b"%PDF")
    assert 'data-ran="1"' in (folder / "page.html").read_text()
    _judge_the_log(json.loads((folder / "log.json").read_text()), site)
    _judge_the_archive(folder / "page.wacz", site)
    receipt = find_receipt(five.owner, str(capture.evidence))
    assert receipt is not None
    assert receipt.has_package
    _judge_the_package(packaged(receipt), folder, data, tmp_path)
    assert b"very-secret-value" not in b"".join(path.read_bytes() for path in folder.iterdir())


def _unpack(version: Any, folder: Path) -> None:
    from tests.foundation.documents.arriving import content_of

    with zipfile.ZipFile(io.BytesIO(content_of(version))) as archive:
        archive.extractall(folder)


def _judge_the_log(log: dict[str, Any], site: Any) -> None:
    assert log["outcome"]["code"] == "captured"
    assert log["asked"]["address"] == f"{site.url}/"
    steps = [each["step"] for each in log["steps"]]
    assert steps.index("browser") < steps.index("connected") < steps.index("loaded") < steps.index("archived")
    assert all(each["zh"] != each["en"] and "{" not in each["zh"] for each in log["steps"])
    # Nobody but the page was asked for anything: not the browser's makers either.
    assert [name["host"] for name in log["names"]] == ["127.0.0.1"]
    assert log["names"][0]["connected"] == "127.0.0.1"
    assert len(log["environment"]["browser_sha256"]) == 64
    assert log["environment"]["clock"]["in_doubt"] == ""
    assert len(log["not_proven"]) >= 6
    asked = [path for path, _headers in site.seen]
    assert {"/", "/style.css", "/script.js", "/0.png", "/5.png"} <= set(asked)
    assert not any("Cookie" in headers for path, headers in site.seen if path == "/")


def _judge_the_archive(wacz: Path, site: Any) -> None:
    from warcio.archiveiterator import ArchiveIterator

    judged = subprocess.run([sys.executable, "-m", "wacz", "validate", "-f", str(wacz)], capture_output=True, text=True)
    assert "is valid" in judged.stdout, judged.stdout + judged.stderr
    with zipfile.ZipFile(wacz) as archive:
        assert all(each.compress_type == zipfile.ZIP_STORED for each in archive.infolist())
        warc = archive.read("archive/data.warc.gz")
        lines = [line.split(" ", 2) for line in _unzipped(archive.read("indexes/index.cdx.gz")).splitlines()]
    found = {}
    for record in ArchiveIterator(io.BytesIO(warc), check_digests="raise"):
        if record.rec_type == "response":
            found[record.rec_headers.get_header("WARC-Target-URI")] = record.content_stream().read()
            assert record.rec_headers.get_header("WARC-IP-Address") == "127.0.0.1"
    assert "星河精密轴承" in found[f"{site.url}/"].decode()
    assert found[f"{site.url}/0.png"].startswith(b"\x89PNG")
    # Each line of the index leads to its record, and nothing is missing from it.
    assert {json.loads(line[2])["url"] for line in lines} == set(found)
    for _key, _time, facts in lines:
        place = json.loads(facts)
        piece = warc[int(place["offset"]) :][: int(place["length"])]
        (record,) = ArchiveIterator(io.BytesIO(piece))
        assert record.rec_headers.get_header("WARC-Target-URI") == place["url"]
        assert record.http_headers.get_statuscode() == place["status"]


def _unzipped(data: bytes) -> str:
    import gzip

    return gzip.decompress(data).decode()


def _judge_the_package(package: bytes | None, folder: Path, data: Any, tmp_path: Path) -> None:
    assert package is not None
    path = tmp_path / "capture.zonary"
    path.write_bytes(package)
    verify = [sys.executable, "-m", "zonary.cli.main", "verify", str(path), str(folder), "--trust", str(data.trust)]
    judged = subprocess.run(verify, capture_output=True, text=True)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    (folder / "page.html").write_text("something else")
    judged = subprocess.run(verify, capture_output=True, text=True)
    assert judged.returncode == 1, judged.stdout + judged.stderr
