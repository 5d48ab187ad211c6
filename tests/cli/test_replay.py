"""``zonary replay`` in a process of its own, without the server's packages being asked for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.engines.clauses.test_stored import bundle
from tests.foundation.rules.packs import pack

from zonary.engines.clauses.bundles import list_digest, write_bundle

_WITHOUT_DJANGO = "import sys; sys.modules['django'] = None; from zonary.cli.main import main; sys.exit(main())"


def replay(file: Path, *options: str) -> Any:
    command = [sys.executable, "-c", _WITHOUT_DJANGO, "--lang", "en", "replay", str(file), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_decision_is_repeated_clause_by_clause(tmp_path: Path) -> None:
    file = tmp_path / "decision.json"
    file.write_bytes(write_bundle(bundle()))
    done = replay(file)
    assert (done.returncode, done.stderr) == (0, "")
    assert "✓ " in done.stdout
    assert "R&D spending" in done.stdout
    assert "第二条第（一）项: 上年度研发费用不低于100万元" in done.stdout
    assert "R&D spending: 1,000,000 yuan (as of 2025-12-31, from 测试)." in done.stdout
    assert f"decisions: {list_digest(bundle().decisions)}" in done.stdout
    assert "Result: THE SAME" in done.stdout
    said = json.loads(replay(file, "--json").stdout)
    assert (said["result"], said["truth"], said["count"]) == ("same", "yes", 1)


def test_an_amount_stands_with_what_it_was_reckoned_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pays = {
        "kind": "proportion", "name": {"zh": "奖励金额", "en": "reward"}, "article": "第六条", "quote": "研发费用的10%",
        "unit": "元", "of": {"reads": "上年度研发费用", "unit": "元"}, "rate": "0.1", "rounding": "down",
        "step": "0.01", "cap": "80000",
    }  # fmt: skip
    usual = pack()
    changed = {**usual, "tables": [pays], "items": [{**usual["items"][0], "amount": "奖励金额"}]}
    monkeypatch.setattr("tests.engines.clauses.test_stored.pack", lambda: changed)
    file = tmp_path / "decision.json"
    file.write_bytes(write_bundle(bundle(amount="8000000")))
    done = replay(file)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1,000,000 yuan × 10% = 100,000 yuan; at most 80,000 yuan are given." in done.stdout


def test_one_digit_of_the_data_changed_and_it_is_not_the_same(tmp_path: Path) -> None:
    file = tmp_path / "decision.json"
    file.write_bytes(write_bundle(bundle()).replace(b"100000000", b"100000001", 1))
    done = replay(file)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.endswith("Result: NOT THE SAME\n")
    assert json.loads(replay(file, "--json").stdout)["result"] == "other"


def test_what_is_no_decision_is_said_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "decision.json"
    for wrong in (b"", b"{}", b"\xff\xfe", b"[" * 100_000):
        file.write_bytes(wrong)
        done = replay(file)
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr.startswith(f"zonary: “{file}” is neither a decision nor a batch of grants. ")
        assert done.stderr.count("\n") == 1
    assert replay(tmp_path / "no").returncode == 2
    assert replay(tmp_path).returncode == 2


def test_a_wrong_file_is_named_with_what_is_expected_and_where_to_get_it(tmp_path: Path) -> None:
    whole = write_bundle(bundle())
    wrong = {"other.json": b"{}", "letter.txt": b"hello", "picture.png": b"\x89PNG\r\n\xff", "empty": b""}
    for name, content in wrong.items():
        file = tmp_path / name
        file.write_bytes(content)
        done = replay(file)
        assert (done.returncode, done.stdout) == (2, ""), name
        for said in (str(file), "neither a decision nor a batch of grants", "Download the file"):
            assert said in done.stderr, name
        assert "required field" not in done.stderr
        assert "Traceback" not in done.stderr
    for cut in (whole[:-1], whole.replace(b'"amount"', b'"amounts"', 1)):
        file = tmp_path / "cut.json"
        file.write_bytes(cut)
        done = replay(file)
        assert done.returncode == 2
        assert str(file) in done.stderr
        assert "changed or cut off" in done.stderr
