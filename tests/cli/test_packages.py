"""A file that is no package: whichever command is given it names it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zonary.cli.main import main

TOLD = "“notes.txt” cannot be opened as a package: The package is not a readable zip file: it is damaged or cut short."


@pytest.fixture(autouse=True)
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    Path("notes.txt").write_text("not a package")


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (("show",), 2),
        (("disclose", "plan.txt", "-o", "part.zonary"), 2),
        (("refresh",), 2),
        (("verify",), 1),
    ],
)
def test_it_is_named(call: tuple[str, ...], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    command, *rest = call
    assert main([command, "notes.txt", *rest]) == code
    assert capsys.readouterr().err == f"zonary: {TOLD}\n"
    assert not Path("part.zonary").exists()


def test_it_is_named_to_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "notes.txt", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["reason"] == TOLD
