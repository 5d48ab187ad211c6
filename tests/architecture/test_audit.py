"""``make audit`` never calls clean what it could not ask about."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def audit(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, with programs in place of pip-audit and node that answer what a test says."""
    spec = importlib.util.spec_from_file_location("audit", root / "requirements" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module.sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(module, "NODE", tmp_path)
    return module


def _program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o700)


def _answers(tmp_path: Path, python: object, npm: object) -> None:
    for path, value in ((tmp_path / "pip-audit", python), (tmp_path / "bin" / "node", npm)):
        _program(path, "echo no network >&2; exit 1" if value is None else f"cat <<'X'\n{json.dumps(value)}\nX")


CLEAN = {"dependencies": [{"name": "a", "version": "1", "vulns": []}]}
WEAK = {"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1"}]}]}


@pytest.mark.parametrize(
    ("python", "npm", "code", "said"),
    [
        (CLEAN, {"vulnerabilities": {}}, 0, "no known weakness"),
        (WEAK, {"vulnerabilities": {}}, 1, "a 1: PYSEC-1"),
        (CLEAN, {"vulnerabilities": {"b": {"severity": "high"}}}, 1, "b: high"),
        (None, {"vulnerabilities": {}}, 2, "NOT CHECKED"),
        (CLEAN, {"error": {"code": "ENOTFOUND"}}, 2, "NOT CHECKED"),
        (WEAK, None, 1, "NOT CHECKED"),
    ],
)
def test_it_says_what_was_asked_and_what_was_not(
    audit: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    python: object,
    npm: object,
    code: int,
    said: str,
) -> None:
    _answers(tmp_path, python, npm)
    assert audit.main() == code
    assert said in capsys.readouterr().out
