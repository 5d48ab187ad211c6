"""``zonary import-registry`` as an operator types it, beside a real server that goes on serving."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")

from tests.registries import csv_of, enterprises, write_csv


def _type(server: Any, *arguments: str, language: str = "en") -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "XDG_CONFIG_HOME": str(server.config),
        "XDG_STATE_HOME": str(server.config / "state"),
        "ZONARY_LANG": language,
    }
    command = [sys.executable, "-m", "zonary.cli.main", "import-registry", *arguments, "--data", str(server.data)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr
    return done


def test_beside_a_running_server_and_again(new_server: Any, tmp_path: Path) -> None:
    server = new_server()
    server.start()
    path = write_csv(tmp_path / "registry.csv", 2_500)
    tried = _type(server, str(path), "--dry-run")
    assert (tried.returncode, "Nothing was changed" in tried.stdout) == (0, True)
    done = _type(server, str(path), "--source", "示例登记机关")
    assert done.returncode == 0, done.stderr
    assert "2,500 new, 0 changed, 0 unchanged, 0 rows refused" in done.stdout
    assert server.get("/healthz").status == 200
    again = _type(server, str(path))
    assert again.returncode == 0
    assert "already" in again.stdout
    assert server.stop() == 0
    # What was imported is published: the server's sequencer took it, as it takes everything.
    size = int((server.data / "log" / "checkpoint").read_bytes().split(b"\n")[1])
    assert size >= 2_502


def test_refused_rows_are_told_and_written_down(new_server: Any, tmp_path: Path) -> None:
    server = new_server()
    server.start()
    assert server.stop() == 0
    rows = list(enterprises(4))
    rows[1][0], rows[2][3] = "=1+1", "yesterday"
    path, report = tmp_path / "registry.csv", tmp_path / "errors.csv"
    path.write_bytes(
        csv_of(
            [[*row, "x"] for row in rows],
            header=["统一社会信用代码", "名称", "法人", "成立日期", "住所", "行业代码", "备注"],
        )
    )
    done = _type(server, str(path), "--report", str(report), language="zh")
    assert done.returncode == 1, done.stderr
    assert "未读取的列：备注" in done.stdout
    assert "新增 2 家" in done.stdout
    assert "第 4 行，成立日期：“yesterday”不是日期" in done.stdout
    written = report.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert "3,统一社会信用代码,'=1+1,否," in written.decode("utf-8-sig")
    report.unlink()
    again = _type(server, str(path), "--report", str(report), language="zh")
    assert again.returncode == 0
    assert report.read_bytes() == written


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "统一社会信用代码、企业名称"),
        ("统一社会信用代码,企业名称\n".encode(), "no rows"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(new_server: Any, tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "registry.csv"
    path.write_bytes(content)
    server = new_server()
    done = _type(server, str(path), "--dry-run")
    assert done.returncode == 2
    assert sentence in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_without_a_server_there_is_nothing_to_import_into(new_server: Any, tmp_path: Path) -> None:
    server = new_server()
    done = _type(server, str(write_csv(tmp_path / "registry.csv", 1)))
    assert done.returncode == 2
    assert "There is no directory" in done.stderr
    server.data.mkdir()
    done = _type(server, str(tmp_path / "registry.csv"))
    assert "holds no server's data" in done.stderr
